#include "app/ui/readings_section.h"
#include "app/ui/text_label.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QLocale>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

namespace {

QString shownText(WindowFixture& fixture) {
    auto* section = fixture.window().findChild<ReadingsSection*>();
    return section ? section->findChild<TextLabel*>()->text() : QString();
}

}  // namespace

class ReadingsSectionTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale::C); }
    void saysWhatIsTakenAndDeletesIt();
    void choosesWhetherAnythingIsKept();
    void saysWhyNothingIsKept();
};

void ReadingsSectionTest::saysWhatIsTakenAndDeletesIt() {
    WindowFixture fixture;
    fixture.window().showSettings();
    QAbstractButton* remove = fixture.button("Delete what the model has read, now");
    QVERIFY(remove);
    QVERIFY(!remove->isEnabled());
    QVERIFY(!shownText(fixture).contains("Kept now"));
    fixture.tokens().setSnapshotUse({1'240'000'000, {}});
    QVERIFY2(shownText(fixture).contains("Kept now: 1.2 GB."), qPrintable(shownText(fixture)));
    QVERIFY(remove->isEnabled());
    remove->click();
    QCOMPARE(fixture.tokens().forgotten(), std::vector<std::string>{"all"});
    fixture.tokens().setSnapshotUse({});
    QVERIFY(!remove->isEnabled());
}

void ReadingsSectionTest::choosesWhetherAnythingIsKept() {
    WindowFixture fixture;
    fixture.window().showSettings();
    QVERIFY(fixture.button("Keep on the disk")->isChecked());
    fixture.button("Only while Lares runs")->click();
    QVERIFY(!fixture.button("Keep on the disk")->isChecked());
    QVERIFY(fixture.button("Only while Lares runs")->isChecked());
    QVERIFY(!fixture.tokens().isKeeping());
    QCOMPARE(fixture.tokens().forgotten(), std::vector<std::string>{"all"});
    fixture.button("Keep on the disk")->click();
    QVERIFY(fixture.tokens().isKeeping());
    // A click on what is chosen already leaves it chosen.
    fixture.button("Keep on the disk")->click();
    QVERIFY(fixture.button("Keep on the disk")->isChecked());
}

void ReadingsSectionTest::saysWhyNothingIsKept() {
    WindowFixture fixture;
    fixture.window().showSettings();
    fixture.tokens().setSnapshotUse({0, "The disk is too full."});
    QVERIFY(shownText(fixture).contains("The disk is too full."));
    fixture.button("Only while Lares runs")->click();
    QVERIFY(!shownText(fixture).contains("The disk is too full."));
}

QTEST_MAIN(ReadingsSectionTest)
#include "tst_readings_section.moc"
