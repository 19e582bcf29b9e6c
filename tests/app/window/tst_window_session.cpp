#include "app/approval/approval_card.h"
#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/engine_bridge/engine_worker.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/personas/built_in_personas.h"
#include "app/store/conversation_store.h"
#include "app/ui/appearance.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/main_window.h"
#include "engine/base/json.h"
#include "tests/app/support/ui_watchdog.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

constexpr int kPatienceMs = 120'000;  // of a slow machine, for one answer

/// The object graph of main.cpp, with a home folder of its own.
class Desk {
public:
    Desk(const QString& folder, std::unique_ptr<TokenSource> source) : tokens(std::move(source)) {
        const auto personas = loadBuiltInPersonas(test::source_file("resources/personas")).personas;
        auto opened = ConversationStore::open((folder + "/data").toStdString());
        if (opened) store = std::move(*opened);
        controller = std::make_unique<ChatController>(
            ChatController::Dependencies{store.get(), tokens.get(), personas,
                                         test::source_file("resources/mini_model/lares-mini.gguf"),
                                         (folder + "/data").toStdString()});
        window = std::make_unique<MainWindow>(&appearance, controller.get(), folder + "/data");
        QSignalSpy ready(controller.get(), &ChatController::ready);
        controller->start();
        [&] { QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs); }();
        window->restore();
        controller->loadModel({});
        window->show();
        [&] {
            QVERIFY(QTest::qWaitForWindowExposed(window.get()));
            QTRY_COMPARE_WITH_TIMEOUT(controller->modelState(), ChatController::ModelState::Ready,
                                      kPatienceMs);
        }();
    }

    ~Desk() { controller->endWork(); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    /// Types into the composer, as a person does, and sends.
    void ask(const QString& question) {
        rowsBefore = model().rowCount();
        // Not the focus widget: without a window manager no window has the focus.
        auto* field = window->chatPage()->composer()->findChild<ComposerText*>();
        QVERIFY(field);
        QTest::keyClicks(field, question);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(model().rowCount(), rowsBefore + 2, kPatienceMs);
    }
    void waitForAnswer() const {
        QTRY_VERIFY_WITH_TIMEOUT(!controller->isAnswering(), kPatienceMs);
    }

    /// Every prompt that is shown is, token for token, the one that the model was given.
    void checkPrompts() const {
        const std::vector<PromptReading> readings = readingsOf(model());
        QVERIFY(!readings.empty());
        for (const PromptReading& reading : readings) {
            QVERIFY(reading.key != 0);
            const auto view = controller->viewPrompt(reading);
            QTRY_VERIFY_WITH_TIMEOUT(view.isFinished(), kPatienceMs);
            QVERIFY(view.result());
            QCOMPARE(view.result()->key, reading.key);
        }
    }

    [[nodiscard]] ConversationModel& model() const { return *controller->conversation(); }
    [[nodiscard]] const ChatMessage& last() const {
        return model().messageAt(model().rowCount() - 1);
    }
    [[nodiscard]] Part part(Part::Kind kind) const {
        for (const Part& one : last().parts) {
            if (one.kind == kind) return one;
        }
        return {};
    }

    std::unique_ptr<TokenSource> tokens;
    std::unique_ptr<ConversationStore> store;
    std::unique_ptr<ChatController> controller;
    Appearance appearance;
    std::unique_ptr<MainWindow> window;
    int rowsBefore = 0;
};

std::unique_ptr<TokenSource> script(const char* json) {
    return std::make_unique<ScriptedTokenSource>(*parse_json(json));
}

}  // namespace

class WindowSessionTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void theDemoModelTellsTheTimeAndListsAFolder();
    void theInterfaceNeverWaits();

private:
    /// Always the same path: a small model copies letters, and which ones must not depend on
    /// chance.
    static QString papers() { return "/tmp/lares-window/Papers"; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void WindowSessionTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(papers()));
    QFile file(papers() + "/notes.txt");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("twelve bytes");
    file.close();
    qputenv("HOME", m_folder->path().toUtf8());
}

/// The whole path: keys → window → engine on its thread → call → card → tool → answer → disk.
void WindowSessionTest::theDemoModelTellsTheTimeAndListsAFolder() {
    Engine::Options options;
    options.session.n_threads = 2;
    {
        Desk session(m_folder->path(), std::make_unique<EngineWorker>(options));
        session.window->chatPage()->setArmingDelay(std::chrono::milliseconds(0));

        session.ask("What time is it?");
        if (QTest::currentTestFailed()) return;
        session.waitForAnswer();
        const Part clock = session.part(Part::Kind::ToolCall);
        QCOMPARE(clock.toolName, QString("get_time"));
        QCOMPARE(clock.callState, Part::CallState::Done);
        const auto time =
            QRegularExpression("\\d\\d:\\d\\d").match(session.part(Part::Kind::ToolResult).text);
        QVERIFY(time.hasMatch());
        QVERIFY2(markdownOf(session.last()).contains(time.captured()),
                 qPrintable(markdownOf(session.last())));
        QCOMPARE(readingsOf(session.model()).size(), std::size_t{2});  // the call, and the answer
        session.checkPrompts();

        session.controller->newConversation();
        session.ask(QString("What is in %1?").arg(papers()));
        if (QTest::currentTestFailed()) return;
        QTRY_VERIFY2_WITH_TIMEOUT(session.window->chatPage()->card(),
                                  qPrintable(markdownOf(session.last())), kPatienceMs);
        QCOMPARE(session.controller->question()->folders, QStringList(papers()));
        ApprovalCard* card = session.window->chatPage()->card();
        QTRY_VERIFY(card->isArmed());
        QTest::keyClick(card, Qt::Key_Y);
        session.waitForAnswer();
        QCOMPARE(session.part(Part::Kind::ToolCall).callState, Part::CallState::Done);
        QCOMPARE(session.part(Part::Kind::ToolResult).text, QString("notes.txt (12 B)"));
        QVERIFY2(markdownOf(session.last()).contains("notes.txt"),
                 qPrintable(markdownOf(session.last())));
        session.checkPrompts();
    }
    Desk again(m_folder->path(), std::make_unique<EngineWorker>(options));
    QTRY_COMPARE_WITH_TIMEOUT(again.model().rowCount(), 2, kPatienceMs);
    QVERIFY(markdownOf(again.last()).contains("notes.txt"));
    again.checkPrompts();
}

/// The best of three sessions, since a loaded machine also makes our own work slower; a wait for
/// the engine, the disk or a tool would be in all of them.
void WindowSessionTest::theInterfaceNeverWaits() {
    auto* watchdog = static_cast<test::UiWatchdog*>(QCoreApplication::instance());
    double best = 1e9;
    QString event;
    for (int run = 0; run < 3 && best >= 50.0; ++run) {
        Desk session(m_folder->path(), script(R"([
            {"steps":[{"thinking":"Think."},{"call":"calculate","arguments":{"expression":"2^200"}}]},
            {"steps":[{"text":"# A table\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```cpp\nint a = 1;\n```\n\n"},
                      {"text":"Some words that stream one after another into the window. ","words":true,"wait_ms":2}]}])"));
        session.window->setPanelOpen(true);  // tool calls come into it as they are made
        session.ask("warm up");
        session.waitForAnswer();
        watchdog->reset();
        session.ask("2^200");
        session.waitForAnswer();
        session.controller->regenerate(session.last().id);
        session.waitForAnswer();
        session.controller->newConversation();
        session.ask("again");
        session.waitForAnswer();
        if (watchdog->longestMs() < best) {
            best = watchdog->longestMs();
            event = watchdog->longestEvent();
        }
    }
    qInfo("longest event of the UI thread: %.1f ms (%s)", best, qPrintable(event));
    QVERIFY2(best < 50.0, qPrintable(event));
}

int main(int argc, char** argv) {
    test::UiWatchdog application(argc, argv);
    WindowSessionTest test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_session.moc"
