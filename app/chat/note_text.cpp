#include "app/chat/note_text.h"

#include "app/personas/persona_text.h"
#include "app/transcript/visible_text.h"
#include "app/turn/attached_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace lares::app {
namespace {

// Of the prompt, so in the language that the model reads best, whatever the window speaks.
constexpr const char* kNotesHeading = "Notes that the user asked you to remember:";

struct NotesSentence {
    Q_DECLARE_TR_FUNCTIONS(Notes)
};

/// One line of the list; the lines of a longer note stand below its first.
QString listed(const QString& text) {
    return "\n- " + QString(text).replace('\n', QLatin1String("\n  "));
}

}  // namespace

QString tidiedNote(const QString& text) {
    return tidied(text);
}

QString shownNote(const QString& text) {
    return tidied(visibleText(text));
}

bool isSameNote(const QString& one, const QString& other) {
    return one.simplified().toCaseFolded() == other.simplified().toCaseFolded();
}

QString faultOfNote(const QString& text, int nOthers) {
    const QLocale locale;
    if (text.isEmpty()) return NotesSentence::tr("A note needs a text. Write one to save it.");
    if (text.size() > kMaxNote) {
        return NotesSentence::tr("The note is too long: %1 of %2 characters. Shorten it to save.")
            .arg(locale.toString(text.size()), locale.toString(kMaxNote));
    }
    if (nOthers >= kMaxNotes) {
        return NotesSentence::tr(
                   "There are %1 notes, and there is room for no more. Forget one to "
                   "save this.")
            .arg(locale.toString(kMaxNotes));
    }
    return {};
}

NotesPart notesPart(const std::vector<NoteText>& notes, int contextLength) {
    const int most =
        contextLength > 0 ? std::min(kMaxNoteTokens, contextLength / 8) : kMaxNoteTokens;
    NotesPart part;
    const int heading = aboutTokens(kNotesHeading);
    QString lines;
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
        const QString line = listed(note->text);
        const int nTokens = aboutTokens(line.toStdString());
        // One that is too long leaves no gap: what is older than it is left out, too.
        if (!part.left.empty() || heading + part.nTokens + nTokens > most) {
            part.left.push_back(note->id);
            continue;
        }
        part.nTokens += nTokens;
        lines.prepend(line);
    }
    if (lines.isEmpty()) return part;
    part.nTokens += heading;
    part.text = kNotesHeading + lines;
    return part;
}

QString withNotes(const QString& system, const NotesPart& part) {
    if (part.text.isEmpty()) return system;
    return system.isEmpty() ? part.text : system + "\n\n" + part.text;
}

}  // namespace lares::app
