#include "app/store/conversation_store.h"

#include "app/language/languages.h"
#include "app/store/conversation_store_impl.h"
#include "app/store/conversation_tables.h"
#include "app/store/known_conversation.h"
#include "app/store/note_tables.h"
#include "app/store/persona_tables.h"
#include "app/store/settings_tables.h"

namespace lares::app {
namespace {

constexpr int kTrashDays = 30;

QDateTime trashLimit() {
    return QDateTime::currentDateTimeUtc().addDays(-kTrashDays);
}

ConversationStore::Reply<void> leftOut() {
    return QtFuture::makeReadyFuture(Result<void>());
}

QString draftOf(const ConversationInfo& conversation) {
    return QStringLiteral("draft of %1").arg(conversation.id);
}
QString trashingOf(ConversationId conversation) {
    return QStringLiteral("trashing of %1").arg(conversation);
}

/// What is needed before anybody can ask for anything.
struct Beginning {
    LargestIds lastIds;
    QJsonValue language;
};
Result<Beginning> readBeginning(Database& database) {
    Beginning beginning;
    ASSIGN_OR_RETURN(beginning.lastIds, largestIds(database));
    ASSIGN_OR_RETURN(beginning.language, loadSetting(database, kLanguageSetting));
    return beginning;
}

}  // namespace

ConversationStore::ConversationStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

ConversationStore::~ConversationStore() {
    m_impl->thread->post([impl = m_impl.get()] { impl->tryAgain(); });
    m_impl->backups.stop();
}

const QJsonValue& ConversationStore::languageAtOpening() const {
    return m_impl->languageAtOpening;
}

bool ConversationStore::isBehind() const {
    return m_impl->isBehind;
}

void ConversationStore::waitForDone() {
    m_impl->thread->waitForDone();
}

Result<std::unique_ptr<ConversationStore>> ConversationStore::open(
    const std::filesystem::path& folder) {
    ASSIGN_OR_RETURN(OpenedDatabase opened, openStoreDatabase(folder));
    Result<Beginning> beginning = readBeginning(opened.database);
    if (!beginning && beginning.error().code == ErrorCode::Corrupt) {
        ASSIGN_OR_RETURN(opened, replaceDamaged(std::move(opened.database)));
        beginning = readBeginning(opened.database);
    }
    if (!beginning) return beginning.error();
    const bool mustCheck = opened.mustCheck;
    const std::optional<QString> replaced = std::move(opened.replaced);

    auto impl = std::make_unique<Impl>(std::move(opened));
    impl->lastConversation = beginning->lastIds.conversation;
    impl->lastMessage = beginning->lastIds.message;
    impl->languageAtOpening = std::move(beginning->language);
    std::unique_ptr<ConversationStore> store(new ConversationStore(std::move(impl)));
    Impl& started = *store->m_impl;
    started.start(store.get());
    if (replaced) started.reportReplaced(*replaced);
    if (mustCheck) started.thread->post([&started] { started.checkAfterCrash(); });
    started.thread->post([&started] {
        if (started.database) started.backups.makeTodays(*started.database);
    });
    return store;
}

ConversationId ConversationStore::newConversationId() {
    return ++m_impl->lastConversation;
}

MessageId ConversationStore::newMessageId() {
    return ++m_impl->lastMessage;
}

ConversationStore::Reply<std::vector<ConversationInfo>> ConversationStore::conversations() {
    return m_impl->read<std::vector<ConversationInfo>>(loadConversations);
}

ConversationStore::Reply<std::vector<ChatMessage>> ConversationStore::messages(
    ConversationId conversation) {
    return m_impl->read<std::vector<ChatMessage>>(
        [=](Database& database) { return loadMessages(database, conversation); });
}

ConversationStore::Reply<SearchPage> ConversationStore::searchMessages(const QString& words,
                                                                       MessageId before) {
    return m_impl->read<SearchPage>(
        [=](Database& database) { return lares::app::searchMessages(database, words, before); });
}

ConversationStore::Reply<SaidPage> ConversationStore::saidMessages(ConversationId without,
                                                                   MessageId before) {
    return m_impl->read<SaidPage>([=](Database& database) -> Result<SaidPage> {
        SaidPage page;
        ASSIGN_OR_RETURN(page.next, walkSaid(database, before, without, WithAttachments::No,
                                             [&page](const SaidMessage& message) {
                                                 page.messages.push_back(message);
                                             }));
        return page;
    });
}

ConversationStore::Reply<void> ConversationStore::save(const ConversationInfo& conversation) {
    if (conversation.isTemporary) return leftOut();
    return m_impl->keep(
        Impl::rowOf(conversation),
        [=](Database& database) { return saveConversation(database, conversation); },
        conversation.hasAttachedDraft ? QString() : draftOf(conversation));
}

ConversationStore::Reply<void> ConversationStore::saveDraft(const ConversationInfo& conversation,
                                                            Attachments attachments) {
    if (conversation.isTemporary) return leftOut();
    return m_impl->keep(draftOf(conversation),
                        [conversation, list = std::move(attachments)](Database& database) {
                            return app::saveDraft(database, conversation, list);
                        });
}

ConversationStore::Reply<Attachments> ConversationStore::draftAttachments(
    ConversationId conversation) {
    return m_impl->read<Attachments>(
        [=](Database& database) { return loadDraftAttachments(database, conversation); });
}

ConversationStore::Reply<bool> ConversationStore::insert(const ConversationInfo& conversation,
                                                         std::vector<ChatMessage> messages,
                                                         Attachments draftAttachments,
                                                         Known known) {
    return m_impl->read<bool>([conversation, all = std::move(messages),
                               attached = std::move(draftAttachments),
                               known](Database& database) -> Result<bool> {
        if (known == Known::Skipped) {
            ASSIGN_OR_RETURN(const bool isKnown,
                             isConversationKnown(database, conversation.createdAt, all));
            if (isKnown) return false;
        }
        ConversationInfo dated = conversation;
        if (!dated.createdAt.isValid()) dated.createdAt = QDateTime::currentDateTimeUtc();
        if (!dated.updatedAt.isValid()) dated.updatedAt = dated.createdAt;
        RETURN_IF_ERROR(insertConversation(database, dated, all, attached));
        return true;
    });
}

ConversationStore::Reply<void> ConversationStore::save(
    const ChatMessage& message, const std::optional<ConversationInfo>& conversation) {
    if (conversation && conversation->isTemporary) return leftOut();
    return m_impl->write<void>([=, impl = m_impl.get()](Database& database) -> Result<void> {
        RETURN_IF_ERROR(saveMessage(database, message, conversation));
        if (conversation) impl->savedWithMessage(*conversation);
        return {};
    });
}

ConversationStore::Reply<void> ConversationStore::setFolders(
    const std::vector<FolderPlace>& places) {
    return m_impl->keep({}, [=](Database& database) { return saveFolders(database, places); });
}

ConversationStore::Reply<void> ConversationStore::moveToTrash(ConversationId conversation) {
    return m_impl->keep(trashingOf(conversation),
                        [=, when = QDateTime::currentDateTimeUtc()](Database& database) {
                            return setTrashed(database, conversation, when);
                        });
}

ConversationStore::Reply<void> ConversationStore::restoreFromTrash(ConversationId conversation) {
    return m_impl->keep(trashingOf(conversation), [=](Database& database) {
        return setTrashed(database, conversation, std::nullopt);
    });
}

ConversationStore::Reply<std::vector<ConversationId>> ConversationStore::expiredTrash() {
    return m_impl->read<std::vector<ConversationId>>(
        [](Database& database) { return trashedBefore(database, trashLimit()); });
}

ConversationStore::Reply<void> ConversationStore::emptyTrash(std::vector<ConversationId> expired) {
    return m_impl->write<void>(
        [impl = m_impl.get(), ids = std::move(expired)](Database& database) -> Result<void> {
            RETURN_IF_ERROR(impl->writePending(database));  // or it would be there again
            RETURN_IF_ERROR(app::emptyTrash(database, ids, trashLimit()));
            return impl->eraseMissing(ids);
        });
}

ConversationStore::Reply<std::vector<TrashedConversation>> ConversationStore::trash() {
    return m_impl->read<std::vector<TrashedConversation>>(loadTrash);
}

ConversationStore::Reply<void> ConversationStore::deleteForGood(
    std::vector<ConversationId> trashed) {
    // Whenever that was, by a clock that was ahead too.
    const QDateTime whenever(QDate(9999, 1, 1), QTime(), Qt::UTC);
    return m_impl->write<void>([impl = m_impl.get(), ids = std::move(trashed),
                                whenever](Database& database) -> Result<void> {
        RETURN_IF_ERROR(impl->writePending(database));
        RETURN_IF_ERROR(app::emptyTrash(database, ids, whenever));
        return impl->eraseMissing(ids);
    });
}

ConversationStore::Reply<QJsonObject> ConversationStore::settings() {
    return m_impl->read<QJsonObject>(loadSettings);
}

ConversationStore::Reply<void> ConversationStore::setSetting(const QString& key,
                                                             const QJsonValue& value) {
    return m_impl->keep("setting " + key,
                        [=](Database& database) { return saveSetting(database, key, value); });
}

ConversationStore::Reply<std::vector<StoredGrant>> ConversationStore::grants() {
    return m_impl->read<std::vector<StoredGrant>>(loadGrants);
}

ConversationStore::Reply<StoredGrant> ConversationStore::addGrant(const QString& folder,
                                                                  const QString& access) {
    return m_impl->write<StoredGrant>(
        [=, when = QDateTime::currentDateTimeUtc()](Database& database) {
            return saveGrant(database, folder, access, when);
        });
}

ConversationStore::Reply<void> ConversationStore::removeGrant(qint64 id) {
    return m_impl->write<void>([=](Database& database) { return deleteGrant(database, id); });
}

ConversationStore::Reply<std::vector<Persona>> ConversationStore::personas() {
    return m_impl->read<std::vector<Persona>>(loadPersonas);
}

ConversationStore::Reply<void> ConversationStore::save(const Persona& persona) {
    return m_impl->write<void>([=, when = QDateTime::currentDateTimeUtc()](Database& database) {
        return savePersona(database, persona, when);
    });
}

ConversationStore::Reply<void> ConversationStore::removePersona(const QString& id) {
    return m_impl->write<void>([=, impl = m_impl.get()](Database& database) -> Result<void> {
        RETURN_IF_ERROR(deletePersona(database, id));
        return impl->eraseFromBackups([&](Database& copy) { return deletePersona(copy, id); });
    });
}

ConversationStore::Reply<StoredNotes> ConversationStore::notes() {
    return m_impl->read<StoredNotes>(loadNotes);
}

// What the user does with a note is answered where it was done: the failure is in the answer.

ConversationStore::Reply<Note> ConversationStore::save(const Note& note) {
    return m_impl->read<Note>([=, impl = m_impl.get()](Database& database) -> Result<Note> {
        ASSIGN_OR_RETURN(const Note saved, saveNote(database, note));
        // Another wording: the one before is nowhere any more.
        if (note.id != 0 && saved.textId != note.textId)
            RETURN_IF_ERROR(impl->eraseFromBackups(
                [&](Database& copy) { return app::forgetNote(copy, note.id); }));
        return saved;
    });
}

ConversationStore::Reply<void> ConversationStore::forgetNote(NoteId id) {
    return m_impl->read<void>([=, impl = m_impl.get()](Database& database) -> Result<void> {
        RETURN_IF_ERROR(app::forgetNote(database, id));
        return impl->eraseFromBackups([&](Database& copy) { return app::forgetNote(copy, id); });
    });
}

ConversationStore::Reply<void> ConversationStore::restoreNote(const ForgottenNote& note) {
    return m_impl->read<void>([=](Database& database) { return app::restoreNote(database, note); });
}

ConversationStore::Reply<void> ConversationStore::saveNoteDraft(const QJsonObject& draft) {
    const auto work = [=, impl = m_impl.get()](Database& database) -> Result<void> {
        RETURN_IF_ERROR(app::saveNoteDraft(database, draft));
        if (!draft.isEmpty()) return {};
        return impl->eraseFromBackups([&](Database& copy) { return app::saveNoteDraft(copy, {}); });
    };
    return m_impl->keep("draft of a note", work);
}

ConversationStore::Reply<void> ConversationStore::saveBegunNotes(const BegunNotes& begun) {
    return m_impl->keep(QStringLiteral("notes of %1").arg(begun.conversation),
                        [=](Database& database) { return app::saveBegunNotes(database, begun); });
}

}  // namespace lares::app

#include "moc_conversation_store.cpp"
