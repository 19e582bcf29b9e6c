#include "app/ui/page.h"

#include "app/ui/appearance.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kPageColumn = 606;

}  // namespace

Page::Page(const Appearance* appearance, const QString& name, QWidget* parent)
    : QScrollArea(parent), m_appearance(appearance), m_column(new QWidget) {
    setAccessibleName(name);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);

    auto* ground = new QWidget;
    m_outer = new QVBoxLayout(ground);
    m_outer->setContentsMargins(24, 32, 24, 32);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_column, 1000);
    middle->addStretch(1);
    m_outer->addLayout(middle);
    m_outer->addStretch(1);
    m_layout = new QVBoxLayout(m_column);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    setWidget(ground);
    ground->setAutoFillBackground(false);
    connect(appearance, &Appearance::changed, this, &Page::applyTheme);
    applyTheme();
}

void Page::applyTheme() {
    m_column->setMaximumWidth(m_appearance->theme().scaled(kPageColumn));
    viewport()->update();
}

void Page::setCentred() {
    m_outer->insertStretch(0, 1);
}

TextLabel* Page::addText(TextLabel::Kind kind, const QString& text) {
    auto* label = new TextLabel(m_appearance, kind, text, m_column);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_layout->addWidget(label);
    return label;
}

void Page::addSpace(int pixels) {
    m_layout->addSpacing(pixels);
}

void Page::addWidget(QWidget* widget) {
    m_layout->addWidget(widget);
}

QWidget* Page::addRow(const std::vector<QWidget*>& widgets) {
    QWidget* row = makeFlowRow(m_column, 4, widgets);
    m_layout->addWidget(row);
    return row;
}

void Page::focusFirst() {
    for (QAbstractButton* button : m_column->findChildren<QAbstractButton*>()) {
        if (!button->isVisibleTo(this) || !button->isEnabled()) continue;
        button->setFocus(Qt::OtherFocusReason);
        break;
    }
    verticalScrollBar()->setValue(0);
}

void Page::paintEvent(QPaintEvent* event) {
    QPainter(viewport()).fillRect(viewport()->rect(), m_appearance->theme().window);
    QScrollArea::paintEvent(event);
}

void clearLayout(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

}  // namespace lares::app
