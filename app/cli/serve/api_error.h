#pragma once

#include <string>

namespace lares::cli {

/// A refusal as OpenAI's clients read it: an HTTP status and {"error":{"message","type","param",
/// "code"}}. Empty `param` and `code` are null there.
struct ApiError {
    int status = 400;
    std::string message;
    std::string type = "invalid_request_error";
    std::string param = {};
    std::string code = {};
};

}  // namespace lares::cli
