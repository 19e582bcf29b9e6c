#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ContextMeter;
class TitleField;

/// Above the transcript: the title, who answers, whether it thinks first, and how full the context
/// is. UI thread only.
class HeaderBar : public QWidget {
    Q_OBJECT

public:
    explicit HeaderBar(const Appearance* appearance, QWidget* parent = nullptr);

    void setTitle(const QString& title, bool isEditable);
    void setPersonas(const std::vector<Persona>& personas, const QString& current);
    void setThinking(bool isOn);
    void setDemo(bool isDemo);
    void setContext(int used, int most);
    void setCondensed(bool isCondensed);  ///< ContextMeter
    void setAttached(int tokens);         ///< about so many more, of the message being written
    void setPanelOpen(bool isOpen);
    void setListHidden(bool isHidden);  ///< then a button brings it back
    void editTitle();

signals:
    void titleEdited(const QString& title);
    void editingEnded();
    void personaChosen(const QString& id);
    void editPersonasRequested();
    void thinkingChosen(bool isOn);
    void demoExplained();
    void listRequested();
    void panelRequested(bool isOpen);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyTheme();
    void showPersonas();

    const Appearance* m_appearance;
    Button* m_list;
    TitleField* m_title;
    Button* m_persona;
    Button* m_thinking;
    Button* m_demo;
    ContextMeter* m_context;
    Button* m_panel;
    std::vector<Persona> m_personas;
    QString m_current;
};

}  // namespace lares::app
