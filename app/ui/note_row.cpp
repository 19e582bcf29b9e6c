#include "app/ui/note_row.h"

#include "app/ui/button.h"

namespace lares::app {
namespace {

constexpr int kNoteNameLength = 60;  // of the text, where a button is named by it

}  // namespace

NoteRow::NoteRow(const Appearance* appearance,
                 const Note& note,
                 const QString& about,
                 bool canShow,
                 QWidget* parent)
    : EntryCard(appearance, parent), m_note(note) {
    setAccessibleName(note.text);
    setAccessibleDescription(about);
    addLine(TextLabel::Kind::Body, note.text)->setEnabled(note.isOn);
    addLine(TextLabel::Kind::Caption, about);
    const QString name = note.text.simplified().left(kNoteNameLength);
    connect(addButton(tr("Edit"), tr("Edit the note %1").arg(name)), &Button::clicked, this,
            [this] { emit editRequested(m_note.id); });
    connect(note.isOn ? addButton(tr("Turn off"), tr("Turn off the note %1").arg(name))
                      : addButton(tr("Turn on"), tr("Turn on the note %1").arg(name)),
            &Button::clicked, this, [this] { emit toggled(m_note.id, !m_note.isOn); });
    if (canShow) {
        connect(addButton(tr("Where it comes from"), tr("Where the note %1 comes from").arg(name)),
                &Button::clicked, this, [this] { emit showRequested(m_note.id); });
    }
    connect(addButton(tr("Forget"), tr("Forget the note %1").arg(name)), &Button::clicked, this,
            [this] { emit forgetRequested(m_note.id); });
}

}  // namespace lares::app
