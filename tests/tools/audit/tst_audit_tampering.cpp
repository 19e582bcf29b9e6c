#include "tests/support/folder_tree.h"
#include "tests/tools/audit/audit_support.h"

using namespace lares;
using namespace lares::test;

/// What somebody did to the log who is not Lares, and what a check says of it.
class AuditTamperingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { workInMemory(); }

    void isFound_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<int>("entry");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* sql, int entry, const char* says) {
            QTest::newRow(name) << QString(sql) << entry << QString(says);
        };
        // Entries: 1 begun; 2, 4, … 20 decided; 3, 5, … 21 ended; 22 forgotten.
        for (const char* field :
             {"time_ms = time_ms + 1", "kind = 'ended'", "conversation = '2'", "turn = ''",
              "tool = 'calculate'", "details = '{}'", "private_sha256 = ''", "hash = upper(hash)"})
            row(field, (std::string("UPDATE entries SET ") + field + " WHERE number = 6").c_str(),
                6, "not as it was written");
        row("an unknown kind", "UPDATE entries SET kind = 'x' WHERE number = 6", 6, "of no kind");
        row("the private part changed",
            "UPDATE private SET text = replace(text, 'granted', 'other') WHERE number = 16", 16,
            "not as it was written");
        row("the private part removed", "DELETE FROM private WHERE number = 16", 16, "taken out");
        row("a private part moved", "UPDATE private SET number = 17 WHERE number = 16", 16,
            "taken out");
        row("a private part put back", "INSERT INTO private VALUES(6, '{}')", 6, "not as it was");
        row("something private of nobody", "INSERT INTO private VALUES(600, '{}')", 0, "no entry");
        row("the mark of forgetting removed", "DELETE FROM entries WHERE number = 22", 2,
            "taken out");
        row("one in the middle removed", "DELETE FROM entries WHERE number = 6", 6,
            "Entry 6 is missing");
        row("several removed", "DELETE FROM entries WHERE number BETWEEN 6 AND 9", 6,
            "Entries 6 to 9 are missing");
        row("the gap closed",
            "DELETE FROM entries WHERE number = 6; DELETE FROM private WHERE number = 6;"
            "UPDATE entries SET number = number - 1 WHERE number > 6;"
            "UPDATE private SET number = number - 1 WHERE number > 6",
            6, "not as it was written");
        row("the first removed", "DELETE FROM entries WHERE number = 1", 1, "oldest entries");
        row("the oldest removed", "DELETE FROM entries WHERE number < 8", 1, "oldest entries");
        row("the last removed", "DELETE FROM entries WHERE number > 22", 23, "23 is missing");
        row("the last three removed",
            "DELETE FROM entries WHERE number > 20; DELETE FROM private WHERE number > 20", 0, "");
        row("all removed", "DELETE FROM entries; DELETE FROM private", 1,
            "Entries 1 to 23 are missing");
        row("two change places",
            "UPDATE entries SET number = -6 WHERE number = 6; UPDATE entries SET number = 6 WHERE "
            "number = 8; UPDATE entries SET number = 8 WHERE number = -6",
            6, "not as it was written");
        row("one is inserted at the end",
            "INSERT INTO entries VALUES(24, 1, 'ended', '1', '', '', '{}', '', 'x')", 24,
            "not as it was written");
        row("the head removed", "DELETE FROM head.head", 1, "not Lares'");
        row("the head of another entry", "UPDATE head.head SET hash = 'x'", 23, "head");
        row("the head set back",
            "UPDATE head.head SET number = 22, hash = (SELECT hash FROM entries WHERE number = 22)",
            23, "Entry 23 is not Lares'");
        row("a second beginning",
            "UPDATE entries SET kind = 'begun', details = '{\"why\":\"first\"}' WHERE number = 6",
            6, "new chain");
    }
    void isFound() {
        QFETCH(QString, sql);
        QFETCH(int, entry);
        QFETCH(QString, says);
        const FolderTree tree;
        const std::string folder = tree.path("audit");
        QVERIFY(filled(folder));
        QVERIFY(tamper(folder, qPrintable(sql)));
        const AuditReport report = reportOf(folder);
        const QString problem = QString::fromStdString(report.problem);
        QVERIFY2(!problem.isEmpty() && problem.contains(says), qPrintable(problem));
        if (entry > 0) QCOMPARE(report.problem_entry, EntryNumber{entry});
    }

    /// Whoever knows how the hash is made, and does not make everything behind it anew.
    void aForgedEntryIsFound() {
        const FolderTree tree;
        const std::string folder = tree.path("audit");
        QVERIFY(filled(folder));
        {
            auto log = open_audit_files(folder);
            AuditHead before;
            {
                auto row = log->prepare("SELECT number, hash FROM entries WHERE number = 5");
                QVERIFY(row && row->step().value());
                before = {row->integer(0), row->text(1)};
            }
            QVERIFY(
                log->execute("DELETE FROM entries WHERE number = 6; DELETE FROM private WHERE "
                             "number = 6"));
            QVERIFY(insert_entry(*log, before, entry_of(sampleCall("1", "/forged"))));
        }
        QVERIFY(reportOf(folder).problem.find("Entry 7") == 0);
    }
    /// The header says so: the chain has no key.
    void whoWritesBothFilesAnewIsNotFound() {
        const FolderTree tree;
        const std::string folder = tree.path("audit");
        QVERIFY(filled(folder));
        QVERIFY(tamper(folder,
                       "DELETE FROM entries WHERE number > 20; DELETE FROM private WHERE number > "
                       "20; DELETE FROM private WHERE number < 13; "
                       "UPDATE head.head SET number = 20, hash = (SELECT hash FROM entries WHERE "
                       "number = 20)"));
        QVERIFY(!reportOf(folder).is_intact());  // what was forgotten is not accounted for
        QVERIFY(tamper(folder,
                       "DELETE FROM entries WHERE number > 1; DELETE FROM private;"
                       "UPDATE head.head SET number = 1, hash = (SELECT hash FROM entries)"));
        QCOMPARE(problemOf(folder), QString());
    }
    /// One that is opened again is not taken for whole: it is set aside, and the new one says so.
    void theNextEntryHidesNothing() {
        const FolderTree tree;
        const std::string folder = tree.path("audit");
        QVERIFY(filled(folder));
        const auto open = openedLog(folder);
        QVERIFY(tamper(folder, "DELETE FROM entries WHERE number > 20"));
        QVERIFY(open->decided(sampleCall("1", "/x")));
        QVERIFY(open->take_notice().find("calls.db.damaged-1") != std::string::npos);
        QVERIFY(std::filesystem::exists(folder + "/calls.db.damaged-1"));
        QVERIFY(std::filesystem::exists(folder + "/head.db.damaged-1"));
        QVERIFY(problemOf(folder).contains("earlier log was damaged"));
        QVERIFY(AuditLog::erase(folder));
        QCOMPARE(problemOf(folder), QString());
    }
    void aLogThatIsGoneIsMissed() {
        const FolderTree tree;
        const std::string folder = tree.path("audit");
        QVERIFY(filled(folder));
        std::filesystem::remove(folder + "/calls.db");
        QVERIFY(addCalls(*openedLog(folder), 1));
        QVERIFY2(problemOf(folder).contains("up to entry 23, was gone"),
                 qPrintable(problemOf(folder)));
        std::filesystem::remove(folder + "/head.db");
        const auto log = openedLog(folder);
        QVERIFY(log && !log->take_notice().empty());
    }

private:
    /// 23 entries, and conversation 1 was forgotten as far as entry 12.
    static bool filled(const std::string& folder) {
        const auto log = openedLog(folder);
        return log && addCalls(*log, 5, "1") && addCalls(*log, 5, "2") &&
               log->forget(std::vector<std::string>{"1"}) && log->ended(sampleEnd(2));
    }
};

QTEST_GUILESS_MAIN(AuditTamperingTest)
#include "tst_audit_tampering.moc"
