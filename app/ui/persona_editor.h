#pragma once

#include "app/personas/persona.h"
#include "app/ui/text_label.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class ComposerText;

/// Where one persona is written: name, instructions, greeting. It keeps nothing: `saveRequested`
/// says what to do, and the text stays until `end`, whatever became of it. UI thread only.
class PersonaEditor : public QWidget {
    Q_OBJECT

public:
    explicit PersonaEditor(const Appearance* appearance, QWidget* parent = nullptr);

    /// Shows this persona for editing; one without an id is new.
    void begin(const Persona& persona, const QString& heading);
    void end();  ///< holds nothing any more
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] Persona draft() const;  ///< as it would be saved
    [[nodiscard]] bool isChanged() const;
    /// While it is written to the disk nothing can be pressed or typed.
    void setSaving(bool isSaving);
    void showNotSaved();
    /// Leaves at once where nothing was changed; else asks, below the text, whether to discard it.
    void cancel();
    void focusText();  ///< the field that had the focus last

signals:
    void saveRequested(const lares::app::Persona& persona);
    void cancelled();
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
    void ask(bool isAsking);
    void save();

    const Appearance* m_appearance;
    TextLabel* m_heading = nullptr;
    QLineEdit* m_name;
    ComposerText* m_instructions;
    ComposerText* m_greeting;
    TextLabel* m_count = nullptr;
    TextLabel* m_reason = nullptr;
    QWidget* m_question = nullptr;
    Button* m_keep = nullptr;
    Button* m_discard = nullptr;
    Button* m_save;
    Button* m_cancel;
    QPointer<QWidget> m_lastField;
    Persona m_begun;
    bool m_isOpen = false;
    bool m_isSaving = false;
    bool m_isNotSaved = false;
};

}  // namespace lares::app
