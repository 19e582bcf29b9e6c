#include "app/panel/parameters_page.h"

#include "app/chat/answer_parameters.h"
#include "app/panel/code_box.h"
#include "app/panel/parameter_field.h"
#include "app/panel/parameter_list.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kParametersInset = 16;

}  // namespace

ParametersPage::ParametersPage(const Appearance* appearance,
                               ChatController* controller,
                               QWidget* parent)
    : QScrollArea(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_column(new QWidget)
    , m_layout(new QVBoxLayout(m_column)) {
    setAccessibleName(tr("Persona and parameters"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidget(m_column);
    viewport()->setAutoFillBackground(false);
    m_column->setAutoFillBackground(false);
    m_layout->setContentsMargins(kParametersInset - kFocusRingRoom, 16,
                                 kParametersInset - kFocusRingRoom, 16);
    m_layout->setSpacing(8);
    addPersona();
    m_layout->addSpacing(16);
    addParameters();
    m_layout->addStretch(1);

    connect(controller, &ChatController::personaChanged, this, &ParametersPage::showPersona);
    connect(controller, &ChatController::conversationChanged, this,
            &ParametersPage::showParameters);
    connect(controller, &ChatController::parametersChanged, this, &ParametersPage::showParameters);
    connect(controller, &ChatController::modelStateChanged, this, &ParametersPage::showParameters);
    connect(controller, &ChatController::settingChanged, this, [this](const QString& key) {
        if (key == kThinkingKey) showParameters();
    });
    showPersona();
    showParameters();
}

TextLabel* ParametersPage::addText(int kind, const QString& text) {
    auto* label = new TextLabel(m_appearance, static_cast<TextLabel::Kind>(kind), text, m_column);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_layout->addWidget(label);
    return label;
}

void ParametersPage::addPersona() {
    m_name = addText(static_cast<int>(TextLabel::Kind::Heading), {});
    m_instructions = new CodeBox(m_appearance, tr("Its instructions"), {}, m_column);
    m_layout->addWidget(m_instructions);
    m_edit = new Button(m_appearance, Button::Kind::Plain, tr("Edit persona"), m_column);
    m_layout->addWidget(m_edit, 0, Qt::AlignLeft);
    connect(m_edit, &Button::clicked, this,
            [this] { emit editPersonaRequested(m_controller->persona().id); });
}

void ParametersPage::addParameters() {
    addText(static_cast<int>(TextLabel::Kind::Heading), tr("In this conversation"));
    addText(static_cast<int>(TextLabel::Kind::Secondary),
            tr("From the next answer on. What is empty is as the persona has it, or as usual."));
    m_list = new ParameterList(m_appearance, ParameterList::Place::Conversation, m_column);
    m_layout->addWidget(m_list);
    connect(m_list, &ParameterList::chosen, m_controller, &ChatController::setParameter);
    m_reset = new Button(m_appearance, Button::Kind::Plain, tr("All as usual"), m_column);
    m_reset->setAccessibleName(tr("Set everything here back to as usual"));
    m_layout->addSpacing(8);
    m_layout->addWidget(m_reset, 0, Qt::AlignLeft);
    connect(m_reset, &Button::clicked, m_controller, &ChatController::resetParameters);
}

void ParametersPage::showPersona() {
    const Persona& persona = m_controller->persona();
    m_name->setText(tr("%1 answers here").arg(persona.name));
    m_edit->setAccessibleName(tr("Edit %1").arg(persona.name));
    const QString instructions = persona.system.isEmpty() ? tr("No instructions") : persona.system;
    if (m_instructions->toPlainText() != instructions) m_instructions->setPlainText(instructions);
    showParameters();
}

void ParametersPage::showParameters() {
    const QJsonObject parameters = m_controller->parameters();
    const QJsonObject persona = bounded(m_controller->persona().parameters);
    m_list->showValues(parameters, persona, m_controller->usualParameters());
    m_reset->setText(persona.isEmpty() ? tr("All as usual") : tr("All as the persona has it"));
    m_reset->setAccessibleName(persona.isEmpty()
                                   ? tr("Set everything here back to as usual")
                                   : tr("Set everything here back to as the persona has it"));
    const bool hadFocus = m_reset->hasFocus();
    m_reset->setEnabled(!parameters.isEmpty());
    if (hadFocus && parameters.isEmpty()) m_list->fields().front()->setFocus();
}

const std::vector<ParameterField*>& ParametersPage::fields() const {
    return m_list->fields();
}

}  // namespace lares::app
