// The menus of the list's rows.
#include "app/chat/conversation_list_model.h"
#include "app/chat/folder_name.h"
#include "app/transcript/visible_text.h"
#include "app/ui/appearance.h"
#include "app/ui/conversation_delegate.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/conversation_view.h"
#include "app/ui/window_commands.h"

#include <QMenu>

namespace lares::app {
namespace {

/// A name as a menu shows it: no character of it is a key.
QString menuText(const QString& name) {
    return visibleText(name).replace('&', "&&");
}

}  // namespace

void ConversationList::showMenu(const QPoint& at) {
    QModelIndex index = m_view->indexAt(at);
    if (!index.isValid()) index = m_view->currentIndex();
    if (!index.isValid()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_appearance->theme().secondaryFont);
    if (index.data(ConversationRows::IsFolderRole).toBool())
        fillFolderMenu(menu, m_rows->folderAt(index));
    else
        fillMenu(menu, index.data(ConversationListModel::IdRole).toLongLong());
    const QRect place = m_delegate->rowRect(m_view->visualRect(index), index);
    const bool isOnRow = place.contains(at);
    menu->popup(m_view->viewport()->mapToGlobal(isOnRow ? at : place.center()));
}

void ConversationList::fillMenu(QMenu* menu, ConversationId id) {
    const int row = m_model->rowOf(id);
    if (row < 0) return;
    const bool isPinned = m_model->at(row).isPinned;
    menu->addAction(tr("Rename") + u'\t' + keysOf(WindowCommand::RenameConversation), this,
                    [this, id] { edit(m_rows->rowOf(id)); });
    if (m_model->at(row).isTemporary) {
        menu->addAction(tr("Keep"), this, [this, id] { emit keepRequested(id); });
        menu->addAction(tr("Export…"), this, [this, id] { emit exportRequested(id); })
            ->setEnabled(!m_model->at(row).preview.isEmpty());
        menu->addSeparator();
        menu->addAction(tr("Throw away"), this, [this, id] { emit deleteRequested(id); });
        return;
    }
    menu->addAction(isPinned ? tr("Unpin") : tr("Pin"), this,
                    [this, id, isPinned] { emit pinRequested(id, !isPinned); });
    addFolders(menu->addMenu(tr("Move to folder")), id);
    menu->addSeparator();
    menu->addAction(tr("Export…"), this, [this, id] { emit exportRequested(id); });
    menu->addAction(tr("Print…"), this, [this, id] { emit printRequested(id); });
    menu->addAction(tr("Duplicate"), this, [this, id] { emit duplicateRequested(id); });
    menu->addSeparator();
    menu->addAction(tr("Delete"), this, [this, id] { emit deleteRequested(id); });
}

void ConversationList::addFolders(QMenu* menu, ConversationId id) {
    menu->setFont(m_appearance->theme().secondaryFont);
    const QString current = m_model->at(m_model->rowOf(id)).folder;
    const QStringList folders = m_model->folders();
    for (const QString& folder : folders) {
        QAction* action = menu->addAction(menuText(folder), this,
                                          [this, id, folder] { emit moveRequested(id, folder); });
        action->setEnabled(folder != current);
    }
    if (!folders.isEmpty()) menu->addSeparator();
    menu->addAction(tr("New folder…"), this, [this, id] {
        const QString folder = freshFolderName(m_model->folders());
        emit moveRequested(id, folder);
        edit(m_rows->rowOf(folder));  // its name is typed where it stands
    });
    if (!current.isEmpty())
        menu->addAction(tr("Out of the folder"), this, [this, id] { emit moveRequested(id, {}); });
}

void ConversationList::fillFolderMenu(QMenu* menu, const QString& folder) {
    const bool isFolded =
        m_rows->index(m_rows->rowOf(folder)).data(ConversationRows::IsFoldedRole).toBool();
    menu->addAction(tr("New conversation here"), this,
                    [this, folder] { emit newInFolderRequested(folder); });
    menu->addAction(isFolded ? tr("Unfold") : tr("Fold"), this,
                    [this, folder, isFolded] { m_rows->setFolded(folder, !isFolded); });
    menu->addAction(tr("Rename") + u'\t' + keysOf(WindowCommand::RenameConversation), this,
                    [this, folder] { edit(m_rows->rowOf(folder)); });
    menu->addSeparator();
    menu->addAction(tr("Delete folder, keep conversations"), this,
                    [this, folder] { emit folderDeleteRequested(folder); });
}

void ConversationList::edit(int row) {
    if (row < 0) return;
    m_view->doItemsLayout();  // an editor lies where the row is
    m_view->setCurrentIndex(m_rows->index(row));
    m_view->edit(m_rows->index(row));
}

}  // namespace lares::app
