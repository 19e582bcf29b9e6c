// Products with packed matrices (packed_matrix.h), for kernels_impl.h. Included once per
// instruction set, inside its own namespace. A vector holds kLanes of a group's 16 rows: all of
// them with AVX-512, else the halves (NEON: quarters) one after the other.
//
// One 32-bit lane takes four columns of its row at a time, times the same four activations, which
// are broadcast: nothing is summed across lanes, and scales are loaded as they lie.

/// Tokens whose sums one pass over a group keeps in registers.
inline constexpr int kTileTokens = kLanes == 16 ? 12 : kHas32Registers ? 8 : 4;

/// Products of four bytes that can be added in 16 bits, for weights that need up to 4, 5 or 6 bits:
/// 8 * 2 * 15 * 127 = 30480, 4 * 2 * 31 * 127 = 31496, 2 * 2 * 63 * 127 = 32004.
template <DType kType>
inline constexpr int kSumsIn16Bits = stored_bits(packed_traits(kType)) <= 4   ? 8
                                     : stored_bits(packed_traits(kType)) == 5 ? 4
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

/// y[t * ldy + 16 * group …] = w · x_t for kTokens tokens from `first` on and one group. A chunk is
/// unpacked once for all of them; each token's sums are added up in the order in which they are for
/// one, so that they are the same to the bit. `ahead`: the group that comes next, or null.
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
        case DType::Q2_K:
            return &kPackedKernels<DType::Q2_K>;
        case DType::Q3_K:
            return &kPackedKernels<DType::Q3_K>;
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
