#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ChatController;
class TextLabel;

/// One quiet line above the composer: a note with which the shown conversation began was forgotten.
/// Hidden where there is none. UI thread only.
class NotesLine : public QWidget {
    Q_OBJECT

public:
    NotesLine(const Appearance* appearance, ChatController* controller, QWidget* parent = nullptr);

    void showState();

private:
    ChatController* m_controller;
    Button* m_present;
};

}  // namespace lares::app
