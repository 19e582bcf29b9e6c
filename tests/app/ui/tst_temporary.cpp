#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/palette.h"
#include "app/ui/temporary_bar.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/files_with.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QTest>

using namespace lares::app;
using lares::test::filesWith;
using lares::test::WindowFixture;

/// Temporary conversations in the whole window: begun, seen, kept, and never lost without a word.
class TemporaryTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_fixture.reset(); }
    void isBegunSeenAndKeptByTheKeys();
    void theButtonBesideNewConversation();
    void theListMarksIt();
    void itsMenuHasNoMore();
    void throwingAwayIsAskedFirst();
    void escLeavesEverythingAsItIs();
    void anEmptyOneGoesWithoutAQuestion();
    void quittingAsksAndKeeps();
    void quittingAsksAndThrowsAway();
    void aDraftIsAskedAboutToo();
    void withNothingInItTheWindowCloses();
    void whatCannotBeDoneIsNotOffered();

private:
    [[nodiscard]] WindowFixture& f() { return *m_fixture; }
    [[nodiscard]] ConversationModel& shown() { return *f().controller().conversation(); }
    [[nodiscard]] TemporaryBar& bar() { return *f().window().findChild<TemporaryBar*>(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(f().window().focusWidget(), key, modifiers);
    }
    void begin() { press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier); }
    void say(const QString& text);
    [[nodiscard]] QStringList menuOf(int row);

    std::unique_ptr<WindowFixture> m_fixture;
};

void TemporaryTest::init() {
    m_fixture = std::make_unique<WindowFixture>();
    QVERIFY(f().loadModel());
    f().window().chatPage()->composer()->focusText();
}

void TemporaryTest::say(const QString& text) {
    const int rows = shown().rowCount();
    QTest::keyClicks(f().window().focusWidget(), text);
    press(Qt::Key_Return);
    QTRY_COMPARE(shown().rowCount(), rows + 2);
    QTRY_VERIFY(!f().controller().isAnswering());
}

void TemporaryTest::isBegunSeenAndKeptByTheKeys() {
    QVERIFY(!bar().isVisible());
    begin();
    QVERIFY(bar().isVisible());
    QVERIFY(bar().accessibleName().contains("nothing of this is kept"));
    say("quagga");
    QVERIFY(filesWith(f().dataFolder(), "quagga").isEmpty());
    // The palette keeps it.
    press(Qt::Key_K, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), "keep this temporary");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_VERIFY(!shown().info().isTemporary);
    QVERIFY(!bar().isVisible());
    QVERIFY(f().window().toast()->note().startsWith("Kept"));
    QVERIFY(!filesWith(f().dataFolder(), "quagga").isEmpty());
    QCOMPARE(shown().rowCount(), 2);
}

void TemporaryTest::theButtonBesideNewConversation() {
    QAbstractButton* button = f().button("New temporary conversation");
    QVERIFY(button != nullptr);
    QVERIFY(button->toolTip().contains("Ctrl+Shift+N"));
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(shown().info().isTemporary);
    QTest::mouseClick(f().button("Keep this conversation"), Qt::LeftButton);
    QVERIFY(!shown().info().isTemporary);
    QVERIFY(!bar().isVisible());
}

void TemporaryTest::theListMarksIt() {
    QVERIFY(f().converse("Ordinary"));
    const ConversationId ordinary = shown().info().id;
    begin();
    say("Secret");
    const ConversationId secret = shown().info().id;
    const ConversationRows& rows = *f().window().list()->rows();
    QCOMPARE(rows.rowOf(secret), 0);
    QCOMPARE(rows.index(0).data(ConversationListModel::GroupRole).toString(), QString("Temporary"));
    QCOMPARE(rows.index(0).data(Qt::AccessibleTextRole).toString(), QString("Secret, temporary"));
    QVERIFY(!rows.flags(rows.index(0)).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(rows.flags(rows.index(1)).testFlag(Qt::ItemIsDragEnabled));
    // There and back by the keys.
    press(Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(shown().info().id, ordinary);
    QTRY_VERIFY(!f().controller().isConversationLoading());
    QVERIFY(!bar().isVisible());
    press(Qt::Key_K, Qt::ControlModifier);
    const QAbstractItemModel& found = *f().window().commandPalette()->list()->model();
    QVERIFY(!found.match(found.index(0, 0), Qt::DisplayRole, "Secret (temporary)", 1).isEmpty());
    f().window().commandPalette()->dismiss();
    press(Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(shown().info().id, secret);
    QCOMPARE(shown().rowCount(), 2);
    QVERIFY(bar().isVisible());
}

QStringList TemporaryTest::menuOf(int row) {
    QListView& view = *f().window().list()->view();
    view.setCurrentIndex(f().window().list()->rows()->index(row));
    emit view.customContextMenuRequested(QPoint(-1, -1));
    QStringList texts;
    QMenu* menu = f().window().list()->findChild<QMenu*>();
    if (menu == nullptr) return texts;
    for (const QAction* action : menu->actions()) {
        if (!action->isSeparator() && action->isEnabled())
            texts << action->text().section('\t', 0, 0);
    }
    menu->close();
    delete menu;
    return texts;
}

void TemporaryTest::itsMenuHasNoMore() {
    QVERIFY(f().converse("Ordinary"));
    begin();
    QCOMPARE(menuOf(0), QStringList({"Rename", "Keep", "Throw away"}));
    f().window().chatPage()->composer()->focusText();
    say("Secret");
    QCOMPARE(menuOf(0), QStringList({"Rename", "Keep", "Export…", "Throw away"}));
    QVERIFY(menuOf(1).contains("Duplicate"));
}

void TemporaryTest::throwingAwayIsAskedFirst() {
    begin();
    say("Secret");
    const ConversationId id = shown().info().id;
    f().window().run(WindowCommand::DeleteConversation);
    QVERIFY(f().window().banner()->sentence().contains("“Secret” is temporary"));
    QCOMPARE(shown().info().id, id);
    // The keys are in the question: the way that loses nothing comes first.
    auto* first = qobject_cast<QAbstractButton*>(QApplication::focusWidget());
    QVERIFY(first != nullptr);
    QCOMPARE(first->text(), QString("Keep"));
    press(Qt::Key_Tab);
    auto* second = qobject_cast<QAbstractButton*>(QApplication::focusWidget());
    QVERIFY(second != nullptr);
    QCOMPARE(second->text(), QString("Throw away"));
    press(Qt::Key_Return);
    QTRY_COMPARE(f().controller().conversations()->rowCount(), 0);
    QVERIFY(!shown().info().isTemporary);
    QVERIFY(f().window().banner()->sentence().isEmpty());
    QVERIFY(f().window().chatPage()->composer()->hasTextFocus());
}

void TemporaryTest::escLeavesEverythingAsItIs() {
    begin();
    say("Secret");
    QTest::mouseClick(f().button("Throw this conversation away"), Qt::LeftButton);
    QVERIFY(!f().window().banner()->sentence().isEmpty());
    press(Qt::Key_Escape);
    QVERIFY(f().window().banner()->sentence().isEmpty());
    QCOMPARE(shown().rowCount(), 2);
    QVERIFY(shown().info().isTemporary);
    QVERIFY(f().window().chatPage()->composer()->hasTextFocus());
}

void TemporaryTest::anEmptyOneGoesWithoutAQuestion() {
    begin();
    QTest::mouseClick(f().button("Throw this conversation away"), Qt::LeftButton);
    QVERIFY(f().window().banner()->sentence().isEmpty());
    QVERIFY(!shown().info().isTemporary);
    QCOMPARE(f().controller().conversations()->rowCount(), 0);
}

void TemporaryTest::quittingAsksAndKeeps() {
    begin();
    say("First");
    begin();
    say("Second");
    QVERIFY(f().converse("Ordinary"));
    QVERIFY(!f().window().close());
    QVERIFY(f().window().isVisible());
    QCOMPARE(f().window().banner()->sentence(),
             QString("2 temporary conversations would be lost."));
    QVERIFY(!f().window().close());  // nor the second time
    QTest::mouseClick(f().button("Keep and quit"), Qt::LeftButton);
    QTRY_VERIFY(!f().window().isVisible());
    QVERIFY(f().controller().temporaryConversations().empty());
    QVERIFY(!filesWith(f().dataFolder(), "Second").isEmpty());
}

void TemporaryTest::quittingAsksAndThrowsAway() {
    begin();
    say("quagga");
    QVERIFY(!f().window().close());
    QVERIFY(f().window().banner()->sentence().contains("“quagga” is temporary"));
    QTest::mouseClick(f().button("Throw away and quit"), Qt::LeftButton);
    QTRY_VERIFY(!f().window().isVisible());
    QVERIFY(filesWith(f().dataFolder(), "quagga").isEmpty());
}

void TemporaryTest::aDraftIsAskedAboutToo() {
    begin();
    QTest::keyClicks(f().window().focusWidget(), "quagga");
    QVERIFY(!f().window().close());
    QVERIFY(f().window().isVisible());
    QVERIFY(filesWith(f().dataFolder(), "quagga").isEmpty());
    QTest::mouseClick(f().button("Keep and quit"), Qt::LeftButton);
    QTRY_VERIFY(!f().window().isVisible());
    QVERIFY(!filesWith(f().dataFolder(), "quagga").isEmpty());
}

void TemporaryTest::withNothingInItTheWindowCloses() {
    begin();
    QVERIFY(f().window().close());
}

void TemporaryTest::whatCannotBeDoneIsNotOffered() {
    using Command = WindowCommand;
    MainWindow& window = f().window();
    QVERIFY(!window.canRun(Command::KeepConversation));
    begin();
    QVERIFY(window.canRun(Command::KeepConversation));
    QVERIFY(!window.canRun(Command::ExportConversation));
    say("Secret");
    for (const Command command :
         {Command::PinConversation, Command::DuplicateConversation, Command::PrintConversation})
        QVERIFY(!window.canRun(command));
    for (const Command command :
         {Command::ExportConversation, Command::RenameConversation, Command::DeleteConversation})
        QVERIFY(window.canRun(command));
}

QTEST_MAIN(TemporaryTest)
#include "tst_temporary.moc"
