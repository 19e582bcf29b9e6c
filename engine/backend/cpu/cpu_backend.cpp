#include "engine/backend/cpu/cpu_backend.h"

#include "engine/tensor/dequantize.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace lares::cpu {
namespace {

struct CpuSnapshot final : BackendSnapshot {
    int position = 0;
    TensorBuffer<float> recurrent;
    KvCache::Prefix kv;

    [[nodiscard]] std::size_t size_bytes() const override { return recurrent.size_bytes(); }
};

std::int64_t widest_input(const HParams& hp) {
    return std::max<std::int64_t>({hp.d_model, hp.d_inner(), hp.d_q(), hp.d_ff});
}

std::int64_t widest_output(const HParams& hp) {
    std::int64_t wide = std::max<std::int64_t>(hp.d_ff, hp.d_q() + 2 * std::int64_t{hp.d_kv()});
    if (hp.n_layer(LayerKind::Mamba2) > 0) wide = std::max<std::int64_t>(wide, hp.d_in_proj());
    return wide;
}

const float* floats(const TensorView& tensor) {
    return reinterpret_cast<const float*>(tensor.data);
}

/// What Linear holds: the quantised input with its scales and sums, and for each thread a tile of
/// f32 rows and a block of unpacked weights.
std::size_t linear_bytes_at_most(std::size_t n_threads, std::size_t rows, std::int64_t max_cols) {
    constexpr std::size_t kUnpackedBytes = std::size_t{384} << 10;
    const auto cols = static_cast<std::size_t>(padded(max_cols));
    return rows * cols * 3 / 2 + n_threads * (kTileRows * cols * sizeof(float) + kUnpackedBytes);
}

TensorBuffer<float> rows_of(int n, std::int64_t width) {
    return TensorBuffer<float>(static_cast<std::size_t>(n) * static_cast<std::size_t>(width));
}

/// softplus(a) = log(1 + e^a); above 20 it is `a` to the last bit of a float (spec: nemotron-h.md
/// §2.3).
float softplus(float a) {
    return a > 20.0F ? a : std::log1p(std::exp(a));
}

/// The convolution's weights with the taps outermost, so that channels are contiguous.
TensorBuffer<float> transpose_taps(const TensorView& weight) {
    const std::int64_t channels = weight.rows();
    const std::int64_t taps = weight.cols();
    TensorBuffer<float> out(static_cast<std::size_t>(channels * taps));
    for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t k = 0; k < taps; ++k)
            out[static_cast<std::size_t>(k * channels + c)] = floats(weight)[c * taps + k];
    return out;
}

}  // namespace

CpuBackend::CpuBackend(const HParams& hparams,
                       const Weights& weights,
                       std::shared_ptr<const PackedWeights> packed,
                       const Kernels& kernels,
                       const CpuOptions& options)
    : m_hparams(hparams)
    , m_weights(weights)
    , m_kernels(kernels)
    , m_options(options)
    , m_pool(options.n_threads)
    , m_linear(kernels, m_pool, std::move(packed), options.max_batch, widest_input(hparams))
    , m_ssd(kernels, m_pool, hparams, options.max_batch)
    , m_attention(kernels, m_pool, hparams)
    , m_layer_state(hparams.n_layer(LayerKind::Mamba2) > 0
                        ? hparams.conv_state_size() + hparams.ssm_state_size()
                        : 0)
    , m_recurrent(static_cast<std::size_t>(m_layer_state * hparams.n_layer(LayerKind::Mamba2)))
    , m_kv(hparams, options.kv_type)
    , m_x(rows_of(options.max_batch, hparams.d_model))
    , m_h(rows_of(options.max_batch, hparams.d_model))
    , m_wide(rows_of(options.max_batch, widest_output(hparams)))
    , m_xBC(rows_of(options.max_batch, hparams.d_conv_channels()))
    , m_dt(rows_of(options.max_batch, hparams.n_ssm_head))
    , m_inner(rows_of(options.max_batch, std::max(hparams.d_inner(), hparams.d_q())))
    , m_out(rows_of(options.max_batch, hparams.d_model)) {
    int n_mamba = 0;
    int n_attention = 0;
    for (std::size_t i = 0; i < hparams.layers.size(); ++i) {
        const bool is_mamba = hparams.layers[i] == LayerKind::Mamba2;
        m_index_in_kind.push_back(is_mamba ? n_mamba : n_attention);
        if (is_mamba) {
            m_conv_weight.push_back(
                transpose_taps(std::get<Mamba2Weights>(weights.layers[i].mixer).conv_weight));
            ++n_mamba;
        } else if (hparams.layers[i] == LayerKind::Attention) {
            ++n_attention;
        }
    }
}

Result<void> CpuBackend::begin(std::span<const TokenId> tokens, std::stop_token stop) {
    const bool is_stoppable = tokens.size() > 1 && stop.stop_possible();
    if (is_stoppable && m_before.size() == 0) {
        try {
            m_before = TensorBuffer<float>(m_recurrent.size());
        } catch (const std::bad_alloc&) {
            return Error{ErrorCode::OutOfMemory, "no memory for a second state (" +
                                                     std::to_string(m_recurrent.size_bytes()) +
                                                     " bytes)"};
        }
    }
    RETURN_IF_ERROR(reserve_positions(tokens.size()));
    m_n_kept = 0;
    m_is_stoppable = is_stoppable;
    m_is_trial = false;
    if (is_stoppable) m_pool.set_stop(std::move(stop));
    start(tokens);
    return {};
}

Result<void> CpuBackend::reserve_positions(std::size_t n) {
    try {
        m_kv.reserve(m_position, m_position + static_cast<int>(n));
        return {};
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory,
                     "no memory for the keys and values of " + std::to_string(n) +
                         " more tokens (" + std::to_string(m_kv.block_bytes()) +
                         " bytes for each " + std::to_string(KvCache::kBlock) + ")"};
    }
}

void CpuBackend::start(std::span<const TokenId> tokens) {
    m_n = static_cast<int>(tokens.size());
    const TensorView& table = m_weights.token_embedding;
    for_each_token([&](int i) {
        dequantize_row(table, tokens[static_cast<std::size_t>(i)],
                       m_x.data() + std::int64_t{i} * m_hparams.d_model);
    });
}

void CpuBackend::norm_input(const LayerWeights& layer) {
    const std::int64_t d = m_hparams.d_model;
    for_each_token([&](int i) {
        m_kernels.rms_norm(m_x.data() + i * d, floats(layer.norm), m_h.data() + i * d, d,
                           m_hparams.norm_eps);
    });
    m_linear.set_input(m_h.data(), m_n, d);
}

/// The linear part's product, and a look at its input for whoever wants one.
void CpuBackend::multiply(const TensorView& w, float* y, std::int64_t ldy) {
    if (m_options.observer) m_options.observer->on_input(w, m_linear.input());
    m_linear.multiply(w, y, ldy);
}

/// Only the rows whose logits are wanted are multiplied with the output matrix, but all rows tell
/// what such rows look like.
void CpuBackend::show_output_inputs() {
    const std::int64_t d = m_hparams.d_model;
    for_each_token([&](int i) {
        m_kernels.rms_norm(m_x.data() + i * d, floats(m_weights.output_norm), m_h.data() + i * d, d,
                           m_hparams.norm_eps);
    });
    m_options.observer->on_input(m_weights.output,
                                 std::span(m_h.data(), static_cast<std::size_t>(m_n * d)));
}

void CpuBackend::add_output() {
    const std::int64_t d = m_hparams.d_model;
    for_each_token([&](int i) { m_kernels.add(m_x.data() + i * d, m_out.data() + i * d, d); });
}

Result<void> CpuBackend::end() {
    if (m_options.observer) show_output_inputs();
    m_position += m_n;
    m_pool.set_stop({});
    return {};
}

void CpuBackend::abandon() {
    std::copy_n(m_before.data(), m_n_kept * m_layer_state, m_recurrent.data());
    m_pool.set_stop({});
}

/// OPTIMIZATION: copied layer by layer, just before the block reads the same memory: 85 MB for a
/// step of the 4B that takes seconds.
void CpuBackend::keep_state_before(int mamba) {
    if (!m_is_stoppable) return;
    std::copy_n(m_recurrent.data() + mamba * m_layer_state, m_layer_state,
                m_before.data() + mamba * m_layer_state);
    m_n_kept = mamba + 1;
}

// ---- Mamba-2 (spec: nemotron-h.md §2.3) ---------------------------------------------------------

void CpuBackend::mamba2_block(int layer) {
    const LayerWeights& weights = m_weights.layers[static_cast<std::size_t>(layer)];
    const auto& w = std::get<Mamba2Weights>(weights.mixer);
    const int mamba = m_index_in_kind[static_cast<std::size_t>(layer)];

    norm_input(weights);
    multiply(w.in_proj, m_wide.data(), m_hparams.d_in_proj());
    const StateInputs in{m_wide.data() + m_hparams.d_inner(), m_hparams.d_in_proj()};
    keep_state_before(mamba);
    convolve(w, in, mamba);
    time_steps(w, in);
    if (m_is_trial) {
        keep_trial_inputs(mamba);
        m_ssd.recur_on_copy(ssd_input(w), ssm_state(mamba), m_inner.data());
    } else {
        keep_conv_inputs(in, mamba);
        m_ssd.run(ssd_input(w), ssm_state(mamba), m_inner.data());
    }
    gate_and_norm(w);
    m_linear.set_input(m_inner.data(), m_n, m_hparams.d_inner());
    multiply(w.out_proj, m_out.data(), m_hparams.d_model);
    add_output();
}

Ssd::Input CpuBackend::ssd_input(const Mamba2Weights& w) const {
    return {m_xBC.data(), m_hparams.d_conv_channels(), m_dt.data(), floats(w.A), floats(w.D), m_n};
}

/// Causal convolution over x, B and C of the step, with the kept inputs as left context.
void CpuBackend::convolve(const Mamba2Weights& w, const StateInputs& in, int mamba) {
    const std::int64_t channels = m_hparams.d_conv_channels();
    const int d_conv = m_hparams.d_conv;
    const float* weight = m_conv_weight[static_cast<std::size_t>(mamba)].data();
    const float* state = conv_state(mamba);
    const auto channels_of = [&](int token, std::int64_t begin, std::int64_t end) {
        const float* inputs[16];  // d_conv <= 16, checked in validate(HParams)
        for (int k = 0; k < d_conv; ++k) {
            const int from = token - (d_conv - 1) + k;
            inputs[k] = begin + (from >= 0 ? in.row(from) : state + (from + d_conv - 1) * channels);
        }
        m_kernels.conv_silu(inputs, d_conv, weight + begin, channels, floats(w.conv_bias) + begin,
                            m_xBC.data() + token * channels + begin, end - begin);
    };
    if (m_n <= Linear::kFewRows)
        m_pool.parallel_for(channels, 2048, [&](std::int64_t begin, std::int64_t end, int) {
            for (int token = 0; token < m_n; ++token) channels_of(token, begin, end);
        });
    else
        for_each_token([&](int token) { channels_of(token, 0, channels); });
}

/// The last d_conv - 1 inputs of the convolution become its state.
void CpuBackend::keep_conv_inputs(const StateInputs& in, int mamba) {
    const std::int64_t channels = m_hparams.d_conv_channels();
    const int n_kept = m_hparams.d_conv - 1;
    float* state = conv_state(mamba);
    for (int k = 0; k < n_kept; ++k) {
        const int from = m_n - n_kept + k;
        const float* input = from >= 0 ? in.row(from) : state + (from + n_kept) * channels;
        std::copy_n(input, channels, state + k * channels);
    }
}

void CpuBackend::time_steps(const Mamba2Weights& w, const StateInputs& in) {
    const int n_head = m_hparams.n_ssm_head;
    for_each_token([&](int i) {
        const float* raw = in.row(i) + m_hparams.d_conv_channels();
        for (int h = 0; h < n_head; ++h)
            m_dt[static_cast<std::size_t>(i * n_head + h)] =
                softplus(raw[h] + floats(w.dt_bias)[h]);
    });
}

/// Gate first, then RMSNorm within each group of channels.
void CpuBackend::gate_and_norm(const Mamba2Weights& w) {
    const std::int64_t group = m_hparams.d_inner() / m_hparams.n_group;
    const auto norm_group = [&](std::int64_t token, std::int64_t g) {
        float* y = m_inner.data() + token * m_hparams.d_inner() + g * group;
        m_kernels.gate_silu(y, in_proj_row(static_cast<int>(token)) + g * group, group);
        m_kernels.rms_norm(y, floats(w.norm) + g * group, y, group, m_hparams.norm_eps);
    };
    m_pool.parallel_for(std::int64_t{m_n} * m_hparams.n_group, 4,
                        [&](std::int64_t begin, std::int64_t end, int) {
                            for (std::int64_t i = begin; i < end; ++i)
                                norm_group(i / m_hparams.n_group, i % m_hparams.n_group);
                        });
}

// ---- attention ----------------------------------------------------------------------------------

void CpuBackend::attention_block(int layer) {
    const LayerWeights& weights = m_weights.layers[static_cast<std::size_t>(layer)];
    const auto& w = std::get<AttentionWeights>(weights.mixer);
    const std::int64_t width = m_hparams.d_q() + 2 * std::int64_t{m_hparams.d_kv()};
    float* q = m_wide.data();
    float* k = q + m_hparams.d_q();
    float* v = k + m_hparams.d_kv();

    norm_input(weights);
    multiply(w.q_proj, q, width);
    multiply(w.k_proj, k, width);
    multiply(w.v_proj, v, width);
    const Attention::Step step{m_index_in_kind[static_cast<std::size_t>(layer)], m_position, m_n};
    m_attention.store(step, m_kv, k, v, width);
    if (m_is_trial)
        m_attention.run_few(step, m_kv, q, width, m_inner.data());
    else
        m_attention.run(step, m_kv, q, width, m_inner.data());
    m_linear.set_input(m_inner.data(), m_n, m_hparams.d_q());
    multiply(w.o_proj, m_out.data(), m_hparams.d_model);
    add_output();
}

// ---- MLP and head -------------------------------------------------------------------------------

void CpuBackend::mlp_block(int layer) {
    const LayerWeights& weights = m_weights.layers[static_cast<std::size_t>(layer)];
    const auto& w = std::get<MlpWeights>(weights.mixer);
    norm_input(weights);
    multiply(w.up_proj, m_wide.data(), m_hparams.d_ff);
    for_each_token([&](int i) {
        m_kernels.relu2(m_wide.data() + std::int64_t{i} * m_hparams.d_ff, m_hparams.d_ff);
    });
    m_linear.set_input(m_wide.data(), m_n, m_hparams.d_ff);
    multiply(w.down_proj, m_out.data(), m_hparams.d_model);
    add_output();
}

Result<void> CpuBackend::logits(int row, std::span<float> out) {
    const std::int64_t d = m_hparams.d_model;
    m_kernels.rms_norm(m_x.data() + row * d, floats(m_weights.output_norm), m_h.data(), d,
                       m_hparams.norm_eps);
    m_linear.set_input(m_h.data(), 1, d);
    m_linear.multiply(m_weights.output, out.data(), m_hparams.n_vocab);
    return {};
}

// ---- state --------------------------------------------------------------------------------------

Result<std::shared_ptr<const BackendSnapshot>> CpuBackend::snapshot() const {
    auto snapshot = std::make_shared<CpuSnapshot>();
    snapshot->position = m_position;
    snapshot->recurrent = TensorBuffer<float>(m_recurrent.size());
    std::copy_n(m_recurrent.data(), m_recurrent.size(), snapshot->recurrent.data());
    snapshot->kv = m_kv.prefix(m_position);
    return std::shared_ptr<const BackendSnapshot>(std::move(snapshot));
}

Result<void> CpuBackend::restore(const BackendSnapshot& snapshot) {
    const auto& from = static_cast<const CpuSnapshot&>(snapshot);
    m_kv.restore(from.kv);
    std::copy_n(from.recurrent.data(), m_recurrent.size(), m_recurrent.data());
    m_position = from.position;
    return {};
}

Result<StateBytes> CpuBackend::bytes_of(
    const std::shared_ptr<const BackendSnapshot>& snapshot) const {
    const auto& from = static_cast<const CpuSnapshot&>(*snapshot);
    StateBytes bytes{from.position, std::as_bytes(from.recurrent.span()), {}, snapshot};
    for (const auto& block : from.kv.blocks) bytes.kv_blocks.emplace_back(block->span());
    return bytes;
}

Result<std::shared_ptr<const BackendSnapshot>> CpuBackend::snapshot_of(const StateBytes& bytes) {
    RETURN_IF_ERROR(check_sizes(bytes, m_recurrent.size_bytes(), m_kv.block_bytes()));
    auto snapshot = std::make_shared<CpuSnapshot>();
    snapshot->position = bytes.n_positions;
    snapshot->recurrent = TensorBuffer<float>(m_recurrent.size());
    std::ranges::copy(bytes.recurrent, std::as_writable_bytes(snapshot->recurrent.span()).begin());
    snapshot->kv.n_positions = bytes.n_positions;
    for (const auto& block : bytes.kv_blocks) {
        auto copy = std::make_shared<TensorBuffer<std::byte>>(block.size());
        std::ranges::copy(block, copy->data());
        snapshot->kv.blocks.push_back(std::move(copy));
    }
    return std::shared_ptr<const BackendSnapshot>(std::move(snapshot));
}

void CpuBackend::clear() {
    m_kv.clear();
    std::fill_n(m_recurrent.data(), m_recurrent.size(), 0.0F);
    m_position = 0;
}

std::size_t CpuBackend::memory_bytes() const {
    std::size_t total = m_recurrent.size_bytes() + m_before.size_bytes() + m_trial.size_bytes() +
                        m_kv.memory_bytes() + m_linear.memory_bytes() + m_ssd.memory_bytes() +
                        m_attention.memory_bytes();
    for (const auto* buffer : {&m_x, &m_h, &m_wide, &m_xBC, &m_dt, &m_inner, &m_out})
        total += buffer->size_bytes();
    for (const auto& weight : m_conv_weight) total += weight.size_bytes();
    return total;
}

MemoryPlan CpuBackend::memory_plan(const HParams& hp, const CpuOptions& options) {
    const auto n_mamba = static_cast<std::size_t>(hp.n_layer(LayerKind::Mamba2));
    const auto batch = static_cast<std::size_t>(options.max_batch);
    const auto threads = static_cast<std::size_t>(options.n_threads);
    const auto floats_of = [](std::int64_t n) {
        return static_cast<std::size_t>(n) * sizeof(float);
    };

    MemoryPlan plan;
    const std::size_t state = floats_of(hp.conv_state_size() + hp.ssm_state_size()) * n_mamba;
    plan.state = 2 * state;  // m_recurrent and m_before
    plan.kv = KvCache::memory_bytes(hp, options.kv_type, options.n_ctx);
    const std::int64_t activations = 3 * std::int64_t{hp.d_model} + widest_output(hp) +
                                     hp.d_conv_channels() + hp.n_ssm_head +
                                     std::max(hp.d_inner(), hp.d_q());
    plan.work =
        batch * floats_of(activations) +
        n_mamba * floats_of(std::int64_t{hp.d_conv} * hp.d_conv_channels()) +
        linear_bytes_at_most(threads, batch, widest_input(hp)) +
        n_mamba * Linear::kFewRows * floats_of(std::int64_t{hp.d_conv_channels()} + hp.n_ssm_head) +
        Ssd::memory_bytes(hp, options.n_threads, options.max_batch) +
        Attention::memory_bytes(hp, options.n_threads);
    return plan;
}

}  // namespace lares::cpu
