#pragma once

#include "app/chat/chat_message.h"

#include <QLatin1String>

namespace lares::app {

/// The enumerators as the database spells them. Names, not numbers: they survive reordering, and a
/// person can read the file. A name that is not known (from a newer Lares) reads as the fallback.
[[nodiscard]] QLatin1String storedName(Role role);
[[nodiscard]] QLatin1String storedName(ChatMessage::State state);
[[nodiscard]] QLatin1String storedName(Part::Kind kind);
[[nodiscard]] QLatin1String storedName(Part::CallState state);  ///< '' for None

[[nodiscard]] Role roleOf(const QString& name);                  ///< else Assistant
[[nodiscard]] ChatMessage::State stateOf(const QString& name);   ///< else Complete
[[nodiscard]] Part::Kind partKindOf(const QString& name);        ///< else Notice
[[nodiscard]] Part::CallState callStateOf(const QString& name);  ///< else None

}  // namespace lares::app
