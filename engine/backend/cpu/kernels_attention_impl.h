// The loops behind kernels_attention.h, included by kernels_impl.h inside the namespace of each
// instruction set; the rules at its head hold here too.

#if defined(__AVX512VNNI__) || defined(LARES_NEON)
inline constexpr int kWide = 4;  // vectors beside each other: with 5 rows they fill the registers
#elif defined(__AVX2__)
inline constexpr int kWide = 2;
#else
inline constexpr int kWide = 1;
#endif
inline constexpr int kRowGroup = 5;  // the 4B has 5 query heads on one key/value head

/// kv_value_width, written again: an inline function of another header may not be called here.
static inline std::int64_t kv_width(int dim) {
    return (std::int64_t{dim} + 15) / 16 * 16;
}

/// Elements of the types, told apart by type.
struct Half {
    std::uint16_t bits;
};
struct Byte {
    std::int8_t value;
};

static inline VecF load_kv(const float* p) {
    return load(p);
}
static inline VecF load_kv(const Half* p) {
#if defined(__AVX512VNNI__)
    return reinterpret_cast<VecF>(
        _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
#elif defined(__F16C__)
    return reinterpret_cast<VecF>(
        _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
#elif defined(LARES_NEON)
    return load_halves(reinterpret_cast<const std::uint8_t*>(p));
#else
    VecF v;
    for (int i = 0; i < kLanes; ++i) v[i] = half_to_float(p[i].bits);
    return v;
#endif
}
static inline VecF load_kv(const Byte* p) {
#if defined(LARES_NEON)
    return load_small<true>(reinterpret_cast<const std::uint8_t*>(p));
#else
    typedef std::int8_t Narrow __attribute__((vector_size(kLanes)));
    Narrow narrow;
    __builtin_memcpy(&narrow, p, sizeof(narrow));
    return __builtin_convertvector(narrow, VecF);
#endif
}

/// Calls body(Count<Rows>, first) for all rows, kRowGroup at a time and then the rest.
template <int N>
struct Count {};
template <class Body>
void for_row_groups(int n_rows, const Body& body) {
    int row = 0;
    for (; row + kRowGroup <= n_rows; row += kRowGroup) body(Count<kRowGroup>(), row);
    switch (n_rows - row) {
        case 4:
            return body(Count<4>(), row);
        case 3:
            return body(Count<3>(), row);
        case 2:
            return body(Count<2>(), row);
        case 1:
            return body(Count<1>(), row);
        default:
            return;
    }
}

/// scores[r][i] = q_r · k_i for the first n positions (and up to a whole step more).
///
/// OPTIMIZATION: a block's rows are read in slices of a register or two, a pattern that processors
/// do not foresee. So the next block (keys and values of two bytes) is asked for meanwhile, in
/// order: 2.1 instead of 2.9 % of the products' samples at 2,048 positions (Zen 3, f16, one profile
/// of each).
template <int Rows, class Kv>
void score_rows(const AttentionRows& rows, int first, const Kv* keys, int n) {
    const std::int64_t dim = rows.dim;
    const float* q = rows.q + first * dim;
    float* scores = rows.scores + std::int64_t{first} * kKvBlock;
    constexpr int kLine = 64;  // bytes that processors fetch at once
    constexpr int kLines = kWide * kLanes * 4 > kLine ? kWide * kLanes * 4 / kLine : 1;
    const bool has_ahead = rows.ahead && first == 0;
    const void* start = has_ahead ? static_cast<const void*>(rows.ahead) : q;
    const char* ahead = static_cast<const char*>(start);
    const std::int64_t stride = has_ahead ? kLine : 0;
    for (int i = 0; i < n; i += kWide * kLanes) {
        VecF acc[Rows][kWide] = {};
        for (std::int64_t d = 0; d < dim; ++d) {
            for (int j = 0; j < kLines; ++j, ahead += stride) __builtin_prefetch(ahead);
            VecF k[kWide];
            for (int j = 0; j < kWide; ++j) k[j] = load_kv(keys + d * kKvBlock + i + j * kLanes);
            for (int r = 0; r < Rows; ++r) {
                const float s = q[r * dim + d];
                for (int j = 0; j < kWide; ++j) acc[r][j] += s * k[j];
            }
        }
        for (int r = 0; r < Rows; ++r)
            for (int j = 0; j < kWide; ++j)
                store(scores + r * kKvBlock + i + j * kLanes, acc[r][j]);
    }
}

/// out_r += Σ_i scores[r][i] * v_i for `Wide` vectors of channels from `channel` on.
template <int Rows, int Wide, class Kv>
void add_values(
    const AttentionRows& rows, int first, const Kv* values, int n, std::int64_t channel) {
    const std::int64_t width = kv_width(rows.dim);
    const float* p = rows.scores + std::int64_t{first} * kKvBlock;
    float* out = rows.out + first * width + channel;
    VecF acc[Rows][Wide];
    for (int r = 0; r < Rows; ++r)
        for (int j = 0; j < Wide; ++j) acc[r][j] = load(out + r * width + j * kLanes);
    for (int i = 0; i < n; ++i) {
        VecF v[Wide];
        for (int j = 0; j < Wide; ++j) v[j] = load_kv(values + i * width + channel + j * kLanes);
        for (int r = 0; r < Rows; ++r) {
            const float s = p[r * kKvBlock + i];
            for (int j = 0; j < Wide; ++j) acc[r][j] += s * v[j];
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int j = 0; j < Wide; ++j) store(out + r * width + j * kLanes, acc[r][j]);
}

template <int Rows, class Kv>
void value_rows(const AttentionRows& rows, int first, const Kv* values, int n) {
    const std::int64_t width = kv_width(rows.dim);
    std::int64_t c = 0;
    for (; c + kWide * kLanes <= width; c += kWide * kLanes)
        add_values<Rows, kWide>(rows, first, values, n, c);
    for (; c < width; c += kLanes) add_values<Rows, 1>(rows, first, values, n, c);
}

/// One row's scores become its weights exp(s - max); what was gathered before shrinks to the new
/// maximum. Scales of an Int8 block (else nullptr) belong to the positions, so they fit in here.
void weigh_row(const AttentionRows& rows,
               int row,
               const float* key_scale,
               const float* value_scale) {
    const VecF nothing = splat(-__builtin_inff());
    const int n = rows.n_visible[row];
    float* s = rows.scores + std::int64_t{row} * kKvBlock;
    if (key_scale)
        for (int i = 0; i < n; i += kLanes) store(s + i, load(s + i) * load(key_scale + i));
    for (int i = n; i < kKvBlock; ++i) s[i] = -__builtin_inff();
    if (n == 0) {
        for (int i = 0; i < kKvBlock; ++i) s[i] = 0.0F;
        return;
    }

    VecF largest = nothing;
    for (int i = 0; i < kKvBlock; i += kLanes) {
        const VecF v = load(s + i);
        largest = v > largest ? v : largest;
    }
    const float old_max = rows.max[row];
    const float block_max = horizontal_max(largest);
    const float new_max = block_max > old_max ? block_max : old_max;

    VecF sums{};
    for (int i = 0; i < kKvBlock; i += kLanes) {
        VecF p = vec_exp(load(s + i) - new_max);
        sums += p;
        if (value_scale) p *= load(value_scale + i);
        store(s + i, p);
    }
    const float sum = horizontal_sum(sums);
    if (new_max == old_max) {
        rows.sum[row] += sum;
        return;
    }
    const float shrink = vec_exp(splat(old_max - new_max))[0];
    rows.max[row] = new_max;
    rows.sum[row] = rows.sum[row] * shrink + sum;
    const std::int64_t width = kv_width(rows.dim);
    float* out = rows.out + row * width;
    for (std::int64_t c = 0; c < width; c += kLanes) store(out + c, load(out + c) * shrink);
}

template <class Kv>
void attend_to(const AttentionRows& rows, const KvBlock& block) {
    int n = 0;
    for (int r = 0; r < rows.n_rows; ++r) n = rows.n_visible[r] > n ? rows.n_visible[r] : n;
    const Kv* keys = reinterpret_cast<const Kv*>(block.keys);
    const Kv* values = reinterpret_cast<const Kv*>(block.values);
    for_row_groups(rows.n_rows, [&]<int Rows>(Count<Rows>, int first) {
        score_rows<Rows>(rows, first, keys, n);
        for (int r = 0; r < Rows; ++r)
            weigh_row(rows, first + r, block.key_scale, block.value_scale);
        value_rows<Rows>(rows, first, values, n);
    });
}

void attend(const AttentionRows& rows, const KvBlock& block) {
    if (block.type == KvType::F16)
        attend_to<Half>(rows, block);
    else if (block.type == KvType::F32)
        attend_to<float>(rows, block);
    else
        attend_to<Byte>(rows, block);
}

// ---- writing and converting ---------------------------------------------------------------------

static inline Half to_half(float x) {
    const float largest = 65504.0F;
    x = x > largest ? largest : x;
    x = x < -largest ? -largest : x;
#if defined(__F16C__)
    return {static_cast<std::uint16_t>(_cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT))};
#elif defined(LARES_NEON)
    const __fp16 rounded = static_cast<__fp16>(x);
    Half half;
    __builtin_memcpy(&half, &rounded, sizeof(half));
    return half;
#else
    return {float_to_half(x)};
#endif
}

/// Writes x to `to`, `stride` elements apart; returns the scale of a Byte row.
static inline void write_row(const float* x, int n, float* to, std::int64_t stride) {
    for (int i = 0; i < n; ++i) to[i * stride] = x[i];
}
static inline void write_row(const float* x, int n, Half* to, std::int64_t stride) {
    for (int i = 0; i < n; ++i) to[i * stride] = to_half(x[i]);
}
static inline float write_row(const float* x, int n, Byte* to, std::int64_t stride) {
    float largest = 0.0F;
    for (int i = 0; i < n; ++i) {
        const float a = x[i] < 0.0F ? -x[i] : x[i];
        largest = a > largest ? a : largest;
    }
    const float inverse = largest > 0.0F ? 127.0F / largest : 0.0F;
    for (int i = 0; i < n; ++i) {
        const float rounded = (x[i] * inverse + 12582912.0F) - 12582912.0F;
        to[i * stride] = {static_cast<std::int8_t>(static_cast<int>(rounded))};
    }
    return largest / 127.0F;
}

template <class Kv>
void store_as(const float* key, const float* value, int dim, const KvBlock& block, int slot) {
    Kv* keys = reinterpret_cast<Kv*>(block.keys) + slot;
    Kv* values = reinterpret_cast<Kv*>(block.values) + slot * kv_width(dim);
    if constexpr (sizeof(Kv) == 1) {
        block.key_scale[slot] = write_row(key, dim, keys, kKvBlock);
        block.value_scale[slot] = write_row(value, dim, values, 1);
    } else {
        write_row(key, dim, keys, kKvBlock);
        write_row(value, dim, values, 1);
    }
}

void store_key_value(
    const float* key, const float* value, int dim, const KvBlock& block, int slot) {
    if (block.type == KvType::F16)
        store_as<Half>(key, value, dim, block, slot);
    else if (block.type == KvType::F32)
        store_as<float>(key, value, dim, block, slot);
    else
        store_as<Byte>(key, value, dim, block, slot);
}

template <class Kv>
void expand_from(const KvBlock& from, int dim, const KvBlock& to) {
    const Kv* keys = reinterpret_cast<const Kv*>(from.keys);
    const Kv* values = reinterpret_cast<const Kv*>(from.values);
    float* to_keys = reinterpret_cast<float*>(to.keys);
    float* to_values = reinterpret_cast<float*>(to.values);
    const std::int64_t width = kv_width(dim);
    for (std::int64_t i = 0; i < std::int64_t{dim} * kKvBlock; i += kLanes) {
        VecF k = load_kv(keys + i);
        if constexpr (sizeof(Kv) == 1) k *= load(from.key_scale + i % kKvBlock);
        store(to_keys + i, k);
    }
    for (int i = 0; i < kKvBlock; ++i)
        for (std::int64_t c = 0; c < width; c += kLanes) {
            VecF v = load_kv(values + i * width + c);
            if constexpr (sizeof(Kv) == 1) v *= from.value_scale[i];
            store(to_values + i * width + c, v);
        }
}

void expand_block(const KvBlock& from, int dim, const KvBlock& to) {
    if (from.type == KvType::F16)
        expand_from<Half>(from, dim, to);
    else if (from.type == KvType::F32)
        expand_from<float>(from, dim, to);
    else
        expand_from<Byte>(from, dim, to);
}
