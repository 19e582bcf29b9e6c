#include "app/chat/chat_controller.h"

#include "app/chat/answer_turn.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/chat/grant_book.h"
#include "app/chat/message_saver.h"
#include "app/store/conversation_store.h"

#include <QDir>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <deque>
#include <utility>

namespace lares::app {
namespace {

constexpr int kListPreviewLength = 80;
constexpr int kDemoTokens = 512;  // a small model that loops should not do so for long

ProtectedFolders protectedFolders(const std::filesystem::path& dataFolder) {
    ProtectedFolders folders;
    folders.home = QDir::homePath().toStdString();
    if (!dataFolder.empty()) folders.app_data.push_back(dataFolder.string());
    return folders;
}

Part textPart(const QString& typed) {
    Part part;
    part.text = typed.trimmed();
    return part;
}

Broker::Options brokerOptions() {
    Broker::Options options;
    options.home = QDir::homePath().toStdString();
    return options;
}

}  // namespace

struct ChatController::Impl {
    Impl(ChatController& owner, const Dependencies& dependencies)
        : controller(owner)
        , store(dependencies.store)
        , tokens(dependencies.tokens)
        , personas(dependencies.personas)
        , demoModel(QString::fromStdString(dependencies.demoModel.string()))
        , grantList(protectedFolders(dependencies.dataFolder))
        , grants(grantList, dependencies.store)
        , broker(grantList, brokerOptions())
        , saver(dependencies.store) {
        if (personas.empty()) personas.push_back({"lares", "Lares", {}, {}});
        toolThread.setMaxThreadCount(1);
    }

    ~Impl() {
        turns.clear();  // stops what runs; the jobs below hold the rest alive
        toolThread.waitForDone();
    }

    ChatController& controller;
    ConversationStore* store;
    TokenSource* tokens;
    std::vector<Persona> personas;
    QString demoModel;

    ConversationListModel list;
    std::shared_ptr<ConversationModel> shown = std::make_shared<ConversationModel>();
    bool isShownStored = false;  ///< false: a new one without messages, in no list
    bool isShownLoading = false;
    QJsonObject settings;

    ModelState modelState = ModelState::None;
    QString modelPath;
    QString modelName;
    DeviceInfo device;
    int contextLength = 0;
    QString nextModel;  ///< to load as soon as the source is idle; empty: none

    GrantList grantList;
    GrantBook grants;
    Broker broker;
    MessageSaver saver;
    QThreadPool toolThread;
    std::deque<std::unique_ptr<AnswerTurn>> turns;  ///< the first one runs
    bool isFirstStarted = false;
    MessageId lastMessageId = 0;  ///< where there is no store to ask
    ConversationId lastConversationId = 0;

    [[nodiscard]] ConversationId newConversationId() {
        return store ? store->newConversationId() : ++lastConversationId;
    }
    [[nodiscard]] MessageId newMessageId() {
        return store ? store->newMessageId() : ++lastMessageId;
    }

    [[nodiscard]] const Persona& personaOf(const QString& id) const {
        const auto found = std::find_if(personas.begin(), personas.end(),
                                        [&](const Persona& persona) { return persona.id == id; });
        return found == personas.end() ? personas.front() : *found;
    }
    [[nodiscard]] AnswerTurn* turnOf(ConversationId conversation) const {
        for (const auto& turn : turns) {
            if (turn->conversation() == conversation) return turn.get();
        }
        return nullptr;
    }
    [[nodiscard]] bool isDemo() const { return modelPath == demoModel; }

    // Loading the model.
    void load(const QString& path);
    void modelLoaded(const ModelInfo& info);
    void modelFailed(const Error& error);
    void setModelState(ModelState state);

    // Conversations.
    void show(std::shared_ptr<ConversationModel> model, bool isStored);
    void openNew();
    void open(ConversationId id);
    void opened(const ConversationInfo& info, const Result<std::vector<ChatMessage>>& messages);
    void takeUpInterrupted();
    void saveInfo(const ConversationInfo& info);

    // The turn.
    void sendMessage(ChatMessage message);
    void beginAnswer(const std::shared_ptr<ConversationModel>& model, MessageId parent);
    void addTurn(const std::shared_ptr<ConversationModel>& model, ChatMessage answer);
    void startNext();
    void turnFinished(AnswerTurn* turn);
    void showStats(const AnswerTurn* turn, const GenerationStats& stats);
    [[nodiscard]] AnswerTurn::Settings turnSettings(const QString& personaId) const;
};

// --- the model ----------------------------------------------------------------------------------

void ChatController::Impl::setModelState(ModelState state) {
    modelState = state;
    emit controller.modelStateChanged();
}

void ChatController::Impl::load(const QString& path) {
    const QString chosen = path.isEmpty() ? demoModel : path;
    if (tokens->isBusy()) {  // a load or an answer: it ends first, and then this follows
        nextModel = chosen;
        tokens->stop();
        return;
    }
    nextModel.clear();
    modelPath = chosen;
    setModelState(ModelState::Loading);
    tokens->load(std::filesystem::path(chosen.toStdString()));
}

void ChatController::Impl::modelLoaded(const ModelInfo& info) {
    if (!nextModel.isEmpty()) return load(nextModel);
    modelName = info.name;
    device = info.device;
    contextLength = info.contextLength;
    setModelState(ModelState::Ready);
    if (store) store->setSetting("model", isDemo() ? QString() : modelPath);
    if (!info.notice.isEmpty()) emit controller.problem(info.notice, {});
    startNext();
}

void ChatController::Impl::modelFailed(const Error& error) {
    if (!nextModel.isEmpty()) return load(nextModel);
    const bool wasCancelled = error.code == ErrorCode::Cancelled;
    setModelState(wasCancelled ? ModelState::None : ModelState::Failed);
    const QString sentence = QString::fromStdString(error.message);
    if (!wasCancelled) emit controller.modelFailed(sentence);
    startNext();  // which fails what waits, with a sentence
}

// --- conversations ------------------------------------------------------------------------------

void ChatController::Impl::show(std::shared_ptr<ConversationModel> model, bool isStored) {
    shown = std::move(model);
    isShownStored = isStored;
    emit controller.conversationChanged();
    emit controller.personaChanged();
    emit controller.answeringChanged();
    emit controller.questionChanged();
}

void ChatController::Impl::openNew() {
    auto model = std::make_shared<ConversationModel>();
    ConversationInfo info;
    info.id = newConversationId();
    info.personaId = settings["persona"].toString(personas.front().id);
    info.createdAt = info.updatedAt = QDateTime::currentDateTimeUtc();
    info.draft = settings["newDraft"].toString();
    model->setMessages(info, {});
    isShownLoading = false;
    show(std::move(model), false);
    emit controller.conversationLoaded();
}

void ChatController::Impl::open(ConversationId id) {
    const int row = list.rowOf(id);
    if (row < 0 || (shown->info().id == id && isShownStored)) return;
    if (AnswerTurn* turn = turnOf(id)) {  // its model is alive and ahead of the disk
        isShownLoading = false;
        show(turn->model(), true);
        emit controller.conversationLoaded();
        return;
    }
    const ConversationInfo info = list.at(row);
    auto model = std::make_shared<ConversationModel>();
    model->setMessages(info, {});
    isShownLoading = true;
    show(std::move(model), true);
    store->messages(id).then(
        &controller,
        [this, info](const Result<std::vector<ChatMessage>>& messages) { opened(info, messages); });
    store->setSetting("lastConversation", QString::number(id));
}

void ChatController::Impl::opened(const ConversationInfo& info,
                                  const Result<std::vector<ChatMessage>>& messages) {
    if (shown->info().id != info.id || !isShownLoading) return;  // another one was opened meanwhile
    isShownLoading = false;
    if (messages) {
        std::vector<ChatMessage> all = *messages;
        for (ChatMessage& newer : saver.unsaved(info.id)) {
            const auto old = std::find_if(
                all.begin(), all.end(), [&](const ChatMessage& one) { return one.id == newer.id; });
            old == all.end() ? all.push_back(std::move(newer)) : void(*old = std::move(newer));
        }
        shown->setMessages(info, std::move(all));
    } else {
        emit controller.problem(tr("This conversation cannot be read: %1")
                                    .arg(QString::fromStdString(messages.error().message)),
                                QString::fromStdString(messages.error().message));
    }
    emit controller.conversationLoaded();
    takeUpInterrupted();
}

/// The program ended while a message was being written: a waiting question is asked again, anything
/// else is marked as what it is.
void ChatController::Impl::takeUpInterrupted() {
    for (int row = 0; row < shown->rowCount(); ++row) {
        ChatMessage message = shown->messageAt(row);
        if (message.state != ChatMessage::State::Generating) continue;
        const bool waits = std::any_of(
            message.parts.begin(), message.parts.end(),
            [](const Part& part) { return part.callState == Part::CallState::Waiting; });
        if (waits && row == shown->rowCount() - 1) {
            addTurn(shown, message);
            continue;
        }
        for (Part& part : message.parts) {
            if (part.callState == Part::CallState::Running ||
                part.callState == Part::CallState::Waiting)
                part.callState = Part::CallState::Failed;
        }
        Part notice;
        notice.kind = Part::Kind::Notice;
        notice.text = tr("Lares ended while this was being written. What had arrived is kept.");
        message.parts.push_back(std::move(notice));
        message.state = ChatMessage::State::Stopped;
        shown->update(message);
        saver.put(message, shown, MessageSaver::When::Soon);
    }
}

void ChatController::Impl::saveInfo(const ConversationInfo& info) {
    if (info.id == shown->info().id) shown->setInfo(info);
    for (const auto& turn : turns) {
        if (turn->conversation() == info.id) turn->model()->setInfo(info);
    }
    if (list.rowOf(info.id) < 0) return;
    list.put(info);
    if (store) store->save(info);
}

// --- the turn -----------------------------------------------------------------------------------

AnswerTurn::Settings ChatController::Impl::turnSettings(const QString& personaId) const {
    AnswerTurn::Settings turn;
    turn.system = personaOf(personaId).system;
    turn.isThinking = settings["thinking"].toBool(true);
    if (isDemo()) {
        turn.sampling = SamplingParams::greedy();  // its best answer is its likeliest
        turn.maxTokens = kDemoTokens;
    } else {
        turn.sampling.seed = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch());
    }
    return turn;
}

void ChatController::Impl::sendMessage(ChatMessage message) {
    const std::shared_ptr<ConversationModel> model = shown;
    ConversationInfo info = model->info();
    info.updatedAt = message.createdAt;
    info.activeLeaf = message.id;
    info.draft.clear();
    if (info.preview.isEmpty())
        info.preview = markdownOf(message).simplified().left(kListPreviewLength);
    const auto stored = [this, model, info, message] {
        // What the user did while it was written (a title, a persona) wins over what was sent.
        ConversationInfo now = model->info();
        now.updatedAt = info.updatedAt;
        now.preview = info.preview;
        now.draft.clear();
        model->setInfo(now);
        model->append(message);
        now.activeLeaf = message.id;
        list.put(now);
        if (shown == model) isShownStored = true;
        beginAnswer(model, message.id);
    };
    if (!store) return stored();
    // The end of the answer before it may still wait; a message on disk has its parent there.
    saver.flush();
    store->save(message, info)
        .then(&controller, [this, stored, message](const Result<void>& result) {
            if (result) return stored();
            emit controller.notSent(markdownOf(message));
        });
    store->setSetting("lastConversation", QString::number(info.id));
}

void ChatController::Impl::beginAnswer(const std::shared_ptr<ConversationModel>& model,
                                       MessageId parent) {
    ChatMessage answer;
    answer.id = newMessageId();
    answer.conversation = model->info().id;
    answer.parent = parent;
    answer.role = Role::Assistant;
    answer.state = ChatMessage::State::Generating;
    answer.personaId = model->info().personaId;
    answer.createdAt = QDateTime::currentDateTimeUtc();
    model->append(answer);
    saver.put(answer, model, MessageSaver::When::Now);
    addTurn(model, std::move(answer));
}

void ChatController::Impl::addTurn(const std::shared_ptr<ConversationModel>& model,
                                   ChatMessage answer) {
    const QString persona = answer.personaId;
    auto turn =
        std::make_unique<AnswerTurn>(AnswerTurn::Tools{tokens, &broker, &toolThread, &saver},
                                     turnSettings(persona), model, std::move(answer));
    AnswerTurn* added = turn.get();
    connect(added, &AnswerTurn::questionChanged, &controller, &ChatController::questionChanged);
    connect(added, &AnswerTurn::problem, &controller, [this](const QString& sentence) {
        device = {};
        emit controller.problem(sentence, {});
        emit controller.modelStateChanged();
    });
    connect(added, &AnswerTurn::grantsMayHaveChanged, &controller, [this] { grants.sync(); });
    connect(added, &AnswerTurn::promptProgress, &controller, [this, added](int done, int total) {
        if (added->model() == shown) emit controller.promptProgress(done, total);
    });
    connect(added, &AnswerTurn::stats, &controller,
            [this, added](const GenerationStats& stats) { showStats(added, stats); });
    connect(added, &AnswerTurn::finished, &controller, [this, added] { turnFinished(added); });
    turns.push_back(std::move(turn));
    startNext();
    emit controller.answeringChanged();
}

void ChatController::Impl::startNext() {
    if (turns.empty() || isFirstStarted) return;
    if (modelState == ModelState::Loading) return;  // goes on when it is there
    if (modelState != ModelState::Ready) {
        turns.front()->fail(
            tr("No model is loaded. Choose one in Settings, then press Regenerate."));
        return;
    }
    if (tokens->isBusy()) return;
    isFirstStarted = true;
    list.setBusy(turns.front()->conversation());
    turns.front()->start();
}

void ChatController::Impl::turnFinished(AnswerTurn* turn) {
    const auto found = std::find_if(turns.begin(), turns.end(),
                                    [&](const auto& one) { return one.get() == turn; });
    if (found == turns.end()) return;
    const std::shared_ptr<ConversationModel> model = turn->model();
    if (found == turns.begin()) isFirstStarted = false;
    found->release()->deleteLater();
    turns.erase(found);
    list.setBusy(0);
    if (list.rowOf(model->info().id) >= 0) list.put(model->info());
    emit controller.answeringChanged();
    // Later, when the source is idle and nobody is in the middle of this turn's signals.
    QTimer::singleShot(0, &controller, [this] {
        nextModel.isEmpty() || tokens->isBusy() ? startNext() : load(nextModel);
    });
}

void ChatController::Impl::showStats(const AnswerTurn* turn, const GenerationStats& stats) {
    if (turn->model() != shown) return;
    emit controller.statsChanged(stats.decode_tps, stats.first_token_ms,
                                 stats.prompt_tokens + stats.generated_tokens, contextLength);
}

// --- what the window calls
// ------------------------------------------------------------------------

ChatController::ChatController(const Dependencies& dependencies, QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, dependencies)) {
    Impl& impl = *m_impl;
    connect(impl.tokens, &TokenSource::loadProgress, this, &ChatController::modelProgress);
    connect(impl.tokens, &TokenSource::loaded, this,
            [&impl](const ModelInfo& info) { impl.modelLoaded(info); });
    connect(impl.tokens, &TokenSource::loadFailed, this,
            [&impl](const Error& error) { impl.modelFailed(error); });
    connect(&impl.grants, &GrantBook::changed, this, &ChatController::grantsChanged);
    connect(&impl.grants, &GrantBook::notRestored, this,
            [this](const QString& sentence) { emit problem(sentence, sentence); });
    if (impl.store) {
        connect(impl.store, &ConversationStore::writeFailed, this,
                [this](const QString& sentence) { emit problem(sentence, sentence); });
        connect(impl.store, &ConversationStore::databaseReplaced, this,
                [this](const QString& sentence) { emit problem(sentence, sentence); });
    }
    impl.openNew();
}

ChatController::~ChatController() = default;

void ChatController::start() {
    Impl& impl = *m_impl;
    impl.grants.load();
    if (!impl.store) {
        emit ready();
        return;
    }
    impl.store->settings().then(this, [&impl](const Result<QJsonObject>& settings) {
        if (settings) impl.settings = *settings;
    });
    impl.store->conversations().then(
        this, [this, &impl](const Result<std::vector<ConversationInfo>>& conversations) {
            if (conversations) impl.list.setConversations(*conversations);
            const ConversationId last = impl.settings["lastConversation"].toString().toLongLong();
            if (impl.list.rowOf(last) >= 0 && !impl.isShownStored && impl.shown->rowCount() == 0) {
                impl.open(last);
            } else {
                impl.openNew();  // once more, now with the settings
            }
            for (auto at = impl.settings.begin(); at != impl.settings.end(); ++at)
                emit settingChanged(at.key());
            emit ready();
        });
}

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
    return m_impl->personas;
}
const Persona& ChatController::persona() const {
    return m_impl->personaOf(m_impl->shown->info().personaId);
}

QStringList ChatController::examples() const {
    QStringList examples = {tr("What time is it?"), tr("What is 17 * 23?")};
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString folder = QDir(documents).exists() ? documents : QDir::homePath();
    QString shownAs = folder;
    const QString below = QDir::homePath() + '/';
    if (folder.startsWith(below)) shownAs = "~/" + folder.mid(below.size());
    if (folder != QDir::homePath())
        examples << tr("What is in %1?").arg(shownAs);
    else
        examples << tr("What can you do?");
    return examples;
}

bool ChatController::isAnswering() const {
    return m_impl->turnOf(m_impl->shown->info().id);
}

bool ChatController::isBusyElsewhere() const {
    return !m_impl->turns.empty() && !isAnswering();
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

const PermissionQuestion* ChatController::question() const {
    const AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id);
    return turn ? turn->question() : nullptr;
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
    if (m_impl->modelState == ModelState::Loading) m_impl->tokens->stop();
}

void ChatController::newConversation() {
    if (!m_impl->isShownStored && m_impl->shown->rowCount() == 0) return;  // it is one
    m_impl->openNew();
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
    info.isPinned = isPinned;
    m_impl->saveInfo(info);
}

void ChatController::deleteConversation(ConversationId id) {
    Impl& impl = *m_impl;
    const int row = impl.list.rowOf(id);
    if (row < 0) return;
    if (AnswerTurn* turn = impl.turnOf(id)) turn->stop();
    const QString title = impl.list.data(impl.list.index(row), Qt::DisplayRole).toString();
    impl.list.remove(id);
    impl.grants.endConversation(id);
    if (impl.shown->info().id == id) impl.openNew();
    if (impl.store) impl.store->moveToTrash(id);
    emit deleted(id, title);
}

void ChatController::restoreConversation(ConversationId id) {
    Impl& impl = *m_impl;
    if (!impl.store) return;
    impl.store->restoreFromTrash(id);
    impl.store->conversations().then(
        this, [this, &impl, id](const Result<std::vector<ConversationInfo>>& conversations) {
            if (!conversations) return;
            impl.list.setConversations(*conversations);
            openConversation(id);
        });
}

void ChatController::setPersona(const QString& id) {
    ConversationInfo info = m_impl->shown->info();
    info.personaId = m_impl->personaOf(id).id;
    m_impl->shown->setInfo(info);
    m_impl->saveInfo(info);
    setSetting("persona", info.personaId);
    emit personaChanged();
}

void ChatController::setThinking(bool isOn) {
    setSetting("thinking", isOn);
}

void ChatController::saveDraft(const QString& text) {
    ConversationInfo info = m_impl->shown->info();
    if (info.draft == text) return;
    info.draft = text;
    m_impl->shown->setInfo(info);
    if (m_impl->isShownStored) {
        m_impl->saveInfo(info);
    } else {
        setSetting("newDraft", text);
    }
}

void ChatController::send(const QString& text) {
    if (text.trimmed().isEmpty() || isAnswering() || isConversationLoading()) return;
    if (!m_impl->isShownStored) setSetting("newDraft", QString());
    ChatMessage message;
    message.id = m_impl->newMessageId();
    message.conversation = m_impl->shown->info().id;
    message.parent = m_impl->shown->activeLeaf();
    message.createdAt = QDateTime::currentDateTimeUtc();
    message.parts = {textPart(text)};
    m_impl->sendMessage(std::move(message));
}

void ChatController::stop() {
    if (AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id)) turn->stop();
}

void ChatController::edit(MessageId userMessage, const QString& text) {
    const ChatMessage* edited = m_impl->shown->find(userMessage);
    if (!edited || edited->role != Role::User || text.trimmed().isEmpty() || isAnswering()) return;
    ChatMessage message = *edited;
    message.id = m_impl->newMessageId();
    message.createdAt = QDateTime::currentDateTimeUtc();
    message.parts = {textPart(text)};
    m_impl->sendMessage(std::move(message));
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

void ChatController::answerQuestion(PermissionAnswer answer) {
    if (AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id)) turn->answerQuestion(answer);
}

void ChatController::revokeGrant(const GrantInfo& grant) {
    m_impl->grants.revoke(grant.id);
}

void ChatController::setSetting(const QString& key, const QJsonValue& value) {
    if (m_impl->settings[key] == value) return;
    m_impl->settings[key] = value;
    if (m_impl->store) m_impl->store->setSetting(key, value);
    emit settingChanged(key);
}

}  // namespace lares::app
