#pragma once

#include "tools/registry/tool_registry.h"

#include <optional>
#include <string>

namespace lares {

/// How a call's arguments break their tool's schema.
enum class ArgumentFault {
    NotAnObject,
    Unknown,           ///< a field that the tool does not have
    Missing,           ///< a required one is not there
    WrongType,         ///< not a text
    TooLong,           ///< more bytes than the parameter allows
    NotUtf8,           ///< bytes that are no text
    ControlCharacter,  ///< NUL anywhere; in a path or pattern any of them
};

struct ArgumentProblem {
    ArgumentFault fault = ArgumentFault::NotAnObject;
    /// For the model, as tools/registry/README.md has it, without "error: ".
    std::string message;
};

/// Whether the arguments are exactly what the tool takes: strict, since the model wrote them.
/// Nothing when they are. Any thread.
[[nodiscard]] std::optional<ArgumentProblem> check_arguments(const ToolDefinition& tool,
                                                             const Json& arguments);

/// The same JSON for the same arguments: keys sorted, no white space. Precondition: they passed
/// `check_arguments`.
[[nodiscard]] std::string canonical_json(const Json& arguments);

}  // namespace lares
