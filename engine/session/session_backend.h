#pragma once

#include "engine/backend/backend.h"
#include "engine/model/model.h"
#include "engine/session/session.h"
#include "engine/session/session_options.h"
#include "engine/state/memory_plan.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace lares {

namespace cuda {
class Device;
}

/// What a session runs on.
struct SessionBackend {
    std::unique_ptr<Backend> backend;
    std::string device;                ///< "cpu", or the card's name
    std::optional<MemoryPlan> memory;  ///< of the card, by owner; nothing on the CPU
    std::string notice;  ///< why it is the CPU though a card was welcome; empty otherwise
    std::shared_ptr<cuda::Device> card;  ///< null on the CPU
};

/// Reads the model's weights to where `options` want them: the first of a model decides for all of
/// its sessions whether `auto` means a card. Preconditions: `options` are valid and resolved.
/// Errors: InvalidArgument, OutOfMemory, Cancelled; where a card was asked for by name also
/// Unsupported, NotFound, DeviceFailed.
[[nodiscard]] Result<void> prepare_weights(const Model& model,
                                           const SessionOptions& options,
                                           const std::stop_token& stop,
                                           const Session::LoadProgress& progress);

/// A backend for one session; reads the weights first where nobody did. Errors as above. Throws
/// std::bad_alloc.
[[nodiscard]] Result<SessionBackend> make_backend(const Model& model,
                                                  const SessionOptions& options);

}  // namespace lares
