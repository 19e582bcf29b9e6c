#pragma once

#include "kernels/activations.h"
#include "kernels/launch.h"

namespace lares::kernels {

/// How keys and values are kept. FP8 is e4m3 times one scale.
enum class KvType : std::int32_t { F16, FP8 };

inline constexpr int kKvBlock = 64;  ///< positions of a block of the cache

/// Causal attention of new tokens, each over everything before it and itself (Vaswani et al. 2017,
/// arXiv:1706.03762, eq. 1), n_head / n_kv_head query heads sharing a key/value head (Ainslie et
/// al. 2023, arXiv:2305.13245), without positions. Stores the tokens' keys and values on the way.
/// The positions are divided among blocks and put together with the online softmax (Dao et al.
/// 2023, "Flash-Decoding"; Milakov & Gimelshein 2018, arXiv:1805.02867). Shapes  q, out [n_token,
/// n_head, head_dim]   k, v [n_token, n_kv_head, head_dim]; rows of q, k
///         and v are a stride apart
///         k_cache, v_cache [block][n_kv_head][kKvBlock][head_dim]; positions 64 i to 64 i + 63 are
///         in block block_table[i]
///         partial [n_token, n_head, n_split, head_dim], partial_ml [n_token, n_head, n_split, 2]:
///         work space
///         arrived [n_token, n_head], zero before the first launch and again after each
/// Dtypes  f32 but the cache (KvType). Sums in f32. q_out as in activations.h, of out; may be null.
/// Memory  borrowed device pointers, 16-byte aligned. `position` is that of the first token: the
///         grid does not depend on it, blocks without work only arrive.
/// Tokens  have blocks of their own, which do what they would do for one token alone, so a result
///         is the same to the bit. Those of a head and a part are neighbours and read the same keys
///         and values at about the same time, from L2.
/// Threads 128. head_dim / 8 lanes share a position, 8 dims each, 4 positions at a time.
/// Bound by reading keys and values once.
struct AttentionDecodeParams {
    const float* q = nullptr;
    const float* k = nullptr;
    const float* v = nullptr;
    void* k_cache = nullptr;
    void* v_cache = nullptr;
    const std::int32_t* block_table = nullptr;
    const std::int32_t* position = nullptr;
    float* partial = nullptr;
    float* partial_ml = nullptr;
    std::uint32_t* arrived = nullptr;
    float* out = nullptr;
    Q8Vector q_out;
    std::int32_t n_head = 0;
    std::int32_t n_kv_head = 0;
    std::int32_t head_dim = 0;
    std::int32_t n_split = 0;
    std::int32_t n_token = 1;
    std::int32_t q_stride = 0;  ///< of one token they are not looked at
    std::int32_t k_stride = 0;
    std::int32_t v_stride = 0;
    float k_scale = 1.0F;  ///< FP8: what the stored numbers are multiplied by
    float v_scale = 1.0F;
};

/// Kernels `attention_decode_<f16|fp8>_d<head_dim>_g<heads that one block serves>`: 5 of head_dim
/// 128 where five share a key/value head (4B and 9B), else one. A launch without a kernel for a
/// head_dim other than 32, 64, 128.
[[nodiscard]] Launch attention_decode_launch(KvType type, const AttentionDecodeParams& params);

}  // namespace lares::kernels
