#include "tests/support/golden_blocks.h"

#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace lares::test {
namespace {

/// RFC 4648, as Python's base64 module writes it.
std::vector<std::byte> from_base64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<std::byte> bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int n_bits = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) break;  // the padding
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        n_bits += 6;
        if (n_bits < 8) continue;
        n_bits -= 8;
        bytes.push_back(static_cast<std::byte>(bits >> n_bits & 0xFFU));
    }
    return bytes;
}

std::vector<GoldenBlocks> read_blocks() {
    std::vector<GoldenBlocks> all;
    const auto document = nlohmann::json::parse(read_file(data_file("golden/blocks.json")));
    for (const auto& [type, entry] : document.items()) {
        GoldenBlocks golden{type, entry.at("block_elements"), entry.at("block_bytes"), {}, {}};
        golden.blocks = from_base64(entry.at("blocks").get<std::string>());
        const auto values = from_base64(entry.at("values_f32").get<std::string>());
        golden.values.resize(values.size() / sizeof(float));
        std::memcpy(golden.values.data(), values.data(), golden.values.size() * sizeof(float));
        all.push_back(std::move(golden));
    }
    return all;
}

}  // namespace

const std::vector<GoldenBlocks>& golden_blocks() {
    static const std::vector<GoldenBlocks> kBlocks = read_blocks();
    return kBlocks;
}

const GoldenBlocks& golden_blocks_of(DType dtype) {
    for (const GoldenBlocks& golden : golden_blocks())
        if (golden.type == to_string(dtype)) return golden;
    std::fprintf(stderr, "no golden blocks of %s\n", to_string(dtype).data());
    std::exit(EXIT_FAILURE);
}

}  // namespace lares::test
