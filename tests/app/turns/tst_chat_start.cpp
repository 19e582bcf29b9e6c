// What somebody does in the window before the disk has said what there was last time.
#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/busy_store.h"
#include "tests/app/turns/desk.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::BusyStore;
using lares::test::Desk;
using lares::test::kGreets;
using lares::test::kPatienceMs;

namespace {

/// The program, started on a disk that does not answer yet.
class SlowStart {
public:
    explicit SlowStart(const QString& folder) : m_source(*parse_json(kGreets)) {
        auto opened = ConversationStore::open((folder + "/data").toStdString());
        if (opened) m_store = std::move(*opened);
        m_busy = std::make_unique<BusyStore>(*m_store);
        ChatController::Dependencies dependencies;
        dependencies.store = m_store.get();
        dependencies.tokens = &m_source;
        dependencies.personas = {{"lares", "Lares", "You are Lares.", "Hi."}};
        dependencies.demoModel = "/demo.gguf";
        controller = std::make_unique<ChatController>(dependencies);
        controller->loadModel({});
        controller->start();
        [&] {
            QTRY_COMPARE_WITH_TIMEOUT(controller->modelState(), ChatController::ModelState::Ready,
                                      kPatienceMs);
        }();
    }
    void answerAll() {
        QSignalSpy ready(controller.get(), &ChatController::ready);
        m_busy.reset();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!controller->isConversationLoading(), kPatienceMs);
    }

private:
    std::unique_ptr<ConversationStore> m_store;
    ScriptedTokenSource m_source;
    std::unique_ptr<BusyStore> m_busy;

public:
    std::unique_ptr<ChatController> controller;  ///< last: it uses the others
};

}  // namespace

class ChatStartTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatIsSentStaysShown();
    void whatIsWrittenStaysShown();
    void whatIsTypedAtTheLastMomentCounts();
    void whatWasBegunLastTimeIsNotLost();
    void whatWasBegunLastTimeOutlivesWhatIsSent();
    void whatIsAttachedStaysShown();
    void aTemporaryOneStaysShown();
    void whereNothingIsBegunTheLastOneIsShown();
    void whatIsSetMeanwhileHolds();

private:
    /// A conversation that was shown last.
    void converse() const {
        const Desk desk(kGreets, m_home->path());
        desk.controller->send("Last time");
        desk.waitForAnswer(2);
    }
    std::unique_ptr<QTemporaryDir> m_home;
};

void ChatStartTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
}

void ChatStartTest::whatIsSentStaysShown() {
    converse();
    SlowStart program(m_home->path());
    program.controller->send("At once");
    program.answerAll();
    const ConversationModel& shown = *program.controller->conversation();
    QTRY_COMPARE_WITH_TIMEOUT(shown.rowCount(), 2, kPatienceMs);
    QCOMPARE(markdownOf(shown.messageAt(0)), QString("At once"));
    QCOMPARE(program.controller->conversations()->rowCount(), 2);
}

void ChatStartTest::whatIsWrittenStaysShown() {
    converse();
    SlowStart program(m_home->path());
    program.controller->saveDraft("Half a thought");
    program.answerAll();
    QCOMPARE(program.controller->conversation()->rowCount(), 0);
    QCOMPARE(program.controller->conversation()->info().draft, QString("Half a thought"));
}

void ChatStartTest::whatIsTypedAtTheLastMomentCounts() {
    converse();
    {
        SlowStart program(m_home->path());
        QObject::connect(program.controller.get(), &ChatController::draftWanted,
                         program.controller.get(),
                         [&] { program.controller->saveDraft("Half a thought"); });
        program.answerAll();
        QCOMPARE(program.controller->conversation()->info().draft, QString("Half a thought"));
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().info().draft, QString("Half a thought"));
}

void ChatStartTest::whatWasBegunLastTimeIsNotLost() {
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->saveDraft("Begun last time");
    }
    const QString both = "Begun last time\n\nHalf a thought";
    {
        SlowStart program(m_home->path());
        program.controller->saveDraft("Half a thought");
        program.answerAll();
        QCOMPARE(program.controller->conversation()->info().draft, both);
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().info().draft, both);
}

void ChatStartTest::whatWasBegunLastTimeOutlivesWhatIsSent() {
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->saveDraft("Begun last time");
    }
    {
        SlowStart program(m_home->path());
        program.controller->saveDraft("At once");
        program.controller->send("At once");
        program.answerAll();
        const ConversationModel& shown = *program.controller->conversation();
        QTRY_COMPARE_WITH_TIMEOUT(shown.rowCount(), 2, kPatienceMs);
        QCOMPARE(shown.info().draft, QString());
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().rowCount(), 2);
    desk.controller->newConversation();
    QCOMPARE(desk.model().info().draft, QString("Begun last time"));
}

void ChatStartTest::whatIsAttachedStaysShown() {
    converse();
    const Attachments attached{pastedText("A long text")};
    SlowStart program(m_home->path());
    program.controller->saveDraftAttachments(attached);
    program.answerAll();
    QCOMPARE(program.controller->conversation()->rowCount(), 0);
    QCOMPARE(program.controller->draftAttachments(), attached);
}

void ChatStartTest::aTemporaryOneStaysShown() {
    converse();
    SlowStart program(m_home->path());
    program.controller->newTemporaryConversation();
    const ConversationId id = program.controller->conversation()->info().id;
    program.answerAll();
    QCOMPARE(program.controller->conversation()->info().id, id);
    QVERIFY(program.controller->conversation()->info().isTemporary);
}

void ChatStartTest::whereNothingIsBegunTheLastOneIsShown() {
    converse();
    SlowStart program(m_home->path());
    program.answerAll();
    QCOMPARE(program.controller->conversation()->rowCount(), 2);
    QCOMPARE(markdownOf(program.controller->conversation()->messageAt(0)), QString("Last time"));
}

void ChatStartTest::whatIsSetMeanwhileHolds() {
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->setSetting("looks", "dark");
        desk.controller->setUnloadAfter(std::chrono::minutes(7));
        desk.controller->setPersona("robin");
    }
    SlowStart program(m_home->path());
    program.controller->setSetting("looks", "light");
    program.answerAll();
    QCOMPARE(program.controller->setting("looks").toString(), QString("light"));
    QCOMPARE(program.controller->unloadAfter(), std::chrono::minutes(7));  // only looked at
    QCOMPARE(program.controller->setting("persona").toString(), QString("robin"));
}

QTEST_GUILESS_MAIN(ChatStartTest)
#include "tst_chat_start.moc"
