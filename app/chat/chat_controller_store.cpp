// What is said to the store beside messages, and what it says.
#include "app/chat/chat_controller_impl.h"

#include <utility>

namespace lares::app {

QString ChatController::unsavedBecause() const {
    // What failed and is not tried again was said where it was done.
    const bool isAny = m_impl->store && (m_impl->store->isBehind() || !m_impl->saver.isIdle());
    return isAny ? m_impl->writeProblem : QString();
}

void ChatController::Impl::connectStore() {
    if (!store) return;
    connect(store, &ConversationStore::writeFailed, &controller, [this](const QString& sentence) {
        writeProblem = sentence;
        emit controller.problem(sentence, sentence);
    });
    connect(store, &ConversationStore::writesAgain, &controller, [this] { writeAgain(); });
    connect(store, &ConversationStore::databaseReplaced, &controller,
            [this](const QString& sentence) { emit controller.problem(sentence, sentence); });
}

/// The disk has room again, or is there again.
void ChatController::Impl::writeAgain() {
    saver.flush();
    // One that was brought back meanwhile was in the trash until now, and so is in no list.
    readList({});
    emit controller.problemSolved(std::exchange(writeProblem, {}));
}

void ChatController::Impl::saveInfo(const ConversationInfo& info) {
    const int row = list.rowOf(info.id);
    ConversationInfo saved = info;
    // A list that has not heard of the newest message, or a model that is still empty, must not say
    // where the conversation ends.
    if (row >= 0) saved.activeLeaf = list.at(row).activeLeaf;
    const bool isLoading = isShownLoading && shown->info().id == info.id;
    for (const auto& model : modelsOf(info.id)) {
        model->setInfo(info);
        if (!isLoading) saved.activeLeaf = model->activeLeaf();
    }
    if (row < 0) return;
    list.put(saved);
    if (store) store->save(saved);
}

void ChatController::Impl::readList(std::function<void()> then) {
    store->conversations().then(&controller,
                                [this, number = ++nListAsked, then = std::move(then)](
                                    const Result<std::vector<ConversationInfo>>& conversations) {
                                    if (conversations) listMissing(*conversations, number);
                                    if (then) then();
                                });
}

void ChatController::Impl::listMissing(const std::vector<ConversationInfo>& stored, int number) {
    // What is listed is newer than what the store was asked for some time ago, and so is what was
    // brought back since.
    std::vector<ConversationInfo> all;
    for (const ConversationInfo& info : stored) {
        if (list.rowOf(info.id) < 0 && !trashed.contains(info.id) &&
            restored.value(info.id) < number)
            all.push_back(info);
    }
    constexpr std::size_t kOneByOne = 8;
    if (all.size() <= kOneByOne) {
        for (const ConversationInfo& info : all) list.put(info);
        return;
    }
    for (int row = 0; row < list.rowCount(); ++row) all.push_back(list.at(row));
    list.setConversations(std::move(all));
}

}  // namespace lares::app
