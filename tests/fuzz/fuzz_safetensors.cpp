#include "engine/formats/safetensors_reader.h"
#include "engine/tensor/dequantize.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

#include <span>

using namespace lares;

/// A file's header, and the first and last row of every tensor that it promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = SafetensorsFile::parse(std::as_bytes(std::span(data, size)), "fuzz");
    if (!file) return 0;
    std::vector<float> row;
    for (const FileTensor& tensor : file->tensors()) {
        row.resize(static_cast<std::size_t>(tensor.view.cols()));
        dequantize_row(tensor.view, 0, row.data());
        dequantize_row(tensor.view, tensor.view.rows() - 1, row.data());
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    const std::string header =
        R"({"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"__metadata__":{"format":"pt"},)"
        R"("b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[12,16]}})";
    const std::uint64_t length = header.size();
    const std::string small = std::string(reinterpret_cast<const char*>(&length), sizeof length) +
                              header + std::string(16, '\1');
    return {small, small, test::read_file(test::data_file("golden/t-fp8/model.safetensors"))};
}
