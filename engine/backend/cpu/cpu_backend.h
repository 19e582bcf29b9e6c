#pragma once

#include "engine/backend/backend.h"
#include "engine/backend/cpu/attention.h"
#include "engine/backend/cpu/kernels.h"
#include "engine/backend/cpu/linear.h"
#include "engine/backend/cpu/ssd.h"
#include "engine/backend/input_observer.h"
#include "engine/base/thread_pool.h"
#include "engine/model/hparams.h"
#include "engine/model/weights.h"
#include "engine/state/kv_cache.h"
#include "engine/state/memory_plan.h"
#include "engine/tensor/tensor_buffer.h"

#include <memory>

namespace lares::cpu {

/// How a CpuBackend computes.
struct CpuOptions {
    int n_threads = 1;
    int n_ctx = 4096;
    int max_batch = 256;
    KvType kv_type = KvType::F16;
    InputObserver* observer = nullptr;  ///< borrowed; null: nobody looks
};

/// One sequence on the CPU. State and activations are f32, keys and values of the chosen type.
class CpuBackend final : public Backend {
public:
    /// `hparams` and `weights` must outlive it (Session holds the Model). `packed` null: exact,
    /// dequantised weights times f32 activations. Throws std::bad_alloc.
    CpuBackend(const HParams& hparams,
               const Weights& weights,
               std::shared_ptr<const PackedWeights> packed,
               const Kernels& kernels,
               const CpuOptions& options);

    [[nodiscard]] int max_batch() const override { return m_options.max_batch; }
    [[nodiscard]] Result<void> begin(std::span<const TokenId> tokens,
                                     std::stop_token stop) override;
    void mamba2_block(int layer) override;
    void attention_block(int layer) override;
    void mlp_block(int layer) override;
    [[nodiscard]] Result<void> logits(int row, std::span<float> out) override;
    [[nodiscard]] Result<void> end() override;
    void abandon() override;

    [[nodiscard]] int max_trial() const override;
    [[nodiscard]] int trial_token_cost() const override { return 40; }  // BENCHMARKS.md, drafts
    [[nodiscard]] Result<void> begin_trial(std::span<const TokenId> tokens) override;
    void trial_logits(std::span<float> out) override;
    void end_trial(int n_kept) override;

    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot() const override;
    [[nodiscard]] Result<void> restore(const BackendSnapshot& snapshot) override;
    [[nodiscard]] Result<StateBytes> bytes_of(
        const std::shared_ptr<const BackendSnapshot>& snapshot) const override;
    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot_of(
        const StateBytes& bytes) override;
    void clear() override;
    [[nodiscard]] std::size_t memory_bytes() const override;

    /// The most that memory_bytes() will be, by owner; `weights` stays 0. Linear's share is an
    /// estimate from above.
    [[nodiscard]] static MemoryPlan memory_plan(const HParams& hparams, const CpuOptions& options);

private:
    /// Calls body(token) for the step's tokens, shared among the threads.
    template <class Body>
    void for_each_token(const Body& body) {
        const std::int64_t grain = m_n <= Linear::kFewRows ? 1 : 4;
        m_pool.parallel_for(m_n, grain, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t token = begin; token < end; ++token) body(static_cast<int>(token));
        });
    }

    /// What a Mamba layer's state depends on, a row for each token: x, B and C before the
    /// convolution, then dt before softplus.
    struct StateInputs {
        const float* first;
        std::int64_t stride;
        [[nodiscard]] const float* row(std::int64_t token) const { return first + token * stride; }
    };

    [[nodiscard]] Result<void> reserve_positions(std::size_t n);
    void start(std::span<const TokenId> tokens);
    void norm_input(const LayerWeights& layer);
    void multiply(const TensorView& w, float* y, std::int64_t ldy);
    void show_output_inputs();
    void add_output();
    void convolve(const Mamba2Weights& w, const StateInputs& in, int mamba);
    void keep_conv_inputs(const StateInputs& in, int mamba);
    void time_steps(const Mamba2Weights& w, const StateInputs& in);
    [[nodiscard]] Ssd::Input ssd_input(const Mamba2Weights& w) const;
    void gate_and_norm(const Mamba2Weights& w);
    void keep_state_before(int mamba);

    // Trials (cpu_trial.cpp).
    [[nodiscard]] StateInputs trial_inputs(int mamba) const;
    [[nodiscard]] std::int64_t trial_width() const;
    void keep_trial_inputs(int mamba);
    void advance(int layer, int mamba);

    [[nodiscard]] float* conv_state(int mamba) {
        return m_recurrent.data() + mamba * m_layer_state;
    }
    [[nodiscard]] float* ssm_state(int mamba) {
        return conv_state(mamba) + m_hparams.conv_state_size();
    }
    [[nodiscard]] const float* in_proj_row(int token) const {
        return m_wide.data() + std::int64_t{token} * m_hparams.d_in_proj();
    }

    const HParams& m_hparams;
    const Weights& m_weights;
    const Kernels& m_kernels;
    CpuOptions m_options;
    ThreadPool m_pool;
    Linear m_linear;
    Ssd m_ssd;
    Attention m_attention;

    // State of the sequence.
    int m_position = 0;
    std::int64_t m_layer_state;       // floats of one Mamba layer: conv_state [d_conv - 1,
                                      // d_conv_channels], then ssm_state
    TensorBuffer<float> m_recurrent;  // [Mamba layers, m_layer_state]
    KvCache m_kv;

    // The recurrent state before the step, for steps that can be stopped: a layer is copied when
    // its block begins. Keys and values need none: those after m_position do not count.
    TensorBuffer<float> m_before;  // as m_recurrent; made for the first such step
    bool m_is_stoppable = false;   // this step
    int m_n_kept = 0;              // Mamba layers that were copied

    // The inputs of the state for a trial's tokens: the blocks leave the state as it is, and
    // end_trial advances it by the tokens that are kept.
    TensorBuffer<float> m_trial;  // [Mamba layers, max_trial(), trial_width()]; made for the first
    bool m_is_trial = false;      // this step

    // Per layer, prepared once.
    std::vector<int> m_index_in_kind;  // layer -> which Mamba or attention layer it is
    std::vector<TensorBuffer<float>> m_conv_weight;  // [d_conv, d_conv_channels], taps outermost

    // Work buffers of one step, [max_batch, …].
    int m_n = 0;
    TensorBuffer<float> m_x;      // residual stream, d_model
    TensorBuffer<float> m_h;      // normed input of a block, d_model
    TensorBuffer<float> m_wide;   // in_proj, up_proj, or q, k, v
    TensorBuffer<float> m_xBC;    // after the convolution, d_conv_channels
    TensorBuffer<float> m_dt;     // n_ssm_head
    TensorBuffer<float> m_inner;  // output of scan or attention, max(d_inner, d_q)
    TensorBuffer<float> m_out;    // output of a block, d_model
};

}  // namespace lares::cpu
