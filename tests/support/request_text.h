#pragma once

#include "engine/session/engine.h"

#include <string>

namespace lares::test {

/// What a request would have the model read, a message after the other: "user: Hello\n".
[[nodiscard]] inline std::string textOf(const GenerationRequest& request) {
    std::string text;
    for (const Message& one : request.conversation.messages)
        text += one.role + ": " + one.content + "\n";
    return text;
}

[[nodiscard]] inline bool holds(const GenerationRequest& request, const std::string& text) {
    return textOf(request).find(text) != std::string::npos;
}

}  // namespace lares::test
