#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

/// What is attached: to a draft, to a message on its way, and in the prompt.
class ChatAttachmentsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatIsAttachedToDraftsIsKept();
    void whatIsAttachedGoesWithTheMessage();
    void whatWasNotSentKeepsWhatIsAttached();

private:
    std::unique_ptr<QTemporaryDir> m_home;
};

void ChatAttachmentsTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_home->path().toUtf8());
}

void ChatAttachmentsTest::whatIsAttachedToDraftsIsKept() {
    const Attachments one = {pastedText("one")};
    const Attachments two = {pastedText("two"), pastedText("three")};
    {
        Desk desk(kGreets, m_home->path());
        desk.controller->saveDraftAttachments(one);  // of the new conversation
        desk.controller->saveDraft("about one");
    }
    ConversationId first = 0;
    {
        Desk desk(kGreets, m_home->path());
        QCOMPARE(desk.controller->draftAttachments(), one);
        QVERIFY(desk.controller->setting("newDraftAttachments").toArray().isEmpty());
        desk.controller->send("about one", one);
        desk.waitForAnswer(2);
        first = desk.model().info().id;
        QVERIFY(desk.controller->draftAttachments().empty());
        desk.controller->saveDraftAttachments(two);
        desk.controller->saveDraft("about two");
        desk.controller->newConversation();
        QVERIFY(desk.controller->draftAttachments().empty());
        desk.controller->openConversation(first);
        QCOMPARE(desk.controller->draftAttachments(), two);  // at once: it is known
    }
    {
        Desk desk(kGreets, m_home->path());  // opens the last one
        QTRY_COMPARE_WITH_TIMEOUT(desk.controller->draftAttachments(), two, kPatienceMs);
        desk.controller->renameConversation(first, "Other things");  // saves the draft's text too
        desk.controller->regenerate(desk.last().id);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isAnswering(), kPatienceMs);
        desk.controller->saveDraftAttachments({two[1]});
    }
    Desk desk(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->draftAttachments(), Attachments{two[1]},
                              kPatienceMs);
    QCOMPARE(desk.model().info().draft, QString("about two"));
    desk.controller->saveDraftAttachments({});
    QVERIFY(!desk.model().info().hasAttachedDraft);
}

void ChatAttachmentsTest::whatIsAttachedGoesWithTheMessage() {
    Desk desk(R"([{"steps":[{"text":"A"}]},{"steps":[{"text":"B"}]},{"steps":[{"text":"C"}]},
                  {"steps":[{"text":"D"}]}])",
              m_home->path());
    Attachment table = pastedText("May,12.50");
    table.name = "costs.csv";
    const auto prompt = [&] { return desk.source->lastRequest().conversation.messages[1].content; };
    desk.controller->send("", {table, pastedText("x")});
    desk.waitForAnswer(2);
    QCOMPARE(desk.model().info().preview, QString("costs.csv, Pasted text"));
    const std::vector<AttachedText> both = {{"costs.csv", "May,12.50", 9}, {"Pasted text", "x", 1}};
    QCOMPARE(prompt(), userTurn("", both));
    QCOMPARE(desk.controller->contextRoom().most, 4096);
    QVERIFY(desk.controller->contextRoom().used >= 100);

    desk.controller->regenerate(desk.last().id);
    QTRY_VERIFY_WITH_TIMEOUT(markdownOf(desk.last()) == "B" && !desk.controller->isAnswering(),
                             kPatienceMs);
    QCOMPARE(prompt(), userTurn("", both));

    // Another version of it, with one less; the draft stays.
    desk.controller->saveDraft("next");
    desk.controller->saveDraftAttachments({pastedText("draft")});
    desk.controller->edit(desk.model().messageAt(0).id, "How much?", {table});
    QTRY_VERIFY_WITH_TIMEOUT(markdownOf(desk.last()) == "C" && !desk.controller->isAnswering(),
                             kPatienceMs);
    QCOMPARE(prompt(), userTurn("How much?", std::span(both).first(1)));
    QCOMPARE(attachmentsOf(desk.model().messageAt(0)), Attachments{table});
    QCOMPARE(desk.model().versionCountAt(0), 2);
    QCOMPARE(desk.model().info().draft, QString("next"));
    QCOMPARE(desk.controller->draftAttachments(), Attachments{pastedText("draft")});
}

void ChatAttachmentsTest::whatWasNotSentKeepsWhatIsAttached() {
    const Attachments one = {pastedText("one")};
    {
        Desk desk(kGreets, m_home->path());
        desk.controller->saveDraftAttachments(one);
        desk.controller->saveDraft("about one");
        QVERIFY(desk.store->settings().result().has_value());  // until that is on the disk
        QSignalSpy notSent(desk.controller.get(), &ChatController::notSent);
        const FileSizeLimit full(1);
        desk.controller->send("about one", one);
        QTRY_COMPARE_WITH_TIMEOUT(notSent.count(), 1, kPatienceMs);
        QCOMPARE(notSent[0][1].value<Attachments>(), one);
        QCOMPARE(desk.controller->draftAttachments(), one);
    }
    Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.controller->draftAttachments(), one);
    QCOMPARE(desk.model().info().draft, QString("about one"));
}

QTEST_GUILESS_MAIN(ChatAttachmentsTest)
#include "tst_chat_attachments.moc"
