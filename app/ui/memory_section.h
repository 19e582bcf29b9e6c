#pragma once

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;
class Button;
class ChatController;
class TextLabel;

/// The part of Settings about when the model leaves the memory by itself: after nobody has asked
/// for a while, and when another program needs the card. UI thread only.
class MemorySection : public QWidget {
    Q_OBJECT

public:
    MemorySection(const Appearance* appearance,
                  ChatController* controller,
                  QWidget* parent = nullptr);

private:
    Button* makeChoice(const QString& text, QWidget* row);
    void showState();

    const Appearance* m_appearance;
    ChatController* m_controller;
    TextLabel* m_note;
    std::vector<Button*> m_delays;
    Button* m_yield = nullptr;
    Button* m_stay = nullptr;
};

}  // namespace lares::app
