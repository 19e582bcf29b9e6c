#include "app/transcript/answer_sources.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/transcript_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

// The part of TranscriptView that the mouse drives: scrolling, hovering, clicking, selecting.

namespace lares::app {

void TranscriptView::scrollContentsBy(int, int dy) {
    if (m_isSettling || dy == 0) return;
    const int value = verticalScrollBar()->value();
    TranscriptFlow::Anchor anchor;
    if (std::abs(m_top - value) < 2 * viewport()->height()) {
        // What is in sight moves by exactly this much, whatever is measured above it.
        anchor = m_flow.anchorAt(m_top);
        anchor.offset -= value - m_top;
    } else {
        anchor = m_flow.anchorAt(value);
    }
    if (value >= verticalScrollBar()->maximum()) anchor = {.isEnd = true};
    settle(anchor);
    m_isFollowing = isAtEnd();
    if (m_isDragging) dragTick();
}

void TranscriptView::scrollBy(int pixels) {
    verticalScrollBar()->setValue(verticalScrollBar()->value() + pixels);
}

void TranscriptView::wheelEvent(QWheelEvent* event) {
    if (event->modifiers() & Qt::ControlModifier) {
        event->ignore();  // the window's zoom
        return;
    }
    event->accept();
    if (!event->pixelDelta().isNull()) {
        m_wheelRest = 0;
        scrollBy(-event->pixelDelta().y());
        return;
    }
    const double step =
        event->angleDelta().y() / 120.0 * QApplication::wheelScrollLines() * m_theme.scaled(26);
    if (!m_isAnimated) {
        scrollBy(-static_cast<int>(std::lround(step)));
        return;
    }
    if (m_wheelRest * -step < 0) m_wheelRest = 0;  // the other way: at once
    m_wheelRest -= step;
    m_wheelTimer.start();
    wheelTick();
}

void TranscriptView::wheelTick() {
    // A share of what is left: quick at first, then gently to rest within about 120 ms.
    double step = m_wheelRest * 0.28;
    if (std::abs(step) < 1) step = m_wheelRest > 0 ? 1 : -1;
    const int pixels = static_cast<int>(std::lround(step));
    if (std::abs(m_wheelRest) < 1) {
        m_wheelRest = 0;
        m_wheelTimer.stop();
        return;
    }
    const int before = m_top;
    m_wheelRest -= pixels;
    scrollBy(pixels);
    if (m_top == before && (m_top == 0 || isAtEnd())) m_wheelRest = 0;
}

QPoint TranscriptView::toFlow(QPoint inViewport) const {
    return inViewport + QPoint(-columnLeft(), m_top);
}

TranscriptTarget TranscriptView::hitTest(QPoint inViewport) const {
    const QPoint point = toFlow(inViewport);
    const int index = m_flow.rowAt(point.y());
    if (index < 0) return {};
    const TranscriptFlow::Row& row = m_flow.row(index);
    return targetAt(point - QPoint(0, row.top), row.layout, index, m_flow.metrics());
}

void TranscriptView::setHovered(const TranscriptTarget& target) {
    if (m_hovered == target) return;
    m_hovered = target;
    viewport()->update();
}

void TranscriptView::updateHover(QPoint at) {
    const TranscriptTarget target = hitTest(at);
    setHovered(target);
    const QPoint point = toFlow(at);
    const int row = m_flow.rowAt(point.y());
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (target) {
        shape = Qt::PointingHandCursor;
    } else if (row >= 0 && point.x() >= 0 && point.x() < m_flow.metrics().column &&
               point.y() < m_flow.row(row).top + m_flow.row(row).height) {
        const auto& layout = m_flow.row(row).layout;
        if (!layout.pieces().empty() &&
            layout.blocks()[layout.pieces()[layout.pieceAt(point.y() - m_flow.row(row).top)].block]
                .isSelectable())
            shape = Qt::IBeamCursor;
    }
    viewport()->setCursor(shape);
    const int limit = row < 0 ? 0
                              : m_flow.row(row).top + m_flow.row(row).height +
                                    m_theme.scaled(Theme::kBetweenTurns);
    showActionsFor(row >= 0 && point.y() < limit ? row : -1);
}

void TranscriptView::showActionsFor(int row) {
    // The row that has the keyboard keeps its actions while the mouse is elsewhere.
    if (row < 0 && m_focused.row >= 0 &&
        (hasFocus() || m_actions->isAncestorOf(QApplication::focusWidget())))
        row = m_focused.row;
    m_actionsRow = row < m_flow.rowCount() ? row : -1;
    const bool isLive = m_actionsRow >= 0 && m_flow.row(m_actionsRow).id == m_state.live;
    if (m_actionsRow < 0 || isLive) {
        m_actions->hide();
        return;
    }
    m_actions->setOffer(offerOf(m_actionsRow));
    const QRect rect = rowRect(m_actionsRow);
    const bool isUser = m_model->messageAt(m_actionsRow).role == Role::User;
    m_actions->move(
        isUser ? rect.right() + 1 - m_actions->width() : rect.left() - m_theme.scaled(5),
        rect.bottom() + 4);
    m_actions->show();
}

MessageActions::Offer TranscriptView::offerOf(int row) const {
    MessageActions::Offer offer;
    if (!m_model || row < 0 || row >= m_model->rowCount()) return offer;
    const bool isUser = m_model->messageAt(row).role == Role::User;
    offer.canEdit = isUser && !m_isAnswering;
    offer.canRegenerate = !isUser && !m_isAnswering;
    offer.canShowPrompt = !isUser;
    offer.canRemember = !markdownOf(m_model->messageAt(row)).trimmed().isEmpty();
    offer.version = m_model->versionAt(row);
    offer.nVersions = m_isAnswering ? 1 : m_model->versionCountAt(row);
    return offer;
}

void TranscriptView::act(int row, MessageActions::Action action) {
    if (!m_model || row < 0 || row >= m_model->rowCount()) return;
    const MessageId id = m_model->messageAt(row).id;
    switch (action) {
        case MessageActions::Action::Copy:
            copyMessage(row);
            if (row == m_actionsRow) m_actions->showCopied();
            break;
        case MessageActions::Action::Edit:
            emit editRequested(id);
            break;
        case MessageActions::Action::Regenerate:
            emit regenerateRequested(id);
            break;
        case MessageActions::Action::Prompt:
            emit promptRequested(id);
            break;
        case MessageActions::Action::Remember:
            if (const auto [message, text] = toRemember(row); message != 0)
                emit rememberRequested(message, text);
            break;
        case MessageActions::Action::PreviousVersion:
            emit versionRequested(id, m_model->versionAt(row) - 1);
            break;
        case MessageActions::Action::NextVersion:
            emit versionRequested(id, m_model->versionAt(row) + 1);
            break;
    }
}

void TranscriptView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_wheelRest = 0;
    m_lastMouse = event->pos();
    m_pressed = hitTest(event->pos());
    if (m_focused) {
        m_focused = {};
        viewport()->update();
    }
    if (m_pressed || m_flow.rowCount() == 0) return;
    const TextPosition at = positionAt(m_flow, toFlow(event->pos()));
    m_isDragging = true;
    if (event->modifiers() & Qt::ShiftModifier && !m_selection.isEmpty()) {
        m_selection.extend(m_flow, at);
    } else {
        const bool isThird = m_sinceDoubleClick.isValid() &&
                             m_sinceDoubleClick.elapsed() < QApplication::doubleClickInterval();
        m_selection.begin(
            m_flow, at,
            isThird ? TranscriptSelection::Unit::Paragraph : TranscriptSelection::Unit::Character);
    }
    m_sinceDoubleClick.invalidate();
    setSelectionDirty();
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_flow.rowCount() == 0) return;
    if (hitTest(event->pos())) {
        mousePressEvent(event);
        return;
    }
    m_selection.begin(m_flow, positionAt(m_flow, toFlow(event->pos())),
                      TranscriptSelection::Unit::Word);
    m_isDragging = true;
    m_sinceDoubleClick.start();
    setSelectionDirty();
}

void TranscriptView::mouseMoveEvent(QMouseEvent* event) {
    m_lastMouse = event->pos();
    if (!(event->buttons() & Qt::LeftButton)) {
        updateHover(event->pos());
        return;
    }
    // A drag that begins on a link selects, like one that begins beside it.
    if (m_pressed.kind == TranscriptTarget::Kind::Link && !m_isDragging) {
        m_selection.begin(m_flow, positionAt(m_flow, toFlow(event->pos())),
                          TranscriptSelection::Unit::Character);
        m_isDragging = true;
        m_pressed = {};
    }
    if (!m_isDragging) return;
    m_selection.extend(m_flow, positionAt(m_flow, toFlow(event->pos())));
    setSelectionDirty();
    const bool isOutside = event->pos().y() < 0 || event->pos().y() >= viewport()->height();
    if (isOutside != m_dragTimer.isActive()) isOutside ? m_dragTimer.start() : m_dragTimer.stop();
}

void TranscriptView::dragTick() {
    const int height = viewport()->height();
    const int beyond = m_lastMouse.y() < 0         ? m_lastMouse.y()
                       : m_lastMouse.y() >= height ? m_lastMouse.y() - height + 1
                                                   : 0;
    if (beyond != 0 && m_dragTimer.isActive() && sender() == &m_dragTimer)
        scrollBy(std::clamp(beyond / 2, -60, 60));
    m_selection.extend(m_flow, positionAt(m_flow, toFlow(m_lastMouse)));
    setSelectionDirty();
}

void TranscriptView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_dragTimer.stop();
    if (m_isDragging) {
        m_isDragging = false;
        if (!m_selection.isEmpty() && QApplication::clipboard()->supportsSelection())
            QApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
    } else if (m_pressed && hitTest(event->pos()) == m_pressed) {
        activate(m_pressed);
    }
    m_pressed = {};
}

void TranscriptView::setSelectionDirty() {
    viewport()->update();
    emit selectionChanged();
}

bool TranscriptView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        setHovered({});
        const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
        if (!m_actions->geometry().contains(at)) showActionsFor(-1);
    } else if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const TranscriptTarget target = hitTest(help->pos());
        const bool isPlain = target.kind == TranscriptTarget::Kind::Link ||
                             target.kind == TranscriptTarget::Kind::CopyCode ||
                             target.kind == TranscriptTarget::Kind::Attachment;
        QToolTip::showText(help->globalPos(),
                           isPlain ? targetName(target).toHtmlEscaped() : QString(), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TranscriptView::contextMenuEvent(QContextMenuEvent* event) {
    const TranscriptTarget target = hitTest(event->pos());
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy"), this, &TranscriptView::copySelection)->setEnabled(hasSelection());
    // Of a place in another conversation there is nothing to paste.
    if (target.kind == TranscriptTarget::Kind::Link && !sourceMessageOf(linkOf(target)))
        menu->addAction(tr("Copy link"), this, [this, target] { copyTarget(target); });
    menu->addAction(tr("Select all"), this, &TranscriptView::selectAll);
    if (const auto [message, text] = toRemember(m_flow.rowAt(toFlow(event->pos()).y()));
        message != 0) {
        menu->addSeparator();
        menu->addAction(tr("Remember this…"), this, [this, message = message, text = text] {
            emit rememberRequested(message, text);
        });
    }
    menu->popup(event->globalPos());
}

}  // namespace lares::app
