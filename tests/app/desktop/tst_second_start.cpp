#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;

/// The program started twice with the same data: the second ends, and has asked the first.
class SecondStartTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void asksTheFirst_data();
    void asksTheFirst();
    void isAnotherWithOtherData();

private:
    void start(QProcess& process, const QString& data, const QStringList& more = {}) {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        environment.insert("HOME", m_folder.path());
        process.setProcessEnvironment(environment);
        process.start(QString::fromStdString(test::program("lares").string()),
                      QStringList{"--data-dir", m_folder.filePath(data), "--scripted",
                                  m_folder.filePath("script.json")} +
                          more);
    }

    QTemporaryDir m_folder;
    QProcess m_first;
};

void SecondStartTest::initTestCase() {
    QFile script(m_folder.filePath("script.json"));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write(R"([{"steps": [{"text": "Hello."}]}])");
    script.close();
    start(m_first, "data");
    QTRY_VERIFY_WITH_TIMEOUT(QDir(m_folder.filePath("data/wishes")).exists(), 30'000);
}

void SecondStartTest::cleanupTestCase() {
    QCOMPARE(m_first.state(), QProcess::Running);
    m_first.kill();
    m_first.waitForFinished();
}

void SecondStartTest::asksTheFirst_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("for its window") << QStringList();
    QTest::newRow("for the quick window") << QStringList{"--quick"};
    QTest::newRow("again") << QStringList{"--quick"};
}

void SecondStartTest::asksTheFirst() {
    QFETCH(QStringList, options);
    QProcess second;
    start(second, "data", options);
    QVERIFY(second.waitForFinished(30'000));
    QCOMPARE(second.exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.exitCode(), 0);
    QVERIFY(QDir(m_folder.filePath("data/wishes")).isEmpty());
    QCOMPARE(m_first.state(), QProcess::Running);
}

void SecondStartTest::isAnotherWithOtherData() {
    QProcess other;
    start(other, "other");
    QTRY_VERIFY_WITH_TIMEOUT(QDir(m_folder.filePath("other/wishes")).exists(), 30'000);
    QCOMPARE(other.state(), QProcess::Running);
    other.kill();
    other.waitForFinished();
}

QTEST_GUILESS_MAIN(SecondStartTest)
#include "tst_second_start.moc"
