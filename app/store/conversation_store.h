#pragma once

#include "app/chat/chat_message.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QObject>
#include <QString>

#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

namespace lares::app {

/// A folder that the user gave to the assistant for good ("always"); shorter grants live in memory.
struct StoredGrant {
    qint64 id = 0;
    QString folder;  ///< real path
    QString access;  ///< "read-only"
    QDateTime grantedAt;

    bool operator==(const StoredGrant&) const = default;
};

/// Everything that must outlive the program, in one SQLite database (`lares.db`, WAL,
/// synchronous=FULL) that one thread of its own writes and reads. Calls come from the UI thread,
/// return at once and are carried out in order; a future that succeeded means "on disk". Errors are
/// sentences with the next step (disk full, read-only folder, locked or damaged database); after
/// one the store can be used again, and nothing that was stored before is lost.
class ConversationStore : public QObject {
    Q_OBJECT

public:
    template <class T>
    using Reply = QFuture<Result<T>>;

    /// Makes the folder (0700) and the database, or brings an older one up to date. A damaged
    /// database is kept beside under another name and the error says so.
    [[nodiscard]] static Result<std::unique_ptr<ConversationStore>> open(
        const std::filesystem::path& folder);
    ~ConversationStore() override;  ///< carries out what was asked for before

    /// Fresh ids, greater than every id in the database.
    [[nodiscard]] ConversationId newConversationId();
    [[nodiscard]] MessageId newMessageId();

    [[nodiscard]] Reply<std::vector<ConversationInfo>> conversations();  ///< none in the trash
    [[nodiscard]] Reply<std::vector<ChatMessage>> messages(ConversationId conversation);
    /// Inserts or replaces; the draft too.
    Reply<void> save(const ConversationInfo& conversation);
    /// Inserts or replaces the message with all its parts, in one transaction; `conversation` in
    /// the same one where it is given (title, leaf, time).
    Reply<void> save(const ChatMessage& message,
                     const std::optional<ConversationInfo>& conversation = {});
    /// Into the trash and back. The trash is emptied of what is older than 30 days at a start.
    Reply<void> moveToTrash(ConversationId conversation);
    Reply<void> restoreFromTrash(ConversationId conversation);

    [[nodiscard]] Reply<QJsonObject> settings();
    Reply<void> setSetting(const QString& key, const QJsonValue& value);

    [[nodiscard]] Reply<std::vector<StoredGrant>> grants();
    Reply<StoredGrant> addGrant(const QString& folder, const QString& access);
    Reply<void> removeGrant(qint64 id);

signals:
    /// A write failed, whoever asked for it: the window shows the sentence.
    void writeFailed(const QString& sentence);
};

}  // namespace lares::app
