#include "app/ui/conversation_list.h"

#include "app/chat/conversation_list_model.h"
#include "app/chat/message_finder.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/conversation_delegate.h"
#include "app/ui/conversation_filter.h"
#include "app/ui/painting.h"
#include "app/ui/search_field.h"
#include "app/ui/window_commands.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kTypingPause = 200;

ConversationId idOf(const QModelIndex& index) {
    return index.data(ConversationListModel::IdRole).toLongLong();
}

}  // namespace

ConversationList::ConversationList(const Appearance* appearance,
                                   ConversationListModel* model,
                                   MessageFinder* finder,
                                   QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_model(model)
    , m_finder(finder)
    , m_filter(new ConversationFilter(this))
    , m_delegate(new ConversationDelegate(appearance, this))
    , m_search(new SearchField(appearance, this))
    , m_new(new Button(appearance, Button::Kind::Row, tr("New conversation"), this))
    , m_view(new QListView(this))
    , m_empty(new QLabel(this))
    , m_models(new Button(appearance, Button::Kind::Quiet, tr("Models"), this))
    , m_settings(new Button(appearance, Button::Kind::Quiet, tr("Settings"), this)) {
    m_filter->setSourceModel(model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_new->setSymbol(Icon::Plus);
    m_new->setToolTip(keysOf(WindowCommand::NewConversation));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search titles and messages"));

    m_view->setModel(m_filter);
    m_view->setItemDelegate(m_delegate);
    m_view->setAccessibleName(tr("Conversations"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_view->setEditTriggers(QListView::EditKeyPressed);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->installEventFilter(this);
    layOut();
    applyTheme();
    showEmptyNote();

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPause);
    connect(&m_typing, &QTimer::timeout, this, [this] { m_finder->search(m_search->text()); });
    connect(m_search, &SearchField::textChanged, this, &ConversationList::search);
    connect(m_finder, &MessageFinder::changed, this, [this] {
        m_filter->setFound(m_finder->found());
        showEmptyNote();
    });
    connect(m_new, &Button::clicked, this, &ConversationList::newRequested);
    connect(m_models, &Button::clicked, this, &ConversationList::modelsRequested);
    connect(m_settings, &Button::clicked, this, &ConversationList::settingsRequested);
    connect(m_view, &QListView::clicked, this, &ConversationList::openIndex);
    connect(m_view, &QListView::customContextMenuRequested, this, &ConversationList::showMenu);
    connect(m_filter, &ConversationFilter::renameRequested, this,
            &ConversationList::renameRequested);
    // A row that gains or loses its group's heading changes its height.
    const auto layoutAgain = [this] {
        QMetaObject::invokeMethod(m_view, &QListView::doItemsLayout, Qt::QueuedConnection);
        showEmptyNote();
    };
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, layoutAgain);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, layoutAgain);
    connect(m_filter, &QAbstractItemModel::rowsMoved, this, layoutAgain);
    connect(m_filter, &QAbstractItemModel::dataChanged, this, layoutAgain);
    connect(m_filter, &QAbstractItemModel::modelReset, this, layoutAgain);
    connect(m_filter, &QAbstractItemModel::layoutChanged, this, layoutAgain);
    connect(appearance, &Appearance::changed, this, &ConversationList::applyTheme);
}

void ConversationList::layOut() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 12, 10, 8);
    column->setSpacing(0);
    column->addWidget(m_search);
    column->addSpacing(8);
    column->addWidget(m_new);
    column->addWidget(m_empty);
    column->addWidget(m_view, 1);
    auto* links = new QHBoxLayout;
    links->setContentsMargins(0, 8, 0, 0);
    links->setSpacing(4);
    links->addWidget(m_models);
    links->addWidget(m_settings);
    links->addStretch();
    column->addLayout(links);
}

void ConversationList::applyTheme() {
    const Theme& theme = m_appearance->theme();
    m_empty->setFont(theme.secondaryFont);
    m_empty->setContentsMargins(theme.scaled(10), theme.scaled(12), theme.scaled(10), 0);
    m_empty->setWordWrap(true);
    QPalette palette = m_empty->palette();
    palette.setColor(QPalette::WindowText, theme.secondaryText);
    m_empty->setPalette(palette);
    m_view->doItemsLayout();
    update();
}

void ConversationList::showEmptyNote() {
    const bool isSearch = !m_search->text().isEmpty();
    const bool isLooking = isSearch && (m_typing.isActive() || m_finder->isSearching());
    m_empty->setText(isLooking  ? tr("Searching…")
                     : isSearch ? tr("Nothing here holds “%1”.").arg(m_search->text())
                                : tr("Conversations appear here."));
    m_empty->setVisible(m_filter->rowCount() == 0);
}

void ConversationList::search() {
    const QString text = m_search->text().simplified();
    m_filter->setFilterFixedString(text);  // titles at once
    if (text.isEmpty()) {
        m_typing.stop();
        m_finder->search({});
    } else {
        m_typing.start();
    }
    showEmptyNote();
}

void ConversationList::setShown(ConversationId id) {
    m_shown = id;
    m_delegate->setShown(id);
    const int row = m_model->rowOf(id);
    const QModelIndex index =
        row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row));
    if (index.isValid()) {
        m_view->setCurrentIndex(index);
        m_view->scrollTo(index);
    } else {
        m_view->setCurrentIndex({});
    }
    m_view->viewport()->update();
}

bool ConversationList::renameFocused() {
    if (!m_view->hasFocus() || !m_view->currentIndex().isValid()) return false;
    m_view->edit(m_view->currentIndex());
    return true;
}

void ConversationList::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

ConversationId ConversationList::neighbourOfShown(int step) const {
    const int count = m_model->rowCount();
    if (count == 0) return 0;
    const int row = m_model->rowOf(m_shown);
    const int next = row < 0 ? 0 : (row + step + count) % count;
    return m_model->at(next).id;
}

void ConversationList::openIndex(const QModelIndex& index) {
    if (!index.isValid()) return;
    const MessageId message = index.data(ConversationFilter::kMessageRole).toLongLong();
    if (message != 0) {
        emit messageRequested(idOf(index), message, m_search->text().simplified());
    } else {
        emit openRequested(idOf(index));
    }
}

void ConversationList::showMenu(const QPoint& at) {
    QModelIndex index = m_view->indexAt(at);
    if (!index.isValid()) index = m_view->currentIndex();
    if (!index.isValid()) return;
    const ConversationId id = idOf(index);
    const QPersistentModelIndex kept = index;
    const int row = m_model->rowOf(id);
    if (row < 0) return;
    const bool isPinned = m_model->at(row).isPinned;

    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_appearance->theme().secondaryFont);
    menu->addAction(tr("Rename") + u'\t' + keysOf(WindowCommand::RenameConversation), this,
                    [this, kept] {
                        m_view->setCurrentIndex(kept);
                        m_view->edit(kept);
                    });
    menu->addAction(isPinned ? tr("Unpin") : tr("Pin"), this,
                    [this, id, isPinned] { emit pinRequested(id, !isPinned); });
    menu->addSeparator();
    menu->addAction(tr("Delete"), this, [this, id] { emit deleteRequested(id); });
    const QRect place = m_delegate->rowRect(m_view->visualRect(index), index);
    const bool isOnRow = place.contains(at);
    menu->popup(m_view->viewport()->mapToGlobal(isOnRow ? at : place.center()));
}

void ConversationList::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.sidebar);
    paintRule(painter, QRectF(10, m_models->y() - 9, width() - 20, 2), theme.hairline);
}

bool ConversationList::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            openIndex(m_view->currentIndex());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lares::app
