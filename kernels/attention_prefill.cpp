#include "kernels/attention_prefill.h"

namespace lares::kernels {
namespace {

bool is_valid(const AttentionPrefillParams& p) {
    const auto holds = [&](std::int32_t stride, std::int32_t n_head) {
        return stride % 4 == 0 && stride >= std::int64_t{n_head} * p.head_dim;
    };
    return p.n >= 1 && (p.head_dim == 32 || p.head_dim == 64 || p.head_dim == 128) &&
           p.n_head >= 1 && p.n_kv_head >= 1 && p.n_kv_head <= 65535 &&
           p.n_head % p.n_kv_head == 0 && holds(p.q_stride, p.n_head) &&
           holds(p.k_stride, p.n_kv_head) && holds(p.v_stride, p.n_kv_head);
}

const char* kernel_of(KvType type, int head_dim) {
    const bool fp8 = type == KvType::FP8;
    if (head_dim == 128) return fp8 ? "attention_prefill_fp8_d128" : "attention_prefill_f16_d128";
    if (head_dim == 64) return fp8 ? "attention_prefill_fp8_d64" : "attention_prefill_f16_d64";
    return fp8 ? "attention_prefill_fp8_d32" : "attention_prefill_f16_d32";
}

}  // namespace

Launch attention_store_launch(KvType type, const AttentionPrefillParams& params) {
    if (!is_valid(params)) return {};
    const std::int64_t n_value = std::int64_t{params.n} * params.n_kv_head * params.head_dim;
    return make_launch(type == KvType::FP8 ? "attention_store_fp8" : "attention_store_f16",
                       {ceil_div(n_value, 256)}, {256}, params);
}

Launch attention_prefill_launch(KvType type, const AttentionPrefillParams& params) {
    if (!is_valid(params)) return {};
    const std::int64_t n_row = std::int64_t{params.n} * (params.n_head / params.n_kv_head);
    return make_launch(kernel_of(type, params.head_dim),
                       {ceil_div(n_row, 64), static_cast<std::uint32_t>(params.n_kv_head)}, {128},
                       params);
}

}  // namespace lares::kernels
