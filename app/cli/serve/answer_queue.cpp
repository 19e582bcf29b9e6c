#include "app/cli/serve/answer_queue.h"

#include <algorithm>
#include <utility>

namespace lares::cli {

PendingAnswer::PendingAnswer(AnswerRequest request) : m_request(std::move(request)) {}

std::optional<AnswerPiece> PendingAnswer::next(std::chrono::milliseconds timeout) {
    std::unique_lock lock(m_mutex);
    if (!m_hasPiece.wait_for(lock, timeout, [&] { return !m_pieces.empty(); })) return {};
    AnswerPiece piece = std::move(m_pieces.front());
    m_pieces.pop_front();
    return piece;
}

void PendingAnswer::push(AnswerPiece piece) {
    {
        const std::lock_guard lock(m_mutex);
        m_pieces.push_back(std::move(piece));
    }
    m_hasPiece.notify_one();
}

AnswerQueue::AnswerQueue(RestingEngine& engine,
                         std::size_t maxWaiting,
                         std::chrono::milliseconds restAfter)
    : m_engine(engine)
    , m_restAfter(restAfter)
    , m_maxWaiting(maxWaiting)
    , m_thread([this] { work(); }) {}

AnswerQueue::~AnswerQueue() {
    close();
    m_thread.join();
}

std::shared_ptr<PendingAnswer> AnswerQueue::submitOrNull(AnswerRequest request) {
    std::shared_ptr<PendingAnswer> answer;
    {
        const std::lock_guard lock(m_mutex);
        dropCancelled();
        const std::size_t places = m_maxWaiting + (m_running ? 0 : 1);
        if (!m_isClosed && m_waiting.size() >= places) return nullptr;
        answer = std::make_shared<PendingAnswer>(std::move(request));
        if (m_isClosed) {
            answer->push(stoppedError());
            return answer;
        }
        m_waiting.push_back(answer);
    }
    m_hasWork.notify_one();
    return answer;
}

/// Whose client is gone leaves its place at once. Precondition: the mutex is held.
void AnswerQueue::dropCancelled() {
    std::erase_if(m_waiting,
                  [](const auto& waiting) { return waiting->stopToken().stop_requested(); });
}

AnswerQueue::Load AnswerQueue::load() {
    const std::lock_guard lock(m_mutex);
    dropCancelled();
    return {m_running != nullptr, m_engine.isLoaded(), m_waiting.size()};
}

void AnswerQueue::close() {
    std::deque<std::shared_ptr<PendingAnswer>> left;
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        left.swap(m_waiting);
        if (m_running) m_running->cancel();  // its own thread gives it its last piece
    }
    for (const auto& answer : left) answer->push(stoppedError());
    m_hasWork.notify_one();
}

/// Requests may come while the engine is put to rest: they wait for it to be loaded again.
void AnswerQueue::waitForWork(std::unique_lock<std::mutex>& lock) {
    const auto hasWork = [&] { return m_isClosed || !m_waiting.empty(); };
    if (m_restAfter.count() > 0 && !m_hasWork.wait_for(lock, m_restAfter, hasWork)) {
        lock.unlock();
        m_engine.rest();
        lock.lock();
    }
    m_hasWork.wait(lock, hasWork);
}

std::shared_ptr<PendingAnswer> AnswerQueue::takeOrNull() {
    std::unique_lock lock(m_mutex);
    m_running = nullptr;
    waitForWork(lock);
    if (m_isClosed) return nullptr;
    m_running = std::move(m_waiting.front());
    m_waiting.pop_front();
    return m_running;
}

void AnswerQueue::work() {
    while (const auto answer = takeOrNull()) {
        produceAnswer(m_engine, *answer);
    }
}

}  // namespace lares::cli
