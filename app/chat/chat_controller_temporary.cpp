// Conversations of which nothing stays. Their models are all that there is of them: whoever saves
// one says so to the store, which leaves it out.
#include "app/chat/chat_controller_impl.h"

#include <QPromise>

#include <utility>

namespace lares::app {

std::shared_ptr<ConversationModel> ChatController::Impl::temporaryModel(ConversationId id) const {
    for (const auto& model : temporary) {
        if (model->info().id == id) return model;
    }
    return nullptr;
}

bool ChatController::Impl::isEmpty(const ConversationModel& model) const {
    const ConversationInfo& info = model.info();
    return model.rowCount() == 0 && info.draft.trimmed().isEmpty() &&
           attached.value(info.id).empty();
}

std::vector<ConversationId> ChatController::temporaryConversations() const {
    std::vector<ConversationId> ids;
    for (const auto& model : m_impl->temporary) {
        if (!m_impl->isEmpty(*model)) ids.push_back(model->info().id);
    }
    return ids;
}

void ChatController::newTemporaryConversation() {
    Impl& impl = *m_impl;
    if (impl.shown->info().isTemporary && impl.isEmpty(*impl.shown)) return;  // it is one
    auto model = std::make_shared<ConversationModel>();
    ConversationInfo info = impl.newInfo();
    info.isTemporary = true;
    model->setMessages(info, {});
    impl.temporary.push_back(model);
    impl.list.put(info);
    impl.isShownLoading = false;
    impl.show(std::move(model), true);
    emit conversationLoaded();
}

QFuture<Result<void>> ChatController::keepConversation(ConversationId id) {
    Impl& impl = *m_impl;
    const std::shared_ptr<ConversationModel> model = impl.temporaryModel(id);
    if (!model) return QtFuture::makeReadyFuture(Result<void>());
    if (impl.isEmpty(*model)) {  // nothing to store: as a new one is
        ConversationInfo info = model->info();
        info.isTemporary = false;
        std::erase(impl.temporary, model);
        impl.list.remove(id);
        if (impl.shown == model) impl.isShownStored = false;
        model->setInfo(info);
        emit kept(id);
        return QtFuture::makeReadyFuture(Result<void>());
    }
    if (!impl.store) return QtFuture::makeReadyFuture(Result<void>(nothingKept()));
    ConversationContent content;
    content.info = model->info();
    content.info.isTemporary = false;
    content.info.activeLeaf = model->activeLeaf();
    content.messages = model->messages();
    content.draftAttachments = impl.attached.value(id);
    impl.beingKept.insert(id);
    auto done = std::make_shared<QPromise<Result<void>>>();
    done->start();
    impl.store
        ->insert(content.info, content.messages, content.draftAttachments,
                 ConversationStore::Known::Added)
        .then(this, [&impl, done, model, content](const Result<bool>& stored) {
            impl.beingKept.remove(content.info.id);
            if (stored && impl.temporaryModel(content.info.id)) impl.becomeOrdinary(model, content);
            done->addResult(stored ? Result<void>() : Result<void>(stored.error()));
            done->finish();
        });
    return done->future();
}

/// What was said while it was being stored follows; from now on everything is saved as usual.
void ChatController::Impl::becomeOrdinary(const std::shared_ptr<ConversationModel>& model,
                                          const ConversationContent& stored) {
    ConversationInfo info = model->info();
    info.isTemporary = false;
    std::erase(temporary, model);
    model->setInfo(info);
    saveInfo(info);
    for (const ChatMessage& message : model->messages()) {
        const auto& known = stored.messages;
        if (std::find(known.begin(), known.end(), message) == known.end())
            saver.put(message, model, MessageSaver::When::Now);
    }
    const Attachments now = attached.value(info.id);
    if (now != stored.draftAttachments) store->saveDraft(info, now);
    if (shown == model) noteLast(info.id);
    emit controller.kept(info.id);
}

void ChatController::throwAway(ConversationId id) {
    Impl& impl = *m_impl;
    const std::shared_ptr<ConversationModel> model = impl.temporaryModel(id);
    if (!model || impl.beingKept.contains(id)) return;
    impl.leave(id);
    if (impl.condensingAside && impl.condensingAside->model == model) impl.stopCondensing();
    std::erase(impl.temporary, model);
    impl.list.remove(id);
    impl.attached.remove(id);
    impl.readWhole.remove(id);
    impl.grants.endConversation(id);
    impl.servers.end_conversation(std::to_string(id));
    if (impl.shown == model) impl.openNew();
    impl.forgetReading(id);
}

}  // namespace lares::app
