#pragma once

#include "engine/base/json.h"

#include <string>

namespace lares {

/// What an answer must be, thinking aside. The model is held to it token by token: what would lead
/// out of it cannot be picked (Willard & Louf 2023, arXiv:2307.09702). An answer that is cut off
/// (max_tokens, the context) is the beginning of one.
struct AnswerForm {
    enum class Kind {
        Free,       ///< any text; calls in it are calls of the conversation's tools
        JsonValue,  ///< one JSON value of `schema`, or, where there are tools, a call of one
        Call        ///< a call, of `function` where it is not empty; then as Free
    };
    Kind kind = Kind::Free;
    Json schema = Json::object();  ///< what json_grammar.h takes; {} is any value
    std::string function = {};
};

}  // namespace lares
