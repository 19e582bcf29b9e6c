// Block formats to bytes, scale and minimum (w = scale * q - min), for kernels_impl.h. Layouts:
// engine/formats/gguf_format.md. Included once per instruction set, inside its own namespace.

static inline std::uint16_t read_u16(const std::uint8_t* p) {
    std::uint16_t v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}
static inline std::uint32_t read_u32(const std::uint8_t* p) {
    std::uint32_t v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}

static inline float read_half(const std::uint8_t* p) {
#if defined(__F16C__)
    return _cvtsh_ss(read_u16(p));
#else
    const std::uint32_t h = read_u16(p);
    const std::uint32_t sign = (h & 0x8000U) << 16;
    const std::uint32_t rest = h & 0x7FFFU;
    std::uint32_t bits;
    if (rest >= 0x7C00U)
        bits = sign | 0x7F800000U | ((rest & 0x3FFU) << 13);
    else if (rest >= 0x0400U)
        bits = sign | ((rest + 0x1C000U) << 13);
    else {  // subnormal: exact as an integer times 2^-24
        const float value = static_cast<float>(rest) * 0x1p-24F;
        __builtin_memcpy(&bits, &value, sizeof(bits));
        bits |= sign;
    }
    float out;
    __builtin_memcpy(&out, &bits, sizeof(out));
    return out;
#endif
}

// Bytes in registers: the compiler cannot vectorise loops over byte pointers, which may alias.
typedef std::uint8_t Bytes16 __attribute__((vector_size(16)));
typedef std::uint8_t Bytes32 __attribute__((vector_size(32)));

template <class Bytes>
static inline Bytes read_bytes(const std::uint8_t* p) {
    Bytes v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}
template <class Bytes>
static inline void write_bytes(std::uint8_t* p, Bytes v) {
    __builtin_memcpy(p, &v, sizeof(v));
}

/// Sixteen bytes to 32 values: the low nibbles, then the high ones.
static inline Bytes32 split_nibbles(const std::uint8_t* qs) {
#if defined(__AVX2__)
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(qs));
    const __m256i both = _mm256_set_m128i(_mm_srli_epi16(v, 4), v);
    return reinterpret_cast<Bytes32>(_mm256_and_si256(both, _mm256_set1_epi8(15)));
#else
    const Bytes16 v = read_bytes<Bytes16>(qs);
    const Bytes16 halves[2] = {v & 15, v >> 4};
    return read_bytes<Bytes32>(reinterpret_cast<const std::uint8_t*>(halves));
#endif
}

/// Adds 16 to value j where bit j of `high` is set. Stays in the register: reading back what two
/// narrower stores just wrote would stall for a dozen cycles a block.
static inline Bytes32 add_fifth_bits(Bytes32 q, std::uint32_t high) {
#if defined(__AVX512VNNI__)
    const __m256i v = reinterpret_cast<__m256i>(q);
    return reinterpret_cast<Bytes32>(_mm256_mask_add_epi8(v, high, v, _mm256_set1_epi8(16)));
#elif defined(__AVX2__)
    const __m256i byte_of_lane =
        _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    const __m256i bit_of_lane = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
    const __m256i bits =
        _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(high)), byte_of_lane);
    const __m256i is_set = _mm256_cmpeq_epi8(_mm256_and_si256(bits, bit_of_lane), bit_of_lane);
    return reinterpret_cast<Bytes32>(_mm256_or_si256(
        reinterpret_cast<__m256i>(q), _mm256_and_si256(is_set, _mm256_set1_epi8(16))));
#else
    for (int j = 0; j < 32; ++j) q[j] = static_cast<std::uint8_t>(q[j] | (((high >> j) & 1U) << 4));
    return q;
#endif
}

static inline void copy_signed(const std::uint8_t* qs, std::uint8_t* q) {
    __builtin_memcpy(q, qs, 32);
}

static const std::int8_t kIq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                           1,    13,   25,  38,  53,  69,  89,  113};

static inline void unpack_iq4(const std::uint8_t* qs, std::uint8_t* q) {
    for (int j = 0; j < 16; ++j) {
        q[j] = static_cast<std::uint8_t>(kIq4Values[qs[j] & 15]);
        q[j + 16] = static_cast<std::uint8_t>(kIq4Values[qs[j] >> 4]);
    }
}

/// Pair i of the eight 6-bit scales and minimums of a K-quant block.
static inline void k_scale(const std::uint8_t* s, int i, int& scale, int& min) {
    if (i < 4) {
        scale = s[i] & 63;
        min = s[i + 4] & 63;
    } else {
        scale = (s[i + 4] & 15) | ((s[i - 4] >> 6) << 4);
        min = (s[i + 4] >> 4) | ((s[i] >> 6) << 4);
    }
}

static inline void unpack_q4_k(const std::uint8_t* b, std::uint8_t* q, float* scale, float* min) {
    const float d = read_half(b);
    const float dmin = read_half(b + 2);
    for (int i = 0; i < 8; ++i) {
        int s, m;
        k_scale(b + 4, i, s, m);
        scale[i] = d * static_cast<float>(s);
        min[i] = dmin * static_cast<float>(m);
    }
    for (int c = 0; c < 4; ++c) {
        const Bytes32 v = read_bytes<Bytes32>(b + 16 + 32 * c);
        write_bytes(q + 64 * c, v & 15);
        write_bytes(q + 64 * c + 32, v >> 4);
    }
}

static inline void unpack_q5_k(const std::uint8_t* b, std::uint8_t* q, float* scale, float* min) {
    const float d = read_half(b);
    const float dmin = read_half(b + 2);
    const Bytes32 high = read_bytes<Bytes32>(b + 16);
    for (int i = 0; i < 8; ++i) {
        int s, m;
        k_scale(b + 4, i, s, m);
        scale[i] = d * static_cast<float>(s);
        min[i] = dmin * static_cast<float>(m);
    }
    for (int c = 0; c < 4; ++c) {
        const Bytes32 v = read_bytes<Bytes32>(b + 48 + 32 * c);
        write_bytes(q + 64 * c, (v & 15) | (((high >> (2 * c)) & 1) << 4));
        write_bytes(q + 64 * c + 32, (v >> 4) | (((high >> (2 * c + 1)) & 1) << 4));
    }
}

static inline void unpack_q6_k(const std::uint8_t* b, std::uint8_t* q, float* scale, float* min) {
    const float d = read_half(b + 208);
    const std::int8_t* s = reinterpret_cast<const std::int8_t*>(b + 192);
    for (int i = 0; i < 16; ++i) {
        scale[i] = d * static_cast<float>(s[i]);
        min[i] = 32.0F * scale[i];
    }
    for (int c = 0; c < 2; ++c) {
        const Bytes32 low = read_bytes<Bytes32>(b + 64 * c);
        const Bytes32 low2 = read_bytes<Bytes32>(b + 64 * c + 32);
        const Bytes32 high = read_bytes<Bytes32>(b + 128 + 32 * c);
        std::uint8_t* out = q + 128 * c;
        write_bytes(out, (low & 15) | ((high & 3) << 4));
        write_bytes(out + 32, (low2 & 15) | (((high >> 2) & 3) << 4));
        write_bytes(out + 64, (low >> 4) | (((high >> 4) & 3) << 4));
        write_bytes(out + 96, (low2 >> 4) | ((high >> 6) << 4));
    }
}

static inline void unpack_iq4_xs(const std::uint8_t* b, std::uint8_t* q, float* scale, float* min) {
    const float d = read_half(b);
    const std::uint32_t high = read_u16(b + 2);
    for (int i = 0; i < 8; ++i) {
        const int s = ((b[4 + i / 2] >> (4 * (i % 2))) & 15) |
                      static_cast<int>(((high >> (2 * i)) & 3U) << 4);
        scale[i] = d * static_cast<float>(s - 32);
        min[i] = 0.0F;
        unpack_iq4(b + 8 + 16 * i, q + 32 * i);
    }
}

/// One row of `cols` values.
static void unpack_row(DType dtype,
                       const std::uint8_t* b,
                       std::int64_t cols,
                       std::uint8_t* q,
                       float* scale,
                       float* min) {
    const std::int64_t n32 = cols / 32;
    const std::int64_t n256 = cols / 256;
    switch (dtype) {
        case DType::Q4_0:
            for (std::int64_t i = 0; i < n32; ++i, b += 18) {
                scale[i] = read_half(b);
                min[i] = 8.0F * scale[i];
                write_bytes(q + 32 * i, split_nibbles(b + 2));
            }
            break;
        case DType::Q4_1:
            for (std::int64_t i = 0; i < n32; ++i, b += 20) {
                scale[i] = read_half(b);
                min[i] = -read_half(b + 2);
                write_bytes(q + 32 * i, split_nibbles(b + 4));
            }
            break;
        case DType::Q5_0:
            for (std::int64_t i = 0; i < n32; ++i, b += 22) {
                scale[i] = read_half(b);
                min[i] = 16.0F * scale[i];
                write_bytes(q + 32 * i, add_fifth_bits(split_nibbles(b + 6), read_u32(b + 2)));
            }
            break;
        case DType::Q5_1:
            for (std::int64_t i = 0; i < n32; ++i, b += 24) {
                scale[i] = read_half(b);
                min[i] = -read_half(b + 2);
                write_bytes(q + 32 * i, add_fifth_bits(split_nibbles(b + 8), read_u32(b + 4)));
            }
            break;
        case DType::Q8_0:
            for (std::int64_t i = 0; i < n32; ++i, b += 34) {
                scale[i] = read_half(b);
                min[i] = 0.0F;
                copy_signed(b + 2, q + 32 * i);
            }
            break;
        case DType::IQ4_NL:
            for (std::int64_t i = 0; i < n32; ++i, b += 18) {
                scale[i] = read_half(b);
                min[i] = 0.0F;
                unpack_iq4(b + 2, q + 32 * i);
            }
            break;
        case DType::Q4_K:
            for (std::int64_t i = 0; i < n256; ++i, b += 144)
                unpack_q4_k(b, q + 256 * i, scale + 8 * i, min + 8 * i);
            break;
        case DType::Q5_K:
            for (std::int64_t i = 0; i < n256; ++i, b += 176)
                unpack_q5_k(b, q + 256 * i, scale + 8 * i, min + 8 * i);
            break;
        case DType::Q6_K:
            for (std::int64_t i = 0; i < n256; ++i, b += 210)
                unpack_q6_k(b, q + 256 * i, scale + 16 * i, min + 16 * i);
            break;
        case DType::IQ4_XS:
            for (std::int64_t i = 0; i < n256; ++i, b += 136)
                unpack_iq4_xs(b, q + 256 * i, scale + 8 * i, min + 8 * i);
            break;
        case DType::F32:
        case DType::F16:
        case DType::BF16:
        case DType::F8_E4M3:
            break;  // never unpacked: dot_tile_f32 takes them
    }
}
