#include "app/ui/persona_answers.h"

#include "app/panel/parameter_list.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QLocale>
#include <QVBoxLayout>

namespace lares::app {
namespace {

/// "Thinking off · Temperature 0.9", in the order in which they are shown.
QString summaryOf(const QJsonObject& parameters) {
    QStringList said;
    if (const QJsonValue thinking = parameters[kThinkingKey]; thinking.isBool())
        said << (thinking.toBool() ? PersonaAnswers::tr("Thinking on")
                                   : PersonaAnswers::tr("Thinking off"));
    for (const ParameterBounds& one : answerParameters()) {
        const QJsonValue value = parameters[one.key];
        if (!value.isDouble()) continue;
        said << nameOfParameter(one.key) + ' ' + QLocale().toString(value.toDouble());
    }
    if (said.isEmpty()) return PersonaAnswers::tr("As usual.");
    return said.join(QStringLiteral(" · "));
}

}  // namespace

PersonaAnswers::PersonaAnswers(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_summary(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_fold(new Button(appearance, Button::Kind::Plain, {}, this))
    , m_list(new ParameterList(appearance, ParameterList::Place::Persona, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    column->addWidget(m_summary);
    column->addWidget(m_fold, 0, Qt::AlignLeft);
    column->addWidget(m_list);
    connect(m_fold, &Button::clicked, this, [this] { setUnfolded(m_list->isHidden()); });
    connect(m_list, &ParameterList::chosen, this, [this](const QString& key, const QJsonValue& to) {
        to.isUndefined() ? m_parameters.remove(key) : void(m_parameters[key] = to);
        showValues();
        emit changed();
    });
    setUnfolded(false);
}

void PersonaAnswers::setUsual(const QJsonObject& usual) {
    m_usual = usual;
    showValues();
}

void PersonaAnswers::setParameters(const QJsonObject& parameters) {
    m_parameters = bounded(parameters);
    showValues();
}

void PersonaAnswers::setUnfolded(bool isUnfolded) {
    m_list->setVisible(isUnfolded);
    m_fold->setText(isUnfolded ? tr("Hide the parameters") : tr("Show the parameters"));
    m_fold->setAccessibleName(m_fold->text());
}

void PersonaAnswers::setReadOnly(bool isReadOnly) {
    m_list->setReadOnly(isReadOnly);
}

void PersonaAnswers::showValues() {
    m_summary->setText(summaryOf(m_parameters));
    m_list->showValues(m_parameters, {}, m_usual);
}

}  // namespace lares::app
