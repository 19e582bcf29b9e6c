#include "tests/support/folder_tree.h"
#include "tests/tools/audit/audit_support.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

/// What the log of calls keeps, lets go and begins anew; each time the chain stays whole.
class AuditLogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { workInMemory(); }
    void init() { m_tree = std::make_unique<FolderTree>(); }

    void keepsWhatWasDecidedAndHowItEnded() {
        const auto log = openedLog(folder());
        QVERIFY(log);
        const auto entry = log->decided(sampleCall("1", "/granted/a.txt"));
        QCOMPARE(entry.value(), EntryNumber{2});  // the first says that a chain begins
        QVERIFY(log->ended(sampleEnd(*entry)));
        DecidedCall refused = sampleCall("2", "/b");
        refused.is_allowed = false;
        refused.by = DecidedBy::User;
        refused.code = ErrorCode::PermissionDenied;
        refused.reason = "Refused: Read the file b";
        QVERIFY(log->decided(refused));
        const std::vector<QJsonObject> lines = exported(*log);
        QCOMPARE(lines.size(), std::size_t{4});
        QCOMPARE(text(lines[0], "kind"), QString("begun"));
        QCOMPARE(lines[0]["details"].toObject()["why"].toString(), QString("first"));
        QCOMPARE(text(lines[1], "tool"), QString("read_file"));
        QCOMPARE(text(lines[1], "conversation"), QString("1"));
        const QJsonObject decided = lines[1]["details"].toObject();
        QCOMPARE(decided["by"].toString(), QString("grant"));
        QCOMPARE(decided["allowed"].toBool(), true);
        const QJsonObject hidden = lines[1]["private"].toObject();
        QCOMPARE(hidden["arguments"].toString(), QString(R"({"path":"/granted/a.txt"})"));
        QCOMPARE(hidden["salt"].toString().size(), 32);
        const QJsonObject ended = lines[2]["details"].toObject();
        QCOMPARE(ended["decision"].toInt(), 2);
        QCOMPARE(ended["duration_ms"].toInt(), 7);
        QCOMPARE(ended["layers"].toArray().size(), 2);
        QCOMPARE(lines[3]["private"].toObject()["reason"].toString(),
                 QString("Refused: Read the file b"));
        const auto report = log->check();
        QVERIFY(report && report->is_intact());
        QCOMPARE(report->n_entry, std::int64_t{4});
        QVERIFY(report->first_ms > 0 && report->last_ms >= report->first_ms);
    }
    void keepsWhatTheUserTookBack() {
        const auto log = openedLog(folder());
        QVERIFY(log);
        QVERIFY(log->undone({"1", "1-turn", {4, 5}, 1}));
        QVERIFY(log->revoked({3, "1", true, "/granted"}));
        const std::vector<QJsonObject> lines = exported(*log);
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(text(lines[1], "kind"), QString("undone"));
        QCOMPARE(text(lines[1], "turn"), QString("1-turn"));
        const QJsonObject undone = lines[1]["details"].toObject();
        QCOMPARE(undone["changes"].toArray(), (QJsonArray{4, 5}));
        QCOMPARE(undone["kept"].toInt(), 1);
        QCOMPARE(text(lines[2], "kind"), QString("revoked"));
        QCOMPARE(lines[2]["details"].toObject()["grant"].toInt(), 3);
        QCOMPARE(lines[2]["details"].toObject()["changes"].toBool(), true);
        QCOMPARE(lines[2]["private"].toObject()["folders"].toArray(), (QJsonArray{"/granted"}));
        const auto report = log->check();
        QVERIFY(report && report->is_intact());
        // The folder's name goes with the conversation.
        QVERIFY(log->forget(std::vector<std::string>{"1"}));
        QVERIFY(exported(*log)[2]["private"].toObject().isEmpty());
        QCOMPARE(problemOf(folder()), QString());
    }
    void goesOnAfterARestart() {
        for (int i = 0; i < 3; ++i) QVERIFY(addCalls(*openedLog(folder()), 2));
        QCOMPARE(problemOf(folder()), QString());
        QCOMPARE(reportOf(folder()).n_entry, std::int64_t{13});
    }
    void nobodyElseMayRead() {
        fs::create_directory(folder());
        fs::permissions(folder(), fs::perms{0755});
        QVERIFY(addCalls(*openedLog(folder()), 1));
        QCOMPARE(fs::status(folder()).permissions(), fs::perms{0700});
        for (const auto& entry : fs::directory_iterator(folder()))
            QCOMPARE(entry.status().permissions(), fs::perms{0600});
    }

    /// Its rows lose what is private and the chain stays whole; other conversations keep theirs.
    void forgetsAConversation() {
        const auto log = openedLog(folder());
        QVERIFY(addCalls(*log, 3, "17"));
        QVERIFY(log->decided(sampleCall("18", "/granted/other")));
        QVERIFY(bytesOf("calls.db").contains("/granted/2"));
        QVERIFY(log->forget(std::vector<std::string>{"17", "never there"}));
        QVERIFY(!bytesOf("calls.db").contains("/granted/2"));  // overwritten, too
        QVERIFY(bytesOf("calls.db").contains("/granted/other"));
        const auto report = log->check();
        QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
        QCOMPARE(report->n_forgotten, std::int64_t{3});
        QCOMPARE(report->n_entry, std::int64_t{9});
        QVERIFY(log->forget(std::vector<std::string>{"17"}));  // nothing is left: no entry
        QCOMPARE(log->check()->n_entry, std::int64_t{9});
        const std::vector<QJsonObject> lines = exported(*log);
        QVERIFY(lines[1]["private"].isNull());
        QCOMPARE(text(lines[8], "kind"), QString("forgotten"));
        QCOMPARE(text(lines[8], "conversation"), QString("17"));
        // It goes on, and may forget again.
        QVERIFY(addCalls(*log, 1, "17"));
        QVERIFY(log->forget(std::vector<std::string>{"17"}));
        QVERIFY(log->check()->is_intact());
    }

    void cutsOffTheOldest() {
        AuditLog::Options options;
        options.max_entries = 100;
        {
            const auto log = openedLog(folder(), options);
            QVERIFY(addCalls(*log, 80));  // 161 entries
        }
        for (int start = 0; start < 3; ++start) {
            const auto log = openedLog(folder(), options);
            const auto report = log->check();
            QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
            QVERIFY(report->n_entry <= 111);
            QVERIFY(report->oldest != AuditEntry::Kind::Begun);
            QVERIFY(addCalls(*log, 60));
        }
        QCOMPARE(problemOf(folder()), QString());
    }
    void cutsOffWhatIsTooOld() {
        QVERIFY(addCalls(*openedLog(folder()), 3));
        AuditLog::Options options;
        options.keep = std::chrono::hours(-48);  // all of it is older than in two days
        const auto log = openedLog(folder(), options);
        QCOMPARE(log->check()->problem, std::string());
        QCOMPARE(log->check()->n_entry, std::int64_t{1});
        QCOMPARE(text(exported(*log).front(), "kind"), QString("cut"));
        QVERIFY(addCalls(*log, 1));
        QCOMPARE(problemOf(folder()), QString());
    }

    void erasingBeginsAChainThatSaysSo() {
        const auto log = openedLog(folder());
        QVERIFY(addCalls(*log, 4));
        m_tree->file("audit/calls.db.damaged-1", "an old one");
        QVERIFY(AuditLog::erase(folder()));
        QVERIFY(!fs::exists(m_tree->path("audit/calls.db.damaged-1")));
        QVERIFY(!bytesOf("calls.db").contains("/granted/"));
        QVERIFY(log->check()->is_intact());
        QVERIFY(addCalls(*log, 1));  // who has it open goes on with it
        const std::vector<QJsonObject> lines = exported(*log);
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(lines[0]["details"].toObject()["why"].toString(), QString("erased"));
        QCOMPARE(lines[0]["number"].toInt(), 10);  // a number is given out once
        QCOMPARE(problemOf(folder()), QString());
    }

private:
    [[nodiscard]] std::string folder() const { return m_tree->path("audit"); }
    [[nodiscard]] QByteArray bytesOf(const char* name) const {
        QFile file(QString::fromStdString(folder() + "/" + name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] static QString text(const QJsonObject& line, const char* name) {
        return line[QLatin1String(name)].toString();
    }
    [[nodiscard]] std::vector<QJsonObject> exported(AuditLog& log) const {
        std::vector<QJsonObject> lines;
        const std::string path = m_tree->path("exported.jsonl");
        const auto n_line = log.export_lines(path);
        QFile file(QString::fromStdString(path));
        if (!n_line || !file.open(QIODevice::ReadOnly)) return lines;
        for (const QByteArray& line : file.readAll().split('\n'))
            if (!line.isEmpty()) lines.push_back(QJsonDocument::fromJson(line).object());
        if (static_cast<std::int64_t>(lines.size()) != *n_line) lines.clear();
        return lines;
    }

    std::unique_ptr<FolderTree> m_tree;
};

QTEST_GUILESS_MAIN(AuditLogTest)
#include "tst_audit_log.moc"
