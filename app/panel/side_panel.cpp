#include "app/panel/side_panel.h"

#include "app/panel/activity_page.h"
#include "app/panel/panel_tabs.h"
#include "app/panel/parameters_page.h"
#include "app/panel/prompt_page.h"
#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace lares::app {
namespace {

constexpr std::array kTabNames = {std::pair(SidePanel::Tab::Activity, QLatin1String("activity")),
                                  std::pair(SidePanel::Tab::Persona, QLatin1String("persona")),
                                  std::pair(SidePanel::Tab::Prompt, QLatin1String("prompt"))};

}  // namespace

SidePanel::SidePanel(const Appearance* appearance, ChatController* controller, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_tabs(new PanelTabs(appearance, this))
    , m_pages(new QStackedWidget(this))
    , m_activity(new ActivityPage(appearance, controller))
    , m_parameters(new ParametersPage(appearance, controller))
    , m_prompt(new PromptPage(appearance, controller)) {
    setAccessibleName(tr("Panel about this conversation"));
    m_tabs->addTab(tr("Activity"));
    m_tabs->addTab(tr("Persona"));
    m_tabs->addTab(tr("What the model saw"));
    m_tabs->setTabToolTip(0, tr("Which tools ran, with what, and what they did"));
    m_tabs->setTabToolTip(1, tr("Who answers, and how"));
    m_tabs->setTabToolTip(2, tr("The exact text that an answer was written from"));
    m_pages->addWidget(m_activity);
    m_pages->addWidget(m_parameters);
    m_pages->addWidget(m_prompt);

    auto* tabs = new QHBoxLayout;
    tabs->setContentsMargins(8, 0, 8, 0);
    tabs->addWidget(m_tabs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);  // the line on the left
    column->setSpacing(0);
    column->addLayout(tabs);
    column->addWidget(m_pages, 1);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_pages->setCurrentIndex(index);
        emit tabChanged();
    });
    connect(m_prompt, &PromptPage::noted, this, &SidePanel::noted);
    connect(m_activity, &ActivityPage::messageRequested, this, &SidePanel::messageRequested);
    connect(m_parameters, &ParametersPage::editPersonaRequested, this,
            &SidePanel::editPersonaRequested);
    connect(appearance, &Appearance::changed, this, [this] { update(); });
}

SidePanel::Tab SidePanel::tab() const {
    return static_cast<Tab>(m_pages->currentIndex());
}

void SidePanel::showTab(Tab tab) {
    m_tabs->setCurrentIndex(static_cast<int>(tab));
}

void SidePanel::showTab(const QString& name) {
    for (const auto& [tab, known] : kTabNames) {
        if (known == name) showTab(tab);
    }
}

QString SidePanel::tabName() const {
    for (const auto& [known, name] : kTabNames) {
        if (known == tab()) return name;
    }
    return {};
}

void SidePanel::focusFirst() {
    m_tabs->setFocus(Qt::ShortcutFocusReason);
}

void SidePanel::showPrompt(MessageId answer) {
    showTab(Tab::Prompt);
    m_prompt->showAnswer(answer);
    m_prompt->focusFirst();
}

void SidePanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    emit left();
}

void SidePanel::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.window);
    painter.fillRect(QRect(0, 0, 1, height()), theme.hairline);
    paintRule(painter, QRectF(0, 0, width(), m_tabs->geometry().bottom() + 1), theme.hairline);
}

}  // namespace lares::app
