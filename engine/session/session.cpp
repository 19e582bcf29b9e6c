#include "engine/session/session.h"

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/cpu/packed_weights.h"
#include "engine/session/hybrid_model.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

namespace lares {
namespace {

Result<void> check(const SessionOptions& options) {
    const auto invalid = [](std::string message) {
        return Error{ErrorCode::InvalidArgument, std::move(message)};
    };
    if (options.n_threads < 0 || options.n_threads > 1024)
        return invalid("the number of threads must be 0 (automatic) to 1024");
    if (options.n_ctx < 1 || options.n_ctx > (1 << 20))
        return invalid("the context must be 1 to 1048576 tokens");
    if (options.prefill_batch < 1 || options.prefill_batch > 8192)
        return invalid("the prefill batch must be 1 to 8192 tokens");
    return {};
}

Error out_of_memory(const std::string& what) {
    return {ErrorCode::OutOfMemory,
            "not enough memory for " + what + "; close other programs or choose a shorter context"};
}

int thread_count(const SessionOptions& options) {
    return options.n_threads == 0 ? physical_core_count() : options.n_threads;
}

Result<std::shared_ptr<const cpu::PackedWeights>> packed_weights(
    const Model& model,
    const SessionOptions& options,
    std::stop_token stop,
    const Session::LoadProgress& progress) {
    try {
        return cpu::PackedWeights::of(model, thread_count(options), std::move(stop), progress);
    } catch (const std::bad_alloc&) {
        return out_of_memory("the weights");
    }
}

}  // namespace

std::size_t SessionSnapshot::size_bytes() const {
    return m_tokens.size() * sizeof(TokenId) + m_logits.size() * sizeof(float) +
           (m_state ? m_state->size_bytes() : 0);
}

struct Session::Impl {
    std::shared_ptr<const Model> model;
    SessionOptions options;
    std::unique_ptr<Backend> backend;
    std::vector<TokenId> tokens;  // capacity n_ctx, so that appending never allocates
    std::vector<float> logits;
    bool has_logits = false;

    Result<void> check_tokens(std::span<const TokenId> more) const;
    Result<void> step(std::span<const TokenId> batch,
                      const std::function<void(Backend&)>& want_logits);
};

Result<void> Session::Impl::check_tokens(std::span<const TokenId> more) const {
    if (more.empty()) return Error{ErrorCode::InvalidArgument, "there are no tokens to read"};
    const int n_vocab = model->hparams().n_vocab;
    for (TokenId id : more)
        if (id < 0 || id >= n_vocab)
            return Error{ErrorCode::InvalidArgument, "token id " + std::to_string(id) +
                                                         " is not in the vocabulary (0 to " +
                                                         std::to_string(n_vocab - 1) + ")"};
    const auto n_ctx = static_cast<std::size_t>(options.n_ctx);
    if (more.size() > n_ctx - tokens.size())
        return Error{ErrorCode::ContextFull,
                     "the context of " + std::to_string(n_ctx) +
                         " tokens is too short: " + std::to_string(tokens.size() + more.size()) +
                         " are needed; start with a longer context or a shorter conversation"};
    return {};
}

Result<void> Session::Impl::step(std::span<const TokenId> batch,
                                 const std::function<void(Backend&)>& want_logits) {
    RETURN_IF_ERROR(forward(*backend, model->hparams(), batch, want_logits));
    tokens.insert(tokens.end(), batch.begin(), batch.end());
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
    RETURN_IF_ERROR(check(options));
    if (options.precision == Precision::Exact) return {};  // reads the file's own bytes
    ASSIGN_OR_RETURN(const auto packed, packed_weights(model, options, std::move(stop), progress));
    static_cast<void>(packed);
    return {};
}

Result<Session> Session::create(std::shared_ptr<const Model> model, const SessionOptions& options) {
    RETURN_IF_ERROR(check(options));
    auto impl = std::make_unique<Impl>();
    impl->options = options;
    impl->options.n_threads = thread_count(options);
    impl->options.prefill_batch = std::min(options.prefill_batch, options.n_ctx);
    try {
        std::shared_ptr<const cpu::PackedWeights> packed;
        if (options.precision == Precision::Fast) {
            ASSIGN_OR_RETURN(packed, packed_weights(*model, options, {}, {}));
        }
        const cpu::CpuOptions cpu_options{impl->options.n_threads, options.n_ctx,
                                          impl->options.prefill_batch};
        impl->backend = std::make_unique<cpu::CpuBackend>(
            model->hparams(), model->weights(), std::move(packed), cpu::kernels(), cpu_options);
        impl->tokens.reserve(static_cast<std::size_t>(options.n_ctx));
        impl->logits.resize(static_cast<std::size_t>(model->hparams().n_vocab));
    } catch (const std::bad_alloc&) {
        return out_of_memory("a context of " + std::to_string(options.n_ctx) + " tokens");
    }
    impl->model = std::move(model);
    return Session(std::move(impl));
}

Result<std::span<const float>> Session::append(std::span<const TokenId> tokens,
                                               std::stop_token stop,
                                               const Progress& progress) {
    RETURN_IF_ERROR(m_impl->check_tokens(tokens));
    const auto batch_size = static_cast<std::size_t>(m_impl->options.prefill_batch);
    std::size_t done = 0;
    while (done < tokens.size()) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped while reading the prompt"};
        const auto batch = tokens.subspan(done, std::min(batch_size, tokens.size() - done));
        const bool is_last = done + batch.size() == tokens.size();
        m_impl->has_logits = false;
        RETURN_IF_ERROR(m_impl->step(batch, [&](Backend& backend) {
            if (is_last) backend.logits(static_cast<int>(batch.size()) - 1, m_impl->logits);
        }));
        done += batch.size();
        if (progress) progress(static_cast<int>(done), static_cast<int>(tokens.size()));
    }
    m_impl->has_logits = true;
    return logits();
}

Result<void> Session::append_each(
    std::span<const TokenId> tokens,
    const std::function<void(int index, std::span<const float> logits)>& each) {
    RETURN_IF_ERROR(m_impl->check_tokens(tokens));
    const auto batch_size = static_cast<std::size_t>(m_impl->options.prefill_batch);
    for (std::size_t done = 0; done < tokens.size(); done += batch_size) {
        const auto batch = tokens.subspan(done, std::min(batch_size, tokens.size() - done));
        m_impl->has_logits = false;
        RETURN_IF_ERROR(m_impl->step(batch, [&](Backend& backend) {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                backend.logits(static_cast<int>(i), m_impl->logits);
                each(static_cast<int>(done + i), m_impl->logits);
            }
        }));
    }
    m_impl->has_logits = true;
    return {};
}

std::span<const float> Session::logits() const {
    return m_impl->has_logits ? std::span<const float>(m_impl->logits) : std::span<const float>();
}

Result<SessionSnapshot> Session::snapshot() const {
    try {
        SessionSnapshot snapshot;
        snapshot.m_model = m_impl->model;
        snapshot.m_tokens = m_impl->tokens;
        if (m_impl->has_logits) snapshot.m_logits = m_impl->logits;
        snapshot.m_state = m_impl->backend->snapshot();
        return snapshot;
    } catch (const std::bad_alloc&) {
        return out_of_memory("a snapshot of the conversation's state");
    }
}

Result<void> Session::restore(const SessionSnapshot& snapshot) {
    if (snapshot.m_model.lock() != m_impl->model || !snapshot.m_state)
        return Error{ErrorCode::InvalidArgument, "the snapshot is of another model"};
    if (snapshot.position() > m_impl->options.n_ctx)
        return Error{ErrorCode::ContextFull, "the snapshot's " +
                                                 std::to_string(snapshot.position()) +
                                                 " tokens do not fit the context of " +
                                                 std::to_string(m_impl->options.n_ctx)};
    try {
        m_impl->backend->restore(*snapshot.m_state);
    } catch (const std::bad_alloc&) {
        return out_of_memory("restoring the conversation's state");
    }
    m_impl->tokens.assign(snapshot.m_tokens.begin(), snapshot.m_tokens.end());
    m_impl->has_logits = !snapshot.m_logits.empty();
    std::copy(snapshot.m_logits.begin(), snapshot.m_logits.end(), m_impl->logits.begin());
    return {};
}

void Session::clear() {
    m_impl->backend->clear();
    m_impl->tokens.clear();
    m_impl->has_logits = false;
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
const Model& Session::model() const {
    return *m_impl->model;
}
std::size_t Session::memory_bytes() const {
    return m_impl->backend->memory_bytes() + m_impl->logits.size() * sizeof(float) +
           m_impl->tokens.capacity() * sizeof(TokenId);
}

}  // namespace lares
