#include "app/chat/call_sources.h"
#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "tests/app/store/store_samples.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

ConversationContent fullContent() {
    ConversationContent content;
    content.info = sampleConversation(7);
    content.info.isPinned = true;
    content.info.folder = "Work";
    content.info.draft = "half a thought";
    content.info.parameters = {{"temperature", 0.5}, {"topK", 40}};
    content.draftAttachments = {sampleAttachment("later.csv")};
    content.personas = {{"clerk", "Clerk", "You sort.", "Hi.", {}}};
    content.personas[0].lore.entries = {{"The Sea", {"sea"}, {}, "The sea is grey."}};
    ChatMessage question = userMessage(70, 7, 0, "What is here?");
    question.parts.push_back(partOf(sampleAttachment("costs.csv")));
    Part lore;
    lore.kind = Part::Kind::Lore;
    lore.text = "The sea is grey.";
    lore.data = {{"title", "The Sea"}};
    question.parts.push_back(lore);
    content.messages = {question, fullAnswer(71, 7, 70), fullAnswer(75, 7, 70)};
    content.messages[1].summary = BranchSummary{"The user asked what is here.", true};
    content.info.activeLeaf = 71;
    return content;
}

std::vector<Result<ConversationContent>> readAll(QByteArray bytes, bool* isWhole = nullptr) {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    std::vector<Result<ConversationContent>> read;
    const auto scan = scanConversationFile(buffer, [&](ConversationOrigin, const QByteArray& json) {
        read.push_back(conversationFromJson(json));
        return true;
    });
    if (isWhole) *isWhole = scan && scan->isWhole;
    if (!scan) read.push_back(scan.error());
    return read;
}

QJsonObject sampleObject() {
    return toJson(fullContent());
}

std::string reasonOf(const QJsonObject& object) {
    const auto read = conversationFromJson(QJsonDocument(object).toJson());
    return read ? std::string() : read.error().message;
}

}  // namespace

class ConversationJsonTest : public QObject {
    Q_OBJECT

private slots:
    void comesBackWhole() {
        const QByteArray bytes = toConversationFile(fullContent());
        const auto read = readAll(bytes);
        QCOMPARE(read.size(), std::size_t{1});
        QVERIFY2(read[0], read[0] ? "" : read[0].error().message.c_str());
        ConversationContent want = fullContent();
        MessageId number = 0;
        renumber(want, 0, [&] { return ++number; });
        want.info.hasAttachedDraft = true;
        QVERIFY(read[0]->info == want.info);
        QVERIFY(read[0]->messages == want.messages);
        QVERIFY(*read[0] == want);
        QCOMPARE(toConversationFile(*read[0]), bytes);
    }
    void aCallThatWaitedIsHistory() {
        ConversationContent content = fullContent();
        content.messages[1].state = ChatMessage::State::Generating;
        content.messages[1].parts[2].callState = Part::CallState::Waiting;
        content.messages[1].parts[2].data["changes"] = QJsonArray{3};
        QJsonObject object = toJson(content);
        QVERIFY(!QJsonDocument(object).toJson().contains("\"changes\""));
        // And where somebody wrote it in.
        QJsonArray messages = object["messages"].toArray();
        QJsonObject answer = messages[1].toObject();
        answer["state"] = "generating";
        QJsonArray parts = answer["parts"].toArray();
        QJsonObject call = parts[2].toObject();
        call["callState"] = "waiting";
        call["data"] = QJsonObject{{"changes", QJsonArray{1, 2}}, {"undone", QJsonArray{1}}};
        parts[2] = call;
        answer["parts"] = parts;
        messages[1] = answer;
        object["messages"] = messages;
        const auto read = conversationFromJson(QJsonDocument(object).toJson());
        QVERIFY(read);
        QCOMPARE(read->messages[1].state, ChatMessage::State::Stopped);
        QCOMPARE(read->messages[1].parts[2].callState, Part::CallState::Failed);
        QVERIFY(read->messages[1].parts[2].data.isEmpty());
    }
    /// Another conversation's title, and what ids are called here, are nobody else's business.
    void whatAnotherConversationWasAskedForStaysHere() {
        ConversationContent content = fullContent();
        setSources(content.messages[1].parts[2],
                   {{"/home/a/costs.csv", "page 3", {}}, {"My secret", {}, SourceMessage{7, 70}}});
        const QByteArray file = toConversationFile(content);
        QVERIFY(file.contains("costs.csv") && !file.contains("My secret"));
        // And where somebody wrote it in.
        QJsonObject object = toJson(content);
        QByteArray json = QJsonDocument(object).toJson();
        json.replace("\"page\": \"page 3\"", "\"conversation\": 7");
        const auto read = conversationFromJson(json);
        QVERIFY(read && sourcesOf(read->messages[1].parts[2]).empty());
    }
    void whatIsTooLongForALineEndsThere() {
        ConversationContent content = fullContent();
        content.info.title = QString::fromUtf8("\U0001F98A").repeated(kMaxImportedTitle);
        content.messages[1].parts[2].summary = QString(kMaxImportedSummary + 1, 'x');
        const auto read = conversationFromJson(QJsonDocument(toJson(content)).toJson());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(read->info.title.size() <= kMaxImportedTitle && read->info.title.isValidUtf16());
        QCOMPARE(read->messages[1].parts[2].summary.size(), qsizetype{kMaxImportedSummary});
    }
    void everyTruncationGivesWhatIsWhole() {
        QByteArray bytes;
        {
            QBuffer buffer(&bytes);
            buffer.open(QIODevice::WriteOnly);
            ConversationFileWriter writer(buffer);
            writer.add(fullContent());
            writer.add(fullContent());
            writer.finish();
        }
        const qsizetype last = bytes.trimmed().size();
        const qsizetype second = bytes.indexOf("\n{", bytes.indexOf("\n{") + 1);
        const qsizetype list = bytes.indexOf("\n]");
        for (qsizetype size = 0; size < last; ++size) {
            bool isWhole = true;
            const auto read = readAll(bytes.left(size), &isWhole);
            QVERIFY(!isWhole);
            std::size_t whole = 0;
            for (const auto& one : read) whole += one.has_value() ? 1 : 0;
            QCOMPARE(whole, std::size_t(size >= list         ? 2
                                        : size >= second     ? 1
                                        : size >= second - 1 ? 1
                                                             : 0));
        }
    }
    void refusesWhatIsNone_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("reason");
        const QByteArray foreign =
            "it holds no conversations that Lares, ChatGPT or LM Studio wrote";
        QTest::newRow("empty") << QByteArray() << foreign;
        QTest::newRow("text") << QByteArray("hello") << foreign;
        QTest::newRow("a list") << QByteArray("[1]") << foreign;
        QTest::newRow("another format")
            << QByteArray(R"({"format":"x","version":1,"conversations":[{}]})") << foreign;
        QTest::newRow("newer")
            << QByteArray(R"({"format":"lares-conversations","version":2,"conversations":[]})")
            << QByteArray("a newer version of Lares wrote it");
        QTest::newRow("no version")
            << QByteArray(R"({"format":"lares-conversations","conversations":[]})")
            << QByteArray("it does not say in which version");
    }
    void refusesWhatIsNone() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, reason);
        const auto read = readAll(bytes);
        QCOMPARE(read.size(), std::size_t{1});
        QVERIFY(!read[0]);
        QVERIFY2(QByteArray(read[0].error().message.c_str()).startsWith(reason),
                 read[0].error().message.c_str());
    }
    void refusesABrokenConversation() {
        QJsonObject object = sampleObject();
        object["messages"] = QJsonArray();
        QCOMPARE(reasonOf(object), std::string("it holds no message"));
        const auto withMessage = [&](const char* key, const QJsonValue& value) {
            QJsonObject changed = sampleObject();
            QJsonArray messages = changed["messages"].toArray();
            QJsonObject message = messages[1].toObject();
            message[key] = value;
            messages[1] = message;
            changed["messages"] = messages;
            return reasonOf(changed);
        };
        QCOMPARE(withMessage("parent", 2), std::string("message 2 is not where it belongs"));
        QCOMPARE(withMessage("parent", -1), std::string("message 2 is not where it belongs"));
        QCOMPARE(withMessage("number", 1), std::string("message 2 is not where it belongs"));
        QVERIFY(!withMessage("role", "system").empty());
        QVERIFY(!withMessage("createdAt", "yesterday").empty());
        QVERIFY(!withMessage("createdAt", 5).empty());
        QVERIFY(!withMessage("parts", QJsonArray{QJsonObject{{"kind", "magic"}}}).empty());
        QVERIFY(conversationFromJson(QByteArray(100, '[')).error().message ==
                "it is nested too deeply");
    }
};

QTEST_APPLESS_MAIN(ConversationJsonTest)
#include "tst_conversation_json.moc"
