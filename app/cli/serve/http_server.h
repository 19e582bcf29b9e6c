#pragma once

#include "app/cli/serve/openai_request.h"
#include "app/cli/serve/request_gate.h"
#include "app/cli/serve/resting_engine.h"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace lares::cli {

struct ServerOptions {
    std::string host = "127.0.0.1";
    int port = 8080;  ///< 0: any that is free
    std::string modelId;
    std::size_t maxWaiting = 16;        ///< requests that may wait while one is answered
    std::chrono::minutes restAfter{0};  ///< without a request the memory is freed; 0: never
    GateRules gate = {};                ///< its port is filled in
    AnswerDefaults defaults = {};
    /// Gets a line for each request when it is done, from any thread; nothing of its content.
    std::function<void(std::string_view)> log = {};
};

/// The endpoint: HTTP on one port, OpenAI's API in front of one engine.
class HttpServer {
public:
    /// Takes the port; nobody is answered yet. `engine` outlives the server, which alone uses it.
    /// Io where the port is taken or the address is none of this machine's.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> bind(RestingEngine& engine,
                                                                  ServerOptions options);
    ~HttpServer();

    /// "http://127.0.0.1:8080"
    [[nodiscard]] std::string url() const;
    /// Answers until `stop`; then the running answer ends with an error, as do those that wait.
    /// Internal where the system takes the port away.
    [[nodiscard]] Result<void> run(const std::stop_token& stop);

private:
    struct Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::cli
