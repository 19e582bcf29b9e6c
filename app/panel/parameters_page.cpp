#include "app/panel/parameters_page.h"

#include "app/chat/answer_parameters.h"
#include "app/panel/code_box.h"
#include "app/panel/parameter_field.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kParametersInset = 16;
constexpr int kFieldWidth = 96;

struct ParameterText {
    QString name;
    QString hint;
};

ParameterText textOf(QLatin1String key) {
    const auto tr = [](const char* text) { return ParametersPage::tr(text); };
    if (key == "temperature")
        return {tr("Temperature"), tr("How freely it picks words; 0 takes the likeliest.")};
    if (key == "topP")
        return {tr("Top-p"), tr("Only the likeliest words that together reach this share.")};
    if (key == "topK")
        return {tr("Top-k"), tr("Only so many of the likeliest words; 0 takes all.")};
    if (key == "minP")
        return {tr("Min-p"), tr("No word that is less likely than this share of the likeliest.")};
    if (key == "repeatPenalty")
        return {tr("Repetition penalty"), tr("Above 1 it avoids words that it has used.")};
    if (key == "presencePenalty")
        return {tr("Presence penalty"), tr("The same, once for every word that was used.")};
    if (key == "frequencyPenalty")
        return {tr("Frequency penalty"), tr("The same, again each time that it was used.")};
    if (key == "penaltyWindow") return {tr("Penalties look back"), tr("Over so many tokens.")};
    if (key == "maxTokens") return {tr("Longest answer"), tr("In tokens, its thinking included.")};
    return {tr("Seed"), tr("The same number and the same question give the same answer.")};
}

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
    addThinking();
    addFields();
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

void ParametersPage::addThinking() {
    addText(static_cast<int>(TextLabel::Kind::Heading), tr("In this conversation"));
    addText(static_cast<int>(TextLabel::Kind::Secondary),
            tr("From the next answer on. An empty field means: as usual."));
    addText(static_cast<int>(TextLabel::Kind::Note), tr("Thinking"));
    auto* row = new QWidget(m_column);
    auto* flow = new FlowLayout(2, row);
    flow->setContentsMargins(0, 0, 0, 0);
    const QString names[] = {tr("As usual"), tr("On"), tr("Off")};
    const QString spoken[] = {tr("Thinking as everywhere"), tr("Thinking on, here"),
                              tr("Thinking off, here")};
    const QJsonValue values[] = {QJsonValue(QJsonValue::Undefined), true, false};
    for (std::size_t i = 0; i < m_thinking.size(); ++i) {
        auto* button = new Button(m_appearance, Button::Kind::Choice, names[i], row);
        button->setCheckable(true);
        button->setAccessibleName(spoken[i]);
        flow->addWidget(button);
        m_thinking[i] = button;
        connect(button, &Button::clicked, this, [this, value = values[i]] {
            m_controller->setParameter(kThinkingKey, value);
            showParameters();  // also where it was so before
        });
    }
    m_layout->addWidget(row);
}

void ParametersPage::addFields() {
    for (const ParameterBounds& bounds : answerParameters()) {
        const ParameterText text = textOf(bounds.key);
        auto* line = new QWidget(m_column);
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(kFocusRingRoom, 0, 0, 0);
        row->setSpacing(12);
        auto* words = new QVBoxLayout;
        words->setSpacing(2);
        words->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Note, text.name, line));
        words->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Caption, text.hint, line));
        auto* field = new ParameterField(m_appearance, bounds, text.name);
        auto* frame = new FieldFrame(m_appearance, field, line);
        const auto fit = [this, frame] {
            frame->setFixedWidth(m_appearance->theme().scaled(kFieldWidth));
        };
        connect(m_appearance, &Appearance::changed, frame, fit);
        fit();
        row->addLayout(words, 1);
        row->addWidget(frame, 0, Qt::AlignVCenter);
        m_layout->addWidget(line);
        m_fields.push_back(field);
        connect(field, &ParameterField::valueChosen, this,
                [this, key = bounds.key](const QJsonValue& value) {
                    m_controller->setParameter(key, value);
                });
    }
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
    const QJsonObject usual = m_controller->usualParameters();
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const QLatin1String key = answerParameters()[i].key;
        m_fields[i]->setUsual(usual[key], tr("random"));
        m_fields[i]->setAccessibleDescription(textOf(key).hint + ' ' +
                                              tr("As usual: %1").arg(m_fields[i]->usualText()));
        m_fields[i]->setValue(bounded(key, parameters[key]));
    }
    const QJsonValue thinking = parameters[kThinkingKey];
    m_thinking[0]->setText(usual[kThinkingKey].toBool() ? tr("As usual: on") : tr("As usual: off"));
    const std::size_t chosen = !thinking.isBool() ? 0 : thinking.toBool() ? 1 : 2;
    // No group of Qt's: in one, Tab reaches only what is checked.
    for (std::size_t i = 0; i < m_thinking.size(); ++i) m_thinking[i]->setChecked(i == chosen);
    const bool hadFocus = m_reset->hasFocus();
    m_reset->setEnabled(!parameters.isEmpty());
    if (hadFocus && parameters.isEmpty() && !m_fields.empty()) m_fields.front()->setFocus();
}

}  // namespace lares::app
