#include "app/store/conversation_tables.h"
#include "app/store/migrations.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <array>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr const char* kFirst = "CREATE TABLE things(name TEXT); INSERT INTO things VALUES('a')";
constexpr const char* kSecond = "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 3";
constexpr const char* kBroken = "UPDATE things SET name = 'lost'; INSERT INTO nowhere VALUES(1)";

Result<Database> openIn(const StoreFolder& folder) {
    std::filesystem::create_directories(folder.path());
    return Database::open(folder.database());
}

/// Everything that a query plan says, in one line.
QString planOf(Database& database, const char* explain) {
    auto row = database.prepare(explain);
    QString plan;
    while (row && row->step().value_or(false)) plan += row->text(3) + "; ";
    return plan;
}

}  // namespace

class MigrationsTest : public QObject {
    Q_OBJECT

private slots:
    void takesEveryStepOnce();
    void undoesAStepThatFails();
    void marksTheFileAsOurs();
    void numbersStepsFromOne();
    void readsARecordedDatabase_data();
    void readsARecordedDatabase();
    void readsByIndex_data();
    void readsByIndex();
    void commitsDurably();
};

void MigrationsTest::takesEveryStepOnce() {
    const StoreFolder folder;
    auto database = openIn(folder);
    const std::array first = {Migration{1, kFirst}};
    const std::array both = {Migration{1, kFirst}, Migration{2, kSecond}};
    QVERIFY(migrate(*database, first));
    QVERIFY(migrate(*database, first));
    QVERIFY(migrate(*database, both));
    QVERIFY(migrate(*database, both));
    QCOMPARE(database->number("SELECT sum(size) FROM things").value(), 3);
    QCOMPARE(database->number("PRAGMA user_version").value(), 2);
    const auto back = migrate(*database, first);
    QVERIFY(!back);
    QCOMPARE(back.error().code, ErrorCode::Unsupported);
}

void MigrationsTest::undoesAStepThatFails() {
    const StoreFolder folder;
    const std::array steps = {Migration{1, kFirst}, Migration{2, kBroken}};
    {
        auto database = openIn(folder);
        QVERIFY(!migrate(*database, steps));
        QVERIFY(!migrate(*database, steps));
    }
    auto database = openIn(folder);
    QCOMPARE(database->number("PRAGMA user_version").value(), 1);
    QCOMPARE(database->number("SELECT count(*) FROM things WHERE name = 'a'").value(), 1);
}

void MigrationsTest::marksTheFileAsOurs() {
    const StoreFolder folder;
    auto database = openIn(folder);
    QVERIFY(migrate(*database, storeMigrations()));
    QCOMPARE(database->number("PRAGMA application_id").value(), kApplicationId);
    QCOMPARE(database->number("PRAGMA user_version").value(), storeMigrations().back().version);
}

void MigrationsTest::numbersStepsFromOne() {
    int version = 0;
    for (const Migration& step : storeMigrations()) QCOMPARE(step.version, ++version);
}

void MigrationsTest::readsARecordedDatabase_data() {
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<bool>("hasSummary");
    // tests/data/store/version_N.sql: a database as Lares wrote it when N was the newest version.
    for (const Migration& step : storeMigrations()) {
        const std::string name = "store/version_" + std::to_string(step.version) + ".sql";
        QTest::newRow(name.c_str())
            << QByteArray::fromStdString(read_file(data_file(name))) << (step.version >= 4);
    }
}

void MigrationsTest::readsARecordedDatabase() {
    QFETCH(QByteArray, sql);
    QFETCH(bool, hasSummary);
    const StoreFolder folder;
    {
        auto database = openIn(folder);
        QVERIFY2(database->execute(sql.constData()), database->lastError(1).message.c_str());
    }
    const auto store = openStore(folder.path());
    QVERIFY(store != nullptr);
    ConversationInfo info = sampleConversation(7);
    info.isPinned = true;
    info.activeLeaf = 12;
    info.draft = "And what about";
    QCOMPARE(answer(store->conversations()).value(), std::vector{info});
    const auto messages = answer(store->messages(7));
    QVERIFY(messages);
    ChatMessage answered = fullAnswer(12, 7, 11);
    if (hasSummary) answered.summary = BranchSummary{"The user looked for a letter.", true};
    QCOMPARE(*messages, (std::vector{userMessage(11, 7, 0, "What is in my Documents?"), answered}));
    QCOMPARE(answer(store->settings()).value(), (QJsonObject{{"theme", "dark"}}));
    const auto grants = answer(store->grants());
    QCOMPARE(grants.value().size(), std::size_t{1});
    QCOMPARE(grants.value()[0].folder, "/home/someone/Documents");
    QVERIFY(answer(store->personas()).value().empty());
    QCOMPARE(store->newMessageId(), 13);
}

void MigrationsTest::readsByIndex_data() {
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("the list") << QByteArray(
        "EXPLAIN QUERY PLAN SELECT id, title, text, EXISTS(SELECT 1 FROM draft_attachments a WHERE "
        "a.conversation = id) FROM conversations LEFT JOIN drafts ON drafts.conversation = id "
        "WHERE deleted_at IS NULL ORDER BY is_pinned DESC, updated_at DESC, id "
        "DESC");
    QTest::newRow("messages") << QByteArray(
        "EXPLAIN QUERY PLAN SELECT id, stats, text FROM messages LEFT JOIN summaries ON message = "
        "id WHERE conversation = ? ORDER BY id");
    QTest::newRow("parts") << QByteArray(
        "EXPLAIN QUERY PLAN SELECT m.id, p.text FROM messages m JOIN parts p ON p.message = m.id "
        "WHERE m.conversation = ? ORDER BY m.id, p.position");
    QTest::newRow("the trash") << QByteArray(
        "EXPLAIN QUERY PLAN DELETE FROM conversations WHERE deleted_at < ?");
}

void MigrationsTest::readsByIndex() {
    QFETCH(QByteArray, query);
    const StoreFolder folder;
    auto database = openIn(folder);
    QVERIFY(migrate(*database, storeMigrations()));
    const QString plan = planOf(*database, query.constData());
    QVERIFY(!plan.isEmpty());
    QVERIFY2(!plan.contains("TEMP B-TREE"), qPrintable(plan));
    for (const QString& step : plan.split("; ")) {
        QVERIFY2(!step.startsWith("SCAN") || step.contains("USING"), qPrintable(plan));
    }
}

void MigrationsTest::commitsDurably() {
    const StoreFolder folder;
    auto database = openIn(folder);
    QVERIFY(database->prepareForWriting());
    QCOMPARE(database->number("PRAGMA synchronous").value(), 2);  // FULL
    QCOMPARE(database->number("PRAGMA foreign_keys").value(), 1);
    auto mode = database->prepare("PRAGMA journal_mode");
    QVERIFY(mode->step().value());
    QCOMPARE(mode->text(0), "wal");
}

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
