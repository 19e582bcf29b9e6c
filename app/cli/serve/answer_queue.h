#pragma once

#include "app/cli/serve/answer_piece.h"
#include "app/cli/serve/openai_request.h"
#include "app/cli/serve/resting_engine.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace lares::cli {

/// One answer on its way from the engine's thread to the connection's. Thread safe.
class PendingAnswer {
public:
    explicit PendingAnswer(AnswerRequest request);

    [[nodiscard]] const AnswerRequest& request() const { return m_request; }

    /// The next piece, in order; nothing when none came in time.
    [[nodiscard]] std::optional<AnswerPiece> next(std::chrono::milliseconds timeout);
    void push(AnswerPiece piece);
    /// Nobody waits any more: the engine stops, or never begins.
    void cancel() { m_stop.request_stop(); }
    [[nodiscard]] std::stop_token stopToken() const { return m_stop.get_token(); }

private:
    AnswerRequest m_request;
    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable m_hasPiece;
    std::deque<AnswerPiece> m_pieces;
};

/// One engine for many connections: requests are answered one at a time, in the order in which they
/// came, on a thread of the queue's own. Thread safe.
class AnswerQueue {
public:
    /// So many may wait while one is answered. `engine` outlives the queue, which alone uses it,
    /// and lets it rest after so long without a request; zero: never.
    AnswerQueue(RestingEngine& engine,
                std::size_t maxWaiting,
                std::chrono::milliseconds restAfter = {});
    ~AnswerQueue();
    AnswerQueue(const AnswerQueue&) = delete;
    AnswerQueue& operator=(const AnswerQueue&) = delete;

    /// Null when too many wait already. After `close` its one piece is the error.
    [[nodiscard]] std::shared_ptr<PendingAnswer> submitOrNull(AnswerRequest request);
    struct Load {
        bool isAnswering = false;
        bool isLoaded = true;  ///< the model is in memory
        std::size_t nWaiting = 0;
    };
    [[nodiscard]] Load load();
    /// Stops the running answer and gives it, and all that wait, an error as their last piece.
    void close();

private:
    void work();
    void dropCancelled();
    [[nodiscard]] std::shared_ptr<PendingAnswer> takeOrNull();
    void waitForWork(std::unique_lock<std::mutex>& lock);

    RestingEngine& m_engine;
    const std::chrono::milliseconds m_restAfter;
    const std::size_t m_maxWaiting;
    std::mutex m_mutex;
    std::condition_variable m_hasWork;
    std::deque<std::shared_ptr<PendingAnswer>> m_waiting;
    std::shared_ptr<PendingAnswer> m_running;
    bool m_isClosed = false;
    std::thread m_thread;
};

/// The last piece of an answer that was stopped, because nobody waits or the server ends.
[[nodiscard]] ApiError stoppedError();

/// Answers one request with the engine, on this thread, once that is loaded; the pieces go into
/// `answer`, the last one always, whatever happens.
void produceAnswer(RestingEngine& engine, PendingAnswer& answer);

}  // namespace lares::cli
