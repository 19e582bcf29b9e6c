// What happens until the conversation of last time is shown. The window is there already, so
// somebody may be faster than the disk: what they have begun stays where it is.
#include "app/chat/chat_controller_impl.h"

#include <utility>

namespace lares::app {
namespace {

/// What was being written last time, and what was typed before that was read.
QString joined(const QString& earlier, const QString& typed) {
    if (typed.isEmpty() || typed == earlier) return earlier;
    return earlier.isEmpty() ? typed : earlier + "\n\n" + typed;
}

}  // namespace

void ChatController::start() {
    Impl& impl = *m_impl;
    impl.grants.load();
    impl.personas.load();
    impl.openJournal();
    impl.openToolLog();
    impl.readServers();
    impl.library.start();
    if (!impl.store) {
        emit ready();
        return;
    }
    impl.emptyTrash();
    impl.store->settings().then(this, [&impl](const Result<QJsonObject>& settings) {
        const Impl::Begun before = impl.takeSettings(settings ? *settings : QJsonObject());
        impl.tokens->setKeeping(impl.settings["keepReadings"].toBool(true));
        impl.checkSandbox();
        impl.offerNotes();
        impl.offerPast();
        impl.notes.load();
        // From in here: an answer that is there already is handled at once, and this one is needed
        // by then.
        impl.loadConversations(before);
    });
}

ChatController::Impl::Begun ChatController::Impl::begun() {
    emit controller.draftWanted();
    const ConversationInfo& info = shown->info();
    return {isShownStored || info.isTemporary || shown->rowCount() > 0 || isNewOnItsWay(),
            info.draft, attached.value(draftKey())};
}

/// The new conversation once more, now with the settings; what was begun meanwhile stays in it.
ChatController::Impl::Begun ChatController::Impl::takeSettings(QJsonObject stored) {
    Begun meanwhile = begun();
    const QString earlier = stored[kNewDraft].toString();
    // What was sent is none any more.
    const bool isSent = isNewOnItsWay() || shown->rowCount() > 0;
    const QJsonValue begunNow = settings.value(kNewDraft);
    const QString draft = joined(earlier, isSent ? QString() : begunNow.toString());
    // What was set meanwhile is newer. Null: it was looked at, and was not there.
    for (auto one = settings.constBegin(); one != settings.constEnd(); ++one) {
        if (!one.value().isNull()) stored[one.key()] = one.value();
    }
    stored[kNewDraft] = draft;
    settings = std::move(stored);
    if (draft != earlier || begunNow.isString()) store->setSetting(kNewDraft, draft);
    readNewDraft();
    if (!meanwhile.isElsewhere) openNew();
    return meanwhile;
}

/// Shows the conversation that was shown last, unless somebody has begun something else.
void ChatController::Impl::loadConversations(const Begun& before) {
    const bool isBegun =
        before.isElsewhere || !before.draft.isEmpty() || !before.attachments.empty();
    readList([this, isBegun, asRead = begun()] {
        const Begun now = begun();
        const ConversationId last = settings[kLastConversation].toString().toLongLong();
        if (!isBegun && now == asRead && list.rowOf(last) >= 0) open(last);
        for (auto at = settings.begin(); at != settings.end(); ++at)
            emit controller.settingChanged(at.key());
        emit controller.ready();
    });
}

}  // namespace lares::app
