#pragma once

#include "app/chat/note.h"

#include <QJsonObject>

#include <optional>

namespace lares::app {

/// A note that is being written: there again after a restart, until it is kept or dismissed.
struct NoteDraft {
    Note note;                   ///< as it would be saved; id 0: a new one
    bool isFromMessage = false;  ///< its editor goes back to the conversation
};

/// As it is kept in the settings; an empty object: none.
[[nodiscard]] QJsonObject toJson(const NoteDraft& draft);
[[nodiscard]] std::optional<NoteDraft> noteDraftFrom(const QJsonObject& json);

}  // namespace lares::app
