#pragma once

#include "app/cli/serve/api_error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// Who may talk to the server.
struct GateRules {
    int port = 0;
    /// Whether it listens on this machine alone. Then `Host` must name the machine itself, so that
    /// a web page cannot reach it under a name of its own (DNS rebinding); else the key does that.
    bool isLoopback = true;
    std::vector<std::string> origins = {};  ///< web pages that may ask, as "https://example.org"
    std::string key = {};                   ///< empty: none is asked for
};

/// The parts of a request that the gate looks at. Several of one header: all of them.
struct GateRequest {
    std::string_view method;
    std::vector<std::string> hosts = {};
    std::vector<std::string> origins = {};
    std::string authorization = {};
    std::string contentType = {};
    std::string contentEncoding = {};
    std::vector<std::string> contentLengths = {};
    std::string transferEncoding = {};
};

/// "127.0.0.1", "::1", "localhost" and other addresses of the loopback.
[[nodiscard]] bool isLoopbackName(std::string_view host);

/// Why the request is refused before its body is read; nothing: it may come in. A preflight
/// (OPTIONS) needs no key, since browsers send none with it.
[[nodiscard]] std::optional<ApiError> objection(const GateRules& rules, const GateRequest& request);

}  // namespace lares::cli
