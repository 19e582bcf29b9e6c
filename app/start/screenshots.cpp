#include "app/start/screenshots.h"

#include "app/approval/approval_card.h"
#include "app/approval/change_list.h"
#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/chat/message_finder.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/panel/parameter_list.h"
#include "app/start/attachment_screenshots.h"
#include "app/start/find_screenshots.h"
#include "app/start/formula_screenshots.h"
#include "app/start/library_screenshots.h"
#include "app/start/list_screenshots.h"
#include "app/start/lore_screenshots.h"
#include "app/start/memory_screenshots.h"
#include "app/start/notes_screenshots.h"
#include "app/start/panel_screenshots.h"
#include "app/start/sample_conversations.h"
#include "app/start/screenshot_script.h"
#include "app/start/server_screenshots.h"
#include "app/start/summary_screenshots.h"
#include "app/start/temporary_screenshots.h"
#include "app/start/wait_until.h"
#include "app/store/conversation_store.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/appearance.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/first_run_page.h"
#include "app/ui/main_window.h"
#include "app/ui/persona_answers.h"
#include "app/ui/persona_editor.h"
#include "app/ui/personas_page.h"
#include "app/ui/quick_window.h"
#include "app/ui/search_field.h"
#include "app/ui/settings_page.h"
#include "engine/base/json.h"
#include "tools/audit/audit_log.h"
#include "tools/sandbox/command_runner.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QScrollBar>
#include <QTemporaryDir>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>

namespace lares::app {
namespace {

void settle() {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 150) QApplication::processEvents(QEventLoop::AllEvents, 20);
}

/// A sandbox that is there, and in which nothing runs: the pictures end at the question.
class SampleSandbox final : public CommandSandbox {
public:
    [[nodiscard]] CommandSupport support() const override { return {true, {}, {}}; }
    [[nodiscard]] Result<CommandOutcome> run(const CommandSpec&,
                                             const std::stop_token&) const override {
        return Error{ErrorCode::Unsupported, "no command runs for a picture"};
    }
};

/// A download that is offered and never started: the pictures say themselves how far it is.
DownloadOptions offeredDownload() {
    DownloadOptions download;
    download.program = QApplication::applicationFilePath();
    download.folder = QDir::homePath() + "/.local/share/lares/models";
    if (const auto catalogue = readCatalogue(); catalogue && !catalogue->empty())
        download.entry = catalogue->front();
    return download;
}

void showDownloading(ModelDownload& download, qint64 done) {
    DownloadMessage message;
    message.phase = DownloadMessage::Phase::Downloading;
    download.receive(toLine(message));
    message.event = DownloadMessage::Event::Progress;
    message.done = done;
    message.total = download.entry().size;
    download.receive(toLine(message));
}

void showWaiting(ModelDownload& download) {
    DownloadMessage message;
    message.phase = DownloadMessage::Phase::Waiting;
    message.seconds = 8;
    message.message = "The connection to huggingface.co broke off.";
    download.receive(toLine(message));
}

void showDownloadFailure(ModelDownload& download) {
    DownloadMessage message;
    message.event = DownloadMessage::Event::Error;
    message.message =
        "There is not enough room for the model in ~/.local/share/lares/models: 1.9 GB more are "
        "needed, 1.1 GB are free. What is there is kept: make room, then go on.";
    download.receive(toLine(message));
}

void showArrived(ModelDownload& download) {
    DownloadMessage message;
    message.event = DownloadMessage::Event::Done;
    download.receive(toLine(message));
}

void fillToolLog(const std::filesystem::path& folder) {
    const auto log = AuditLog::open(folder);
    if (!log) return;
    DecidedCall call;
    call.conversation = "1";
    call.tool = "list_folder";
    call.is_allowed = true;
    for (int i = 0; i < kSampleInvoices; ++i) (void)(*log)->decided(call);
}

/// One window with its own store, in one theme.
class Session {
public:
    Session(const QString& home, const QString& theme, const std::vector<Persona>& personas)
        : m_tokens(*parse_json((screenshotScript()).toStdString())), m_theme(theme) {
        auto store = ConversationStore::open(QFileInfo(home + "/data").filesystemFilePath());
        if (store) m_store = std::move(*store);
        if (m_store) fillStore();
        fillToolLog(QFileInfo(home + "/data/audit").filesystemFilePath());
        makeSampleServers(QFileInfo(home + "/data").filesystemFilePath());
        ChatController::Dependencies dependencies;
        dependencies.store = m_store.get();
        m_tokens.setSnapshotUse({1'240'000'000, {}});
        dependencies.tokens = &m_tokens;
        dependencies.personas = personas;
        dependencies.demoModel = "lares-mini.gguf";
        dependencies.dataFolder = QFileInfo(home + "/data").filesystemFilePath();
        dependencies.download = offeredDownload();
        dependencies.sandbox = &m_sandbox;
        dependencies.clock = [this] { return m_time; };
        dependencies.lookEvery = std::chrono::milliseconds(20);
        m_controller = std::make_unique<ChatController>(dependencies);
        m_window = std::make_unique<MainWindow>(&m_appearance, m_controller.get(),
                                                QDir::homePath() + "/.local/share/lares");
        bool isReady = false;
        QObject::connect(m_controller.get(), &ChatController::ready, m_window.get(),
                         [&isReady] { isReady = true; });
        m_controller->start();
        waitUntil([&isReady] { return isReady; });
        m_window->restore();
        m_controller->setSetting("theme", theme);
        m_window->show();
    }

    ~Session() { m_controller->endWork(); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    MainWindow& window() { return *m_window; }
    ChatController& controller() { return *m_controller; }
    ScriptedTokenSource& tokens() { return m_tokens; }
    void passTime(std::chrono::milliseconds time) { m_time += time; }

    void loadModel() {
        m_controller->loadModel({});
        waitUntil(
            [this] { return m_controller->modelState() == ChatController::ModelState::Ready; });
    }

    Appearance& appearance() { return m_appearance; }

    bool save(const QString& folder, const QString& state) {
        return save(folder, state, *m_window);
    }
    bool save(const QString& folder, const QString& state, QWidget& window) {
        settle();
        const int percent = static_cast<int>(std::lround(window.devicePixelRatioF() * 100));
        const QString name = QString("%1/%2-%3-%4.png").arg(folder, state, m_theme).arg(percent);
        if (window.grab().save(name)) return true;
        std::fprintf(stderr, "lares: cannot write %s\n", qPrintable(name));
        return false;
    }

private:
    void fillStore() {
        // At noon, so that "an hour ago" is the same day.
        const QDateTime now(QDate::currentDate(), QTime(12, 0));
        for (const SampleConversation& sample : sampleConversations(now)) {
            m_store->save(sample.info);
            for (const ChatMessage& message : sample.messages) m_store->save(message);
        }
    }

    ScriptedTokenSource m_tokens;
    SampleSandbox m_sandbox;
    std::unique_ptr<ConversationStore> m_store;
    Appearance m_appearance;
    std::chrono::milliseconds m_time{0};
    std::unique_ptr<ChatController> m_controller;
    std::unique_ptr<MainWindow> m_window;
    QString m_theme;
};

void showBeginning(TranscriptView& transcript) {
    transcript.scrollToMessage(transcript.model()->messageAt(0).id);
    settle();
}

void showEnd(QScrollArea& page) {
    settle();  // what was unfolded has its place then
    page.verticalScrollBar()->setValue(page.verticalScrollBar()->maximum());
    settle();
}

/// Everything that is folded in the first answer: its thinking, its calls.
void openThinking(TranscriptView& transcript) {
    using Kind = TranscriptTarget::Kind;
    for (const TranscriptTarget& target : transcript.targets(1)) {
        if (target.kind == Kind::Thinking || target.kind == Kind::Tool) transcript.activate(target);
    }
    settle();
}

/// A built-in persona that was changed, and one of the user's own.
void makePersonas(ChatController& controller) {
    Persona robin = controller.personas().back();
    robin.greeting = "Hi again!";
    controller.savePersona(robin);
    controller.savePersona(
        {{},
         "Proofreader",
         "You are a proofreader. You correct spelling and grammar, and nothing else.\n\nFirst "
         "give the whole text with your corrections, then a list of what you changed, one line "
         "each. If a sentence can be read in two ways, ask which one is meant.",
         "Give me a text, and I will read it with care."});
    waitUntil([&] { return controller.isOwnPersona(controller.personas().back().id); });
}

/// A card that holds more than a persona does.
void importCard(Session& session) {
    const QString path = QDir::homePath() + "/Ada.json";
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return;
    file.write(R"({"spec": "chara_card_v2", "data": {"name": "Ada", "first_mes": "Sit, {{user}}.",
        "description": "{{char}} counts the waves from a pier.", "creator_notes": "Best with rain.",
        "alternate_greetings": ["Good evening.", "You again?"],
        "character_book": {"entries": [{"keys": ["sea"], "content": "The sea is grey."},
            {"keys": ["gulls?"], "use_regex": true, "content": "Gulls."}]}}})");
    file.close();
    const std::size_t nBefore = session.controller().personas().size();
    session.window().personasPage()->importFile(path);
    waitUntil([&] { return session.controller().personas().size() > nBefore; });
}

void takePersonas(Session& session, const QString& folder, bool& isSaved) {
    MainWindow& window = session.window();
    makePersonas(session.controller());
    window.showPersonas();
    isSaved &= session.save(folder, "personas");
    window.personasPage()->edit(session.controller().personas().back().id);
    isSaved &= session.save(folder, "persona-editor");
    PersonaEditor& editor = *window.personasPage()->editor();
    editor.answers()->setUnfolded(true);
    emit editor.answers()->list()->chosen("temperature", 0.2);
    emit editor.answers()->list()->chosen(kThinkingKey, false);
    showEnd(*window.personasPage());
    isSaved &= session.save(folder, "persona-parameters");
    editor.leave();
    isSaved &= session.save(folder, "personas-draft");
    window.personasPage()->edit(session.controller().personas().back().id);
    isSaved &= session.save(folder, "persona-draft");
    for (auto* name : editor.findChildren<QLineEdit*>()) {
        if (name->accessibleName() == PersonaEditor::tr("Name")) name->clear();
    }
    showEnd(*window.personasPage());
    isSaved &= session.save(folder, "persona-no-name");
    editor.discard();
    editor.leave();
    importCard(session);
    isSaved &= session.save(folder, "personas-imported");
}

void takeQuick(Session& session, const QString& folder, bool& isSaved) {
    QuickWindow quick(&session.appearance(), &session.controller());
    quick.comeUp();
    isSaved &= session.save(folder, "quick", quick);
    quick.composer()->setText("Name three rivers of Europe.");
    emit quick.composer()->submitted(quick.composer()->text());
    waitUntil([&] { return quick.conversation()->rowCount() == 2; });
    isSaved &= session.save(folder, "quick-answer", quick);
    const ConversationId rivers = quick.conversation()->info().id;
    session.controller().stopIn(rivers);
    waitUntil([&] { return !session.controller().isAnsweringIn(rivers); });
    quick.close();
}

bool takeAll(Session& session, const QString& folder) {
    MainWindow& window = session.window();
    ChatController& controller = session.controller();
    bool isSaved = true;
    const auto save = [&](const char* state) { isSaved &= session.save(folder, state); };

    window.showFirstRun();
    save("first-run-1-local");
    window.firstRun()->showStep(1);
    save("first-run-2-model");
    ModelDownload& download = *controller.download();
    showDownloading(download, 1'234'567'890);
    save("first-run-2-downloading");
    showDownloadFailure(download);
    save("first-run-2-download-failed");
    download.cancel();
    window.firstRun()->showStep(2);
    save("first-run-3-persona");
    window.showChat();
    emit controller.modelFailed(
        QString("The file nemotron-3-nano-4b.gguf ends in the middle of the weights. It was "
                "probably not downloaded completely: get it again, or choose another file."));
    save("model-error");
    session.loadModel();
    controller.newConversation();
    save("empty-chat");

    controller.openConversation(kLongSample);
    waitUntil([&] { return !controller.isConversationLoading(); });
    emit controller.statsChanged(92, 80, 1310, 4096);
    save("long-chat");
    showBeginning(*window.chatPage()->transcript());
    save("long-chat-beginning");
    openThinking(*window.chatPage()->transcript());
    save("thinking-open");

    showDownloading(download, 1'987'654'321);
    save("downloading");
    showWaiting(download);
    save("download-waits");
    window.showSettings();
    save("settings");
    window.settingsPage()->showModelSection();
    save("settings-download");
    showDownloadFailure(download);
    save("settings-download-failed");
    window.showChat();
    save("download-failed");
    showArrived(download);
    save("download-arrived");
    download.acknowledge();
    window.showSettings();
    window.settingsPage()->showModelSection();
    save("settings-download-finished");
    showEnd(*window.findChild<SettingsPage*>());
    save("settings-end");
    window.showKeys();
    save("keys");
    takePersonas(session, folder, isSaved);
    window.showChat();

    controller.newConversation();
    controller.send("Name three rivers of Europe.");
    waitUntil([&] { return controller.isAnswering(); });
    save("streaming");
    controller.stop();
    waitUntil([&] { return !controller.isAnswering(); });

    isSaved &= takeFormulaScreenshots(
        window, controller, [&](const char* state) { return session.save(folder, state); });

    controller.newConversation();
    controller.send("What is in ~/Documents?");
    waitUntil([&] { return controller.question() != nullptr; });
    save("permission");
    controller.stop();
    waitUntil([&] { return !controller.isAnswering(); });

    makeRecipe();
    controller.newConversation();
    controller.send("Double the flour in ~/Documents/pancakes.md");
    waitUntil([&] { return controller.question() != nullptr; });
    save("edit");
    controller.answerQuestion(PermissionAnswer::Once);
    waitUntil([&] { return !controller.isAnswering(); });
    controller.undoChanges(controller.lastChanges());
    waitUntil([&] { return controller.lastChanges() == 0; });

    isSaved &= takeFindScreenshots(window, controller,
                                   [&](const char* state) { return session.save(folder, state); });

    isSaved &= takeTemporaryScreenshots(
        window, controller, [&](const char* state) { return session.save(folder, state); });

    isSaved &= takeSummaryScreenshots(
        window, controller, [&](const char* state) { return session.save(folder, state); });

    auto* search = window.list()->findChild<SearchField*>();
    search->setText("folder");
    waitUntil([&] { return !controller.finder()->found().isEmpty(); });
    save("search");
    search->clear();

    controller.setRunsCommands(true);
    waitUntil([&] { return !controller.commands().isChecking; });
    controller.newConversation();
    controller.send("Put the day into the names of the photos in ~/Documents.");
    waitUntil([&] { return controller.question() != nullptr; });
    save("command");
    controller.stop();
    waitUntil([&] { return !controller.isAnswering(); });

    makeInvoices();
    controller.newConversation();
    controller.send("Sort the invoices in ~/Downloads into ~/Documents/Invoices.");
    waitUntil([&] { return controller.question() != nullptr; });
    save("plan");
    const QString showAll = ChangeList::tr("Show all %1").section(u'%', 0, 0);
    for (auto* button : window.findChildren<QAbstractButton*>()) {
        if (button->isVisible() && button->text().startsWith(showAll)) button->click();
    }
    save("plan-unfolded");
    controller.answerQuestion(PermissionAnswer::Once);
    waitUntil([&] { return !controller.isAnswering(); });
    save("changes-made");
    controller.undoChanges(controller.lastChanges());
    waitUntil([&] { return controller.lastChanges() == 0; });
    save("changes-undone");

    isSaved &= takeServerScreenshots(
        window, controller, [&](const char* state) { return session.save(folder, state); });
    isSaved &= takeLibraryScreenshots(window, controller, QDir::homePath(), [&](const char* state) {
        return session.save(folder, state);
    });
    isSaved &= takeMemoryScreenshots(
        controller, session.tokens(), [&](std::chrono::minutes time) { session.passTime(time); },
        [&](const char* state) { return session.save(folder, state); });
    takeQuick(session, folder, isSaved);
    isSaved &= takeNotesScreenshots(window, controller,
                                    [&](const char* state) { return session.save(folder, state); });
    isSaved &= takeListScreenshots(window, controller,
                                   [&](const char* state) { return session.save(folder, state); });
    isSaved &= takePanelScreenshots(window, controller, session.tokens(), makeInvoices,
                                    [&](const char* state) { return session.save(folder, state); });

    isSaved &= takeAttachmentScreenshots(
        window, controller, [&](const char* state) { return session.save(folder, state); });

    isSaved &= takeLoreScreenshots(window, controller,
                                   [&](const char* state) { return session.save(folder, state); });

    controller.newConversation();
    controller.send("What is in ~/Documents?");
    waitUntil([&] { return controller.question() != nullptr; });
    window.chatPage()->composer()->setText("A draft that takes\nmore than one line");
    window.chatPage()->composer()->focusText();
    window.resize(window.minimumSize());
    save("small-window");
    return isSaved;
}

}  // namespace

int takeScreenshots(const QString& folder, const std::vector<Persona>& personas) {
    const QTemporaryDir temporary;
    if (!QDir().mkpath(folder) || !temporary.isValid()) {
        std::fprintf(stderr, "lares: cannot write to %s\n", qPrintable(folder));
        return 1;
    }
    const QString home = temporary.path();
    QDir(home).mkpath("Documents");
    qputenv("HOME", home.toLocal8Bit());
    bool isSaved = true;
    for (const QString& theme : {QString("light"), QString("dark")}) {
        Session session(home + '/' + theme, theme, personas);
        isSaved &= takeAll(session, folder);
    }
    return isSaved ? 0 : 1;
}

}  // namespace lares::app
