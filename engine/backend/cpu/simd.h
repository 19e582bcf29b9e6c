// Vector types for kernels_impl.h, for the instruction set that the including file is compiled for.
// No include guard-free surprises: included once per instruction set, inside its own namespace.
//
// GCC's vector extension gives + - * on whole registers for every target; only what it lacks
// (integer dot products, byte tricks, sums across a register) is written with intrinsics.
//
// Every AArch64 compiler has NEON, also where the scalar loops are wanted: LARES_NEON says which.

#if defined(__AVX512VNNI__)
inline constexpr int kLanes = 16;
#elif defined(LARES_NEON)
inline constexpr int kLanes = 4;
#else
inline constexpr int kLanes = 8;
#endif
/// 32 vector registers, not 16: loops keep more sums beside each other.
#if defined(__AVX512VNNI__) || defined(LARES_NEON)
inline constexpr bool kHas32Registers = true;
#else
inline constexpr bool kHas32Registers = false;
#endif

typedef float VecF __attribute__((vector_size(kLanes * 4)));
typedef std::int32_t VecI __attribute__((vector_size(kLanes * 4)));
typedef std::uint8_t VecB __attribute__((vector_size(kLanes * 4)));

static inline VecF load(const float* p) {
    VecF v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}
static inline void store(float* p, VecF v) {
    __builtin_memcpy(p, &v, sizeof(v));
}
static inline VecB load_bytes(const void* p) {
    VecB v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}
static inline VecF splat(float x) {
    return VecF{} + x;
}

static inline float horizontal_sum(VecF v) {
#if defined(__AVX512VNNI__)
    return _mm512_reduce_add_ps(reinterpret_cast<__m512>(v));
#elif defined(LARES_NEON)
    return vaddvq_f32(reinterpret_cast<float32x4_t>(v));
#else
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
#endif
}
/// Precondition: no lane is a NaN.
static inline float horizontal_max(VecF v) {
#if defined(LARES_NEON)
    return vmaxvq_f32(reinterpret_cast<float32x4_t>(v));
#else
    float m = v[0];
    for (int i = 1; i < kLanes; ++i) m = v[i] > m ? v[i] : m;
    return m;
#endif
}

/// exp(x), relative error below 2e-7: 2^n * p(r), r in [-ln2/2, ln2/2] (Cody & Waite range
/// reduction, Taylor polynomial of degree 7). Below -87 the result is 0, above 88 it saturates.
static inline VecF vec_exp(VecF x) {
    const VecF low = splat(-87.0F);
    const VecF high = splat(88.0F);
    const VecI is_tiny = x < low;
    x = x < low ? low : x;
    x = x > high ? high : x;
    const VecF magic = splat(12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer
    const VecF n = (x * 1.44269504088896341F + magic) - magic;
    const VecF r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
    VecF p = splat(1.0F / 5040.0F);
    p = p * r + 1.0F / 720.0F;
    p = p * r + 1.0F / 120.0F;
    p = p * r + 1.0F / 24.0F;
    p = p * r + 1.0F / 6.0F;
    p = p * r + 0.5F;
    p = p * r + 1.0F;
    p = p * r + 1.0F;
    const VecI exponent = (__builtin_convertvector(n, VecI) + 127) << 23;
    const VecF result = p * reinterpret_cast<VecF>(exponent);
    return is_tiny ? VecF{} : result;
}

static inline VecF vec_silu(VecF x) {
    return x / (1.0F + vec_exp(-x));
}

/// Each 32-bit lane: the sum of four products of unsigned bytes `w` and signed bytes `x`.
/// Without VNNI, `w` must stay below 128 (the pairwise sums are 16 bits wide).
static inline VecI dot_u8_s8(VecB w, VecB x) {
#if defined(__AVX512VNNI__)
    return reinterpret_cast<VecI>(_mm512_dpbusd_epi32(
        _mm512_setzero_si512(), reinterpret_cast<__m512i>(w), reinterpret_cast<__m512i>(x)));
#elif defined(__AVX2__)
    const __m256i pairs =
        _mm256_maddubs_epi16(reinterpret_cast<__m256i>(w), reinterpret_cast<__m256i>(x));
    return reinterpret_cast<VecI>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#else
    VecI sum{};
    for (int i = 0; i < kLanes; ++i)
        for (int j = 0; j < 4; ++j)
            sum[i] += static_cast<int>(w[4 * i + j]) * static_cast<std::int8_t>(x[4 * i + j]);
    return sum;
#endif
}

/// The same with signed `w`, |w| <= 128, |x| <= 127.
static inline VecI dot_s8_s8(VecB w, VecB x) {
#if defined(__AVX512VNNI__)
    const __m512i wv = reinterpret_cast<__m512i>(w);
    const __m512i xv = reinterpret_cast<__m512i>(x);
    const __mmask64 negative = _mm512_movepi8_mask(wv);
    const __m512i signed_x = _mm512_mask_sub_epi8(xv, negative, _mm512_setzero_si512(), xv);
    return reinterpret_cast<VecI>(
        _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_abs_epi8(wv), signed_x));
#elif defined(__AVX2__)
    const __m256i wv = reinterpret_cast<__m256i>(w);
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(wv),
                                               _mm256_sign_epi8(reinterpret_cast<__m256i>(x), wv));
    return reinterpret_cast<VecI>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#else
    VecI sum{};
    for (int i = 0; i < kLanes; ++i)
        for (int j = 0; j < 4; ++j)
            sum[i] +=
                static_cast<std::int8_t>(w[4 * i + j]) * static_cast<std::int8_t>(x[4 * i + j]);
    return sum;
#endif
}
