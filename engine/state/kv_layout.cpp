#include "engine/state/kv_layout.h"

namespace lares {
namespace {

constexpr std::size_t kPositions = kKvBlock;

std::size_t key_bytes(KvType type, int head_dim) {
    return static_cast<std::size_t>(head_dim) * kPositions * element_bytes(type);
}
std::size_t value_bytes(KvType type, int head_dim) {
    return static_cast<std::size_t>(kv_value_width(head_dim)) * kPositions * element_bytes(type);
}

}  // namespace

std::string_view to_string(KvType type) {
    switch (type) {
        case KvType::F16:
            return "f16";
        case KvType::F32:
            return "f32";
        case KvType::Int8:
            return "int8";
        case KvType::Fp8:
            return "fp8";
    }
    return "";
}

std::optional<KvType> kv_type_from_name(std::string_view name) {
    for (const KvType type : {KvType::F16, KvType::F32, KvType::Int8, KvType::Fp8})
        if (to_string(type) == name) return type;
    return std::nullopt;
}

std::size_t element_bytes(KvType type) {
    switch (type) {
        case KvType::F16:
            return 2;
        case KvType::F32:
            return 4;
        case KvType::Int8:
        case KvType::Fp8:
            return 1;
    }
    return 0;
}

std::size_t kv_block_bytes(KvType type, int head_dim) {
    const std::size_t scales = type == KvType::Int8 ? 2 * kPositions * sizeof(float) : 0;
    return key_bytes(type, head_dim) + value_bytes(type, head_dim) + scales;
}

KvBlock kv_block_at(std::byte* bytes, KvType type, int head_dim) {
    KvBlock block{type, bytes, bytes + key_bytes(type, head_dim), nullptr, nullptr};
    if (type == KvType::Int8) {
        block.key_scale = reinterpret_cast<float*>(block.values + value_bytes(type, head_dim));
        block.value_scale = block.key_scale + kKvBlock;
    }
    return block;
}

}  // namespace lares
