#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;

/// Promise 2: nothing gets out. The program runs through all states of its window, with tools and
/// store, and the kernel's record of its calls holds no socket but the local kind.
class NoNetworkTest : public QObject {
    Q_OBJECT

private slots:
    void aWholeScriptedSessionOpensNoNetworkSocket();
    void whoeverRunsCommandsOpensNoneItself();
};

void NoNetworkTest::aWholeScriptedSessionOpensNoNetworkSocket() {
#ifdef __SANITIZE_ADDRESS__
    QSKIP("under AddressSanitizer a traced program ends early");
#endif
    if (QStandardPaths::findExecutable("strace").isEmpty()) QSKIP("strace is not installed");
    QProcess probe;
    probe.start("strace", {"-qq", "-e", "trace=network", "true"});
    if (!probe.waitForFinished() || probe.exitCode() != 0)
        QSKIP("this system does not let strace watch a program");

    QTemporaryDir folder;
    QProcess session;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    environment.insert("HOME", folder.path());
    session.setProcessEnvironment(environment);
    const QString record = folder.filePath("calls");
    session.start("strace", {"-f", "-qq", "-e", "trace=network", "-o", record,
                             QString::fromStdString(test::program("lares").string()),
                             "--screenshots", folder.filePath("pictures")});
    QVERIFY(session.waitForFinished(280'000));
    QVERIFY2(session.exitCode() == 0, session.readAllStandardError().constData());

    QFile file(record);
    QVERIFY(file.open(QIODevice::ReadOnly));
    static const QRegularExpression opens("\\b(socket|socketpair)\\((\\w+)");
    for (const QByteArray& line : file.readAll().split('\n')) {
        const auto match = opens.match(QString::fromUtf8(line));
        if (match.hasMatch()) QVERIFY2(match.captured(2) == "AF_UNIX", line.constData());
        QVERIFY2(!line.contains("sin_addr") && !line.contains("sin6_addr"), line.constData());
    }
}

void NoNetworkTest::whoeverRunsCommandsOpensNoneItself() {
#ifdef __SANITIZE_ADDRESS__
    QSKIP("under AddressSanitizer a traced program ends early");
#endif
    QProcess probe;
    probe.start("strace", {"-qq", "-e", "trace=network", "true"});
    if (!probe.waitForFinished() || probe.exitCode() != 0)
        QSKIP("this system does not let strace watch a program");
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir("docs"));
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", folder.path());
    QProcess session;
    session.setProcessEnvironment(environment);
    const QString record = folder.filePath("calls");
    session.start("strace",
                  {"-f", "-qq", "-e", "trace=network,execve", "-o", record,
                   QString::fromStdString(test::program("lares-cli").string()), "tool",
                   "run_command", R"({"command":"echo ran","folder":"~/docs"})", "--yes"});
    QVERIFY(session.waitForFinished(120'000));
    if (!session.readAllStandardOutput().contains("ran"))
        QSKIP(session.readAllStandardError().trimmed().constData());
    // The self-test's bait and the attacks on it are other programs'.
    QFile file(record);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QSet<QByteArray> others;
    int nOther = 0;
    for (const QByteArray& line : lines) {
        const QByteArray process = line.left(line.indexOf(' '));
        if (line.contains("execve(\"") && !line.contains("lares-cli\"")) others.insert(process);
        if (!line.contains("AF_INET")) continue;
        ++nOther;
        QVERIFY2(others.contains(process), line.constData());
    }
    QVERIFY(nOther > 0);  // else this looks at nothing
}

QTEST_GUILESS_MAIN(NoNetworkTest)
#include "tst_no_network.moc"
