#include "engine/backend/backend.h"

namespace lares {

Result<TokenId> Backend::pick_and_read() {
    return Error{ErrorCode::Internal, "this backend has no sampler of its own"};
}

Result<void> Backend::begin_trial(std::span<const TokenId>) {
    return Error{ErrorCode::Unsupported, "this backend has no trials"};
}
void Backend::trial_logits(std::span<float>) {}
void Backend::use_trial_logits(int) {}
void Backend::end_trial(int) {}

}  // namespace lares
