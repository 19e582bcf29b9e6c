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

/// Answers requests of both endpoints. Thread safe.
class AnswerHandler {
public:
    /// `queue` outlives it.
    AnswerHandler(AnswerQueue& queue, std::string modelId, AnswerDefaults defaults);

    void answer(Endpoint endpoint,
                const httplib::Request& request,
                httplib::Response& response,
                const httplib::ContentReader& body);
    /// Until no answer is on its way to a client any more, or the time is over.
    void waitUntilIdle(std::chrono::milliseconds timeout);

private:
    /// An answer as long as its client waits for it; stops it then.
    class Delivery;

    /// How one answer is to be sent.
    struct Form {
        Endpoint endpoint;
        bool wantsUsage;
        std::string echo;  ///< stands before it
    };
    void sendWhole(Delivery& delivery,
                   httplib::Response& response,
                   const Form& form,
                   AnswerPiece piece);
    void sendStream(std::shared_ptr<Delivery> delivery,
                    httplib::Response& response,
                    const Form& form,
                    AnswerPiece first);

    AnswerQueue& m_queue;
    std::string m_modelId;
    AnswerDefaults m_defaults;
    std::mutex m_mutex;
    std::condition_variable m_isIdle;
    int m_nActive = 0;
};

}  // namespace lares::cli
