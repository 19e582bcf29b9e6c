#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ChatController;
class TextLabel;

/// The part of Settings about what the model has read of conversations: whether it is kept on the
/// disk, what it takes there, and a way to delete it. UI thread only.
class ReadingsSection : public QWidget {
    Q_OBJECT

public:
    ReadingsSection(const Appearance* appearance,
                    ChatController* controller,
                    QWidget* parent = nullptr);

private:
    void showState();

    ChatController* m_controller;
    TextLabel* m_text;
    Button* m_keep;
    Button* m_leave;
    Button* m_delete;
};

}  // namespace lares::app
