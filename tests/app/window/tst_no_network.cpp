#include "tests/support/test_data.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
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

QTEST_GUILESS_MAIN(NoNetworkTest)
#include "tst_no_network.moc"
