#pragma once

#include "app/personas/persona.h"

#include <optional>

namespace lares::app {

class ChatController;

/// What was written of personas and not saved, one draft for each and one for a new one, which has
/// no id. In the settings, as the draft of a new conversation is: on disk at once, and there after
/// a restart. UI thread only.
class PersonaDrafts {
public:
    explicit PersonaDrafts(ChatController* controller) : m_controller(controller) {}

    [[nodiscard]] std::optional<Persona> of(const QString& id) const;
    [[nodiscard]] bool has(const QString& id) const;
    /// Replaces the one before. Those of personas that are gone go with it.
    void keep(const Persona& draft);
    void drop(const QString& id);

private:
    [[nodiscard]] QJsonObject all() const;

    ChatController* m_controller;
};

}  // namespace lares::app
