#include "app/store/conversation_store.h"
#include "app/store/database.h"
#include "tests/app/turns/kill_script.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QMap>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <random>
#include <thread>

using namespace lares;
using namespace lares::app;

namespace {

constexpr const char* kListing = "note.txt (12 B)";

struct Sent {
    ConversationId conversation = 0;
    QString text;
};

QMap<MessageId, Sent> sentIn(const QByteArray& output) {
    QMap<MessageId, Sent> sent;
    const auto lines = output.split('\n');
    for (int i = 0; i + 1 < lines.size(); ++i) {  // the last one has no end: it says nothing
        const auto words = QString::fromUtf8(lines[i]).remove('\r').split(' ');
        if (words.size() < 4 || words[0] != "sent") continue;
        sent[words[1].toLongLong()] = {words[2].toLongLong(), words.mid(3).join(' ')};
    }
    return sent;
}

/// Is it an answer of the script, whole or cut off anywhere?
void verifyAnswer(const ChatMessage& answer) {
    using Kind = Part::Kind;
    QString text;
    int open = 0;
    for (std::size_t i = 0; i < answer.parts.size(); ++i) {
        const Part& part = answer.parts[i];
        if (part.kind == Kind::Text) text += part.text;
        if (part.kind == Kind::ToolCall) ++open;
        if (part.kind == Kind::ToolResult) {
            QVERIFY(i > 0 && answer.parts[i - 1].kind == Kind::ToolCall);
            const bool isFound = part.text.startsWith("[said in earlier conversations: ") ||
                                 part.text == "(nothing found)";
            QVERIFY2(part.text == "391" || part.text == kListing || isFound, qPrintable(part.text));
            --open;
        }
    }
    QVERIFY(QString::fromUtf8(test::kKillAnswer).startsWith(text));
    QVERIFY(open == 0 || open == 1);
    if (answer.state == ChatMessage::State::Complete) {
        QCOMPARE(text, QString::fromUtf8(test::kKillAnswer));
        QCOMPARE(open, 0);
    }
}

void verifyStore(const QString& folder, const QMap<MessageId, Sent>& sent) {
    {
        auto store = ConversationStore::open((folder + "/data").toStdString());
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const auto conversations = (*store)->conversations().result();
        QVERIFY(conversations);
        QMap<MessageId, ChatMessage> found;
        for (const ConversationInfo& info : *conversations) {
            const auto messages = (*store)->messages(info.id).result();
            QVERIFY(messages);
            for (const ChatMessage& message : *messages) {
                found[message.id] = message;
                if (message.role == Role::Assistant) verifyAnswer(message);
            }
        }
        for (auto one = sent.begin(); one != sent.end(); ++one) {
            QVERIFY2(found.contains(one.key()), qPrintable(one->text));
            QCOMPARE(markdownOf(found[one.key()]), one->text);
            QCOMPARE(found[one.key()].conversation, one->conversation);
        }
    }
    auto database = Database::open((folder + "/data/lares.db").toStdString());
    QVERIFY(database);
    auto check = database->prepare("PRAGMA integrity_check");
    QVERIFY(check && check->step());
    QCOMPARE(check->text(0), QString("ok"));
    const auto orphans = database->number(
        "SELECT count(*) FROM messages WHERE parent != 0 AND parent NOT IN (SELECT id FROM "
        "messages)");
    QCOMPARE(orphans.value_or(-1), 0);
}

}  // namespace

class ChatKillTest : public QObject {
    Q_OBJECT

private slots:
    void nothingThatWasShownAsSentIsLost();
    void aSummaryIsThereOrNot();
};

/// 200 kills of a chat with tools, at random moments; every fifth time what is on disk is looked
/// at, so that most runs recover by themselves what the one before left.
void ChatKillTest::nothingThatWasShownAsSentIsLost() {
    std::mt19937 random(20261122);
    QTemporaryDir folder;
    QDir().mkpath(folder.path() + "/Papers");
    QFile file(folder.path() + "/Papers/note.txt");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("twelve bytes");
    file.close();
    QMap<MessageId, Sent> sent;
    for (int kill = 0; kill < 200; ++kill) {
        QProcess chat;
        chat.start(CONTROLLER_UNTIL_KILLED, {folder.path()});
        QVERIFY(chat.waitForStarted());
        QVERIFY(chat.waitForReadyRead());
        QByteArray said = chat.readAllStandardOutput();
        // One in four while it still starts and recovers.
        while (kill % 4 != 0 && !said.contains("sent")) {
            QVERIFY(chat.waitForReadyRead());
            said += chat.readAllStandardOutput();
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
        chat.kill();
        QVERIFY(chat.waitForFinished());
        QCOMPARE(chat.exitStatus(), QProcess::CrashExit);
        sent.insert(sentIn(said + chat.readAllStandardOutput()));
        if (kill % 5 == 4) verifyStore(folder.path(), sent);
        if (QTest::currentTestFailed()) return;
    }
    QVERIFY(sent.size() >= 100);
    qInfo("%lld messages were sent", static_cast<long long>(sent.size()));
}

/// Killed while a conversation is condensed again and again: what was said is all there, a summary
/// is whole, and the next start goes on.
void ChatKillTest::aSummaryIsThereOrNot() {
    std::mt19937 random(20261128);
    const QTemporaryDir folder;
    const QString model =
        QString::fromStdString(test::source_file("resources/mini_model/lares-mini.gguf").string());
    QMap<MessageId, Sent> sent;
    for (int kill = 0; kill < 12; ++kill) {
        QProcess chat;
        chat.start(CONTROLLER_UNTIL_KILLED, {folder.path(), model});
        QVERIFY(chat.waitForStarted());
        QByteArray said;
        while (said.count("sent") < 3) {
            QVERIFY(chat.waitForReadyRead());
            said += chat.readAllStandardOutput();
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
        chat.kill();
        QVERIFY(chat.waitForFinished());
        sent.insert(sentIn(said + chat.readAllStandardOutput()));
    }
    auto store = ConversationStore::open((folder.path() + "/data").toStdString());
    QVERIFY2(store, store ? "" : store.error().message.c_str());
    const auto conversations = (*store)->conversations().result();
    QCOMPARE(conversations.value().size(), std::size_t{1});
    const auto messages = (*store)->messages(conversations->front().id).result();
    QVERIFY(messages);
    QSet<MessageId> found;
    int nSummaries = 0;
    for (const ChatMessage& message : *messages) {
        found.insert(message.id);
        if (!message.summary) continue;
        ++nSummaries;
        QCOMPARE(*message.summary, (BranchSummary{test::kKillSummary, false}));
    }
    for (const MessageId id : sent.keys()) QVERIFY2(found.contains(id), qPrintable(sent[id].text));
    QVERIFY2(nSummaries > 2, qPrintable(QString::number(nSummaries)));
}

QTEST_GUILESS_MAIN(ChatKillTest)
#include "tst_chat_kill.moc"
