// The frame of the right panel: open, closed, remembered, beside the text or over it, by keyboard.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/panel/activity_page.h"
#include "app/panel/panel_host.h"
#include "app/panel/panel_tabs.h"
#include "app/panel/parameters_page.h"
#include "app/panel/prompt_page.h"
#include "app/panel/side_panel.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/personas_page.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QJsonObject>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

class SidePanelTest : public QObject {
    Q_OBJECT

private slots:
    void isClosedAtFirst();
    void controlJOpensAndCloses();
    void theHeaderHasAButton();
    void escapeGoesBackToTheComposer();
    void openTabAndWidthAreRemembered();
    void nonsenseInTheSettingsIsBounded();
    void arrowKeysChangeTabs();
    void arrowKeysChangeTheWidth();
    void liesOverTheTextWhereThereIsLittleRoom();
    void givesWayToOtherPages();
    void aMessageShowsItsPrompt();
    void theEditorOfThePersonaOpens();
};

namespace {

SidePanel& panelOf(WindowFixture& fixture) {
    return *fixture.window().panel();
}

void pressControlJ(WindowFixture& fixture) {
    QTest::keyClick(&fixture.window(), Qt::Key_J, Qt::ControlModifier);
}

}  // namespace

void SidePanelTest::isClosedAtFirst() {
    WindowFixture fixture;
    QVERIFY(!panelOf(fixture).isVisible());
    const QWidget* host = fixture.window().panelHost();
    QCOMPARE(fixture.window().chatPage()->width(), host->width());
}

void SidePanelTest::controlJOpensAndCloses() {
    WindowFixture fixture;
    pressControlJ(fixture);
    QVERIFY(panelOf(fixture).isVisible());
    QCOMPARE(panelOf(fixture).width(), SidePanel::kWidth);
    QVERIFY(panelOf(fixture).tabs()->hasFocus());
    QVERIFY(!panelOf(fixture).accessibleName().isEmpty());
    pressControlJ(fixture);
    QVERIFY(!panelOf(fixture).isVisible());
    QVERIFY(fixture.window().chatPage()->composer()->hasTextFocus());
}

void SidePanelTest::theHeaderHasAButton() {
    WindowFixture fixture;
    fixture.button("Show the panel")->click();
    QVERIFY(panelOf(fixture).isVisible());
    fixture.button("Hide the panel")->click();
    QVERIFY(!panelOf(fixture).isVisible());
}

void SidePanelTest::escapeGoesBackToTheComposer() {
    WindowFixture fixture;
    fixture.window().resize(1280, 820);
    pressControlJ(fixture);
    QTest::keyClick(panelOf(fixture).tabs(), Qt::Key_Escape);
    QVERIFY(panelOf(fixture).isVisible());
    QVERIFY(fixture.window().chatPage()->composer()->hasTextFocus());
}

void SidePanelTest::openTabAndWidthAreRemembered() {
    WindowFixture fixture;
    pressControlJ(fixture);
    panelOf(fixture).showTab(SidePanel::Tab::Persona);
    fixture.window().panelHost()->setPanelWidth(440);
    emit fixture.window().panelHost()->panelWidthChanged();
    const QJsonObject kept = fixture.controller().setting("panel").toObject();
    QCOMPARE(kept, (QJsonObject{{"open", true}, {"tab", "persona"}, {"width", 440}}));

    WindowFixture again;
    again.controller().setSetting("panel", kept);
    again.window().restore();
    QVERIFY(panelOf(again).isVisible());
    QCOMPARE(panelOf(again).tab(), SidePanel::Tab::Persona);
    QCOMPARE(panelOf(again).width(), 440);
    QCOMPARE(again.controller().setting("panel").toObject(), kept);  // for the time after that
}

void SidePanelTest::nonsenseInTheSettingsIsBounded() {
    WindowFixture fixture;
    fixture.controller().setSetting(
        "panel", QJsonObject{{"open", true}, {"tab", "nowhere"}, {"width", 9000}});
    fixture.window().restore();
    QCOMPARE(panelOf(fixture).width(), SidePanel::kWidest);
    QCOMPARE(panelOf(fixture).tab(), SidePanel::Tab::Activity);
    fixture.controller().setSetting("panel", QJsonObject{{"open", true}, {"width", -3}});
    fixture.window().restore();
    QCOMPARE(panelOf(fixture).width(), SidePanel::kNarrowest);
}

void SidePanelTest::arrowKeysChangeTabs() {
    WindowFixture fixture;
    pressControlJ(fixture);
    PanelTabs* tabs = panelOf(fixture).tabs();
    QVERIFY(panelOf(fixture).activity()->isVisible());
    QTest::keyClick(tabs, Qt::Key_Right);
    QVERIFY(panelOf(fixture).parameters()->isVisible());
    QTest::keyClick(tabs, Qt::Key_Right);
    QVERIFY(panelOf(fixture).prompt()->isVisible());
    QVERIFY(!tabs->accessibleName().isEmpty());
}

void SidePanelTest::arrowKeysChangeTheWidth() {
    WindowFixture fixture;
    pressControlJ(fixture);
    QWidget* edge = nullptr;
    for (QWidget* child : fixture.window().panelHost()->findChildren<QWidget*>()) {
        if (child->accessibleName().startsWith("Width of the panel")) edge = child;
    }
    QVERIFY(edge != nullptr);
    edge->setFocus();
    QTest::keyClick(edge, Qt::Key_Left);
    QCOMPARE(panelOf(fixture).width(), SidePanel::kWidth + 20);
    for (int i = 0; i < 20; ++i) QTest::keyClick(edge, Qt::Key_Right);
    QCOMPARE(panelOf(fixture).width(), SidePanel::kNarrowest);
    QCOMPARE(fixture.controller().setting("panel").toObject()["width"].toInt(),
             SidePanel::kNarrowest);
}

void SidePanelTest::liesOverTheTextWhereThereIsLittleRoom() {
    WindowFixture fixture;
    MainWindow& window = fixture.window();
    window.resize(1280, 820);
    pressControlJ(fixture);
    QVERIFY(!window.panelHost()->isOverlaid());
    QCOMPARE(window.chatPage()->width() + panelOf(fixture).width(), window.panelHost()->width());

    window.resize(window.minimumSize());
    QTRY_VERIFY(window.panelHost()->isOverlaid());
    QCOMPARE(window.chatPage()->width(), window.panelHost()->width());
    QCOMPARE(panelOf(fixture).geometry().right(), window.panelHost()->rect().right());
    // There it would be in the way of whoever goes on writing.
    panelOf(fixture).focusFirst();
    QTest::keyClick(panelOf(fixture).tabs(), Qt::Key_Escape);
    QVERIFY(!panelOf(fixture).isVisible());
    QVERIFY(window.chatPage()->composer()->hasTextFocus());
}

void SidePanelTest::givesWayToOtherPages() {
    WindowFixture fixture;
    pressControlJ(fixture);
    fixture.window().showSettings();
    QVERIFY(!panelOf(fixture).isVisible());
    fixture.window().showChat();
    QVERIFY(panelOf(fixture).isVisible());
    fixture.window().showSettings();
    pressControlJ(fixture);  // closes what is out of sight
    fixture.window().showSettings();
    pressControlJ(fixture);  // and back to the conversation with it
    QVERIFY(panelOf(fixture).isVisible());
    QVERIFY(fixture.window().chatPage()->isVisible());
}

void SidePanelTest::aMessageShowsItsPrompt() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("One"));
    TranscriptView* transcript = fixture.window().chatPage()->transcript();
    QVERIFY(!transcript->offerOf(0).canShowPrompt);
    QVERIFY(transcript->offerOf(1).canShowPrompt);
    transcript->act(1, MessageActions::Action::Prompt);
    QVERIFY(panelOf(fixture).isVisible());
    QCOMPARE(panelOf(fixture).tab(), SidePanel::Tab::Prompt);
}

void SidePanelTest::theEditorOfThePersonaOpens() {
    WindowFixture fixture;
    pressControlJ(fixture);
    panelOf(fixture).showTab(SidePanel::Tab::Persona);
    fixture.button("Edit Lares")->click();
    QVERIFY(fixture.window().personasPage()->isVisible());
}

QTEST_MAIN(SidePanelTest)
#include "tst_side_panel.moc"
