// Folders of conversations: where each one is, and how that is taken back.
#include "app/chat/chat_controller_impl.h"
#include "app/chat/folder_name.h"
#include "app/transcript/visible_text.h"

#include <QHash>

namespace lares::app {
QStringList ChatController::folders() const {
    return m_impl->list.folders();
}

void ChatController::moveToFolder(ConversationId id, const QString& folder) {
    Impl& impl = *m_impl;
    const int row = impl.list.rowOf(id);
    if (row < 0 || impl.list.at(row).isTemporary) return;
    const QString before = impl.list.at(row).folder;
    const QString name = folderName(folder);
    if (before == name) return;
    impl.place({{id, name}});
    emit movedToFolders(name.isEmpty() ? tr("Moved out of “%1”").arg(visibleText(before))
                                       : tr("Moved to “%1”").arg(visibleText(name)),
                        {{id, before}});
}

void ChatController::renameFolder(const QString& from, const QString& to) {
    Impl& impl = *m_impl;
    const QString name = folderName(to);
    const std::vector<FolderPlace> before = impl.list.placesIn(from);
    if (name.isEmpty() || name == from || before.empty()) return;
    const bool isMerged = !impl.list.placesIn(name).empty();
    std::vector<FolderPlace> after = before;
    for (FolderPlace& place : after) place.folder = name;
    impl.place(after);
    // A new name can be seen; that two folders are one now has to be said.
    if (!isMerged) return;
    emit movedToFolders(tr("“%1” was there already: “%2” is part of it now")
                            .arg(visibleText(name), visibleText(from)),
                        before);
}

void ChatController::deleteFolder(const QString& folder) {
    Impl& impl = *m_impl;
    const std::vector<FolderPlace> before = impl.list.placesIn(folder);
    if (folder.isEmpty() || before.empty()) return;
    std::vector<FolderPlace> after = before;
    for (FolderPlace& place : after) place.folder.clear();
    impl.place(after);
    emit movedToFolders(tr("Deleted the folder “%1”, kept its %Ln conversation(s)", nullptr,
                           static_cast<int>(before.size()))
                            .arg(visibleText(folder)),
                        before);
}

void ChatController::placeInFolders(const std::vector<FolderPlace>& places) {
    m_impl->place(places);
}

void ChatController::newConversationIn(const QString& folder) {
    newConversation();
    ConversationInfo info = m_impl->shown->info();
    info.folder = folderName(folder);
    m_impl->shown->setInfo(info);
}

void ChatController::Impl::place(const std::vector<FolderPlace>& places) {
    for (const FolderPlace& place : places) {
        for (const auto& model : modelsOf(place.conversation)) {
            ConversationInfo info = model->info();
            info.folder = place.folder;
            model->setInfo(info);
        }
    }
    list.setFolders(places);
    if (store) store->setFolders(places);
}

}  // namespace lares::app
