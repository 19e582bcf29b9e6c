#include "app/desktop/answer_notices.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_list_model.h"
#include "app/transcript/visible_text.h"

#include <QApplication>

namespace lares::app {
namespace {

constexpr int kLongestNotice = 60;

}  // namespace

AnswerNotices::AnswerNotices(ChatController* controller, QObject* parent)
    : QObject(parent), m_controller(controller) {
    connect(controller, &ChatController::answerEnded, this, [this](ConversationId id, qint64 ms) {
        if (ms >= kLongMs) want(id, tr("The answer is there."));
    });
    connect(controller, &ChatController::permissionAwaited, this,
            [this](ConversationId id) { want(id, tr("Your permission is needed to go on.")); });
}

bool AnswerNotices::isOn(const ChatController& controller) {
    return controller.setting(kSetting).toBool(true);
}

void AnswerNotices::want(ConversationId id, const QString& text) {
    const ConversationListModel& list = *m_controller->conversations();
    const int row = list.rowOf(id);
    if (row < 0 || !isOn(*m_controller) || QApplication::activeWindow() != nullptr) return;
    // The desktop may keep what it shows.
    const QString title = list.at(row).isTemporary ? tr("A temporary conversation")
                                                   : list.index(row).data().toString();
    const bool isLong = title.size() > kLongestNotice;
    emit wanted(visibleText(isLong ? title.left(kLongestNotice).trimmed() + u'…' : title), text,
                id);
}

}  // namespace lares::app
