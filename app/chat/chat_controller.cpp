#include "app/chat/chat_controller.h"

#include "app/chat/chat_controller_impl.h"

#include <QDir>
#include <QStandardPaths>

#include <utility>

namespace lares::app {
ChatController::ChatController(const Dependencies& dependencies, QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, dependencies)) {
    Impl& impl = *m_impl;
    connect(impl.tokens, &TokenSource::loadProgress, this, &ChatController::modelProgress);
    connect(impl.tokens, &TokenSource::loaded, this,
            [&impl](const ModelInfo& info) { impl.modelLoaded(info); });
    connect(impl.tokens, &TokenSource::loadFailed, this,
            [&impl](const Error& error) { impl.modelFailed(error); });
    connect(impl.tokens, &TokenSource::snapshotUseChanged, this,
            &ChatController::readingsUseChanged);
    connect(&impl.grants, &GrantBook::changed, this, &ChatController::grantsChanged);
    connect(&impl.grants, &GrantBook::notRestored, this,
            [this](const QString& sentence) { emit problem(sentence, sentence); });
    connect(&impl.personas, &PersonaBook::problem, this,
            [this](const QString& sentence) { emit problem(sentence, sentence); });
    connect(&impl.personas, &PersonaBook::changed, this, [this] {
        emit personasChanged();
        emit personaChanged();
    });
    connect(&impl.library, &DocumentLibrary::changed, &impl.grants, &GrantBook::sync);
    impl.connectNotes();
    impl.connectStore();
    impl.openNew();
}

ChatController::~ChatController() = default;

ConversationListModel* ChatController::conversations() const {
    return &m_impl->list;
}
ConversationModel* ChatController::conversation() const {
    return m_impl->shown.get();
}
bool ChatController::isConversationLoading() const {
    return m_impl->isShownLoading;
}
const std::vector<Persona>& ChatController::personas() const {
    return m_impl->personas.personas();
}
const Persona& ChatController::persona() const {
    return m_impl->personas.personaOf(m_impl->shown->info().personaId);
}

bool ChatController::isOwnPersona(const QString& id) const {
    return m_impl->personas.isOwn(id);
}
bool ChatController::isChangedPersona(const QString& id) const {
    return m_impl->personas.isChanged(id);
}

ChatController::PersonaReply ChatController::savePersona(const Persona& persona) {
    return m_impl->personas.save(persona);
}

ChatController::PersonaReply ChatController::removePersona(const QString& id) {
    const bool wasOwn = isOwnPersona(id);
    return m_impl->personas.remove(id).then(this, [this, wasOwn](const Result<Persona>& removed) {
        if (removed) emit personaRemoved(*removed, wasOwn);
        return removed;
    });
}

ChatController::PersonaReply ChatController::duplicatePersona(const QString& id) {
    return m_impl->personas.duplicate(id);
}

QFuture<Result<ImportedPersona>> ChatController::importPersona(const QString& path) {
    return m_impl->personas.importFile(path);
}

QFuture<Result<void>> ChatController::exportPersona(const QString& id,
                                                    const QString& path,
                                                    PersonaFormat format) {
    return m_impl->personas.exportFile(id, path, format);
}

QStringList ChatController::examples() const {
    // The demo model was trained on English alone.
    const auto say = [this](const char* text) {
        return isDemoModel() ? QString::fromUtf8(text) : tr(text);
    };
    QStringList examples = {say(QT_TR_NOOP("What time is it?")),
                            say(QT_TR_NOOP("What is 17 * 23?"))};
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString folder = QDir(documents).exists() ? documents : QDir::homePath();
    QString shownAs = folder;
    const QString below = QDir::homePath() + '/';
    if (folder.startsWith(below)) shownAs = "~/" + folder.mid(below.size());
    if (folder != QDir::homePath())
        examples << say(QT_TR_NOOP("What is in %1?")).arg(shownAs);
    else
        examples << say(QT_TR_NOOP("What can you do?"));
    return examples;
}

bool ChatController::isAnswering() const {
    return isAnsweringIn(m_impl->shown->info().id);
}

bool ChatController::isBusyElsewhere() const {
    return (!m_impl->turns.empty() || !m_impl->onTheirWay.isEmpty()) && !isAnswering();
}

ChatController::ModelState ChatController::modelState() const {
    return m_impl->modelState;
}
const DeviceInfo& ChatController::device() const {
    return m_impl->device;
}
QString ChatController::modelName() const {
    return m_impl->modelName;
}
bool ChatController::isDemoModel() const {
    return m_impl->isDemo();
}

ModelDownload* ChatController::download() const {
    return &m_impl->download;
}
bool ChatController::usesDownload() const {
    const bool isChosen =
        m_impl->modelState != ModelState::None && m_impl->modelState != ModelState::Failed;
    return isChosen && m_impl->modelPath == m_impl->download.filePath();
}

const PermissionQuestion* ChatController::question() const {
    const AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id);
    return turn ? turn->question() : nullptr;
}

DocumentLibrary* ChatController::library() const {
    return &m_impl->library;
}

std::vector<GrantInfo> ChatController::grants() const {
    return m_impl->grants.grants();
}
QJsonValue ChatController::setting(const QString& key) const {
    return m_impl->settings[key];
}

void ChatController::loadModel(const QString& path) {
    m_impl->load(path);
}

void ChatController::cancelLoading() {
    if (m_impl->modelState != ModelState::Loading) return;
    m_impl->nextModel.clear();
    m_impl->tokens->stop();
}

void ChatController::loadDownload() {
    if (m_impl->download.state() == ModelDownload::State::Finished)
        m_impl->load(m_impl->download.filePath());
}

void ChatController::newConversation() {
    if (!m_impl->isShownStored && m_impl->shown->rowCount() == 0 && !isAnswering()) {  // it is one
        ConversationInfo info = m_impl->shown->info();
        if (std::exchange(info.folder, {}).isEmpty()) return;
        m_impl->shown->setInfo(info);
        return;
    }
    m_impl->openNew();
    m_impl->noteLast(0);
}

void ChatController::openConversation(ConversationId id) {
    m_impl->open(id);
}

void ChatController::renameConversation(ConversationId id, const QString& title) {
    const int row = m_impl->list.rowOf(id);
    ConversationInfo info = row >= 0 ? m_impl->list.at(row) : m_impl->shown->info();
    if (info.id != id) return;
    info.title = title.simplified();
    m_impl->saveInfo(info);
}

void ChatController::pinConversation(ConversationId id, bool isPinned) {
    const int row = m_impl->list.rowOf(id);
    if (row < 0) return;
    ConversationInfo info = m_impl->list.at(row);
    if (info.isTemporary) return;
    info.isPinned = isPinned;
    m_impl->saveInfo(info);
}

void ChatController::deleteConversation(ConversationId id) {
    Impl& impl = *m_impl;
    const int row = impl.list.rowOf(id);
    if (row < 0) return;
    if (impl.list.at(row).isTemporary) return throwAway(id);
    impl.leave(id);
    if (impl.condensingAside && impl.condensingAside->model->info().id == id) impl.stopCondensing();
    const QString title = impl.list.data(impl.list.index(row), Qt::DisplayRole).toString();
    impl.list.remove(id);
    impl.grants.endConversation(id);
    impl.servers.end_conversation(std::to_string(id));
    if (impl.shown->info().id == id) impl.openNew();
    impl.trashed.insert(id);
    if (impl.store) impl.store->moveToTrash(id);
    impl.forgetReading(id);
    emit deleted(id, title);
    emit trashChanged();
}

void ChatController::restoreConversation(ConversationId id) {
    Impl& impl = *m_impl;
    if (!impl.store) return;
    impl.trashed.remove(id);
    impl.restored[id] = impl.nListAsked;
    impl.saver.release(id);
    impl.store->restoreFromTrash(id);
    emit trashChanged();
    impl.readList([this, id] { openConversation(id); });
}

void ChatController::setPersona(const QString& id) {
    ConversationInfo info = m_impl->shown->info();
    info.personaId = m_impl->personas.personaOf(id).id;
    const bool isAnother = info.personaId != m_impl->shown->info().personaId;
    m_impl->shown->setInfo(info);
    m_impl->saveInfo(info);
    setSetting("persona", info.personaId);
    // It is read anew for the persona's own text, so with the notes that this one has.
    if (isAnother && m_impl->shown->rowCount() > 0) m_impl->beginNotes(info);
    emit notesChanged();
    emit personaChanged();
    m_impl->readAhead();
}

void ChatController::saveDraft(const QString& text) {
    ConversationInfo info = m_impl->shown->info();
    if (info.draft == text) return;
    info.draft = text;
    m_impl->shown->setInfo(info);
    if (m_impl->isShownStored) {
        m_impl->saveInfo(info);
    } else {
        setSetting(Impl::kNewDraft, text);
        m_impl->noteLast(0);
    }
    // Somebody writes here: by the time the question is there, the model knows what it is about.
    if (!text.trimmed().isEmpty()) m_impl->readAhead();
}

void ChatController::regenerate(MessageId answer) {
    const ChatMessage* old = m_impl->shown->find(answer);
    if (!old || old->role != Role::Assistant || isAnswering()) return;
    m_impl->beginAnswer(m_impl->shown, old->parent);
}

void ChatController::showVersion(MessageId message, int version) {
    const int row = m_impl->shown->rowOf(message);
    if (row < 0 || isAnswering()) return;
    m_impl->shown->showVersion(row, version);
    m_impl->saveInfo(m_impl->shown->info());
}

void ChatController::answerQuestion(PermissionAnswer answer, const QString& reason) {
    if (AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id))
        turn->answerQuestion(answer, reason);
}

void ChatController::revokeGrant(const GrantInfo& grant) {
    Impl& impl = *m_impl;
    for (const Grant& one : impl.grantList.list()) {
        // What is read because of it goes too.
        if (one.id != grant.id || !one.is_of_library) continue;
        impl.library.remove(grant.folder).then(this, [this](const Result<void>& removed) {
            if (removed) return;
            const QString sentence =
                tr("The folder could not be taken out of the document library, so its text is "
                   "still there, and it may be read again after the next start: %1. Try it once "
                   "more in Settings, under Documents.")
                    .arg(QString::fromStdString(removed.error().message));
            emit problem(sentence, sentence);
        });
    }
    impl.grants.revoke(grant.id);
    impl.logRevoked(grant);
}

void ChatController::setSetting(const QString& key, const QJsonValue& value) {
    if (m_impl->settings[key] == value) return;
    m_impl->settings[key] = value;
    if (m_impl->store) m_impl->store->setSetting(key, value);
    emit settingChanged(key);
}

}  // namespace lares::app
