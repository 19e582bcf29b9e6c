// The part of the controller that keeps what is attached to drafts.
#include "app/chat/chat_controller_impl.h"

namespace lares::app {
namespace {

constexpr const char* kNewAttached = "newDraftAttachments";

}  // namespace

const Attachments& ChatController::draftAttachments() const {
    static const Attachments kNone;
    const auto found = m_impl->attached.constFind(m_impl->draftKey());
    return found == m_impl->attached.cend() ? kNone : *found;
}

ContextRoom ChatController::contextRoom() const {
    ContextRoom room{0, m_impl->contextLength};
    const ConversationModel& model = *m_impl->shown;
    for (int row = model.rowCount() - 1; row >= 0; --row) {
        const ChatMessage& message = model.messageAt(row);
        room.used =
            message.stats["promptTokens"].toInt() + message.stats["generatedTokens"].toInt();
        if (room.used > 0) break;
    }
    if (model.rowCount() == 0 || room.most <= 0) return room;
    const AnswerTurn::Settings settings = m_impl->turnSettings(persona().id, model);
    const GenerationRequest request =
        AnswerTurn::request(settings, m_impl->broker, model, model.activeLeaf());
    int fixed = aboutTokens(settings.system.toStdString());
    for (const Json& tool : request.conversation.tools) fixed += aboutTokens(json_text(tool));
    // What was said before is condensed where a question does not fit.
    room.condensed = fixed + summaryRoom(room.most);
    // And if that was done since the newest answer, it says nothing of what is read now.
    const std::vector<PromptReading> readings = readingsOf(model.messageAt(model.rowCount() - 1));
    if (summaryAt() != (readings.empty() ? 0 : readings.back().summaryAt.value_or(0))) {
        room.used = fixed;
        for (const Message& message : request.conversation.messages)
            room.used += message.role == "system" ? 0 : aboutTokens(message.content);
    }
    return room;
}

void ChatController::saveDraftAttachments(const Attachments& attachments) {
    if (draftAttachments() == attachments) return;
    m_impl->saveAttached(attachments);
    if (!attachments.empty()) m_impl->readAhead();
}

void ChatController::Impl::saveAttached(const Attachments& attachments) {
    const ConversationId key = draftKey();
    attached.insert(key, attachments);
    if (key == 0) {
        // In no table yet: its draft is among the settings.
        noteLast(0);
        if (store) {
            store->setSetting(kNewAttached, attachments.empty() ? QJsonValue(QJsonValue::Undefined)
                                                                : toJson(attachments));
        }
        return;
    }
    ConversationInfo info = shown->info();
    info.hasAttachedDraft = !attachments.empty();
    if (store && info.hasAttachedDraft) store->saveDraft(info, attachments);
    saveInfo(info);
}

void ChatController::Impl::readNewDraft() {
    // Not among the settings in memory: everybody may ask for those.
    Attachments all = attachmentsFromJson(settings.take(kNewAttached).toArray());
    const Attachments meanwhile = attached.value(0);
    all.insert(all.end(), meanwhile.begin(), meanwhile.end());
    attached.insert(0, all);
}

void ChatController::Impl::forgetNewAttached() {
    if (store) store->setSetting(kNewAttached, QJsonValue(QJsonValue::Undefined));
}

void ChatController::Impl::loadAttached(const ConversationInfo& info) {
    if (!store || !info.hasAttachedDraft || attached.contains(info.id)) return;
    store->draftAttachments(info.id).then(
        &controller, [this, id = info.id](const Result<Attachments>& read) {
            if (!read) {
                const QString why = QString::fromStdString(read.error().message);
                emit controller.problem(
                    tr("What is attached to this draft cannot be read: %1").arg(why), why);
                return;
            }
            Attachments all = *read;
            const Attachments meanwhile = attached.value(id);
            all.insert(all.end(), meanwhile.begin(), meanwhile.end());
            attached.insert(id, all);
            if (shown->info().id != id) return;
            if (!meanwhile.empty()) saveAttached(all);
            emit controller.draftAttachmentsLoaded();
        });
}

}  // namespace lares::app
