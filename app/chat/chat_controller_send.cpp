// How a message is sent. It is in its conversation when it is on the disk; until then, which is
// milliseconds or a slow disk's second, the conversation counts as answering, so that what is sent
// after it stands behind it, and whatever else the user does meanwhile holds.
#include "app/chat/chat_controller_impl.h"
#include "app/chat/lore_match.h"

namespace lares::app {
namespace {

/// A conversation that begins with it, as it is listed.
QString previewOf(const ChatMessage& message) {
    constexpr int kListPreviewLength = 80;
    return summaryOf(message).simplified().left(kListPreviewLength);
}

}  // namespace

struct ChatController::Impl::Sent {
    std::shared_ptr<ConversationModel> model;
    ChatMessage message;
    ConversationInfo info;  ///< as it was stored with the message
    Draft draft = Draft::Sent;
    bool isNew = false;      ///< the first one of the new conversation
    QString writtenDraft;    ///< as it was then
    ConversationId key = 0;  ///< of what was attached to it
};

void ChatController::send(const QString& text, const Attachments& attachments, Draft draft) {
    const std::vector<Part> parts = userParts(text, attachments);
    if (parts.empty() || isAnswering() || isConversationLoading()) return;
    ChatMessage message;
    message.id = m_impl->newMessageId();
    message.conversation = m_impl->shown->info().id;
    message.parent = m_impl->shown->activeLeaf();
    message.createdAt = QDateTime::currentDateTimeUtc();
    message.parts = parts;
    m_impl->sendMessage(m_impl->shown, std::move(message), draft);
}

void ChatController::edit(MessageId userMessage,
                          const QString& text,
                          const Attachments& attachments) {
    const ChatMessage* edited = m_impl->shown->find(userMessage);
    const std::vector<Part> parts = userParts(text, attachments);
    if (!edited || edited->role != Role::User || parts.empty() || isAnswering()) return;
    ChatMessage message = *edited;
    message.id = m_impl->newMessageId();
    message.createdAt = QDateTime::currentDateTimeUtc();
    message.parts = parts;
    m_impl->sendMessage(m_impl->shown, std::move(message), Draft::Kept);
}

bool ChatController::isAnsweringIn(ConversationId id) const {
    return m_impl->turnOf(id) != nullptr || m_impl->onTheirWay.contains(id);
}

void ChatController::stop() {
    stopIn(m_impl->shown->info().id);
}

void ChatController::stopIn(ConversationId id) {
    if (AnswerTurn* turn = m_impl->turnOf(id)) turn->stop();
    const auto sent = m_impl->onTheirWay.find(id);
    if (sent != m_impl->onTheirWay.end()) sent->isStopped = true;
}

void ChatController::Impl::leave(ConversationId id) {
    if (AnswerTurn* turn = turnOf(id)) turn->stop();
    const auto sent = onTheirWay.find(id);
    if (sent != onTheirWay.end()) sent->isLeft = true;
}

bool ChatController::Impl::isNewOnItsWay() const {
    return std::any_of(onTheirWay.cbegin(), onTheirWay.cend(),
                       [](const OnItsWay& sent) { return sent.isNew; });
}

void ChatController::Impl::sendMessage(const std::shared_ptr<ConversationModel>& model,
                                       ChatMessage message,
                                       Draft draft) {
    const ConversationId key = draftKey();
    addLore(message, *model, personas.personaOf(model->info().personaId), contextLength);
    const bool isNew = key == 0 && model == shown;
    Sent sent{model, std::move(message), model->info(), draft, isNew, model->info().draft, key};
    sent.info.updatedAt = sent.message.createdAt;
    sent.info.activeLeaf = sent.message.id;
    if (draft == Draft::Sent) sent.info.draft.clear();
    // What is attached to the new conversation's is in no table yet.
    if (draft == Draft::Sent || isNew) sent.info.hasAttachedDraft = false;
    if (sent.info.preview.isEmpty()) sent.info.preview = previewOf(sent.message);
    onTheirWay.insert(sent.info.id, {model, isNew});
    emit controller.answeringChanged();
    if (!store) return messageStored(sent);
    // The end of the answer before it may still wait; a message on disk has its parent there.
    saver.flush();
    store->save(sent.message, sent.info)
        .then(&controller, [this, sent](const Result<void>& result) {
            result ? messageStored(sent) : messageFailed(sent);
        });
    if (model == shown && !sent.info.isTemporary) noteLast(sent.info.id);
}

void ChatController::Impl::messageFailed(const Sent& sent) {
    onTheirWay.remove(sent.info.id);
    emit controller.answeringChanged();
    const QString text = markdownOf(sent.message);
    sent.model == shown ? emit controller.notSent(text, attachmentsOf(sent.message))
                        : emit controller.notAsked(text);
}

void ChatController::Impl::messageStored(const Sent& sent) {
    const OnItsWay way = onTheirWay.take(sent.info.id);
    // What the user did while it was written (a title, a persona) wins over what was sent.
    ConversationInfo now = sent.model->info();
    now.updatedAt = sent.info.updatedAt;
    now.preview = sent.info.preview;
    if (sent.draft == Draft::Sent || sent.isNew) takeFromDraft(sent, now);
    sent.model->setInfo(now);
    if (sent.model->rowCount() == 0) beginNotes(now);
    sent.model->append(sent.message);
    if (shown == sent.model) isShownStored = true;
    // A draft that was begun meanwhile said that the new conversation is shown.
    if (shown == sent.model && !now.isTemporary) noteLast(now.id);
    if (way.isLeft) return emit controller.answeringChanged();
    now.activeLeaf = sent.message.id;
    list.put(now);
    // What was temporary then, and is kept since, left it out.
    if (sent.info.isTemporary && !now.isTemporary)
        saver.put(sent.message, sent.model, MessageSaver::When::Now);
    beginAnswer(sent.model, sent.message.id);
    if (way.isStopped) controller.stopIn(now.id);
}

/// What was written or attached meanwhile stays.
void ChatController::Impl::takeFromDraft(const Sent& sent, ConversationInfo& now) {
    if (sent.draft == Draft::Sent && now.draft == sent.writtenDraft) now.draft.clear();
    const Attachments left = attached.take(sent.key);
    now.hasAttachedDraft = !left.empty() && left != attachmentsOf(sent.message);
    if (now.hasAttachedDraft) attached.insert(now.id, left);
    if (!sent.isNew) return;
    if (store && now.hasAttachedDraft) store->saveDraft(now, left);
    forgetNewAttached();
    // Unless it is what was begun in another one, or last time.
    const QString begun = settings[kNewDraft].toString();
    if (begun == sent.writtenDraft || begun == now.draft)
        controller.setSetting(kNewDraft, QString());
}

}  // namespace lares::app
