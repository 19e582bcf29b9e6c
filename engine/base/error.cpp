#include "engine/base/error.h"

namespace lares {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::InvalidArgument:
            return "invalid_argument";
        case ErrorCode::NotFound:
            return "not_found";
        case ErrorCode::PermissionDenied:
            return "permission_denied";
        case ErrorCode::Io:
            return "io";
        case ErrorCode::Corrupt:
            return "corrupt";
        case ErrorCode::Unsupported:
            return "unsupported";
        case ErrorCode::ContextFull:
            return "context_full";
        case ErrorCode::OutOfMemory:
            return "out_of_memory";
        case ErrorCode::Cancelled:
            return "cancelled";
        case ErrorCode::DeviceFailed:
            return "device_failed";
        case ErrorCode::Internal:
            return "internal";
    }
    return "internal";
}

}  // namespace lares
