// When the controller puts the model away, and that it comes back without anything being lost.

#include "app/chat/memory_rules.h"
#include "tests/app/turns/desk.h"

#include <QDir>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;
using namespace std::chrono_literals;

using State = ChatController::ModelState;
using Why = ChatController::WhyPutAway;

namespace {

constexpr quint64 kMuch = 2'000'000'000;
constexpr quint64 kLittle = 100'000'000;

DeviceInfo card() {
    DeviceInfo device;
    device.name = "A card";
    device.memory = MemoryPlan{.weights = 2'800'000'000};
    return device;
}

bool hasText(const ChatMessage& message, const QString& text) {
    for (const Part& part : message.parts) {
        if (part.text.contains(text)) return true;
    }
    return false;
}

}  // namespace

class ChatMemoryTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void theUserFreesTheMemoryAndWritingBringsItBack();
    void aQuestionLoadsTheModelAndIsAnswered();
    void aQuestionDuringTheUnloadIsAnswered();
    void aQuestionDuringTheLoadIsAnswered();
    void aQuestionIsStoredBeforeTheModelIsThere();
    void whatComesBackReadsAhead();
    void cancellingLeavesItAway();
    void cancellingBeforeTheLoadBeginsLeavesItAway();
    void aModelThatIsGoneIsSaid();
    void anotherModelCanBeChosenAtAnyTime();
    void aModelChosenWhileACallWaitsIsWaitedFor();
    void nothingIsFreedWhileSomebodyWaits();

    void idleLongEnoughItIsPutAway();
    void anAnswerAndReadingAheadAreUse();
    void neverKeepsIt();
    void settingsStay();

    void givesTheCardToOthers();
    void keepsTheCardWhereThatIsOff();
    void doesNotAskOnTheProcessor();
    void comesBackOnTheProcessorAndSaysSo();

    void canEndInTheMiddle_data();
    void canEndInTheMiddle();

private:
    [[nodiscard]] Desk desk(const char* script = kGreets) const {
        return Desk(script, m_folder->path(), nullptr, &m_clock);
    }

    /// Until the controller has looked at the memory, what it measured on the card included.
    void look() const {
        for (int times = 0; times < 2; ++times) {
            const int before = m_clock.nAsked;
            QTRY_VERIFY_WITH_TIMEOUT(m_clock.nAsked > before + 1, kPatienceMs);
            QCoreApplication::processEvents();
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    TestClock m_clock;
};

void ChatMemoryTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = {};
    qputenv("HOME", m_folder->path().toUtf8());
}

void ChatMemoryTest::theUserFreesTheMemoryAndWritingBringsItBack() {
    const Desk d = desk();
    QVERIFY(d.controller->canFreeMemory());
    d.controller->freeMemory();
    QCOMPARE(d.controller->modelState(), State::PutAway);
    QCOMPARE(d.controller->whyPutAway(), Why::User);
    QVERIFY(!d.controller->canFreeMemory());
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    QVERIFY(!d.source->isLoaded());
    d.controller->freeMemory();  // twice is once
    QVERIFY(!d.source->isBusy());

    d.controller->bringModelBack();
    QVERIFY(d.controller->isComingBack());
    d.controller->bringModelBack();  // with every letter
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::Ready, kPatienceMs);
    QVERIFY(!d.controller->isComingBack());
    QVERIFY(d.source->isLoaded());
    QCOMPARE(d.source->loads().size(), std::size_t{2});
    QCOMPARE(d.source->loads().back(), d.source->loads().front());
    d.controller->bringModelBack();
    QVERIFY(!d.source->isBusy());
}

void ChatMemoryTest::aQuestionLoadsTheModelAndIsAnswered() {
    const Desk d = desk();
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Hello."));
    QCOMPARE(d.controller->modelState(), State::Ready);
}

void ChatMemoryTest::aQuestionDuringTheUnloadIsAnswered() {
    const Desk d = desk();
    d.source->setHolding(true);
    d.controller->freeMemory();
    QVERIFY(d.source->isBusy());
    d.controller->send("Hello");
    QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 2, kPatienceMs);
    QVERIFY(d.controller->isComingBack());
    QVERIFY(d.controller->isAnswering());
    d.source->setHolding(false);
    d.source->goOn();
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Hello."));
}

void ChatMemoryTest::aQuestionDuringTheLoadIsAnswered() {
    const Desk d = desk();
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    d.source->setHolding(true);
    d.controller->bringModelBack();
    d.controller->send("Hello");
    QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 2, kPatienceMs);
    d.source->goOn();
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Hello."));
}

/// Promise 1: the program may end before the model is there.
void ChatMemoryTest::aQuestionIsStoredBeforeTheModelIsThere() {
    ConversationId id = 0;
    {
        const Desk d = desk();
        d.controller->freeMemory();
        QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
        d.source->setHolding(true);
        d.controller->send("Is this kept?");
        QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 2, kPatienceMs);
        id = d.model().info().id;
    }
    const Desk d = desk();
    QCOMPARE(d.model().info().id, id);
    QVERIFY(hasText(d.model().messageAt(0), "Is this kept?"));
}

void ChatMemoryTest::whatComesBackReadsAhead() {
    const Desk d = desk();
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(d.source->readAhead().size(), std::size_t{2}, kPatienceMs);
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    QCOMPARE(d.source->readAhead().size(), std::size_t{2});
    d.controller->bringModelBack();
    QTRY_COMPARE_WITH_TIMEOUT(d.source->readAhead().size(), std::size_t{3}, kPatienceMs);
    QCOMPARE(d.source->readAhead().back().conversation.messages.size(), std::size_t{3});
}

void ChatMemoryTest::cancellingLeavesItAway() {
    const Desk d = desk();
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    d.source->setHolding(true);
    d.controller->send("Hello");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->isComingBack() && d.source->isBusy(), kPatienceMs);
    d.controller->cancelLoading();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Press Regenerate"));
    QVERIFY(!d.source->isBusy());  // nothing loads it on its own
    d.source->setHolding(false);
    d.controller->regenerate(d.last().id);
    QTRY_VERIFY_WITH_TIMEOUT(!d.controller->isAnswering(), kPatienceMs);
    QVERIFY(hasText(d.last(), "Hello."));
}

void ChatMemoryTest::cancellingBeforeTheLoadBeginsLeavesItAway() {
    const Desk d = desk();
    d.source->setHolding(true);
    d.controller->freeMemory();
    d.controller->bringModelBack();
    QCOMPARE(d.controller->modelState(), State::Loading);
    d.controller->cancelLoading();
    d.source->goOn();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
    QVERIFY(!d.source->isBusy());
    QCOMPARE(d.source->loads().size(), std::size_t{1});
}

void ChatMemoryTest::aModelThatIsGoneIsSaid() {
    const Desk d = desk();
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    d.source->setHolding(true);
    QSignalSpy failed(d.controller.get(), &ChatController::modelFailed);
    d.controller->send("Hello");
    QTRY_VERIFY_WITH_TIMEOUT(d.source->isBusy() && d.model().rowCount() == 2, kPatienceMs);
    d.source->failLoad(Error{ErrorCode::NotFound, "/demo.gguf is not there"});
    d.waitForAnswer(2);
    QCOMPARE(d.controller->modelState(), State::Failed);
    QCOMPARE(failed.size(), 1);
    QVERIFY(hasText(d.model().messageAt(0), "Hello"));
    QCOMPARE(d.last().state, ChatMessage::State::Failed);
}

void ChatMemoryTest::anotherModelCanBeChosenAtAnyTime() {
    const Desk d = desk();
    d.source->setHolding(true);
    d.controller->freeMemory();
    d.controller->loadModel("/other.gguf");  // while the first is put away
    QVERIFY(!d.controller->isComingBack());
    QCOMPARE(d.controller->modelState(), State::Loading);
    d.source->goOn();
    QCOMPARE(d.source->loads().back(), std::filesystem::path("/other.gguf"));
    d.source->goOn();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::Ready, kPatienceMs);

    d.controller->freeMemory();
    d.source->goOn();
    d.controller->bringModelBack();
    d.controller->loadModel("/third.gguf");  // while the other comes back
    QTRY_COMPARE_WITH_TIMEOUT(d.source->loads().back(), std::filesystem::path("/third.gguf"),
                              kPatienceMs);
    QVERIFY(!d.controller->isComingBack());
    d.controller->cancelLoading();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::None, kPatienceMs);
}

/// A call that ran while another model was loaded goes on with that one.
void ChatMemoryTest::aModelChosenWhileACallWaitsIsWaitedFor() {
    QDir(m_folder->path()).mkpath("Documents");
    const Desk d = desk(R"([{"steps":[{"call":"list_folder","arguments":{"path":"~/Documents"}}]},
                            {"steps":[{"text":"It is empty."}]}])");
    d.controller->send("What is there?");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    d.source->setHolding(true);
    d.controller->loadModel("/other.gguf");
    d.controller->answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY_WITH_TIMEOUT(d.part(Part::Kind::ToolResult) != nullptr, kPatienceMs);
    QCoreApplication::processEvents();
    QVERIFY(d.controller->isAnswering());
    d.source->goOn();
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "It is empty."));
}

void ChatMemoryTest::nothingIsFreedWhileSomebodyWaits() {
    QDir(m_folder->path()).mkpath("Documents");
    const Desk d = desk(R"([{"steps":[{"call":"list_folder","arguments":{"path":"~/Documents"}}]},
                            {"steps":[{"text":"It is empty."}]}])");
    d.controller->send("What is there?");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    QVERIFY(!d.controller->canFreeMemory());
    d.controller->freeMemory();
    m_clock.now += 100h;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "It is empty."));
}

// --- by itself ----------------------------------------------------------------------------------

void ChatMemoryTest::idleLongEnoughItIsPutAway() {
    const Desk d = desk();
    QCOMPARE(d.controller->unloadAfter(), 30min);
    m_clock.now += 30min - 1ms;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    d.controller->bringModelBack();  // somebody types: the time begins again
    m_clock.now += 30min - 1ms;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    m_clock.now += 1ms;
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
    QCOMPARE(d.controller->whyPutAway(), Why::Idle);
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Hello."));
}

void ChatMemoryTest::anAnswerAndReadingAheadAreUse() {
    const Desk d = desk(R"([{"steps":[{"text":"Wait"},{"hold":true}]}])");
    d.controller->send("Hello");
    QTRY_VERIFY_WITH_TIMEOUT(d.source->isBusy(), kPatienceMs);
    m_clock.now += 100h;
    look();
    d.source->setReadingAhead(true);
    d.controller->stop();
    d.waitForAnswer(2);
    m_clock.now += 100h;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    d.source->setReadingAhead(false);
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);  // the time begins when it has ended
    m_clock.now += 30min;
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
}

void ChatMemoryTest::neverKeepsIt() {
    const Desk d = desk();
    d.controller->setUnloadAfter(0min);
    m_clock.now += 1000h;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    d.controller->setUnloadAfter(60min);  // holds at once
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
}

void ChatMemoryTest::settingsStay() {
    {
        const Desk d = desk();
        QVERIFY(d.controller->yieldsCard());
        d.controller->setUnloadAfter(5min);
        d.controller->setYieldsCard(false);
    }
    const Desk d = desk();
    QCOMPARE(d.controller->unloadAfter(), 5min);
    QVERIFY(!d.controller->yieldsCard());
}

// --- others on the card -------------------------------------------------------------------------

namespace {

/// Loaded again, now on a card.
void loadOnCard(const Desk& d, quint64 freeBytes) {
    d.source->setDevice(card());
    d.source->setFreeCardBytes(freeBytes);
    d.controller->loadModel({});
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->device().memory.has_value(), kPatienceMs);
}

}  // namespace

void ChatMemoryTest::givesTheCardToOthers() {
    const Desk d = desk();
    loadOnCard(d, kMuch);
    const int before = d.source->measurings();
    QTRY_VERIFY_WITH_TIMEOUT(d.source->measurings() > before, kPatienceMs);
    d.source->setFreeCardBytes(kLittle);
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);  // it was used a moment ago
    m_clock.now += MemoryRules::kQuiet;
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::PutAway, kPatienceMs);
    QCOMPARE(d.controller->whyPutAway(), Why::Card);
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);

    // No to and fro: it waits for the user, and stays where it fits beside the other program.
    m_clock.now += 1h;
    QCoreApplication::processEvents();
    QVERIFY(!d.source->isBusy());
    d.controller->bringModelBack();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::Ready, kPatienceMs);
    m_clock.now += 5min;
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
}

void ChatMemoryTest::keepsTheCardWhereThatIsOff() {
    const Desk d = desk();
    d.controller->setYieldsCard(false);
    loadOnCard(d, kMuch);
    look();
    d.source->setFreeCardBytes(kLittle);
    m_clock.now += 5min;
    const int before = d.source->measurings();
    look();
    QCOMPARE(d.controller->modelState(), State::Ready);
    QCOMPARE(d.source->measurings(), before);  // nobody even asks
}

void ChatMemoryTest::doesNotAskOnTheProcessor() {
    const Desk d = desk();
    look();
    QCOMPARE(d.source->measurings(), 0);
}

void ChatMemoryTest::comesBackOnTheProcessorAndSaysSo() {
    const Desk d = desk();
    loadOnCard(d, kMuch);
    d.controller->freeMemory();
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    DeviceInfo processor;
    processor.whyCpu = "the model needs 3600 MB on A card, of which 200 MB are free";
    d.source->setDevice(processor);
    QSignalSpy problem(d.controller.get(), &ChatController::problem);
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QVERIFY(hasText(d.last(), "Hello."));
    QCOMPARE(problem.size(), 1);
    QVERIFY(problem.first().first().toString().contains("of which 200 MB are free"));
    QVERIFY(!d.controller->device().memory);
    // Once is enough.
    d.controller->freeMemory();
    d.controller->bringModelBack();
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), State::Ready, kPatienceMs);
    QCOMPARE(problem.size(), 1);
}

// --- the end ------------------------------------------------------------------------------------

void ChatMemoryTest::canEndInTheMiddle_data() {
    QTest::addColumn<int>("steps");
    QTest::newRow("unloading") << 1;
    QTest::newRow("unloading, and it shall come back") << 2;
    QTest::newRow("coming back") << 3;
    QTest::newRow("coming back, and a question waits") << 4;
}

void ChatMemoryTest::canEndInTheMiddle() {
    QFETCH(int, steps);
    {
        const Desk d = desk();
        d.source->setHolding(true);
        d.controller->freeMemory();
        if (steps > 1) d.controller->bringModelBack();
        if (steps > 2) d.source->goOn();
        if (steps > 3) {
            d.controller->send("Is this kept?");
            QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 2, kPatienceMs);
        }
    }
    const Desk d = desk();
    QCOMPARE(d.model().rowCount() > 0, steps > 3);
    if (steps > 3) QVERIFY(hasText(d.model().messageAt(0), "Is this kept?"));
}

QTEST_GUILESS_MAIN(ChatMemoryTest)
#include "tst_chat_memory.moc"
