// Which notes a conversation reads, and that adding one has nothing read again.

#include "app/chat/conversation_list_model.h"
#include "app/chat/note_book.h"
#include "app/engine_bridge/engine_worker.h"
#include "tests/app/turns/desk.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace lares;
using namespace lares::test;

class ChatNotesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aNewConversationBeginsWithThem();
    void addingOneHasNothingReadAgain();
    void theyStayThroughARestartAndInACopy();
    void regeneratingAndEditingReadTheSame();
    void thePresentOnesCanBeWished();
    void aForgottenOneIsInNoPrompt();
    void anAnswerUnderWayKeepsNoneOfIt();
    void forgettingCanBeUndone();
    void anEditedOneStaysAsItWasRead();
    void eachPersonaHasItsOwn();
    void theyCanBeTurnedOff();
    void whatIsTooMuchIsLeftOut();
    void aQuestionBesideBeginsWithThem();
    void aTemporaryOneReadsNone();
    void aModelReadsNothingTwice();
    void withoutAStoreNoneCanBeMade();

private:
    static Note add(const Desk& d, const QString& text, const QString& persona = {}) {
        Note note;
        note.text = text;
        note.personaId = persona;
        QFuture<Result<Note>> saved = d.controller->notes()->save(note);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), kPatienceMs); }();
        return saved.result().value();
    }
    static void say(const Desk& d, const char* text) {
        const int rows = d.model().rowCount();
        d.controller->send(text);
        d.waitForAnswer(rows + 2);
    }
    /// What the model read first for the last answer.
    static QString system(const Desk& d) {
        return QString::fromStdString(d.source->lastRequest().conversation.messages[0].content);
    }
    static QString ahead(const Desk& d) {
        return QString::fromStdString(
            d.source->readAhead().back().conversation.messages[0].content);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ChatNotesTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_folder->path().toUtf8());
}

void ChatNotesTest::aNewConversationBeginsWithThem() {
    const Desk d(kGreets, m_folder->path());
    add(d, "I cook for four.");
    // It is read before anybody asks, and once.
    const QString wanted =
        "You are Lares.\n\nNotes that the user asked you to remember:\n- I cook for four.";
    QCOMPARE(ahead(d), wanted);
    say(d, "Hello");
    QCOMPARE(system(d), wanted);
    QCOMPARE(d.controller->presentNotes("lares").text.count("cook"), 1);
}

void ChatNotesTest::addingOneHasNothingReadAgain() {
    const Desk d(kGreets, m_folder->path());
    add(d, "One");
    say(d, "Hello");
    QTRY_COMPARE_WITH_TIMEOUT(d.source->readAhead().back().conversation.messages.size(),
                              std::size_t{3}, kPatienceMs);
    const auto first = d.source->lastRequest().conversation.messages;
    const std::size_t nAhead = d.source->readAhead().size();
    add(d, "Two");
    QCOMPARE(d.source->readAhead().size(), nAhead);
    say(d, "And now?");
    const auto second = d.source->lastRequest().conversation.messages;
    QVERIFY(second.size() > first.size());
    QVERIFY(std::equal(first.begin(), first.end(), second.begin(),
                       [](const Message& a, const Message& b) { return a.content == b.content; }));
    QVERIFY(!system(d).contains("Two"));
    d.controller->newConversation();
    say(d, "Hello");
    QVERIFY(system(d).endsWith("\n- One\n- Two"));
}

void ChatNotesTest::theyStayThroughARestartAndInACopy() {
    ConversationId id = 0;
    {
        const Desk d(kGreets, m_folder->path());
        add(d, "One");
        say(d, "Hello");
        add(d, "Two");
        id = d.model().info().id;
    }
    const Desk d(kGreets, m_folder->path());
    QCOMPARE(d.model().info().id, id);
    QTRY_COMPARE(d.controller->notes()->notes().size(), std::size_t{2});
    say(d, "And now?");
    QVERIFY(system(d).endsWith("\n- One"));
    d.controller->duplicateConversation(id);
    QTRY_VERIFY(d.model().info().id != id && d.model().rowCount() == 4);
    say(d, "And here?");
    QVERIFY(system(d).endsWith("\n- One"));
}

void ChatNotesTest::regeneratingAndEditingReadTheSame() {
    const Desk d(kGreets, m_folder->path());
    add(d, "One");
    say(d, "Hello");
    add(d, "Two");
    d.controller->regenerate(d.last().id);
    d.waitForAnswer(2);
    QVERIFY(system(d).endsWith("\n- One"));
    d.controller->edit(d.model().messageAt(0).id, "Good morning");
    QTRY_COMPARE(markdownOf(d.model().messageAt(0)), QString("Good morning"));
    d.waitForAnswer(2);
    QVERIFY(system(d).endsWith("\n- One"));
}

void ChatNotesTest::thePresentOnesCanBeWished() {
    const Desk d(kGreets, m_folder->path());
    say(d, "Hello");
    QVERIFY(!d.controller->canUsePresentNotes());
    add(d, "One");
    QVERIFY(d.controller->canUsePresentNotes());
    d.controller->usePresentNotes();
    QVERIFY(!d.controller->canUsePresentNotes());
    QVERIFY(ahead(d).endsWith("\n- One"));  // read anew at once, while nobody waits
    say(d, "And now?");
    QVERIFY(system(d).endsWith("\n- One"));
}

void ChatNotesTest::aForgottenOneIsInNoPrompt() {
    const Desk d(kGreets, m_folder->path());
    const Note one = add(d, "One");
    add(d, "Two");
    say(d, "Hello");
    QVERIFY(!d.controller->isWithoutForgottenNote());
    d.controller->notes()->forget(one.id);
    QTRY_VERIFY(d.controller->isWithoutForgottenNote());
    // What was read of it is deleted: this conversation's, and what all of a persona's share.
    const auto& gone = d.source->forgotten();
    for (const std::string& owner : {std::to_string(d.model().info().id), std::string()})
        QVERIFY(std::find(gone.begin(), gone.end(), owner) != gone.end());
    QVERIFY(ahead(d).endsWith("remember:\n- Two"));
    say(d, "And now?");
    QVERIFY(system(d).endsWith("remember:\n- Two"));
    QVERIFY(d.controller->canUsePresentNotes());
    d.controller->usePresentNotes();
    QVERIFY(!d.controller->isWithoutForgottenNote());
}

void ChatNotesTest::anAnswerUnderWayKeepsNoneOfIt() {
    const Desk d(R"([{"steps":[{"text":"Well"},{"hold":true}]}])", m_folder->path());
    const Note one = add(d, "One");
    d.controller->send("Hello");
    QTRY_VERIFY(d.controller->isAnswering());
    d.controller->notes()->forget(one.id);
    QTRY_VERIFY(d.controller->isWithoutForgottenNote());
    const std::string owner = std::to_string(d.model().info().id);
    const auto nForgotten = [&] {
        const auto& gone = d.source->forgotten();
        return std::count(gone.begin(), gone.end(), owner);
    };
    QCOMPARE(nForgotten(), 1);
    d.controller->stop();
    QTRY_VERIFY(!d.controller->isAnswering());
    QCOMPARE(nForgotten(), 2);  // it may have been put down again
    QTRY_COMPARE(ahead(d), QString("You are Lares."));
}

void ChatNotesTest::forgettingCanBeUndone() {
    const Desk d(kGreets, m_folder->path());
    const Note one = add(d, "One");
    say(d, "Hello");
    ForgottenNote gone;
    connect(d.controller->notes(), &NoteBook::forgotten, d.controller.get(),
            [&](const ForgottenNote& note) { gone = note; });
    d.controller->notes()->forget(one.id);
    QTRY_COMPARE(gone.note, one);
    QVERIFY(d.controller->notes()->notes().empty());
    d.controller->notes()->restore(gone);
    QTRY_COMPARE(d.controller->notes()->notes(), std::vector{one});
    QVERIFY(!d.controller->isWithoutForgottenNote());
    say(d, "And now?");
    QVERIFY(system(d).endsWith("\n- One"));
}

void ChatNotesTest::anEditedOneStaysAsItWasRead() {
    const Desk d(kGreets, m_folder->path());
    Note note = add(d, "A flat");
    say(d, "Hello");
    note.text = "A house";
    d.controller->notes()->save(note);
    QTRY_COMPARE(d.controller->notes()->notes()[0].text, QString("A house"));
    say(d, "And now?");
    QVERIFY(system(d).endsWith("\n- A flat"));
    // Forgetting it means all that it ever said.
    d.controller->notes()->forget(note.id);
    QTRY_VERIFY(d.controller->isWithoutForgottenNote());
    say(d, "And now?");
    QCOMPARE(system(d), QString("You are Lares."));
}

void ChatNotesTest::eachPersonaHasItsOwn() {
    const Desk d(kGreets, m_folder->path());
    add(d, "For all");
    add(d, "For Robin", "robin");
    say(d, "Hello");
    QVERIFY(system(d).endsWith("\n- For all"));
    d.controller->setPersona("robin");
    say(d, "Hello, Robin");
    QVERIFY(system(d).startsWith("You are Robin."));
    QVERIFY(system(d).endsWith("\n- For all\n- For Robin"));
}

void ChatNotesTest::theyCanBeTurnedOff() {
    const Desk d(kGreets, m_folder->path());
    Note note = add(d, "One");
    d.controller->setUsesNotes(false);
    QCOMPARE(ahead(d), QString("You are Lares."));
    d.controller->setUsesNotes(true);
    QVERIFY(ahead(d).endsWith("\n- One"));
    d.controller->setUsesNotes("lares", false);
    QVERIFY(!d.controller->usesNotes("lares") && d.controller->usesNotes("robin"));
    QCOMPARE(ahead(d), QString("You are Lares."));
    d.controller->setUsesNotes("lares", true);
    note.isOn = false;
    d.controller->notes()->save(note);
    QTRY_COMPARE(ahead(d), QString("You are Lares."));
    say(d, "Hello");
    QCOMPARE(system(d), QString("You are Lares."));
}

void ChatNotesTest::whatIsTooMuchIsLeftOut() {
    const Desk d(kGreets, m_folder->path());
    d.source->setContextLength(1024);
    d.controller->loadModel("/small.gguf");
    QTRY_COMPARE(d.controller->modelState(), ChatController::ModelState::Ready);
    const Note oldest = add(d, QString("1 ").repeated(240));
    add(d, "Newest");
    QCOMPARE(d.controller->presentNotes("lares").left, std::vector{oldest.textId});
    say(d, "Hello");
    QVERIFY(system(d).endsWith("remember:\n- Newest"));
}

void ChatNotesTest::aQuestionBesideBeginsWithThem() {
    const Desk d(kGreets, m_folder->path());
    add(d, "One");
    const auto aside = d.controller->ask("Hello");
    QTRY_COMPARE(aside->rowCount(), 2);
    QTRY_VERIFY(!d.controller->isAnsweringIn(aside->info().id));
    QVERIFY(system(d).endsWith("\n- One"));
}

void ChatNotesTest::aTemporaryOneReadsNone() {
    const Desk d(kGreets, m_folder->path());
    add(d, "One");
    d.controller->newTemporaryConversation();
    say(d, "Hello");
    QCOMPARE(system(d), QString("You are Lares."));
    QVERIFY(!d.controller->canUsePresentNotes());
    const ConversationId id = d.model().info().id;
    QSignalSpy kept(d.controller.get(), &ChatController::kept);
    d.controller->keepConversation(id);
    QTRY_COMPARE(kept.count(), 1);
    say(d, "And now?");
    QCOMPARE(system(d), QString("You are Lares."));
    d.controller->usePresentNotes();
    say(d, "And now?");
    QVERIFY(system(d).endsWith("\n- One"));
}

/// Counted in tokens, by Lares Mini itself.
void ChatNotesTest::aModelReadsNothingTwice() {
    const auto opened = ConversationStore::open((m_folder->path() + "/data").toStdString());
    QVERIFY(opened);
    Engine::Options options;
    options.session.n_threads = 1;
    options.session.n_ctx = 2048;
    EngineWorker worker(options);
    ChatController::Dependencies dependencies;
    dependencies.store = opened->get();
    dependencies.tokens = &worker;
    dependencies.personas = {{"lares", "Lares", "You are Lares.", "Hi."}};
    dependencies.demoModel = source_file("resources/mini_model/lares-mini.gguf");
    ChatController controller(dependencies);
    controller.loadModel({});
    QSignalSpy ready(&controller, &ChatController::ready);
    controller.start();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller.modelState(), ChatController::ModelState::Ready,
                              kPatienceMs);
    const auto note = [&](const char* text) {
        Note one;
        one.text = text;
        const std::size_t before = controller.notes()->notes().size();
        controller.notes()->save(one);
        QTRY_COMPARE(controller.notes()->notes().size(), before + 1);
    };
    QJsonObject stats;
    const auto say = [&](const char* text) {
        const int rows = controller.conversation()->rowCount();
        controller.send(text);
        QTRY_COMPARE_WITH_TIMEOUT(controller.conversation()->rowCount(), rows + 2, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!controller.isAnswering(), kPatienceMs);
        stats = controller.conversation()->messageAt(rows + 1).stats;
    };
    note("I cook for four, and one of us eats no nuts.");
    say("Hello");
    const int first = stats["promptTokens"].toInt();
    QVERIFY(first > 0);
    note("Answer in British English, with metric units.");
    say("And now?");
    // The first prompt is the beginning of the second one, to the token: all of it was there.
    QVERIFY2(stats["cachedTokens"].toInt() >= first - 8,  // but for what opens the answer
             qPrintable(QString("%1 of %2").arg(stats["cachedTokens"].toInt()).arg(first)));
    QVERIFY(stats["promptTokens"].toInt() > first);
}

void ChatNotesTest::withoutAStoreNoneCanBeMade() {
    NoteBook book(nullptr);
    Note note;
    note.text = "One";
    const Result<Note> saved = book.save(note).result();
    QVERIFY(!saved);
    QVERIFY(saved.error().message.find("was not saved") != std::string::npos);
    QVERIFY(book.notes().empty());
}

QTEST_MAIN(ChatNotesTest)
#include "tst_chat_notes.moc"
