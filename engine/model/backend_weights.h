#pragma once

#include "engine/base/result.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

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

    /// The kept weights if they are of type T.
    template <class T>
    [[nodiscard]] std::shared_ptr<const T> kept_or_null() const {
        const std::scoped_lock lock(m_mutex);
        return std::dynamic_pointer_cast<const T>(m_weights);
    }
    /// Sessions keep what they use.
    void forget() {
        const std::scoped_lock lock(m_mutex);
        m_weights = nullptr;
    }

    /// One sentence for people: why the weights are where they are. Empty: as they were asked for.
    [[nodiscard]] std::string note() const {
        const std::scoped_lock lock(m_mutex);
        return m_note;
    }
    void set_note(std::string note) {
        const std::scoped_lock lock(m_mutex);
        m_note = std::move(note);
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const BackendWeights> m_weights;
    std::string m_note;
};

}  // namespace lares
