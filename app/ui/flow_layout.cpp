#include "app/ui/flow_layout.h"

#include <QWidget>

#include <algorithm>

namespace lares::app {

FlowLayout::FlowLayout(int gap, QWidget* parent) : QLayout(parent), m_gap(gap) {
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() {
    for (QLayoutItem* item : m_items) delete item;
}

void FlowLayout::addItem(QLayoutItem* item) {
    m_items.push_back(item);
}

int FlowLayout::count() const {
    return static_cast<int>(m_items.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    QLayoutItem* item = itemAt(index);
    if (item != nullptr) m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const {
    return arrange(QRect(0, 0, width, 0), false);
}

void FlowLayout::setGeometry(const QRect& area) {
    QLayout::setGeometry(area);
    arrange(area, true);
}

QSize FlowLayout::sizeHint() const {
    QSize size;
    for (const QLayoutItem* item : m_items) {
        const QSize hint = item->sizeHint();
        size = QSize(size.width() + hint.width() + m_gap, std::max(size.height(), hint.height()));
    }
    return size;
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : m_items) size = size.expandedTo(item->minimumSize());
    return size;
}

int FlowLayout::arrange(const QRect& area, bool isMoving) const {
    int y = area.y();
    std::vector<QLayoutItem*> line;
    int lineWidth = 0;
    int lineHeight = 0;
    const auto endLine = [&] {
        int x = area.x();
        for (QLayoutItem* item : line) {
            const QSize size(std::min(item->sizeHint().width(), area.width()),
                             item->sizeHint().height());
            if (isMoving)
                item->setGeometry(QRect(QPoint(x, y + (lineHeight - size.height()) / 2), size));
            x += size.width() + m_gap;
        }
        y += lineHeight;
        line.clear();
        lineWidth = lineHeight = 0;
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize hint = item->sizeHint();
        if (!line.empty() && lineWidth + hint.width() > area.width()) {
            endLine();
            y += m_gap;
        }
        line.push_back(item);
        lineWidth += hint.width() + m_gap;
        lineHeight = std::max(lineHeight, hint.height());
    }
    endLine();
    return y - area.y();
}

QWidget* makeFlowRow(QWidget* parent, int gap, const std::vector<QWidget*>& widgets) {
    auto* row = new QWidget(parent);
    auto* flow = new FlowLayout(gap, row);
    flow->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : widgets) flow->addWidget(widget);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    row->setSizePolicy(policy);
    return row;
}

}  // namespace lares::app
