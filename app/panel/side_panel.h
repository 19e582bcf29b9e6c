#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

class QStackedWidget;

namespace lares::app {

class ActivityPage;
class Appearance;
class ParametersPage;
class PanelTabs;
class PromptPage;

/// The panel on the right: what the model did, who answers and how, what it was given to read.
/// About the conversation that is shown. UI thread only.
class SidePanel : public QWidget {
    Q_OBJECT

public:
    enum class Tab { Activity, Persona, Prompt };
    static constexpr int kWidth = 360;
    static constexpr int kNarrowest = 300;
    static constexpr int kWidest = 520;

    SidePanel(const Appearance* appearance, ChatController* controller, QWidget* parent = nullptr);

    [[nodiscard]] Tab tab() const;
    void showTab(Tab tab);
    /// As it is kept in the settings; an unknown one changes nothing.
    void showTab(const QString& name);
    [[nodiscard]] QString tabName() const;
    void focusFirst();
    /// What the model saw for this answer.
    void showPrompt(MessageId answer);

    [[nodiscard]] PanelTabs* tabs() const { return m_tabs; }
    [[nodiscard]] ActivityPage* activity() const { return m_activity; }
    [[nodiscard]] ParametersPage* parameters() const { return m_parameters; }
    [[nodiscard]] PromptPage* prompt() const { return m_prompt; }

signals:
    void tabChanged();
    void left();  ///< by Esc
    void noted(const QString& note);
    void messageRequested(lares::app::MessageId message);
    void editPersonaRequested(const QString& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    PanelTabs* m_tabs;
    QStackedWidget* m_pages;
    ActivityPage* m_activity;
    ParametersPage* m_parameters;
    PromptPage* m_prompt;
};

}  // namespace lares::app
