#include "engine/formats/gguf_reader.h"
#include "engine/formats/importance_matrix.h"
#include "engine/model/gguf_weights.h"
#include "engine/model/model.h"
#include "engine/tensor/dequantize.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/test_data.h"

#include <span>

using namespace lares;

namespace {

/// The first and the last row of every tensor: the parser promised that they are there.
void touch_weights(const GgufFile& file) {
    std::vector<float> row;
    for (const GgufFile::Tensor& tensor : file.tensors()) {
        const TensorView& view = tensor.view;
        row.resize(static_cast<std::size_t>(view.cols()));
        for (const std::int64_t i : {std::int64_t{0}, view.rows() - 1})
            dequantize_row(view.dtype, view.row(i), row.data(), view.cols());
    }
}

std::string small_vocabulary() {
    return test::GgufWriter()
        .key("general.architecture", "nemotron_h")
        .key("tokenizer.ggml.model", "gpt2")
        .key("tokenizer.ggml.pre", "pixtral")
        .texts("tokenizer.ggml.tokens", {"<unk>", "a", "b", "ab", "</s>"})
        .array<std::int32_t>("tokenizer.ggml.token_type", {2, 1, 1, 1, 3})
        .texts("tokenizer.ggml.merges", {"a b"})
        .tensor({.name = "t", .ne = {256, 2}, .type = 12, .data = std::string(288, '\1')})
        .bytes();
}

std::string small_importance_matrix() {
    return test::GgufWriter()
        .key("general.type", "imatrix")
        .texts("imatrix.datasets", {"a.txt"})
        .key("imatrix.chunk_count", std::uint32_t{1})
        .tensor({.name = "t.in_sum2", .ne = {32, 1}})
        .tensor({.name = "t.counts", .ne = {1, 1}, .data = std::string("\0\0\x80?", 4)})
        .bytes();
}

}  // namespace

/// A model file through every stage of loading, and a text through its tokenizer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = GgufFile::parse(std::as_bytes(std::span(data, size)), "fuzz.gguf");
    if (!file) return 0;
    touch_weights(*file);
    static_cast<void>(importance_matrix_of(*file).has_value());
    if (const auto hparams = read_hparams(*file)) {
        const auto weights = bind_weights(GgufWeights(*file), *hparams);
        static_cast<void>(weights.has_value());
    }
    if (const auto tokenizer = BpeTokenizer::from_gguf(*file)) {
        const auto ids = tokenizer->encode_with_special("ab <s>ba\xff\n");
        static_cast<void>(tokenizer->decode(ids).has_value());
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {test::read_file(test::data_file("golden/t-MIX.gguf")), small_vocabulary(),
            small_vocabulary(), small_importance_matrix()};
}
