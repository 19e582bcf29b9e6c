#include "app/panel/panel_tabs.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QFontMetrics>
#include <QPainter>

namespace lares::app {
namespace {

constexpr int kTabHeight = 44;
constexpr int kTabPadding = 8;

}  // namespace

PanelTabs::PanelTabs(const Appearance* appearance, QWidget* parent)
    : QTabBar(parent), m_appearance(appearance) {
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(false);
    setElideMode(Qt::ElideRight);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("What the panel shows"));
    connect(appearance, &Appearance::changed, this, &PanelTabs::applyTheme);
    applyTheme();
}

void PanelTabs::applyTheme() {
    setFont(m_appearance->theme().secondaryFont);
    updateGeometry();
    update();
}

QSize PanelTabs::tabSizeHint(int index) const {
    const Theme& theme = m_appearance->theme();
    // The width of the heavier face: a tab keeps its place when it is chosen.
    const QFontMetrics metrics(weighted(theme.secondaryFont, QFont::DemiBold));
    return {metrics.horizontalAdvance(tabText(index)) + 2 * kTabPadding + 1,
            theme.scaled(kTabHeight)};
}

QSize PanelTabs::minimumTabSizeHint(int index) const {
    return {m_appearance->theme().scaled(40), tabSizeHint(index).height()};
}

void PanelTabs::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    const QPoint mouse = mapFromGlobal(QCursor::pos());
    for (int i = 0; i < count(); ++i) {
        const QRectF tab = tabRect(i);
        const bool isChosen = i == currentIndex();
        const bool isHot = underMouse() && tab.contains(mouse);
        paintLine(painter, tab.adjusted(kTabPadding, 0, -kTabPadding + 1, 0),
                  isChosen ? weighted(theme.secondaryFont, QFont::DemiBold) : theme.secondaryFont,
                  isChosen || isHot ? theme.text : theme.secondaryText, tabText(i));
        if (isChosen) {
            painter.fillRect(QRectF(tab.left() + kTabPadding, tab.bottom() - 2,
                                    tab.width() - 2 * kTabPadding, 2),
                             theme.accent);
        }
        if (isChosen && hasFocus()) {
            paintFocusRing(painter, tab.adjusted(2, 8, -2, -8), Theme::kControlRadius,
                           theme.focusRing);
        }
    }
}

}  // namespace lares::app
