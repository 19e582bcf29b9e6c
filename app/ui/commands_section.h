#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ChatController;
class TextLabel;

/// In Settings: whether the assistant may ask to run commands, what keeps them in, and why they are
/// off where this system cannot. UI thread only.
class CommandsSection : public QWidget {
    Q_OBJECT

public:
    CommandsSection(const Appearance* appearance,
                    ChatController* controller,
                    QWidget* parent = nullptr);

private:
    void showState();

    ChatController* m_controller;
    TextLabel* m_text;
    TextLabel* m_state;
    Button* m_off;
    Button* m_ask;
};

}  // namespace lares::app
