#include "app/store/store_format.h"
#include "app/ui/server_form.h"
#include "app/ui/servers_section.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/tools/sandbox/command_ground.h"
#include "tools/mcp/server_set.h"

#include <QAbstractButton>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr const char* kAsks = R"([{"when": "echo", "steps": [
    {"call": "fake__echo", "arguments": {"text": "first\nsecond"}}]},
    {"steps": [{"text": "It said so."}]}])";

QString shownTexts(WindowFixture& fixture) {
    QString text;
    auto* section = fixture.window().findChild<ServersSection*>();
    for (const QLabel* label : section->findChildren<QLabel*>())
        if (label->isVisible()) text += label->text() + '\n';
    return text;
}

template <class Field>
Field* fieldOf(WindowFixture& fixture, const QString& name) {
    for (auto* field : fixture.window().findChildren<Field*>())
        if (field->accessibleName() == name) return field;
    return nullptr;
}

}  // namespace

/// The tool servers in Settings, added by hand and by keyboard, in the real sandbox.
class ServersSectionTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (!why_no_sandbox().empty()) QSKIP(why_no_sandbox().c_str());
        m_sandbox = std::make_unique<CommandRunner>(built_options());
    }

    void withoutASandboxThereIsNothingToAdd() {
        WindowFixture fixture;
        fixture.window().showSettings();
        QVERIFY(shownTexts(fixture).contains("no sandbox for tool servers"));
        QVERIFY(!fixture.button("Add a tool server…"));
    }
    void oneIsAddedWithTheKeyboardTurnedOnAndAsked() {
        WindowFixture fixture(kAsks, {}, m_sandbox.get());
        QVERIFY(fixture.loadModel());
        addFake(fixture);
        QTRY_VERIFY2(shownTexts(fixture).contains("10 tools, about "),
                     qPrintable(shownTexts(fixture)));
        QVERIFY(shownTexts(fixture).contains("Gives a text back."));
        QVERIFY(!fieldOf<QLineEdit>(fixture, "Name of the tool server")->isVisible());
        QTRY_VERIFY(fixture.button("Turn fake on") && fixture.button("Turn fake on")->isEnabled());
        fixture.button("Turn fake on")->setFocus();
        QTest::keyClick(fixture.button("Turn fake on"), Qt::Key_Space);
        QTRY_VERIFY(fixture.button("Turn fake off") &&
                    fixture.button("Turn fake off")->isEnabled());

        fixture.window().showChat();
        fixture.controller().newConversation();
        fixture.controller().send("Please echo");
        QTRY_VERIFY(fixture.controller().question());
        const PermissionQuestion question = *fixture.controller().question();
        QCOMPARE(question.verb + ' ' + question.object, QString("Use echo of fake"));
        QCOMPARE(question.command, (QStringList{"text: first", "  second"}));
        QVERIFY(question.canLast());
        fixture.controller().answerQuestion(PermissionAnswer::Always);
        QTRY_VERIFY(!fixture.controller().isAnswering());
        // A yes for good is seen in Settings, and taken back there.
        fixture.window().showSettings();
        QAbstractButton* allowed = nullptr;
        QTRY_VERIFY((allowed = fixture.button("echo of fake runs without asking")));
        QVERIFY(allowed->isChecked());
        allowed->click();
        QTRY_VERIFY((allowed = fixture.button("echo of fake runs without asking")) &&
                    allowed->isEnabled() && !allowed->isChecked());
    }
    void removingAsksFirst() {
        WindowFixture fixture(kAsks, {}, m_sandbox.get());
        addFake(fixture);
        QTRY_VERIFY(fixture.button("Remove fake, after a question") &&
                    fixture.button("Remove fake, after a question")->isEnabled());
        fixture.button("Remove fake, after a question")->click();
        QTRY_VERIFY(fixture.button("Keep fake"));
        fixture.button("Keep fake")->click();
        QTRY_VERIFY(fixture.button("Turn fake on"));
        fixture.button("Remove fake, after a question")->click();
        QTRY_VERIFY(fixture.button("Remove fake for good"));
        fixture.button("Remove fake for good")->click();
        QTRY_VERIFY(fixture.controller().toolServers().empty());
        QTRY_VERIFY(!fixture.button("Keep fake"));
    }
    void saysWhyOneCannotBeAdded() {
        WindowFixture fixture(kAsks, {}, m_sandbox.get());
        fixture.window().showSettings();
        fixture.button("Add a tool server…")->click();
        fill(fixture, "A b", "python3");
        QVERIFY(shownTexts(fixture).contains("1 to 24 of the characters"));
        fill(fixture, "b", "uvx server");
        QVERIFY(shownTexts(fixture).contains("no network here"));
        fill(fixture, "b", "python3 'x");
        QVERIFY(shownTexts(fixture).contains("quote is not closed"));
        // Written once, it is kept while it is mended; Escape leaves.
        auto* name = fieldOf<QLineEdit>(fixture, "Name of the tool server");
        QCOMPARE(name->text(), QString("b"));
        QTest::keyClick(name, Qt::Key_Escape);
        QVERIFY(!name->isVisible());
        QVERIFY(fixture.controller().toolServers().empty());
    }
    void oneThatCrashesSaysSoAndCanBeTriedAgain() {
        WindowFixture fixture(kAsks, {}, m_sandbox.get());
        addFake(fixture, "crashes");
        QTRY_VERIFY2(shownTexts(fixture).contains("no module named nothing"),
                     qPrintable(shownTexts(fixture)));
        QVERIFY(!fixture.button("Turn fake on"));
        QTRY_COMPARE(fixture.button("Start fake and look at what it offers")->text(),
                     QString("Try again"));
    }
    void aChangeIsShownAndAccepted() {
        WindowFixture fixture(kAsks, {}, m_sandbox.get());
        addFake(fixture);
        QTRY_VERIFY(fixture.button("Turn fake on") && fixture.button("Turn fake on")->isEnabled());
        fixture.button("Turn fake on")->click();
        QTRY_VERIFY(fixture.button("Turn fake off") &&
                    fixture.button("Turn fake off")->isEnabled());
        QFile mark(fixture.dataFolder() + '/' + kServersFolder + "/fake/changed");
        QVERIFY(mark.open(QIODevice::WriteOnly));
        fixture.button("Start fake and look at what it offers")->click();
        QTRY_VERIFY(shownTexts(fixture).contains(
            "echo: is described otherwise: Gives a text back. Before, read all of"));
        QTRY_VERIFY(fixture.button("Accept what fake offers now")->isEnabled());
        fixture.button("Accept what fake offers now")->click();
        QTRY_VERIFY(!shownTexts(fixture).contains("is described otherwise"));
    }

private:
    static void fill(WindowFixture& fixture, const QString& name, const QString& command) {
        fieldOf<QLineEdit>(fixture, "Name of the tool server")->setText(name);
        auto* line = fieldOf<QLineEdit>(fixture, "Command line of the tool server");
        line->setText(command);
        QTest::keyClick(line, Qt::Key_Return);
    }
    void addFake(WindowFixture& fixture, const QString& mode = "plain") {
        const QString server = fixture.dataFolder() + "/../server";
        QVERIFY(QDir().mkpath(server));
        QVERIFY(QFile::copy(LARES_FAKE_SERVER, server + "/server.py"));
        fixture.window().showSettings();
        fixture.button("Add a tool server…")->click();
        auto* folders = fieldOf<QPlainTextEdit>(fixture, "Folders that it may read");
        fill(fixture, "fake",
             QString("python3 %1/server.py %2").arg(QDir(server).canonicalPath(), mode));
        QCOMPARE(folders->toPlainText(), QDir(server).canonicalPath());  // by itself
    }

    std::unique_ptr<CommandSandbox> m_sandbox;
};

QTEST_MAIN(ServersSectionTest)
#include "tst_servers_section.moc"
