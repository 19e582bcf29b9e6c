// Reading packed matrices (packed_matrix.h) into registers, for packed_kernels.h, which says how
// they lie there. Included once per instruction set, inside its own namespace.

inline constexpr int kHalves = kPackRows / kLanes;
inline constexpr int kGroupsOf4 = kChunkColumns / 4;
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

/// kLanes bytes as numbers (GCC takes a convertvector from bytes apart, lane by lane).
template <bool kSigned>
static inline VecI load_small_ints(const std::uint8_t* p) {
#if defined(__AVX512VNNI__)
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return reinterpret_cast<VecI>(kSigned ? _mm512_cvtepi8_epi32(v) : _mm512_cvtepu8_epi32(v));
#elif defined(__AVX2__)
    const __m128i v = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return reinterpret_cast<VecI>(kSigned ? _mm256_cvtepi8_epi32(v) : _mm256_cvtepu8_epi32(v));
#elif defined(LARES_NEON)
    std::uint32_t four;
    __builtin_memcpy(&four, p, sizeof(four));
    if constexpr (kSigned) {
        const int16x8_t wide = vmovl_s8(vcreate_s8(four));
        return reinterpret_cast<VecI>(vmovl_s16(vget_low_s16(wide)));
    }
    const uint16x8_t wide = vmovl_u8(vcreate_u8(four));
    return reinterpret_cast<VecI>(vmovl_u16(vget_low_u16(wide)));
#else
    VecI v;
    for (int i = 0; i < kLanes; ++i) v[i] = kSigned ? static_cast<std::int8_t>(p[i]) : p[i];
    return v;
#endif
}
template <bool kSigned>
static inline VecF load_small(const std::uint8_t* p) {
    return __builtin_convertvector(load_small_ints<kSigned>(p), VecF);
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
    } else if constexpr (t.low_bytes == 128) {
        for (int v = 0; v < 2; ++v) {
            const VecB pairs = load_bytes(low + 64 * v);
            for (int g = 0; g < 4; ++g) w[4 * v + g] = move_bits(pairs, -2 * g) & 3;
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
        constexpr int kAt = stored_bits(t) - 1;
        constexpr std::uint8_t kBit = 1U << kAt;
        for (int g = 0; g < kGroupsOf4; ++g) w[g] |= move_bits(bits, kAt - g) & kBit;
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
/// within the chunk (Q2_K, Q3_K and Q6_K have two).
template <DType kType>
static inline void read_scales(
    const GroupPlanes& p, std::int64_t chunk, int part, int half, VecF& scale, VecF& min) {
    constexpr PackedTraits t = packed_traits(kType);
    if constexpr (t.sub_bytes != 0) {
        const std::uint8_t* sub = p.sub + chunk * t.sub_bytes + kLanes * half;
        if constexpr (t.is_nibbles) {
            const VecI both = load_small_ints<false>(sub + 16 * part);
            scale *= __builtin_convertvector(both & 15, VecF);
            min *= __builtin_convertvector(both >> 4, VecF);
        } else if constexpr (t.has_min) {
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
