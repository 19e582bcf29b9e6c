#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace lares::app {

class Appearance;
class Button;
class PromptMeter;
class PromptText;
class TextLabel;

/// "What the model saw": the exact prompt of an answer, whose part is whose, what was restored and
/// what the next prompt leaves out. Shows the newest until somebody chooses another one. Asks for
/// prompts only while it is visible. UI thread only.
class PromptPage : public QWidget {
    Q_OBJECT

public:
    PromptPage(const Appearance* appearance, ChatController* controller, QWidget* parent = nullptr);

    /// The last prompt of this answer; an answer that is not shown is ignored.
    void showAnswer(MessageId answer);
    void focusFirst();

    [[nodiscard]] PromptText* text() const { return m_text; }
    /// What is shown now; nothing while there is nothing, or while it is being made.
    [[nodiscard]] const std::optional<PromptView>& view() const { return m_view; }

signals:
    void noted(const QString& note);
    void shown();  ///< a prompt, or why there is none

protected:
    void showEvent(QShowEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void layOut();
    void followConversation();
    void readingsChanged(int row);
    void refresh();
    void step(int by);
    void ask();
    void take(const Result<PromptView>& view);
    void showSelector();
    void showView(const PromptReading& reading, const PromptView& view);
    void showReason(const QString& reason);
    void copy();
    [[nodiscard]] const PromptReading* current() const;
    [[nodiscard]] QString emptyReason() const;
    [[nodiscard]] QString selectorText() const;

    const Appearance* m_appearance;
    ChatController* m_controller;
    Button* m_previous;
    Button* m_next;
    TextLabel* m_selector;
    TextLabel* m_total;
    PromptMeter* m_meter;
    TextLabel* m_origin;
    TextLabel* m_note;
    Button* m_copy;
    TextLabel* m_reason;
    QWidget* m_figures;
    PromptText* m_text;

    std::vector<PromptReading> m_readings;
    std::size_t m_at = 0;       ///< index into them
    bool m_isFollowing = true;  ///< the newest
    bool m_isStale = true;      ///< what is shown is not what should be
    int m_asked = 0;            ///< counts questions, so that an old answer is known
    std::optional<PromptView> m_view;
    QMetaObject::Connection m_changes[3];
};

}  // namespace lares::app
