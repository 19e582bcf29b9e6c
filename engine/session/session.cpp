#include "engine/session/session.h"

#include "engine/backend/backend_sampler.h"
#include "engine/backend/cpu/kernels.h"
#include "engine/backend/cuda/device.h"
#include "engine/model/fingerprint.h"
#include "engine/session/hybrid_model.h"
#include "engine/session/look_ahead.h"
#include "engine/session/session_backend.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

namespace lares {
namespace {

Error out_of_memory(const std::string& what) {
    return {ErrorCode::OutOfMemory,
            "not enough memory for " + what + "; close other programs or choose a shorter context"};
}

}  // namespace

std::size_t SessionSnapshot::size_bytes() const {
    return m_tokens.size() * sizeof(TokenId) + m_logits.size() * sizeof(float) +
           (m_state ? m_state->size_bytes() : 0);
}

struct Session::Impl {
    std::shared_ptr<const Model> model;
    SessionOptions options;
    KvType kv_type = KvType::F16;
    SessionBackend runs_on;
    std::vector<TokenId> tokens;  // capacity n_ctx, so that appending never allocates
    std::vector<float> logits;
    // Where the logits after the last token are: here, in the backend for its sampler, or both.
    bool logits_here = false;
    bool logits_in_backend = false;
    LookAhead ahead;  // closed before the backend is asked for anything else

    enum class LogitsTo { Host, Sampler };

    Result<void> check_tokens(std::span<const TokenId> more) const;
    Result<void> read(std::span<const TokenId> more,
                      LogitsTo to,
                      const std::stop_token& stop,
                      const Progress& progress);
    void take(TokenId token);
    void lose_logits() { logits_here = logits_in_backend = false; }
    Result<void> read_each(std::span<const TokenId> more, const EachLogits& each);
    Result<void> step(std::span<const TokenId> batch,
                      const std::stop_token& stop,
                      const std::function<Result<void>(Backend&)>& want_logits);
};

Result<void> Session::Impl::check_tokens(std::span<const TokenId> more) const {
    if (more.empty()) return Error{ErrorCode::InvalidArgument, "there are no tokens to read"};
    const int n_vocab = model->hparams().n_vocab;
    for (TokenId id : more)
        if (id < 0 || id >= n_vocab)
            return Error{ErrorCode::InvalidArgument, "token id " + std::to_string(id) +
                                                         " is not in the vocabulary (0 to " +
                                                         std::to_string(n_vocab - 1) + ")"};
    if (more.size() > static_cast<std::size_t>(options.n_ctx) - tokens.size())
        return context_full(options.n_ctx, tokens.size() + more.size());
    return {};
}

Result<void> Session::Impl::step(std::span<const TokenId> batch,
                                 const std::stop_token& stop,
                                 const std::function<Result<void>(Backend&)>& want_logits) {
    RETURN_IF_ERROR(forward(*runs_on.backend, model->hparams(), batch, stop, want_logits));
    tokens.insert(tokens.end(), batch.begin(), batch.end());
    return {};
}

/// Reads a token that was computed ahead.
void Session::Impl::take(TokenId token) {
    const auto here = ahead.take(*runs_on.backend);
    std::ranges::copy(here, logits.begin());
    tokens.push_back(token);
    logits_here = !here.empty();
    logits_in_backend = here.empty();
}

Result<void> Session::move_to_cpu(const std::string& why) {
    SessionOptions options = m_impl->options;
    options.device = "cpu";
    if (options.kv_type == KvType::Fp8) options.kv_type = KvType::F16;
    m_impl->model->backend_weights().forget();
    try {
        // Without memory for it the session stays where it is, and fails there with its sentence.
        ASSIGN_OR_RETURN(SessionBackend moved, make_backend(*m_impl->model, options));
        m_impl->ahead.close(*m_impl->runs_on.backend);
        m_impl->runs_on = std::move(moved);
    } catch (const std::bad_alloc&) {
        return out_of_memory("the processor's copy of the model");
    }
    m_impl->runs_on.notice = why;
    m_impl->model->backend_weights().set_note(why);
    m_impl->options = options;
    m_impl->kv_type = *options.kv_type;
    m_impl->tokens.clear();
    m_impl->lose_logits();
    return {};
}

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<void> Session::prepare(const Model& model,
                              const SessionOptions& options,
                              std::stop_token stop,
                              const LoadProgress& progress) {
    RETURN_IF_ERROR(validate(options));
    return prepare_weights(model, resolved(options, model.hparams()), stop, progress);
}

Result<Session> Session::create(std::shared_ptr<const Model> model, const SessionOptions& options) {
    RETURN_IF_ERROR(validate(options));
    const HParams& hparams = model->hparams();
    const SessionOptions all = resolved(options, hparams);
    try {
        auto impl = std::make_unique<Impl>();
        impl->options = all;
        impl->kv_type = *all.kv_type;
        ASSIGN_OR_RETURN(impl->runs_on, make_backend(*model, all));
        impl->tokens.reserve(static_cast<std::size_t>(all.n_ctx));
        impl->logits.resize(static_cast<std::size_t>(hparams.n_vocab));
        impl->model = std::move(model);
        return Session(std::move(impl));
    } catch (const std::bad_alloc&) {
        return out_of_memory("a context of " + std::to_string(all.n_ctx) + " tokens");
    }
}

Result<void> Session::Impl::read(std::span<const TokenId> more,
                                 LogitsTo to,
                                 const std::stop_token& stop,
                                 const Progress& progress) {
    RETURN_IF_ERROR(check_tokens(more));
    if (more.size() == 1 && !stop.stop_requested() && ahead.expects(more.front())) {
        take(more.front());
        if (progress) progress(1, 1);
        return {};
    }
    ahead.close(*runs_on.backend);
    const bool has_sampler = runs_on.backend->sampler_or_null() != nullptr;
    const bool stay = has_sampler && to == LogitsTo::Sampler;
    const auto batch_size = static_cast<std::size_t>(options.prefill_batch);
    for (std::size_t done = 0; done < more.size();) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped while reading the prompt"};
        const auto batch = more.subspan(done, std::min(batch_size, more.size() - done));
        const bool is_last = done + batch.size() == more.size();
        lose_logits();
        RETURN_IF_ERROR(step(batch, stop, [&](Backend& on) -> Result<void> {
            if (!is_last) return {};
            return on.logits(static_cast<int>(batch.size()) - 1,
                             stay ? std::span<float>() : std::span(logits));
        }));
        logits_here = is_last && !stay;
        logits_in_backend = is_last && has_sampler;
        done += batch.size();
        if (progress) progress(static_cast<int>(done), static_cast<int>(more.size()));
    }
    return {};
}

Result<void> Session::Impl::read_each(std::span<const TokenId> more, const EachLogits& each) {
    RETURN_IF_ERROR(check_tokens(more));
    ahead.close(*runs_on.backend);
    const auto batch_size = static_cast<std::size_t>(options.prefill_batch);
    for (std::size_t done = 0; done < more.size(); done += batch_size) {
        const auto batch = more.subspan(done, std::min(batch_size, more.size() - done));
        lose_logits();
        const auto rows = [&](Backend& on) -> Result<void> {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                RETURN_IF_ERROR(on.logits(static_cast<int>(i), logits));
                each(static_cast<int>(done + i), logits);
            }
            return {};
        };
        RETURN_IF_ERROR(step(batch, {}, rows));
    }
    logits_here = true;
    return {};
}

Result<std::span<const float>> Session::append(std::span<const TokenId> tokens,
                                               std::stop_token stop,
                                               const Progress& progress) {
    try {
        RETURN_IF_ERROR(m_impl->read(tokens, Impl::LogitsTo::Host, stop, progress));
        return fetch_logits();
    } catch (const std::bad_alloc&) {
        return out_of_memory("reading " + std::to_string(tokens.size()) + " tokens");
    }
}

Result<void> Session::read(std::span<const TokenId> tokens,
                           std::stop_token stop,
                           const Progress& progress) {
    try {
        return m_impl->read(tokens, Impl::LogitsTo::Sampler, stop, progress);
    } catch (const std::bad_alloc&) {
        return out_of_memory("reading " + std::to_string(tokens.size()) + " tokens");
    }
}

Result<void> Session::read_expecting(TokenId token, std::span<const TokenId> expected) {
    const int n_vocab = m_impl->model->hparams().n_vocab;
    const auto room = std::min(max_expected(), n_ctx() - position() - 1);
    const auto n = static_cast<std::size_t>(std::max(room, 0));
    expected = expected.first(std::min(expected.size(), n));
    const auto end =
        std::ranges::find_if(expected, [&](TokenId id) { return id < 0 || id >= n_vocab; });
    const std::span<const TokenId> known(expected.begin(), end);
    if (known.empty() || expects(token)) return read({&token, 1});
    RETURN_IF_ERROR(m_impl->check_tokens({&token, 1}));
    try {
        std::vector<TokenId> all{token};
        all.insert(all.end(), known.begin(), known.end());
        Backend& backend = *m_impl->runs_on.backend;
        m_impl->ahead.close(backend);
        RETURN_IF_ERROR(m_impl->ahead.open(backend, m_impl->model->hparams(), all));
    } catch (const std::bad_alloc&) {
        return out_of_memory("several tokens at once");
    }
    m_impl->take(token);
    return {};
}

int Session::max_expected() const {
    if (!m_impl->options.look_ahead) return 0;
    return std::max(m_impl->runs_on.backend->max_trial() - 1, 0);
}

int Session::expected_token_cost() const {
    return m_impl->runs_on.backend->trial_token_cost();
}

bool Session::expects_any() const {
    return m_impl->ahead.has_more();
}

bool Session::expects(TokenId token) const {
    return m_impl->ahead.expects(token);
}

Result<TokenId> Session::pick_and_read(std::stop_token stop) {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped"};
    constexpr TokenId kAnyToken = 0;
    RETURN_IF_ERROR(m_impl->check_tokens({&kAnyToken, 1}));
    // Also brings the logits there, wherever they are.
    if (!sampler_or_null()) return Error{ErrorCode::Internal, "the session has no card to pick on"};
    m_impl->ahead.close(*m_impl->runs_on.backend);
    const Result<TokenId> token = m_impl->runs_on.backend->pick_and_read();
    if (!token) {
        if (token.error().code == ErrorCode::OutOfMemory) return token;
        m_impl->lose_logits();
        if (token.error().code != ErrorCode::DeviceFailed) clear();
        return token;
    }
    m_impl->logits_here = false;
    m_impl->tokens.push_back(*token);
    return token;
}

Result<void> Session::append_each(std::span<const TokenId> tokens, const EachLogits& each) {
    try {
        return m_impl->read_each(tokens, each);
    } catch (const std::bad_alloc&) {
        return out_of_memory("reading " + std::to_string(tokens.size()) + " tokens");
    }
}

std::span<const float> Session::logits() const {
    return m_impl->logits_here ? std::span<const float>(m_impl->logits) : std::span<const float>();
}

Result<std::span<const float>> Session::fetch_logits() {
    if (!m_impl->logits_here && m_impl->logits_in_backend) {
        RETURN_IF_ERROR(m_impl->runs_on.backend->sampler_or_null()->read_logits(m_impl->logits));
        m_impl->logits_here = true;
    }
    return logits();
}

bool Session::has_logits() const {
    return m_impl->logits_here || m_impl->logits_in_backend;
}

BackendSampler* Session::sampler_or_null() {
    BackendSampler* const sampler = m_impl->runs_on.backend->sampler_or_null();
    if (sampler && m_impl->logits_here && !m_impl->logits_in_backend) {
        sampler->set_logits(m_impl->logits);
        m_impl->logits_in_backend = true;
    }
    return sampler;
}

Result<SessionSnapshot> Session::snapshot() const {
    try {
        SessionSnapshot snapshot;
        snapshot.m_kv_type = m_impl->kv_type;
        snapshot.m_model = m_impl->model;
        snapshot.m_device = m_impl->runs_on.device;
        snapshot.m_tokens = m_impl->tokens;
        if (has_logits()) snapshot.m_logits = m_impl->logits;
        if (m_impl->logits_in_backend && !m_impl->logits_here)
            RETURN_IF_ERROR(
                m_impl->runs_on.backend->sampler_or_null()->read_logits(snapshot.m_logits));
        m_impl->ahead.close(*m_impl->runs_on.backend);
        ASSIGN_OR_RETURN(snapshot.m_state, m_impl->runs_on.backend->snapshot());
        return snapshot;
    } catch (const std::bad_alloc&) {
        return out_of_memory("a snapshot of the conversation's state");
    }
}

Result<void> Session::restore(const SessionSnapshot& snapshot) {
    if (snapshot.m_model.lock() != m_impl->model || !snapshot.m_state)
        return Error{ErrorCode::InvalidArgument, "the snapshot is of another model"};
    if (snapshot.m_kv_type != m_impl->kv_type)
        return Error{ErrorCode::InvalidArgument, "the snapshot keeps keys and values as " +
                                                     std::string(to_string(snapshot.m_kv_type)) +
                                                     ", the session as " +
                                                     std::string(to_string(m_impl->kv_type))};
    if (snapshot.m_device != m_impl->runs_on.device)
        return Error{ErrorCode::InvalidArgument, "the snapshot is of " + snapshot.m_device +
                                                     ", the session is on " +
                                                     m_impl->runs_on.device};
    if (snapshot.position() > m_impl->options.n_ctx)
        return Error{ErrorCode::ContextFull, "the snapshot's " +
                                                 std::to_string(snapshot.position()) +
                                                 " tokens do not fit the context of " +
                                                 std::to_string(m_impl->options.n_ctx)};
    m_impl->ahead.close(*m_impl->runs_on.backend);
    try {
        RETURN_IF_ERROR(m_impl->runs_on.backend->restore(*snapshot.m_state));
    } catch (const std::bad_alloc&) {
        return out_of_memory("restoring the conversation's state");
    }
    m_impl->tokens.assign(snapshot.m_tokens.begin(), snapshot.m_tokens.end());
    m_impl->lose_logits();
    m_impl->logits_here = !snapshot.m_logits.empty();
    std::copy(snapshot.m_logits.begin(), snapshot.m_logits.end(), m_impl->logits.begin());
    return {};
}

Result<SnapshotBytes> Session::bytes_of(const SessionSnapshot& snapshot) const {
    if (snapshot.m_model.lock() != m_impl->model || snapshot.m_device != m_impl->runs_on.device)
        return invalid_argument("the snapshot is of another session");
    try {
        ASSIGN_OR_RETURN(StateBytes state, m_impl->runs_on.backend->bytes_of(snapshot.m_state));
        return SnapshotBytes{snapshot.m_tokens, snapshot.m_logits, std::move(state)};
    } catch (const std::bad_alloc&) {
        return out_of_memory("the bytes of a snapshot");
    }
}

Result<SessionSnapshot> Session::snapshot_of(const SnapshotBytes& bytes) {
    const auto n_vocab = static_cast<std::size_t>(m_impl->model->hparams().n_vocab);
    if (bytes.tokens.size() != static_cast<std::size_t>(bytes.state.n_positions) ||
        (!bytes.logits.empty() && bytes.logits.size() != n_vocab))
        return invalid_argument("the kept snapshot does not fit this model");
    try {
        SessionSnapshot snapshot;
        snapshot.m_kv_type = m_impl->kv_type;
        snapshot.m_device = m_impl->runs_on.device;
        snapshot.m_model = m_impl->model;
        snapshot.m_tokens = bytes.tokens;
        snapshot.m_logits = bytes.logits;
        ASSIGN_OR_RETURN(snapshot.m_state, m_impl->runs_on.backend->snapshot_of(bytes.state));
        return snapshot;
    } catch (const std::bad_alloc&) {
        return out_of_memory("a snapshot of the conversation's state");
    }
}

std::string Session::snapshot_key() const {
    const bool is_on_card = m_impl->runs_on.card != nullptr;
    std::string key = fingerprint(*m_impl->model) + " " + m_impl->runs_on.device;
    if (!is_on_card) key.append(" ").append(to_string(cpu::kernels().isa));
    key.append(" ").append(to_string(m_impl->kv_type));
    return key + (m_impl->options.precision == Precision::Exact ? " exact" : " fast");
}

void Session::clear() {
    m_impl->ahead.close(*m_impl->runs_on.backend);
    m_impl->runs_on.backend->clear();
    m_impl->tokens.clear();
    m_impl->lose_logits();
}

int Session::position() const {
    return static_cast<int>(m_impl->tokens.size());
}
std::span<const TokenId> Session::tokens() const {
    return m_impl->tokens;
}
int Session::n_ctx() const {
    return m_impl->options.n_ctx;
}
const std::string& Session::device() const {
    return m_impl->runs_on.device;
}
const std::string& Session::device_notice() const {
    return m_impl->runs_on.notice;
}
const std::optional<MemoryPlan>& Session::device_memory() const {
    return m_impl->runs_on.memory;
}
std::string Session::device_library() const {
    return m_impl->runs_on.backend->library_text();
}
Result<std::size_t> Session::free_card_bytes() const {
    const std::shared_ptr<cuda::Device>& card = m_impl->runs_on.card;
    if (!card) return Error{ErrorCode::Unsupported, "the session computes on the processor"};
    return card->free_bytes();
}
Result<CardProbe> Session::probe_card(const cuda::ProbeSize& size) const {
    const std::shared_ptr<cuda::Device>& card = m_impl->runs_on.card;
    if (!card) return Error{ErrorCode::Unsupported, "the session computes on the processor"};
    CardProbe probe;
    probe.total_bytes = card->info().total_bytes;
    ASSIGN_OR_RETURN(probe.free_bytes, card->free_bytes());
    ASSIGN_OR_RETURN(probe.limits, cuda::measure_limits(card, size));
    return probe;
}
const Model& Session::model() const {
    return *m_impl->model;
}
std::size_t Session::memory_bytes() const {
    return m_impl->runs_on.backend->memory_bytes() + m_impl->logits.size() * sizeof(float) +
           m_impl->ahead.memory_bytes() + m_impl->tokens.capacity() * sizeof(TokenId);
}

}  // namespace lares
