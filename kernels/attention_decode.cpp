#include "kernels/attention_decode.h"

namespace lares::kernels {
namespace {

const char* kernel_or_null(KvType type, int head_dim, int heads) {
    const bool fp8 = type == KvType::FP8;
    if (head_dim == 128 && heads == 5)
        return fp8 ? "attention_decode_fp8_d128_g5" : "attention_decode_f16_d128_g5";
    if (head_dim == 128)
        return fp8 ? "attention_decode_fp8_d128_g1" : "attention_decode_f16_d128_g1";
    if (head_dim == 64) return fp8 ? "attention_decode_fp8_d64_g1" : "attention_decode_f16_d64_g1";
    if (head_dim == 32) return fp8 ? "attention_decode_fp8_d32_g1" : "attention_decode_f16_d32_g1";
    return nullptr;
}

}  // namespace

Launch attention_decode_launch(KvType type, const AttentionDecodeParams& params) {
    if (params.n_head < 1 || params.n_kv_head < 1 || params.n_head % params.n_kv_head != 0 ||
        params.n_split < 1 || params.n_token < 1)
        return {};
    const int shared = params.n_head / params.n_kv_head;
    const int heads = params.head_dim == 128 && shared == 5 ? 5 : 1;
    const char* kernel = kernel_or_null(type, params.head_dim, heads);
    if (!kernel) return {};
    return make_waiting_launch(kernel,
                               {static_cast<std::uint32_t>(params.n_token),
                                static_cast<std::uint32_t>(params.n_head / heads),
                                static_cast<std::uint32_t>(params.n_split)},
                               {128}, params);
}

}  // namespace lares::kernels
