#include "engine/tokenizer/tokenizer_json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

using namespace lares;

/// A tokenizer.json through every stage of loading, and a text through it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto json = parse_json_document(text, "fuzz", kTokenizerJsonLimits);
    if (!json) return 0;
    const auto parts = read_tokenizer_json(*json, 384);
    if (!parts) return 0;
    BpeTokenizer::ControlIds control;
    control.bos = "<s>";
    control.eos_ids = {2};
    if (const auto tokenizer = BpeTokenizer::from_json(*parts, control)) {
        const auto ids = tokenizer->encode_with_special("ab <s>ba\xff\n");
        static_cast<void>(tokenizer->decode(ids).has_value());
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {test::read_file(test::data_file("golden/t-fp8/tokenizer.json"))};
}
