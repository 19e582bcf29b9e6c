#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// Value types of GGUF metadata, by their numbers in the file (gguf_format.md).
enum class GgufType : std::uint32_t {
    U8 = 0,
    I8 = 1,
    U16 = 2,
    I16 = 3,
    U32 = 4,
    I32 = 5,
    F32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    U64 = 10,
    I64 = 11,
    F64 = 12,
};

/// The type with this number; nothing for a number the format does not define.
[[nodiscard]] std::optional<GgufType> gguf_type_from_id(std::uint32_t id);

/// Bytes of one value; 0 for strings and arrays, whose size is in the file.
[[nodiscard]] std::uint64_t size_bytes(GgufType type);

/// "u32", "string", …
[[nodiscard]] std::string_view to_string(GgufType type);

/// The name of a tensor type by its number, also of those this engine cannot read: "Q2_K", or
/// "number 77" for one that nobody has defined.
[[nodiscard]] std::string gguf_tensor_type_name(std::uint32_t id);

/// What a header may ask for. The file is untrusted: above these it is refused, not tried.
/// (design: security 3.8)
struct GgufLimits {
    static constexpr std::uint64_t kHeaderBytes = 100ULL << 20;
    static constexpr std::uint64_t kKeyValues = 65'536;
    static constexpr std::uint64_t kTensors = 65'536;
    static constexpr std::uint64_t kKeyBytes = 65'535;
    static constexpr std::uint64_t kTensorNameBytes = 63;
    static constexpr std::uint64_t kStringBytes = 1ULL << 20;
    static constexpr std::uint64_t kStrings = 1ULL
                                              << 21;  ///< of one array: 2^20 tokens, more merges
    static constexpr std::uint64_t kDim = 1ULL << 31;
    static constexpr std::uint64_t kAlignment = 1ULL << 16;
    static constexpr std::uint64_t kDefaultAlignment = 32;
};

}  // namespace lares
