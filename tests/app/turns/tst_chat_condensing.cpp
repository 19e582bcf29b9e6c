// A conversation that grows past what the model can read: on a script, whose prompts Lares Mini
// measures, and with Lares Mini itself.

#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_prompt.h"
#include "app/engine_bridge/engine_worker.h"
#include "app/turn/condensing.h"
#include "tests/app/turns/desk.h"
#include "tests/support/request_text.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

constexpr int kContext = 4096;
constexpr const char* kSummary = "They spoke of ships.";

/// Answers of some 150 words; a summary where one is asked for.
QByteArray script(const char* summary = R"({"text":"They spoke of ships."})") {
    return QByteArray(R"([{"when":"Condense the conversation","steps":[)") + summary +
           R"(]},{"when":"Tell me","steps":[{"text":")" +
           QByteArray("A ship sails slowly over the grey water. ").repeated(20) + R"("}]}])";
}

/// A controller whose source measures prompts.
class CondensingDesk : public Desk {
public:
    CondensingDesk(const QByteArray& script,
                   const QString& folder,
                   std::shared_ptr<const Model> model,
                   int nContext = kContext)
        : Desk(script.constData(), folder) {
        source->setPromptModel(std::move(model));
        source->setContextLength(nContext);
        controller->loadModel({});
        [&] {
            QTRY_COMPARE_WITH_TIMEOUT(controller->modelState(), ChatController::ModelState::Ready,
                                      kPatienceMs);
        }();
    }

    void ask(const QString& question) const {
        const int rows = model().rowCount();
        controller->send(question);
        waitForAnswer(rows + 2);
    }
    /// Until a summary stands.
    void talk(int most = 60) const {
        for (int i = 0; i < most && controller->summaryAt() == 0; ++i) {
            ask(QString("Tell me more, %1").arg(i));
            rest();
        }
        QVERIFY(controller->summaryAt() != 0);
    }
    /// Until a summary is being written, which the script does not end.
    void talkUntilBusy() const {
        for (int i = 0; i < 60 && !source->isBusy(); ++i) {
            ask(QString("Tell me more, %1").arg(i));
            const auto isRead = [&] {
                return !source->readAhead().empty() &&
                       source->readAhead().back().conversation.messages.back().content ==
                           markdownOf(last()).toStdString() &&
                       source->readAhead().size() > m_nAhead;
            };
            QTRY_VERIFY_WITH_TIMEOUT(source->isBusy() || isRead(), kPatienceMs);
            m_nAhead = source->readAhead().size();
        }
        QVERIFY(source->isBusy());
    }
    /// Until what is done while nobody waits has been done.
    void rest() const {
        const auto isDone = [&] {
            const auto& ahead = source->readAhead();
            return !source->isBusy() && !ahead.empty() &&
                   ahead.back().conversation.messages.back().role == "assistant" &&
                   ahead.back().conversation.messages.back().content ==
                       markdownOf(last()).toStdString() &&
                   ahead.size() > m_nAhead;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isDone(), kPatienceMs);
        m_nAhead = source->readAhead().size();
    }
    [[nodiscard]] int rowOfSummary() const { return model().rowOf(controller->summaryAt()); }

    mutable std::size_t m_nAhead = 0;
};

}  // namespace

class ChatCondensingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void aConversationIsCondensedWhileNobodyWaits();
    void laterPromptsBeginAlike();
    void itGoesOnForManyTurns();
    void whatWasAskedBeforeIsStillShownAsItWas();
    void aSummarySurvivesARestart();
    void anEndInTheMiddleOfItLosesNothing();
    void branchesAboveItDoNotReadIt();
    void aQuestionInterruptsIt();
    void aQuestionThatDoesNotFitWaitsForIt();
    void stoppingItStopsTheAnswer();
    void withoutASummaryTheOldestAreLeftOut();
    void aMessageThatIsTooLongIsRefused();
    void itIsWrittenAgain();
    void writingItAgainWaitsForAnotherToEnd();
    void allOfItIsReadAgainWhereItFits();
    void deletingTheConversationEndsIt();
    void anotherModelEndsIt();
    void laresMiniGoesOnPastItsContext();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<const Model> m_mini;
};

void ChatCondensingTest::initTestCase() {
    auto model = Model::load(source_file("resources/mini_model/lares-mini.gguf"));
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    m_mini = std::move(*model);
}

void ChatCondensingTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_folder->path().toUtf8());
}

void ChatCondensingTest::aConversationIsCondensedWhileNobodyWaits() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    const QSignalSpy waited(d.controller.get(), &ChatController::condensing);
    d.talk();
    QCOMPARE(waited.count(), 0);
    const int row = d.rowOfSummary();
    QVERIFY(row > 0 && row < d.model().rowCount() - 2);
    QCOMPARE(d.model().messageAt(row).role, Role::Assistant);
    QCOMPARE(*d.model().messageAt(row).summary, (BranchSummary{kSummary, false}));
    // The next prompt was read ahead: system text, summary, and the turns behind it.
    const GenerationRequest ahead = d.source->readAhead().back();
    QCOMPARE(ahead.conversation.messages.size(), std::size_t(d.model().rowCount() - row));
    QVERIFY(holds(ahead, kSummary));
    QVERIFY(!holds(ahead, "Tell me more, 0"));
    QVERIFY(holds(ahead, markdownOf(d.model().messageAt(row + 1)).toStdString()));
    // And nothing is gone.
    QCOMPARE(markdownOf(d.model().messageAt(0)), "Tell me more, 0");
}

void ChatCondensingTest::laterPromptsBeginAlike() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    d.talk();
    const MessageId at = d.controller->summaryAt();
    const auto before = d.source->readAhead().back().conversation.messages;
    d.ask("Tell me the end");
    const auto asked = d.source->lastRequest().conversation.messages;
    QCOMPARE(asked.size(), before.size() + 1);
    for (std::size_t i = 0; i < before.size(); ++i) QCOMPARE(asked[i].content, before[i].content);
    d.rest();
    QCOMPARE(d.controller->summaryAt(), at);
    const auto after = d.source->readAhead().back().conversation.messages;
    for (std::size_t i = 0; i < asked.size(); ++i) QCOMPARE(after[i].content, asked[i].content);
}

void ChatCondensingTest::itGoesOnForManyTurns() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    QSet<MessageId> summaries;
    for (int i = 0; i < 60; ++i) {
        d.ask(QString("Tell me more, %1").arg(i));
        QCOMPARE(d.last().state, ChatMessage::State::Complete);
        const auto view = d.source->viewPrompt(d.source->lastRequest()).result();
        QVERIFY(view && int(view->ids.size()) + answerRoom(kContext, 512) <= kContext);
        d.rest();
        summaries.insert(d.controller->summaryAt());
    }
    QVERIFY(summaries.size() > 3);
    QCOMPARE(d.model().rowCount(), 120);
    QCOMPARE(markdownOf(d.model().messageAt(0)), "Tell me more, 0");
}

void ChatCondensingTest::whatWasAskedBeforeIsStillShownAsItWas() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    d.talk();
    const auto promptOf = [&](const ChatMessage& answer) {
        const auto reading = readingsOf(answer).back();
        return d.controller->viewPrompt(reading).result().value().text();
    };
    // The answer before the condensation had read all of it, and the one behind it the summary.
    const std::string before = promptOf(d.last());
    QVERIFY(before.find("Tell me more, 0") != std::string::npos);
    QVERIFY(before.find(kSummary) == std::string::npos);
    d.ask("Tell me the end");
    const std::string after = promptOf(d.last());
    QVERIFY(after.find("Tell me more, 0") == std::string::npos);
    QVERIFY(after.find(kSummary) != std::string::npos);
}

void ChatCondensingTest::aSummarySurvivesARestart() {
    MessageId at = 0;
    {
        const CondensingDesk d(script(), m_folder->path(), m_mini);
        d.talk();
        at = d.controller->summaryAt();
    }
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    QCOMPARE(d.controller->summaryAt(), at);
    d.ask("Tell me the end");
    QVERIFY(holds(d.source->lastRequest(), kSummary));
}

void ChatCondensingTest::anEndInTheMiddleOfItLosesNothing() {
    int rows = 0;
    {
        const CondensingDesk d(script(R"({"hold":true})"), m_folder->path(), m_mini);
        d.talkUntilBusy();
        rows = d.model().rowCount();
    }
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    QCOMPARE(d.model().rowCount(), rows);
    QCOMPARE(d.last().state, ChatMessage::State::Complete);
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
    d.ask("Tell me the end");
    d.rest();
    QVERIFY(d.controller->summaryAt() != 0);  // it is done now
}

void ChatCondensingTest::branchesAboveItDoNotReadIt() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    d.talk();
    const MessageId at = d.controller->summaryAt();
    const int row = d.model().rowOf(at);
    // Behind it: the other branch reads it too.
    d.controller->edit(d.model().messageAt(row + 1).id, "Tell me another thing");
    QTRY_VERIFY_WITH_TIMEOUT(holds(d.source->lastRequest(), "Tell me another thing"), kPatienceMs);
    d.waitForAnswer(row + 3);
    QCOMPARE(d.controller->summaryAt(), at);
    QVERIFY(holds(d.source->lastRequest(), kSummary));
    // Before it: this one does not, and its own answers are read word by word.
    d.controller->edit(d.model().messageAt(2).id, "Tell me something else");
    d.waitForAnswer(4);
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
    QVERIFY(!holds(d.source->lastRequest(), kSummary));
    QVERIFY(holds(d.source->lastRequest(), "Tell me more, 0"));
    d.controller->showVersion(d.model().messageAt(2).id, 0);
    QCOMPARE(d.controller->summaryAt(), at);
}

void ChatCondensingTest::aQuestionInterruptsIt() {
    const CondensingDesk d(script(R"({"hold":true})"), m_folder->path(), m_mini);
    d.talkUntilBusy();
    QVERIFY(d.source->isBusy());  // the summary is being written, and will not end
    QVERIFY(holds(d.source->lastRequest(), "Condense the conversation"));
    QVERIFY(!d.controller->isAnswering());
    d.ask("Tell me the end");
    QCOMPARE(d.last().state, ChatMessage::State::Complete);
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
    QVERIFY(holds(d.source->lastRequest(), "Tell me more, 0"));
}

/// With a script that never ends a summary ahead of need, a question that no longer fits.
void ChatCondensingTest::aQuestionThatDoesNotFitWaitsForIt() {
    const CondensingDesk d(script(), m_folder->path(), m_mini, 1 << 20);
    for (int i = 0; i < 12; ++i) d.ask(QString("Tell me more, %1").arg(i));
    d.rest();
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
    d.source->setContextLength(kContext);  // a model that can read less
    d.controller->loadModel({});
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), ChatController::ModelState::Ready,
                              kPatienceMs);
    const QSignalSpy waited(d.controller.get(), &ChatController::condensing);
    d.ask("Tell me the end");
    QVERIFY(waited.count() > 0);
    QCOMPARE(d.last().state, ChatMessage::State::Complete);
    QVERIFY(d.controller->summaryAt() != 0);
    QVERIFY(holds(d.source->lastRequest(), kSummary));
    QVERIFY(!holds(d.source->lastRequest(), "Tell me more, 0"));
    QVERIFY(textOf(d.source->lastRequest()).ends_with("Tell me the end\n"));
}

void ChatCondensingTest::stoppingItStopsTheAnswer() {
    const CondensingDesk d(script(R"({"hold":true})"), m_folder->path(), m_mini, 1 << 20);
    for (int i = 0; i < 12; ++i) d.ask(QString("Tell me more, %1").arg(i));
    d.rest();
    d.source->setContextLength(kContext);
    d.controller->loadModel({});
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->modelState(), ChatController::ModelState::Ready,
                              kPatienceMs);
    QSignalSpy waited(d.controller.get(), &ChatController::condensing);
    const int rows = d.model().rowCount();
    d.controller->send("Tell me the end");
    QTRY_VERIFY_WITH_TIMEOUT(waited.count() > 0, kPatienceMs);
    d.controller->stop();
    d.waitForAnswer(rows + 2);
    QCOMPARE(d.last().state, ChatMessage::State::Stopped);
    QCOMPARE(d.controller->summaryAt(), MessageId{0});  // until it is written while nobody waits
}

void ChatCondensingTest::withoutASummaryTheOldestAreLeftOut() {
    const CondensingDesk d(script(R"({"text":" "})"), m_folder->path(), m_mini);
    for (int i = 0; i < 60 && d.controller->summaryAt() == 0; ++i) {
        d.ask(QString("Tell me more, %1").arg(i));
        QCOMPARE(d.last().state, ChatMessage::State::Complete);
        d.rest();
    }
    const ChatMessage* at = d.model().find(d.controller->summaryAt());
    QVERIFY(at != nullptr);
    QCOMPARE(*at->summary, (BranchSummary{{}, true}));
    QVERIFY(holds(d.source->lastRequest(), "is left out"));
    QVERIFY(!holds(d.source->lastRequest(), "Tell me more, 0"));
}

void ChatCondensingTest::aMessageThatIsTooLongIsRefused() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    d.ask("Tell me more");
    d.ask("Tell me " + QString("a tale of the sea ").repeated(2000));
    QCOMPARE(d.last().state, ChatMessage::State::Failed);
    QVERIFY(d.part(Part::Kind::Notice)->text.contains("This message is too long"));
    QVERIFY(d.part(Part::Kind::Notice)->text.contains("4096"));
    QVERIFY(!holds(d.source->lastRequest(), "tale of the sea"));
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
}

void ChatCondensingTest::itIsWrittenAgain() {
    const CondensingDesk d(
        script(
            R"({"text":"They spoke of ships."}]},{"when":"Condense","steps":[{"text":"Better."})"),
        m_folder->path(), m_mini);
    d.talk();
    const MessageId at = d.controller->summaryAt();
    const BranchSummary first = *d.model().find(at)->summary;
    const std::size_t n = d.source->readAhead().size();
    d.controller->rewriteSummary(at);
    QCOMPARE(d.controller->rewrittenSummary(), at);
    QTRY_VERIFY_WITH_TIMEOUT(d.source->readAhead().size() > n, kPatienceMs);
    QCOMPARE(d.controller->rewrittenSummary(), MessageId{0});
    const BranchSummary second = *d.model().find(at)->summary;
    QVERIFY(first != second);
    QVERIFY(holds(d.source->readAhead().back(), second.text.toStdString()));
    QVERIFY(!holds(d.source->readAhead().back(), first.text.toStdString()));
}

void ChatCondensingTest::writingItAgainWaitsForAnotherToEnd() {
    const CondensingDesk d(
        script(R"({"hold":true}]},{"when":"Condense","steps":[{"text":"Better."})"),
        m_folder->path(), m_mini);
    d.ask("Tell me of it");
    const MessageId at = d.last().id;
    ChatMessage answered = d.last();
    answered.summary = BranchSummary{"They met.", false};
    d.controller->conversation()->update(answered);
    d.talkUntilBusy();  // with the one of what came after
    d.controller->rewriteSummary(at);
    QTRY_COMPARE_WITH_TIMEOUT(d.model().find(at)->summary->text, "Better.", kPatienceMs);
    QCOMPARE(d.controller->rewrittenSummary(), MessageId{0});
}

void ChatCondensingTest::allOfItIsReadAgainWhereItFits() {
    const CondensingDesk d(script(), m_folder->path(), m_mini);
    d.talk();
    const MessageId at = d.controller->summaryAt();
    QVERIFY(d.controller->mayReadEverything());
    const std::size_t n = d.source->readAhead().size();
    d.controller->readEverything();
    QTRY_VERIFY_WITH_TIMEOUT(d.source->readAhead().size() > n, kPatienceMs);
    QCOMPARE(d.controller->summaryAt(), MessageId{0});
    QVERIFY(holds(d.source->readAhead().back(), "Tell me more, 0"));
    // It stays so until a question no longer fits.
    QSignalSpy waited(d.controller.get(), &ChatController::condensing);
    d.m_nAhead = d.source->readAhead().size();
    for (int i = 0; i < 60 && waited.isEmpty(); ++i) {
        d.ask("Tell me yet more");
        d.rest();
        QCOMPARE(d.controller->summaryAt() == 0, waited.isEmpty());
    }
    QVERIFY(d.controller->summaryAt() > at);
    // Then it does not fit any more, and says so.
    for (int i = 0; i < 12; ++i) d.ask("Tell me the rest");
    QVERIFY(!d.controller->mayReadEverything());
    QSignalSpy said(d.controller.get(), &ChatController::problem);
    d.controller->readEverything();
    QTRY_COMPARE_WITH_TIMEOUT(said.count(), 1, kPatienceMs);
    QVERIFY(said[0][0].toString().contains("no longer fits"));
    QVERIFY(d.controller->summaryAt() != 0);
}

void ChatCondensingTest::deletingTheConversationEndsIt() {
    const CondensingDesk d(script(R"({"hold":true})"), m_folder->path(), m_mini);
    d.talkUntilBusy();
    d.controller->deleteConversation(d.model().info().id);
    QTRY_VERIFY_WITH_TIMEOUT(!d.source->isBusy(), kPatienceMs);
    d.ask("Tell me of other things");
    QCOMPARE(d.last().state, ChatMessage::State::Complete);
}

void ChatCondensingTest::anotherModelEndsIt() {
    const CondensingDesk d(script(R"({"hold":true})"), m_folder->path(), m_mini);
    d.talkUntilBusy();
    QSignalSpy states(d.controller.get(), &ChatController::modelStateChanged);
    d.controller->loadModel("/another.gguf");
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 2, kPatienceMs);  // loading, and ready
    QCOMPARE(d.controller->modelState(), ChatController::ModelState::Ready);
}

/// The real engine with a small context: it writes its own summaries, and reads only what is new.
void ChatCondensingTest::laresMiniGoesOnPastItsContext() {
    const QString folder = m_folder->path();
    auto store = ConversationStore::open((folder + "/data").toStdString());
    QVERIFY(store);
    Engine::Options options;
    options.session.n_ctx = 3072;
    options.session.n_threads = 2;
    EngineWorker worker(options);
    ChatController controller({store->get(),
                               &worker,
                               {{"lares", "Lares", "You are Lares.", "Hi."}},
                               source_file("resources/mini_model/lares-mini.gguf"),
                               (folder + "/data").toStdString()});
    controller.loadModel({});
    QSignalSpy ready(&controller, &ChatController::ready);
    controller.start();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller.modelState(), ChatController::ModelState::Ready,
                              kPatienceMs);
    controller.setParameter("maxTokens", 64);
    controller.setThinking(false);
    const ConversationModel& model = *controller.conversation();
    QSet<MessageId> summaries;
    int nWithSummary = 0;
    int nRead = 0;
    for (int i = 0; i < 28; ++i) {
        controller.send(QString("Please tell me about number %1 and the harbour of the town. ")
                            .arg(i)
                            .repeated(6));
        QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 2 * i + 2, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!controller.isAnswering(), kPatienceMs);
        const ChatMessage& answer = model.messageAt(model.rowCount() - 1);
        QCOMPARE(answer.state, ChatMessage::State::Complete);
        const MessageId at = controller.summaryAt();
        if (at != 0 && summaries.contains(at)) {
            // Only what is new since the prompt before: one answer and one question.
            ++nWithSummary;
            const int n = answer.stats["promptTokens"].toInt();
            nRead = std::max(nRead, n - answer.stats["cachedTokens"].toInt());
            QVERIFY(n < 3072);
        }
        summaries.insert(at);
    }
    QVERIFY(summaries.size() > 2);
    QVERIFY(nWithSummary > 5);
    QVERIFY2(nRead < 700, qPrintable(QString::number(nRead)));
}

QTEST_GUILESS_MAIN(ChatCondensingTest)
#include "tst_chat_condensing.moc"
