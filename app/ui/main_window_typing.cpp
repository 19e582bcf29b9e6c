// The part of the window that sends what is typed anywhere to the composer.
#include "app/approval/approval_card.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/main_window.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimer>

namespace lares::app {

bool MainWindow::isTypingForComposer(const QObject* watched, const QKeyEvent* event) const {
    const QWidget* focus = QApplication::focusWidget();
    if (watched != (focus != nullptr ? static_cast<const QObject*>(focus) : this)) return false;
    if (QApplication::activePopupWidget() != nullptr || !m_chat->isVisible()) return false;
    if (focus != nullptr && focus->window() != this) return false;
    if (qobject_cast<const QLineEdit*>(focus) || qobject_cast<const QPlainTextEdit*>(focus))
        return false;
    const auto modifiers = event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    if (modifiers != Qt::NoModifier || event->text().isEmpty()) return false;
    if (!event->text().front().isPrint() || event->key() == Qt::Key_Space) return false;
    const bool isAnswerKey = event->key() == Qt::Key_Y || event->key() == Qt::Key_A ||
                             event->key() == Qt::Key_N || event->key() == Qt::Key_W;
    const ApprovalCard* card = m_chat->card();
    const bool isOnCard =
        card != nullptr && focus != nullptr && (card == focus || card->isAncestorOf(focus));
    return !(isOnCard && isAnswerKey);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (isTypingForComposer(watched, key)) {
            m_chat->composer()->insertTyped(key->text());
            return true;
        }
    }
    // A note stands above the composer, however high that is.
    if (event->type() == QEvent::Resize && watched == m_chat->composer())
        QTimer::singleShot(0, this, &MainWindow::placeToast);
    return QWidget::eventFilter(watched, event);
}

}  // namespace lares::app
