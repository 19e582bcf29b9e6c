#include "app/transcript/transcript_view.h"

#include "app/chat/call_changes.h"
#include "app/transcript/greeting_page.h"
#include "app/transcript/transcript_accessible.h"

#include <QEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

/// A thin handle without arrows, as quiet as the hairlines.
QString scrollBarStyle(const Theme& theme) {
    return QStringLiteral(
               "QScrollBar:vertical { background: %1; width: %2px; margin: 0; border: none; }"
               "QScrollBar::handle:vertical { background: %3; min-height: 36px; border-radius: 3px;"
               " margin: 2px 3px; }"
               "QScrollBar::handle:vertical:hover { background: %4; }"
               "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
               "QScrollBar::add-page, QScrollBar::sub-page { background: none; }")
        .arg(theme.window.name())
        .arg(12)
        .arg(theme.selectedRow.name(), theme.quietText.name());
}

}  // namespace

TranscriptView::TranscriptView(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_flow(m_state)
    , m_actions(new MessageActions(viewport()))
    , m_toEnd(new IconButton(TranscriptIcon::ArrowDown, tr("To the end"), viewport()))
    , m_greeting(new GreetingPage(viewport())) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Conversation"));
    installTranscriptAccessibility();
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_toEnd->setFloating(true);
    m_toEnd->hide();
    m_clock.start();
    m_second.setInterval(1000);
    m_dragTimer.setInterval(30);
    m_wheelTimer.setInterval(8);
    connect(&m_second, &QTimer::timeout, this, &TranscriptView::tickThinking);
    connect(&m_dragTimer, &QTimer::timeout, this, &TranscriptView::dragTick);
    connect(&m_wheelTimer, &QTimer::timeout, this, &TranscriptView::wheelTick);
    connect(m_toEnd, &QAbstractButton::clicked, this, &TranscriptView::scrollToEnd);
    connect(m_greeting, &GreetingPage::exampleChosen, this, &TranscriptView::exampleChosen);
    connect(m_actions, &MessageActions::triggered, this, [this](MessageActions::Action action) {
        if (m_actionsRow >= 0) act(m_actionsRow, action);
    });
    connect(&m_finder, &TranscriptFinder::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&m_finder, &TranscriptFinder::currentMoved, this, &TranscriptView::showFound);
    setTheme(Theme::make(Theme::Scheme::Light));
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setModel(ConversationModel* model) {
    if (m_model) m_model->disconnect(this);
    m_model = model;
    m_flow.setModel(nullptr);
    if (model) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &TranscriptView::onRowsInserted);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &TranscriptView::onRowsRemoved);
        connect(model, &QAbstractItemModel::dataChanged, this, &TranscriptView::onDataChanged);
        connect(model, &QAbstractItemModel::modelReset, this, &TranscriptView::onReset);
    }
    onReset();
    m_finder.setModel(model);
}

void TranscriptView::setTheme(const Theme& theme) {
    m_theme = theme;
    m_actions->setTheme(&m_theme);
    m_toEnd->setTheme(&m_theme);
    m_greeting->setTheme(&m_theme);
    QPalette colours = m_theme.palette();
    colours.setColor(QPalette::Base, m_theme.window);
    viewport()->setPalette(colours);
    verticalScrollBar()->setStyleSheet(scrollBarStyle(m_theme));
    applyMetrics(true);
}

void TranscriptView::setPersonaName(std::function<QString(const QString&)> name) {
    m_state.personaName = std::move(name);
    keepPlace([&] {
        for (int row = 0; row < m_flow.rowCount(); ++row) m_flow.changeRow(row);
    });
}

void TranscriptView::setGreeting(const QString& name,
                                 const QString& greeting,
                                 const QStringList& examples) {
    m_greeting->setContent(name, greeting, examples);
}

void TranscriptView::setAnswering(bool isAnswering) {
    if (m_isAnswering == isAnswering) return;
    m_isAnswering = isAnswering;
    const int before = rowOf(m_state.live);
    updateLive();
    keepPlace([&] {
        for (const int row : {before, rowOf(m_state.live)})
            if (row >= 0) m_flow.changeRow(row);
    });
    showActionsFor(m_actionsRow);
}

void TranscriptView::setProgress(const QString& text) {
    if (m_state.progress == text) return;
    m_state.progress = text;
    if (const int row = rowOf(m_state.live); row >= 0) changeRow(row);
}

void TranscriptView::setKeptNotes(const QSet<NoteId>& notes) {
    if (m_state.notes == notes) return;
    m_state.notes = notes;
    keepPlace([&] {
        for (int row = 0; row < m_flow.rowCount(); ++row) {
            const std::vector<Part>& parts = m_model->messageAt(row).parts;
            if (std::any_of(parts.begin(), parts.end(),
                            [](const Part& part) { return keptNote(part) != 0; }))
                m_flow.changeRow(row);
        }
    });
}

void TranscriptView::setSummaryOffer(bool canReadEverything, bool isRewriting) {
    if (m_state.canReadEverything == canReadEverything && m_state.isRewriting == isRewriting)
        return;
    m_state.canReadEverything = canReadEverything;
    m_state.isRewriting = isRewriting;
    // A button that is gone has no focus.
    if (m_focused.kind == TranscriptTarget::Kind::SummaryAction) m_focused.link = 0;
    if (const int row = rowOf(m_state.summaryAbove); row >= 0) changeRow(row);
}

MessageId TranscriptView::summarisedMessage() const {
    const int row = rowOf(m_state.summaryAbove);
    return row > 0 ? m_model->messageAt(row - 1).id : 0;
}

/// The last summary of the shown branch counts; it stands above the message that follows it.
void TranscriptView::updateSummary() {
    MessageId above = 0;
    BranchSummary summary;
    for (int row = m_model ? m_model->rowCount() - 2 : -1; row >= 0 && above == 0; --row) {
        const ChatMessage& message = m_model->messageAt(row);
        if (!message.summary) continue;
        above = m_model->messageAt(row + 1).id;
        summary = *message.summary;
    }
    if (m_state.summaryAbove == above && m_state.summary == summary) return;
    const MessageId before = std::exchange(m_state.summaryAbove, above);
    m_state.summary = std::move(summary);
    if (m_state.opened.take({before, kSummaryPart}) && before == above)
        m_state.opened.insert({above, kSummaryPart}, true);
    keepPlace([&] {
        for (const MessageId id : {before, above}) {
            const int row = rowOf(id);
            if (row >= 0 && row < m_flow.rowCount()) m_flow.changeRow(row);
        }
    });
}

void TranscriptView::setCard(MessageId message, int part, QWidget* card) {
    const TranscriptState::PartKey key(message, part);
    const QPointer<QWidget> before = m_cards.take(key);
    if (before && before != card) {
        const bool hadFocus = before->isAncestorOf(QWidget::focusWidget()) || before->hasFocus();
        before->removeEventFilter(this);
        before->hide();
        if (hadFocus) setFocus();
    }
    if (card) {
        m_cards.insert(key, card);
        card->setParent(viewport());
        card->installEventFilter(this);
        m_state.cards.insert(key, 0);
        measureCard(message, part, m_flow.metrics().column);
        card->show();
    } else {
        m_state.cards.remove(key);
    }
    if (const int row = rowOf(message); row >= 0) changeRow(row);
}

void TranscriptView::measureCard(MessageId message, int part, int column) {
    const TranscriptState::PartKey key(message, part);
    QWidget* card = m_cards.value(key);
    if (!card) return;
    card->ensurePolished();
    const int height =
        card->hasHeightForWidth() ? card->heightForWidth(column) : card->sizeHint().height();
    m_state.cards[key] = std::max(height, 0);
}

void TranscriptView::onRowsInserted(const QModelIndex&, int first, int last) {
    updateLive();
    keepPlace([&] {
        m_flow.insertRows(first, last);
        if (first > 0) m_flow.changeRow(first - 1);
    });
    updateSummary();
}

void TranscriptView::onRowsRemoved(const QModelIndex&, int first, int last) {
    m_selection.cutAtRow(first);
    if (m_focused.row >= first) m_focused = {};
    showActionsFor(-1);
    updateLive();
    keepPlace([&] { m_flow.removeRows(first, last); });
    updateSummary();
}

void TranscriptView::onDataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight) {
    updateLive();
    keepPlace([&] {
        for (int row = topLeft.row(); row <= bottomRight.row(); ++row) m_flow.changeRow(row);
    });
    updateSummary();
}

void TranscriptView::onReset() {
    m_selection.clear();
    m_focused = m_hovered = m_pressed = m_copied = {};
    m_state.opened.clear();
    m_state.openedByFind.clear();
    m_state.thinkingSince.clear();
    showActionsFor(-1);
    updateLive();
    m_flow.setModel(m_model);
    m_isFollowing = true;
    m_state.summaryAbove = 0;
    updateSummary();
    settle({.isEnd = true});
}

void TranscriptView::updateLive() {
    m_state.now = m_clock.elapsed();
    m_state.live = 0;
    bool isThinking = false;
    if (m_isAnswering && m_model && m_model->rowCount() > 0) {
        const ChatMessage& last = m_model->messageAt(m_model->rowCount() - 1);
        if (last.role == Role::Assistant) {
            m_state.live = last.id;
            isThinking = !last.parts.empty() && last.parts.back().kind == Part::Kind::Thinking;
            const TranscriptState::PartKey key(last.id, static_cast<int>(last.parts.size()) - 1);
            if (isThinking && !m_state.thinkingSince.contains(key))
                m_state.thinkingSince.insert(key, m_state.now);
        }
    }
    if (isThinking != m_second.isActive()) isThinking ? m_second.start() : m_second.stop();
}

void TranscriptView::tickThinking() {
    m_state.now = m_clock.elapsed();
    if (const int row = rowOf(m_state.live); row >= 0) changeRow(row);
}

int TranscriptView::rowOf(MessageId id) const {
    return m_model && id != 0 ? m_model->rowOf(id) : -1;
}

void TranscriptView::changeRow(int row) {
    keepPlace([&] { m_flow.changeRow(row); });
}

TranscriptFlow::Anchor TranscriptView::topAnchor() const {
    if (m_isFollowing) return {.isEnd = true};
    return m_flow.anchorAt(m_top);
}

void TranscriptView::keepPlace(const std::function<void()>& change) {
    const TranscriptFlow::Anchor anchor = topAnchor();
    change();
    settle(anchor);
}

void TranscriptView::applyMetrics(bool isNewTheme) {
    const TranscriptFlow::Anchor anchor = topAnchor();
    const int room = viewport()->width() - 2 * m_theme.scaled(24);
    const int column =
        std::max(m_theme.scaled(200), std::min(room, m_theme.scaled(Theme::kReadingColumn)));
    const bool isSame = m_flow.metrics().column == column && m_flow.metrics().theme;
    if (!isSame || isNewTheme) m_flow.setMetrics({.column = column, .theme = &m_theme});
    // A card's height is part of its row's content, which new metrics alone do not read again.
    for (const auto& key : m_cards.keys()) {
        const int before = m_state.cards.value(key);
        measureCard(key.first, key.second, column);
        const int row = rowOf(key.first);
        if (row >= 0 && m_state.cards.value(key) != before) m_flow.changeRow(row);
    }
    settle(anchor);
}

void TranscriptView::settle(const TranscriptFlow::Anchor& anchor) {
    if (m_isSettling) return;
    m_isSettling = true;
    const int viewHeight = viewport()->height();
    m_top = m_flow.settle(anchor, viewHeight);
    QScrollBar* bar = verticalScrollBar();
    bar->setRange(0, std::max(0, m_flow.height() - viewHeight));
    bar->setPageStep(viewHeight);
    bar->setSingleStep(m_theme.scaled(40));
    bar->setValue(m_top);
    m_isSettling = false;
    placeChildren();
    viewport()->update();
}

bool TranscriptView::isAtEnd() const {
    return m_top >= verticalScrollBar()->maximum() - 2;
}

void TranscriptView::scrollToEnd() {
    m_wheelRest = 0;
    m_isFollowing = true;
    settle({.isEnd = true});
}

void TranscriptView::scrollToMessage(MessageId message) {
    const int row = rowOf(message);
    if (row < 0) return;
    m_wheelRest = 0;
    m_isFollowing = false;
    settle({.row = row, .piece = 0, .offset = m_theme.scaled(Theme::kBetweenTurns)});
    m_isFollowing = isAtEnd();
}

int TranscriptView::columnLeft() const {
    return (viewport()->width() - m_flow.metrics().column) / 2;
}

QRect TranscriptView::columnRect() const {
    return {columnLeft(), 0, m_flow.metrics().column, viewport()->height()};
}

QRect TranscriptView::rowRect(int row) const {
    if (row < 0 || row >= m_flow.rowCount()) return {};
    const auto& found = m_flow.row(row);
    return {columnLeft(), found.top - m_top, m_flow.metrics().column, found.height};
}

void TranscriptView::placeChildren() {
    const QRect view = viewport()->rect();
    m_greeting->setGeometry(view);
    m_greeting->setVisible(m_flow.rowCount() == 0);
    const int side = m_toEnd->sizeHint().width();
    m_toEnd->setGeometry((view.width() - side) / 2, view.bottom() - side - m_theme.scaled(12), side,
                         side);
    const bool wasAway = m_toEnd->isVisibleTo(viewport());
    const bool isAway = !isAtEnd() && m_flow.rowCount() > 0;
    m_toEnd->setVisible(isAway);
    if (isAway) m_toEnd->raise();
    if (wasAway != isAway) emit atEndChanged(!isAway);
    placeCards();
    if (m_actionsRow >= 0) showActionsFor(m_actionsRow);
}

void TranscriptView::placeCards() {
    for (auto card = m_cards.constBegin(); card != m_cards.constEnd(); ++card) {
        if (!card.value()) continue;
        const int index = rowOf(card.key().first);
        if (index < 0) {
            card.value()->hide();
            continue;
        }
        const TranscriptFlow::Row& row = m_flow.parsedRow(index);
        for (const Piece& piece : row.layout.pieces()) {
            if (piece.kind != Piece::Kind::Card ||
                row.layout.blocks()[piece.block].part != card.key().second)
                continue;
            card.value()->setGeometry(columnLeft() + piece.left, row.top + piece.top - m_top,
                                      piece.width, piece.height);
            card.value()->show();
        }
    }
}

void TranscriptView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.window);
    if (m_flow.rowCount() == 0) return;
    RowPainter::Look look;
    look.selection = m_selection.range();
    look.hovered = m_hovered;
    look.copied = m_copied;
    if (hasFocus()) look.focused = m_focused;
    const int left = columnLeft();
    const QRect clip = event->rect();
    for (int i = m_flow.rowAt(m_top + clip.top()); i < m_flow.rowCount(); ++i) {
        const TranscriptFlow::Row& row = m_flow.row(i);
        if (row.top - m_top > clip.bottom()) break;
        look.isLive = row.id == m_state.live;
        look.found = foundToPaint(i);
        RowPainter(painter, m_flow.metrics(), look)
            .paint(row.layout, i, QPoint(left, row.top - m_top), clip);
    }
}

void TranscriptView::resizeEvent(QResizeEvent*) {
    applyMetrics(false);
}

}  // namespace lares::app

#include "moc_transcript_view.cpp"
