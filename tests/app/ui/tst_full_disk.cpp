// What the window says of a disk that takes nothing more, and when it does again.
#include "app/chat/conversation_model.h"
#include "app/ui/banner.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/file_size_limit.h"

#include <QAbstractButton>
#include <QTest>

using namespace lares::app;
using lares::test::FileSizeLimit;
using lares::test::WindowFixture;

class FullDiskTest : public QObject {
    Q_OBJECT

private slots:
    void aProblemThatIsOverIsTakenDown();
    void asksBeforeItEndsUnsaved();
    void whatWasRefusedIsNotAskedAbout();
};

void FullDiskTest::aProblemThatIsOverIsTakenDown() {
    WindowFixture fixture;
    emit fixture.controller().problem("The disk is full.", "details");
    emit fixture.controller().problemSolved("The database was damaged.");
    QVERIFY(fixture.window().banner()->isVisible());
    emit fixture.controller().problemSolved("The disk is full.");
    QVERIFY(fixture.window().banner()->isHidden());
    QCOMPARE(fixture.window().toast()->note(),
             QString("Saving works again, and what waited is saved."));
}

/// A full disk has not taken what was changed last.
void FullDiskTest::asksBeforeItEndsUnsaved() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Hi"));
    const ConversationId id = fixture.controller().conversation()->info().id;
    {
        const FileSizeLimit full(1);
        fixture.controller().renameConversation(id, "Greetings");
        QTRY_VERIFY(!fixture.controller().unsavedBecause().isEmpty());
        QVERIFY(!fixture.window().close());
        QVERIFY(fixture.window().isVisible());
        QVERIFY(fixture.window().banner()->sentence().contains("would be lost"));
    }
    // There is room again: nothing is left to ask.
    QTRY_VERIFY_WITH_TIMEOUT(fixture.controller().unsavedBecause().isEmpty(), 30'000);
    QTRY_VERIFY(fixture.window().banner()->isHidden());
    {
        const FileSizeLimit full(1);
        fixture.controller().renameConversation(id, "Good morning");
        QTRY_VERIFY(!fixture.controller().unsavedBecause().isEmpty());
        QVERIFY(!fixture.window().close());
        QTest::mouseClick(fixture.button("Quit all the same"), Qt::LeftButton);
        QTRY_VERIFY(!fixture.window().isVisible());
    }
}

/// It was said, and nothing waits.
void FullDiskTest::whatWasRefusedIsNotAskedAbout() {
    WindowFixture fixture;
    emit fixture.store().writeFailed("The name is too long.");
    QVERIFY(fixture.window().banner()->isVisible());
    QCOMPARE(fixture.controller().unsavedBecause(), QString());
    QVERIFY(fixture.window().close());
}

QTEST_MAIN(FullDiskTest)
#include "tst_full_disk.moc"
