// Notes that the model proposes: when it may, what the user is asked, and what is kept then.

#include "app/chat/call_changes.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/note_book.h"
#include "tests/app/turns/desk.h"
#include "tests/support/files_with.h"
#include "tools/registry/tool_registry.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

constexpr const char* kProposes =
    R"([{"when": "tea", "steps": [{"call": "remember",
         "arguments": {"note": " I like tea.\u202e "}}]},
        {"when": "tea", "steps": [{"text": "Done."}]}])";

constexpr const char* kReadsAndProposes =
    R"([{"when": "tea", "steps": [{"call": "list_folder", "arguments": {"path": "~/docs"}}]},
        {"when": "tea", "steps": [{"call": "remember", "arguments": {"note": "I like tea."}}]},
        {"when": "tea", "steps": [{"text": "Done."}]}])";

std::vector<Json> toolsOf(const Desk& d) {
    return d.source->lastRequest().conversation.tools;
}

bool offers(const Desk& d) {
    for (const Json& tool : toolsOf(d)) {
        if (tool["function"]["name"] == "remember") return true;
    }
    return false;
}

const std::vector<Note>& notesOf(const Desk& d) {
    return d.controller->notes()->notes();
}

}  // namespace

class ChatProposedNotesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void isOffAtFirstAndThePromptIsAsWithoutIt();
    void staysOnAfterARestart();
    void isNotOfferedWhereNoNotesAreUsed();
    void isNotOfferedInATemporaryConversation();
    void asksWithTheWholeNote();
    void saysWhatWasReadBefore();
    void aYesKeepsIt();
    void aYesKeepsWhatTheUserMadeOfIt();
    void refusedNothingIsKept();
    void whatIsThereIsNotProposedAgain();
    void stoppedNothingIsKept();
    void aQuitLeavesTheQuestionAndWhatWasWritten();
    void whatWasKeptAtTheLastMomentCanBeForgotten();
    void whatWasWrittenIsThereAfterLookingElsewhere();
    void forgettingTakesItOffTheDisk();
    void aCopyDoesNotForgetIt();
    void theToolLogHasNoWordOfIt();

private:
    static void turnOn(const Desk& d) { d.controller->setMayProposeNotes(true); }
    static void ask(const Desk& d) {
        d.controller->send("I like tea");
        QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
        QVERIFY(d.controller->question()->note.has_value());
    }
    static const Part& call(const Desk& d) { return d.callOf(u"remember"); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void ChatProposedNotesTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_folder->path().toUtf8());
    QVERIFY(QDir(m_folder->path()).mkpath("docs"));
}

void ChatProposedNotesTest::isOffAtFirstAndThePromptIsAsWithoutIt() {
    const Desk d(kProposes, m_folder->path());
    QVERIFY(!d.controller->mayProposeNotes());
    d.controller->send("I like tea");
    d.waitForAnswer(2);
    QCOMPARE(toolsOf(d), ToolRegistry::builtin().definitions());
    QCOMPARE(d.result(), QString("error: no such tool: remember"));
    QVERIFY(notesOf(d).empty());
    turnOn(d);
    ask(d);
    QVERIFY(offers(d));
    QCOMPARE(toolsOf(d).size(), ToolRegistry::builtin().definitions().size() + 1);
    d.controller->setMayProposeNotes(false);
    d.controller->answerQuestion(PermissionAnswer::No);
    d.waitForAnswer(4);
    QCOMPARE(toolsOf(d), ToolRegistry::builtin().definitions());
}

void ChatProposedNotesTest::staysOnAfterARestart() {
    {
        const Desk d(kProposes, m_folder->path());
        turnOn(d);
    }
    const Desk d(kProposes, m_folder->path());
    QVERIFY(d.controller->mayProposeNotes());
    ask(d);
    QVERIFY(offers(d));
    d.controller->stop();
    d.waitForAnswer(2);
}

void ChatProposedNotesTest::isNotOfferedWhereNoNotesAreUsed() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    d.controller->setUsesNotes(false);
    d.controller->send("I like tea");
    d.waitForAnswer(2);
    QVERIFY(!offers(d));
}

void ChatProposedNotesTest::isNotOfferedInATemporaryConversation() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    d.controller->newTemporaryConversation();
    d.controller->send("I like tea");
    d.waitForAnswer(2);
    QVERIFY(!offers(d));
    QCOMPARE(d.controller->question(), nullptr);
    QCOMPARE(d.result(), QString("error: no such tool: remember"));
    QCOMPARE(filesWith(m_folder->path() + "/data", "I like tea"), QStringList());
}

void ChatProposedNotesTest::asksWithTheWholeNote() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    const PermissionQuestion question = *d.controller->question();
    QCOMPARE(question.verb + " " + question.object, QString("Remember a note"));
    QCOMPARE(question.note->text, QString("I like tea.[U+202E]"));  // what hides is seen
    QVERIFY(question.note->isForAll);
    QCOMPARE(question.note->personaName, QString("Lares"));
    QVERIFY(!question.canLast());
    QVERIFY(question.effect.contains("forget"));
    QVERIFY(question.note->origin.contains("no file"));
    QVERIFY(notesOf(d).empty());
    d.controller->stop();
    d.waitForAnswer(2);
}

void ChatProposedNotesTest::saysWhatWasReadBefore() {
    const Desk d(kReadsAndProposes, m_folder->path());
    turnOn(d);
    d.controller->send("I like tea");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    d.controller->answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() && d.controller->question()->note,
                             kPatienceMs);
    QVERIFY(d.controller->question()->note->origin.contains("It has read docs here"));
    d.controller->answerQuestion(PermissionAnswer::No);
    d.waitForAnswer(2);
}

void ChatProposedNotesTest::aYesKeepsIt() {
    MessageId answer = 0;
    {
        const Desk d(kProposes, m_folder->path());
        turnOn(d);
        ask(d);
        d.controller->answerQuestion(PermissionAnswer::Always);  // there is no such thing
        d.waitForAnswer(2);
        QCOMPARE(notesOf(d).size(), std::size_t{1});
        QCOMPARE(notesOf(d)[0].text, QString("I like tea.[U+202E]"));
        QCOMPARE(notesOf(d)[0].personaId, QString());
        answer = d.last().id;
        QCOMPARE(notesOf(d)[0].message, answer);
        QCOMPARE(notesOf(d)[0].conversation, d.model().info().id);
        QCOMPARE(keptNote(call(d)), notesOf(d)[0].id);
        QCOMPARE(d.result(), QString("remembered"));
        QCOMPARE(call(d).callState, Part::CallState::Done);
        // And asked about again the next time.
        d.controller->newConversation();
        d.controller->send("More tea");
        d.waitForAnswer(2);
        QVERIFY(d.source->lastRequest().conversation.messages[0].content.find("I like tea") !=
                std::string::npos);
    }
    const Desk d(kProposes, m_folder->path());
    QTRY_COMPARE(notesOf(d).size(), std::size_t{1});
    QCOMPARE(notesOf(d)[0].message, answer);
}

void ChatProposedNotesTest::aYesKeepsWhatTheUserMadeOfIt() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->editProposedNote("  I like green tea.\n", /*isForAll=*/false);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(2);
    QCOMPARE(notesOf(d).size(), std::size_t{1});
    QCOMPARE(notesOf(d)[0].text, QString("I like green tea."));
    QCOMPARE(notesOf(d)[0].personaId, QString("lares"));
    QCOMPARE(d.result(), QString("remembered as the user changed it: I like green tea."));
    QVERIFY(!call(d).data.contains(kEditedNoteKey));
}

void ChatProposedNotesTest::refusedNothingIsKept() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->editProposedNote("I like cocoa.", true);
    d.controller->answerQuestion(PermissionAnswer::No, "not yet");
    d.waitForAnswer(2);
    QVERIFY(notesOf(d).empty());
    QCOMPARE(d.result(), QString("error: refused by the user: not yet"));
    QCOMPARE(call(d).callState, Part::CallState::Denied);
    QVERIFY(!call(d).data.contains(kEditedNoteKey));
}

void ChatProposedNotesTest::whatIsThereIsNotProposedAgain() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    Note note;
    note.text = "i like  tea.[u+202e]";
    d.controller->notes()->save(note);
    QTRY_COMPARE(notesOf(d).size(), std::size_t{1});
    d.controller->send("I like tea");
    d.waitForAnswer(2);
    QCOMPARE(d.result(), QString("error: a note says this already"));
    // Another persona's is another matter; and what the user makes of it is looked at, too.
    note = notesOf(d)[0];
    note.personaId = "robin";
    d.controller->notes()->save(note);
    QTRY_COMPARE(notesOf(d)[0].personaId, QString("robin"));
    ask(d);
    note = {};
    note.text = "I like cocoa.";
    d.controller->notes()->save(note);
    QTRY_COMPARE(notesOf(d).size(), std::size_t{2});
    d.controller->editProposedNote("I like cocoa.", true);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(4);
    QCOMPARE(d.result(), QString("error: not remembered: a note says this already"));
    QVERIFY(call(d).summary.contains("I like cocoa."));
    QCOMPARE(notesOf(d).size(), std::size_t{2});
}

void ChatProposedNotesTest::stoppedNothingIsKept() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->editProposedNote("I like cocoa.", true);
    d.controller->stop();
    d.waitForAnswer(2);
    QVERIFY(notesOf(d).empty());
    QCOMPARE(d.last().state, ChatMessage::State::Stopped);
    QCOMPARE(call(d).callState, Part::CallState::Failed);
    QVERIFY(!call(d).data.contains(kEditedNoteKey));
}

void ChatProposedNotesTest::aQuitLeavesTheQuestionAndWhatWasWritten() {
    {
        const Desk d(kProposes, m_folder->path());
        turnOn(d);
        ask(d);
        d.controller->editProposedNote("I like white tea.", false);
    }
    const Desk d(kProposes, m_folder->path());
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    QVERIFY(notesOf(d).empty());
    QCOMPARE(d.model().rowCount(), 2);
    QCOMPARE(d.controller->question()->note->text, QString("I like white tea."));
    QVERIFY(!d.controller->question()->note->isForAll);
    d.controller->answerQuestion(PermissionAnswer::Once);
    QTRY_COMPARE_WITH_TIMEOUT(notesOf(d).size(), std::size_t{1}, kPatienceMs);
    QCOMPARE(notesOf(d)[0].text, QString("I like white tea."));
    d.controller->stop();  // the script begins anew, and asks once more
    d.waitForAnswer(2);
}

/// The note is on disk, and the message does not know it yet.
void ChatProposedNotesTest::whatWasKeptAtTheLastMomentCanBeForgotten() {
    NoteId id = 0;
    {
        const Desk d(kProposes, m_folder->path());
        turnOn(d);
        ask(d);
        ChatMessage message = d.last();
        for (Part& part : message.parts) {
            if (part.toolName == u"remember") part.callState = Part::CallState::Running;
        }
        d.store->save(message);
        Note note;
        note.text = "I like tea.";
        note.createdAt = QDateTime::currentDateTimeUtc();
        note.conversation = message.conversation;
        note.message = message.id;
        id = d.store->save(note).result().value().id;
    }
    const Desk d(kProposes, m_folder->path());
    QTRY_COMPARE(d.last().state, ChatMessage::State::Stopped);
    QCOMPARE(d.controller->question(), nullptr);
    QCOMPARE(call(d).callState, Part::CallState::Done);
    QCOMPARE(call(d).summary, QString("Remembered: I like tea."));
    QCOMPARE(keptNote(call(d)), id);
}

void ChatProposedNotesTest::whatWasWrittenIsThereAfterLookingElsewhere() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->editProposedNote("I like white tea.", true);
    const ConversationId id = d.model().info().id;
    d.controller->newConversation();
    QCOMPARE(d.controller->question(), nullptr);
    d.controller->openConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    QCOMPARE(d.controller->question()->note->text, QString("I like white tea."));
    d.controller->stop();
    d.waitForAnswer(2);
}

void ChatProposedNotesTest::forgettingTakesItOffTheDisk() {
    {
        const Desk d(kProposes, m_folder->path());
        turnOn(d);
        ask(d);
        d.controller->editProposedNote("I like Assam best.", true);
        d.controller->answerQuestion(PermissionAnswer::Once);
        d.waitForAnswer(2);
        QFuture<Result<Note>> gone = d.controller->notes()->forget(keptNote(call(d)));
        QTRY_VERIFY_WITH_TIMEOUT(gone.isFinished(), kPatienceMs);
        QVERIFY(gone.result().has_value());
        QVERIFY(notesOf(d).empty());
        // What was said in the conversation goes with that.
        const ConversationId id = d.model().info().id;
        d.controller->deleteConversation(id);
        QFuture<Result<void>> deleted = d.controller->deleteForGood({id});
        QTRY_VERIFY_WITH_TIMEOUT(deleted.isFinished(), kPatienceMs);
        QVERIFY(deleted.result().has_value());
    }
    QCOMPARE(filesWith(m_folder->path() + "/data", "Assam"), QStringList());
}

void ChatProposedNotesTest::aCopyDoesNotForgetIt() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(2);
    const ConversationId id = d.model().info().id;
    d.controller->duplicateConversation(id);
    QTRY_VERIFY(d.model().info().id != id && d.model().rowCount() == 2);
    QCOMPARE(keptNote(call(d)), 0);
}

void ChatProposedNotesTest::theToolLogHasNoWordOfIt() {
    const Desk d(kProposes, m_folder->path());
    turnOn(d);
    ask(d);
    d.controller->editProposedNote("I like Darjeeling best.", true);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(2);
    const QString file = m_folder->path() + "/log.jsonl";
    QFuture<Result<qint64>> exported = d.controller->exportToolLog(file);
    QTRY_VERIFY_WITH_TIMEOUT(exported.isFinished(), kPatienceMs);
    QFile log(file);
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray lines = log.readAll();
    QVERIFY(lines.contains("remember"));
    QVERIFY(!lines.contains("tea."));
    QVERIFY(!lines.contains("Darjeeling"));
}

QTEST_MAIN(ChatProposedNotesTest)
#include "tst_chat_proposed_notes.moc"
