#pragma once

#include "app/chat/note.h"

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;
class Button;

/// One note of the list: its text, who reads it and since when, and what can be done with it. UI
/// thread only.
class NoteRow : public QWidget {
    Q_OBJECT

public:
    /// `about`: one line below the text. `canShow`: the message is there from which it comes.
    NoteRow(const Appearance* appearance,
            const Note& note,
            const QString& about,
            bool canShow,
            QWidget* parent = nullptr);

    [[nodiscard]] NoteId id() const { return m_note.id; }
    /// In the order of Tab.
    [[nodiscard]] const std::vector<Button*>& buttons() const { return m_buttons; }

signals:
    void editRequested(lares::app::NoteId id);
    void toggled(lares::app::NoteId id, bool isOn);
    void showRequested(lares::app::NoteId id);
    void forgetRequested(lares::app::NoteId id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Button* addButton(const QString& text, const QString& name);

    const Appearance* m_appearance;
    Note m_note;
    QLayout* m_flow = nullptr;
    std::vector<Button*> m_buttons;
};

}  // namespace lares::app
