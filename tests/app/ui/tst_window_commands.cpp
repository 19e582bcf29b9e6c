#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/find_bar.h"
#include "app/ui/keys_page.h"
#include "app/ui/palette.h"
#include "app/ui/window_commands.h"
#include "tests/app/ui/window_fixture.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QShortcut>
#include <QTest>

#include <set>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

QStringList texts(const QKeySequence& keys) {
    return {keys.toString(QKeySequence::PortableText)};
}

}  // namespace

/// The one list of what the window does: shortcuts, the page of keys and the palette follow it.
class WindowCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void everyCommandIsThereOnce();
    void noKeyIsThereTwice();
    void theWindowTakesTheseKeysAndNoOthers();
    void theKeysOfTheDesignAreThere_data();
    void theKeysOfTheDesignAreThere();
    void thePageOfKeysShowsAll();
    void thePaletteOffersWhatCanBeDone();
    void everyCommandCanBeCarriedOut_data();
    void everyCommandCanBeCarriedOut();
    void upInTheEmptyFieldEditsTheLastMessage();
};

void WindowCommandsTest::everyCommandIsThereOnce() {
    std::set<WindowCommand> commands;
    std::set<QString> names;
    for (const WindowCommandInfo& info : windowCommands()) {
        QVERIFY2(commands.insert(info.command).second, qPrintable(info.name));
        QVERIFY2(!info.name.isEmpty() && names.insert(info.name).second, qPrintable(info.name));
    }
    QCOMPARE(static_cast<int>(commands.size()), kWindowCommands);
}

void WindowCommandsTest::noKeyIsThereTwice() {
    std::set<QString> keys;
    for (const WindowCommandInfo& info : windowCommands()) {
        for (const QKeySequence& one : info.keys) {
            QVERIFY2(!one.isEmpty(), qPrintable(info.name));
            QVERIFY2(keys.insert(one.toString()).second, qPrintable(one.toString()));
        }
    }
    QCOMPARE(keysOf(WindowCommand::NewConversation), QString("Ctrl+N"));
    QVERIFY(keysOf(WindowCommand::ShowPersonas).isEmpty());
}

void WindowCommandsTest::theWindowTakesTheseKeysAndNoOthers() {
    WindowFixture fixture;
    QStringList wanted;
    for (const WindowCommandInfo& info : windowCommands()) {
        for (const QKeySequence& one : info.keys) wanted << texts(one);
    }
    QStringList there;
    for (const auto* shortcut : fixture.window().findChildren<QShortcut*>())
        there << texts(shortcut->key());
    wanted.sort();
    there.sort();
    QCOMPARE(there, wanted);
}

void WindowCommandsTest::theKeysOfTheDesignAreThere_data() {
    QTest::addColumn<WindowCommand>("command");
    const auto row = [](const char* keys, WindowCommand command) {
        QTest::newRow(keys) << command;
    };
    row("Ctrl+N", WindowCommand::NewConversation);
    row("Ctrl+F", WindowCommand::FindHere);
    row("Ctrl+Shift+F", WindowCommand::FindEverywhere);
    row("Ctrl+K", WindowCommand::Palette);
    row("Ctrl+B", WindowCommand::ToggleList);
    row("Ctrl+,", WindowCommand::ShowSettings);
    row("Ctrl+L", WindowCommand::WriteMessage);
    row("Ctrl+Shift+C", WindowCommand::CopyLastAnswer);
    row("Ctrl+Tab", WindowCommand::NextConversation);
    row("F1", WindowCommand::ShowKeys);
    row("Ctrl++", WindowCommand::LargerText);
    row("Ctrl+-", WindowCommand::SmallerText);
    row("Ctrl+0", WindowCommand::UsualText);
}

void WindowCommandsTest::theKeysOfTheDesignAreThere() {
    QFETCH(WindowCommand, command);
    QCOMPARE(keysOf(command), QString(QTest::currentDataTag()));
}

void WindowCommandsTest::thePageOfKeysShowsAll() {
    WindowFixture fixture;
    fixture.window().run(WindowCommand::ShowKeys);
    QStringList shown;
    for (const auto* label : fixture.window().findChild<KeysPage*>()->findChildren<QLabel*>())
        shown << label->text();
    for (const WindowCommandInfo& info : windowCommands()) {
        const QString keys = keysOf(info);
        if (keys.isEmpty()) continue;
        QCOMPARE(shown.count(keys), keys == "Esc" ? 2 : 1);  // it has other uses, too
        QCOMPARE(shown.count(info.name), 1);
    }
    for (const KeyLine& line : otherKeys()) QVERIFY(shown.contains(line.meaning));
}

void WindowCommandsTest::thePaletteOffersWhatCanBeDone() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("One"));
    MainWindow& window = fixture.window();
    QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
    const QAbstractItemModel& rows = *window.commandPalette()->list()->model();
    QHash<QString, QString> keys;
    for (int row = 0; row < rows.rowCount(); ++row)
        keys.insert(rows.index(row, 0).data().toString(),
                    rows.index(row, 0).data(PaletteModel::KeysRole).toString());
    for (const WindowCommandInfo& info : windowCommands()) {
        QVERIFY2(keys.contains(info.name) == window.canRun(info.command), qPrintable(info.name));
        if (window.canRun(info.command)) QCOMPARE(keys.value(info.name), keysOf(info));
    }
    QVERIFY(keys.contains("Persona: Robin"));
    QVERIFY(!keys.contains("Persona: Lares"));  // it answers already
}

void WindowCommandsTest::everyCommandCanBeCarriedOut_data() {
    QTest::addColumn<WindowCommand>("command");
    for (const WindowCommandInfo& info : windowCommands())
        QTest::newRow(qPrintable(info.name)) << info.command;
}

/// None of them is forgotten by the window: each one changes what is to be seen, or says why not.
void WindowCommandsTest::everyCommandCanBeCarriedOut() {
    QFETCH(WindowCommand, command);
    WindowFixture fixture(R"([{"steps": [{"text": "Hello."}]}, {"steps": [{"text": "Hi."}]},
        {"steps": [{"call": "list_folder", "arguments": {"path": "~/Documents"}}]}])");
    MainWindow& window = fixture.window();
    QVERIFY(fixture.loadModel() && fixture.converse("Zero") && fixture.converse("One"));
    const bool needsAnswer =
        command == WindowCommand::StopAnswer || command == WindowCommand::AnswerQuestion;
    if (needsAnswer) {
        fixture.controller().send("What is there?");
        QTRY_VERIFY(fixture.controller().question());
        window.chatPage()->composer()->focusText();
    }
    if (command == WindowCommand::UsualText) fixture.controller().setSetting("fontScale", 1.2);
    if (command == WindowCommand::FindNext || command == WindowCommand::FindPrevious) {
        window.run(WindowCommand::FindHere);
        window.chatPage()->findBar()->field()->setText("l");
    }
    QCoreApplication::processEvents();
    const auto look = [&] {
        const QWidget* focus = window.focusWidget();
        return QString("%1 %2 %3")
            .arg(reinterpret_cast<quintptr>(focus))
            .arg(fixture.controller().isThinking())
            .arg(fixture.controller().isAnswering());
    };
    QGuiApplication::processEvents();
    const QString before = look();
    const QImage seen = window.grab().toImage();
    window.run(command);
    QTRY_VERIFY2(look() != before || window.grab().toImage() != seen, QTest::currentDataTag());
}

void WindowCommandsTest::upInTheEmptyFieldEditsTheLastMessage() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Rivers"));
    Composer* composer = fixture.window().chatPage()->composer();
    composer->focusText();
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Up);
    QVERIFY(composer->isEditing());
    QCOMPARE(composer->text(), QString("Rivers"));
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Escape);
    QVERIFY(!composer->isEditing());
}

QTEST_MAIN(WindowCommandsTest)
#include "tst_window_commands.moc"
