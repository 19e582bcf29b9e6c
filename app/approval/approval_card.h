#pragma once

#include "app/chat/chat_controller.h"

#include <QTimer>
#include <QWidget>

#include <chrono>

class QLabel;
class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class FieldFrame;
class NoteField;

/// What a tool call asks the user, in the transcript. Every word on it comes from the broker's
/// question, none from the model's prose.
///
/// Against approval by accident: focus goes to the card and never to a button that approves, Return
/// on the card does nothing, and for half a second after it appeared, got the focus or was typed at
/// nothing approves. Denying works at once. UI thread only.
class ApprovalCard : public QWidget {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kArmingDelay{500};

    ApprovalCard(const Appearance* appearance,
                 const PermissionQuestion& question,
                 std::chrono::milliseconds armingDelay = kArmingDelay,
                 QWidget* parent = nullptr);

    [[nodiscard]] const PermissionQuestion& question() const { return m_question; }
    [[nodiscard]] bool isArmed() const { return m_isArmed; }

signals:
    /// Once. `reason`: what the user says to a No.
    void answered(lares::app::PermissionAnswer answer, const QString& reason);
    /// What the user makes of the note that is asked about, while it is written.
    void noteEdited(const QString& text, bool isForAll);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void layOut();
    void layOutNote(QLayout* into);
    QWidget* makeReaders();
    void showNote();
    void applyTheme();
    Button* addChoice(Button* button, const QString& key, PermissionAnswer given);
    void answer(PermissionAnswer given, const QString& reason = {});
    void askWhy();
    void disarm();

    const Appearance* m_appearance;
    PermissionQuestion m_question;
    QTimer m_arming;
    bool m_isArmed = false;
    bool m_isAnswered = false;

    QWidget* m_head;
    QLabel* m_title;
    QLabel* m_effect;
    QWidget* m_paths;
    NoteField* m_note = nullptr;  ///< of a question about one
    Button* m_everyone = nullptr;
    Button* m_oneReader = nullptr;
    QLabel* m_reason;
    QLabel* m_coverage;
    Button* m_once;
    Button* m_conversation;
    Button* m_always;
    Button* m_deny;
    Button* m_denyWhy;
    FieldFrame* m_whyFrame;
    QLineEdit* m_why;
};

}  // namespace lares::app
