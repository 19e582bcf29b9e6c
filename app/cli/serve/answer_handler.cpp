#include "app/cli/serve/answer_handler.h"

#include "app/cli/serve/connection.h"
#include "app/cli/serve/http_reply.h"

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

class AnswerHandler::Delivery {
public:
    Delivery(AnswerHandler& handler, const Connection& connection)
        : m_handler(handler), m_connection(connection) {
        const std::lock_guard lock(m_handler.m_mutex);
        ++m_handler.m_nActive;
    }
    ~Delivery() {
        if (m_answer) m_answer->cancel();
        const std::lock_guard lock(m_handler.m_mutex);
        --m_handler.m_nActive;
        m_handler.m_isIdle.notify_all();
    }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    void begin(std::shared_ptr<PendingAnswer> answer) { m_answer = std::move(answer); }
    /// The next piece; nothing: the client is gone. After `begin`.
    std::optional<AnswerPiece> next() {
        while (m_connection.isAlive()) {
            if (auto piece = m_answer->next(kLook)) return piece;
        }
        return {};
    }

private:
    AnswerHandler& m_handler;
    std::shared_ptr<PendingAnswer> m_answer;
    Connection m_connection;
};

AnswerHandler::AnswerHandler(AnswerQueue& queue, std::string modelId, AnswerDefaults defaults)
    : m_queue(queue), m_modelId(std::move(modelId)), m_defaults(defaults) {}

void AnswerHandler::waitUntilIdle(std::chrono::milliseconds timeout) {
    std::unique_lock lock(m_mutex);
    m_isIdle.wait_for(lock, timeout, [&] { return m_nActive == 0; });
}

void AnswerHandler::answer(Endpoint endpoint,
                           const httplib::Request& request,
                           httplib::Response& response,
                           const httplib::ContentReader& body) {
    const Connection connection(request.remote_addr, request.remote_port);  // while it is there
    const auto read = readBody(body, response);
    if (const auto* error = std::get_if<ApiError>(&read)) {
        reply(response, *error);
        return;
    }
    const auto parse = endpoint == Endpoint::Chat ? parseChatRequest : parseCompletionRequest;
    ParsedRequest parsed = parse(std::get<std::string>(read), m_defaults);
    if (const auto* error = std::get_if<ApiError>(&parsed)) {
        reply(response, *error);
        return;
    }
    auto& asked = std::get<AnswerRequest>(parsed);
    if (!asked.model.empty() && asked.model != m_modelId) {
        reply(response, unknownModel(m_modelId));
        return;
    }
    const bool isStream = asked.isStream;
    const Form form{endpoint, asked.wantsUsage,
                    asked.wantsEcho ? *asked.generation.raw_prompt : std::string()};
    // Before the queue has it, and may begin it: the end waits for this one from now on.
    const auto delivery = std::make_shared<Delivery>(*this, connection);
    auto pending = m_queue.submitOrNull(std::move(asked));
    if (!pending) {
        reply(response, ApiError{503, "too many requests wait already; try again in a moment",
                                 "server_error", "", "queue_full"});
        return;
    }
    delivery->begin(std::move(pending));
    // The status waits for the first piece: an error before it is an HTTP error, streaming or not.
    auto first = delivery->next();
    if (!first) {
        response.status = kClientGone;
    } else if (const auto* error = std::get_if<ApiError>(&*first)) {
        reply(response, *error);
    } else if (isStream) {
        sendStream(delivery, response, form, std::move(*first));
    } else {
        sendWhole(*delivery, response, form, std::move(*first));
    }
}

void AnswerHandler::sendWhole(Delivery& delivery,
                              httplib::Response& response,
                              const Form& form,
                              AnswerPiece piece) {
    WholeResponse whole;
    whole.add(TextDelta{form.echo});
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
    reply(response, whole.finish(headOf(form.endpoint, m_modelId), end));
}

void AnswerHandler::sendStream(std::shared_ptr<Delivery> delivery,
                               httplib::Response& response,
                               const Form& form,
                               AnswerPiece first) {
    struct Stream {
        std::shared_ptr<Delivery> delivery;
        StreamedResponse events;
        std::optional<AnswerPiece> piece;
        std::string echo;  ///< before the first piece
    };
    auto stream = std::make_shared<Stream>(Stream{
        std::move(delivery), StreamedResponse(headOf(form.endpoint, m_modelId), form.wantsUsage),
        std::move(first), form.echo});
    response.set_header("Cache-Control", "no-store");
    response.status = 200;
    // Called again and again, each time for one piece.
    response.set_chunked_content_provider(
        "text/event-stream", [stream](std::size_t, httplib::DataSink& sink) {
            if (!stream->piece) stream->piece = stream->delivery->next();
            if (!stream->piece) return false;
            const AnswerPiece piece = *std::exchange(stream->piece, std::nullopt);
            std::string events;
            if (const std::string echo = std::exchange(stream->echo, {}); !echo.empty())
                events = stream->events.events(TextDelta{echo});
            events += stream->events.events(piece);
            if (const auto* end = std::get_if<AnswerEnd>(&piece)) noteUsage(end->usage);
            if (!sink.write(events.data(), events.size())) return false;
            if (isLast(piece)) sink.done();
            return true;
        });
}

}  // namespace lares::cli
