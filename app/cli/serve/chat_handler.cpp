#include "app/cli/serve/chat_handler.h"

#include "app/cli/serve/connection.h"
#include "app/cli/serve/http_reply.h"

#include <ctime>
#include <optional>
#include <utility>
#include <variant>

namespace lares::cli {
namespace {

/// How often a connection is looked at while its answer says nothing.
constexpr std::chrono::milliseconds kLook{100};
/// nginx's: the client closed the request. Nobody reads it but the log.
constexpr int kClientGone = 499;

/// The body, or 413: the library's own limit does not count bodies without a length.
std::variant<std::string, ApiError> readBody(const httplib::ContentReader& reader,
                                             const httplib::Response& response) {
    std::string body;
    bool isTooLarge = false;
    const bool isRead = reader([&](const char* data, std::size_t size) {
        isTooLarge = body.size() + size > kMaxBodyBytes;
        if (!isTooLarge) body.append(data, size);
        return !isTooLarge;
    });
    if (isRead) return body;
    if (isTooLarge || response.status == 413) return tooLarge();
    return ApiError{400, "the body did not come as a whole", "invalid_request_error", "",
                    "incomplete_body"};
}

bool isLast(const AnswerPiece& piece) {
    return std::holds_alternative<AnswerEnd>(piece) || std::holds_alternative<ApiError>(piece);
}

}  // namespace

class ChatHandler::Delivery {
public:
    Delivery(ChatHandler& handler,
             std::shared_ptr<PendingAnswer> answer,
             const httplib::Request& request)
        : m_handler(handler)
        , m_answer(std::move(answer))
        , m_connection(request.remote_addr, request.remote_port) {
        const std::lock_guard lock(m_handler.m_mutex);
        ++m_handler.m_nActive;
    }
    ~Delivery() {
        m_answer->cancel();
        const std::lock_guard lock(m_handler.m_mutex);
        --m_handler.m_nActive;
        m_handler.m_isIdle.notify_all();
    }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// The next piece; nothing: the client is gone.
    std::optional<AnswerPiece> next() {
        while (m_connection.isAlive()) {
            if (auto piece = m_answer->next(kLook)) return piece;
        }
        return {};
    }

private:
    ChatHandler& m_handler;
    std::shared_ptr<PendingAnswer> m_answer;
    Connection m_connection;
};

ChatHandler::ChatHandler(AnswerQueue& queue, std::string modelId, ChatDefaults defaults)
    : m_queue(queue), m_modelId(std::move(modelId)), m_defaults(defaults) {}

void ChatHandler::waitUntilIdle(std::chrono::milliseconds timeout) {
    std::unique_lock lock(m_mutex);
    m_isIdle.wait_for(lock, timeout, [&] { return m_nActive == 0; });
}

void ChatHandler::answer(const httplib::Request& request,
                         httplib::Response& response,
                         const httplib::ContentReader& body) {
    const auto read = readBody(body, response);
    if (const auto* error = std::get_if<ApiError>(&read)) {
        reply(response, *error);
        return;
    }
    ParsedChat parsed = parseChatRequest(std::get<std::string>(read), m_defaults);
    if (const auto* error = std::get_if<ApiError>(&parsed)) {
        reply(response, *error);
        return;
    }
    auto& chat = std::get<ChatRequest>(parsed);
    if (!chat.model.empty() && chat.model != m_modelId) {
        reply(response, unknownModel(m_modelId));
        return;
    }
    const bool isStream = chat.isStream;
    const bool wantsUsage = chat.wantsUsage;
    auto pending = m_queue.submitOrNull(std::move(chat));
    if (!pending) {
        reply(response, ApiError{503, "too many requests wait already; try again in a moment",
                                 "server_error", "", "queue_full"});
        return;
    }
    const auto delivery = std::make_shared<Delivery>(*this, std::move(pending), request);
    // The status waits for the first piece: an error before it is an HTTP error, streaming or not.
    auto first = delivery->next();
    if (!first) {
        response.status = kClientGone;
    } else if (const auto* error = std::get_if<ApiError>(&*first)) {
        reply(response, *error);
    } else if (isStream) {
        sendStream(delivery, response, wantsUsage, std::move(*first));
    } else {
        sendWhole(*delivery, response, std::move(*first));
    }
}

void ChatHandler::sendWhole(Delivery& delivery, httplib::Response& response, AnswerPiece piece) {
    WholeResponse whole;
    while (!isLast(piece)) {
        whole.add(piece);
        auto next = delivery.next();
        if (!next) {
            response.status = kClientGone;
            return;
        }
        piece = std::move(*next);
    }
    if (const auto* error = std::get_if<ApiError>(&piece)) {
        reply(response, *error);
        return;
    }
    const auto& end = std::get<AnswerEnd>(piece);
    noteUsage(end.usage);
    reply(response, whole.finish({newId("chatcmpl-"), m_modelId, std::time(nullptr)}, end));
}

void ChatHandler::sendStream(std::shared_ptr<Delivery> delivery,
                             httplib::Response& response,
                             bool wantsUsage,
                             AnswerPiece first) {
    struct Stream {
        std::shared_ptr<Delivery> delivery;
        StreamedResponse events;
        std::optional<AnswerPiece> piece;
    };
    const ResponseHead head{newId("chatcmpl-"), m_modelId, std::time(nullptr)};
    auto stream = std::make_shared<Stream>(
        Stream{std::move(delivery), StreamedResponse(head, wantsUsage), std::move(first)});
    response.set_header("Cache-Control", "no-store");
    response.status = 200;
    // Called again and again, each time for one piece.
    response.set_chunked_content_provider(
        "text/event-stream", [stream](std::size_t, httplib::DataSink& sink) {
            if (!stream->piece) stream->piece = stream->delivery->next();
            if (!stream->piece) return false;
            const AnswerPiece piece = *std::exchange(stream->piece, std::nullopt);
            const std::string events = stream->events.events(piece);
            if (const auto* end = std::get_if<AnswerEnd>(&piece)) noteUsage(end->usage);
            if (!sink.write(events.data(), events.size())) return false;
            if (isLast(piece)) sink.done();
            return true;
        });
}

}  // namespace lares::cli
