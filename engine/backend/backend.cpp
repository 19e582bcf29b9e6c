#include "engine/backend/backend.h"

namespace lares {

Result<TokenId> Backend::pick_and_read() {
    return Error{ErrorCode::Internal, "this backend has no sampler of its own"};
}

}  // namespace lares
