#include "app/ui/persona_row.h"

#include "app/personas/persona_text.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QFontMetrics>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kPersonaInset = 16;
constexpr int kPersonaMark = 28;
constexpr int kPersonaText = kPersonaInset + kPersonaMark + 12;  ///< where the text begins
constexpr int kPersonaTop = 13;
constexpr int kPersonaLineGap = 3;

QString nameOf(PersonaRow::Origin origin) {
    switch (origin) {
        case PersonaRow::Origin::BuiltIn:
            return PersonaRow::tr("Built in");
        case PersonaRow::Origin::Changed:
            return PersonaRow::tr("Built in, changed by you");
        case PersonaRow::Origin::Own:
            return PersonaRow::tr("Made by you");
    }
    return {};
}

}  // namespace

PersonaRow::PersonaRow(const Appearance* appearance,
                       const Persona& persona,
                       const State& state,
                       QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_persona(persona)
    , m_origin(state.hasDraft ? tr("%1; changes not saved").arg(nameOf(state.origin))
                              : nameOf(state.origin))
    , m_firstLine(firstLineOf(persona.system)) {
    if (m_firstLine.isEmpty()) m_firstLine = tr("No instructions");
    setAccessibleName(QString("%1, %2").arg(persona.name, m_origin));
    setAccessibleDescription(m_firstLine);
    auto* column = new QVBoxLayout(this);
    m_flow = new FlowLayout(2);
    column->addLayout(m_flow);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    addButton(tr("Edit"), tr("Edit %1"), &PersonaRow::editRequested);
    addButton(tr("Duplicate"), tr("Duplicate %1"), &PersonaRow::duplicateRequested);
    addExport();
    if (state.origin == Origin::Own)
        addButton(tr("Remove"), tr("Remove %1"), &PersonaRow::removeRequested);
    if (state.origin == Origin::Changed)
        addButton(tr("Reset"), tr("Reset %1 to how it came"), &PersonaRow::removeRequested);
    if (!state.notice.isEmpty()) {
        auto* notice = new TextLabel(appearance, TextLabel::Kind::Secondary, state.notice, this);
        notice->setContentsMargins(kFocusRingRoom, 4, kFocusRingRoom, kFocusRingRoom);
        column->addWidget(notice);
    }
    connect(appearance, &Appearance::changed, this, &PersonaRow::applyTheme);
    applyTheme();
}

Button* PersonaRow::addButton(const QString& text, const QString& name) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, this);
    button->setAccessibleName(name.arg(m_persona.name));
    m_flow->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

void PersonaRow::addButton(const QString& text, const QString& name, Wish wish) {
    connect(addButton(text, name), &Button::clicked, this,
            [this, wish] { emit(this->*wish)(m_persona.id); });
}

void PersonaRow::addExport() {
    Button* button = addButton(tr("Export"), tr("Export %1"));
    button->setHasChevron(true);
    connect(button, &Button::clicked, this, [this, button] {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->setFont(m_appearance->theme().secondaryFont);
        const auto add = [&](const QString& text, PersonaFormat format) {
            connect(menu->addAction(text), &QAction::triggered, this,
                    [this, format] { emit exportRequested(m_persona.id, format); });
        };
        add(tr("As a persona of Lares…"), PersonaFormat::Lares);
        add(tr("As a character card, for other programs…"), PersonaFormat::CharacterCard);
        menu->popup(button->mapToGlobal(QPoint(kFocusRingRoom, button->height())));
    });
}

void PersonaRow::applyTheme() {
    const Theme& theme = m_appearance->theme();
    const int lines = QFontMetrics(theme.rowFont).height() + theme.scaled(kPersonaLineGap) +
                      QFontMetrics(theme.secondaryFont).height();
    layout()->setContentsMargins(theme.scaled(kPersonaText) - kFocusRingRoom,
                                 theme.scaled(kPersonaTop) + lines + theme.scaled(6),
                                 kPersonaInset - kFocusRingRoom, kPersonaTop - kFocusRingRoom);
    updateGeometry();
    update();
}

void PersonaRow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);

    const double left = theme.scaled(kPersonaText);
    const double right = width() - kPersonaInset;
    const double top = theme.scaled(kPersonaTop);
    const double nameHeight = QFontMetrics(theme.rowFont).height();
    const double lineTop = top + nameHeight + theme.scaled(kPersonaLineGap);
    const double lineHeight = QFontMetrics(theme.secondaryFont).height();
    const double side = theme.scaled(kPersonaMark);
    const double middle = (top + lineTop + lineHeight) / 2;
    paintMark(painter, QRectF(theme.scaled(kPersonaInset), middle - side / 2, side, side),
              m_persona.name, theme.secondaryFont, theme.accent, theme.textOnAccent);

    const double origin = QFontMetricsF(theme.captionFont).horizontalAdvance(m_origin) + 1;
    paintLine(painter, QRectF(right - origin, top, origin, nameHeight), theme.captionFont,
              theme.quietText, m_origin, Qt::AlignRight);
    paintLine(painter, QRectF(left, top, right - origin - 12 - left, nameHeight),
              weighted(theme.rowFont, QFont::DemiBold), theme.text, m_persona.name);
    paintLine(painter, QRectF(left, lineTop, right - left, lineHeight), theme.secondaryFont,
              theme.secondaryText, m_firstLine);
}

}  // namespace lares::app
