#include "app/panel/parameter_list.h"

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

constexpr int kFieldWidth = 104;

struct ParameterText {
    QString name;
    QString hint;
};

ParameterText textOf(QLatin1String key) {
    if (key == "temperature")
        return {ParameterList::tr("Temperature"),
                ParameterList::tr("How freely it picks words; 0 takes the likeliest.")};
    if (key == "topP")
        return {ParameterList::tr("Top-p"),
                ParameterList::tr("Only the likeliest words that together reach this share.")};
    if (key == "topK")
        return {ParameterList::tr("Top-k"),
                ParameterList::tr("Only so many of the likeliest words; 0 takes all.")};
    if (key == "minP")
        return {ParameterList::tr("Min-p"),
                ParameterList::tr("No word that is less likely than this share of the likeliest.")};
    if (key == "repeatPenalty")
        return {ParameterList::tr("Repetition penalty"),
                ParameterList::tr("Above 1 it avoids words that it has used.")};
    if (key == "presencePenalty")
        return {ParameterList::tr("Presence penalty"),
                ParameterList::tr("The same, once for every word that was used.")};
    if (key == "frequencyPenalty")
        return {ParameterList::tr("Frequency penalty"),
                ParameterList::tr("The same, again each time that it was used.")};
    if (key == "penaltyWindow")
        return {ParameterList::tr("Penalties look back"),
                ParameterList::tr("Over so many tokens.")};
    if (key == "maxTokens")
        return {ParameterList::tr("Longest answer"),
                ParameterList::tr("In tokens, its thinking included.")};
    return {ParameterList::tr("Seed"),
            ParameterList::tr("The same number and the same question give the same answer.")};
}

}  // namespace

QString nameOfParameter(QLatin1String key) {
    return key == kThinkingKey ? ParameterList::tr("Thinking") : textOf(key).name;
}

ParameterList::ParameterList(const Appearance* appearance, Place place, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_place(place), m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    addThinking();
    for (const ParameterBounds& bounds : answerParameters()) addField(bounds);
}

void ParameterList::addThinking() {
    auto* heading =
        new TextLabel(m_appearance, TextLabel::Kind::Note, nameOfParameter(kThinkingKey), this);
    heading->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_layout->addWidget(heading);
    auto* row = new QWidget(this);
    auto* flow = new FlowLayout(2, row);
    flow->setContentsMargins(0, 0, 0, 0);
    const bool isHere = m_place == Place::Conversation;
    const QString names[] = {QString(), tr("On"), tr("Off")};
    const QString spoken[] = {isHere ? tr("Thinking as everywhere") : tr("Thinking as usual"),
                              isHere ? tr("Thinking on, here") : tr("Thinking on"),
                              isHere ? tr("Thinking off, here") : tr("Thinking off")};
    const QJsonValue values[] = {QJsonValue(QJsonValue::Undefined), true, false};
    for (std::size_t i = 0; i < m_thinking.size(); ++i) {
        auto* button = new Button(m_appearance, Button::Kind::Choice, names[i], row);
        button->setCheckable(true);
        button->setAccessibleName(spoken[i]);
        flow->addWidget(button);
        m_thinking[i] = button;
        connect(button, &Button::clicked, this, [this, value = values[i]] {
            emit chosen(kThinkingKey, value);
            showThinking();  // also where it was so before
        });
    }
    m_layout->addWidget(row);
}

void ParameterList::addField(const ParameterBounds& bounds) {
    const ParameterText text = textOf(bounds.key);
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(kFocusRingRoom, 0, 0, 0);
    row->setSpacing(12);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Note, text.name, line));
    words->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Caption, text.hint, line));
    words->addStretch(1);
    auto* field = new ParameterField(m_appearance, bounds, text.name);
    auto* frame = new FieldFrame(m_appearance, field, line);
    auto* source = new TextLabel(m_appearance, TextLabel::Kind::Caption, {}, line);
    source->setAlignment(Qt::AlignRight);
    source->setContentsMargins(0, 0, kFocusRingRoom, 0);
    auto* value = new QVBoxLayout;
    value->setSpacing(0);
    value->addWidget(frame);
    value->addWidget(source);
    const auto fit = [this, frame, source] {
        const int width = m_appearance->theme().scaled(kFieldWidth);
        frame->setFixedWidth(width);
        source->setFixedWidth(width);
    };
    connect(m_appearance, &Appearance::changed, frame, fit);
    fit();
    row->addLayout(words, 1);
    row->addLayout(value);
    m_layout->addWidget(line);
    m_fields.push_back(field);
    m_sources.push_back(source);
    connect(field, &ParameterField::valueChosen, this,
            [this, key = bounds.key](const QJsonValue& chosen) { emit this->chosen(key, chosen); });
}

QString ParameterList::sourceOf(const QString& key) const {
    if (!bounded(key, m_here[key]).isUndefined()) return tr("set here");
    if (!bounded(key, m_persona[key]).isUndefined()) return tr("from the persona");
    return tr("as usual");
}

void ParameterList::showValues(const QJsonObject& here,
                               const QJsonObject& persona,
                               const QJsonObject& usual) {
    m_here = here;
    m_persona = persona;
    m_usual = usual;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const QLatin1String key = answerParameters()[i].key;
        const QJsonValue beneath = bounded(key, persona[key]);
        const bool isPersonas = !beneath.isUndefined();
        ParameterField& field = *m_fields[i];
        field.setUsual(isPersonas ? beneath : usual[key], tr("random"));
        field.setAccessibleDescription(
            textOf(key).hint + ' ' +
            (isPersonas ? tr("From the persona: %1") : tr("As usual: %1")).arg(field.usualText()));
        field.setValue(bounded(key, here[key]));
        m_sources[i]->setText(sourceOf(key));
    }
    showThinking();
}

void ParameterList::showThinking() {
    const QJsonValue here = m_here[kThinkingKey];
    const QJsonValue persona = m_persona[kThinkingKey];
    const bool isOn = persona.toBool(m_usual[kThinkingKey].toBool());
    m_thinking[0]->setText(persona.isBool()
                               ? (isOn ? tr("From the persona: on") : tr("From the persona: off"))
                               : (isOn ? tr("As usual: on") : tr("As usual: off")));
    const std::size_t chosen = !here.isBool() ? 0 : here.toBool() ? 1 : 2;
    // No group of Qt's: in one, Tab reaches only what is checked.
    for (std::size_t i = 0; i < m_thinking.size(); ++i) m_thinking[i]->setChecked(i == chosen);
}

void ParameterList::setReadOnly(bool isReadOnly) {
    for (Button* button : m_thinking) button->setEnabled(!isReadOnly);
    for (ParameterField* field : m_fields) field->setReadOnly(isReadOnly);
}

std::vector<QWidget*> ParameterList::controls() const {
    std::vector<QWidget*> all(m_thinking.begin(), m_thinking.end());
    all.insert(all.end(), m_fields.begin(), m_fields.end());
    return all;
}

}  // namespace lares::app
