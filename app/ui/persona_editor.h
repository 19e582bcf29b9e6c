#pragma once

#include "app/personas/persona.h"
#include "app/ui/text_label.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>

class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class ComposerText;
class PersonaAnswers;
class PersonaLore;

/// Where one persona is written: name, instructions, greeting, lore, how it answers. It keeps
/// nothing: `saveRequested` and `draftChanged` say what to do, and the text stays until `end`,
/// whatever became of it. UI thread only.
class PersonaEditor : public QWidget {
    Q_OBJECT

public:
    explicit PersonaEditor(const Appearance* appearance, QWidget* parent = nullptr);

    /// Shows this persona for editing; one without an id is new. `draft`: what was written of it
    /// before and not saved.
    void begin(const Persona& persona,
               const QString& heading,
               const std::optional<Persona>& draft = std::nullopt);
    void end();  ///< holds nothing any more
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] Persona draft() const;  ///< as it would be saved
    [[nodiscard]] bool isChanged() const;
    /// While it is written to the disk nothing can be pressed or typed.
    void setSaving(bool isSaving);
    void showNotSaved();
    void setUsual(const QJsonObject& usual);  ///< parameters of a persona that says nothing
    void leave();                             ///< keeps what was written
    void discard();                           ///< shows the persona as it is saved
    /// Says `draftChanged` now where it still waits for a pause in the typing.
    void flushDraft();
    [[nodiscard]] PersonaAnswers* answers() const { return m_answers; }
    [[nodiscard]] PersonaLore* lore() const { return m_lore; }
    void focusText();  ///< the field that had the focus last

signals:
    void saveRequested(const lares::app::Persona& persona);
    /// Some time after a change; the draft may be what it was at first.
    void draftChanged();
    void discarded(const lares::app::Persona& draft);  ///< which is gone from the fields
    void left();
    /// Something to read or to press has appeared there.
    void appeared(QWidget* widget);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layOut();
    TextLabel* addText(TextLabel::Kind kind, const QString& text);
    void addFields();
    void addButtons();
    void showState();
    void fill(const Persona& persona);
    void take();  ///< a change by the user
    void save();

    const Appearance* m_appearance;
    TextLabel* m_heading = nullptr;
    TextLabel* m_before = nullptr;
    QLineEdit* m_name;
    ComposerText* m_instructions;
    ComposerText* m_greeting;
    TextLabel* m_count = nullptr;
    PersonaLore* m_lore;
    PersonaAnswers* m_answers;
    TextLabel* m_reason = nullptr;
    Button* m_save;
    Button* m_back;
    Button* m_discard;
    QTimer m_draftPause;
    QPointer<QWidget> m_lastField;
    Persona m_begun;
    bool m_isOpen = false;
    bool m_isSaving = false;
    bool m_isNotSaved = false;
    bool m_isFromBefore = false;  ///< the draft was there at the beginning
};

}  // namespace lares::app
