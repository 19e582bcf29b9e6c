#include "app/store/conversation_store.h"
#include "app/store/database.h"
#include "tests/app/store/chat_script.h"
#include "tests/app/store/store_samples.h"

#include <QMap>
#include <QProcess>
#include <QTest>

#include <chrono>
#include <optional>
#include <random>
#include <thread>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// What the killed program said about one message.
struct Reported {
    ChatMessage message;
    int steps = -1;  ///< -1: a question
};
using Report = QMap<MessageId, Reported>;

Report reportOf(const QByteArray& output) {
    Report report;
    for (const QByteArray& line : output.split('\n')) {
        const auto words = line.split(' ');
        // The last line may be cut off: without its end it says nothing.
        if (words.size() != 5 || words[4].isEmpty()) continue;
        const MessageId id = words[1].toLongLong();
        const ConversationId conversation = words[2].toLongLong();
        const MessageId parent = words[3].toLongLong();
        const int steps = words[4].toInt();
        report[id] = words[0] == "question"
                         ? Reported{scriptedQuestion(id, conversation, parent), -1}
                         : Reported{scriptedAnswer(id, conversation, parent, steps), steps};
    }
    return report;
}

/// Starts the program, kills it after that time, and returns what it said.
std::optional<QByteArray> runAndKill(const StoreFolder& folder, int microseconds) {
    QProcess chat;
    chat.start(CHAT_UNTIL_KILLED, {QString::fromStdString(folder.path().string())});
    if (!chat.waitForStarted()) return std::nullopt;
    // A negative time: killed while it starts.
    if (microseconds >= 0 && !chat.waitForReadyRead()) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::microseconds(std::abs(microseconds)));
    chat.kill();
    if (!chat.waitForFinished() || chat.exitStatus() != QProcess::CrashExit) {
        qWarning("%s", chat.readAllStandardError().constData());
        return std::nullopt;
    }
    return chat.readAllStandardOutput();
}

qint64 count(Database& database, const char* sql) {
    return database.number(sql).value_or(-1);
}

QString integrity(Database& database) {
    auto check = database.prepare("PRAGMA integrity_check");
    if (!check || !check->step()) return "not checked";
    return check->text(0);
}

void verifyWhatSqliteSays(const StoreFolder& folder) {
    auto database = Database::open(folder.database());
    QVERIFY2(database, database ? "" : database.error().message.c_str());
    QCOMPARE(integrity(*database), "ok");
    QCOMPARE(count(*database, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    QCOMPARE(count(*database,
                   "SELECT count(*) FROM messages WHERE parent != 0 AND parent NOT IN "
                   "(SELECT id FROM messages)"),
             0);
    // Positions without a gap.
    QCOMPARE(count(*database,
                   "SELECT count(*) FROM (SELECT count(*) AS n, max(position) AS last "
                   "FROM parts GROUP BY message) WHERE n != last + 1"),
             0);
}

void verifyMessages(ConversationStore& store, const Report& report) {
    QMap<ConversationId, QMap<MessageId, ChatMessage>> stored;
    for (const Reported& reported : report) {
        const ConversationId conversation = reported.message.conversation;
        if (stored.contains(conversation)) continue;
        const auto messages = answer(store.messages(conversation));
        QVERIFY(messages);
        for (const ChatMessage& message : *messages) {
            stored[conversation].insert(message.id, message);
            QVERIFY(message.role == Role::User || stepsOf(message) >= 0);  // nothing in between
        }
    }
    for (const Reported& reported : report) {
        const ChatMessage found = stored[reported.message.conversation][reported.message.id];
        if (reported.steps < 0) {
            QCOMPARE(found, reported.message);
        } else {
            QVERIFY2(stepsOf(found) >= reported.steps,
                     qPrintable(QStringLiteral("message %1: %2 of %3 steps")
                                    .arg(reported.message.id)
                                    .arg(stepsOf(found))
                                    .arg(reported.steps)));
        }
    }
}

void verifyFolder(const StoreFolder& folder, const Report& report) {
    {
        const auto store = openStore(folder.path());
        QVERIFY(store != nullptr);
        verifyMessages(*store, report);
    }
    verifyWhatSqliteSays(folder);
}

}  // namespace

class StoreKillTest : public QObject {
    Q_OBJECT

private slots:
    void losesNothingWhenKilled();
};

/// 200 kills at random moments, a new folder every 20: each folder sees its first start, the
/// recovery after a kill, and a kill during that recovery.
void StoreKillTest::losesNothingWhenKilled() {
    constexpr int kFolders = 10;
    constexpr int kKillsPerFolder = 20;
    std::mt19937 random(20260617);
    qsizetype messages = 0;
    for (int round = 0; round < kFolders; ++round) {
        const StoreFolder folder;
        Report all;
        for (int kill = 0; kill < kKillsPerFolder; ++kill) {
            // One in five while it starts.
            const int microseconds = random() % 5 == 0 ? -static_cast<int>(random() % 20'000) - 1
                                                       : static_cast<int>(random() % 40'000);
            const auto output = runAndKill(folder, microseconds);
            QVERIFY(output.has_value());
            const Report said = reportOf(*output);
            all.insert(said);
            // Every third time the next run recovers by itself.
            if (kill % 3 != 2) verifyFolder(folder, said);
            if (QTest::currentTestFailed()) return;
        }
        verifyFolder(folder, all);
        if (QTest::currentTestFailed()) return;
        messages += all.size();
    }
    qInfo("%d kills, %lld messages were reported as stored", kFolders * kKillsPerFolder,
          static_cast<long long>(messages));
    QVERIFY(messages > 0);  // how many depends on the machine
}

QTEST_GUILESS_MAIN(StoreKillTest)
#include "tst_store_kill.moc"
