#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/header_bar.h"
#include "app/ui/title_field.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDropEvent>
#include <QJsonArray>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

/// Folders in the list of the whole window: menus, keys, the pointer, and Undo.
class FoldersTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_fixture.reset(); }
    void aNewFolderIsNamedWhereItStands();
    void movesByTheMenuAndBackByUndo();
    void keysFoldAndRename();
    void renamingOntoAnotherSaysSo();
    void deletingAFolderKeepsItsConversations();
    void dropsOntoAFolder();
    void aNewConversationInAFolder();
    void whatIsFoldedIsRemembered();
    void aFoldedFolderShowsWhereOneIs();
    void theMenuOfAnAmpersandIsNoKey();
    void movesOneThatIsBeingOpened();
    void fiveThousandAreLaidOutQuickly();

private:
    [[nodiscard]] WindowFixture& f() { return *m_fixture; }
    [[nodiscard]] ConversationList& list() { return *f().window().list(); }
    [[nodiscard]] QListView& view() { return *list().view(); }
    [[nodiscard]] ConversationId id(const QString& title);
    [[nodiscard]] QString folderOf(const QString& title);
    [[nodiscard]] QStringList shown();
    [[nodiscard]] QModelIndex row(const QString& text);
    /// The open menu of the row with this text, at the entry of that path.
    void choose(const QString& text, const QStringList& path);
    void typeName(const QString& name);
    void undo() { QTest::mouseClick(f().button("Undo"), Qt::LeftButton); }

    std::unique_ptr<WindowFixture> m_fixture;
};

void FoldersTest::init() {
    m_fixture = std::make_unique<WindowFixture>();
    QVERIFY(f().loadModel());
    for (const char* title : {"Apples", "Pears", "Plums"}) QVERIFY(f().converse(title));
}

ConversationId FoldersTest::id(const QString& title) {
    const ConversationListModel& model = *f().controller().conversations();
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row).data().toString() == title) return model.at(row).id;
    }
    return 0;
}

QString FoldersTest::folderOf(const QString& title) {
    const ConversationListModel& model = *f().controller().conversations();
    return model.at(model.rowOf(id(title))).folder;
}

QStringList FoldersTest::shown() {
    QStringList shown;
    for (int row = 0; row < view().model()->rowCount(); ++row)
        shown << view().model()->index(row, 0).data().toString();
    return shown;
}

QModelIndex FoldersTest::row(const QString& text) {
    return view().model()->index(static_cast<int>(shown().indexOf(text)), 0);
}

void FoldersTest::choose(const QString& text, const QStringList& path) {
    view().setCurrentIndex(row(text));
    emit view().customContextMenuRequested(view().visualRect(row(text)).center());
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QMenu* open = menu;
    for (const QString& name : path) {
        QAction* found = nullptr;
        for (QAction* action : open->actions()) {
            if (action->text().section('\t', 0, 0) == name) found = action;
        }
        QVERIFY2(found, qPrintable(name));
        QVERIFY(found->isEnabled());
        if (found->menu() != nullptr)
            open = found->menu();
        else
            found->trigger();
    }
    menu->close();
}

void FoldersTest::typeName(const QString& name) {
    QTRY_VERIFY(view().viewport()->findChild<QLineEdit*>() != nullptr);
    auto* editor = view().viewport()->findChild<QLineEdit*>();
    editor->selectAll();
    QTest::keyClicks(editor, name);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY(view().viewport()->findChild<QLineEdit*>() == nullptr);
    QCoreApplication::processEvents();
}

void FoldersTest::aNewFolderIsNamedWhereItStands() {
    choose("Pears", {"Move to folder", "New folder…"});
    QCOMPARE(folderOf("Pears"), QString("New folder"));
    QTRY_VERIFY(view().viewport()->findChild<QLineEdit*>() != nullptr);
    QCOMPARE(view().viewport()->findChild<QLineEdit*>()->accessibleName(),
             QString("Name of the folder"));
    typeName("Fruit");
    QCOMPARE(folderOf("Pears"), QString("Fruit"));
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Plums", "Apples"}));
    QVERIFY(!f().window().grab().isNull());
}

void FoldersTest::movesByTheMenuAndBackByUndo() {
    f().controller().moveToFolder(id("Pears"), "Fruit");
    choose("Plums", {"Move to folder", "Fruit"});
    QCOMPARE(folderOf("Plums"), QString("Fruit"));
    QCOMPARE(f().controller().conversation()->info().folder, QString("Fruit"));  // the shown one
    QCOMPARE(f().window().toast()->note(), QString("Moved to “Fruit”"));
    undo();
    QCOMPARE(folderOf("Plums"), QString());
    QCOMPARE(f().controller().conversation()->info().folder, QString());
    choose("Pears", {"Move to folder", "Out of the folder"});
    QCOMPARE(f().window().toast()->note(), QString("Moved out of “Fruit”"));
    QCOMPARE(shown(), QStringList({"Plums", "Pears", "Apples"}));
}

void FoldersTest::keysFoldAndRename() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}, {id("Apples"), "Fruit"}});
    view().setFocus();
    view().setCurrentIndex(row("Apples"));
    QTest::keyClick(&view(), Qt::Key_Left);
    QCOMPARE(view().currentIndex().data().toString(), QString("Fruit"));
    QTest::keyClick(&view(), Qt::Key_Left);
    QCOMPARE(shown(), QStringList({"Fruit", "Plums"}));
    QCOMPARE(view().currentIndex().data().toString(), QString("Fruit"));
    QTest::keyClick(&view(), Qt::Key_Right);
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Apples", "Plums"}));
    QTest::keyClick(&view(), Qt::Key_Right);
    QCOMPARE(view().currentIndex().data().toString(), QString("Pears"));
    QTest::keyClick(&view(), Qt::Key_Left);
    QTest::keyClick(&view(), Qt::Key_Return);
    QCOMPARE(shown(), QStringList({"Fruit", "Plums"}));
    QTest::keyClick(&view(), Qt::Key_F2);
    typeName("Stone & pome");
    QCOMPARE(folderOf("Apples"), QString("Stone & pome"));
    QCOMPARE(view().currentIndex().data().toString(), QString("Stone & pome"));
    QCOMPARE(shown(), QStringList({"Stone & pome", "Plums"}));  // folded as it was
    QTest::mouseClick(view().viewport(), Qt::LeftButton, {},
                      view().visualRect(row("Stone & pome")).bottomLeft() + QPoint(20, -8));
    QCOMPARE(shown().size(), 4);
}

void FoldersTest::renamingOntoAnotherSaysSo() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}, {id("Apples"), "Food"}});
    view().setFocus();
    view().setCurrentIndex(row("Food"));
    QTest::keyClick(&view(), Qt::Key_F2);
    typeName("Fruit");
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Apples", "Plums"}));
    QCOMPARE(f().window().toast()->note(),
             QString("“Fruit” was there already: “Food” is part of it now"));
    undo();
    QCOMPARE(folderOf("Apples"), QString("Food"));
    QCOMPARE(folderOf("Pears"), QString("Fruit"));
}

void FoldersTest::deletingAFolderKeepsItsConversations() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}, {id("Apples"), "Fruit"}});
    choose("Fruit", {"Delete folder, keep conversations"});
    QCOMPARE(shown(), QStringList({"Plums", "Pears", "Apples"}));
    QCOMPARE(f().window().toast()->note(),
             QString("Deleted the folder “Fruit”, kept its 2 conversations"));
    undo();
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Apples", "Plums"}));
}

void FoldersTest::dropsOntoAFolder() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}});
    const std::unique_ptr<QMimeData> data(view().model()->mimeData({row("Apples")}));
    const auto drop = [&](const QPoint& at) {
        QDragEnterEvent enter(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
        QApplication::sendEvent(view().viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDragMoveEvent move(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
        QApplication::sendEvent(view().viewport(), &move);
        QVERIFY(move.isAccepted());
        QDropEvent dropped(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
        QApplication::sendEvent(view().viewport(), &dropped);
    };
    drop(view().visualRect(row("Pears")).center());
    QCOMPARE(folderOf("Apples"), QString("Fruit"));
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Apples", "Plums"}));
    drop(QPoint(40, view().viewport()->height() - 4));  // below all rows: out of it
    QCOMPARE(folderOf("Apples"), QString());
    undo();
    QCOMPARE(folderOf("Apples"), QString("Fruit"));
}

void FoldersTest::aNewConversationInAFolder() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}});
    choose("Fruit", {"New conversation here"});
    auto* title = f().window().header()->findChild<TitleField*>();
    QTRY_COMPARE(title->text(), QString("New conversation in Fruit"));
    f().controller().send("Cherries");
    QTRY_COMPARE(f().controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!f().controller().isAnswering());
    QCOMPARE(folderOf("Cherries"), QString("Fruit"));
    // The usual way makes one in no folder, also where one in a folder had just been begun.
    choose("Fruit", {"New conversation here"});
    f().controller().newConversation();
    QTRY_COMPARE(title->text(), QString("New conversation"));
    QCOMPARE(f().controller().conversation()->info().folder, QString());
}

void FoldersTest::whatIsFoldedIsRemembered() {
    f().controller().placeInFolders({{id("Pears"), "Fruit"}, {id("Apples"), "Food"}});
    choose("Fruit", {"Fold"});
    QCOMPARE(f().controller().setting("foldedFolders").toArray(), QJsonArray({"Fruit"}));
    list().setFolded({});
    QCOMPARE(shown().size(), 5);
    f().controller().setSetting("foldedFolders", QJsonArray({"Fruit", "gone", 7}));
    f().window().restore();
    QCOMPARE(list().folded(), QSet<QString>({"Fruit"}));
    QCOMPARE(shown(), QStringList({"Food", "Apples", "Fruit", "Plums"}));
    choose("Fruit", {"Unfold"});
    QCOMPARE(f().controller().setting("foldedFolders").toArray(), QJsonArray());
}

/// The shown conversation may be out of sight: its folder stands for it, and Ctrl+Tab goes on from
/// what is in sight.
void FoldersTest::aFoldedFolderShowsWhereOneIs() {
    f().controller().placeInFolders({{id("Plums"), "Fruit"}});
    list().setFolded({"Fruit"});
    QCOMPARE(shown(), QStringList({"Fruit", "Pears", "Apples"}));
    QCOMPARE(view().currentIndex().data().toString(), QString("Fruit"));
    QTest::keyClick(&f().window(), Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(f().controller().conversation()->info().id, id("Pears"));
    QTest::keyClick(&f().window(), Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(f().controller().conversation()->info().id, id("Apples"));
    QTest::keyClick(&f().window(), Qt::Key_Tab, Qt::ControlModifier);  // over the folder's row
    QCOMPARE(f().controller().conversation()->info().id, id("Pears"));
}

void FoldersTest::theMenuOfAnAmpersandIsNoKey() {
    f().controller().placeInFolders({{id("Pears"), QString("R&D %1x").arg(QChar(0x202e))}});
    choose("Apples", {"Move to folder", "R&&D [U+202E]x"});
    QCOMPARE(f().controller().folders().size(), 1);
    QCOMPARE(folderOf("Apples"), folderOf("Pears"));
}

void FoldersTest::movesOneThatIsBeingOpened() {
    ChatController& controller = f().controller();
    const MessageId first = controller.conversation()->messageAt(1).id;
    controller.regenerate(first);
    QTRY_VERIFY(!controller.isAnswering());
    controller.showVersion(controller.conversation()->messageAt(1).id, 0);
    QCOMPARE(controller.conversation()->messageAt(1).id, first);
    const ConversationId plums = controller.conversation()->info().id;
    controller.openConversation(id("Pears"));
    QTRY_VERIFY(!controller.isConversationLoading());
    // From the disk, unless the answer's turn is not over yet and has it.
    controller.openConversation(plums);
    controller.moveToFolder(plums, "Fruit");
    QTRY_VERIFY(!controller.isConversationLoading());
    QCOMPARE(controller.conversation()->info().folder, QString("Fruit"));
    QCOMPARE(controller.conversation()->messageAt(1).id, first);  // on its branch
}

/// Also while an answer is written, which changes the list several times a second.
void FoldersTest::fiveThousandAreLaidOutQuickly() {
    std::vector<ConversationInfo> all;
    for (int i = 1; i <= 5000; ++i) {
        ConversationInfo info;
        info.id = 1000 + i;
        info.title = QString("Conversation %1").arg(i);
        info.updatedAt = QDateTime::currentDateTime().addDays(-(i % 700));
        if (i % 3 == 0) info.folder = QString("Folder %1").arg(i % 99);
        all.push_back(info);
    }
    f().controller().conversations()->setConversations(all);
    view().doItemsLayout();
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 10; ++i) {
        f().controller().conversations()->put(all[static_cast<std::size_t>(i) * 7]);
        QCoreApplication::processEvents();
        view().doItemsLayout();
    }
    const double once = static_cast<double>(timer.nsecsElapsed()) / 1e7;
    qInfo("a change among 5,000 is laid out in %.1f ms", once);
    QVERIFY(once < 150);
}

QTEST_MAIN(FoldersTest)
#include "tst_folders.moc"
