#include "app/cli/serve/http_server.h"

#include "app/cli/serve/answer_handler.h"
#include "app/cli/serve/answer_queue.h"
#include "app/cli/serve/connection.h"
#include "app/cli/serve/http_reply.h"
#include "app/cli/serve/openai_response.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <httplib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace lares::cli {
namespace {

using httplib::Request;
using httplib::Response;
using Handled = httplib::Server::HandlerResponse;

constexpr int kReadSeconds = 10;
constexpr int kWriteSeconds = 30;
/// Threads for what does not wait for the engine: lists, refusals.
constexpr std::size_t kSpareThreads = 8;
constexpr std::chrono::seconds kLastWords{5};
/// For a reply that is on its way when the server ends, and for a request that is.
constexpr std::chrono::seconds kGrace{2};

std::vector<std::string> valuesOf(const Request& request, const std::string& name) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < request.get_header_value_count(name); ++i)
        values.push_back(request.get_header_value(name, i));
    return values;
}

GateRequest gateRequest(const Request& request) {
    return {request.method,
            valuesOf(request, "Host"),
            valuesOf(request, "Origin"),
            request.get_header_value("Authorization"),
            request.get_header_value("Content-Type"),
            request.get_header_value("Content-Encoding"),
            valuesOf(request, "Content-Length"),
            request.get_header_value("Transfer-Encoding")};
}

/// Not with SO_REUSEPORT, which the library sets otherwise: a second server would share the port
/// without a word.
void setSocketOptions(socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

/// Each of many threads has a heap of its own, and would hold the room of the largest body that it
/// read: so that a large block is the system's again once it is freed.
void keepNoLargeBlocks() {
#if defined(__GLIBC__)
    constexpr int kLargeBytes = 1 << 20;
    ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

/// What a page may send, for the browser that asks before it does.
void answerPreflight(const Request& request, Response& response) {
    const std::string wanted = request.get_header_value("Access-Control-Request-Headers");
    const bool isPlain = std::all_of(wanted.begin(), wanted.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == ',' || c == ' ';
    });
    response.set_header("Access-Control-Allow-Methods", "GET, POST");
    response.set_header("Access-Control-Allow-Headers",
                        isPlain && !wanted.empty() ? wanted : "authorization, content-type");
    response.set_header("Access-Control-Max-Age", "600");
    response.status = 204;
}

}  // namespace

struct HttpServer::Impl {
    ServerOptions options;
    AnswerQueue queue;
    AnswerHandler answers;
    httplib::Server http;
    ResponseHead head;  // of the model itself

    Impl(RestingEngine& engine, ServerOptions o)
        : options(std::move(o))
        , queue(engine, options.maxWaiting, options.restAfter)
        , answers(queue, options.modelId, options.defaults)
        , head{"", options.modelId, std::time(nullptr)} {}

    Handled route(const Request& request, Response& response);
    void addRoutes();
    bool takePort();
    void endAnswers();
};

/// Before a body is read: who may come in, and the paths without one.
Handled HttpServer::Impl::route(const Request& request, Response& response) {
    beginNote();
    // The library would cut the answer to the bytes that a Range header names, which means nothing
    // for a POST, and the request is its own to change.
    const_cast<Request&>(request).ranges.clear();
    if (const auto problem = objection(options.gate, gateRequest(request))) {
        reply(response, *problem);
        return Handled::Handled;
    }
    if (request.has_header("Origin")) {
        response.set_header("Access-Control-Allow-Origin", request.get_header_value("Origin"));
        response.set_header("Vary", "Origin");
    }
    if (request.method == "OPTIONS") {
        answerPreflight(request, response);
        return Handled::Handled;
    }
    constexpr std::string_view kModels = "/v1/models/";
    const bool isRead = request.method == "GET" || request.method == "HEAD";
    if (!isRead || !request.path.starts_with(kModels)) return Handled::Unhandled;
    if (request.path.substr(kModels.size()) == options.modelId) {
        reply(response, modelJson(head));
    } else {
        reply(response, unknownModel(options.modelId));
    }
    return Handled::Handled;
}

void HttpServer::Impl::addRoutes() {
    http.set_pre_routing_handler(
        [this](const Request& request, Response& response) { return route(request, response); });
    http.Get("/health", [this](const Request&, Response& response) {
        const AnswerQueue::Load load = queue.load();
        reply(response, Json{{"status", "ok"},
                             {"loaded", load.isLoaded},
                             {"answering", load.isAnswering},
                             {"waiting", load.nWaiting}});
    });
    http.Get("/v1/models", [this](const Request&, Response& response) {
        reply(response, Json{{"object", "list"}, {"data", Json::array({modelJson(head)})}});
    });
    for (const auto& [path, endpoint] : {std::pair{"/v1/chat/completions", Endpoint::Chat},
                                         std::pair{"/v1/completions", Endpoint::Completion}}) {
        http.Post(path, [this, endpoint = endpoint](const Request& request, Response& response,
                                                    const httplib::ContentReader& body) {
            answers.answer(endpoint, request, response, body);
        });
    }
    http.set_error_handler([](const Request& request, Response& response) {
        if (response.body.empty()) replyToFailure(request, response);
    });
    // The library's own exceptions, and of others that it calls.
    http.set_exception_handler([](const Request&, Response& response, const std::exception_ptr&) {
        reply(response, ApiError{500, "the request failed", "server_error", "", "internal"});
    });
    if (options.log) {
        http.set_logger([this](const Request& request, const Response& response) {
            options.log(noteText(request, response));
        });
    }
}

bool HttpServer::Impl::takePort() {
    keepNoLargeBlocks();
    http.set_socket_options(setSocketOptions);
    http.set_tcp_nodelay(true);
    http.set_payload_max_length(kMaxBodyBytes);
    http.set_read_timeout(kReadSeconds);
    http.set_write_timeout(kWriteSeconds);
    // One request a connection: a body that nobody read must not be taken for the next request.
    http.set_keep_alive_max_count(1);
    const std::size_t nThreads = options.maxWaiting + 1 + kSpareThreads;
    http.new_task_queue = [nThreads] { return new httplib::ThreadPool(nThreads); };
    if (options.port == 0) {
        options.port = http.bind_to_any_port(options.host);
    } else if (!http.bind_to_port(options.host, options.port)) {
        options.port = -1;
    }
    options.gate.port = options.port;
    return options.port > 0;
}

/// So that they get their last piece, which the library sends only while it runs.
void HttpServer::Impl::endAnswers() {
    queue.close();
    answers.waitUntilIdle(kLastWords);
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::bind(RestingEngine& engine, ServerOptions options) {
    const std::string place = options.host + ", port " + std::to_string(options.port);
    auto impl = std::make_unique<Impl>(engine, std::move(options));
    impl->addRoutes();
    if (impl->takePort()) return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
    return Error{ErrorCode::Io, "cannot listen on " + place +
                                    ": another program has the port, or the address is not this "
                                    "machine's; --port 0 takes any free port"};
}

std::string HttpServer::url() const {
    const std::string& host = m_impl->options.host;
    const bool isV6 = host.find(':') != std::string::npos;
    return "http://" + (isV6 ? "[" + host + "]" : host) + ":" +
           std::to_string(m_impl->options.port);
}

Result<void> HttpServer::run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool hasEnded = false;
    std::thread listener([&] {
        m_impl->http.listen_after_bind();
        const std::lock_guard lock(mutex);
        hasEnded = true;
        changed.notify_all();
    });
    std::unique_lock lock(mutex);
    const bool wasStopped = !changed.wait(lock, stop, [&] { return hasEnded; });
    lock.unlock();
    m_impl->endAnswers();
    const auto graceEnd = std::chrono::steady_clock::now() + kGrace;
    lock.lock();
    // Again until it has ended: a stop before it listens is lost.
    while (!hasEnded) {
        m_impl->http.stop();
        if (std::chrono::steady_clock::now() > graceEnd) endConnections(m_impl->options.port);
        changed.wait_for(lock, std::chrono::milliseconds(20), [&] { return hasEnded; });
    }
    lock.unlock();
    listener.join();
    if (wasStopped) return {};
    return Error{ErrorCode::Io, "the server stopped listening: the system took its port away"};
}

}  // namespace lares::cli
