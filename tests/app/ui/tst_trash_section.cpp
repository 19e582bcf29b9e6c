#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/settings_page.h"
#include "app/ui/trash_section.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

/// What was deleted, in Settings.
class TrashSectionTest : public QObject {
    Q_OBJECT

private slots:
    void saysThatThereIsNothing();
    void bringsAConversationBack();
    void endsOneAfterAQuestion();
    void endsAll();
    void showsFewUntilAsked();

private:
    static TrashSection& section(WindowFixture& fixture) {
        if (!fixture.window().settingsPage()->isVisible()) fixture.window().showSettings();
        return *fixture.window().settingsPage()->findChild<TrashSection*>();
    }
    static QStringList buttons(WindowFixture& fixture) {
        QStringList names;
        for (const auto* button : section(fixture).findChildren<QAbstractButton*>()) {
            if (button->isVisible()) names << button->accessibleName();
        }
        return names;
    }
    static QString text(WindowFixture& fixture) {
        QStringList texts;
        for (const auto* label : section(fixture).findChildren<QLabel*>()) {
            if (label->isVisible()) texts << label->text();
        }
        return texts.join('\n');
    }
    static void trash(WindowFixture& fixture, const QStringList& titles) {
        QVERIFY(fixture.loadModel());
        for (const QString& title : titles) {
            QVERIFY(fixture.converse(title));
            fixture.controller().deleteConversation(fixture.controller().conversation()->info().id);
        }
    }
    static std::size_t inTrash(WindowFixture& fixture) {
        const auto trash = fixture.controller().trash();
        return QTest::qWaitFor([&] { return trash.isFinished(); }) ? trash.result()->size() : 99;
    }
};

void TrashSectionTest::saysThatThereIsNothing() {
    WindowFixture fixture;
    QTRY_VERIFY(text(fixture).startsWith("None."));
    QCOMPARE(buttons(fixture), QStringList());
}

void TrashSectionTest::bringsAConversationBack() {
    WindowFixture fixture;
    trash(fixture, {"Apples", "Pears", QString("p%1ums").arg(QChar(0x202e))});
    QTRY_COMPARE(buttons(fixture).size(), 7);
    QVERIFY(text(fixture).contains("p[U+202E]ums"));
    QCOMPARE(fixture.controller().conversations()->rowCount(), 0);
    fixture.button("Restore Apples")->click();
    QTRY_COMPARE(buttons(fixture).size(), 5);
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);  // with what was said
    QCOMPARE(fixture.controller().conversations()->rowCount(), 1);
    // One that is deleted while this is shown is here at once.
    fixture.controller().deleteConversation(fixture.controller().conversation()->info().id);
    QTRY_COMPARE(buttons(fixture).size(), 7);
    QCOMPARE(buttons(fixture).front(), QString("Restore Apples"));
}

void TrashSectionTest::endsOneAfterAQuestion() {
    WindowFixture fixture;
    trash(fixture, {"Apples", "Pears"});
    QTRY_VERIFY(buttons(fixture).contains("Restore Pears"));
    fixture.button("Delete Pears for good, after a question")->click();
    QVERIFY(!buttons(fixture).contains("Restore Pears"));
    QTRY_VERIFY(fixture.button("Keep Pears")->hasFocus());
    fixture.button("Keep Pears")->click();
    QTRY_VERIFY(fixture.button("Restore Pears")->hasFocus());
    QCOMPARE(inTrash(fixture), std::size_t{2});
    fixture.button("Delete Pears for good, after a question")->click();
    fixture.button("Delete Pears for good")->click();
    QTRY_COMPARE(buttons(fixture),
                 QStringList({"Restore Apples", "Delete Apples for good, after a question"}));
    QCOMPARE(inTrash(fixture), std::size_t{1});
}

void TrashSectionTest::endsAll() {
    WindowFixture fixture;
    trash(fixture, {"Apples", "Pears", "Plums"});
    QTRY_VERIFY(buttons(fixture).contains("Restore Pears"));
    fixture.button("Delete all for good…")->click();
    fixture.button("Keep them")->click();
    QCOMPARE(inTrash(fixture), std::size_t{3});
    fixture.button("Delete all for good…")->click();
    fixture.button("Delete these 3 for good")->click();
    QTRY_VERIFY(text(fixture).startsWith("None."));
    QCOMPARE(inTrash(fixture), std::size_t{0});
}

void TrashSectionTest::showsFewUntilAsked() {
    WindowFixture fixture;
    trash(fixture, {"1", "2", "3", "4", "5", "6", "7"});
    QTRY_COMPARE(buttons(fixture).filter("Restore").size(), 5);
    fixture.button("Show all 7")->click();
    QCOMPARE(buttons(fixture).filter("Restore").size(), 7);
    fixture.window().showChat();
    fixture.window().showSettings();
    QTRY_COMPARE(buttons(fixture).filter("Restore").size(), 5);
}

QTEST_MAIN(TrashSectionTest)
#include "tst_trash_section.moc"
