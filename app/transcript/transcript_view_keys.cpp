#include "app/transcript/greeting_page.h"
#include "app/transcript/transcript_view.h"

#include <QApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

// The part of TranscriptView that the keyboard drives: scrolling, selecting, moving the focus.

namespace lares::app {

void TranscriptView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Escape && hasSelection()) {
        clearSelection();
    } else if (m_focused && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                             (event->key() == Qt::Key_Space &&
                              m_focused.kind != TranscriptTarget::Kind::Message))) {
        activate(m_focused);
    } else if (!extendSelection(event) && !scrollKey(event)) {
        event->ignore();  // the window: typing goes to the composer
    }
}

bool TranscriptView::scrollKey(QKeyEvent* event) {
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const int page = viewport()->height() - m_theme.scaled(48);
    const int line = m_theme.scaled(40);
    m_wheelRest = 0;
    switch (event->key()) {
        case Qt::Key_PageUp:
            scrollBy(-page);
            return true;
        case Qt::Key_PageDown:
            scrollBy(page);
            return true;
        case Qt::Key_Space:
            scrollBy(modifiers & Qt::ShiftModifier ? -page : page);
            return true;
        case Qt::Key_Up:
            scrollBy(-line);
            return modifiers == Qt::NoModifier;
        case Qt::Key_Down:
            scrollBy(line);
            return modifiers == Qt::NoModifier;
        case Qt::Key_Home:
            if (m_flow.rowCount() == 0) return true;
            m_isFollowing = false;
            settle({.row = 0, .piece = 0, .offset = viewport()->height()});
            m_isFollowing = isAtEnd();
            return true;
        case Qt::Key_End:
            scrollToEnd();
            return true;
        default:
            return false;
    }
}

bool TranscriptView::extendSelection(QKeyEvent* event) {
    if (!(event->modifiers() & Qt::ShiftModifier) || m_selection.isEmpty()) return false;
    TextPosition head = m_selection.head();
    switch (event->key()) {
        case Qt::Key_Left:
            head = nextPosition(m_flow, head, -1);
            break;
        case Qt::Key_Right:
            head = nextPosition(m_flow, head, 1);
            break;
        case Qt::Key_Up:
            head = positionByLine(m_flow, head, -1);
            break;
        case Qt::Key_Down:
            head = positionByLine(m_flow, head, 1);
            break;
        default:
            return false;
    }
    m_selection.extend(m_flow, head);
    const int y = caretRect(m_flow, head).center().y() - m_top;
    if (y < 0) scrollBy(y - m_theme.scaled(40));
    if (y > viewport()->height()) scrollBy(y - viewport()->height() + m_theme.scaled(40));
    setSelectionDirty();
    return true;
}

void TranscriptView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason) {
        // The message that is read: the last one that is in sight.
        const int row = m_flow.rowAt(m_top + viewport()->height() - m_theme.scaled(40));
        if (row >= 0 && !m_focused) focusTarget({TranscriptTarget::Kind::Message, row, 0, -1});
    }
    viewport()->update();
}

void TranscriptView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QList<QWidget*> TranscriptView::actionButtons(int row) {
    showActionsFor(row);
    return m_actions->isHidden() ? QList<QWidget*>() : m_actions->buttons();
}

bool TranscriptView::focusNextPrevChild(bool next) {
    return moveFocus(next) || QAbstractScrollArea::focusNextPrevChild(next);
}

bool TranscriptView::moveFocus(bool next) {
    QWidget* focus = QApplication::focusWidget();
    const auto step = [next](const QList<QWidget*>& list, QWidget* from) -> QWidget* {
        const auto at = list.indexOf(from) + (next ? 1 : -1);
        return at >= 0 && at < list.size() ? list[at] : nullptr;
    };
    if (m_flow.rowCount() == 0) {
        const QList<QWidget*> examples = m_greeting->buttons();
        QWidget* to = focus == this ? (next ? examples.value(0) : nullptr) : step(examples, focus);
        if (to) to->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
        return to != nullptr;
    }
    // Inside a card: its own chain first.
    for (const auto& card : std::as_const(m_cards)) {
        if (!card || !card->isAncestorOf(focus)) continue;
        for (QWidget* w = focus;;) {
            w = next ? w->nextInFocusChain() : w->previousInFocusChain();
            if (w == card || !card->isAncestorOf(w)) break;
            if (!w->isVisible() || !w->isEnabled() || !(w->focusPolicy() & Qt::TabFocus)) continue;
            w->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    if (focus == m_toEnd) {
        if (next) return false;
        focusTarget({TranscriptTarget::Kind::Message, m_flow.rowCount() - 1, 0, -1});
        return true;
    }
    // Within a row: the message, what is in it, its actions; then the next message.
    const int row = m_focused.row;
    if (row < 0 || row >= m_flow.rowCount()) return false;
    if (m_actions->isAncestorOf(focus)) {
        if (QWidget* to = step(m_actions->buttons(), focus)) {
            to->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
        if (!next) {
            focusTarget(targets(row).back());
            return true;
        }
    } else {
        const std::vector<TranscriptTarget> all = targets(row);
        auto at = std::find(all.begin(), all.end(), m_focused);
        if (at == all.end()) at = all.begin();
        if (next && at + 1 != all.end()) {
            focusTarget(*(at + 1));
            return true;
        }
        if (!next && at != all.begin()) {
            focusTarget(*(at - 1));
            return true;
        }
        if (next) {
            const QList<QWidget*> buttons = actionButtons(row);
            if (!buttons.isEmpty()) {
                buttons.first()->setFocus(Qt::TabFocusReason);
                return true;
            }
        }
    }
    const int to = row + (next ? 1 : -1);
    if (to < 0 || to >= m_flow.rowCount()) {
        m_focused = {};
        showActionsFor(-1);
        viewport()->update();
        return false;
    }
    if (next) {
        focusTarget({TranscriptTarget::Kind::Message, to, 0, -1});
        return true;
    }
    focusTarget(targets(to).back());
    const QList<QWidget*> buttons = actionButtons(to);
    if (!buttons.isEmpty()) buttons.last()->setFocus(Qt::BacktabFocusReason);
    return true;
}

void TranscriptView::focusTarget(const TranscriptTarget& target) {
    m_focused = target;
    revealTarget(target);
    if (target.kind == TranscriptTarget::Kind::Card) {
        const int part = m_flow.parsedRow(target.row).layout.blocks()[target.block].part;
        QWidget* card = m_cards.value({m_flow.row(target.row).id, part});
        QWidget* to = card;
        while (to && !(to->focusPolicy() & Qt::TabFocus)) {
            to = to->nextInFocusChain();
            if (!card->isAncestorOf(to)) to = nullptr;
        }
        if (to) to->setFocus(Qt::TabFocusReason);
    } else if (!hasFocus()) {
        setFocus(Qt::OtherFocusReason);
    }
    showActionsFor(target.row);
    viewport()->update();
}

void TranscriptView::revealTarget(const TranscriptTarget& target) {
    const TranscriptFlow::Row& parsed = m_flow.parsedRow(target.row);
    const int y = parsed.top - m_top;
    if (target.kind == TranscriptTarget::Kind::Message) {
        const int room = viewport()->height();
        const int margin = m_theme.scaled(Theme::kBetweenTurns);
        if (y < 0 || y > room - 2 * margin) {
            const int offset = y < 0 && parsed.height < room
                                   ? margin
                                   : std::max(margin, room - parsed.height - margin);
            m_isFollowing = false;
            settle({.row = target.row, .piece = 0, .offset = std::min(offset, room - margin)});
            m_isFollowing = isAtEnd();
        }
        return;
    }
    const auto [first, last] = parsed.layout.piecesOf(target.block);
    if (first == last) return;
    const Piece& piece = parsed.layout.pieces()[first];
    const int top = y + piece.top;
    const int margin = m_theme.scaled(40);
    if (top >= margin / 2 &&
        top + std::min(piece.height, margin) <= viewport()->height() - margin / 2)
        return;
    const int offset = top < margin ? margin : viewport()->height() - piece.height - margin;
    m_isFollowing = false;
    settle({.row = target.row, .piece = first, .offset = std::max(offset, margin)});
    m_isFollowing = isAtEnd();
}

bool TranscriptView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) {
        for (auto card = m_cards.constBegin(); card != m_cards.constEnd(); ++card) {
            if (card.value() != watched) continue;
            const TranscriptState::PartKey key = card.key();
            const int before = m_state.cards.value(key);
            measureCard(key.first, key.second, m_flow.metrics().column);
            const int row = rowOf(key.first);
            if (row >= 0 && m_state.cards.value(key) != before) changeRow(row);
            break;
        }
    }
    return QAbstractScrollArea::eventFilter(watched, event);
}

}  // namespace lares::app
