#include "app/cli/serve/http_reply.h"

#include "app/cli/serve/openai_response.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace lares::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct RequestNote {
    Clock::time_point start = Clock::now();
    std::optional<AnswerUsage> usage;
};
thread_local RequestNote requestNote;

constexpr std::size_t kMostPathBytes = 80;

/// A client's text for a terminal: short, and without what would steer it.
std::string shown(std::string text) {
    text.resize(std::min(text.size(), kMostPathBytes));
    for (char& c : text) {
        if (c < ' ' || c > '~') c = '?';
    }
    return text;
}

/// Of the methods that the library can read.
bool isKnown(const std::string& method) {
    return method != "TRACE" && method != "CONNECT" && method != "PRI";
}

ApiError noSuchPath(const httplib::Request& request) {
    return {404,
            "there is no " + shown(request.method) + " " + shown(request.path) +
                ": /health, /v1/models, /v1/chat/completions, /v1/completions",
            "invalid_request_error", "", "not_found"};
}

}  // namespace

void reply(httplib::Response& response, const Json& json) {
    response.status = 200;
    response.set_content(json_text(json), "application/json");
}

void reply(httplib::Response& response, const ApiError& error) {
    response.status = error.status;
    if (error.status == 401) response.set_header("WWW-Authenticate", "Bearer");
    if (error.status == 503) response.set_header("Retry-After", "5");
    response.set_content(json_text(toJson(error)), "application/json");
}

void replyToFailure(const httplib::Request& request, httplib::Response& response) {
    ApiError error{response.status, "the request failed"};
    // The library fills in what it could read.
    if (response.status == 400 && request.path.empty()) {
        error.message =
            "the request does not begin with a method, an address and a version of HTTP";
    } else if (response.status == 400 && !isKnown(request.method)) {
        error = noSuchPath(request);
    } else if (response.status == 400) {
        error.message = "a header is longer than 8 KiB, or cannot be read";
    } else if (response.status == 416) {
        error.message = "the Range header cannot be read; answers have no ranges";
    } else if (response.status == 404) {
        error = noSuchPath(request);
    } else if (response.status == 413) {
        error = tooLarge();
    } else if (response.status == 414) {
        error.message = "the address is too long";
    }
    reply(response, error);
}

ApiError unknownModel(const std::string& modelId) {
    return {404, "there is no such model here: '" + modelId + "' is the one that is loaded",
            "invalid_request_error", "model", "model_not_found"};
}

ApiError tooLarge() {
    return {413, "the body is larger than " + std::to_string(kMaxBodyBytes >> 20) + " MiB",
            "invalid_request_error", "", "body_too_large"};
}

void beginNote() {
    requestNote = {};
}

void noteUsage(const AnswerUsage& usage) {
    requestNote.usage = usage;
}

std::string noteText(const httplib::Request& request, const httplib::Response& response) {
    std::string text =
        shown(request.method) + " " + shown(request.path) + " " + std::to_string(response.status);
    if (const auto& usage = requestNote.usage) {
        text += ", " + std::to_string(usage->promptTokens) + "+" +
                std::to_string(usage->completionTokens) + " tokens";
    }
    const auto time = Clock::now() - requestNote.start;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return text + ", " + std::to_string(ms) + " ms";
}

}  // namespace lares::cli
