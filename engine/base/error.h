#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace lares {

/// What kind of failure it is: callers branch on this, people read the message.
enum class ErrorCode {
    InvalidArgument,   ///< the caller asked for something that makes no sense (bad option, token id
                       ///< out of range)
    NotFound,          ///< a file, tensor or key that must be there is missing
    PermissionDenied,  ///< nobody granted it, or the operating system keeps it from this user
    Io,                ///< the operating system refused: open, read, map, write
    Corrupt,           ///< bytes that contradict their own format
    Unsupported,       ///< well-formed, but not something this engine runs
    ContextFull,       ///< the conversation is longer than the context that was planned
    OutOfMemory,       ///< an allocation failed; nothing was changed
    Cancelled,         ///< a stop was requested and honoured
    DeviceFailed,      ///< the graphics card or its driver gave up; what was on it is lost
    Internal,          ///< our own mistake, reported instead of aborting
};

/// Stable name of a code, as `--json` prints it: "corrupt", "not_found", …
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// A failure as a value. `message` is one sentence that names the cause (file, tensor, offset) and,
/// where there is one, the next step. Each layer that passes it on may add one fact in front.
struct [[nodiscard]] Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;

    /// The same error with `fact + ": "` in front of the message.
    [[nodiscard]] Error with_context(std::string_view fact) && {
        message.insert(0, std::string(fact) + ": ");
        return std::move(*this);
    }
};

[[nodiscard]] inline Error invalid_argument(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

}  // namespace lares
