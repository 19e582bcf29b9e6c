// What the window shows and does while the model is out of the memory.

#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/panel/prompt_page.h"
#include "app/panel/side_panel.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/footer_bar.h"
#include "app/ui/load_bar.h"
#include "app/ui/palette.h"
#include "app/ui/quick_window.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

using State = ChatController::ModelState;

namespace {

QString footer(WindowFixture& fixture) {
    return fixture.window().findChild<FooterBar*>()->accessibleName();
}

/// With a conversation of one answer, and then without a model.
bool putAway(WindowFixture& fixture) {
    if (!fixture.loadModel() || !fixture.converse("Hello there")) return false;
    fixture.window().run(WindowCommand::FreeMemory);
    return fixture.controller().modelState() == State::PutAway &&
           QTest::qWaitFor([&] { return !fixture.tokens().isBusy(); });
}

}  // namespace

class MemoryWindowTest : public QObject {
    Q_OBJECT

private slots:
    void theCommandIsThereWhenItDoesSomething();
    void theFooterSaysItAndLoads();
    void theFirstLetterLoadsIt();
    void openingADraftDoesNot();
    void aQuestionIsAnswered();
    void theQuickWindowLoadsIt();
    void theLoadStaysOutOfTheWay();
    void historyAndSettingsWorkWithoutIt();
    void settingsChooseWhen();
    void aCardThatFailsIsSaid();
    void comingBackOnTheProcessorIsSaid();
};

void MemoryWindowTest::theCommandIsThereWhenItDoesSomething() {
    WindowFixture fixture;
    MainWindow& window = fixture.window();
    QVERIFY(!window.canRun(WindowCommand::FreeMemory));
    QVERIFY(!window.canRun(WindowCommand::BringModelBack));
    QVERIFY(fixture.loadModel());
    QVERIFY(window.canRun(WindowCommand::FreeMemory));
    window.run(WindowCommand::FreeMemory);
    QCOMPARE(fixture.controller().modelState(), State::PutAway);
    QVERIFY(!window.canRun(WindowCommand::FreeMemory));
    QVERIFY(window.canRun(WindowCommand::BringModelBack));
    window.run(WindowCommand::BringModelBack);
    QTRY_COMPARE(fixture.controller().modelState(), State::Ready);
}

void MemoryWindowTest::theFooterSaysItAndLoads() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    QVERIFY2(footer(fixture).startsWith("Model not in memory, loads when you write"),
             qPrintable(footer(fixture)));
    fixture.button("Load the model now")->click();
    QTRY_COMPARE(fixture.controller().modelState(), State::Ready);
    QVERIFY(!footer(fixture).contains("not in memory"));
    QVERIFY(footer(fixture).contains("processor"));
}

void MemoryWindowTest::theFirstLetterLoadsIt() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    auto* text = fixture.window().chatPage()->composer()->findChild<ComposerText*>();
    QTest::keyClick(text, Qt::Key_W);
    QVERIFY(fixture.controller().isComingBack());
    QTest::keyClick(text, Qt::Key_H);
    QTRY_COMPARE(fixture.controller().modelState(), State::Ready);
    QCOMPARE(fixture.window().chatPage()->composer()->text(), "wh");
}

/// Looking around is not asking.
void MemoryWindowTest::openingADraftDoesNot() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    fixture.controller().saveDraft("Half a question");
    const ConversationId id = fixture.controller().conversation()->info().id;
    fixture.window().run(WindowCommand::NewConversation);
    fixture.controller().openConversation(id);
    QTRY_COMPARE(fixture.window().chatPage()->composer()->text(), "Half a question");
    QCOMPARE(fixture.controller().modelState(), State::PutAway);
}

void MemoryWindowTest::aQuestionIsAnswered() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    emit fixture.window().chatPage()->composer()->submitted("And now?");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 4);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QVERIFY(!fixture.window().banner()->isVisible());
}

void MemoryWindowTest::theQuickWindowLoadsIt() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    QuickWindow quick(&fixture.appearance(), &fixture.controller());
    QCOMPARE(fixture.controller().modelState(), State::PutAway);
    quick.comeUp();
    QVERIFY(fixture.controller().isComingBack());
    emit quick.composer()->submitted("Quick?");
    QTRY_VERIFY(quick.conversation() != nullptr && quick.conversation()->rowCount() == 2);
    QTRY_VERIFY(!fixture.controller().isAnsweringIn(quick.conversation()->info().id));
}

/// No bar pushes the conversation down: the footer shows how far it is, and cancels.
void MemoryWindowTest::theLoadStaysOutOfTheWay() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    fixture.tokens().setHolding(true);
    fixture.controller().bringModelBack();
    QVERIFY(!fixture.window().findChild<LoadBar*>()->isVisible());
    emit fixture.controller().modelProgress(0.25);
    QVERIFY(footer(fixture).contains("25 %"));
    fixture.button("Cancel loading")->click();
    QTRY_COMPARE(fixture.controller().modelState(), State::PutAway);
    QVERIFY(footer(fixture).contains("not in memory"));
    // Another model is another matter.
    fixture.controller().loadModel("/other.gguf");
    QVERIFY(fixture.window().findChild<LoadBar*>()->isVisible());
    fixture.tokens().goOn();
    QTRY_COMPARE(fixture.controller().modelState(), State::Ready);
}

void MemoryWindowTest::historyAndSettingsWorkWithoutIt() {
    WindowFixture fixture;
    QVERIFY(putAway(fixture));
    const ConversationId id = fixture.controller().conversation()->info().id;
    fixture.controller().newConversation();
    fixture.controller().openConversation(id);
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    fixture.window().run(WindowCommand::ShowPrompt);
    QTRY_VERIFY(fixture.window().panel()->isVisible());
    bool isSaid = false;
    for (const auto* label : fixture.window().panel()->findChildren<QLabel*>())
        isSaid |= label->isVisible() && label->text().contains("not in memory");
    QVERIFY(isSaid);
    fixture.window().run(WindowCommand::ShowModels);
    fixture.window().run(WindowCommand::ShowKeys);
    fixture.controller().renameConversation(id, "Kept");
    QCOMPARE(fixture.controller().modelState(), State::PutAway);
}

void MemoryWindowTest::settingsChooseWhen() {
    WindowFixture fixture;
    fixture.window().showSettings();
    QVERIFY(fixture.button("Free the memory after 30 minutes")->isChecked());
    QVERIFY(fixture.button("Put the model away")->isChecked());
    fixture.button("Free the memory after 5 minutes")->click();
    QCOMPARE(fixture.controller().unloadAfter(), std::chrono::minutes(5));
    QVERIFY(!fixture.button("Free the memory after 30 minutes")->isChecked());
    fixture.button("Never free the memory")->click();
    QCOMPARE(fixture.controller().unloadAfter(), std::chrono::minutes(0));
    fixture.button("Keep it there")->click();
    QVERIFY(!fixture.controller().yieldsCard());
    QVERIFY(!fixture.button("Put the model away")->isChecked());
    // A click on what is chosen already leaves it chosen.
    fixture.button("Keep it there")->click();
    QVERIFY(fixture.button("Keep it there")->isChecked());
}

void MemoryWindowTest::aCardThatFailsIsSaid() {
    WindowFixture fixture(R"([{"steps": [{"lost": "The card failed."}, {"text": "Hello."}]}])");
    QVERIFY(fixture.loadModel() && fixture.converse("Hello"));
    QVERIFY(fixture.window().banner()->isVisible());
}

void MemoryWindowTest::comingBackOnTheProcessorIsSaid() {
    WindowFixture fixture;
    DeviceInfo card;
    card.name = "A card";
    card.memory = MemoryPlan{.weights = 2'800'000'000};
    fixture.tokens().setDevice(card);
    QVERIFY(putAway(fixture));
    QVERIFY(!fixture.window().banner()->isVisible());
    DeviceInfo processor;
    processor.whyCpu = "the card is full";
    fixture.tokens().setDevice(processor);
    emit fixture.window().chatPage()->composer()->submitted("And now?");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 4);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QVERIFY(fixture.window().banner()->isVisible());
    QVERIFY(footer(fixture).contains("processor"));
}

QTEST_MAIN(MemoryWindowTest)
#include "tst_memory_window.moc"
