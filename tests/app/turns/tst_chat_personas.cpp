// Who answers, through the controller: chosen, edited, removed, and kept.
#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kGreets;
using lares::test::kPatienceMs;

class ChatPersonasTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void draftsTitlesAndPersonasAreKept();
    void anEditedPersonaGivesTheNextAnswer();
    void aRemovedPersonaFallsBackAndComesBack();
    void aPersonaThatCannotBeWrittenIsNotShown();

private:
    std::unique_ptr<QTemporaryDir> m_home;
};

void ChatPersonasTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
}

void ChatPersonasTest::draftsTitlesAndPersonasAreKept() {
    {
        Desk desk(kGreets, m_home->path());
        desk.controller->send("Hi");
        desk.waitForAnswer(2);
        desk.controller->renameConversation(desk.model().info().id, "  My  chat ");
        desk.controller->setPersona("robin");
        desk.controller->saveDraft("half a th");
    }
    Desk desk(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(desk.model().info().title, QString("My chat"));
    QCOMPARE(desk.model().info().draft, QString("half a th"));
    QCOMPARE(desk.controller->persona().name, QString("Robin"));
    desk.controller->send("More");
    desk.waitForAnswer(4);
    QCOMPARE(desk.source->lastRequest().conversation.messages[0].content,
             std::string("You are Robin."));
    QVERIFY(desk.model().info().draft.isEmpty());
}

void ChatPersonasTest::anEditedPersonaGivesTheNextAnswer() {
    QString own;
    {
        Desk desk(kGreets, m_home->path());
        const auto system = [&] {
            return desk.source->lastRequest().conversation.messages[0].content;
        };
        desk.controller->setPersona("robin");
        desk.controller->send("Hi");
        desk.waitForAnswer(2);
        QCOMPARE(system(), std::string("You are Robin."));
        QSignalSpy shown(desk.controller.get(), &ChatController::personaChanged);
        QSignalSpy all(desk.controller.get(), &ChatController::personasChanged);
        desk.controller->savePersona({"robin", "Rob", "You are Rob now.", "Yo."});
        QTRY_COMPARE_WITH_TIMEOUT(all.count(), 1, kPatienceMs);
        QCOMPARE(shown.count(), 1);
        QCOMPARE(desk.controller->persona().greeting, "Yo.");
        QVERIFY(desk.controller->isChangedPersona("robin"));
        desk.controller->send("More");
        desk.waitForAnswer(4);
        QCOMPARE(system(), std::string("You are Rob now."));
        const auto made = desk.controller->savePersona({{}, "Ada", "You are Ada.", {}});
        QTRY_VERIFY_WITH_TIMEOUT(made.isFinished(), kPatienceMs);
        own = made.result()->id;
        QVERIFY(desk.controller->isOwnPersona(own));
        desk.controller->setPersona(own);
    }
    Desk desk(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 4, kPatienceMs);
    QCOMPARE(desk.controller->personas().size(), std::size_t{3});
    QCOMPARE(desk.controller->persona().name, "Ada");
    desk.controller->send("And now?");
    desk.waitForAnswer(6);
    QCOMPARE(desk.source->lastRequest().conversation.messages[0].content,
             std::string("You are Ada."));
    QCOMPARE(desk.last().personaId, own);
}

void ChatPersonasTest::aRemovedPersonaFallsBackAndComesBack() {
    Desk desk(kGreets, m_home->path());
    const auto made = desk.controller->savePersona({{}, "Ada", "You are Ada.", {}});
    QTRY_VERIFY_WITH_TIMEOUT(made.isFinished(), kPatienceMs);
    const Persona ada = *made.result();
    desk.controller->setPersona(ada.id);
    desk.controller->send("Hi");
    desk.waitForAnswer(2);
    QSignalSpy removed(desk.controller.get(), &ChatController::personaRemoved);
    desk.controller->removePersona(ada.id);
    QTRY_COMPARE_WITH_TIMEOUT(removed.count(), 1, kPatienceMs);
    QCOMPARE(removed[0][0].value<Persona>(), ada);
    QCOMPARE(removed[0][1].toBool(), true);
    QCOMPARE(desk.controller->persona().id, "lares");
    QCOMPARE(desk.model().info().personaId, ada.id);
    desk.controller->send("Who are you?");
    desk.waitForAnswer(4);
    QCOMPARE(desk.source->lastRequest().conversation.messages[0].content,
             std::string("You are Lares."));
    QCOMPARE(desk.last().personaId, "lares");  // who answered
    QCOMPARE(desk.model().info().personaId, ada.id);
    desk.controller->savePersona(ada);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->persona().name, "Ada", kPatienceMs);
}

void ChatPersonasTest::aPersonaThatCannotBeWrittenIsNotShown() {
    Desk desk(kGreets, m_home->path());
    QSignalSpy problem(desk.controller.get(), &ChatController::problem);
    QSignalSpy changed(desk.controller.get(), &ChatController::personasChanged);
    const Persona large{"robin", "Robin", QString(20'000, 'x'), {}};
    {
        const lares::test::FileSizeLimit full(1);
        const auto saved = desk.controller->savePersona(large);
        QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), kPatienceMs);
        QVERIFY(!saved.result());
        QTRY_VERIFY_WITH_TIMEOUT(problem.count() > 0, kPatienceMs);
        QVERIFY(problem[0][0].toString().contains("full"));
    }
    QCOMPARE(changed.count(), 0);
    QVERIFY(!desk.controller->isChangedPersona("robin"));
    desk.controller->savePersona(large);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->isChangedPersona("robin"), kPatienceMs);
}

QTEST_GUILESS_MAIN(ChatPersonasTest)
#include "tst_chat_personas.moc"
