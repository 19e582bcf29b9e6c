#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/desktop/tray.h"
#include "app/language/languages.h"
#include "app/language/translations.h"
#include "app/panel/side_panel.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/palette.h"
#include "app/ui/persona_editor.h"
#include "app/ui/personas_page.h"
#include "app/ui/settings_page.h"
#include "app/ui/window_commands.h"
#include "tests/app/language/translation_file.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTabBar>
#include <QTest>
#include <QTranslator>

#include <functional>
#include <memory>
#include <set>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

const char* const kScript = R"([
    {"when": "Documents", "steps": [
        {"thinking": "A folder."},
        {"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
    {"steps": [{"text": "12.50"}]}])";

/// A language in which every text of ours is marked: what has no mark is not translated.
class MarkedTexts : public QTranslator {
public:
    [[nodiscard]] QString translate(const char* context,
                                    const char* source,
                                    const char*,
                                    int) const override {
        if (QByteArrayView(context) == "QShortcut") return {};  // keys are read from these, too
        return QStringLiteral("⟦%1⟧").arg(QString::fromUtf8(source));
    }
    [[nodiscard]] bool isEmpty() const override { return false; }
};

/// A menu's text has its keys behind a tab.
void add(QStringList& texts, const QString& text) {
    const QString said = text.section(u'\t', 0, 0);
    if (!said.isEmpty() && !texts.contains(said)) texts << said;
}

void addActions(QStringList& texts, const QList<QAction*>& actions) {
    for (const QAction* action : actions) {
        add(texts, action->text());
        if (action->menu()) addActions(texts, action->menu()->actions());
    }
}

void addRows(QStringList& texts, const QAbstractItemModel& model) {
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row, 0);
        for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole),
                               int(Qt::ToolTipRole), int(ConversationListModel::GroupRole)})
            add(texts, index.data(role).toString());
    }
}

/// What a widget says, by whatever it says it.
QStringList textsOf(const QWidget& widget) {
    QStringList texts;
    add(texts, widget.toolTip());
    add(texts, widget.accessibleName());
    add(texts, widget.accessibleDescription());
    if (widget.isWindow()) add(texts, widget.windowTitle());
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
        add(texts, button->text());
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) add(texts, label->text());
    if (const auto* field = qobject_cast<const QLineEdit*>(&widget))
        add(texts, field->placeholderText());
    if (const auto* field = qobject_cast<const QPlainTextEdit*>(&widget))
        add(texts, field->placeholderText());
    if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) {
        for (int i = 0; i < tabs->count(); ++i) add(texts, tabs->tabText(i));
    }
    if (const auto* menu = qobject_cast<const QMenu*>(&widget)) addActions(texts, menu->actions());
    if (const auto* view = qobject_cast<const QAbstractItemView*>(&widget); view && view->model())
        addRows(texts, *view->model());
    return texts;
}

QStringList allTexts(const QWidget& root) {
    QStringList texts = textsOf(root);
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        for (const QString& text : textsOf(*widget)) add(texts, text);
    }
    return texts;
}

bool hasWords(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar one) { return one.isLetter(); });
}

using Look = std::function<void(const QWidget& widget, const char* state)>;

/// Goes through the window's pages and states.
void visit(WindowFixture& desk, const Look& look) {
    MainWindow& window = desk.window();
    ChatController& controller = desk.controller();
    look(window, "an empty conversation");
    QVERIFY(desk.loadModel());
    QVERIFY(desk.converse("costs"));
    controller.moveToFolder(controller.conversation()->info().id, "Ada");
    look(window, "a conversation");
    const auto panel = window.panel();
    window.setPanelOpen(true);
    for (const auto tab :
         {SidePanel::Tab::Activity, SidePanel::Tab::Persona, SidePanel::Tab::Prompt}) {
        panel->showTab(tab);
        look(window, "the panel");
    }
    window.setPanelOpen(false);
    for (int row = 0; row < window.list()->rows()->rowCount(); ++row) {
        QListView& list = *window.list()->view();
        const QRect place = list.visualRect(list.model()->index(row, 0));
        emit list.customContextMenuRequested(place.center() + QPoint(0, 8));
        QTRY_VERIFY(QApplication::activePopupWidget() != nullptr);
        look(*QApplication::activePopupWidget(), "a menu of the list");
        QApplication::activePopupWidget()->close();
    }
    window.run(WindowCommand::FindHere);
    look(window, "finding");
    window.run(WindowCommand::Palette);
    look(window, "the palette");
    window.commandPalette()->dismiss();
    window.run(WindowCommand::NewTemporaryConversation);
    look(window, "a temporary conversation");
    controller.newConversation();
    controller.send("What is in Documents?");
    QTRY_VERIFY(controller.question() != nullptr);
    QTRY_VERIFY(window.findChild<ApprovalCard*>() != nullptr);
    look(window, "a permission");
    controller.stop();
    QTRY_VERIFY(!controller.isAnswering());
    window.showSettings();
    QCoreApplication::processEvents();
    look(window, "the settings");
    window.showPersonas();
    look(window, "the personas");
    window.personasPage()->edit("lares");
    look(window, "a persona");
    window.personasPage()->editor()->leave();
    window.showNotes();
    look(window, "the notes");
    window.showKeys();
    look(window, "the keys");
    window.showFirstRun();
    look(window, "the first run");
    const Tray tray;
    look(*tray.menu(), "the menu of the tray");
}

/// The demo model was trained on English: what it offers to be asked is in English. And what is
/// asked here.
const QStringList kAsked = {"What time is it?", "What is 17 * 23?", "What is in ~/Documents?",
                            "What is in Documents?"};

/// Names of people, paths, models and keys, and numbers: what no translation is asked for.
bool isName(const QString& text) {
    static const QStringList kNames = {
        "Lares",         "The Clerk",          "Robin",          "Ada",
        "costs",         "Documents",          "/data",          "English",
        "Deutsch",       "Hello, I am Lares.", "You are Lares.", "You are the Clerk.",
        "You are Robin."};
    static const QRegularExpression kKeys("^((Ctrl|Alt|Shift)\\+)*(.|Tab|F\\d+)$");
    static const QRegularExpression kSize("^( · )?[\\d.,]+ (bytes|kB)$");
    static const QRegularExpression kPath("^([A-Z]:)?/");
    return kNames.contains(text) || kAsked.contains(text) || kKeys.match(text).hasMatch() ||
           kSize.match(text).hasMatch() || kPath.match(text).hasMatch() ||
           text.contains(QDir::toNativeSeparators(QCoreApplication::applicationFilePath()));
}

/// Visible, and with less room than its text takes.
bool isCut(const QWidget& widget) {
    if (!widget.isVisible()) return false;
    const auto* label = qobject_cast<const QLabel*>(&widget);
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    if ((!label && !button) || (label && label->text().isEmpty())) return false;
    if (widget.hasHeightForWidth() || (label && label->wordWrap()))
        return widget.height() < widget.heightForWidth(widget.width());
    return widget.width() < widget.sizeHint().width();
}

}  // namespace

class TranslatedWindowTest : public QObject {
    Q_OBJECT

private slots:
    void everyTextCanBeTranslated();
    void germanIsGerman();
    void germanIsNotCut();
};

void TranslatedWindowTest::everyTextCanBeTranslated() {
    MarkedTexts marked;
    QCoreApplication::installTranslator(&marked);
    QStringList bare;
    {
        WindowFixture desk(kScript);
        visit(desk, [&](const QWidget& widget, const char* state) {
            for (const QString& text : allTexts(widget)) {
                if (text.contains(u'⟦') || !hasWords(text) || isName(text)) continue;
                bare << QString::fromUtf8(state) + ": " + text;
            }
        });
    }
    QCoreApplication::removeTranslator(&marked);
    bare.removeDuplicates();
    QVERIFY2(bare.isEmpty(), qPrintable(bare.join('\n')));
}

void TranslatedWindowTest::germanIsGerman() {
    if (languageFor("de") != u"de") QSKIP("built without lrelease");
    std::set<QString> english;
    for (const auto& one : lares::test::readTranslations(lares::test::translationPath("de"))) {
        if (!one.forms.contains(one.source)) english.insert(one.source);
    }
    for (const QString& asked : kAsked) english.erase(asked);
    Translations translations;
    translations.use("de");
    QStringList left;
    WindowFixture desk(kScript);
    visit(desk, [&](const QWidget& widget, const char* state) {
        for (const QString& text : allTexts(widget)) {
            if (english.contains(text)) left << QString::fromUtf8(state) + ": " + text;
        }
    });
    left.removeDuplicates();
    QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
    QCOMPARE(desk.window().settingsPage()->accessibleName(), "Einstellungen");
    QCOMPARE(keysOf(WindowCommand::NewConversation), "Strg+N");
}

void TranslatedWindowTest::germanIsNotCut() {
    if (languageFor("de") != u"de") QSKIP("built without lrelease");
    Translations translations;
    translations.use("de");
    QStringList cut;
    std::set<const QWidget*> seen;
    WindowFixture desk(kScript);
    visit(desk, [&](const QWidget& root, const char* state) {
        QCoreApplication::sendPostedEvents();
        for (const QWidget* widget : root.findChildren<QWidget*>()) {
            if (widget->isVisible()) seen.insert(widget);
            if (!isCut(*widget)) continue;
            cut << QStringLiteral("%1: %2: %3×%4 instead of %5×%6")
                       .arg(QString::fromUtf8(state), textsOf(*widget).join(" | "))
                       .arg(widget->width())
                       .arg(widget->height())
                       .arg(widget->sizeHint().width())
                       .arg(widget->sizeHint().height());
        }
    });
    cut.removeDuplicates();
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join('\n')));
    QVERIFY(seen.size() > 200);
}

QTEST_MAIN(TranslatedWindowTest)
#include "tst_translated_window.moc"
