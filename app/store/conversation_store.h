#pragma once

#include "app/chat/attachment.h"
#include "app/chat/chat_message.h"
#include "app/chat/note.h"
#include "app/personas/persona.h"
#include "app/store/message_search.h"
#include "app/store/said_messages.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QJsonObject>
#include <QJsonValue>
#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace lares::app {

/// A folder that the user gave to the assistant for good ("always"); shorter grants live in memory.
struct StoredGrant {
    qint64 id = 0;
    QString folder;  ///< real path
    QString access;  ///< "read-only", "read-write"
    QDateTime grantedAt;

    bool operator==(const StoredGrant&) const = default;
};

/// Everything that must outlive the program, in one SQLite database (`lares.db`, WAL,
/// synchronous=FULL) that one thread of its own writes and reads. UI thread only, but for what says
/// otherwise: calls return at once and are carried out in order; a future that succeeded means "on
/// disk".
///
/// A call that failed changed nothing, and its error is a sentence with the next step (disk full,
/// read-only folder, locked or damaged database). What is marked "kept" is tried again where the
/// disk was at fault: with the next write, every few seconds, and at the end. The others are not,
/// but every save is idempotent: save the newest value again. A message may be saved before its
/// parent or its conversation; those can follow. Text is kept as UTF-8: half a surrogate pair
/// becomes “?”.
///
/// Whatever is saved of a conversation that says it is temporary is left out, and succeeds.
class ConversationStore : public QObject {
    Q_OBJECT

public:
    template <class T>
    using Reply = QFuture<Result<T>>;

    /// Makes the folder (0700) and the database (0600), or brings an older one up to date. Reads
    /// only a few pages. After a session that did not end properly the store's thread checks the
    /// file before anything else; a damaged one is kept beside under another name, an empty one
    /// takes its place and `databaseReplaced` follows.
    [[nodiscard]] static Result<std::unique_ptr<ConversationStore>> open(
        const std::filesystem::path& folder);
    /// The setting "language" as it was when the database was opened: the window needs it before
    /// its first widget. Undefined where there is none.
    [[nodiscard]] const QJsonValue& languageAtOpening() const;
    /// Something that is kept (as said above) could not be written yet. Any thread.
    [[nodiscard]] bool isBehind() const;
    ~ConversationStore() override;  ///< carries out what was asked for before
    /// Until that is done. Whoever has asked with itself as a future's context calls it before it
    /// goes: Qt 6.4 looks whether a context is there and then posts to it, in two steps.
    void waitForDone();

    /// Fresh ids, greater than every id that was ever in the database. Any thread.
    [[nodiscard]] ConversationId newConversationId();
    [[nodiscard]] MessageId newMessageId();

    [[nodiscard]] Reply<std::vector<ConversationInfo>> conversations();  ///< none in the trash
    /// The whole tree, in order of the ids. A message found Generating is returned as such. Any
    /// thread.
    [[nodiscard]] Reply<std::vector<ChatMessage>> messages(ConversationId conversation);
    /// A part of a search through all messages (message_search.h).
    [[nodiscard]] Reply<SearchPage> searchMessages(const QString& words, MessageId before);
    /// A part of what was said in all conversations but `without` and those in the trash
    /// (said_messages.h), without attachments. Any thread.
    [[nodiscard]] Reply<SaidPage> saidMessages(ConversationId without, MessageId before);
    /// Inserts or replaces, the draft too; writes only what differs. What is attached to the draft
    /// is deleted where the conversation says that there is nothing, and else left alone. Kept.
    Reply<void> save(const ConversationInfo& conversation);
    /// The same, with what is attached: it is read and written by these two alone, since it can be
    /// megabytes and the draft is saved at every pause in the typing. Kept.
    Reply<void> saveDraft(const ConversationInfo& conversation, Attachments attachments);
    [[nodiscard]] Reply<Attachments> draftAttachments(ConversationId conversation);  ///< any thread
    /// One that comes from elsewhere, with fresh ids, in one transaction; of now where it has no
    /// time. Its failure is in the answer alone. False: with Known::Skipped, one that is there says
    /// all of it (known_conversation.h), and nothing was written. Any thread.
    enum class Known { Skipped, Added };
    [[nodiscard]] Reply<bool> insert(const ConversationInfo& conversation,
                                     std::vector<ChatMessage> messages,
                                     Attachments draftAttachments,
                                     Known known);
    /// Inserts or replaces the message with all its parts, in one transaction; `conversation` in
    /// the same one where it is given (title, leaf, time). Parts that are as they were are not
    /// written again.
    Reply<void> save(const ChatMessage& message,
                     const std::optional<ConversationInfo>& conversation = {});
    /// All of them or none; no effect on one that was never saved. Kept.
    Reply<void> setFolders(const std::vector<FolderPlace>& places);
    /// Into the trash and back; no effect on one that was never saved. Kept.
    Reply<void> moveToTrash(ConversationId conversation);
    Reply<void> restoreFromTrash(ConversationId conversation);
    /// What lies there for more than 30 days. Whoever keeps something about a conversation lets go
    /// of it first, and then `emptyTrash` deletes these for good: after a crash between the two
    /// they are still here to be asked for.
    [[nodiscard]] Reply<std::vector<ConversationId>> expiredTrash();
    Reply<void> emptyTrash(std::vector<ConversationId> expired);
    [[nodiscard]] Reply<std::vector<TrashedConversation>> trash();  ///< newest first
    /// The same before 30 days have passed; no effect on what is in no trash.
    Reply<void> deleteForGood(std::vector<ConversationId> trashed);

    [[nodiscard]] Reply<QJsonObject> settings();
    /// Undefined removes it. Kept.
    Reply<void> setSetting(const QString& key, const QJsonValue& value);

    [[nodiscard]] Reply<std::vector<StoredGrant>> grants();
    /// The same folder with the same access again: the same grant, with a new time.
    Reply<StoredGrant> addGrant(const QString& folder, const QString& access);
    Reply<void> removeGrant(qint64 id);

    /// What the user made or changed, in order of the ids; the built-in ones are in no database.
    [[nodiscard]] Reply<std::vector<Persona>> personas();
    /// Inserts or replaces, the name trimmed. InvalidArgument beyond the bounds (persona_text.h).
    Reply<void> save(const Persona& persona);
    Reply<void> removePersona(const QString& id);

    /// What the user wants remembered (note_tables.h says what each of them does). A note that was
    /// forgotten is in no file when the answer is there.
    [[nodiscard]] Reply<StoredNotes> notes();
    Reply<Note> save(const Note& note);  ///< any thread
    Reply<void> forgetNote(NoteId id);
    Reply<void> restoreNote(const ForgottenNote& note);
    Reply<void> saveBegunNotes(const BegunNotes& begun);  ///< kept
    /// Among the settings (note_tables.h); an empty object takes it off the disk. Kept.
    Reply<void> saveNoteDraft(const QJsonObject& draft);

signals:
    /// A write failed, whoever asked for it: the window shows the sentence (once, while every
    /// following write fails too).
    void writeFailed(const QString& sentence);
    /// A write succeeded after that, and all that is kept is on the disk.
    void writesAgain();
    /// The database was damaged: where it is kept. Comes after `open`, from the event loop.
    void databaseReplaced(const QString& sentence);

private:
    struct Impl;
    explicit ConversationStore(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::app
