#pragma once

#include "engine/base/result.h"

#include <memory>
#include <mutex>

namespace lares {

/// What a backend made of a model's weights: a copy in its own order or on its own device.
class BackendWeights {
public:
    virtual ~BackendWeights() = default;
};

/// Keeps a backend's weights as long as the model, so that its sessions share them. Thread safe;
/// whoever comes second waits for the first.
class BackendWeightsSlot {
public:
    /// The kept weights of type T, or what `make` returns: Result<std::shared_ptr<const T>>.
    template <class T, class Make>
    Result<std::shared_ptr<const T>> get_or_make(const Make& make) {
        const std::scoped_lock lock(m_mutex);
        if (auto kept = std::dynamic_pointer_cast<const T>(m_weights)) return kept;
        ASSIGN_OR_RETURN(std::shared_ptr<const T> made, make());
        m_weights = made;
        return made;
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<const BackendWeights> m_weights;
};

}  // namespace lares
