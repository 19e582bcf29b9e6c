#include "tests/cli/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;
using namespace lares::test;

/// lares-cli mcp, and the tools of a server in the other commands.
class McpTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const CliRun run = runCli({"tool", "--list", "--json"});
        if (run.json()["tier"_L1].toString() != "full") QSKIP("commands cannot be kept in here");
        QVERIFY(QFile::copy(LARES_FAKE_SERVER, m_folder.filePath("server.py")));
    }
    void cleanup() {
        for (const QString& name : {QString("fake"), QString("imported")})
            (void)runCli({"mcp", "remove", name});
    }

    void thereAreNoneAtFirst() {
        const CliRun run = runCli({"mcp", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.out, QByteArray("{\"servers\":[]}\n"));
    }
    void isAddedLookedAtTurnedOnAndCalled() {
        const CliRun added = runCli({"mcp", "add", "fake", "--json", "--", "python3", server()});
        QVERIFY2(added.status == 0, added.err.constData());
        const QJsonObject one = added.json()["servers"_L1].toArray()[0].toObject();
        QCOMPARE(one["tools"_L1].toArray().size(), 10);
        QCOMPARE(one["folders"_L1].toArray()[0].toString(), m_folder.path());
        QVERIFY(!one["on"_L1].toBool());
        CliRun call = runCli({"tool", "fake__echo", R"({"text":"hi"})", "--yes"});
        QCOMPARE(call.status, 1);
        QVERIFY(call.err.contains("no such tool"));
        QCOMPARE(runCli({"mcp", "on", "fake"}).status, 0);
        call = runCli({"tool", "fake__echo", R"({"text":"hi"})", "--yes"});
        QVERIFY2(call.status == 0, call.err.constData());
        QCOMPARE(call.out, QByteArray("hi\n"));
    }
    void nobodyToAskMeansNoUnlessItIsAllowed() {
        QCOMPARE(runCli({"mcp", "add", "fake", "--", "python3", server()}).status, 0);
        QCOMPARE(runCli({"mcp", "on", "fake"}).status, 0);
        const CliRun refused = runCli({"tool", "fake__echo", R"({"text":"hi"})", "--json"});
        QCOMPARE(refused.status, 1);
        QCOMPARE(refused.errorCode(), QString("permission_denied"));
        QCOMPARE(runCli({"mcp", "allow", "fake", "echo"}).status, 0);
        QCOMPARE(runCli({"tool", "fake__echo", R"({"text":"hi"})"}).out, QByteArray("hi\n"));
        QCOMPARE(runCli({"mcp", "ask", "fake", "echo"}).status, 0);
        QCOMPARE(runCli({"tool", "fake__echo", R"({"text":"hi"})"}).status, 1);
        QCOMPARE(runCli({"mcp", "allow", "fake", "nothing"}).status, 1);
    }
    void takesOverAnotherProgramsSettings() {
        const QJsonObject settings{
            {"mcpServers",
             QJsonObject{{"Imported", QJsonObject{{"command", "python3"},
                                                  {"args", QJsonArray{server()}},
                                                  {"env", QJsonObject{{"GREETING", "hello"}}}}}}}};
        QFile file(m_folder.filePath("settings.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(oneLine(settings));
        file.close();
        const CliRun run = runCli({"mcp", "import", file.fileName(), "--json"});
        QVERIFY2(run.status == 0, run.err.constData());
        QCOMPARE(runCli({"mcp", "on", "imported"}).status, 0);
        const CliRun call =
            runCli({"tool", "imported__variable", R"({"name":"GREETING"})", "--yes"});
        QCOMPARE(call.out, QByteArray("hello\n"));
    }
    void saysWhatIsWrong() {
        QCOMPARE(runCli({"mcp", "dance"}).status, 2);
        QCOMPARE(runCli({"mcp", "add", "fake", "--env", "x", "--", "true"}).status, 2);
        const CliRun nowhere =
            runCli({"mcp", "add", "fake", "--folder", "/no/where", "--", "true"});
        QVERIFY2(nowhere.err.contains("no such folder: /no/where"), nowhere.err.constData());
        const CliRun fetching = runCli({"mcp", "add", "fake", "--", "npx", "server"});
        QCOMPARE(fetching.status, 1);
        QVERIFY(fetching.err.contains("npm install --prefix"));
        const CliRun crashing =
            runCli({"mcp", "add", "fake", "--", "python3", server(), "crashes"});
        QCOMPARE(crashing.status, 1);
        QVERIFY2(crashing.err.contains("no module named nothing"), crashing.err.constData());
        QCOMPARE(runCli({"mcp", "on", "fake"}).status, 1);
        QCOMPARE(runCli({"mcp", "look", "nobody"}).status, 1);
    }

private:
    [[nodiscard]] QString server() const { return m_folder.filePath("server.py"); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(McpTest)
#include "tst_mcp.moc"
