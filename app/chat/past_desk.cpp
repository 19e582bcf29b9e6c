#include "app/chat/past_desk.h"

#include "app/personas/imported_persona.h"
#include "app/store/conversation_store.h"

#include <QLocale>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace lares::app {
namespace {

constexpr qsizetype kMaxPastTitle = 60;

/// What is on its way from the store's thread to the tools' one.
struct Handover {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Result<SaidPage>> page;
};

/// Nothing: there was no time for it. The store may be busy (a backup, a large import), and nobody
/// who stops an answer waits for that.
std::optional<Result<SaidPage>> waitFor(QFuture<Result<SaidPage>> reply, const RunLimits& limits) {
    const auto handover = std::make_shared<Handover>();
    (void)reply.then(QtFuture::Launch::Sync, [handover](const Result<SaidPage>& page) {
        {
            const std::lock_guard lock(handover->mutex);
            handover->page = page;
        }
        handover->changed.notify_all();
    });
    std::unique_lock lock(handover->mutex);
    const auto isThere = [&] { return handover->page.has_value(); };
    if (limits.deadline == std::chrono::steady_clock::time_point::max()) {
        (void)handover->changed.wait(lock, limits.stop, isThere);
    } else {
        (void)handover->changed.wait_until(lock, limits.stop, limits.deadline, isThere);
    }
    return std::move(handover->page);
}

void append(PastPage& past, const SaidMessage& message) {
    PastText text;
    text.message = {message.conversation, message.id, 0};
    text.title = shortened(message.title.simplified(), kMaxPastTitle).toStdString();
    text.is_of_user = message.role == Role::User;
    if (message.when.isValid()) {
        const QDate day = message.when.toLocalTime().date();
        text.message.said_at_ms = message.when.toMSecsSinceEpoch();
        // Words for the model, in the language that it reads best, whatever the window speaks;
        // what it looks for it may have from a question of the user's.
        text.date = QLocale(QLocale::English).toString(day, "d MMMM yyyy").toStdString();
        text.date_words = QLocale().toString(day, "MMMM").toStdString();
    }
    for (const Part& part : message.parts) {
        QString said = part.text;
        said.replace(QLatin1String("\r\n"), QLatin1String("\n"));
        text.text = said.toStdString();
        past.texts.push_back(text);
    }
}

}  // namespace

Result<PastPage> PastDesk::read(const std::string& asking,
                                std::int64_t before,
                                const RunLimits& limits) {
    if (!m_store) return Error{ErrorCode::Unsupported, "nothing is kept in this session"};
    const ConversationId without = QString::fromStdString(asking).toLongLong();
    const std::optional<Result<SaidPage>> page =
        waitFor(m_store->saidMessages(without, before), limits);
    if (!page) return Error{ErrorCode::Cancelled, "stopped"};
    if (!*page) return page->error();
    PastPage past;
    past.next = (*page)->next;
    for (const SaidMessage& message : (*page)->messages) append(past, message);
    return past;
}

}  // namespace lares::app
