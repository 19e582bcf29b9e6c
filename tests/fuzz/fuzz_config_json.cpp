#include "engine/model/config_json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

using namespace lares;

/// A config.json to the dimensions of a model, which must be possible ones.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto json = parse_json_document(text, "fuzz", kConfigJsonLimits);
    if (!json) return 0;
    const auto hparams = read_hparams(*json, "fuzz");
    if (hparams && !validate(*hparams)) __builtin_trap();
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {test::read_file(test::data_file("golden/t-fp8/config.json"))};
}
