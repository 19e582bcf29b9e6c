#include "app/ui/tool_log_section.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/tools/audit/audit_support.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

QString shownText(WindowFixture& fixture) {
    QString text;
    auto* section = fixture.window().findChild<ToolLogSection*>();
    for (const QLabel* label : section->findChildren<QLabel*>())
        if (label->isVisible()) text += label->text() + '\n';
    return text;
}

/// Where the fixture's controller keeps its log.
std::string logFolder(const WindowFixture& fixture) {
    return (fixture.dataFolder() + "/audit").toStdString();
}

}  // namespace

class ToolLogSectionTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale::C); }

    void anEmptyLogHasNothingToCheck() {
        WindowFixture fixture;
        fixture.window().showSettings();
        QVERIFY(shownText(fixture).contains("There is no entry yet."));
        QVERIFY(!fixture.button("Check the tool log")->isEnabled());
        QVERIFY(!fixture.button("Export the tool log")->isEnabled());
        QVERIFY(!fixture.button("Delete the tool log, after a question")->isEnabled());
        QVERIFY(!std::filesystem::exists(logFolder(fixture)));  // looking makes nothing
    }
    void saysHowMuchThereIsAndChecksIt() {
        WindowFixture fixture;
        QVERIFY(addCalls(*openedLog(logFolder(fixture)), 3));
        fixture.window().showSettings();
        QTRY_VERIFY2(shownText(fixture).contains("7 entries since "),
                     qPrintable(shownText(fixture)));
        QAbstractButton* check = fixture.button("Check the tool log");
        QTRY_VERIFY(check->isEnabled());
        check->click();
        QTRY_VERIFY2(shownText(fixture).contains("Every entry is as it was written."),
                     qPrintable(shownText(fixture)));
        QVERIFY(tamper(logFolder(fixture), "UPDATE entries SET tool = 'x' WHERE number = 4"));
        QTRY_VERIFY(check->isEnabled());
        check->click();
        QTRY_VERIFY2(shownText(fixture).contains("Entry 4 ("), qPrintable(shownText(fixture)));
    }
    void exportsIt() {
        WindowFixture fixture;
        QVERIFY(addCalls(*openedLog(logFolder(fixture)), 3));
        fixture.window().showSettings();
        QAbstractButton* button = fixture.button("Export the tool log");
        QTRY_VERIFY(button->isEnabled());
        button->click();
        const QPointer<QFileDialog> dialog = fixture.window().findChild<QFileDialog*>();
        QVERIFY(dialog);
        const QString path = QDir::homePath() + "/log.jsonl";
        emit dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY2(shownText(fixture).contains("Written to " + QDir::toNativeSeparators(path)),
                     qPrintable(shownText(fixture)));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 7);
    }
    void deletesItAfterAQuestion() {
        WindowFixture fixture;
        QVERIFY(addCalls(*openedLog(logFolder(fixture)), 3));
        fixture.window().showSettings();
        const auto ask = [&] {
            QAbstractButton* button = fixture.button("Delete the tool log, after a question");
            QTRY_VERIFY(button->isEnabled());
            button->click();
        };
        ask();
        QVERIFY(shownText(fixture).contains("cannot be brought back"));
        QVERIFY(!fixture.button("Check the tool log"));
        fixture.button("Keep it")->click();
        QVERIFY(!shownText(fixture).contains("cannot be brought back"));
        QCOMPARE(reportOf(logFolder(fixture)).n_entry, std::int64_t{7});
        ask();
        fixture.button("Delete the tool log")->click();
        QTRY_VERIFY2(shownText(fixture).contains("The log was deleted."),
                     qPrintable(shownText(fixture)));
        QVERIFY(shownText(fixture).contains("1 entry since "));
        QCOMPARE(reportOf(logFolder(fixture)).n_entry, std::int64_t{1});
    }
    /// One that cannot be opened says why, and can be deleted.
    void aForeignFileIsASentence() {
        WindowFixture fixture;
        std::filesystem::create_directories(logFolder(fixture));
        {
            auto foreign = SqliteFile::open(logFolder(fixture) + "/calls.db", "it");
            QVERIFY(foreign && foreign->execute("CREATE TABLE t(x)"));
        }
        fixture.window().showSettings();
        QTRY_VERIFY2(shownText(fixture).contains("another program's file"),
                     qPrintable(shownText(fixture)));
        fixture.button("Delete the tool log, after a question")->click();
        fixture.button("Delete the tool log")->click();
        QTRY_VERIFY(shownText(fixture).contains("1 entry since "));
    }
};

QTEST_MAIN(ToolLogSectionTest)
#include "tst_tool_log_section.moc"
