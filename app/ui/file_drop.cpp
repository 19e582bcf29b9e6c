#include "app/ui/file_drop.h"

#include "app/ui/appearance.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QDropEvent>
#include <QFontMetricsF>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace lares::app {

QStringList localFiles(const QMimeData* data) {
    QStringList paths;
    if (data == nullptr || !data->hasUrls()) return paths;
    for (const QUrl& url : data->urls()) {
        if (!url.isLocalFile()) return {};
        paths << url.toLocalFile();
    }
    return paths;
}

FileDrop::FileDrop(const Appearance* appearance, QWidget* window, QWidget* page)
    : QWidget(window), m_appearance(appearance), m_page(page) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(tr("Drop files to attach them"));
    window->setAcceptDrops(true);
    window->installEventFilter(this);
    hide();
}

bool FileDrop::takes(const QMimeData* mime) const {
    return m_page->isVisible() && !localFiles(mime).isEmpty();
}

bool FileDrop::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::DragEnter:
        case QEvent::DragMove: {
            auto* drag = static_cast<QDropEvent*>(event);
            const bool isTaken = takes(drag->mimeData());
            if (isTaken) {
                drag->setDropAction(Qt::CopyAction);
                drag->accept();
                setGeometry(QRect(m_page->mapTo(parentWidget(), QPoint(0, 0)), m_page->size()));
                raise();
            } else {
                drag->ignore();
            }
            setVisible(isTaken);
            return true;
        }
        case QEvent::DragLeave:
            hide();
            return true;
        case QEvent::Drop: {
            auto* drop = static_cast<QDropEvent*>(event);
            hide();
            if (!takes(drop->mimeData())) return true;
            drop->setDropAction(Qt::CopyAction);
            drop->accept();
            emit dropped(localFiles(drop->mimeData()));
            return true;
        }
        default:
            return QWidget::eventFilter(watched, event);
    }
}

void FileDrop::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    QColor veil = theme.window;
    veil.setAlphaF(0.9F);
    painter.fillRect(rect(), veil);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen line(theme.accent, 2, Qt::DashLine);
    painter.setPen(line);
    painter.setBrush(Qt::NoBrush);
    const int inset = theme.scaled(16);
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                            Theme::kComposerRadius, Theme::kComposerRadius);
    const double side = theme.scaled(32);
    const QPointF middle = QRectF(rect()).center();
    paintIcon(painter, Icon::Clip, QRectF(middle.x() - side / 2, middle.y() - side - 4, side, side),
              theme.accent);
    const double height = QFontMetricsF(theme.bodyFont).height();
    paintLine(painter, QRectF(inset, middle.y() + theme.scaled(8), width() - 2 * inset, height),
              weighted(theme.bodyFont, QFont::Medium), theme.text, tr("Drop files to attach them"),
              Qt::AlignHCenter);
}

}  // namespace lares::app
