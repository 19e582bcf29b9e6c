#include "engine/backend/cuda/card_sampler.h"

#include "engine/backend/cuda/decode_step.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace lares::cuda {
namespace {

bool has_penalty(const SamplingParams& params) {
    return params.repeat_penalty != 1.0F || params.presence_penalty != 0.0F ||
           params.frequency_penalty != 0.0F;
}

}  // namespace

CardSampler::CardSampler(std::shared_ptr<Device> device,
                         const StepBuffers& buffers,
                         int n_vocab,
                         int max_batch)
    : m_device(std::move(device)), m_buffers(buffers), m_n_vocab(n_vocab), m_max_batch(max_batch) {}

Result<std::unique_ptr<CardSampler>> CardSampler::make(std::shared_ptr<Device> device,
                                                       const StepBuffers& buffers,
                                                       int n_vocab,
                                                       int max_batch) {
    std::unique_ptr<CardSampler> sampler(
        new CardSampler(std::move(device), buffers, n_vocab, max_batch));
    ASSIGN_OR_RETURN(sampler->m_picked,
                     HostMemory::make(sampler->m_device, sizeof(kernels::SamplePicked)));
    sampler->start(SamplingParams::greedy(), {});
    RETURN_IF_ERROR(sampler->m_device->wait());
    sampler->m_device->begin_capture();
    for (const kernels::Launch& launch :
         sample_launches(buffers, n_vocab, sampler->m_picked.as<kernels::SamplePicked>()))
        sampler->m_device->launch(launch);
    ASSIGN_OR_RETURN(sampler->m_graph, sampler->m_device->end_capture());
    return sampler;
}

bool CardSampler::takes(const SamplingParams& params) const {
    return params.temperature == 0.0F || params.temperature >= kLeastTemperature;
}

void CardSampler::start(const SamplingParams& params, std::span<const TokenId> history) {
    m_settings = {};
    m_settings.temperature = params.temperature;
    m_settings.top_p = params.top_p;
    m_settings.min_p = params.min_p;
    m_settings.repeat_penalty = params.repeat_penalty;
    m_settings.presence_penalty = params.presence_penalty;
    m_settings.frequency_penalty = params.frequency_penalty;
    m_settings.top_k = params.top_k;
    // No sequence has more tokens than n_window, so that a longer window would never be full.
    m_settings.penalty_window =
        has_penalty(params) ? std::min(params.penalty_window, m_buffers.n_window) : 0;
    m_settings.seed = params.seed;
    m_device->upload(m_buffers.sample_settings, &m_settings, sizeof m_settings);

    kernels::SampleState state;
    state.token = m_token;
    state.position = m_position;
    m_device->upload(m_buffers.sequence, &state, sizeof state);
    if (m_settings.penalty_window == 0) return;
    m_device->zero(m_buffers.sample_seen,
                   static_cast<std::size_t>(m_n_vocab) * sizeof *m_buffers.sample_seen);
    accept(history);
}

void CardSampler::accept(std::span<const TokenId> tokens) {
    const auto window = static_cast<std::size_t>(m_settings.penalty_window);
    if (tokens.size() > window) tokens = tokens.last(window);
    while (!tokens.empty()) {
        const auto part =
            tokens.first(std::min(tokens.size(), static_cast<std::size_t>(m_max_batch)));
        m_device->upload(m_buffers.tokens, part.data(), part.size_bytes());
        m_device->launch(kernels::sample_accept_launch({.tokens = m_buffers.tokens,
                                                        .seen = m_buffers.sample_seen,
                                                        .window = m_buffers.sample_window,
                                                        .settings = m_buffers.sample_settings,
                                                        .state = m_buffers.sequence,
                                                        .n = static_cast<std::int32_t>(part.size()),
                                                        .n_vocab = m_n_vocab}));
        tokens = tokens.subspan(part.size());
    }
}

void CardSampler::allow(std::shared_ptr<const TokenMask> allowed) {
    if (allowed && allowed != m_allowed) {
        const auto words = allowed->words();
        m_device->upload(m_buffers.sample_allowed, words.data(), words.size_bytes());
    }
    const std::int32_t has_mask = allowed ? 1 : 0;
    if (has_mask != m_settings.has_mask) {
        m_settings.has_mask = has_mask;
        m_device->upload(&m_buffers.sample_settings->has_mask, &has_mask, sizeof has_mask);
    }
    // Kept beyond its use: while it lives, no other mask has its address.
    if (allowed) m_allowed = std::move(allowed);
}

Result<TokenId> CardSampler::pick() {
    queue_pick();
    return wait_for_pick();
}

void CardSampler::queue_pick() {
    m_device->replay(*m_graph);
    m_device->mark();
}

Result<TokenId> CardSampler::wait_for_pick() {
    RETURN_IF_ERROR(m_device->wait_for_mark());
    const auto& picked = *m_picked.as<const kernels::SamplePicked>();
    m_token = picked.token;
    m_position = picked.position;
    if (picked.status == kernels::SampleStatus::NoFiniteLogit)
        return Error{ErrorCode::Internal, "the model computed no finite logit"};
    return m_token;
}

void CardSampler::set_logits(std::span<const float> logits) {
    m_device->upload(m_buffers.logits, logits.data(), logits.size_bytes());
}

Result<void> CardSampler::read_logits(std::span<float> out) const {
    return m_device->download(out.data(), m_buffers.logits, out.size_bytes());
}

void CardSampler::go_to(TokenId token, int position) {
    if (token == m_token && position == m_position) return;
    m_token = token;
    m_position = position;
    static_assert(offsetof(kernels::SampleState, position) ==
                  offsetof(kernels::SampleState, token) + sizeof(std::int32_t));
    const std::int32_t token_and_position[] = {token, position};
    m_device->upload(&m_buffers.sequence->token, token_and_position, sizeof token_and_position);
}

}  // namespace lares::cuda
