// A user who presses any key, clicks anywhere and resizes the window, in any order: the window goes
// on, Qt has nothing to complain of, the keyboard is always somewhere, and what is seen at the end
// is there after a restart. LARES_SEED=N plays other orders.
#include "app/chat/conversation_model.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/seeds.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QTest>
#include <QTimer>
#include <QUrl>
#include <QWheelEvent>

#include <random>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kScript = R"([
  {"steps": [{"thinking": "They want to know."},
             {"text": "A **list**:\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", "words": true}]},
  {"steps": [{"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
  {"steps": [{"text": "It is there: $x^2 + 1$.\n\n```cpp\nint x = 1;\n```\n", "words": true}]},
  {"steps": [{"call": "write_file", "arguments": {"path": "~/Documents/a.txt", "content": "A."}}]},
  {"steps": [{"text": "Written.", "words": true}, {"wait_ms": 5}]},
  {"steps": [{"call": "calculate", "arguments": {"expression": "6 * 7"}}]},
  {"steps": [{"wait_ms": 5}, {"fail": "The card is full."}]}])";

QStringList complaints;

void collect(QtMsgType type, const QMessageLogContext& /*context*/, const QString& message) {
    if (type != QtWarningMsg && type != QtCriticalMsg && type != QtFatalMsg) return;
    // What the platform of the tests lacks, whatever is done with it.
    if (message.contains("This plugin does not support")) return;
    complaints.append(message);
}

/// Takes what the window would open in other programs.
class Opener : public QObject {
    Q_OBJECT

public slots:
    void open(const QUrl& url) { m_opened.append(url); }

private:
    QList<QUrl> m_opened;
};

class RandomHands {
public:
    RandomHands(WindowFixture& fixture, unsigned seed) : m_fixture(fixture), m_random(seed) {
        // A scroll bar's menu has an event loop of its own.
        m_closeMenus.callOnTimeout([] {
            if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
        });
        m_closeMenus.start(200);
    }

    void act();
    [[nodiscard]] const QStringList& did() const { return m_did; }

private:
    [[nodiscard]] int below(int n) { return static_cast<int>(m_random() % unsigned(n)); }
    [[nodiscard]] QWidget* target() const;  ///< of keys: a menu, a dialog, or the window
    void pressKey();
    void pressShortcut();
    void write();
    void click();
    void pressButton();
    void turnWheel();

    WindowFixture& m_fixture;
    std::mt19937 m_random;
    QStringList m_did;
    QTimer m_closeMenus;
};

QWidget* RandomHands::target() const {
    if (QWidget* popup = QApplication::activePopupWidget()) return popup;
    QWidget* focus = QApplication::focusWidget();
    return focus != nullptr ? focus : &m_fixture.window();
}

void RandomHands::pressKey() {
    constexpr Qt::Key kKeys[] = {
        Qt::Key_Return, Qt::Key_Escape, Qt::Key_Tab,    Qt::Key_Backtab,   Qt::Key_Up,
        Qt::Key_Down,   Qt::Key_Left,   Qt::Key_Right,  Qt::Key_Home,      Qt::Key_End,
        Qt::Key_Space,  Qt::Key_F2,     Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_PageUp,
        Qt::Key_Menu,   Qt::Key_F6,     Qt::Key_Y,      Qt::Key_PageDown,  Qt::Key_F1};
    const Qt::Key key = kKeys[below(std::size(kKeys))];
    m_did.append(QKeySequence(key).toString());
    QTest::keyClick(target(), key, below(8) == 0 ? Qt::ShiftModifier : Qt::NoModifier);
}

/// Any letter with Ctrl, but what ends the program.
void RandomHands::pressShortcut() {
    const char* const kLetters = "nfkjzacvxypelbdrtmgu,+-0";
    const char letter = kLetters[below(int(std::strlen(kLetters)))];
    Qt::KeyboardModifiers modifiers = Qt::ControlModifier;
    if (below(3) == 0) modifiers |= Qt::ShiftModifier;
    if (below(8) == 0) modifiers |= Qt::AltModifier;
    m_did.append(QString("Ctrl%1%2+%3")
                     .arg(modifiers & Qt::ShiftModifier ? "+Shift" : "",
                          modifiers & Qt::AltModifier ? "+Alt" : "")
                     .arg(letter));
    QTest::keyClick(target(), letter, modifiers);
}

void RandomHands::write() {
    const QString words[] = {"What is it?", "ab", "Ünïcode 漢字 🙂", "/", "1"};
    const QString& text = words[below(std::size(words))];
    m_did.append("“" + text + "”");
    for (const QChar letter : text) {
        QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, letter);
        QApplication::sendEvent(target(), &press);
    }
}

void RandomHands::click() {
    QWidget& window = m_fixture.window();
    QWidget* popup = QApplication::activePopupWidget();
    QWidget& on = popup != nullptr ? *popup : window;
    const QPoint at(below(std::max(1, on.width())), below(std::max(1, on.height())));
    QWidget* hit = on.childAt(at);
    if (hit == nullptr) hit = &on;
    const Qt::MouseButton button = below(4) == 0 ? Qt::RightButton : Qt::LeftButton;
    m_did.append(
        QString("click %1,%2 %3").arg(at.x()).arg(at.y()).arg(hit->metaObject()->className()));
    const QPoint inside = hit->mapFrom(&on, at);
    if (button == Qt::RightButton) {
        QContextMenuEvent menu(QContextMenuEvent::Mouse, inside, hit->mapToGlobal(inside));
        QApplication::sendEvent(hit, &menu);
    } else if (below(5) == 0) {
        QTest::mouseDClick(hit, button, {}, inside);
    } else {
        QTest::mouseClick(hit, button, {}, inside);
    }
}

void RandomHands::pressButton() {
    QList<QAbstractButton*> buttons;
    for (QAbstractButton* one : m_fixture.window().findChildren<QAbstractButton*>()) {
        if (one->isVisible() && one->isEnabled()) buttons.append(one);
    }
    if (buttons.isEmpty()) return;
    QAbstractButton* button = buttons[below(int(buttons.size()))];
    m_did.append("[" + (button->text().isEmpty() ? button->accessibleName() : button->text()) +
                 "]");
    button->click();
}

void RandomHands::turnWheel() {
    QWidget& window = m_fixture.window();
    const QPoint at(below(window.width()), below(window.height()));
    QWidget* hit = window.childAt(at);
    if (hit == nullptr) return;
    m_did.append("wheel");
    QWheelEvent event(
        hit->mapFrom(&window, at), window.mapToGlobal(at), {}, {0, 120 * (below(9) - 4)}, {},
        below(6) == 0 ? Qt::ControlModifier : Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(hit, &event);
}

void RandomHands::act() {
    const int what = below(100);
    if (what < 25) {
        pressKey();
    } else if (what < 37) {
        pressShortcut();
    } else if (what < 52) {
        write();
    } else if (what < 70) {
        click();
    } else if (what < 84) {
        pressButton();
    } else if (what < 90) {
        turnWheel();
    } else if (what < 93) {
        m_did.append("resize");
        m_fixture.window().resize(300 + below(1300), 250 + below(900));
    } else {
        QTest::qWait(below(15));
    }
    QCoreApplication::processEvents();
    // Another program's business, and its keys can delete files.
    for (QWidget* top : QApplication::topLevelWidgets()) {
        auto* dialog = qobject_cast<QFileDialog*>(top);
        if (dialog != nullptr && dialog->isVisible()) dialog->reject();
    }
    for (QFileDialog* dialog : m_fixture.window().findChildren<QFileDialog*>()) dialog->reject();
}

/// What a user sees of the conversation, and what they have written below it.
QStringList seen(WindowFixture& fixture) {
    const ConversationModel& model = *fixture.controller().conversation();
    QStringList texts = {fixture.window().chatPage()->composer()->text()};
    for (int row = 0; row < model.rowCount(); ++row) texts.append(markdownOf(model.messageAt(row)));
    return texts;
}

}  // namespace

class WindowRandomTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void goesOnWhateverIsDone_data();
    void goesOnWhateverIsDone();

private:
    [[nodiscard]] static QString lostByRestart(WindowFixture& fixture);
    static constexpr const char* kSchemes[] = {"file", "http", "https", "mailto"};
    Opener m_opener;
    QTemporaryDir m_runtime;
};

void WindowRandomTest::initTestCase() {
    for (const char* scheme : kSchemes) QDesktopServices::setUrlHandler(scheme, &m_opener, "open");
    qputenv("XDG_RUNTIME_DIR", m_runtime.path().toLocal8Bit());
}

void WindowRandomTest::cleanupTestCase() {
    for (const char* scheme : kSchemes) QDesktopServices::unsetUrlHandler(scheme);
}

/// Ends the program as a user does, and starts it; what is not there then, or nothing.
QString WindowRandomTest::lostByRestart(WindowFixture& fixture) {
    ChatController& chat = fixture.controller();
    while (QWidget* popup = QApplication::activePopupWidget()) popup->close();
    fixture.window().showChat();
    chat.stop();
    const auto isQuiet = [&] { return !chat.isAnswering() && !chat.isConversationLoading(); };
    if (!QTest::qWaitFor(isQuiet)) return "it answers without end";
    const bool isTemporary = chat.conversation()->info().isTemporary;
    // What is being edited is no draft.
    if (fixture.window().chatPage()->composer()->isEditing()) chat.newConversation();
    const QStringList before = seen(fixture);
    fixture.restart(WindowFixture::End::Closed);
    const auto isThere = [&] { return !fixture.controller().isConversationLoading(); };
    if (!QTest::qWaitFor(isThere)) return "it opens without end";
    const QStringList after = seen(fixture);
    // A new conversation in which nothing is begun is none.
    const bool isNothing = before.join("").isEmpty();
    if (isTemporary || isNothing || after == before) return {};
    return QString("before: %1\nafter: %2").arg(before.join(" | "), after.join(" | "));
}

void WindowRandomTest::goesOnWhateverIsDone_data() {
    lares::test::addSeedRows(2);
}

void WindowRandomTest::goesOnWhateverIsDone() {
    QFETCH(const unsigned, seed);
    WindowFixture fixture(kScript);
    QVERIFY(fixture.loadModel() && fixture.converse("A first question?"));
    complaints.clear();
    qInstallMessageHandler(collect);
    RandomHands hands(fixture, seed);
    QString lost;
    for (int step = 0; step < 600 && complaints.isEmpty() && lost.isEmpty(); ++step) {
        hands.act();
        const QWidget* focus = QApplication::focusWidget();
        if (QApplication::activePopupWidget() != nullptr || !fixture.window().isActiveWindow())
            continue;
        if (focus == nullptr)
            lost = "no widget has the keyboard";
        else if (!focus->isVisible())
            lost = QString("the keyboard is in a hidden %1").arg(focus->metaObject()->className());
    }
    if (complaints.isEmpty() && lost.isEmpty()) lost = lostByRestart(fixture);
    qInstallMessageHandler(nullptr);
    if (!complaints.isEmpty() || !lost.isEmpty())
        qInfo(
            "%s",
            qPrintable(hands.did().mid(std::max<qsizetype>(0, hands.did().size() - 25)).join(' ')));
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join('\n')));
    QVERIFY2(lost.isEmpty(), qPrintable(lost));
}

QTEST_MAIN(WindowRandomTest)
#include "tst_window_random.moc"
