#include "app/export/user_texts.h"

#include "app/chat/note_text.h"
#include "app/export/json_fields.h"
#include "app/personas/bounded_object.h"
#include "app/personas/persona_text.h"

namespace lares::app {

QJsonObject toJson(const Note& note) {
    QJsonObject object;
    put(object, "text", note.text);
    put(object, "persona", note.personaId);
    put(object, "createdAt", timeText(note.createdAt));
    if (!note.isOn) object["isOff"] = true;
    return object;
}

Result<Note> noteFromJson(const QByteArray& json) {
    ASSIGN_OR_RETURN(const QJsonObject object, parseBoundedObject(json));
    Note note;
    ASSIGN_OR_RETURN(note.text, textIn(object, "text"));
    note.text = tidiedNote(note.text);
    if (const QString fault = faultOfNote(note.text, 0); !fault.isEmpty()) return notWhole(fault);
    ASSIGN_OR_RETURN(note.personaId, shortTextIn(object, "persona", kMaxPersonaId));
    ASSIGN_OR_RETURN(note.createdAt, timeIn(object, "createdAt"));
    note.isOn = !object["isOff"].toBool();
    return note;
}

}  // namespace lares::app
