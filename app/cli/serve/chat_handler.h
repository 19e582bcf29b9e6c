#pragma once

#include "app/cli/serve/answer_queue.h"
#include "app/cli/serve/openai_response.h"

#include <chrono>
#include <condition_variable>
#include <httplib.h>
#include <memory>
#include <mutex>
#include <string>

namespace lares::cli {

/// POST /v1/chat/completions. Thread safe.
class ChatHandler {
public:
    /// `queue` outlives it.
    ChatHandler(AnswerQueue& queue, std::string modelId, ChatDefaults defaults);

    void answer(const httplib::Request& request,
                httplib::Response& response,
                const httplib::ContentReader& body);
    /// Until no answer is on its way to a client any more, or the time is over.
    void waitUntilIdle(std::chrono::milliseconds timeout);

private:
    /// An answer as long as its client waits for it; stops it then.
    class Delivery;

    void sendWhole(Delivery& delivery, httplib::Response& response, AnswerPiece piece);
    void sendStream(std::shared_ptr<Delivery> delivery,
                    httplib::Response& response,
                    bool wantsUsage,
                    AnswerPiece first);

    AnswerQueue& m_queue;
    std::string m_modelId;
    ChatDefaults m_defaults;
    std::mutex m_mutex;
    std::condition_variable m_isIdle;
    int m_nActive = 0;
};

}  // namespace lares::cli
