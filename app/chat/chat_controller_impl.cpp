#include "app/chat/chat_controller_impl.h"

#include "app/chat/call_changes.h"
#include "app/store/store_format.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QTimer>

#include <utility>

namespace lares::app {
namespace {

ProtectedFolders protectedFolders(const std::filesystem::path& dataFolder) {
    ProtectedFolders folders;
    folders.home = QDir::homePath().toStdString();
    if (!dataFolder.empty())
        folders.app_data.push_back(QFileInfo(dataFolder).filePath().toStdString());
    return folders;
}

/// Where the copies of replaced files lie: in our own data, which no tool may touch.
std::filesystem::path journalFolder(const std::filesystem::path& dataFolder) {
    return dataFolder.empty() ? std::filesystem::path() : dataFolder / kUndoFolder;
}

/// Beside it, for the same reason.
std::filesystem::path toolLogFolder(const std::filesystem::path& dataFolder) {
    return dataFolder.empty() ? std::filesystem::path() : dataFolder / kToolLogFolder;
}

std::filesystem::path libraryFile(const std::filesystem::path& dataFolder) {
    return dataFolder.empty() ? std::filesystem::path() : dataFolder / kLibraryFile;
}

/// Without a folder to keep anything in, nothing is changed and no command runs.
Broker::Options brokerOptions(const ChatController::Dependencies& dependencies,
                              ChangeLog* changes,
                              CallLog* audit,
                              ServerSet* servers,
                              DocumentLibrary* library,
                              NoteKeeper* notes,
                              PastReader* past) {
    Broker::Options options;
    options.home = QDir::homePath().toStdString();
    if (dependencies.dataFolder.empty()) return options;
    options.changes = changes;
    options.audit = audit;
    if (dependencies.store) options.notes = notes;
    if (dependencies.store) options.past = past;
    options.commands = dependencies.sandbox;
    options.servers = servers;
    options.library = &library->index();
    options.library_is_behind = [library] { library->readLater(); };
    options.scratch_folder =
        QFileInfo(dependencies.dataFolder / kWorkFolder).filePath().toStdString();
    return options;
}

ServerSet::Options serverOptions(const ChatController::Dependencies& dependencies,
                                 const GrantList& grants) {
    ServerSet::Options options;
    options.book = dependencies.dataFolder / kServersFile;
    options.data_folder = dependencies.dataFolder / kServersFolder;
    options.sandbox = dependencies.sandbox;
    options.check_folder = [&grants](const FolderHandle& folder) {
        return grants.check_grantable(folder);
    };
    options.client.version = QCoreApplication::applicationVersion().toStdString();
    return options;
}

}  // namespace

ChatController::Impl::Impl(ChatController& owner, const Dependencies& dependencies)
    : controller(owner)
    , store(dependencies.store)
    , tokens(dependencies.tokens)
    , personas(dependencies.personas, dependencies.store)
    , notes(dependencies.store)
    , noteDesk(dependencies.store, &notes)
    , pastDesk(dependencies.store)
    , demoModel(QFileInfo(dependencies.demoModel).filePath())
    , download(dependencies.download)
    , finder(dependencies.store)
    , grantList(protectedFolders(dependencies.dataFolder))
    , grants(grantList, dependencies.store)
    , journal(journalFolder(dependencies.dataFolder))
    , toolLog(toolLogFolder(dependencies.dataFolder))
    , keepsToolLog(!dependencies.dataFolder.empty())
    , servers(serverOptions(dependencies, grantList))
    , library(libraryFile(dependencies.dataFolder), grantList)
    , broker(
          grantList,
          brokerOptions(dependencies, &journal, &toolLog, &servers, &library, &noteDesk, &pastDesk))
    , sandbox(dependencies.dataFolder.empty() ? nullptr : dependencies.sandbox)
    , saver(dependencies.store) {
    clock = dependencies.clock;
    watchMemory(dependencies.lookEvery);
    toolThread.setMaxThreadCount(1);
    logThread.setMaxThreadCount(1);
    fileThread.setMaxThreadCount(1);
    serverThread.setMaxThreadCount(1);
}

ChatController::Impl::~Impl() {
    ending.request_stop();
    turns.clear();  // stops what runs; the jobs below hold the rest alive
    toolThread.waitForDone();
    endWork();
}

void ChatController::Impl::endWork() {
    ending.request_stop();
    logThread.waitForDone();
    serverThread.waitForDone();
    fileThread.waitForDone();
    tokens->waitForViews();
    if (store) store->waitForDone();
}

void ChatController::endWork() {
    m_impl->endWork();
}

// --- the model ----------------------------------------------------------------------------------

void ChatController::Impl::setModelState(ModelState state) {
    modelState = state;
    if (state != ModelState::Ready) memoryTimer.stop();
    emit controller.modelStateChanged();
}

void ChatController::Impl::load(const QString& path) {
    stopCondensing();
    const QString chosen = path.isEmpty() ? demoModel : path;
    const bool wasPutAway = modelState == ModelState::PutAway || controller.isComingBack();
    isComingBack = wasPutAway && chosen == modelPath;
    // A load, an unload or an answer: it ends first, and then this follows.
    if (tokens->isBusy()) {
        nextModel = chosen;
        tokens->stop();
        if (modelState == ModelState::PutAway) setModelState(ModelState::Loading);
        return;
    }
    nextModel.clear();
    modelPath = chosen;
    setModelState(ModelState::Loading);
    tokens->load(QFileInfo(chosen).filesystemFilePath());
}

void ChatController::Impl::modelLoaded(const ModelInfo& info) {
    if (!nextModel.isEmpty()) return load(nextModel);
    const bool cameBack = std::exchange(isComingBack, false);
    const bool leftCard = cameBack && device.memory && !info.device.memory;
    modelName = info.name;
    device = info.device;
    contextLength = info.contextLength;
    setModelState(ModelState::Ready);
    beginWatching();
    if (leftCard) {
        emit controller.problem(tr("The model is back, but on the processor, which is slower: %1. "
                                   "When there is room again, free the model's memory: the next "
                                   "question takes it back to the card.")
                                    .arg(device.whyCpu),
                                {});
    }
    if (store) store->setSetting("model", isDemo() ? QString() : modelPath);
    if (!info.notice.isEmpty()) emit controller.problem(info.notice, {});
    lastAhead.clear();
    startNext();
    // A new conversation's first question comes soon, and so does one for which the model came
    // back; another conversation may only be looked at.
    if (shown->rowCount() == 0 || cameBack) readAhead();
}

void ChatController::Impl::modelFailed(const Error& error) {
    if (!nextModel.isEmpty()) return load(nextModel);
    const bool wasCancelled = error.code == ErrorCode::Cancelled;
    const bool staysAway = std::exchange(isComingBack, false) && wasCancelled;
    setModelState(staysAway      ? ModelState::PutAway
                  : wasCancelled ? ModelState::None
                                 : ModelState::Failed);
    const QString sentence = QString::fromStdString(error.message);
    if (!wasCancelled) emit controller.modelFailed(sentence);
    if (staysAway) return failWaiting();
    startNext();  // which fails what waits, with a sentence
}

// --- conversations ------------------------------------------------------------------------------

void ChatController::Impl::show(std::shared_ptr<ConversationModel> model, bool isStored) {
    // The one before lives until everybody has let go of it.
    const std::shared_ptr<ConversationModel> before = std::exchange(shown, std::move(model));
    isShownStored = isStored;
    lastStats = {};
    emit controller.conversationChanged();
    emit controller.personaChanged();
    emit controller.answeringChanged();
    emit controller.questionChanged();
    const bool isLeft = before != shown && before->info().isTemporary;
    if (isLeft && isEmpty(*before)) controller.throwAway(before->info().id);
}

ConversationInfo ChatController::Impl::newInfo() {
    ConversationInfo info;
    info.id = newConversationId();
    info.personaId = settings["persona"].toString(personas.personas().front().id);
    info.createdAt = info.updatedAt = QDateTime::currentDateTimeUtc();
    return info;
}

void ChatController::Impl::openNew() {
    auto model = std::make_shared<ConversationModel>();
    ConversationInfo info = newInfo();
    if (!isNewOnItsWay()) info.draft = settings[kNewDraft].toString();
    model->setMessages(info, {});
    isShownLoading = false;
    show(std::move(model), false);
    emit controller.conversationLoaded();
}

void ChatController::Impl::open(ConversationId id) {
    const int row = list.rowOf(id);
    if (row < 0 || (shown->info().id == id && isShownStored)) return;
    const auto alive = modelsOf(id);
    if (!list.at(row).isTemporary) noteLast(id);
    if (!alive.empty()) {  // and ahead of the disk
        isShownLoading = false;
        show(alive.front(), true);
        emit controller.conversationLoaded();
        return;
    }
    const ConversationInfo info = list.at(row);
    loadAttached(info);  // before the messages: what is sent then goes with it
    auto model = std::make_shared<ConversationModel>();
    model->setMessages(info, {});
    isShownLoading = true;
    show(std::move(model), true);
    store->messages(id).then(
        &controller,
        [this, info](const Result<std::vector<ChatMessage>>& messages) { opened(info, messages); });
}

void ChatController::Impl::noteLast(ConversationId id) {
    if (store) store->setSetting(kLastConversation, QString::number(id));
}

void ChatController::Impl::opened(const ConversationInfo& info,
                                  const Result<std::vector<ChatMessage>>& messages) {
    if (shown->info().id != info.id || !isShownLoading) return;  // another one was opened meanwhile
    isShownLoading = false;
    if (messages) {
        std::vector<ChatMessage> all = withNewer(*messages, saver.unsaved(info.id));
        ConversationInfo now = shown->info();  // a title or a folder may have changed meanwhile
        now.activeLeaf = info.activeLeaf;
        shown->setMessages(now, std::move(all));
    } else {
        emit controller.problem(tr("This conversation cannot be read: %1")
                                    .arg(QString::fromStdString(messages.error().message)),
                                QString::fromStdString(messages.error().message));
    }
    emit controller.conversationLoaded();
    takeUpInterrupted();
    showWantedMessage();
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
        findKeptNotes(message);
        for (Part& part : message.parts) {
            part.data.remove(kEditedNoteKey);
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
        findForgottenChanges(shown, message.id);
    }
}

std::vector<std::shared_ptr<ConversationModel>> ChatController::Impl::modelsOf(
    ConversationId id) const {
    std::vector<std::shared_ptr<ConversationModel>> models = {shown, aside.lock(),
                                                              temporaryModel(id)};
    for (const auto& turn : turns) models.push_back(turn->model());
    if (const auto sent = onTheirWay.constFind(id); sent != onTheirWay.cend())
        models.push_back(sent->model);
    for (const auto& model : saver.models()) models.push_back(model);
    std::erase_if(models, [&](const auto& model) { return !model || model->info().id != id; });
    std::sort(models.begin(), models.end());
    models.erase(std::unique(models.begin(), models.end()), models.end());
    return models;
}

// --- the turn -----------------------------------------------------------------------------------

void ChatController::Impl::beginAnswer(const std::shared_ptr<ConversationModel>& model,
                                       MessageId parent) {
    ChatMessage answer;
    answer.id = newMessageId();
    answer.conversation = model->info().id;
    answer.parent = parent;
    answer.role = Role::Assistant;
    answer.state = ChatMessage::State::Generating;
    answer.personaId = personas.personaOf(model->info().personaId).id;
    answer.createdAt = QDateTime::currentDateTimeUtc();
    model->append(answer);
    if (list.rowOf(answer.conversation) >= 0) list.put(model->info());
    saver.put(answer, model, MessageSaver::When::Now);
    addTurn(model, std::move(answer));
}

void ChatController::Impl::addTurn(const std::shared_ptr<ConversationModel>& model,
                                   ChatMessage answer) {
    const QString persona = answer.personaId;
    auto turn =
        std::make_unique<AnswerTurn>(AnswerTurn::Tools{tokens, &broker, &toolThread, &saver},
                                     turnSettings(persona, *model), model, std::move(answer));
    AnswerTurn* added = turn.get();
    connect(added, &AnswerTurn::questionChanged, &controller, [this, added] {
        emit controller.questionChanged();
        if (added->question() != nullptr) emit controller.permissionAwaited(added->conversation());
    });
    connect(added, &AnswerTurn::problem, &controller,
            [this](const QString& sentence) { deviceFailed(sentence); });
    connect(added, &AnswerTurn::grantsMayHaveChanged, &controller, [this] { grants.sync(); });
    connect(added, &AnswerTurn::changesMade, &controller, [this, added](int n) {
        emit controller.changesMade(added->message(),
                                    tr("Made %Ln change(s) to files", nullptr, n));
    });
    connect(added, &AnswerTurn::promptProgress, &controller, [this, added](int done, int total) {
        if (added->model() == shown) emit controller.promptProgress(done, total);
    });
    connect(added, &AnswerTurn::condensing, &controller, [this, added](int done, int total) {
        if (added->model() == shown) emit controller.condensing(done, total);
    });
    connect(added, &AnswerTurn::condensed, &controller, [this, added] {
        readWhole.remove(added->conversation());  // that ended here
        emit controller.summaryChanged();
    });
    connect(added, &AnswerTurn::stats, &controller,
            [this, added](const GenerationStats& stats) { showStats(added, stats); });
    connect(added, &AnswerTurn::finished, &controller, [this, added] { turnFinished(added); });
    turns.push_back(std::move(turn));
    startNext();
    emit controller.answeringChanged();
}

/// What runs goes on with the processor.
void ChatController::Impl::deviceFailed(const QString& sentence) {
    device = {};
    emit controller.modelStateChanged();  // first: it takes away what was said before
    emit controller.problem(sentence, {});
}

void ChatController::Impl::startNext() {
    if (turns.empty() || isFirstStarted) return;
    if (modelState == ModelState::PutAway) return controller.bringModelBack();
    if (modelState == ModelState::Loading) return;  // goes on when it is there
    if (modelState != ModelState::Ready) {
        turns.front()->fail(
            tr("No model is loaded. Choose one in Settings, then press Regenerate."));
        return;
    }
    stopCondensing();  // goOn follows where it was being written
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
    const ChatMessage* ended = model->find(turn->message());
    if (ended != nullptr && ended->state != ChatMessage::State::Stopped) {
        emit controller.answerEnded(model->info().id,
                                    ended->createdAt.msecsTo(QDateTime::currentDateTimeUtc()));
    }
    findForgottenChanges(model, turn->message());  // of a turn that went on after a restart
    askToolLog();
    if (found == turns.begin()) isFirstStarted = false;
    found->release()->deleteLater();
    turns.erase(found);
    forgetNotesRead();
    list.setBusy(0);
    if (list.rowOf(model->info().id) >= 0) list.put(model->info());
    emit controller.answeringChanged();
    // Later, when the source is idle and nobody is in the middle of this turn's signals.
    QTimer::singleShot(0, &controller, [this] {
        goOn();
        readAhead(Condense::Yes);
    });
}

void ChatController::Impl::goOn() {
    nextModel.isEmpty() || tokens->isBusy() ? startNext() : load(nextModel);
}

void ChatController::Impl::showStats(const AnswerTurn* turn, const GenerationStats& stats) {
    if (turn->model() != shown) return;
    lastStats = stats;
    emit controller.statsChanged(stats.decode_tps, stats.first_token_ms,
                                 stats.prompt_tokens + stats.generated_tokens, contextLength);
}

}  // namespace lares::app
