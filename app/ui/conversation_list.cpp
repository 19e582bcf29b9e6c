#include "app/ui/conversation_list.h"

#include "app/chat/conversation_list_model.h"
#include "app/chat/message_finder.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/conversation_delegate.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/conversation_view.h"
#include "app/ui/painting.h"
#include "app/ui/search_field.h"
#include "app/ui/window_commands.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <utility>

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
    , m_rows(new ConversationRows(model, this))
    , m_delegate(new ConversationDelegate(appearance, this))
    , m_search(new SearchField(appearance, this))
    , m_new(new Button(appearance, Button::Kind::Row, tr("New conversation"), this))
    , m_newTemporary(new Button(appearance, Button::Kind::Small, {}, this))
    , m_view(new ConversationView(m_rows, m_delegate, this))
    , m_empty(new QLabel(this))
    , m_models(new Button(appearance, Button::Kind::Quiet, tr("Models"), this))
    , m_settings(new Button(appearance, Button::Kind::Quiet, tr("Settings"), this)) {
    m_new->setSymbol(Icon::Plus);
    m_new->setToolTip(keysOf(WindowCommand::NewConversation));
    m_newTemporary->setSymbol(Icon::Temporary);
    m_newTemporary->setAccessibleName(tr("New temporary conversation"));
    m_newTemporary->setToolTip(tr("New temporary conversation: nothing of it is kept (%1)")
                                   .arg(keysOf(WindowCommand::NewTemporaryConversation)));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search titles and messages"));

    layOut();
    applyTheme();
    showEmptyNote();

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPause);
    connect(&m_typing, &QTimer::timeout, this, [this] { m_finder->search(m_search->text()); });
    connect(m_search, &SearchField::textChanged, this, &ConversationList::search);
    connect(m_finder, &MessageFinder::changed, this, [this] {
        m_rows->setFound(m_finder->found());
        showEmptyNote();
    });
    connect(m_new, &Button::clicked, this, &ConversationList::newRequested);
    connect(m_newTemporary, &Button::clicked, this, &ConversationList::newTemporaryRequested);
    connect(m_models, &Button::clicked, this, &ConversationList::modelsRequested);
    connect(m_settings, &Button::clicked, this, &ConversationList::settingsRequested);
    connect(m_view, &ConversationView::opened, this, &ConversationList::openIndex);
    connect(m_view, &QListView::customContextMenuRequested, this, &ConversationList::showMenu);
    connect(m_rows, &ConversationRows::renameRequested, this, &ConversationList::renameRequested);
    connect(m_rows, &ConversationRows::moveRequested, this, &ConversationList::moveRequested);
    // Queued: the editor closes before its row goes.
    connect(
        m_rows, &ConversationRows::folderRenameRequested, this,
        [this](const QString& from, const QString& to) {
            emit folderRenameRequested(from, to);
            // It stands elsewhere now: the keys go on there.
            if (const int row = m_rows->rowOf(to); row >= 0)
                m_view->setCurrentIndex(m_rows->index(row));
        },
        Qt::QueuedConnection);
    connect(m_rows, &ConversationRows::foldedChanged, this, &ConversationList::foldedChanged);
    // A row that gains or loses its group's heading changes its height.
    m_layout.setSingleShot(true);
    m_layout.setInterval(0);
    connect(&m_layout, &QTimer::timeout, m_view, &QListView::doItemsLayout);
    const auto layoutAgain = [this] {
        m_layout.start();
        showEmptyNote();
    };
    connect(m_rows, &QAbstractItemModel::rowsInserted, this, layoutAgain);
    connect(m_rows, &QAbstractItemModel::rowsRemoved, this, layoutAgain);
    connect(m_rows, &QAbstractItemModel::dataChanged, this, layoutAgain);
    connect(m_rows, &QAbstractItemModel::layoutChanged, this, layoutAgain);
    connect(appearance, &Appearance::changed, this, &ConversationList::applyTheme);
}

void ConversationList::layOut() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 12, 10, 8);
    column->setSpacing(0);
    column->addWidget(m_search);
    column->addSpacing(8);
    auto* begin = new QHBoxLayout;
    begin->setSpacing(0);
    begin->addWidget(m_new, 1);
    begin->addWidget(m_newTemporary);
    column->addLayout(begin);
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
    m_empty->setVisible(m_rows->rowCount() == 0);
}

void ConversationList::search() {
    const QString text = m_search->text().simplified();
    m_rows->setWords(text);  // titles at once
    if (text.isEmpty()) {
        m_typing.stop();
        m_finder->search({});
    } else {
        m_typing.start();
    }
    showEmptyNote();
}

void ConversationList::setShown(ConversationId id) {
    const bool isOther = std::exchange(m_shown, id) != id;
    const int source = m_model->rowOf(id);
    const QString folder = source < 0 ? QString() : m_model->at(source).folder;
    m_delegate->setShown(id, folder);
    int row = m_rows->rowOf(id);
    if (row < 0 && !folder.isEmpty()) row = m_rows->rowOf(folder);  // it is folded in there
    // Whoever went elsewhere with the keys stays there, whatever happens to the one that is shown.
    const QModelIndex current = m_view->currentIndex();
    if (isOther || !current.isValid()) m_view->setCurrentIndex(m_rows->index(row));
    if (row >= 0 && m_view->currentIndex().row() == row) m_view->scrollTo(m_rows->index(row));
    m_view->viewport()->update();
}

void ConversationList::setFolded(const QSet<QString>& folders) {
    m_rows->setFolded(folders);
    m_view->setCurrentIndex({});
    setShown(m_shown);
}

QListView* ConversationList::view() const {
    return m_view;
}

const QSet<QString>& ConversationList::folded() const {
    return m_rows->folded();
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
    const int count = m_rows->rowCount();
    int row = m_rows->rowOf(m_shown);
    if (row < 0) row = step > 0 ? -1 : count;
    for (int tried = 0; tried < count; ++tried) {
        row = (row + step + count) % count;
        if (const ConversationId id = idOf(m_rows->index(row)); id != 0) return id;
    }
    return 0;
}

void ConversationList::openIndex(const QModelIndex& index) {
    if (!index.isValid()) return;
    if (index.data(ConversationRows::IsFolderRole).toBool())
        return m_rows->setFolded(m_rows->folderAt(index),
                                 !index.data(ConversationRows::IsFoldedRole).toBool());
    const MessageId message = index.data(ConversationRows::MessageRole).toLongLong();
    if (message != 0) {
        emit messageRequested(idOf(index), message, m_search->text().simplified());
    } else {
        emit openRequested(idOf(index));
    }
}

void ConversationList::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.sidebar);
    paintRule(painter, QRectF(10, m_models->y() - 9, width() - 20, 2), theme.hairline);
}

}  // namespace lares::app
