#include "engine/backend/cuda/step_buffers.h"

#include "kernels/matvec.h"

#include <algorithm>

namespace lares::cuda {
namespace {

constexpr std::size_t kBufferAlignment = 256;

/// Hands out pieces of one allocation, or only counts.
class Carver {
public:
    explicit Carver(std::byte* base_or_null) : m_base(base_or_null) {}

    template <class T>
    T* take(std::int64_t n) {
        const std::size_t at = m_size;
        m_size += (static_cast<std::size_t>(n) * sizeof(T) + kBufferAlignment - 1) /
                  kBufferAlignment * kBufferAlignment;
        return m_base ? reinterpret_cast<T*>(m_base + at) : nullptr;
    }
    kernels::Q8Vector take_q8(std::int64_t rows, std::int64_t cols) {
        const std::int64_t padded = (cols + 31) / 32 * 32;
        return {take<std::int8_t>(rows * padded), take<kernels::Q8Meta>(rows * padded / 32)};
    }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    std::byte* m_base;
    std::size_t m_size = 0;
};

/// Enough blocks for two on each multiprocessor, and at least 64 positions for each.
int split_of(const HParams& hp, const CudaOptions& options, int n_multiprocessor) {
    const int heads = hp.head_dim == 128 && hp.n_head == 5 * hp.n_kv_head ? 5 : 1;
    const int wanted =
        static_cast<int>(kernels::ceil_div(2 * std::int64_t{n_multiprocessor}, hp.n_head / heads));
    const int most = static_cast<int>(kernels::ceil_div(options.n_ctx, kernels::kKvBlock));
    return std::clamp(wanted, 1, std::min(most, 64));
}

}  // namespace

kernels::TrialRow trial_row_of(const HParams& hp) {
    return {hp.n_ssm_head, hp.ssm_head_dim, hp.d_state, hp.n_group};
}

StepBuffers StepBuffers::carve(const HParams& hp,
                               const CudaOptions& options,
                               int n_multiprocessor,
                               std::byte* base_or_null,
                               std::size_t& total_bytes) {
    const std::int64_t n = options.max_batch;
    Carver carver(base_or_null);
    StepBuffers b;
    static_assert(kernels::kMaxTrialTokens <= kernels::kMaxVectors);
    b.n_trial = std::min(kernels::kMaxTrialTokens, options.max_batch);
    const std::int64_t n_trial = b.n_trial;
    std::int64_t wide = std::max<std::int64_t>(hp.d_ff, hp.d_q() + 2 * std::int64_t{hp.d_kv()});
    if (hp.n_layer(LayerKind::Mamba2) > 0) {
        wide = std::max<std::int64_t>(wide, hp.d_in_proj());
        b.xBC = carver.take<float>(n * hp.d_conv_channels());
        b.dt = carver.take<float>(n * hp.n_ssm_head);
        b.mamba_squares = carver.take<float>(
            n_trial * hp.n_group * std::int64_t{kernels::ceil_div(hp.d_inner() / hp.n_group, 32)});
        b.trial_kept =
            carver.take<float>(hp.n_layer(LayerKind::Mamba2) * n_trial * trial_row_of(hp).size);
    }
    if (hp.n_layer(LayerKind::Attention) > 0) {
        b.n_split = split_of(hp, options, n_multiprocessor);
        const std::int64_t parts = n_trial * hp.n_head * b.n_split;
        b.attention_partial = carver.take<float>(parts * hp.head_dim);
        b.attention_partial_ml = carver.take<float>(parts * 2);
        b.attention_arrived = carver.take<std::uint32_t>(n_trial * hp.n_head);
    }
    const std::int64_t inner = std::max(hp.d_inner(), hp.d_q());
    b.x = carver.take<float>(n * hp.d_model);
    b.h = carver.take<float>(n * hp.d_model);
    b.h_q8 = carver.take_q8(n, hp.d_model);
    b.wide = carver.take<float>(n * wide);
    b.inner = carver.take<float>(n * inner);
    b.inner_q8 = carver.take_q8(n, std::max<std::int64_t>(inner, hp.d_ff));
    b.logits = carver.take<float>(n_trial * hp.n_vocab);
    b.tokens = carver.take<std::int32_t>(n);
    b.sequence = carver.take<kernels::SampleState>(1);
    b.sample_work = carver.take<float>(hp.n_vocab);
    b.sample_listed = carver.take<std::int32_t>(hp.n_vocab);
    b.sample_allowed = carver.take<std::uint32_t>((hp.n_vocab + 31) / 32);
    b.sample_seen = carver.take<std::uint32_t>(hp.n_vocab);
    b.n_window = options.n_ctx + 1;
    b.sample_window = carver.take<std::int32_t>(b.n_window);
    b.sample_settings = carver.take<kernels::SampleSettings>(1);
    b.sample_bins = carver.take<kernels::SampleBins>(1);
    total_bytes = carver.size();
    return b;
}

std::size_t step_buffers_bytes(const HParams& hparams,
                               const CudaOptions& options,
                               int n_multiprocessor) {
    std::size_t bytes = 0;
    StepBuffers::carve(hparams, options, n_multiprocessor, nullptr, bytes);
    return bytes;
}

}  // namespace lares::cuda
