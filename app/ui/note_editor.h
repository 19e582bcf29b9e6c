#pragma once

#include "app/chat/note.h"

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;
class Button;
class ComposerText;
class TextLabel;
struct Persona;

/// One note while it is written: its text, who reads it, and why it cannot be saved. Keeps nothing.
/// UI thread only.
class NoteEditor : public QWidget {
    Q_OBJECT

public:
    explicit NoteEditor(const Appearance* appearance, QWidget* parent = nullptr);

    /// `nOthers`: how many there are beside it.
    void begin(const Note& note, const std::vector<Persona>& personas, int nOthers);
    void end();
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] bool isChanged() const;  ///< something would be lost
    [[nodiscard]] Note note() const;
    void setSaving(bool isSaving);
    void showNotSaved(const QString& why);
    void focusText();

signals:
    void saveRequested(const lares::app::Note& note);
    void left();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void save();
    void showState();
    void choosePersona();
    [[nodiscard]] QString readerName() const;

    const Appearance* m_appearance;
    TextLabel* m_heading;
    TextLabel* m_from;
    ComposerText* m_text;
    TextLabel* m_count;
    Button* m_reader;
    TextLabel* m_reason;
    Button* m_save;
    Button* m_cancel;
    Note m_begun;
    QString m_personaId;
    std::vector<std::pair<QString, QString>> m_personas;  ///< id and name
    QString m_notSaved;
    int m_nOthers = 0;
    bool m_isOpen = false;
    bool m_isSaving = false;
};

}  // namespace lares::app
