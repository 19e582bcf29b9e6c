#pragma once

#include "engine/backend/backend.h"
#include "engine/backend/cuda/card_sampler.h"
#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/decode_step.h"
#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/kv_pool.h"
#include "engine/backend/cuda/library_products.h"
#include "engine/backend/cuda/recurrent_state.h"
#include "engine/backend/cuda/step_buffers.h"
#include "engine/model/hparams.h"
#include "engine/state/memory_plan.h"

#include <memory>
#include <mutex>
#include <vector>

namespace lares::cuda {

/// Places in the device's memory for the recurrent states of snapshots. Thread safe.
class StateSlots {
public:
    /// Errors: OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<std::shared_ptr<StateSlots>> make(
        const std::shared_ptr<Device>& device, std::size_t slot_bytes, int n_slot);

    /// nullptr where all are taken. The deleter gives the place back.
    [[nodiscard]] static std::shared_ptr<std::byte> take_or_null(
        const std::shared_ptr<StateSlots>& slots);

private:
    StateSlots() = default;

    DeviceMemory m_memory;
    std::mutex m_mutex;
    std::vector<std::byte*> m_free;
};

/// One sequence on a graphics card. A step of one token is a graph that is captured when the
/// backend is made, and so is sampling; a longer step is launched block by block. Everything is
/// allocated by `make`.
/// In an answer the host replays the two graphs in turn, and waits once a token, for its id: a step
/// whose logits stay here is only queued, so that it computes while the host deals with the token.
/// A trial is a graph, too, one for each number of tokens; its logits stay here, and the host waits
/// for each pick from them.
class CudaBackend final : public Backend {
public:
    /// `hparams` must outlive it (Session holds the Model). Errors: Unsupported (the model's
    /// shape), OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<std::unique_ptr<CudaBackend>> make(
        const HParams& hparams,
        std::shared_ptr<const CudaWeights> weights,
        const CudaOptions& options);
    ~CudaBackend() override;

    [[nodiscard]] int max_batch() const override { return m_options.max_batch; }
    [[nodiscard]] Result<void> begin(std::span<const TokenId> tokens,
                                     std::stop_token stop) override;
    void mamba2_block(int layer) override;
    void attention_block(int layer) override;
    void mlp_block(int layer) override;
    [[nodiscard]] Result<void> logits(int row, std::span<float> out) override;
    [[nodiscard]] Result<void> end() override;
    void abandon() override;
    [[nodiscard]] int max_trial() const override {
        return m_buffers.n_trial > 1 ? m_buffers.n_trial : 0;
    }
    /// By what a token adds to the bytes of a step (4 % of those of the 4B in Q4_K_M, with its part
    /// of the state that is read once more), to the instructions of products (a tenth of what a
    /// card can issue in the time of the bytes, more on a large one), to attention (all of it once
    /// more, from L2) and to the host (a pick that it waits for). Not measured yet.
    [[nodiscard]] int trial_token_cost() const override { return 25; }
    [[nodiscard]] Result<void> begin_trial(std::span<const TokenId> tokens) override;
    void use_trial_logits(int row) override;
    void end_trial(int n_kept) override;
    [[nodiscard]] BackendSampler* sampler_or_null() override { return m_sampler.get(); }
    [[nodiscard]] Result<TokenId> pick_and_read() override;

    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot() const override;
    [[nodiscard]] Result<void> restore(const BackendSnapshot& snapshot) override;
    [[nodiscard]] Result<StateBytes> bytes_of(
        const std::shared_ptr<const BackendSnapshot>& snapshot) const override;
    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot_of(
        const StateBytes& bytes) override;
    void clear() override;
    /// In the device's memory; all of it is there from the start.
    [[nodiscard]] std::size_t memory_bytes() const override { return memory_plan().session(); }
    /// The same by owner; `weights` stays 0, snapshots count as state.
    [[nodiscard]] MemoryPlan memory_plan() const;
    [[nodiscard]] std::string library_text() const override { return m_library.text(); }

private:
    CudaBackend(const HParams& hparams,
                std::shared_ptr<const CudaWeights> weights,
                const CudaOptions& options);
    Result<void> allocate();
    [[nodiscard]] Result<std::unique_ptr<Graph>> capture(
        const std::vector<kernels::Launch>& launches);
    [[nodiscard]] Sequence sequence() const;

    const HParams& m_hparams;
    std::shared_ptr<const CudaWeights> m_weights;
    std::shared_ptr<Device> m_device;
    CudaOptions m_options;
    RecurrentLayout m_layout;
    std::vector<int> m_index_in_kind;  // layer -> which Mamba or attention layer it is

    DeviceMemory m_work;
    StepBuffers m_buffers;
    DeviceMemory m_recurrent;
    DeviceMemory m_before;  // the recurrent state before a step that can be stopped
    LibraryProducts m_library;
    std::shared_ptr<StateSlots> m_slots;
    std::unique_ptr<KvTable> m_kv;
    std::unique_ptr<CardSampler> m_sampler;
    std::unique_ptr<Graph> m_decode;
    std::vector<std::unique_ptr<Graph>> m_trials;  // of 2 tokens, of 3, …

    int m_position = 0;
    int m_n = 0;                    // tokens of the step
    bool m_is_stoppable = false;    // the step
    bool m_is_queued_only = false;  // likewise: the host does not wait for it
    bool m_is_whole = false;        // likewise: all of it is queued, blocks have nothing to do
};

}  // namespace lares::cuda
