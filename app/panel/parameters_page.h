#pragma once

#include "app/chat/chat_controller.h"

#include <QScrollArea>

#include <vector>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class CodeBox;
class ParameterField;
class ParameterList;
class TextLabel;

/// "Persona": who answers here, with its instructions, and how this conversation's answers are
/// picked. UI thread only.
class ParametersPage : public QScrollArea {
    Q_OBJECT

public:
    ParametersPage(const Appearance* appearance,
                   ChatController* controller,
                   QWidget* parent = nullptr);

    /// In the order of answerParameters().
    [[nodiscard]] const std::vector<ParameterField*>& fields() const;

signals:
    void editPersonaRequested(const QString& id);

private:
    void addPersona();
    void addParameters();
    void showPersona();
    void showParameters();
    TextLabel* addText(int kind, const QString& text);

    const Appearance* m_appearance;
    ChatController* m_controller;
    QWidget* m_column;
    QVBoxLayout* m_layout;
    TextLabel* m_name;
    Button* m_edit;
    CodeBox* m_instructions;
    ParameterList* m_list = nullptr;
    Button* m_reset;
};

}  // namespace lares::app
