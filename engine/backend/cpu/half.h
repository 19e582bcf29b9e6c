// Half-precision numbers and the IQ4 table, for kernels_impl.h. Included once per instruction set,
// inside its own namespace.

static inline std::uint16_t read_u16(const std::uint8_t* p) {
    std::uint16_t v;
    __builtin_memcpy(&v, p, sizeof(v));
    return v;
}

static inline float read_half(const std::uint8_t* p) {
#if defined(__F16C__)
    return _cvtsh_ss(read_u16(p));
#elif defined(LARES_NEON)
    __fp16 h;
    __builtin_memcpy(&h, p, sizeof(h));
    return h;
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

static const std::int8_t kIq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                           1,    13,   25,  38,  53,  69,  89,  113};
