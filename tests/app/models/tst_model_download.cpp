#include "app/models/download_text.h"
#include "app/models/model_download.h"
#include "tests/app/models/fake_download_desk.h"

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::FakeDownload;
using State = ModelDownload::State;

namespace {

constexpr const char* kRuns =
    "say {\"event\":\"state\",\"state\":\"downloading\"}\n"
    "say {\"event\":\"progress\",\"done\":40000000,\"total\":100000000}\n";

}  // namespace

class ModelDownloadTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void isNotThereWithoutItsProgram();
    void followsADownloadToItsEnd();
    void pausesAndKnowsSoLater();
    void cancellingRemovesWhatIsThere();
    void saysWhyItFailed();
    void aProgramThatDiesIsAFailure_data();
    void aProgramThatDiesIsAFailure();
    void leavesOutWhatIsNoMessage();
    void endsItsProgramWithItself();
    void saysTimeCalmly_data();
    void saysTimeCalmly();
    void messagesSurviveTheirWay();
};

void ModelDownloadTest::isNotThereWithoutItsProgram() {
    const FakeDownload fake;
    DownloadOptions options = fake.options();
    options.program = "/nowhere/lares-download";
    ModelDownload download(options);
    QCOMPARE(download.state(), State::Unavailable);
    download.start();
    QCOMPARE(download.state(), State::Unavailable);
    QCOMPARE(ModelDownload(DownloadOptions{}).state(), State::Unavailable);
}

void ModelDownloadTest::followsADownloadToItsEnd() {
    const FakeDownload fake;
    ModelDownload download(fake.options());
    QCOMPARE(download.state(), State::Offered);
    fake.order(QByteArray(kRuns) + "file 100000000\nsay {\"event\":\"done\"}\nexit 0\n");
    QSignalSpy progressed(&download, &ModelDownload::progressed);
    download.start();
    QCOMPARE(download.state(), State::Running);
    QTRY_COMPARE(download.state(), State::Finished);
    QVERIFY(!progressed.isEmpty() && download.hasArrived());
    QCOMPARE(download.share(), 1.0);
    QVERIFY(QFile::exists(download.filePath()));
    download.acknowledge();
    QVERIFY(!download.hasArrived());
    const ModelDownload later(fake.options());
    QCOMPARE(later.state(), State::Finished);
    QVERIFY(!later.hasArrived());
}

void ModelDownloadTest::pausesAndKnowsSoLater() {
    const FakeDownload fake;
    ModelDownload download(fake.options());
    fake.order(QByteArray(kRuns) +
               "listen\nkeep 41000000\n"
               "say {\"event\":\"stopped\",\"done\":41000000}\nexit 1\n");
    download.start();
    QTRY_COMPARE(download.bytesDone(), 40'000'000);
    QCOMPARE(headingOf(download), "Downloading Model One");
    QVERIFY2(detailOf(download).startsWith("40 MB of 100 MB · 40 %"),
             qPrintable(detailOf(download)));
    download.pause();
    QCOMPARE(download.state(), State::Stopping);
    QTRY_COMPARE(download.state(), State::Paused);
    QCOMPARE(download.bytesDone(), 41'000'000);
    const ModelDownload later(fake.options());
    QCOMPARE(later.state(), State::Paused);
    QCOMPARE(later.bytesDone(), 41'000'000);
    QCOMPARE(detailOf(later), "41 MB of 100 MB · 41 %");
    download.start();
    QCOMPARE(download.state(), State::Running);
}

void ModelDownloadTest::cancellingRemovesWhatIsThere() {
    const FakeDownload fake;
    ModelDownload download(fake.options());
    fake.order(QByteArray(kRuns) + "listen\nkeep 41000000\nexit 1\n");
    download.start();
    QTRY_COMPARE(download.bytesDone(), 40'000'000);
    download.cancel();
    QTRY_COMPARE(download.state(), State::Offered);
    QCOMPARE(QDir(download.folder()).entryList(QDir::Files), QStringList());
}

void ModelDownloadTest::saysWhyItFailed() {
    const FakeDownload fake;
    ModelDownload download(fake.options());
    fake.order(
        "keep 30000000\nsay {\"event\":\"error\",\"code\":\"disk_full\",\"message\":\"The "
        "disk is full. Make room.\"}\nexit 1\n");
    download.start();
    QTRY_COMPARE(download.state(), State::Failed);
    QCOMPARE(download.reason(), "The disk is full. Make room.");
    QCOMPARE(download.bytesDone(), 30'000'000);
    fake.order(QByteArray(kRuns) + "listen\n");
    download.start();
    QTRY_COMPARE(download.bytesDone(), 40'000'000);
    QCOMPARE(download.state(), State::Running);
    QVERIFY(download.reason().isEmpty());
}

void ModelDownloadTest::aProgramThatDiesIsAFailure_data() {
    QTest::addColumn<QByteArray>("orders");
    QTest::newRow("at once") << QByteArray("exit 3\n");
    QTest::newRow("in the middle") << QByteArray(kRuns) + "exit 0\n";
    QTest::newRow("says that it is done, and there is no file")
        << QByteArray("say {\"event\":\"done\"}\nexit 0\n");
    QTest::newRow("a file of another size")
        << QByteArray("file 1000\nsay {\"event\":\"done\"}\nexit 0\n");
}

void ModelDownloadTest::aProgramThatDiesIsAFailure() {
    QFETCH(QByteArray, orders);
    const FakeDownload fake;
    ModelDownload download(fake.options());
    fake.order(orders);
    download.start();
    QTRY_COMPARE(download.state(), State::Failed);
    QVERIFY2(download.reason().contains("try again"), qPrintable(download.reason()));
    QVERIFY(!download.hasArrived());
}

void ModelDownloadTest::leavesOutWhatIsNoMessage() {
    const FakeDownload fake;
    ModelDownload download(fake.options());
    fake.order(
        "say hello\nsay {}\nsay {\"event\":\"explode\"}\nsay [1]\n"
        "say {\"event\":\"progress\",\"done\":-5,\"total\":1}\n"
        "say {\"event\":\"progress\",\"done\":1e15,\"total\":1}\nlisten\n");
    download.start();
    QTRY_COMPARE(download.bytesDone(), FakeDownload::kSize);
    QCOMPARE(download.share(), 1.0);
    QCOMPARE(download.state(), State::Running);
}

void ModelDownloadTest::endsItsProgramWithItself() {
    const FakeDownload fake;
    {
        ModelDownload download(fake.options());
        fake.order(QByteArray(kRuns) + "listen\nkeep 5000000\n");
        download.start();
        QTRY_COMPARE(download.bytesDone(), 40'000'000);
    }
    QCOMPARE(ModelDownload(fake.options()).state(), State::Paused);
}

void ModelDownloadTest::saysTimeCalmly_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("1 s") << 1.0 << "less than a minute left";
    QTest::newRow("70 s") << 70.0 << "about a minute left";
    QTest::newRow("4 min") << 250.0 << "about 4 minutes left";
    QTest::newRow("23 min") << 23.0 * 60 << "about 25 minutes left";
    QTest::newRow("1 h") << 3600.0 << "about 1 hour left";
    QTest::newRow("1 h 18 min") << 78.0 * 60 << "about 1 hour 20 minutes left";
    QTest::newRow("2 h 30 min") << 150.0 * 60 << "about 2 hours 30 minutes left";
    QTest::newRow("9 h") << 9.2 * 3600 << "about 9 hours left";
    QTest::newRow("3 days") << 3.0 * 86400 << "more than a day left";
}

void ModelDownloadTest::saysTimeCalmly() {
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(timeLeftText(static_cast<qint64>(seconds * 1e6), 1e6), text);
    QCOMPARE(timeLeftText(static_cast<qint64>(seconds * 1e6), 0), QString());
}

void ModelDownloadTest::messagesSurviveTheirWay() {
    DownloadMessage message;
    message.phase = DownloadMessage::Phase::Waiting;
    message.seconds = 8;
    message.message = "It is “busy”.\nWait.";
    const QByteArray line = toLine(message);
    QCOMPARE(line.count('\n'), 1);
    QCOMPARE(readMessage(line)->message, message.message);
    QCOMPARE(readMessage(line)->seconds, 8);
    QVERIFY(!readMessage(QByteArray(20'000, ' ') + line));
    for (qsizetype i = 0; i < line.size() - 1; ++i) QVERIFY(!readMessage(line.left(i)));
    QVERIFY(isStopLine(stopLine()) && !isStopLine("stop"));
}

QTEST_GUILESS_MAIN(ModelDownloadTest)
#include "tst_model_download.moc"
