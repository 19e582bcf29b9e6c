#include "app/chat/lore_match.h"
#include "app/turn/lore_text.h"
#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/files_with.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr const char* kAnswers = R"([{"steps":[{"text":"Loud gulls."}]},{"steps":[{"text":"B"}]},
    {"steps":[{"text":"C"}]},{"steps":[{"text":"D"}]},{"steps":[{"text":"E"}]}])";

Persona keeper() {
    Persona made{"robin", "Robin", "You are Robin.", {}};
    LoreEntry sea{"The Sea", {"sea"}, {}, "The sea is grey."};
    LoreEntry gull{{}, {"gulls"}, {}, "Otto and Ida."};
    LoreEntry town{{}, {}, {}, "The town is Marrow.", true, true};
    made.lore.entries = {sea, gull, town};
    return made;
}

QStringList loreOf(const ChatMessage& message) {
    QStringList texts;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Lore) texts << part.text;
    }
    return texts;
}

}  // namespace

/// What a persona knows, from its book into the prompt.
class ChatLoreTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void anEntryComesWithTheMessageThatNamesIt();
    void promptsBeginAlike();
    void anotherVersionLooksAgain();
    void itIsThereAfterARestart();
    void aChangedBookChangesNoEarlierMessage();
    void whatWasNotSentComesBackWithoutIt();
    void ofATemporaryConversationNothingIsStored();
    void deletingAConversationErasesIt();
    void aCopyAndAFileKeepIt();

private:
    void choose(Desk& desk) const {
        const auto saved = desk.controller->savePersona(keeper());
        QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), kPatienceMs);
        QVERIFY(saved.result());
        desk.controller->setPersona("robin");
    }
    static std::vector<Message> prompt(const Desk& desk) {
        return desk.source->lastRequest().conversation.messages;
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void ChatLoreTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_home->path().toUtf8());
}

void ChatLoreTest::anEntryComesWithTheMessageThatNamesIt() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    desk.controller->send("How is the SEA?");
    desk.waitForAnswer(2);
    QCOMPARE(loreOf(desk.model().messageAt(0)), QStringList("The sea is grey."));
    QCOMPARE(prompt(desk)[0].content, std::string("You are Robin.\n\nThe town is Marrow."));
    const std::array<std::string, 1> sea = {"The sea is grey."};
    QCOMPARE(prompt(desk)[1].content, loreTurn("How is the SEA?", sea));
    QCOMPARE(markdownOf(desk.model().messageAt(0)), QString("How is the SEA?"));
    QCOMPARE(desk.model().info().preview, QString("How is the SEA?"));

    // The answer named the gulls; the sea is known.
    desk.controller->send("And the sea now?");
    desk.waitForAnswer(4);
    QCOMPARE(loreOf(desk.model().messageAt(2)), QStringList("Otto and Ida."));
    // Another persona has no such book.
    desk.controller->setPersona("lares");
    desk.controller->send("The sea");
    desk.waitForAnswer(6);
    QVERIFY(loreOf(desk.last()).isEmpty());
}

/// Promise 3: nothing is read twice.
void ChatLoreTest::promptsBeginAlike() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    std::vector<Message> before;
    for (const char* text : {"How is the sea?", "The gulls?", "The sea and the gulls?"}) {
        desk.controller->send(text);
        desk.waitForAnswer(desk.model().rowCount() + 2);
        const std::vector<Message> now = prompt(desk);
        QVERIFY(now.size() > before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            QCOMPARE(now[i].role, before[i].role);
            QCOMPARE(now[i].content, before[i].content);
        }
        before = now;
    }
    QVERIFY(loreOf(desk.model().messageAt(4)).isEmpty());
}

void ChatLoreTest::anotherVersionLooksAgain() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    desk.controller->send("How is the sea?");
    desk.waitForAnswer(2);
    const MessageId first = desk.model().messageAt(0).id;
    desk.controller->regenerate(desk.last().id);
    QTRY_VERIFY_WITH_TIMEOUT(markdownOf(desk.last()) == "B" && !desk.controller->isAnswering(),
                             kPatienceMs);
    QCOMPARE(loreOf(desk.model().messageAt(0)), QStringList("The sea is grey."));
    desk.controller->edit(first, "The gulls?", {});
    QTRY_VERIFY_WITH_TIMEOUT(markdownOf(desk.last()) == "C" && !desk.controller->isAnswering(),
                             kPatienceMs);
    QCOMPARE(loreOf(desk.model().messageAt(0)), QStringList("Otto and Ida."));
    desk.controller->send("And the sea?");  // which this branch has not heard of
    desk.waitForAnswer(4);
    QCOMPARE(loreOf(desk.model().messageAt(2)), QStringList("The sea is grey."));
}

void ChatLoreTest::itIsThereAfterARestart() {
    std::string before;
    {
        Desk desk(kAnswers, m_home->path());
        choose(desk);
        desk.controller->send("How is the sea?");
        desk.waitForAnswer(2);
        before = prompt(desk)[1].content;
    }
    Desk desk(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(desk.controller->persona().lore, keeper().lore);
    desk.controller->send("The sea again");
    desk.waitForAnswer(4);
    QCOMPARE(prompt(desk)[1].content, before);
    QCOMPARE(loreOf(desk.model().messageAt(2)), QStringList("Otto and Ida."));  // of the answer
}

void ChatLoreTest::aChangedBookChangesNoEarlierMessage() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    desk.controller->send("How is the sea?");
    desk.waitForAnswer(2);
    const std::string before = prompt(desk)[1].content;
    Persona changed = keeper();
    changed.lore.entries = {{"The Sea", {"sea"}, {}, "The sea is blue."}, keeper().lore.entries[2]};
    const auto saved = desk.controller->savePersona(changed);
    QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), kPatienceMs);
    desk.controller->send("And the sea now?");
    desk.waitForAnswer(4);
    QCOMPARE(prompt(desk)[1].content, before);
    QCOMPARE(loreOf(desk.model().messageAt(2)), QStringList("The sea is blue."));
}

void ChatLoreTest::whatWasNotSentComesBackWithoutIt() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    QVERIFY(desk.store->settings().result().has_value());  // until all that is on the disk
    QSignalSpy notSent(desk.controller.get(), &ChatController::notSent);
    const FileSizeLimit full(1);
    desk.controller->send("How is the sea?");
    QTRY_COMPARE_WITH_TIMEOUT(notSent.count(), 1, kPatienceMs);
    QCOMPARE(notSent[0][0].toString(), QString("How is the sea?"));
    QVERIFY(notSent[0][1].value<Attachments>().empty());
}

void ChatLoreTest::ofATemporaryConversationNothingIsStored() {
    const QByteArray marker = "An unusual thing about the sea.";
    Persona made = keeper();
    made.lore.entries[0].text = QString::fromUtf8(marker);
    {
        Desk desk(kAnswers, m_home->path());
        const auto saved = desk.controller->savePersona(made);
        QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), kPatienceMs);
        desk.controller->newTemporaryConversation();
        desk.controller->setPersona("robin");
        desk.controller->send("How is the sea?");
        desk.waitForAnswer(2);
        QCOMPARE(loreOf(desk.model().messageAt(0)), QStringList(made.lore.entries[0].text));
        // The persona's own text is on the disk; no message has it.
        const auto stored = desk.store->messages(desk.model().info().id).result();
        QVERIFY(!stored || stored->empty());
    }
}

void ChatLoreTest::deletingAConversationErasesIt() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    desk.controller->send("How is the sea?");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    QVERIFY(desk.store->messages(id).result()->size() == 2);
    desk.controller->deleteConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(desk.model().info().id != id, kPatienceMs);
    const auto gone = desk.controller->deleteForGood({id});
    QTRY_VERIFY_WITH_TIMEOUT(gone.isFinished(), kPatienceMs);
    QVERIFY(gone.result());
    QVERIFY(desk.store->messages(id).result()->empty());
}

void ChatLoreTest::aCopyAndAFileKeepIt() {
    Desk desk(kAnswers, m_home->path());
    choose(desk);
    desk.controller->send("How is the sea?");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    const std::vector<Part> parts = desk.model().messageAt(0).parts;
    const auto copied = desk.controller->duplicateConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(copied.isFinished(), kPatienceMs);
    const auto copy = desk.store->messages(copied.result().value()).result();
    QCOMPARE(copy->at(0).parts, parts);

    const QString path = m_home->filePath("all.json");
    const auto written = desk.controller->exportAll(path);
    QTRY_VERIFY_WITH_TIMEOUT(written.isFinished(), kPatienceMs);
    QVERIFY(written.result());
    QTemporaryDir elsewhere;
    Desk other(kGreets, elsewhere.path());
    const auto read = other.controller->importConversations(path);
    QTRY_VERIFY_WITH_TIMEOUT(read.isFinished(), kPatienceMs);
    QVERIFY(read.result());
    const auto there = other.store->conversations().result();
    QVERIFY(!there->empty());
    QCOMPARE(other.store->messages(there->at(0).id).result()->at(0).parts, parts);
    other.controller->setPersona("robin");
    QCOMPARE(other.controller->persona().lore, keeper().lore);
}

QTEST_GUILESS_MAIN(ChatLoreTest)
#include "tst_chat_lore.moc"
