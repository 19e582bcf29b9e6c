#include "app/panel/panel_host.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr int kEdgeWidth = 7;  // to grab; what is seen is the panel's line
constexpr int kEdgeStep = 20;  // of an arrow key

}  // namespace

/// Lies over the panel's left line. Nothing is painted but its focus.
class PanelEdge : public QWidget {
public:
    explicit PanelEdge(PanelHost* host) : QWidget(host), m_host(host) {
        setCursor(Qt::SplitHCursor);
        setFocusPolicy(Qt::TabFocus);
        setAccessibleName(PanelHost::tr("Width of the panel: left and right arrow"));
        hide();
    }

protected:
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton) event->accept();
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (event->buttons() & Qt::LeftButton)
            m_host->dragTo(mapTo(m_host, event->position().toPoint()).x());
    }
    void keyPressEvent(QKeyEvent* event) override {
        const int step = event->key() == Qt::Key_Left    ? kEdgeStep
                         : event->key() == Qt::Key_Right ? -kEdgeStep
                                                         : 0;
        if (step == 0) return QWidget::keyPressEvent(event);
        m_host->setPanelWidth(m_host->panelWidth() + step);
        emit m_host->panelWidthChanged();
    }
    void focusInEvent(QFocusEvent*) override { update(); }
    void focusOutEvent(QFocusEvent*) override { update(); }
    void paintEvent(QPaintEvent*) override {
        if (!hasFocus()) return;
        QPainter(this).fillRect(QRect(width() / 2 - 1, 0, 3, height()),
                                m_host->m_appearance->theme().focusRing);
    }

private:
    PanelHost* m_host;
};

PanelHost::PanelHost(const Appearance* appearance,
                     QWidget* content,
                     QWidget* panel,
                     const Widths& widths,
                     QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_content(content)
    , m_panel(panel)
    , m_edge(new PanelEdge(this))
    , m_widths(widths)
    , m_width(widths.panel) {
    content->setParent(this);
    panel->setParent(this);
    panel->hide();
    connect(appearance, &Appearance::changed, this, &PanelHost::arrange);
}

void PanelHost::setPanelShown(bool isShown) {
    if (m_isShown == isShown) return;
    m_isShown = isShown;
    arrange();
}

void PanelHost::setPanelWidth(int width) {
    width = std::clamp(width, m_widths.narrowest, m_widths.widest);
    if (m_width == width) return;
    m_width = width;
    arrange();
}

void PanelHost::dragTo(int x) {
    const double scale = m_appearance->theme().scale;
    setPanelWidth(static_cast<int>(std::lround((width() - x) / scale)));
    emit panelWidthChanged();
}

void PanelHost::arrange() {
    const Theme& theme = m_appearance->theme();
    const int panel = std::min(theme.scaled(m_width), width());
    m_isOverlaid = m_isShown && width() - panel < theme.scaled(m_widths.content);
    m_content->setGeometry(0, 0, m_isShown && !m_isOverlaid ? width() - panel : width(), height());
    if (m_isShown) {
        m_panel->setGeometry(width() - panel, 0, panel, height());
        m_edge->setGeometry(width() - panel - kEdgeWidth / 2, 0, kEdgeWidth, height());
        m_panel->raise();
        m_edge->raise();
    }
    m_panel->setVisible(m_isShown);
    m_edge->setVisible(m_isShown);
    emit arranged();
}

void PanelHost::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

}  // namespace lares::app
