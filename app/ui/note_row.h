#pragma once

#include "app/chat/note.h"
#include "app/ui/entry_card.h"

namespace lares::app {

/// One note of the list: its text, who reads it and since when, and what can be done with it. UI
/// thread only.
class NoteRow : public EntryCard {
    Q_OBJECT

public:
    /// `about`: one line below the text. `canShow`: the message is there from which it comes.
    NoteRow(const Appearance* appearance,
            const Note& note,
            const QString& about,
            bool canShow,
            QWidget* parent = nullptr);

    [[nodiscard]] NoteId id() const { return m_note.id; }

signals:
    void editRequested(lares::app::NoteId id);
    void toggled(lares::app::NoteId id, bool isOn);
    void showRequested(lares::app::NoteId id);
    void forgetRequested(lares::app::NoteId id);

private:
    Note m_note;
};

}  // namespace lares::app
