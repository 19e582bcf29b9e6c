#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "tests/support/test_data.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

QByteArray sample(const char* name) {
    return QByteArray::fromStdString(
        read_file(source_file(std::string("tests/data/import/") + name)));
}

struct Read {
    std::vector<Result<ReadConversation>> all;
    bool isWhole = false;
    std::string reason;  ///< why the file was refused
};

Read readFile(QByteArray bytes) {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    Read read;
    const auto scan =
        scanConversationFile(buffer, [&](ConversationOrigin origin, const QByteArray& json) {
            read.all.push_back(readConversation(origin, json));
            return true;
        });
    if (scan)
        read.isWhole = scan->isWhole;
    else
        read.reason = scan.error().message;
    return read;
}

/// "1<0 user: text" a line: number, parent, who, parts.
QString outline(const ConversationContent& content) {
    QString lines;
    for (const ChatMessage& message : content.messages) {
        lines += QString("%1<%2 %3:")
                     .arg(message.id)
                     .arg(message.parent)
                     .arg(message.role == Role::User ? "user" : "assistant");
        for (const Part& part : message.parts) {
            QString text = part.text;
            if (part.kind == Part::Kind::Thinking) text = '(' + text + ')';
            lines += ' ' + text.replace('\n', '/');
        }
        lines += '\n';
    }
    return lines;
}

QJsonObject node(const QString& role,
                 const QString& text,
                 const QString& parent,
                 const QStringList& children) {
    const QJsonObject message{
        {"author", QJsonObject{{"role", role}}},
        {"content", QJsonObject{{"content_type", "text"}, {"parts", QJsonArray{text}}}}};
    return {{"parent", parent},
            {"children", QJsonArray::fromStringList(children)},
            {"message", message}};
}

Result<ReadConversation> readMapping(const QJsonObject& mapping, const QString& current = {}) {
    const QJsonObject object{{"mapping", mapping}, {"current_node", current}};
    return readConversation(ConversationOrigin::ChatGpt, QJsonDocument(object).toJson());
}

/// As Lares writes it, and reads it again.
void comesBack(const ConversationContent& content) {
    const auto again = readFile(toConversationFile(content));
    QCOMPARE(again.all.size(), std::size_t{1});
    QVERIFY2(again.all[0], again.all[0] ? "" : again.all[0].error().message.c_str());
    QVERIFY(again.all[0]->content == content);
    QVERIFY(again.all[0]->leftOut == LeftOut{});
}

}  // namespace

class ForeignConversationsTest : public QObject {
    Q_OBJECT

private slots:
    void readsChatGpt() {
        const Read read = readFile(sample("chatgpt.json"));
        QVERIFY(read.isWhole);
        QCOMPARE(read.all.size(), std::size_t{2});
        QVERIFY2(read.all[0], read.all[0] ? "" : read.all[0].error().message.c_str());
        const ConversationContent& content = read.all[0]->content;
        QCOMPARE(outline(content),
                 QStringLiteral("1<0 user: Which bread is this?\n"
                                "2<1 assistant: A loaf.\n"
                                "3<1 assistant: (Looking at the crust//It is open.) It is "
                                "**ciabatta**.\n"
                                "4<3 user: How long does it rest?\n"));
        QCOMPARE(content.info.activeLeaf, MessageId{4});
        QCOMPARE(content.info.title, QStringLiteral("Bread without kneading"));
        QCOMPARE(content.info.preview, QStringLiteral("Which bread is this?"));
        QCOMPARE(content.info.createdAt.toMSecsSinceEpoch(), qint64{1715000000250});
        QCOMPARE(content.messages[2].createdAt.toSecsSinceEpoch(), qint64{1715000020});
        QVERIFY((read.all[0]->leftOut == LeftOut{2, 2, 0}));
        QVERIFY((read.all[1]->leftOut == LeftOut{}));
        comesBack(content);
    }
    void readsLmStudio() {
        const Read read = readFile(sample("lmstudio.conversation.json"));
        QVERIFY(read.isWhole);
        QCOMPARE(read.all.size(), std::size_t{1});
        QVERIFY2(read.all[0], read.all[0] ? "" : read.all[0].error().message.c_str());
        const ConversationContent& content = read.all[0]->content;
        QCOMPARE(outline(content), QStringLiteral("1<0 user: What do I call it?\n"
                                                  "2<1 assistant: (A wind, perhaps.) Mistral.\n"
                                                  "3<1 assistant: Bora.\n"
                                                  "4<2 user: Another?\n"));
        QCOMPARE(content.info.activeLeaf, MessageId{4});
        QCOMPARE(content.info.title, QStringLiteral("A name for the boat"));
        QCOMPARE(content.info.draft, QStringLiteral("half a"));
        QVERIFY(content.info.isPinned);
        QCOMPARE(content.info.updatedAt.toMSecsSinceEpoch(), qint64{1727000060000});
        QVERIFY((read.all[0]->leftOut == LeftOut{1, 1, 1}));
        comesBack(content);
    }
    /// Each end of an answer that branches in its middle is a version of the whole.
    void aBranchInAnAnswerIsAVersion() {
        const auto read = readMapping({{"a", node("user", "Q", "", {"b"})},
                                       {"b", node("assistant", "One.", "a", {"c", "d"})},
                                       {"c", node("assistant", "Two.", "b", {})},
                                       {"d", node("assistant", "Three.", "b", {"e"})},
                                       {"e", node("user", "And?", "d", {})}},
                                      "c");
        QVERIFY(read);
        QCOMPARE(outline(read->content), QStringLiteral("1<0 user: Q\n"
                                                        "2<1 assistant: One.//Two.\n"
                                                        "3<1 assistant: One.//Three.\n"
                                                        "4<3 user: And?\n"));
        QCOMPARE(read->content.info.activeLeaf, MessageId{2});
    }
    void takesADamagedTree() {
        // A circle beside the tree, a child of two, one that only names its parent, one of nobody.
        const auto read = readMapping({{"a", node("user", "Q", "", {"b", "nowhere", "a"})},
                                       {"b", node("assistant", "A", "a", {"c"})},
                                       {"c", node("user", "C", "b", {})},
                                       {"d", node("user", "D", "b", {"c"})},
                                       {"x", node("user", "X", "y", {"y"})},
                                       {"y", node("assistant", "Y", "x", {"x"})},
                                       {"z", QJsonValue(5)}});
        QVERIFY(read);
        QCOMPARE(outline(read->content), QStringLiteral("1<0 user: Q\n"
                                                        "2<1 assistant: A\n"
                                                        "3<2 user: C\n"
                                                        "4<2 user: D\n"));
        QVERIFY(!readMapping(
            {{"x", node("user", "X", "y", {"y"})}, {"y", node("assistant", "Y", "x", {"x"})}}));
    }
    void goesAsDeepAsAFileDoes() {
        QJsonObject mapping;
        const int n = 20'000;
        for (int i = 0; i < n; ++i)
            mapping[QString::number(i)] = node(i % 2 == 0 ? "user" : "assistant", "x",
                                               QString::number(i - 1), {QString::number(i + 1)});
        const auto read = readMapping(mapping);
        QVERIFY(read);
        QCOMPARE(read->content.messages.size(), std::size_t{n});
    }
    /// Every version repeats what stands before it, so a file could ask for a million million.
    void whatRepeatsIsBounded() {
        QJsonObject mapping;
        const int n = 4'000;
        for (int i = 0; i < n; ++i) {
            const QString leaf = "leaf" + QString::number(i);
            mapping[QString::number(i)] =
                node("assistant", "x", QString::number(i - 1), {leaf, QString::number(i + 1)});
            mapping[leaf] = node("assistant", "y", QString::number(i), {});
        }
        const auto read = readMapping(mapping);
        QVERIFY(!read);
        QCOMPARE(read.error().message, std::string("one of its messages has too many parts"));
    }
    void everyTruncationGivesWhatIsWhole() {
        const QByteArray list = sample("chatgpt.json").trimmed();
        const qsizetype second = list.indexOf("\n  {", 10);
        QVERIFY(second > 0);
        for (qsizetype size = 0; size < list.size(); ++size) {
            const Read read = readFile(list.left(size));
            QVERIFY(!read.isWhole);
            QVERIFY(read.all.empty() == !read.reason.empty());
            for (const auto& one : read.all) QVERIFY(one);
            QCOMPARE(!read.all.empty(), size >= second - 1);
        }
        const QByteArray one = sample("lmstudio.conversation.json").trimmed();
        for (qsizetype size = 0; size < one.size(); ++size) {
            const Read read = readFile(one.left(size));
            QVERIFY(read.all.empty() && !read.reason.empty());
        }
    }
    /// Read for ever once.
    void aListThatIsClosedAsAnObjectEnds() {
        QVERIFY(!readFile("[}").reason.empty());
        const Read read = readFile(R"([{"mapping": 5} } {"mapping": 5}])");
        QVERIFY(!read.isWhole);
        QCOMPARE(read.all.size(), std::size_t{1});
    }
    void refusesWhatHasNoMessage() {
        for (const char* text :
             {"{}", "{\"mapping\": {}}", "{\"mapping\": {\"a\": {\"message\": null}}}"}) {
            QVERIFY(!readConversation(ConversationOrigin::ChatGpt, text));
            QVERIFY(!readConversation(ConversationOrigin::LmStudio, text));
        }
        QVERIFY(!readConversation(
            ConversationOrigin::LmStudio,
            R"({"messages": [5, {"versions": []}, {"versions": [{"role": "user"}]}]})"));
        QVERIFY(!readFile("[{\"mapping\": 5}]").all.front());
    }
};

QTEST_APPLESS_MAIN(ForeignConversationsTest)
#include "tst_foreign_conversations.moc"
