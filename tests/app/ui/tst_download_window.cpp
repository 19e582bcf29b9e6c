#include "app/approval/approval_card.h"
#include "app/models/model_download.h"
#include "app/ui/chat_page.h"
#include "app/ui/download_bar.h"
#include "app/ui/download_panel.h"
#include "app/ui/first_run_page.h"
#include "app/ui/settings_page.h"
#include "tests/app/models/fake_download_desk.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTest>

using namespace lares::app;
using lares::test::FakeDownload;
using lares::test::WindowFixture;
using State = ModelDownload::State;

namespace {

constexpr const char* kScript = R"([{"steps": [{"text": "Hello."}]}])";
constexpr const char* kRuns =
    "say {\"event\":\"state\",\"state\":\"downloading\"}\n"
    "say {\"event\":\"progress\",\"done\":40000000,\"total\":100000000}\n";

bool isSaid(const QWidget& where, const QString& words) {
    for (const QLabel* label : where.findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(words)) return true;
    return false;
}

}  // namespace

/// What a newcomer does, with a program in the helper's place that has no network.
class DownloadWindowTest : public QObject {
    Q_OBJECT

private slots:
    void firstRunDownloadsWhileTheDemoAnswers();
    void offersTheAddressWhereNothingCanBeDownloaded();
    void goesOnAfterARestart();
    void asksBeforeItRemovesMuch();
    void saysWhyAndTriesAgain();
};

void DownloadWindowTest::firstRunDownloadsWhileTheDemoAnswers() {
    const FakeDownload fake;
    fake.order(QByteArray(kRuns) + "listen\nfile 100000000\nsay {\"event\":\"done\"}\n");
    WindowFixture fixture(kScript, fake.options());
    MainWindow& window = fixture.window();
    window.showFirstRun();
    window.firstRun()->showStep(1);
    QTRY_VERIFY(fixture.button("Download") != nullptr);
    QTRY_VERIFY(isSaid(*window.firstRun(), "models.example.org"));
    QTRY_VERIFY(isSaid(*window.firstRun(), "Licence One"));
    QTest::keyClick(window.focusWidget(), Qt::Key_Return);  // Download has the focus
    ModelDownload* download = fixture.controller().download();
    QTRY_COMPARE(download->bytesDone(), 40'000'000);
    QTRY_VERIFY(isSaid(*window.firstRun(), "40 %"));
    QTRY_VERIFY(fixture.button("Try the demo model") != nullptr);
    fixture.button("Try the demo model")->click();
    QTRY_VERIFY(fixture.button("Robin") != nullptr);
    fixture.button("Robin")->click();
    QTRY_COMPARE(fixture.controller().modelState(), ChatController::ModelState::Ready);
    auto* bar = window.findChild<DownloadBar*>();
    QVERIFY(bar->isVisible() && isSaid(*bar, "40 %"));
    // The program takes "stop" for its sign to end; what is on disk then counts.
    fixture.button("Pause: Model One")->click();
    QTRY_COMPARE(download->state(), State::Finished);
    QVERIFY(isSaid(*bar, "is on this computer now"));
    fixture.button("Use it now: Model One")->click();
    QVERIFY(fixture.controller().usesDownload());
    QVERIFY(!bar->isVisible());
}

void DownloadWindowTest::offersTheAddressWhereNothingCanBeDownloaded() {
    const FakeDownload fake;
    DownloadOptions options = fake.options();
    options.program.clear();
    WindowFixture fixture(kScript, options);
    fixture.window().showFirstRun();
    fixture.window().firstRun()->showStep(1);
    QTRY_VERIFY(isSaid(*fixture.window().firstRun(), "https://models.example.org/one"));
    QVERIFY(fixture.button("Download") == nullptr);
    QVERIFY(fixture.button("I have the file") != nullptr);
    fixture.window().showChat();
    fixture.window().showSettings();
    QVERIFY(isSaid(*fixture.window().settingsPage(), "https://models.example.org/one"));
}

void DownloadWindowTest::goesOnAfterARestart() {
    const FakeDownload fake;
    fake.order("keep 41000000\nsay {\"event\":\"stopped\",\"done\":41000000}\n");
    {
        WindowFixture fixture(kScript, fake.options());
        fixture.controller().download()->start();
        QTRY_COMPARE(fixture.controller().download()->state(), State::Failed);
    }
    fake.order(QByteArray(kRuns) + "listen\n");
    WindowFixture again(kScript, fake.options());
    QCOMPARE(again.controller().download()->state(), State::Paused);
    QVERIFY(isSaid(*again.window().findChild<DownloadBar*>(), "41 %"));
    again.button("Resume: Model One")->click();
    QTRY_COMPARE(again.controller().download()->bytesDone(), 40'000'000);
}

void DownloadWindowTest::asksBeforeItRemovesMuch() {
    const FakeDownload fake;
    fake.order(QByteArray(kRuns) + "listen\nkeep 41000000\n");
    WindowFixture fixture(kScript, fake.options());
    fixture.window().showSettings();
    ModelDownload* download = fixture.controller().download();
    download->start();
    QTRY_COMPARE(download->bytesDone(), 40'000'000);
    fixture.button("Cancel the download")->click();
    QVERIFY(isSaid(*fixture.window().settingsPage(), "Remove the 40"));
    fixture.button("Keep what was downloaded")->click();
    QCOMPARE(download->state(), State::Running);
    fixture.button("Cancel the download")->click();
    fixture.button("Remove what was downloaded")->click();
    QTRY_COMPARE(download->state(), State::Offered);
    QVERIFY(!QFile::exists(download->filePath() + ".part"));
}

void DownloadWindowTest::saysWhyAndTriesAgain() {
    const FakeDownload fake;
    fake.order(
        "say {\"event\":\"error\",\"code\":\"network\",\"message\":\"No network. Connect it.\"}\n");
    WindowFixture fixture(kScript, fake.options());
    fixture.controller().download()->start();
    auto* bar = fixture.window().findChild<DownloadBar*>();
    QTRY_VERIFY(isSaid(*bar, "No network. Connect it."));
    fake.order(QByteArray(kRuns) + "listen\n");
    fixture.button("Try again: Model One")->click();
    QTRY_VERIFY(isSaid(*bar, "40 %"));
    fixture.button("Hide the download")->click();
    QVERIFY(!bar->isVisible());
}

QTEST_MAIN(DownloadWindowTest)
#include "tst_download_window.moc"
