#include "app/ui/header_bar.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/context_meter.h"
#include "app/ui/painting.h"
#include "app/ui/title_field.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>

namespace lares::app {

HeaderBar::HeaderBar(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_list(new Button(appearance, Button::Kind::Small, {}, this))
    , m_title(new TitleField(appearance, this))
    , m_persona(new Button(appearance, Button::Kind::Chip, {}, this))
    , m_thinking(new Button(appearance, Button::Kind::Chip, tr("Thinking"), this))
    , m_demo(new Button(appearance, Button::Kind::Chip, tr("Demo model"), this))
    , m_context(new ContextMeter(appearance, this))
    , m_panel(new Button(appearance, Button::Kind::Small, {}, this)) {
    m_list->setSymbol(Icon::List);
    m_list->setAccessibleName(tr("Show the conversations"));
    m_list->setToolTip(tr("Show the conversations (Ctrl+B)"));
    m_list->hide();
    m_title->setAccessibleName(tr("Title of the conversation"));
    m_persona->setHasChevron(true);
    m_persona->setToolTip(tr("Who answers"));
    m_thinking->setCheckable(true);
    m_demo->setToolTip(tr("What the demo model is"));
    m_demo->hide();

    m_panel->setSymbol(Icon::Panel);
    m_panel->setCheckable(true);
    setPanelOpen(false);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(m_list);
    row->addWidget(m_title);
    row->addWidget(m_persona);
    row->addWidget(m_thinking);
    row->addWidget(m_demo);
    row->addStretch(1);
    row->addWidget(m_context);
    row->addWidget(m_panel);

    connect(m_list, &Button::clicked, this, &HeaderBar::listRequested);
    connect(m_title, &TitleField::titleEdited, this, &HeaderBar::titleEdited);
    connect(m_title, &TitleField::editingEnded, this, &HeaderBar::editingEnded);
    connect(m_persona, &Button::clicked, this, &HeaderBar::showPersonas);
    connect(m_thinking, &Button::clicked, this, [this](bool isOn) {
        setThinking(isOn);
        emit thinkingChosen(isOn);
    });
    connect(m_demo, &Button::clicked, this, &HeaderBar::demoExplained);
    connect(m_panel, &Button::clicked, this, &HeaderBar::panelRequested);
    connect(appearance, &Appearance::changed, this, &HeaderBar::applyTheme);
    setThinking(false);
    applyTheme();
}

void HeaderBar::applyTheme() {
    setFixedHeight(m_appearance->theme().scaled(48));
    update();
}

void HeaderBar::setTitle(const QString& title, bool isEditable) {
    m_title->setTitle(title);
    m_title->setReadOnly(!isEditable);
    m_title->setFocusPolicy(isEditable ? Qt::StrongFocus : Qt::NoFocus);
    m_title->setToolTip(title);
}

void HeaderBar::setPersonas(const std::vector<Persona>& personas, const QString& current) {
    m_personas = personas;
    m_current = current;
    QString name;
    for (const Persona& persona : personas) {
        if (persona.id == current) name = persona.name;
    }
    m_persona->setText(name);
    m_persona->setMark(name);
    m_persona->setAccessibleName(tr("Who answers: %1").arg(name));
    m_persona->setVisible(!name.isEmpty());
}

void HeaderBar::setThinking(bool isOn) {
    m_thinking->setChecked(isOn);
    m_thinking->setText(isOn ? tr("Thinking: on") : tr("Thinking: off"));
    m_thinking->setAccessibleName(m_thinking->text());
    m_thinking->setToolTip(isOn ? tr("The model thinks before it answers")
                                : tr("The model answers at once"));
    m_thinking->updateGeometry();
}

void HeaderBar::setDemo(bool isDemo) {
    m_demo->setVisible(isDemo);
}

void HeaderBar::setContext(int used, int most) {
    m_context->setFigures(used, most);
}

void HeaderBar::setCondensed(bool isCondensed) {
    m_context->setCondensed(isCondensed);
}

void HeaderBar::setAttached(int tokens) {
    m_context->setAttached(tokens);
}

void HeaderBar::setPanelOpen(bool isOpen) {
    m_panel->setChecked(isOpen);
    m_panel->setAccessibleName(isOpen ? tr("Hide the panel") : tr("Show the panel"));
    m_panel->setToolTip(isOpen ? tr("Hide the panel (Ctrl+J)")
                               : tr("What the model did and saw, and who answers (Ctrl+J)"));
}

void HeaderBar::setListHidden(bool isHidden) {
    m_list->setVisible(isHidden);
}

void HeaderBar::editTitle() {
    if (m_title->isReadOnly()) return;
    m_title->setFocus(Qt::ShortcutFocusReason);
    m_title->selectAll();
}

void HeaderBar::showPersonas() {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_appearance->theme().secondaryFont);
    auto* group = new QActionGroup(menu);
    for (const Persona& persona : m_personas) {
        // An & in a name is no key.
        QAction* action = menu->addAction(QString(persona.name).replace('&', "&&"));
        action->setCheckable(true);
        action->setChecked(persona.id == m_current);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, id = persona.id] { emit personaChosen(id); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Edit personas…")), &QAction::triggered, this,
            &HeaderBar::editPersonasRequested);
    menu->popup(m_persona->mapToGlobal(QPoint(3, m_persona->height())));
}

void HeaderBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintRule(painter, rect(), m_appearance->theme().hairline);
}

void HeaderBar::resizeEvent(QResizeEvent* event) {
    // The meter is the first to go where there is little room.
    m_context->setVisible(width() >= m_appearance->theme().scaled(520));
    QWidget::resizeEvent(event);
}

}  // namespace lares::app
