// Products with packed matrices (packed_matrix.h), for kernels_impl.h. Included once per
// instruction set, inside its own namespace. A vector holds kLanes of a group's 16 rows: all of
// them with AVX-512, else the halves (NEON: quarters) one after the other.
//
// One 32-bit lane takes four columns of its row at a time, times the same four activations, which
// are broadcast: nothing is summed across lanes, and scales are loaded as they lie.

inline constexpr int kHalves = kPackRows / kLanes;
inline constexpr int kGroupsOf4 = kChunkColumns / 4;
/// Tokens whose sums one pass over a group keeps in registers.
inline constexpr int kTileTokens = kLanes == 16 ? 12 : kHas32Registers ? 8 : 4;

typedef std::uint16_t VecW __attribute__((vector_size(kLanes * 4)));

/// Bits of every byte moved by `by` places, up or (negative) down; what crosses into a
/// neighbouring byte is for the caller to mask.
static inline VecB move_bits(VecB v, int by) {
    const VecW w = reinterpret_cast<VecW>(v);
    return reinterpret_cast<VecB>(by >= 0 ? w << by : w >> -by);
}

#if defined(LARES_NEON)
/// acc + the products of four bytes a lane with the four bytes of x's lane kLane. All bytes are
/// read as signed, |w| <= 128 and |x| <= 127: unsigned weights stay below 128. Without the dot
/// product extension two products are added in 16 bits, at most 2 * 128 * 127 = 32512.
template <int kLane>
static inline VecI add_dot_lane(VecI acc, VecB w, VecB x) {
    const int32x4_t sum = reinterpret_cast<int32x4_t>(acc);
    const int8x16_t ws = reinterpret_cast<int8x16_t>(w);
#if defined(__ARM_FEATURE_DOTPROD)
    return reinterpret_cast<VecI>(vdotq_laneq_s32(sum, ws, reinterpret_cast<int8x16_t>(x), kLane));
#else
    const int8x16_t xs =
        reinterpret_cast<int8x16_t>(vdupq_laneq_s32(reinterpret_cast<int32x4_t>(x), kLane));
    const int16x8_t low = vmull_s8(vget_low_s8(ws), vget_low_s8(xs));
    const int16x8_t high = vmull_high_s8(ws, xs);
    return reinterpret_cast<VecI>(vpadalq_s16(sum, vpaddq_s16(low, high)));
#endif
}

/// acc + the products of 16 columns: w[g] times bytes 4g to 4g + 3 of x, which are picked out of
/// the register instead of being loaded and broadcast four times.
static inline VecI add_dot_16(VecI acc, const VecB* w, VecB x) {
    acc = add_dot_lane<0>(acc, w[0], x);
    acc = add_dot_lane<1>(acc, w[1], x);
    acc = add_dot_lane<2>(acc, w[2], x);
    return add_dot_lane<3>(acc, w[3], x);
}
#else
/// acc + the products of four bytes a lane. Signed weights (|w| <= 127) where Signed.
template <bool Signed>
static inline VecI add_dot(VecI acc, VecB w, VecB x) {
#if defined(__AVX512VNNI__)
    static_assert(!Signed, "packed weights are made unsigned for dpbusd");
    return reinterpret_cast<VecI>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(acc),
                                                      reinterpret_cast<__m512i>(w),
                                                      reinterpret_cast<__m512i>(x)));
#else
    return acc + (Signed ? dot_s8_s8(w, x) : dot_u8_s8(w, x));
#endif
}

static inline VecB broadcast4(const std::int8_t* x) {
    std::int32_t four;
    __builtin_memcpy(&four, x, sizeof(four));
    return reinterpret_cast<VecB>(VecI{} + four);
}
#endif

static inline VecF load_halves(const std::uint8_t* p) {
#if defined(__AVX512VNNI__)
    return reinterpret_cast<VecF>(
        _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
#elif defined(__F16C__)
    return reinterpret_cast<VecF>(
        _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
#elif defined(LARES_NEON)
    std::uint64_t four;
    __builtin_memcpy(&four, p, sizeof(four));
    return reinterpret_cast<VecF>(vcvt_f32_f16(vreinterpret_f16_u64(vcreate_u64(four))));
#else
    VecF v;
    for (int i = 0; i < kLanes; ++i) v[i] = read_half(p + 2 * i);
    return v;
#endif
}

/// kLanes bytes as floats (GCC takes a convertvector from bytes apart, lane by lane).
template <bool kSigned>
static inline VecF load_small(const std::uint8_t* p) {
#if defined(__AVX512VNNI__)
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return reinterpret_cast<VecF>(
        _mm512_cvtepi32_ps(kSigned ? _mm512_cvtepi8_epi32(v) : _mm512_cvtepu8_epi32(v)));
#elif defined(__AVX2__)
    const __m128i v = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return reinterpret_cast<VecF>(
        _mm256_cvtepi32_ps(kSigned ? _mm256_cvtepi8_epi32(v) : _mm256_cvtepu8_epi32(v)));
#elif defined(LARES_NEON)
    std::uint32_t four;
    __builtin_memcpy(&four, p, sizeof(four));
    if constexpr (kSigned) {
        const int16x8_t wide = vmovl_s8(vcreate_s8(four));
        return reinterpret_cast<VecF>(vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide))));
    }
    const uint16x8_t wide = vmovl_u8(vcreate_u8(four));
    return reinterpret_cast<VecF>(vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide))));
#else
    VecF v;
    for (int i = 0; i < kLanes; ++i)
        v[i] =
            kSigned ? static_cast<float>(static_cast<std::int8_t>(p[i])) : static_cast<float>(p[i]);
    return v;
#endif
}

/// With dpbusd all weights are unsigned: signed bytes get 128 added, which the minimum takes off.
inline constexpr bool kMakesUnsigned = kLanes == 16;

static inline VecB iq4_values(VecB index) {
#if defined(__AVX512VNNI__)
    const __m512i table = _mm512_broadcast_i32x4(_mm_xor_si128(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(kIq4Values)), _mm_set1_epi8(-128)));
    return reinterpret_cast<VecB>(_mm512_shuffle_epi8(table, reinterpret_cast<__m512i>(index)));
#elif defined(__AVX2__)
    const __m256i table =
        _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kIq4Values)));
    return reinterpret_cast<VecB>(_mm256_shuffle_epi8(table, reinterpret_cast<__m256i>(index)));
#elif defined(LARES_NEON)
    return reinterpret_cast<VecB>(
        vreinterpretq_u8_s8(vqtbl1q_s8(vld1q_s8(kIq4Values), reinterpret_cast<uint8x16_t>(index))));
#else
    VecB v;
    for (int i = 0; i < 4 * kLanes; ++i) v[i] = static_cast<std::uint8_t>(kIq4Values[index[i]]);
    return v;
#endif
}

/// A group as its planes.
struct GroupPlanes {
    const std::uint8_t* low;
    const std::uint8_t* high;
    const std::uint8_t* scale;
    const std::uint8_t* sub;
};
static inline GroupPlanes planes_of(const PackedMatrix& w, std::int64_t group) {
    const std::uint8_t* p = w.data + static_cast<std::size_t>(group) * w.layout.group_bytes;
    return {p, p + w.layout.high, p + w.layout.scale, p + w.layout.sub};
}

/// The quants of one chunk: vector g holds columns 4g to 4g + 3 of kLanes rows.
template <DType kType>
static inline void read_quants(const GroupPlanes& p, std::int64_t chunk, int half, VecB* w) {
    constexpr PackedTraits t = packed_traits(kType);
    const std::uint8_t* low = p.low + chunk * t.low_bytes + 4 * kLanes * half;
    if constexpr (t.low_bytes == 512) {
        for (int g = 0; g < kGroupsOf4; ++g) {
            w[g] = load_bytes(low + 64 * g);
            if (kMakesUnsigned) w[g] ^= 128;
        }
    } else {
        for (int j = 0; j < 4; ++j) {
            const VecB both = load_bytes(low + 64 * j);
            w[j] = both & 15;
            w[j + 4] = move_bits(both, -4) & 15;
        }
    }
    if constexpr (t.high_bits == 1) {
        const VecB bits = load_bytes(p.high + chunk * 64 + 4 * kLanes * half);
        for (int g = 0; g < kGroupsOf4; ++g) w[g] |= move_bits(bits, 4 - g) & 16;
    } else if constexpr (t.high_bits == 2) {
        for (int v = 0; v < 2; ++v) {
            const VecB bits = load_bytes(p.high + chunk * 128 + 64 * v + 4 * kLanes * half);
            for (int g = 0; g < 4; ++g) w[4 * v + g] |= move_bits(bits, 4 - 2 * g) & 48;
        }
    }
    if constexpr (t.is_iq4)
        for (int g = 0; g < kGroupsOf4; ++g) w[g] = iq4_values(w[g]);
}

/// How the minimum of a type comes about once its bytes are as read_quants leaves them.
template <DType kType>
inline constexpr int kOffset = packed_traits(kType).is_signed ? (kMakesUnsigned ? 128 : 0)
                                                              : packed_traits(kType).offset;
template <DType kType>
inline constexpr bool kHasMin = packed_traits(kType).has_min || kOffset<kType> != 0;
template <DType kType>
inline constexpr bool kIsSigned = packed_traits(kType).is_signed && !kMakesUnsigned;

template <DType kType>
inline constexpr int kBlockChunks = packed_traits(kType).scale_columns / kChunkColumns;

/// The f16 scale and minimum of a block, for kLanes rows.
template <DType kType>
static inline void read_block(
    const GroupPlanes& p, std::int64_t block, int half, VecF& scale, VecF& min) {
    constexpr PackedTraits t = packed_traits(kType);
    const std::uint8_t* at = p.scale + block * t.scale_bytes + 2 * kLanes * half;
    scale = load_halves(at);
    if constexpr (t.has_min) min = load_halves(at + 32);
}

/// Scale and minimum of columns that share a scale, from those of their block; `part` counts them
/// within the chunk (Q6_K has two).
template <DType kType>
static inline void read_scales(
    const GroupPlanes& p, std::int64_t chunk, int part, int half, VecF& scale, VecF& min) {
    constexpr PackedTraits t = packed_traits(kType);
    if constexpr (t.sub_bytes != 0) {
        const std::uint8_t* sub = p.sub + chunk * t.sub_bytes + kLanes * half;
        if constexpr (t.has_min) {
            scale *= load_small<false>(sub);
            min *= load_small<false>(sub + 16);
        } else {
            scale *= load_small<true>(sub + 16 * part);
        }
    } else if constexpr (t.has_min) {
        min = -min;  // Q4_1, Q5_1: value = d q + m
    }
    if constexpr (!t.has_min && kOffset<kType> != 0)
        min = scale * static_cast<float>(kOffset<kType>);
}

/// Products of four bytes that can be added in 16 bits, for weights that need 4, 5 or 6 bits:
/// 8 * 2 * 15 * 127 = 30480, 4 * 2 * 31 * 127 = 31496, 2 * 2 * 63 * 127 = 32004.
template <DType kType>
inline constexpr int kSumsIn16Bits = packed_traits(kType).high_bits == 0   ? 8
                                     : packed_traits(kType).high_bits == 1 ? 4
                                                                           : 2;

/// One token's products with a chunk: dot[part] for each set of columns that shares a scale.
template <DType kType, int kParts>
static inline void dot_chunk(const VecB* q, const std::int8_t* xq, VecI* dot) {
#if defined(LARES_NEON)
    VecI sum[2] = {};  // two chains, or two scales
    sum[0] = add_dot_16(sum[0], q, load_bytes(xq));
    sum[1] = add_dot_16(sum[1], q + 4, load_bytes(xq + 16));
    dot[0] = kParts == 1 ? sum[0] + sum[1] : sum[0];
    if constexpr (kParts == 2) dot[1] = sum[1];
#else
#if defined(__AVX2__) && !defined(__AVX512VNNI__)
    // OPTIMIZATION: where no product can leave 16 bits, pairs are added there and widened once.
    if constexpr (!packed_traits(kType).is_signed) {
        constexpr int kSums = kSumsIn16Bits<kType>;
        constexpr int kGroups = kGroupsOf4 / kParts;
        constexpr int kStep = kSums < kGroups ? kSums : kGroups;
        for (int part = 0; part < kParts; ++part) {
            dot[part] = VecI{};
            for (int g = part * kGroups; g < (part + 1) * kGroups; g += kStep) {
                __m256i pairs = _mm256_setzero_si256();
                for (int i = g; i < g + kStep; ++i)
                    pairs = _mm256_add_epi16(
                        pairs,
                        _mm256_maddubs_epi16(reinterpret_cast<__m256i>(q[i]),
                                             reinterpret_cast<__m256i>(broadcast4(xq + 4 * i))));
                dot[part] += reinterpret_cast<VecI>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
            }
        }
        return;
    }
#endif
    VecI sum[2] = {};
    for (int g = 0; g < kGroupsOf4; ++g)
        sum[g / 4] = add_dot<kIsSigned<kType>>(sum[g / 4], q[g], broadcast4(xq + 4 * g));
    dot[0] = kParts == 1 ? sum[0] + sum[1] : sum[0];
    if constexpr (kParts == 2) dot[1] = sum[1];
#endif
}

/// y[t * ldy + 16 * group …] = w · x_t for kTokens tokens from `first` on and the groups [begin,
/// end). A chunk is unpacked once for all of them; each token's sums are added up in the order in
/// which they are for one, so that they are the same to the bit.
template <DType kType, int kTokens>
static void packed_rows_of(const PackedMatrix& w,
                           std::int64_t group,
                           const QuantizedRows& x,
                           int first,
                           float* y,
                           std::int64_t ldy,
                           const std::uint8_t* ahead) {
    constexpr int kParts = kChunkColumns / packed_traits(kType).group;
    // OPTIMIZATION: the next group is asked for while this one is multiplied, or memory and
    // arithmetic would take turns.
    constexpr std::int64_t kLine = 64;
    const std::int64_t n_turns = kHalves * (w.n_cols / kChunkColumns);
    const std::int64_t lines_per_turn =
        ahead ? (static_cast<std::int64_t>(w.layout.group_bytes) / kLine + n_turns - 1) / n_turns
              : 0;
    const std::int64_t x_groups = x.ld / kChunkColumns;
    const std::int8_t* x_quants = x.q + first * x.ld;
    const float* x_scales = x.scale + first * x_groups;
    const float* sums = (kParts == 2 ? x.sum16 : x.sum32) + first * x_groups * kParts;
    const std::int64_t n_blocks = w.n_cols / packed_traits(kType).scale_columns;
    const GroupPlanes p = planes_of(w, group);
    const std::int64_t n_rows = w.n_rows - group * kPackRows;
    for (int half = 0; half < kHalves; ++half) {
        VecF acc[kTokens] = {}, acc_min[kTokens] = {};
        for (std::int64_t block = 0; block < n_blocks; ++block) {
            VecF d, d_min = {};  // not every type has the second
            read_block<kType>(p, block, half, d, d_min);
            for (int i = 0; i < kBlockChunks<kType>; ++i) {
                const std::int64_t chunk = block * kBlockChunks<kType> + i;
                for (std::int64_t line = 0; line < lines_per_turn; ++line, ahead += kLine)
                    __builtin_prefetch(ahead, 0, 2);
                VecB q[kGroupsOf4];
                read_quants<kType>(p, chunk, half, q);
                VecF scale[kParts], min[kParts];
                for (int part = 0; part < kParts; ++part) {
                    scale[part] = d;
                    min[part] = d_min;
                    read_scales<kType>(p, chunk, part, half, scale[part], min[part]);
                }
#pragma GCC unroll 4
                for (int t = 0; t < kTokens; ++t) {
                    VecI dot[kParts];
                    dot_chunk<kType, kParts>(q, x_quants + t * x.ld + chunk * kChunkColumns, dot);
                    const float x_scale = x_scales[t * x_groups + chunk];
                    for (int part = 0; part < kParts; ++part) {
                        acc[t] +=
                            __builtin_convertvector(dot[part], VecF) * (scale[part] * x_scale);
                        if constexpr (kHasMin<kType>)
                            acc_min[t] += min[part] * sums[(t * x_groups + chunk) * kParts + part];
                    }
                }
            }
        }
        const std::int64_t row = group * kPackRows + half * kLanes;
        for (int t = 0; t < kTokens; ++t) {
            const VecF sum = kHasMin<kType> ? acc[t] - acc_min[t] : acc[t];
            float* to = y + (first + t) * ldy + row;
            if (n_rows >= (half + 1) * kLanes) {
                store(to, sum);
            } else {
                for (int i = 0; i < n_rows - half * kLanes; ++i) to[i] = sum[i];
            }
        }
    }
}

template <DType kType>
static void packed_matvec_of(const PackedMatrix& w,
                             std::int64_t begin,
                             std::int64_t end,
                             const QuantizedRows& x,
                             int n,
                             float* y,
                             std::int64_t ldy) {
    for (std::int64_t group = begin; group < end; ++group) {
        const std::uint8_t* ahead = group + 1 < end ? planes_of(w, group + 1).low : nullptr;
        int t = 0;
        for (; t + 4 <= n; t += 4, ahead = nullptr)
            packed_rows_of<kType, 4>(w, group, x, t, y, ldy, ahead);
        if (n - t == 3) packed_rows_of<kType, 3>(w, group, x, t, y, ldy, ahead);
        if (n - t == 2) packed_rows_of<kType, 2>(w, group, x, t, y, ldy, ahead);
        if (n - t == 1) packed_rows_of<kType, 1>(w, group, x, t, y, ldy, ahead);
    }
}

template <DType kType>
static void unpack_group_of(const PackedMatrix& w,
                            std::int64_t group,
                            std::int64_t first_chunk,
                            std::int64_t n_chunks,
                            const UnpackedGroup& out) {
    constexpr int kParts = kChunkColumns / packed_traits(kType).group;
    const GroupPlanes p = planes_of(w, group);
    for (std::int64_t c = 0; c < n_chunks; ++c)
        for (int half = 0; half < kHalves; ++half) {
            VecB q[kGroupsOf4];
            read_quants<kType>(p, first_chunk + c, half, q);
            std::uint8_t* to = out.q + 512 * c + 4 * kLanes * half;
            for (int g = 0; g < kGroupsOf4; ++g) __builtin_memcpy(to + 64 * g, &q[g], sizeof(VecB));
            VecF d, d_min{};
            read_block<kType>(p, (first_chunk + c) / kBlockChunks<kType>, half, d, d_min);
            for (int part = 0; part < kParts; ++part) {
                VecF scale = d, min = d_min;
                read_scales<kType>(p, first_chunk + c, part, half, scale, min);
                const std::int64_t at = kPackRows * (kParts * c + part) + kLanes * half;
                store(out.scale + at, scale);
                store(out.min + at, min);
            }
        }
}

/// One tile of an unpacked group: kTokens tokens, all chunks.
template <int kTokens, int kParts, bool kMin, bool kSigned>
static inline void dot_tile_of(const UnpackedGroup& w,
                               std::int64_t first_chunk,
                               std::int64_t n_chunks,
                               const QuantizedRows& x,
                               int first_token,
                               float* y,
                               std::int64_t ldy,
                               int n_rows,
                               bool accumulate) {
    const std::int64_t x_groups = x.ld / kChunkColumns;
    const std::int8_t* xq = x.q + first_token * x.ld + first_chunk * kChunkColumns;
    const float* xs = x.scale + first_token * x_groups + first_chunk;
    const float* sums =
        (kParts == 2 ? x.sum16 : x.sum32) + (first_token * x_groups + first_chunk) * kParts;
    for (int half = 0; half < kHalves; ++half) {
        VecF acc[kTokens] = {};
        const std::uint8_t* q = w.q + 4 * kLanes * half;
        const float* scales = w.scale + kLanes * half;
        const float* mins = w.min + kLanes * half;
        for (std::int64_t c = 0; c < n_chunks; ++c, q += 512) {
#pragma GCC unroll 2
            for (int part = 0; part < kParts; ++part) {
                VecI dot[kTokens] = {};
#if defined(LARES_NEON)
#pragma GCC unroll 2
                for (int g = part * 4; g < (kParts == 1 ? 8 : part * 4 + 4); g += 4) {
                    VecB wv[4];
#pragma GCC unroll 4
                    for (int i = 0; i < 4; ++i) wv[i] = load_bytes(q + 64 * (g + i));
#pragma GCC unroll 8
                    for (int t = 0; t < kTokens; ++t)
                        dot[t] = add_dot_16(dot[t], wv,
                                            load_bytes(xq + t * x.ld + c * kChunkColumns + 4 * g));
                }
#else
#pragma GCC unroll 8
                for (int g = part * 4; g < (kParts == 1 ? 8 : part * 4 + 4); ++g) {
                    const VecB wv = load_bytes(q + 64 * g);
#pragma GCC unroll 16
                    for (int t = 0; t < kTokens; ++t)
                        dot[t] = add_dot<kSigned>(
                            dot[t], wv, broadcast4(xq + t * x.ld + c * kChunkColumns + 4 * g));
                }
#endif
                const VecF scale = load(scales + kPackRows * (kParts * c + part));
                const VecF min = load(mins + kPackRows * (kParts * c + part));
#pragma GCC unroll 16
                for (int t = 0; t < kTokens; ++t) {
                    acc[t] +=
                        (__builtin_convertvector(dot[t], VecF) * xs[t * x_groups + c]) * scale;
                    if constexpr (kMin) acc[t] -= min * sums[(t * x_groups + c) * kParts + part];
                }
            }
        }
        const int n = n_rows - half * kLanes;
        for (int t = 0; t < kTokens; ++t) {
            float* to = y + (first_token + t) * ldy + half * kLanes;
            if (n >= kLanes) {
                store(to, accumulate ? load(to) + acc[t] : acc[t]);
            } else {
                for (int i = 0; i < n; ++i) to[i] = accumulate ? to[i] + acc[t][i] : acc[t][i];
            }
        }
    }
}

template <int kParts, bool kMin, bool kSigned>
static void dot_group_of(const UnpackedGroup& w,
                         std::int64_t first_chunk,
                         std::int64_t n_chunks,
                         const QuantizedRows& x,
                         int first,
                         int n,
                         float* y,
                         std::int64_t ldy,
                         int n_rows,
                         bool accumulate) {
    const auto run = [&]<int kTokens>(int token) {
        dot_tile_of<kTokens, kParts, kMin, kSigned>(w, first_chunk, n_chunks, x, token, y, ldy,
                                                    n_rows, accumulate);
    };
    int t = first;
    for (; t + kTileTokens <= first + n; t += kTileTokens) run.template operator()<kTileTokens>(t);
    if constexpr (kTileTokens > 4)
        for (; t + 4 <= first + n; t += 4) run.template operator()<4>(t);
    for (; t < first + n; ++t) run.template operator()<1>(t);
}

template <DType kType>
inline constexpr PackedKernels kPackedKernels{
    packed_matvec_of<kType>, unpack_group_of<kType>,
    dot_group_of<kChunkColumns / packed_traits(kType).group, kHasMin<kType>, kIsSigned<kType>>};

static const PackedKernels* packed_kernels(DType dtype) {
    switch (dtype) {
        case DType::Q4_0:
            return &kPackedKernels<DType::Q4_0>;
        case DType::Q4_1:
            return &kPackedKernels<DType::Q4_1>;
        case DType::Q5_0:
            return &kPackedKernels<DType::Q5_0>;
        case DType::Q5_1:
            return &kPackedKernels<DType::Q5_1>;
        case DType::Q8_0:
            return &kPackedKernels<DType::Q8_0>;
        case DType::Q4_K:
            return &kPackedKernels<DType::Q4_K>;
        case DType::Q5_K:
            return &kPackedKernels<DType::Q5_K>;
        case DType::Q6_K:
            return &kPackedKernels<DType::Q6_K>;
        case DType::IQ4_NL:
            return &kPackedKernels<DType::IQ4_NL>;
        case DType::IQ4_XS:
            return &kPackedKernels<DType::IQ4_XS>;
        default:
            return nullptr;
    }
}
