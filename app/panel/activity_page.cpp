#include "app/panel/activity_page.h"

#include "app/chat/call_changes.h"
#include "app/chat/conversation_model.h"
#include "app/panel/activity_delegate.h"
#include "app/panel/activity_model.h"
#include "app/panel/code_box.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/page.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kActivitySide = 16;
constexpr double kDetailsShare = 0.6;  // of the page, at most

}  // namespace

ActivityPage::ActivityPage(const Appearance* appearance,
                           ChatController* controller,
                           QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_model(new ActivityModel(this))
    , m_list(new QListView(this))
    , m_empty(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_scroll(new QScrollArea(this))
    , m_details(new QWidget)
    , m_column(new QVBoxLayout(m_details)) {
    layOut();
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    const auto showMessage = [this](const QModelIndex& index) {
        if (index.isValid()) emit messageRequested(m_model->at(index.row()).message);
    };
    connect(m_list, &QListView::clicked, this, showMessage);
    connect(m_list, &QListView::activated, this, showMessage);
    connect(m_model, &ActivityModel::modelReset, this, &ActivityPage::chosenChanged);
    connect(m_model, &ActivityModel::rowsInserted, this, [this] {
        showEmptiness();
        const QScrollBar* bar = m_list->verticalScrollBar();
        if (!m_chosen && bar->value() == bar->maximum()) m_list->scrollToBottom();
    });
    connect(m_model, &ActivityModel::dataChanged, this, [this](const QModelIndex& index) {
        if (m_chosen && m_model->at(index.row()).key() == *m_chosen) showDetails();
    });
    connect(controller, &ChatController::conversationChanged, this,
            &ActivityPage::followConversation);
    connect(controller, &ChatController::answeringChanged, this, &ActivityPage::showDetails);
    connect(appearance, &Appearance::changed, this, [this] { m_list->doItemsLayout(); });
    followConversation();
}

void ActivityPage::layOut() {
    m_list->setAccessibleName(tr("What the tools did"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ActivityDelegate(m_appearance, this));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTabKeyNavigation(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMinimumHeight(60);
    m_empty->setContentsMargins(kActivitySide, 8, kActivitySide, 8);
    m_empty->setAlignment(Qt::AlignTop);
    m_scroll->setAccessibleName(tr("About the chosen call"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_details);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_details->setAutoFillBackground(false);
    m_column->setContentsMargins(kActivitySide - kFocusRingRoom, 12, kActivitySide - kFocusRingRoom,
                                 16);
    m_column->setSpacing(4);
    m_scroll->hide();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(0);
    addFilters();
    auto* list = new QVBoxLayout;
    list->setContentsMargins(8, 8, 4, 4);
    list->addWidget(m_list);
    column->addLayout(list, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_scroll);
}

void ActivityPage::addFilters() {
    auto* row = new QWidget(this);
    auto* flow = new FlowLayout(2);
    auto* around = new QVBoxLayout(row);
    around->setContentsMargins(kActivitySide - kFocusRingRoom, 4, kActivitySide, 0);
    around->addLayout(flow);
    const QString names[] = {tr("All"), tr("Changes"), tr("Refused")};
    const QString spoken[] = {tr("Show all tool calls"), tr("Show what changed files"),
                              tr("Show what was not allowed")};
    for (std::size_t i = 0; i < m_filters.size(); ++i) {
        auto* button = new Button(m_appearance, Button::Kind::Chip, names[i], row);
        button->setCheckable(true);
        button->setAccessibleName(spoken[i]);
        flow->addWidget(button);
        m_filters[i] = button;
        connect(button, &Button::clicked, this,
                [this, i] { setFilter(static_cast<ActivityModel::Filter>(i)); });
    }
    m_filters[0]->setChecked(true);
    static_cast<QVBoxLayout*>(layout())->addWidget(row);
}

void ActivityPage::setFilter(ActivityModel::Filter filter) {
    // No group of Qt's: in one, Tab reaches only what is checked.
    for (std::size_t i = 0; i < m_filters.size(); ++i)
        m_filters[i]->setChecked(i == static_cast<std::size_t>(filter));
    m_model->setFilter(filter);
    chosenChanged();
}

void ActivityPage::followConversation() {
    m_chosen.reset();
    // Unseen it costs nothing, however long the conversation is.
    m_model->setConversation(isVisible() ? m_controller->conversation() : nullptr);
    chosenChanged();
    m_list->scrollToBottom();
}

void ActivityPage::choose(int row) {
    m_chosen.reset();
    if (row >= 0 && row < m_model->rowCount()) m_chosen = m_model->at(row).key();
    showDetails();
}

/// Rows are others than before: the chosen call is looked for again.
void ActivityPage::chosenChanged() {
    const auto chosen = m_chosen;
    int at = -1;
    for (int row = 0; chosen && row < m_model->rowCount(); ++row) {
        if (m_model->at(row).key() == *chosen) at = row;
    }
    m_list->setCurrentIndex(at < 0 ? QModelIndex() : m_model->index(at));
    if (at < 0) m_chosen.reset();
    showDetails();
    showEmptiness();
}

void ActivityPage::showEmptiness() {
    const bool isEmpty = m_model->rowCount() == 0;
    m_list->setVisible(!isEmpty);
    m_empty->setVisible(isEmpty);
    switch (m_model->filter()) {
        case ActivityModel::Filter::All:
            m_empty->setText(
                tr("No tool was used in this conversation. When the model asks for one, what it "
                   "asked for, who allowed it and what came of it stand here."));
            break;
        case ActivityModel::Filter::Changes:
            m_empty->setText(tr("Nothing was changed on your disk in this conversation."));
            break;
        case ActivityModel::Filter::Refused:
            m_empty->setText(tr("Nothing was refused in this conversation."));
            break;
    }
}

void ActivityPage::showDetails() {
    const bool hadFocus = m_details->isAncestorOf(window()->focusWidget());
    const int place = m_scroll->verticalScrollBar()->value();
    clearLayout(m_column);
    const ChatMessage* message =
        m_chosen ? m_controller->conversation()->find(m_chosen->first) : nullptr;
    const bool isThere = message && m_chosen->second < message->parts.size() &&
                         message->parts[m_chosen->second].kind == Part::Kind::ToolCall;
    m_scroll->setVisible(isThere);
    if (!isThere) return;
    addDetails(*message, m_chosen->second);
    m_column->addStretch(1);
    m_scroll->verticalScrollBar()->setValue(place);
    if (hadFocus) m_list->setFocus();  // what had it is gone
    update();
}

void ActivityPage::addText(const QString& text, bool isCaption) {
    auto* label = new TextLabel(m_appearance,
                                isCaption ? TextLabel::Kind::Caption : TextLabel::Kind::Secondary,
                                text, m_details);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_column->addWidget(label);
}

void ActivityPage::addCode(const QString& name, const QString& text) {
    m_column->addSpacing(4);
    addText(name, true);
    m_column->addWidget(new CodeBox(m_appearance, name, text, m_details));
}

void ActivityPage::addDetails(const ChatMessage& message, std::size_t part) {
    const ActivityDetails details = detailsOf(message, part);
    if (!details.tool.isEmpty()) addText(tr("Tool: %1").arg(details.tool), false);
    if (!details.allowed.isEmpty()) addText(details.allowed, false);
    if (!details.change.isEmpty()) addText(tr("On the disk: %1").arg(details.change), false);
    if (details.nUndoable > 0 && !m_controller->isAnswering()) {
        // As everywhere: what an answer changed is one plan, and it is undone as a whole.
        auto* undo = new Button(m_appearance, Button::Kind::Plain,
                                tr("Undo %Ln change(s) of this answer", nullptr,
                                   static_cast<int>(undoableChanges(message).size())),
                                m_details);
        connect(undo, &Button::clicked, this,
                [this, id = message.id] { m_controller->undoChanges(id); });
        m_column->addWidget(undo, 0, Qt::AlignLeft);
    }
    addCode(tr("What the model asked for"), details.arguments);
    if (!details.paths.isEmpty()) addCode(tr("On your disk"), details.paths.join('\n'));
    if (!details.layers.isEmpty()) {
        m_column->addSpacing(4);
        addText(tr("Kept in its folders by"), true);
        addText(details.layers, false);
    }
    if (details.resultBytes < 0) return;
    m_column->addSpacing(4);
    auto* show = new Button(
        m_appearance, Button::Kind::Quiet,
        tr("Result for the model, %1")
            .arg(QLocale().formattedDataSize(details.resultBytes, 1, QLocale::DataSizeSIFormat)),
        m_details);
    show->setHasChevron(true);
    m_column->addWidget(show, 0, Qt::AlignLeft);
    auto* result = new CodeBox(m_appearance, tr("Result for the model"), details.result, m_details);
    result->hide();
    m_column->addWidget(result);
    connect(show, &Button::clicked, result, [result] { result->setVisible(result->isHidden()); });
}

void ActivityPage::resizeEvent(QResizeEvent* event) {
    m_scroll->setFixedHeight(static_cast<int>(height() * kDetailsShare));
    QWidget::resizeEvent(event);
}

void ActivityPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    const auto chosen = m_chosen;
    m_model->setConversation(m_controller->conversation());
    m_chosen = chosen;  // as it was when it was seen last
    chosenChanged();
    if (!m_chosen) m_list->scrollToBottom();
}

void ActivityPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    const auto chosen = m_chosen;
    m_model->setConversation(nullptr);
    m_chosen = chosen;
}

void ActivityPage::paintEvent(QPaintEvent*) {
    if (m_scroll->isHidden()) return;
    QPainter painter(this);
    paintRule(painter, QRectF(0, 0, width(), m_scroll->y()), m_appearance->theme().hairline);
}

}  // namespace lares::app
