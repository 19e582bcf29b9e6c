#pragma once

#include "app/cli/serve/answer_piece.h"
#include "engine/base/json.h"

#include <httplib.h>
#include <string>

namespace lares::cli {

/// The largest body of a request: a context of a million tokens, and some.
constexpr std::size_t kMaxBodyBytes = std::size_t{8} << 20;

void reply(httplib::Response& response, const Json& json);
void reply(httplib::Response& response, const ApiError& error);
/// For what the library itself refuses: no such path, a body or a line too long, no HTTP.
void replyToFailure(const httplib::Request& request, httplib::Response& response);
[[nodiscard]] ApiError unknownModel(const std::string& modelId);
[[nodiscard]] ApiError tooLarge();

// What the log says of a request. The library handles one from beginning to end on one thread, and
// has no place of its own to keep it in.
void beginNote();
void noteUsage(const AnswerUsage& usage);
/// "POST /v1/chat/completions 200, 12+30 tokens, 140 ms"
[[nodiscard]] std::string noteText(const httplib::Request& request,
                                   const httplib::Response& response);

}  // namespace lares::cli
