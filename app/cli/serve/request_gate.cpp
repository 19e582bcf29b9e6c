#include "app/cli/serve/request_gate.h"

#include <algorithm>

namespace lares::cli {
namespace {

constexpr std::size_t kMostDigits = 18;  // of a length: fits any counter

std::string lowered(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

/// Takes as long for every key of the same length, so that its time tells nothing of ours.
bool isSameKey(std::string_view given, std::string_view key) {
    unsigned difference = given.size() == key.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto ours = static_cast<unsigned char>(key[i % key.size()]);
        difference |= static_cast<unsigned char>(given[i]) ^ ours;
    }
    return difference == 0;
}

/// "127.0.0.1:8080" and its like. A client leaves the port out where it is HTTP's own.
bool isOwnHost(std::string_view host, int port) {
    const std::string suffix = ":" + std::to_string(port);
    if (host.ends_with(suffix)) {
        host.remove_suffix(suffix.size());
    } else if (port != 80) {
        return false;
    }
    if (host.starts_with('[') && host.ends_with(']')) return host == "[::1]";
    return host.find(':') == std::string_view::npos && isLoopbackName(host);
}

std::optional<ApiError> hostObjection(const GateRules& rules, const GateRequest& request) {
    if (request.hosts.size() != 1)
        return ApiError{400, "a request needs one Host header", "invalid_request_error", "",
                        "invalid_host"};
    if (!rules.isLoopback || isOwnHost(request.hosts[0], rules.port)) return {};
    return ApiError{403,
                    "the Host header must be localhost:" + std::to_string(rules.port) +
                        " or the loopback's address with that port",
                    "permission_error", "", "forbidden_host"};
}

std::optional<ApiError> originObjection(const GateRules& rules, const GateRequest& request) {
    for (const std::string& origin : request.origins) {
        if (std::find(rules.origins.begin(), rules.origins.end(), origin) == rules.origins.end())
            return ApiError{403,
                            "web pages may not ask; lares-cli serve --allow-origin ORIGIN lets one",
                            "permission_error", "", "forbidden_origin"};
    }
    return {};
}

std::optional<ApiError> keyObjection(const GateRules& rules, const GateRequest& request) {
    constexpr std::string_view kScheme = "bearer ";
    if (rules.key.empty() || request.method == "OPTIONS") return {};
    const std::string_view given = request.authorization;
    const bool isBearer = lowered(given.substr(0, kScheme.size())) == kScheme;
    if (isBearer && isSameKey(given.substr(kScheme.size()), rules.key)) return {};
    return ApiError{401, "the API key is missing or wrong: Authorization: Bearer KEY",
                    "authentication_error", "", "invalid_api_key"};
}

/// A web page may send other types anywhere without asking first; a compressed body could hold any
/// amount.
std::optional<ApiError> bodyObjection(const GateRequest& request) {
    if (request.method != "POST") return {};
    const std::string type = lowered(request.contentType.substr(0, request.contentType.find(';')));
    if (type.substr(0, type.find_last_not_of(" \t") + 1) != "application/json")
        return ApiError{415, "the Content-Type must be application/json", "invalid_request_error",
                        "", "unsupported_media_type"};
    if (!request.contentEncoding.empty() && lowered(request.contentEncoding) != "identity")
        return ApiError{415, "the body may not be compressed", "invalid_request_error", "",
                        "unsupported_media_type"};
    return {};
}

/// The library would wait for the end of a body of unknown length, and take a wrong one for a
/// number.
std::optional<ApiError> lengthObjection(const GateRequest& request) {
    if (request.method != "POST" || !request.transferEncoding.empty()) return {};
    if (request.contentLengths.empty())
        return ApiError{411, "the request needs a Content-Length header or a chunked body",
                        "invalid_request_error", "", "length_required"};
    const std::string& length = request.contentLengths[0];
    const bool isNumber = !length.empty() && length.size() <= kMostDigits &&
                          length.find_first_not_of("0123456789") == std::string::npos;
    if (request.contentLengths.size() == 1 && isNumber) return {};
    return ApiError{400, "the Content-Length header must be one number", "invalid_request_error",
                    "", "invalid_length"};
}

}  // namespace

bool isLoopbackName(std::string_view host) {
    if (host == "::1" || lowered(host) == "localhost") return true;
    // 127.0.0.0/8 written as four numbers; a name such as 127.example.org is none of ours.
    constexpr std::string_view kDigits = "0123456789.";
    return host.starts_with("127.") && host.size() <= 15 &&
           host.find_first_not_of(kDigits) == std::string_view::npos &&
           std::count(host.begin(), host.end(), '.') == 3;
}

std::optional<ApiError> objection(const GateRules& rules, const GateRequest& request) {
    for (const auto check : {hostObjection, originObjection, keyObjection}) {
        if (auto problem = check(rules, request)) return problem;
    }
    if (auto problem = bodyObjection(request)) return problem;
    return lengthObjection(request);
}

}  // namespace lares::cli
