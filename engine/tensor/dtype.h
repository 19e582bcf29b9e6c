#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lares {

/// Element types of weights. The block-quantised ones hold `block_elements` values in
/// `block_bytes` bytes; layouts in engine/formats/gguf_format.md (source: ggml-common.h).
enum class DType : std::uint8_t {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_NL,
    IQ4_XS,
    F8_E4M3,  ///< 1 sign, 4 exponent, 3 mantissa bits, no infinities; times TensorView::scale
};
inline constexpr int kDTypeCount = 16;

/// Static facts of one type.
struct DTypeTraits {
    std::string_view name;  ///< as GGUF tools print it, "Q4_K"
    int block_elements;     ///< values in a block, 1 for plain types
    int block_bytes;        ///< bytes of a block
    std::uint32_t gguf_id;  ///< the number in a GGUF tensor record, or kNoGgufId
};
/// Of a type that only safetensors files have.
inline constexpr std::uint32_t kNoGgufId = 0xFFFF'FFFF;

[[nodiscard]] const DTypeTraits& traits(DType dtype);
[[nodiscard]] inline std::string_view to_string(DType dtype) {
    return traits(dtype).name;
}

/// The type with this GGUF number; nothing for a number that this engine cannot read.
[[nodiscard]] std::optional<DType> dtype_from_gguf_id(std::uint32_t gguf_id);

/// Bytes of a row of `n` values. Precondition: n is a multiple of block_elements.
[[nodiscard]] inline std::size_t row_bytes(DType dtype, std::int64_t n) {
    const DTypeTraits& t = traits(dtype);
    return static_cast<std::size_t>(n / t.block_elements) * static_cast<std::size_t>(t.block_bytes);
}

}  // namespace lares
