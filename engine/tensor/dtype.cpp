#include "engine/tensor/dtype.h"

#include <array>

namespace lares {
namespace {

constexpr std::array<DTypeTraits, kDTypeCount> kTraits{{
    {"F32", 1, 4, 0},
    {"F16", 1, 2, 1},
    {"BF16", 1, 2, 30},
    {"Q4_0", 32, 18, 2},
    {"Q4_1", 32, 20, 3},
    {"Q5_0", 32, 22, 6},
    {"Q5_1", 32, 24, 7},
    {"Q8_0", 32, 34, 8},
    {"Q2_K", 256, 84, 10},
    {"Q3_K", 256, 110, 11},
    {"Q4_K", 256, 144, 12},
    {"Q5_K", 256, 176, 13},
    {"Q6_K", 256, 210, 14},
    {"IQ4_NL", 32, 18, 20},
    {"IQ4_XS", 256, 136, 23},
    {"F8_E4M3", 1, 1, kNoGgufId},
}};

}  // namespace

const DTypeTraits& traits(DType dtype) {
    return kTraits[static_cast<std::size_t>(dtype)];
}

std::optional<DType> dtype_from_gguf_id(std::uint32_t gguf_id) {
    if (gguf_id == kNoGgufId) return std::nullopt;
    for (std::size_t i = 0; i < kTraits.size(); ++i)
        if (kTraits[i].gguf_id == gguf_id) return static_cast<DType>(i);
    return std::nullopt;
}

}  // namespace lares
