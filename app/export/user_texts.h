#pragma once

#include "app/chat/note.h"
#include "app/personas/persona.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonObject>

#include <cstddef>
#include <vector>

namespace lares::app {

/// What the user wrote beside conversations, which goes along in a file of all of them: personas of
/// their own and built-in ones that they changed, and what the model is to remember. A plain value.
struct UserTexts {
    std::vector<Persona> personas;
    std::vector<Note> notes;

    bool operator==(const UserTexts&) const = default;
};

/// Of each kind, in a file that comes in; what is beyond is not read.
inline constexpr std::size_t kMaxTextsOfFile = 1'000;

/// { "text", "persona", "createdAt", "isOff": true }. Where it came from is not in it.
[[nodiscard]] QJsonObject toJson(const Note& note);
/// Tidied and within the bounds (chat/note_text.h), without an id; Corrupt where it is not, with
/// the reason alone. Any thread.
[[nodiscard]] Result<Note> noteFromJson(const QByteArray& json);

}  // namespace lares::app
