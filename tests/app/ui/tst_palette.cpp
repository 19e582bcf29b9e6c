#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/chat/message_finder.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/find_bar.h"
#include "app/ui/palette.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kRivers = R"([
    {"when": "rivers", "steps": [{"text": "The Danube flows into the Black Sea."}]},
    {"when": "cooking", "steps": [{"text": "Boil the potatoes first."}]},
    {"when": "travel", "steps": [{"text": "Along the Danube, by bicycle."}]}])";

QStringList titles(const QAbstractItemModel& rows, const QString& group = {}) {
    QStringList shown;
    for (int row = 0; row < rows.rowCount(); ++row) {
        const QModelIndex index = rows.index(row, 0);
        if (group.isEmpty() || index.data(PaletteModel::GroupRole) == group)
            shown << index.data().toString();
    }
    return shown;
}

}  // namespace

/// One field for commands and conversations.
class PaletteTest : public QObject {
    Q_OBJECT

private slots:
    void findsCommandsByBeginningsOfWords_data();
    void findsCommandsByBeginningsOfWords();
    void findsTitlesByPartsOfThem();
    void messagesStandBehindAllOthers();
    void keysOpenMoveAndRun();
    void escapeGivesTheFocusBack();
    void aClickElsewhereCloses();
    void remembersNothing();
    void opensConversations();
    void opensAMessageAtItsWords();
    void switchesThePersona();
    void leavesTheListsSearchAlone();
    void isReadToAScreenReader();
    void fitsAnyWindow_data();
    void fitsAnyWindow();

private:
    static Palette& opened(WindowFixture& fixture) {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : &fixture.window(), Qt::Key_K, Qt::ControlModifier);
        return *fixture.window().commandPalette();
    }
};

void PaletteTest::findsCommandsByBeginningsOfWords_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("a beginning") << "set" << QStringList{"Settings"};
    QTest::newRow("the name's beginning before another word's")
        << "t" << QStringList{"Theme: dark", "Theme: light", "Larger text"};
    QTest::newRow("words in any order") << "dark th" << QStringList{"Theme: dark"};
    QTest::newRow("capitals") << "THEME" << QStringList{"Theme: dark", "Theme: light"};
    QTest::newRow("no middle of a word") << "ext" << QStringList{};
    QTest::newRow("other words") << "zoom" << QStringList{"Larger text"};
    QTest::newRow("other words come last")
        << "l" << QStringList{"Larger text", "Theme: light", "Settings"};
    QTest::newRow("every word counts") << "theme settings" << QStringList{};
    QTest::newRow("signs alone") << "::" << QStringList{};
    QTest::newRow("nothing typed")
        << " " << QStringList{"Settings", "Theme: dark", "Theme: light", "Larger text"};
}

void PaletteTest::findsCommandsByBeginningsOfWords() {
    QFETCH(QString, query);
    QFETCH(QStringList, found);
    PaletteModel model;
    const QAbstractItemModelTester tester(&model);
    model.setEntries(
        {{"Settings", "limits"}, {"Theme: dark"}, {"Theme: light"}, {"Larger text", "zoom"}}, {});
    model.setQuery(query);
    QCOMPARE(titles(model), found);
}

void PaletteTest::findsTitlesByPartsOfThem() {
    PaletteModel model;
    const QAbstractItemModelTester tester(&model);
    std::vector<PaletteEntry> conversations;
    for (int i = 0; i < 40; ++i) conversations.push_back({QString("Trip %1").arg(i)});
    conversations.push_back({u"Gläser für Zürich"_qs});
    model.setEntries({{"Settings"}}, conversations);
    QCOMPARE(titles(model, "Recent conversations").size(), 6);
    QCOMPARE(titles(model, "Recent conversations").first(), QString("Trip 0"));
    model.setQuery("rich laser");
    QCOMPARE(titles(model), QStringList(u"Gläser für Zürich"_qs));
    model.setQuery("trip");
    QCOMPARE(titles(model, "Conversations").size(), 20);
    model.setQuery("3 trip");
    QCOMPARE(titles(model).first(), QString("Trip 3"));
}

void PaletteTest::messagesStandBehindAllOthers() {
    PaletteModel model;
    const QAbstractItemModelTester tester(&model);
    model.setEntries({{"Settings"}}, {{"Set up the router"}});
    model.setQuery("set");
    PaletteEntry message;
    message.title = "Another";
    message.line = "It is set.";
    model.setMessages({message});
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setMessages({message, message});
    QCOMPARE(inserted.count(), 1);  // what was there stays where it is
    QCOMPARE(titles(model), QStringList({"Settings", "Set up the router", "Another", "Another"}));
    QCOMPARE(titles(model, "In what was said").size(), 2);
    model.setQuery("sett");
    QCOMPARE(titles(model), QStringList("Settings"));
}

void PaletteTest::keysOpenMoveAndRun() {
    WindowFixture fixture;
    Palette& palette = opened(fixture);
    QVERIFY(palette.isVisible() && palette.field()->hasFocus());
    QCOMPARE(palette.list()->currentIndex().row(), 0);
    QTest::keyClick(palette.field(), Qt::Key_Up);
    QCOMPARE(palette.list()->currentIndex().row(), 0);
    QTest::keyClick(palette.field(), Qt::Key_Down);
    QTest::keyClick(palette.field(), Qt::Key_Tab);
    QCOMPARE(palette.list()->currentIndex().row(), 2);
    QTest::keyClick(palette.field(), Qt::Key_PageDown);
    QTest::keyClick(palette.field(), Qt::Key_Backtab);
    QCOMPARE(palette.list()->currentIndex().row(), 9);
    QTest::keyClicks(palette.field(), "pers");
    QCOMPARE(palette.list()->currentIndex().row(), 0);
    QCOMPARE(palette.list()->currentIndex().data().toString(), QString("Persona and parameters"));
    QTest::keyClick(palette.field(), Qt::Key_Backspace);
    palette.field()->setText("settings");
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QVERIFY(!palette.isVisible());
    QVERIFY(!fixture.window().chatPage()->isVisible());
    // The same key again closes it.
    opened(fixture);
    QVERIFY(palette.isVisible());
    opened(fixture);
    QVERIFY(!palette.isVisible());
    // Nothing is found: Enter does nothing.
    opened(fixture);
    palette.field()->setText("xyzzy");
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QVERIFY(palette.isVisible());
}

void PaletteTest::escapeGivesTheFocusBack() {
    WindowFixture fixture;
    Composer* composer = fixture.window().chatPage()->composer();
    composer->focusText();
    composer->insertTyped("A draft");
    Palette& palette = opened(fixture);
    QTest::keyClicks(palette.field(), "x");
    QTest::keyClick(palette.field(), Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
    QVERIFY(composer->hasTextFocus());
    QCOMPARE(composer->text(), QString("A draft"));
}

void PaletteTest::aClickElsewhereCloses() {
    WindowFixture fixture;
    Palette& palette = opened(fixture);
    QTest::mouseClick(palette.field(), Qt::LeftButton);
    QVERIFY(palette.isVisible());
    QTest::mouseClick(fixture.window().chatPage(), Qt::LeftButton);
    QVERIFY(!palette.isVisible());
    opened(fixture);
    fixture.window().chatPage()->composer()->focusText();
    QVERIFY(!palette.isVisible());
}

void PaletteTest::remembersNothing() {
    WindowFixture fixture;
    Palette& palette = opened(fixture);
    const int all = palette.list()->model()->rowCount();
    palette.field()->setText("settings");
    QTest::keyClick(palette.field(), Qt::Key_Return);
    opened(fixture);
    QVERIFY(palette.field()->text().isEmpty());
    QCOMPARE(palette.list()->model()->rowCount(), all);
    QCOMPARE(palette.list()->currentIndex().row(), 0);
}

void PaletteTest::opensConversations() {
    WindowFixture fixture(kRivers);
    QVERIFY(fixture.loadModel() && fixture.converse("About rivers"));
    QVERIFY(fixture.converse("About cooking") && fixture.converse("About travel"));
    Palette& palette = opened(fixture);
    // The one before comes first, and the shown one is not offered.
    QCOMPARE(titles(*palette.list()->model(), "Recent conversations"),
             QStringList({"About cooking", "About rivers"}));
    QTest::keyClicks(palette.field(), "rivers");
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QTRY_COMPARE(fixture.controller().conversation()->info().preview, QString("About rivers"));
    QVERIFY(fixture.window().chatPage()->composer()->hasTextFocus());
}

void PaletteTest::opensAMessageAtItsWords() {
    WindowFixture fixture(kRivers);
    QVERIFY(fixture.loadModel() && fixture.converse("About rivers"));
    QVERIFY(fixture.converse("About travel") && fixture.converse("About cooking"));
    Palette& palette = opened(fixture);
    QTest::keyClicks(palette.field(), "danube");
    const QAbstractItemModel& rows = *palette.list()->model();
    QTRY_COMPARE(rows.rowCount(), 2);
    QCOMPARE(titles(rows, "In what was said"), QStringList({"About travel", "About rivers"}));
    QTest::keyClick(palette.field(), Qt::Key_Down);
    QTest::keyClick(palette.field(), Qt::Key_Return);
    FindBar& bar = *fixture.window().chatPage()->findBar();
    QTRY_VERIFY(bar.isVisible());
    QCOMPARE(fixture.controller().conversation()->info().preview, QString("About rivers"));
    QTRY_COMPARE(bar.countText(), QString("1 of 1"));
    QCOMPARE(bar.field()->text(), QString("danube"));
}

void PaletteTest::switchesThePersona() {
    WindowFixture fixture;
    Palette& palette = opened(fixture);
    QTest::keyClicks(palette.field(), "switch rob");
    QCOMPARE(titles(*palette.list()->model()), QStringList("Persona: Robin"));
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QTRY_COMPARE(fixture.controller().persona().name, QString("Robin"));
}

void PaletteTest::leavesTheListsSearchAlone() {
    WindowFixture fixture(kRivers);
    QVERIFY(fixture.loadModel() && fixture.converse("About rivers"));
    QVERIFY(fixture.converse("About cooking"));
    QSignalSpy changed(fixture.controller().finder(), &MessageFinder::changed);
    Palette& palette = opened(fixture);
    QTest::keyClicks(palette.field(), "danube");
    QTRY_COMPARE(palette.list()->model()->rowCount(), 1);
    QCOMPARE(changed.count(), 0);
}

void PaletteTest::isReadToAScreenReader() {
    WindowFixture fixture;
    Palette& palette = opened(fixture);
    QVERIFY(!palette.field()->accessibleName().isEmpty());
    QCOMPARE(palette.field()->accessibleDescription(),
             QString("New conversation, Ctrl+N, Commands"));
    QTest::keyClicks(palette.field(), "settings");
    QCOMPARE(palette.field()->accessibleDescription(), QString("Settings, Ctrl+,, Commands"));
    QTest::keyClicks(palette.field(), "x");
    QTRY_COMPARE(palette.field()->accessibleDescription(), QString("Nothing holds “settingsx”."));
    QCOMPARE(palette.findChild<QLabel*>()->text(), QString("Nothing holds “settingsx”."));
}

void PaletteTest::fitsAnyWindow_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("scale");
    QTest::newRow("usual") << QSize(1280, 820) << 1.0;
    QTest::newRow("small") << QSize(720, 480) << 0.8;
    QTest::newRow("small, large text") << QSize(720, 480) << 2.0;
}

void PaletteTest::fitsAnyWindow() {
    QFETCH(QSize, size);
    QFETCH(double, scale);
    WindowFixture fixture;
    fixture.controller().setSetting("fontScale", scale);
    fixture.window().resize(QSize(1000, 700));
    Palette& palette = opened(fixture);
    fixture.window().resize(size);  // while it is open
    QVERIFY(fixture.window().rect().contains(palette.geometry()));
    QVERIFY(palette.list()->height() > 100);
    const int all = palette.height();
    palette.field()->setText("settings");  // one row
    QVERIFY(palette.height() < all);
    QVERIFY(palette.list()->height() >= palette.list()->sizeHintForRow(0));
    QVERIFY(palette.list()->horizontalScrollBarPolicy() == Qt::ScrollBarAlwaysOff);
}

QTEST_MAIN(PaletteTest)
#include "tst_palette.moc"
