#include "engine/backend/cuda/cuda_backend.h"

#include "engine/backend/cuda/prefill_step.h"
#include "engine/tensor/tensor_buffer.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lares::cuda {
namespace {

/// The recurrent state lies on the device, or in host memory where the device has no place left.
struct CudaSnapshot final : BackendSnapshot {
    int position = 0;
    std::size_t bytes = 0;
    std::shared_ptr<StateSlots> slots;  // of the backend that made it
    std::shared_ptr<std::byte> on_device;
    TensorBuffer<std::byte> on_host;
    KvTable::Prefix kv;

    [[nodiscard]] std::size_t size_bytes() const override { return bytes; }
};

Error another_sessions() {
    return {ErrorCode::InvalidArgument, "the snapshot is of another session on the card"};
}

}  // namespace

Result<std::shared_ptr<StateSlots>> StateSlots::make(const std::shared_ptr<Device>& device,
                                                     std::size_t slot_bytes,
                                                     int n_slot) {
    std::shared_ptr<StateSlots> slots(new StateSlots);
    const auto n = static_cast<std::size_t>(n_slot);
    ASSIGN_OR_RETURN(slots->m_memory, DeviceMemory::make(device, n * slot_bytes));
    slots->m_free.reserve(n);
    if (slot_bytes != 0)
        for (std::size_t i = 0; i < n; ++i)
            slots->m_free.push_back(slots->m_memory.data() + i * slot_bytes);
    return slots;
}

std::shared_ptr<std::byte> StateSlots::take_or_null(const std::shared_ptr<StateSlots>& slots) {
    std::byte* slot = nullptr;
    {
        const std::scoped_lock lock(slots->m_mutex);
        if (slots->m_free.empty()) return nullptr;
        slot = slots->m_free.back();
        slots->m_free.pop_back();
    }
    return {slot, [slots](std::byte* place) {
                const std::scoped_lock lock(slots->m_mutex);
                slots->m_free.push_back(place);
            }};
}

CudaBackend::CudaBackend(const HParams& hparams,
                         std::shared_ptr<const CudaWeights> weights,
                         const CudaOptions& options)
    : m_hparams(hparams)
    , m_weights(std::move(weights))
    , m_device(m_weights->device())
    , m_options(options)
    , m_layout(hparams) {
    int n_mamba = 0;
    int n_attention = 0;
    for (LayerKind kind : hparams.layers)
        m_index_in_kind.push_back(kind == LayerKind::Mamba2      ? n_mamba++
                                  : kind == LayerKind::Attention ? n_attention++
                                                                 : 0);
}

CudaBackend::~CudaBackend() = default;

Result<std::unique_ptr<CudaBackend>> CudaBackend::make(const HParams& hparams,
                                                       std::shared_ptr<const CudaWeights> weights,
                                                       const CudaOptions& options) {
    RETURN_IF_ERROR(CudaWeights::check(hparams));
    std::unique_ptr<CudaBackend> backend(new CudaBackend(hparams, std::move(weights), options));
    RETURN_IF_ERROR(backend->allocate());
    return backend;
}

Result<void> CudaBackend::allocate() {
    const int n_multiprocessor = m_device->info().n_multiprocessor;
    ASSIGN_OR_RETURN(m_work, DeviceMemory::make(m_device, step_buffers_bytes(m_hparams, m_options,
                                                                             n_multiprocessor)));
    std::size_t bytes = 0;
    m_buffers = StepBuffers::carve(m_hparams, m_options, n_multiprocessor, m_work.data(), bytes);
    m_device->zero(m_work.data(), m_work.bytes());
    ASSIGN_OR_RETURN(m_recurrent, DeviceMemory::make(m_device, m_layout.total_bytes));
    m_device->zero(m_recurrent.data(), m_recurrent.bytes());
    ASSIGN_OR_RETURN(m_before, DeviceMemory::make(m_device, m_layout.total_bytes));
    ASSIGN_OR_RETURN(m_slots,
                     StateSlots::make(m_device, m_layout.total_bytes, m_options.n_state_slot));
    ASSIGN_OR_RETURN(auto pool, KvPool::make(m_device, m_hparams, m_options.kv_type,
                                             kv_block_count(m_options.n_ctx)));
    ASSIGN_OR_RETURN(KvTable table, KvTable::make(m_device, std::move(pool), m_options.n_ctx));
    m_kv = std::make_unique<KvTable>(std::move(table));
    ASSIGN_OR_RETURN(
        m_sampler, CardSampler::make(m_device, m_buffers, m_hparams.n_vocab, m_options.max_batch));
    // Last of what is allocated: nothing else may lack room because of it.
    m_library = LibraryProducts::make(m_device, LibraryNeeds::of(*m_weights), m_options.max_batch);

    RETURN_IF_ERROR(m_device->wait());
    ASSIGN_OR_RETURN(m_decode, capture(decode_launches(sequence())));
    for (int n = 2; n <= max_trial(); ++n) {
        ASSIGN_OR_RETURN(auto trial, capture(trial_launches(sequence(), n)));
        m_trials.push_back(std::move(trial));
    }
    return {};
}

Result<std::unique_ptr<Graph>> CudaBackend::capture(const std::vector<kernels::Launch>& launches) {
    m_device->begin_capture();
    for (const kernels::Launch& launch : launches) m_device->launch(launch);
    return m_device->end_capture();
}

Sequence CudaBackend::sequence() const {
    return {m_hparams, *m_weights,         m_buffers,
            *m_kv,     m_recurrent.data(), m_device->info().n_multiprocessor};
}

Result<void> CudaBackend::begin(std::span<const TokenId> tokens, std::stop_token stop) {
    const int n = static_cast<int>(tokens.size());
    RETURN_IF_ERROR(m_kv->reserve(m_position, m_position + n));
    m_n = n;
    m_is_stoppable = n > 1 && stop.stop_possible();
    m_is_queued_only = false;
    m_sampler->go_to(tokens[0], m_position);
    m_is_whole = n == 1;
    if (m_is_whole) {
        m_device->replay(*m_decode);
        return {};
    }
    m_device->upload(m_buffers.tokens, tokens.data(), tokens.size_bytes());
    if (m_is_stoppable) m_device->copy(m_before.data(), m_recurrent.data(), m_recurrent.bytes());
    const Sequence s = sequence();
    PrefillStep(s, m_library, *m_device, n).embed();
    return {};
}

void CudaBackend::mamba2_block(int layer) {
    if (m_is_whole) return;
    const auto i = static_cast<std::size_t>(layer);
    const Sequence s = sequence();
    PrefillStep(s, m_library, *m_device, m_n).mamba2(m_weights->layers()[i], m_index_in_kind[i]);
}

void CudaBackend::attention_block(int layer) {
    if (m_is_whole) return;
    const auto i = static_cast<std::size_t>(layer);
    const Sequence s = sequence();
    PrefillStep(s, m_library, *m_device, m_n).attention(m_weights->layers()[i], m_index_in_kind[i]);
}

void CudaBackend::mlp_block(int layer) {
    if (m_is_whole) return;
    const Sequence s = sequence();
    PrefillStep(s, m_library, *m_device, m_n)
        .mlp(m_weights->layers()[static_cast<std::size_t>(layer)]);
}

Result<void> CudaBackend::logits(int row, std::span<float> out) {
    if (m_n > 1) {
        const Sequence s = sequence();
        PrefillStep(s, m_library, *m_device, m_n).logits(row);
    }
    m_is_queued_only = out.empty() && m_n == 1;
    if (out.empty()) return {};
    return m_device->download(out.data(), m_buffers.logits, out.size_bytes());
}

Result<void> CudaBackend::end() {
    // The host stays at most one step ahead, so that a stop takes effect within one.
    if (!m_is_queued_only) RETURN_IF_ERROR(m_device->wait());
    m_position += m_n;
    return {};
}

Result<TokenId> CudaBackend::pick_and_read() {
    RETURN_IF_ERROR(m_kv->reserve(m_position, m_position + 1));
    m_sampler->pick_for(m_position);
    m_sampler->queue_pick();
    m_device->replay(*m_decode);
    ++m_position;
    return m_sampler->wait_for_pick();
}

Result<void> CudaBackend::begin_trial(std::span<const TokenId> tokens) {
    RETURN_IF_ERROR(m_kv->reserve(m_position, m_position + static_cast<int>(tokens.size())));
    m_is_whole = true;
    m_sampler->go_to(tokens[0], m_position);
    m_device->upload(m_buffers.tokens, tokens.data(), tokens.size_bytes());
    m_device->replay(*m_trials[tokens.size() - 2]);
    return {};
}

void CudaBackend::use_trial_logits(int row) {
    const auto n_vocab = static_cast<std::size_t>(m_hparams.n_vocab);
    if (row > 0)
        m_device->copy(m_buffers.logits, m_buffers.logits + static_cast<std::size_t>(row) * n_vocab,
                       n_vocab * sizeof(float));
}

void CudaBackend::end_trial(int n_kept) {
    if (n_kept > 0 && m_recurrent.bytes() != 0)
        m_device->launch(commit_launch(sequence(), m_position, n_kept));
    m_position += n_kept;
    m_kv->truncate(m_position);
}

void CudaBackend::abandon() {
    m_device->copy(m_recurrent.data(), m_before.data(), m_recurrent.bytes());
    m_kv->truncate(m_position);
}

Result<std::shared_ptr<const BackendSnapshot>> CudaBackend::snapshot() const {
    const auto snapshot = std::make_shared<CudaSnapshot>();
    snapshot->position = m_position;
    snapshot->bytes = m_recurrent.bytes();
    snapshot->slots = m_slots;
    snapshot->kv = m_kv->prefix(m_position);
    snapshot->on_device = StateSlots::take_or_null(m_slots);
    if (snapshot->on_device) {
        m_device->copy(snapshot->on_device.get(), m_recurrent.data(), m_recurrent.bytes());
    } else if (m_recurrent.bytes() != 0) {
        snapshot->on_host = TensorBuffer<std::byte>(m_recurrent.bytes());
        RETURN_IF_ERROR(
            m_device->download(snapshot->on_host.data(), m_recurrent.data(), m_recurrent.bytes()));
    }
    return std::shared_ptr<const BackendSnapshot>(snapshot);
}

Result<void> CudaBackend::restore(const BackendSnapshot& snapshot) {
    const auto& from = static_cast<const CudaSnapshot&>(snapshot);
    if (from.slots != m_slots) return another_sessions();
    m_kv->restore(from.kv);
    if (from.on_device)
        m_device->copy(m_recurrent.data(), from.on_device.get(), m_recurrent.bytes());
    else if (m_recurrent.bytes() != 0)
        m_device->upload(m_recurrent.data(), from.on_host.data(), m_recurrent.bytes());
    m_position = from.position;
    return m_device->wait();
}

Result<StateBytes> CudaBackend::bytes_of(
    const std::shared_ptr<const BackendSnapshot>& snapshot) const {
    const auto& from = static_cast<const CudaSnapshot&>(*snapshot);
    if (from.slots != m_slots) return another_sessions();  // its blocks are of another pool
    const std::size_t block_bytes = m_kv->pool().block_bytes();
    const auto memory = std::make_shared<TensorBuffer<std::byte>>(
        m_recurrent.bytes() + from.kv.blocks.size() * block_bytes);
    const auto part = [&](std::size_t at, std::size_t n) { return memory->span().subspan(at, n); };

    StateBytes bytes{from.position, part(0, m_recurrent.bytes()), {}, memory};
    if (from.on_device)
        RETURN_IF_ERROR(
            m_device->download(memory->data(), from.on_device.get(), m_recurrent.bytes()));
    else
        std::ranges::copy(from.on_host.span(), memory->data());
    for (const auto& block : from.kv.blocks) {
        const auto to =
            part(m_recurrent.bytes() + bytes.kv_blocks.size() * block_bytes, block_bytes);
        RETURN_IF_ERROR(m_kv->pool().download(to, *block));
        bytes.kv_blocks.emplace_back(to);
    }
    return bytes;
}

Result<std::shared_ptr<const BackendSnapshot>> CudaBackend::snapshot_of(const StateBytes& bytes) {
    RETURN_IF_ERROR(check_sizes(bytes, m_recurrent.bytes(), m_kv->pool().block_bytes()));
    const auto snapshot = std::make_shared<CudaSnapshot>();
    snapshot->position = bytes.n_positions;
    snapshot->bytes = m_recurrent.bytes();
    snapshot->slots = m_slots;
    ASSIGN_OR_RETURN(snapshot->kv, m_kv->upload(bytes.n_positions, bytes.kv_blocks));
    snapshot->on_device = StateSlots::take_or_null(m_slots);
    if (snapshot->on_device) {
        m_device->upload(snapshot->on_device.get(), bytes.recurrent.data(), m_recurrent.bytes());
    } else {
        snapshot->on_host = TensorBuffer<std::byte>(m_recurrent.bytes());
        std::ranges::copy(bytes.recurrent, snapshot->on_host.data());
    }
    RETURN_IF_ERROR(m_device->wait());
    return std::shared_ptr<const BackendSnapshot>(snapshot);
}

void CudaBackend::clear() {
    m_device->zero(m_recurrent.data(), m_recurrent.bytes());
    m_kv->clear();
    m_position = 0;
}

MemoryPlan CudaBackend::memory_plan() const {
    MemoryPlan plan;
    plan.state = m_recurrent.bytes() + m_before.bytes() +
                 m_layout.total_bytes * static_cast<std::size_t>(m_options.n_state_slot);
    plan.kv = m_kv->size_bytes();
    plan.work = m_work.bytes() + m_library.size_bytes();
    return plan;
}

}  // namespace lares::cuda
