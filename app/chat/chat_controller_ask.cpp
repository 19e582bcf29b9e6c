// Questions beside the conversation that is shown.
#include "app/chat/chat_controller_impl.h"

namespace lares::app {

std::shared_ptr<ConversationModel> ChatController::ask(
    const QString& question, const std::shared_ptr<ConversationModel>& in) {
    Impl& impl = *m_impl;
    std::shared_ptr<ConversationModel> model = in;
    const bool isDeleted = model && model->rowCount() > 0 && impl.list.rowOf(model->info().id) < 0;
    if (!model || isDeleted) {
        model = std::make_shared<ConversationModel>();
        model->setMessages(impl.newInfo(), {});
    }
    impl.aside = model;
    if (question.trimmed().isEmpty() || isAnsweringIn(model->info().id)) return model;
    ChatMessage message;
    message.id = impl.newMessageId();
    message.conversation = model->info().id;
    message.parent = model->activeLeaf();
    message.createdAt = QDateTime::currentDateTimeUtc();
    Part part;
    part.text = question.trimmed();
    message.parts = {std::move(part)};
    impl.sendMessage(model, std::move(message), Draft::Kept);
    return model;
}

bool ChatController::isWaitingIn(ConversationId id) const {
    const AnswerTurn* turn = m_impl->turnOf(id);
    return turn != nullptr && turn->question() != nullptr;
}

}  // namespace lares::app
