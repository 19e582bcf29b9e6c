#pragma once

#include "engine/backend/backend_sampler.h"
#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/device_memory.h"
#include "engine/backend/cuda/step_buffers.h"
#include "kernels/sample.h"

#include <cstdint>
#include <memory>
#include <span>

namespace lares::cuda {

/// Sampling on the card: the kernels of kernels/sample.h as a graph, and the words of device memory
/// that they share with a step: the sequence's token and position. A pick costs the host one replay
/// and one wait; what was picked, the card writes to the host's memory. Allocates only when made.
class CardSampler final : public BackendSampler {
public:
    /// Temperatures below it, but for 0, are the SamplerChain's: in f32 logits divided by them
    /// leave too few bits to the noise.
    static constexpr float kLeastTemperature = 1e-3F;

    /// `buffers` borrowed, zero at first. Errors: OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<std::unique_ptr<CardSampler>> make(std::shared_ptr<Device> device,
                                                                   const StepBuffers& buffers,
                                                                   int n_vocab,
                                                                   int max_batch);

    [[nodiscard]] bool takes(const SamplingParams& params) const override;
    void start(const SamplingParams& params, std::span<const TokenId> history) override;
    void accept(std::span<const TokenId> tokens) override;
    void allow(std::shared_ptr<const TokenMask> allowed) override;
    [[nodiscard]] Result<TokenId> pick() override;
    /// pick() in two parts: what is queued between them runs without waiting for the host.
    void queue_pick();
    [[nodiscard]] Result<TokenId> wait_for_pick();
    void set_logits(std::span<const float> logits) override;
    [[nodiscard]] Result<void> read_logits(std::span<float> out) const override;

    /// The token and the position that the next step begins with; nothing is copied where a pick
    /// has left just these.
    void go_to(TokenId token, int position);
    /// The position of the step that reads the next pick.
    void pick_for(int position) { go_to(m_token, position - 1); }

private:
    CardSampler(std::shared_ptr<Device> device,
                const StepBuffers& buffers,
                int n_vocab,
                int max_batch);

    std::shared_ptr<Device> m_device;
    StepBuffers m_buffers;
    int m_n_vocab;
    int m_max_batch;
    HostMemory m_picked;  // a SamplePicked that the device writes to
    std::unique_ptr<Graph> m_graph;

    kernels::SampleSettings m_settings;          // as on the device
    std::shared_ptr<const TokenMask> m_allowed;  // likewise, where settings have a mask
    TokenId m_token = 0;                         // likewise, SampleState's
    int m_position = 0;
};

}  // namespace lares::cuda
