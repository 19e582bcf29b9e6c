#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/find_bar.h"
#include "app/ui/search_field.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kAnswers = R"([
    {"when": "rivers", "steps": [{"thinking": "Which rivers are long?"},
        {"text": "The **Dan**ube flows into the Black Sea, the Rhine into the North Sea."}]},
    {"when": "story", "steps": [{"text": "A sea, "}, {"hold": true}]},
    {"when": "cooking", "steps": [{"text": "Boil the potatoes first."}]}])";

struct Finding {
    Finding() : fixture(kAnswers) {
        QVERIFY(fixture.loadModel() && fixture.converse("About rivers"));
    }
    FindBar& bar() { return *fixture.window().chatPage()->findBar(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : &fixture.window(), key, modifiers);
    }
    void find(const QString& text) {
        press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(bar().field(), text);
    }

    WindowFixture fixture;
};

}  // namespace

/// Ctrl+F, and a hit of the search through all conversations.
class FindBarTest : public QObject {
    Q_OBJECT

private slots:
    void keysFindAndStep();
    void escapeEndsItAndTheNextOneTakesTheWordsAgain();
    void escapeElsewhereStopsBeforeItEndsFinding();
    void beginsWithWhatIsSelected();
    void saysHowManyThereAre();
    void isOnTheChatPage();
    void anotherConversationEndsIt();
    void aHitOfTheSearchOpensAtItsWords();
    void standsAtTheRightOfTheColumn_data();
    void standsAtTheRightOfTheColumn();
    void tabReachesItsButtons();
};

void FindBarTest::keysFindAndStep() {
    Finding finding;
    finding.find("sea");
    FindBar& bar = finding.bar();
    QVERIFY(bar.isVisible() && bar.field()->hasFocus());
    QCOMPARE(bar.countText(), QString("1 of 2"));
    finding.press(Qt::Key_Return);
    QCOMPARE(bar.countText(), QString("2 of 2"));
    finding.press(Qt::Key_Return);
    QCOMPARE(bar.countText(), QString("1 of 2"));
    finding.press(Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(bar.countText(), QString("2 of 2"));
    finding.press(Qt::Key_F3);
    QCOMPARE(bar.countText(), QString("1 of 2"));
    finding.press(Qt::Key_F3, Qt::ShiftModifier);
    QCOMPARE(bar.countText(), QString("2 of 2"));
    finding.fixture.button("Next place")->click();
    QCOMPARE(bar.countText(), QString("1 of 2"));
    finding.fixture.button("Previous place")->click();
    QCOMPARE(bar.countText(), QString("2 of 2"));
    bar.field()->setText("danube");  // across formatting
    QCOMPARE(bar.countText(), QString("1 of 1"));
    // From the message field, too.
    finding.fixture.window().chatPage()->composer()->focusText();
    finding.press(Qt::Key_F3);
    QCOMPARE(bar.countText(), QString("1 of 1"));
    QVERIFY(finding.fixture.window().chatPage()->composer()->text().isEmpty());
}

void FindBarTest::escapeEndsItAndTheNextOneTakesTheWordsAgain() {
    Finding finding;
    finding.find("sea");
    finding.press(Qt::Key_Escape);
    FindBar& bar = finding.bar();
    QVERIFY(!bar.isVisible());
    QVERIFY(finding.fixture.window().chatPage()->composer()->hasTextFocus());
    QVERIFY(!finding.fixture.window().chatPage()->transcript()->finder()->isActive());
    finding.press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(bar.field()->selectedText(), QString("sea"));
    QCOMPARE(bar.countText(), QString("1 of 2"));
    finding.fixture.button("End finding")->click();
    QVERIFY(!bar.isVisible());
    finding.press(Qt::Key_F3);  // opens it, at the first place
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.countText(), QString("1 of 2"));
}

void FindBarTest::escapeElsewhereStopsBeforeItEndsFinding() {
    Finding finding;
    finding.fixture.controller().send("Tell a story");
    QTRY_VERIFY(finding.fixture.controller().isAnswering());
    QTRY_COMPARE(finding.fixture.controller().conversation()->rowCount(), 4);
    finding.find("sea");
    QTRY_COMPARE(finding.bar().countText(), QString("1 of 3"));  // what is being written counts
    finding.fixture.window().chatPage()->composer()->focusText();
    finding.press(Qt::Key_Escape);
    QTRY_VERIFY(!finding.fixture.controller().isAnswering());
    QVERIFY(finding.bar().isVisible());
    finding.press(Qt::Key_Escape);
    QVERIFY(!finding.bar().isVisible());
}

void FindBarTest::beginsWithWhatIsSelected() {
    Finding finding;
    TranscriptView& transcript = *finding.fixture.window().chatPage()->transcript();
    const QRect row = transcript.rowRect(1);
    // A word of the last line.
    QTest::mouseDClick(transcript.viewport(), Qt::LeftButton, {},
                       QPoint(row.left() + 14, row.bottom() - 8));
    const QString selected = transcript.selectedText().trimmed();
    QVERIFY(!selected.isEmpty());
    finding.press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(finding.bar().field()->text(), selected);
    // Which word that is, and which of its places comes first, depends on where lines break.
    QVERIFY2(QRegularExpression("^[1-9] of [1-9]$").match(finding.bar().countText()).hasMatch(),
             qPrintable(selected + ": " + finding.bar().countText()));
    // Everything is no word to look for.
    transcript.selectAll();
    finding.press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(finding.bar().field()->text(), selected);
}

void FindBarTest::saysHowManyThereAre() {
    Finding finding;
    finding.find("rivers");  // in the question, and in thinking that is folded
    FindBar& bar = finding.bar();
    QCOMPARE(bar.countText(), QString("1 of 2"));
    QCOMPARE(bar.field()->accessibleDescription(), QString("1 of 2"));
    QVERIFY(finding.fixture.button("Next place")->isEnabled());
    bar.field()->setText("zebra");
    QCOMPARE(bar.field()->accessibleDescription(), QString("Nothing found"));
    QVERIFY(!finding.fixture.button("Next place")->isEnabled());
    finding.press(Qt::Key_Return);
    bar.field()->setText("  ");
    QCOMPARE(bar.countText(), QString());
}

void FindBarTest::isOnTheChatPage() {
    Finding finding;
    finding.fixture.window().showSettings();
    finding.press(Qt::Key_F, Qt::ControlModifier);
    QVERIFY(finding.fixture.window().chatPage()->isVisible());
    QVERIFY(finding.bar().field()->hasFocus());
    QTest::keyClicks(finding.bar().field(), "x");  // typing is not for the message field now
    QVERIFY(finding.fixture.window().chatPage()->composer()->text().isEmpty());
}

void FindBarTest::anotherConversationEndsIt() {
    Finding finding;
    finding.find("sea");
    QVERIFY(finding.fixture.converse("About cooking"));
    QVERIFY(!finding.bar().isVisible());
    QVERIFY(!finding.fixture.window().chatPage()->transcript()->finder()->isActive());
}

void FindBarTest::aHitOfTheSearchOpensAtItsWords() {
    Finding finding;
    QVERIFY(finding.fixture.converse("About cooking"));
    auto* list = finding.fixture.window().list();
    auto* search = list->findChild<SearchField*>();
    search->setFocus();
    QTest::keyClicks(search, "rhine black");
    QTRY_COMPARE(list->view()->model()->rowCount(), 1);
    emit list->view()->clicked(list->view()->model()->index(0, 0));
    FindBar& bar = finding.bar();
    QTRY_VERIFY(bar.isVisible());
    QCOMPARE(bar.field()->text(), QString("rhine black"));
    QTRY_COMPARE(bar.countText(), QString("1 of 2"));  // each word for itself
    QVERIFY(!bar.field()->hasFocus());
    finding.press(Qt::Key_F3);
    QCOMPARE(bar.countText(), QString("2 of 2"));
    QTest::keyClicks(finding.fixture.window().focusWidget(), "a");
    QCOMPARE(finding.fixture.window().chatPage()->composer()->text(), QString("a"));
    finding.press(Qt::Key_Escape);
    QVERIFY(!bar.isVisible());
}

void FindBarTest::standsAtTheRightOfTheColumn_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("scale");
    QTest::newRow("usual") << QSize(1280, 820) << 1.0;
    QTest::newRow("wide, small text") << QSize(1900, 820) << 0.8;
    QTest::newRow("small") << QSize(720, 480) << 1.0;
    QTest::newRow("small, large text") << QSize(720, 480) << 2.0;
}

void FindBarTest::standsAtTheRightOfTheColumn() {
    QFETCH(QSize, size);
    QFETCH(double, scale);
    Finding finding;
    finding.fixture.controller().setSetting("fontScale", scale);
    finding.find("sea");
    finding.fixture.window().resize(size);
    const TranscriptView& transcript = *finding.fixture.window().chatPage()->transcript();
    const auto edge = [&] {
        return transcript
            .mapFrom(finding.fixture.window().chatPage(), finding.bar().geometry().topRight())
            .x();
    };
    QTRY_COMPARE(edge(), std::max(transcript.columnRect().right(), finding.bar().width() + 7));
    QVERIFY(finding.bar().x() >= 0);
    QVERIFY2(finding.bar().field()->width() >= 60,
             qPrintable(QString::number(finding.bar().field()->width())));
    QVERIFY(finding.bar().width() >= finding.bar().minimumSizeHint().width());
}

void FindBarTest::tabReachesItsButtons() {
    Finding finding;
    finding.find("sea");
    QStringList reached;
    for (int i = 0; i < 3; ++i) {
        finding.press(Qt::Key_Tab);
        reached << QApplication::focusWidget()->accessibleName();
    }
    QCOMPARE(reached, QStringList({"Previous place", "Next place", "End finding"}));
}

QTEST_MAIN(FindBarTest)
#include "tst_find_bar.moc"
