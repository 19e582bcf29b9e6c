#include "app/chat/note_draft.h"

namespace lares::app {

QJsonObject toJson(const NoteDraft& draft) {
    return {{"note", draft.note.id},           {"text", draft.note.text},
            {"persona", draft.note.personaId}, {"conversation", draft.note.conversation},
            {"message", draft.note.message},   {"fromMessage", draft.isFromMessage}};
}

std::optional<NoteDraft> noteDraftFrom(const QJsonObject& json) {
    if (json.isEmpty()) return std::nullopt;
    NoteDraft draft;
    draft.note.id = json["note"].toInteger();
    draft.note.text = json["text"].toString();
    draft.note.personaId = json["persona"].toString();
    draft.note.conversation = json["conversation"].toInteger();
    draft.note.message = json["message"].toInteger();
    draft.isFromMessage = json["fromMessage"].toBool();
    return draft;
}

}  // namespace lares::app
