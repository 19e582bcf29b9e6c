#pragma once

#include <QWidget>

#include <functional>
#include <utility>

namespace lares::app {

class Appearance;
class Button;
class ChatController;
class TextLabel;

/// The part of Settings about Lares and the desktop: notices, the icon in the tray, what starts
/// when the user logs in, and how a key opens the quick window. UI thread only.
class DesktopSection : public QWidget {
    Q_OBJECT

public:
    DesktopSection(const Appearance* appearance,
                   ChatController* controller,
                   QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    /// Two buttons, of which one is chosen; `choose` hears of a click.
    std::pair<Button*, Button*> addChoice(const QString& name,
                                          const QString& off,
                                          const QString& on,
                                          const std::function<void(bool)>& choose);
    TextLabel* addText(const QString& text);
    void showState();

    const Appearance* m_appearance;
    ChatController* m_controller;
    std::pair<Button*, Button*> m_notices;
    std::pair<Button*, Button*> m_tray;
    std::pair<Button*, Button*> m_start;
    TextLabel* m_result;  ///< what failed
};

}  // namespace lares::app
