#include "tests/cli/cli_program.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;
using namespace lares::test;

namespace {

QString pathArgument(const QString& path) {
    return QString::fromUtf8(oneLine({{"path", path}}));
}

}  // namespace

/// lares-cli tool: one call, without a model.
class ToolTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QFile file(m_folder.filePath("notes.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("hello\n");
    }
    void listsTheTools() {
        const CliRun text = runCli({"tool", "--list"});
        QCOMPARE(text.status, 0);
        QVERIFY(text.out.contains("read_file path"));
        const CliRun run = runCli({"tool", "--list", "--json"});
        // What this machine can do.
        const QString tier = run.json()["tier"_L1].toString();
        QVERIFY2(tier == "full" || tier == "files-only", qPrintable(tier));
        const QJsonArray tools = run.json()["tools"_L1].toArray();
        QCOMPARE(tools.size(), 12);
        QCOMPARE(tools[11].toObject()["effect"_L1].toString(), QString("run"));
        QCOMPARE(tools[8].toObject()["effect"_L1].toString(), QString("change"));
        QCOMPARE(tools[0].toObject().keys().join(' '),
                 QString("description effect name parameters"));
    }
    void harmlessToolsRunAtOnce() {
        const CliRun run = runCli({"tool", "calculate", R"({"expression":"2^200"})", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.out,
                 QByteArray("{\"result\":\"16069380442589902755419620923411626025222029937827928353"
                            "01376\",\"tier\":\"files-only\"}\n"));
        qputenv("TZ", "UTC");
        const CliRun time = runCli({"tool", "get_time"});
        qunsetenv("TZ");
        QCOMPARE(time.status, 0);
        QVERIFY2(time.out.contains(QDateTime::currentDateTimeUtc().toString("yyyy, ").toUtf8()),
                 time.out);
    }
    void aGrantedFolderIsRead() {
        for (const char* form : {"", ":ro", ":rw"}) {
            const CliRun run =
                runCli({"tool", "read_file", pathArgument(m_folder.filePath("notes.txt")),
                        "--allow-folder", m_folder.path() + form});
            QCOMPARE(run.status, 0);
            QCOMPARE(run.out, QByteArray("hello\n"));
        }
        const CliRun relative = runCli(
            {"tool", "read_file", pathArgument("notes.txt"), "--allow-folder", m_folder.path()});
        QCOMPARE(relative.out, QByteArray("hello\n"));
    }
    void withoutAGrantItIsRefused() {
        const CliRun run = runCli({"tool", "list_folder", pathArgument(m_folder.path()), "--json"});
        QCOMPARE(run.status, 1);
        QCOMPARE(run.errorCode(), QString("permission_denied"));
        const QString message = run.json()["error"_L1]["message"_L1].toString();
        QVERIFY(message.startsWith("permission denied: " + m_folder.path()));
        QVERIFY(message.contains("--allow-folder"));
        QVERIFY(run.err.count('\n') == 1);
    }
    void yesApprovesOneCall() {
        const CliRun run =
            runCli({"tool", "list_folder", pathArgument(m_folder.path()), "--yes", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.json()["result"_L1].toString(), QString("notes.txt (6 B)"));
        QCOMPARE(runCli({"tool", "list_folder", pathArgument("/"), "--yes"}).status, 1);
    }
    void aChangeIsUndone() {
        const QTemporaryDir home;  // the journal is in there
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", home.path().toUtf8());
        const auto restore = qScopeGuard([&] { qputenv("HOME", before); });
        QDir(home.path()).mkpath("Papers");
        const QString papers = home.filePath("Papers");
        const QString argument = R"({"path":"~/Papers/n.txt","content":"%1"})";
        const CliRun refused = runCli(
            {"tool", "write_file", argument.arg("1"), "--json", "--allow-folder", papers + ":ro"});
        QCOMPARE(refused.errorCode(), QString("permission_denied"));
        QVERIFY(!QFile::exists(papers + "/n.txt"));
        const CliRun run = runCli(
            {"tool", "write_file", argument.arg("1"), "--json", "--allow-folder", papers + ":rw"});
        QCOMPARE(run.json()["result"_L1].toString(), QString("wrote 1 bytes to ~/Papers/n.txt"));
        QCOMPARE(run.json()["changes"_L1].toArray().size(), 1);
        QCOMPARE(runCli({"tool", "write_file", argument.arg("22"), "--yes"}).status, 0);
        const QJsonArray changes =
            runCli({"undo", "--list", "--json"}).json()["changes"_L1].toArray();
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes[0].toObject()["summary"_L1].toString(), QString("Replaced n.txt"));
        QCOMPARE(changes[0].toObject()["path"_L1].toString(), papers + "/n.txt");
        QCOMPARE(runCli({"undo"}).out, QByteArray("Undid 1 of 1 changes.\n"));
        const QJsonArray checks = runCli({"verify", "--json"}).json()["checks"_L1].toArray();
        for (const QJsonValue& check : checks) QVERIFY(check["ok"_L1].toBool());
        QFile file(papers + "/n.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("1"));
        file.close();
        // Somebody writes to it: what is theirs stays, and the status says so.
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("mine");
        file.close();
        const CliRun kept = runCli({"undo", "--json"});
        QCOMPARE(kept.status, 1);
        QCOMPARE(kept.json()["problems"_L1].toArray().size(), 1);
        QVERIFY(QFile::exists(papers + "/n.txt"));
        QCOMPARE(runCli({"undo", "x"}).status, 1);
        QCOMPARE(runCli({"undo", "1", "--list"}).status, 2);
    }
    void aCommandRunsInASandboxAndIsUndone() {
        const QTemporaryDir home;
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", home.path().toUtf8());
        const auto restore = qScopeGuard([&] { qputenv("HOME", before); });
        QDir(home.path()).mkpath("Papers");
        const QString papers = home.filePath("Papers");
        for (const QString& name : {papers + "/b.txt", home.filePath("secret.txt")}) {
            QFile file(name);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("text\n");
        }
        const QString call = QString::fromUtf8(oneLine(
            {{"command", "cat b.txt; mkdir new; mv b.txt new/; cat ../secret.txt; echo > ../made"},
             {"folder", "~/Papers"}}));
        const CliRun refused =
            runCli({"tool", "run_command", call, "--json", "--allow-folder", papers + ":rw"});
        if (refused.errorCode() == "unsupported") QSKIP(refused.err.trimmed().constData());
        QCOMPARE(refused.errorCode(), QString("permission_denied"));  // each one is asked about
        const CliRun run = runCli({"tool", "run_command", call, "--json", "--yes"});
        QCOMPARE(run.status, 0);
        const QString result = run.json()["result"_L1].toString();
        QVERIFY2(result.startsWith("exit status "), qPrintable(result));
        QVERIFY2(result.contains("\ntext\n"), qPrintable(result));
        QVERIFY2(result.endsWith("\n[made 1 folder, moved 1 item]"), qPrintable(result));
        QCOMPARE(result.count("text"), 1);  // the secret holds it too, and was not read
        QCOMPARE(run.json()["tier"_L1].toString(), QString("full"));
        QVERIFY(QFile::exists(papers + "/new/b.txt"));
        QVERIFY(!QFile::exists(home.filePath("made")));
        QCOMPARE(runCli({"undo"}).status, 0);
        QVERIFY(QFile::exists(papers + "/b.txt"));
        QVERIFY(!QFile::exists(papers + "/new"));
    }
    void errorsHaveACode_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("code");
        QTest::newRow("no tool") << QStringList{"fly"} << "not_found";
        QTest::newRow("no JSON") << QStringList{"calculate", "{"} << "invalid_argument";
        QTest::newRow("no object") << QStringList{"calculate", "[]"} << "invalid_argument";
        QTest::newRow("unknown argument")
            << QStringList{"calculate", R"({"x":"1"})"} << "invalid_argument";
        QTest::newRow("no expression")
            << QStringList{"calculate", R"({"expression":"x"})"} << "invalid_argument";
        QTest::newRow("no file") << QStringList{"read_file",
                                                pathArgument(m_folder.filePath("none")),
                                                "--allow-folder", m_folder.path()}
                                 << "not_found";
        QTest::newRow("no grant") << QStringList{"get_time", "--allow-folder", "/"}
                                  << "permission_denied";
    }
    void errorsHaveACode() {
        QFETCH(QStringList, words);
        QFETCH(QString, code);
        const CliRun run = runCli(QStringList{"tool", "--json"} + words);
        QCOMPARE(run.status, 1);
        QCOMPARE(run.errorCode(), code);
    }
    void needsAName() { QCOMPARE(runCli({"tool"}).status, 2); }

private:
    const QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ToolTest)
#include "tst_tool.moc"
