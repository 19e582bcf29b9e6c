#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class Composer;
class ConversationModel;
class TextLabel;
class TranscriptView;

/// A small window above all others: a question, and its answer beneath. Each time that it comes up
/// it begins a conversation of its own, unless an answer is still being written in the last one.
/// What needs more room (permissions, editing) leads to the conversation in the main window. UI
/// thread only.
class QuickWindow : public QWidget {
    Q_OBJECT

public:
    QuickWindow(const Appearance* appearance, ChatController* controller);
    ~QuickWindow() override;

    void comeUp();

    [[nodiscard]] Composer* composer() const { return m_composer; }
    [[nodiscard]] TranscriptView* transcript() const { return m_transcript; }
    [[nodiscard]] const ConversationModel* conversation() const { return m_conversation.get(); }

signals:
    void openRequested(lares::app::ConversationId id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void layOut();
    void connectParts();
    void applyTheme();
    void begin();
    void submit(const QString& text);
    void showState();
    void fit();
    void openInLares();
    [[nodiscard]] bool isAnswering() const;

    const Appearance* m_appearance;
    ChatController* m_controller;
    Composer* m_composer;
    TranscriptView* m_transcript;
    TextLabel* m_note;
    Button* m_open;
    Button* m_close;
    std::shared_ptr<ConversationModel> m_conversation;  ///< null: nothing was asked yet
};

}  // namespace lares::app
