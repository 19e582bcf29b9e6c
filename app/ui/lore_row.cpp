#include "app/ui/lore_row.h"

#include "app/personas/imported_persona.h"
#include "app/personas/persona_text.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kLoreInset = 16;
constexpr int kLoreTextShown = 140;

/// "gulls, the sea · off": what brings it.
QString aboutEntry(const LoreEntry& entry) {
    QStringList about;
    if (entry.isAlways) {
        about << LoreRow::tr("Always read");
    } else if (entry.alsoWords.isEmpty()) {
        about << lineOfWords(entry.words);
    } else {
        about << LoreRow::tr("%1, with %2")
                     .arg(lineOfWords(entry.words), lineOfWords(entry.alsoWords));
    }
    if (!entry.isOn) about << LoreRow::tr("turned off");
    const QString fault = faultOf(entry);
    if (!fault.isEmpty()) about << fault;
    about.removeAll(QString());
    return about.join(QStringLiteral(" · "));
}

}  // namespace

LoreRow::LoreRow(const Appearance* appearance, const LoreEntry& entry, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_title(shortened(titleOf(entry), kMaxLoreName)) {
    if (m_title.isEmpty()) m_title = tr("Without a name");
    const QString about = aboutEntry(entry);
    setAccessibleName(m_title);
    setAccessibleDescription(about);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kLoreInset - kFocusRingRoom, 12, kLoreInset - kFocusRingRoom, 8);
    column->setSpacing(4);
    const auto addLine = [&](TextLabel::Kind kind, const QString& text) {
        auto* line = new TextLabel(appearance, kind, text, this);
        line->setWordWrap(true);
        line->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
        column->addWidget(line);
        return line;
    };
    addLine(TextLabel::Kind::Body, m_title)->setEnabled(entry.isOn);
    addLine(TextLabel::Kind::Caption, about);
    if (const QString first = shortened(firstLineOf(entry.text), kLoreTextShown); !first.isEmpty())
        addLine(TextLabel::Kind::Secondary, first)->setEnabled(entry.isOn);
    auto* buttons = new QWidget(this);
    auto* flow = new FlowLayout(2, buttons);
    flow->setContentsMargins(0, 0, 0, 0);
    m_flow = flow;
    column->addWidget(buttons);
    connect(addButton(tr("Edit"), tr("Edit the lore entry %1")), &Button::clicked, this,
            &LoreRow::editRequested);
    connect(entry.isOn ? addButton(tr("Turn off"), tr("Turn off the lore entry %1"))
                       : addButton(tr("Turn on"), tr("Turn on the lore entry %1")),
            &Button::clicked, this, &LoreRow::toggled);
    connect(addButton(tr("Remove"), tr("Remove the lore entry %1")), &Button::clicked, this,
            &LoreRow::removeRequested);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
}

Button* LoreRow::addButton(const QString& text, const QString& name) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, this);
    button->setAccessibleName(name.arg(m_title));
    m_flow->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

void LoreRow::setReadOnly(bool isReadOnly) {
    for (Button* button : m_buttons) button->setEnabled(!isReadOnly);
}

void LoreRow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
