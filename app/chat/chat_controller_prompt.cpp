// The part of the controller that shows what the model was given to read.
#include "app/chat/chat_controller_impl.h"

namespace lares::app {

QFuture<Result<PromptView>> ChatController::viewPrompt(const PromptReading& reading) const {
    const ConversationModel& conversation = *m_impl->shown;
    const ChatMessage* answer = conversation.find(reading.answer);
    if (!answer) {
        return QtFuture::makeReadyFuture(
            Result<PromptView>(Error{ErrorCode::InvalidArgument,
                                     tr("this answer is not in the conversation").toStdString()}));
    }
    AnswerTurn::Settings turn = m_impl->turnSettings(answer->personaId, conversation);
    turn.isThinking = reading.isThinking.value_or(turn.isThinking);
    const ChatMessage before = beforeStep(*answer, reading.step);
    return m_impl->tokens->viewPrompt(AnswerTurn::request(
        turn, m_impl->broker, conversation, answer->parent, &before, reading.summaryAt));
}

}  // namespace lares::app
