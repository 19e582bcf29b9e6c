#include "engine/formats/gguf_format.h"

#include <array>

namespace lares {
namespace {

struct TypeFacts {
    std::string_view name;
    std::uint64_t size_bytes;
};
constexpr std::array<TypeFacts, 13> kTypes{{{"u8", 1},
                                            {"i8", 1},
                                            {"u16", 2},
                                            {"i16", 2},
                                            {"u32", 4},
                                            {"i32", 4},
                                            {"f32", 4},
                                            {"bool", 1},
                                            {"string", 0},
                                            {"array", 0},
                                            {"u64", 8},
                                            {"i64", 8},
                                            {"f64", 8}}};

// Empty: a number that was removed from the format. (source: ggml.h, enum ggml_type)
constexpr std::array<std::string_view, 43> kTensorTypes{
    "F32",     "F16",   "Q4_0",   "Q4_1",  "",      "",       "Q5_0", "Q5_1",    "Q8_0",
    "Q8_1",    "Q2_K",  "Q3_K",   "Q4_K",  "Q5_K",  "Q6_K",   "Q8_K", "IQ2_XXS", "IQ2_XS",
    "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8",   "I16",     "I32",
    "I64",     "F64",   "IQ1_M",  "BF16",  "",      "",       "",     "TQ1_0",   "TQ2_0",
    "",        "",      "",       "MXFP4", "NVFP4", "Q1_0",   "Q2_0"};

}  // namespace

std::optional<GgufType> gguf_type_from_id(std::uint32_t id) {
    if (id >= kTypes.size()) return std::nullopt;
    return static_cast<GgufType>(id);
}

std::uint64_t size_bytes(GgufType type) {
    return kTypes[static_cast<std::size_t>(type)].size_bytes;
}

std::string_view to_string(GgufType type) {
    return kTypes[static_cast<std::size_t>(type)].name;
}

std::string gguf_tensor_type_name(std::uint32_t id) {
    if (id < kTensorTypes.size() && !kTensorTypes[id].empty()) return std::string(kTensorTypes[id]);
    return "number " + std::to_string(id);
}

}  // namespace lares
