#pragma once

#include "app/chat/note.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

namespace lares::app {

class Appearance;
class Button;
class NoteField;
class TextLabel;
struct Persona;

/// One note while it is written: its text, who reads it, and why it cannot be saved. Keeps nothing:
/// `saveRequested` and `draftChanged` say what to do. UI thread only.
class NoteEditor : public QWidget {
    Q_OBJECT

public:
    explicit NoteEditor(const Appearance* appearance, QWidget* parent = nullptr);

    /// `nOthers`: how many there are beside it. `draft`: what was written of it before.
    void begin(const Note& note,
               const std::vector<Persona>& personas,
               int nOthers,
               const std::optional<Note>& draft = {});
    void end();
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] bool isChanged() const;  ///< something would be lost
    [[nodiscard]] const Note& begun() const { return m_begun; }
    /// Says `draftChanged` now where it still waits for a pause in the typing.
    void flushDraft();
    [[nodiscard]] Note note() const;
    void setSaving(bool isSaving);
    void showNotSaved(const QString& why);
    void focusText();

signals:
    void saveRequested(const lares::app::Note& note);
    void left();
    void draftChanged();  ///< some time after a change

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void save();
    void showState();
    void changed();
    void choosePersona();
    [[nodiscard]] QString readerName() const;

    const Appearance* m_appearance;
    TextLabel* m_heading;
    TextLabel* m_from;
    NoteField* m_text;
    Button* m_reader;
    Button* m_save;
    Button* m_cancel;
    Note m_begun;
    QString m_personaId;
    std::vector<std::pair<QString, QString>> m_personas;  ///< id and name
    QTimer m_draftPause;
    bool m_isOpen = false;
    bool m_isSaving = false;
};

}  // namespace lares::app
