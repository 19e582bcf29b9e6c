#include "tests/support/folder_tree.h"
#include "tests/support/small_disk.h"
#include "tests/support/without_root.h"
#include "tests/tools/audit/audit_support.h"
#include "tools/audit/lazy_audit.h"

#include <QFile>
#include <QProcess>

#include <functional>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

using Damage = std::function<void(QFile&)>;
Q_DECLARE_METATYPE(Damage)

/// The log's files among other processes, on bad disks and after damage.
class AuditFilesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        workInMemory();
        m_tree = std::make_unique<FolderTree>();
    }

    /// Two programs and this one append all the time; nobody's entry is lost.
    void processesShareOneChain() {
        constexpr int kEach = 150;
        QProcess first, second;
        for (QProcess* program : {&first, &second})
            program->start(APPEND_UNTIL_KILLED,
                           {QString::fromStdString(folder()), program == &first ? "a" : "b",
                            QString::number(kEach)});
        const auto log = openedLog(folder());
        QVERIFY(log);
        for (int i = 0; i < kEach; ++i) QVERIFY(log->decided(sampleCall("c", "/x")));
        for (QProcess* program : {&first, &second}) {
            QVERIFY(program->waitForFinished(120'000));
            QVERIFY2(program->exitCode() == 0, program->readAllStandardError());
        }
        const auto report = log->check();
        QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
        QCOMPARE(report->n_entry, std::int64_t{3 * kEach + 1});
    }

    void aDamagedLogIsSetAside_data() {
        QTest::addColumn<Damage>("damage");
        const auto row = [](const char* name, const Damage& damage) {
            QTest::newRow(name) << damage;
        };
        row("another file", [](QFile& file) { file.write("This is no log at all."); });
        row("cut off", [](QFile& file) { file.resize(file.size() / 2); });
        row("emptied and too short", [](QFile& file) { file.resize(10); });
        row("no schema", [](QFile& file) {
            file.seek(100);
            file.write(QByteArray(3996, '\0'));
        });
        row("noise on every page but the first", [](QFile& file) {
            for (qint64 page = 4096; page < file.size(); page += 4096) {
                file.seek(page);
                file.write(QByteArray(100, '\xA5'));
            }
        });
    }
    void aDamagedLogIsSetAside() {
        QFETCH(Damage, damage);
        QVERIFY(addCalls(*openedLog(folder()), 40));
        QFile file(QString::fromStdString(folder() + "/calls.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        damage(file);
        file.close();
        const auto log = openedLog(folder());
        QVERIFY(log);
        const std::string notice = log->take_notice();
        QVERIFY2(notice.find("calls.db.damaged-1") != std::string::npos, notice.c_str());
        QVERIFY(addCalls(*log, 1));
        QVERIFY(problemOf(folder()).contains("earlier log was damaged"));
        QVERIFY(openedLog(folder())->take_notice().empty());
    }
    void aDamagedHeadIsSetAside() {
        QVERIFY(addCalls(*openedLog(folder()), 2));
        QFile file(QString::fromStdString(folder() + "/head.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write("This is no log at all.");
        file.close();
        QVERIFY(!openedLog(folder())->take_notice().empty());
    }

    void whatIsNotOursIsLeftAlone_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QString>("says");
        QTest::newRow("another program's")
            << QByteArray("PRAGMA application_id=77; CREATE TABLE t(x)")
            << "another program's file";
        QTest::newRow("without a mark")
            << QByteArray("CREATE TABLE t(x)") << "another program's file";
        QTest::newRow("too new") << QByteArray(
                                        "PRAGMA application_id=1279476044; "
                                        "PRAGMA user_version=2; CREATE TABLE t(x)")
                                 << "a newer Lares";
    }
    void whatIsNotOursIsLeftAlone() {
        QFETCH(QByteArray, sql);
        QFETCH(QString, says);
        m_tree->folder("audit");
        QVERIFY(SqliteFile::open(folder() + "/calls.db", "it")->execute(sql.constData()));
        const QByteArray before = bytes();
        LazyAudit log(folder());
        const auto refused = log.decided(sampleCall("1", "/x"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY2(refused.error().message.find(says.toStdString()) != std::string::npos,
                 refused.error().message.c_str());
        QVERIFY(bytes() == before);
        QVERIFY(AuditLog::erase(folder()));  // the user's word
        QVERIFY(log.decided(sampleCall("1", "/x")));
        QCOMPARE(problemOf(folder()), QString());
    }

    void aMovedLogIsNotWrittenTo() {
        const auto log = openedLog(folder());
        QVERIFY(addCalls(*log, 1));
        fs::rename(folder() + "/calls.db", folder() + "/moved.db");
        QVERIFY(addCalls(*log, 1));
        QVERIFY(fs::exists(folder() + "/calls.db"));
        QVERIFY(problemOf(folder()).contains("was gone"));
    }

    void readOnlyFilesAreASentence() {
        QVERIFY(openedLog(folder()));
        m_tree->folder("nowhere");
        for (const auto& entry : fs::directory_iterator(folder()))
            fs::permissions(entry.path(), fs::perms{0444});
        for (const char* name : {"audit", "nowhere"})
            fs::permissions(m_tree->path(name), fs::perms{0555});
        const auto unlock = qScopeGuard([this] {
            for (const char* name : {"audit", "nowhere"})
                fs::permissions(m_tree->path(name), fs::perms{0755});
        });
        std::string said;
        {
            const WithoutRoot user;
            if (!user.holds()) QSKIP("root may write everywhere, and cannot be somebody else here");
            for (const char* name : {"audit", "nowhere/audit"}) {
                LazyAudit log(m_tree->path(name));
                const auto entry = log.decided(sampleCall("1", "/x"));
                said += entry ? "written" : entry.error().message + "\n";
            }
        }
        QVERIFY2(
            said.find("cannot be written; check the folder's permissions") != std::string::npos &&
                said.find("cannot make the folder") != std::string::npos,
            said.c_str());
    }

    void aFullDiskIsASentence() {
        const std::string where = folder();
        fs::create_directory(where);
        const auto check = [&]() -> std::string {
            const auto log = openedLog(where);
            if (!log || !addCalls(*log, 3)) return "cannot begin";
            fill_disk(where + "/all");
            EntryNumber written = 7;
            // What is left in the files' last pages is used first.
            for (int i = 0; i < 200; ++i) {
                const auto entry = log->decided(sampleCall("1", std::string(400, 'x')));
                if (!entry) {
                    if (entry.error().message.find("free some space") == std::string::npos)
                        return entry.error().message;
                    break;
                }
                written = *entry;
                if (i == 199) return "it was written down on a full disk";
            }
            fs::remove(where + "/all");
            const auto report = log->check();
            if (!report || !report->is_intact()) return report ? report->problem : "no check";
            if (report->n_entry != written) return "an entry is lost";
            return addCalls(*log, 3) ? problemOf(where).toStdString() : "cannot go on";
        };
        const auto problem = on_small_disk(where, 400'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }

private:
    [[nodiscard]] std::string folder() const { return m_tree->path("audit"); }
    [[nodiscard]] QByteArray bytes() const {
        QFile file(QString::fromStdString(folder() + "/calls.db"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<FolderTree> m_tree;
};

QTEST_GUILESS_MAIN(AuditFilesTest)
#include "tst_audit_files.moc"
