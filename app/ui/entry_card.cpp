#include "app/ui/entry_card.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"

#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kEntryInset = 16;

}  // namespace

EntryCard::EntryCard(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_lines(new QVBoxLayout) {
    auto* buttons = new QWidget(this);
    m_flow = new FlowLayout(2, buttons);
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(4);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kEntryInset - kFocusRingRoom, 12, kEntryInset - kFocusRingRoom, 8);
    column->setSpacing(4);
    column->addLayout(m_lines);
    column->addWidget(buttons);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
}

TextLabel* EntryCard::addLine(TextLabel::Kind kind, const QString& text) {
    auto* line = new TextLabel(m_appearance, kind, text, this);
    line->setWordWrap(true);
    line->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_lines->addWidget(line);
    return line;
}

Button* EntryCard::addButton(const QString& text, const QString& name) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, this);
    button->setAccessibleName(name);
    m_flow->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

void EntryCard::setReadOnly(bool isReadOnly) {
    for (Button* button : m_buttons) button->setEnabled(!isReadOnly);
}

void EntryCard::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
