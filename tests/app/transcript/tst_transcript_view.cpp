#include "app/chat/attachment.h"
#include "app/chat/call_changes.h"
#include "tests/app/transcript/shown_transcript.h"

#include <QAccessible>
#include <QClipboard>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using namespace lares::test;

class TranscriptViewTest : public QObject {
    Q_OBJECT

private slots:
    void beginsAtTheEndAndFollowsIt();
    void nothingMovesWhileSomeoneReadsAbove();
    void whatIsReadStaysWhenTheWindowGetsNarrower();
    void keysScroll();
    void tabReachesEveryMessageAndItsParts();
    void theSelectionGoesAcrossMessagesWithoutThinking();
    void copyingGivesThreeForms();
    void actionsAskBySignals();
    void onlySafeLinksOpen();
    void aCardStandsInTheTextAndTakesKeys();
    void aScreenReaderFindsEverything();
    void changesAreOneLineThatCanBeUndone();
    void anEmptyConversationGreets();
    void aNewThemeReachesEveryText();
    void whatGoesWithAMessageIsChipsThatOpen();
    void copyingAMessageTakesWhatGoesWithIt();
};

namespace {

Attachment table() {
    Attachment attachment;
    attachment.name = QStringLiteral("co\u202ests.csv");
    attachment.text = "month,sum\n```\nMay,12.50\n";
    attachment.bytes = 26;
    attachment.tokens = 15;
    return attachment;
}

/// The row of a message with two attachments, at the end.
int appendAttached(Shown& shown, const QString& words) {
    ChatMessage asked = message(kRows + 1, shown.model.activeLeaf(), {});
    asked.parts = userParts(words, {table(), pastedText("pasted <b>")});
    shown.model.append(asked);
    shown.paint();
    return shown.model.rowCount() - 1;
}

}  // namespace

void TranscriptViewTest::whatGoesWithAMessageIsChipsThatOpen() {
    using Kind = TranscriptTarget::Kind;
    Shown shown;
    const int row = appendAttached(shown, "How much was May?");
    std::vector<TranscriptTarget> targets = shown.view.targets(row);
    QCOMPARE(targets.size(), std::size_t{3});  // the message and two chips
    QCOMPARE(targets[1].kind, Kind::Attachment);
    QCOMPARE(shown.view.targetName(targets[1]),
             QString("Show co\\u{202e}sts.csv, 26 bytes · about 15 tokens"));
    const QRect first = shown.view.targetRect(targets[1]);
    const QRect second = shown.view.targetRect(targets[2]);
    QVERIFY(first.right() < second.left() && first.top() == second.top());
    QVERIFY(shown.view.targetRect(targets[0]).contains(first));  // the ring around the message

    // By click, and what is shown can be copied; by key it closes again.
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, first.center());
    shown.paint();
    targets = shown.view.targets(row);
    QCOMPARE(targets.size(), std::size_t{4});
    QCOMPARE(targets[3].kind, Kind::CopyCode);
    shown.view.activate(targets[3]);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString("month,sum\n```\nMay,12.50"));
    QVERIFY(shown.view.targetName(targets[1]).startsWith("Hide "));
    shown.view.focusTarget(targets[1]);
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(shown.view.targets(row).size(), std::size_t{3});
}

void TranscriptViewTest::copyingAMessageTakesWhatGoesWithIt() {
    Shown shown;
    const int row = appendAttached(shown, "How much?");
    shown.view.copyMessage(row);
    const QMimeData* copied = QGuiApplication::clipboard()->mimeData();
    const QString markdown =
        "**co\\\\u{202e}sts.csv**\n\n````csv\nmonth,sum\n```\nMay,12.50\n````\n\n"
        "**Pasted text**\n\n```\npasted <b>\n```\n\nHow much?";
    QCOMPARE(copied->text(), markdown);
    QCOMPARE(QString::fromUtf8(copied->data("text/markdown")), markdown);
    QVERIFY2(copied->html().contains("<details><summary>Pasted text</summary><pre><code>pasted "
                                     "&lt;b&gt;</code></pre></details>"),
             qPrintable(copied->html()));
    // Without words there is no bubble, and the names tell what was said.
    ChatMessage silent = message(kRows + 2, shown.model.activeLeaf(), {});
    silent.role = Role::User;
    silent.parts = userParts("", {table()});
    shown.model.append(silent);
    shown.paint();
    const QModelIndex last = shown.model.index(shown.model.rowCount() - 1);
    QCOMPARE(last.data(Qt::AccessibleTextRole).toString(), QString("You: co\\u{202e}sts.csv"));
    QVERIFY(shown.view.rowRect(last.row()).height() > 20);
}

/// Plain text kept its colour when the theme changed and the width did not.
void TranscriptViewTest::aNewThemeReachesEveryText() {
    Shown changed;
    changed.view.setTheme(Theme::make(Theme::Scheme::HighContrast));
    changed.paint();
    Shown fresh;
    fresh.view.setModel(nullptr);
    fresh.view.setTheme(Theme::make(Theme::Scheme::HighContrast));
    fresh.view.setModel(&fresh.model);
    fresh.paint();
    QCOMPARE(changed.view.viewport()->grab().toImage(), fresh.view.viewport()->grab().toImage());
}

void TranscriptViewTest::beginsAtTheEndAndFollowsIt() {
    Shown shown;
    QVERIFY(shown.view.isAtEnd());
    shown.append(kRows + 1, "One more");
    QVERIFY(shown.view.isAtEnd());
    for (int i = 0; i < 20; ++i) shown.grow(kRows + 1, "\n\nand a paragraph");
    QVERIFY(shown.view.isAtEnd());
    QVERIFY(shown.view.viewport()->rect().intersects(shown.view.rowRect(kRows)));
}

void TranscriptViewTest::nothingMovesWhileSomeoneReadsAbove() {
    Shown shown;
    shown.view.scrollToMessage(kRows / 2);
    shown.paint();
    QVERIFY(!shown.view.isAtEnd());
    const int row = shown.rowInSight();
    QVERIFY(row >= 0);
    const int y = shown.view.rowRect(row).top();
    shown.append(kRows + 1, "One more");
    for (int i = 0; i < 20; ++i) {
        shown.grow(kRows + 1, "\n\nand a paragraph");
        QCOMPARE(shown.view.rowRect(row).top(), y);
    }
    shown.grow(4, "\n\nAn earlier message grows too.");
    QCOMPARE(shown.view.rowRect(row).top(), y);
    QVERIFY(!shown.view.isAtEnd());
}

void TranscriptViewTest::whatIsReadStaysWhenTheWindowGetsNarrower() {
    Shown shown;
    shown.view.scrollToMessage(kRows / 2);
    shown.paint();
    const int row = shown.rowInSight();
    QVERIFY(row >= 0);
    shown.view.resize(520, 600);
    shown.paint();
    QVERIFY(shown.view.viewport()->rect().intersects(shown.view.rowRect(row)));
}

void TranscriptViewTest::keysScroll() {
    Shown shown;
    QTest::keyClick(&shown.view, Qt::Key_Home);
    shown.paint();
    QVERIFY(shown.view.viewport()->rect().intersects(shown.view.rowRect(0)));
    QVERIFY(!shown.view.isAtEnd());
    const int before = shown.view.verticalScrollBar()->value();
    QTest::keyClick(&shown.view, Qt::Key_PageDown);
    shown.paint();
    QVERIFY(shown.view.verticalScrollBar()->value() > before);
    QTest::keyClick(&shown.view, Qt::Key_End);
    shown.paint();
    QVERIFY(shown.view.isAtEnd());
}

void TranscriptViewTest::tabReachesEveryMessageAndItsParts() {
    using Kind = TranscriptTarget::Kind;
    Shown shown;
    const auto targets = shown.view.targets(kRows - 1);
    const auto has = [&](Kind kind) {
        return std::any_of(targets.begin(), targets.end(),
                           [&](const TranscriptTarget& target) { return target.kind == kind; });
    };
    QVERIFY(has(Kind::Message));
    QVERIFY(has(Kind::Thinking));
    QVERIFY(has(Kind::CopyCode));
    QVERIFY(has(Kind::Link));
    for (const TranscriptTarget& target : targets) {
        QVERIFY(!shown.view.targetName(target).isEmpty());
        shown.view.focusTarget(target);
        QCOMPARE(shown.view.focusedTarget(), target);
    }
}

void TranscriptViewTest::theSelectionGoesAcrossMessagesWithoutThinking() {
    Shown shown;
    shown.view.selectAll();
    const QString text = shown.view.selectedText();
    QVERIFY(text.contains("Question 1"));
    QVERIFY(text.contains("Answer 60."));
    QVERIFY(!text.contains("secret"));
    QVERIFY(text.indexOf("Answer 2.") < text.indexOf("Question 3"));
    shown.view.clearSelection();
    QVERIFY(!shown.view.hasSelection());

    // By hand: from the first message in sight down.
    shown.view.scrollToMessage(kRows / 2);
    shown.paint();
    const int row = shown.rowInSight();
    QVERIFY(row >= 0);
    const QRect rect = shown.view.rowRect(row);
    QTest::mousePress(shown.view.viewport(), Qt::LeftButton, {}, {30, rect.top() + 2});
    QTest::mouseMove(shown.view.viewport(), {600, 590});
    QTest::mouseRelease(shown.view.viewport(), Qt::LeftButton, {}, {600, 590});
    QVERIFY(shown.view.hasSelection());
    QVERIFY(!shown.view.selectedText().contains("secret"));
}

void TranscriptViewTest::copyingGivesThreeForms() {
    Shown shown;
    shown.view.copyMessage(1);
    const QMimeData* copied = QGuiApplication::clipboard()->mimeData();
    QVERIFY(copied->text().contains("Answer 2."));
    QVERIFY(copied->hasHtml());
    QVERIFY(copied->html().contains("<li>"));
    QVERIFY(copied->hasFormat("text/markdown"));
    QVERIFY(copied->data("text/markdown").contains("[a link](https://example.org)"));
    QVERIFY(!copied->text().contains("secret") && !copied->html().contains("secret"));
}

void TranscriptViewTest::actionsAskBySignals() {
    using Action = MessageActions::Action;
    Shown shown;
    // Another version of the first question.
    shown.model.append(message(kRows + 1, 0, {textPart("Question 1, again")}));
    shown.paint();
    QCOMPARE(shown.model.rowCount(), 1);
    const auto offer = shown.view.offerOf(0);
    QVERIFY(offer.canEdit);
    QCOMPARE(offer.nVersions, 2);
    QCOMPARE(offer.version, 1);
    QSignalSpy edit(&shown.view, &TranscriptView::editRequested);
    QSignalSpy version(&shown.view, &TranscriptView::versionRequested);
    QSignalSpy regenerate(&shown.view, &TranscriptView::regenerateRequested);
    shown.view.act(0, Action::Edit);
    QCOMPARE(edit.count(), 1);
    QCOMPARE(edit[0][0].value<MessageId>(), MessageId{kRows + 1});
    shown.view.act(0, Action::PreviousVersion);
    QCOMPARE(version.count(), 1);
    QCOMPARE(version[0][1].toInt(), 0);
    shown.model.showVersion(0, 0);
    shown.paint();
    QCOMPARE(shown.model.rowCount(), kRows);
    shown.view.act(1, Action::Regenerate);
    QCOMPARE(regenerate.count(), 1);
    shown.view.setAnswering(true);  // not while an answer is written
    QVERIFY(!shown.view.offerOf(0).canEdit);
    QVERIFY(!shown.view.offerOf(1).canRegenerate);
}

void TranscriptViewTest::onlySafeLinksOpen() {
    Shown shown;
    shown.append(kRows + 1, "x");
    shown.append(kRows + 2,
                 "[a](https://example.org) [b](javascript:alert(1)) [c](file:///etc/passwd)");
    QSignalSpy opened(&shown.view, &TranscriptView::linkActivated);
    for (const TranscriptTarget& target : shown.view.targets(kRows + 1)) {
        if (target.kind == TranscriptTarget::Kind::Link) shown.view.activate(target);
    }
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toUrl(), QUrl("https://example.org"));
}

void TranscriptViewTest::aCardStandsInTheTextAndTakesKeys() {
    Shown shown;
    auto* card = new QPushButton("Allow?");
    card->setMinimumHeight(90);
    shown.view.setCard(kRows, 1, card);
    shown.view.scrollToEnd();
    shown.paint();
    QVERIFY(card->isVisible());
    QVERIFY(shown.view.isAncestorOf(card));
    QVERIFY(shown.view.viewport()->rect().intersects(
        QRect(card->mapTo(shown.view.viewport(), QPoint()), card->size())));
    QSignalSpy clicked(card, &QPushButton::clicked);
    QTest::keyClick(card, Qt::Key_Space);
    QCOMPARE(clicked.count(), 1);
    shown.view.setCard(kRows, 1, nullptr);
    QVERIFY(!card->isVisible());
    delete card;
}

void TranscriptViewTest::aScreenReaderFindsEverything() {
    auto shown = std::make_unique<Shown>();
    auto* card = new QPushButton("Allow?");
    shown->view.setCard(kRows, 1, card);
    shown->paint();
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&shown->view);
    QVERIFY(list);
    QCOMPARE(list->role(), QAccessible::List);
    int messages = 0;
    QStringList names;
    QAccessibleInterface* thinking = nullptr;
    for (int i = 0; i < list->childCount(); ++i) {
        QAccessibleInterface* child = list->child(i);
        QVERIFY(child);
        QCOMPARE(list->indexOfChild(child), i);
        const QString name = child->text(QAccessible::Name);
        names << name;
        if (child->role() == QAccessible::ListItem) {
            ++messages;
            QVERIFY(!name.isEmpty());
        }
        if (name.contains("Thought")) thinking = child;
    }
    QCOMPARE(messages, kRows);
    QVERIFY(names[0].contains("Question 1"));
    QVERIFY(names.contains("Copy code"));
    QVERIFY(names.contains("Link to https://example.org"));
    // The part of a message that is in sight lies where it is painted, and can be pressed.
    QVERIFY(thinking);
    QVERIFY(thinking->isValid());
    const QRect onScreen = thinking->rect();
    QVERIFY(shown->view.viewport()->rect().intersects(
        QRect(shown->view.viewport()->mapFromGlobal(onScreen.topLeft()), onScreen.size())));
    const int folded = shown->view.rowRect(kRows - 1).height();
    QVERIFY(thinking->actionInterface());
    thinking->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    shown->paint();
    QVERIFY(shown->view.rowRect(kRows - 1).height() > folded);
    shown.reset();  // with interfaces that a screen reader still knows
}

void TranscriptViewTest::anEmptyConversationGreets() {
    ConversationModel empty;
    TranscriptView view;
    view.setTheme(Theme::make(Theme::Scheme::Dark));
    view.setModel(&empty);
    view.setGreeting("Lares", "Hello.", {"What time is it?", "What is 2 + 2?"});
    view.resize(800, 600);
    view.show();
    view.grab();
    QSignalSpy chosen(&view, &TranscriptView::exampleChosen);
    const auto buttons = view.findChildren<QAbstractButton*>();
    QAbstractButton* example = nullptr;
    for (QAbstractButton* button : buttons) {
        if (button->isVisible() &&
            (button->text() + button->accessibleName()).contains("What time is it?"))
            example = button;
    }
    QVERIFY(example);
    QTest::mouseClick(example, Qt::LeftButton);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].toString(), QString("What time is it?"));
}

void TranscriptViewTest::changesAreOneLineThatCanBeUndone() {
    std::vector<Part> parts;
    for (int i = 0; i < 40; ++i) {
        Part call = textPart("{}", Part::Kind::ToolCall);
        call.toolName = "move";
        call.callState = i == 7 ? Part::CallState::Failed : Part::CallState::Done;
        call.summary = QString("Moved %1.pdf to Bills").arg(i);
        if (i != 7) addChange(call, 100 + i);
        parts.push_back(call);
        parts.push_back(textPart("moved", Part::Kind::ToolResult));
    }
    parts.push_back(textPart("All moved."));
    ConversationModel model;
    model.setMessages({}, {message(1, 0, {textPart("Move them")}), message(2, 1, parts)});
    TranscriptView view;
    view.setTheme(Theme::make(Theme::Scheme::Light));
    view.setModel(&model);
    view.resize(800, 600);
    view.show();
    view.grab();
    using Kind = TranscriptTarget::Kind;
    const auto named = [&view](Kind kind) {
        QStringList names;
        for (const TranscriptTarget& target : view.targets(1)) {
            if (target.kind == kind) names << view.targetName(target);
        }
        return names;
    };
    QCOMPARE(named(Kind::Tool), QStringList("Moved 39 items, 1 failed"));
    QCOMPARE(named(Kind::Undo), QStringList("Undo 39 changes"));
    QSignalSpy undo(&view, &TranscriptView::undoRequested);
    for (const TranscriptTarget& target : view.targets(1)) {
        if (target.kind != Kind::Undo) continue;
        // The button lies on the line, and a click on it does not open the line.
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.targetRect(target).center());
    }
    QCOMPARE(undo.count(), 1);
    QCOMPARE(undo.first().first().toLongLong(), 2);

    ChatMessage undone = model.messageAt(1);
    QVERIFY(markUndone(undone, undoableChanges(undone)));
    model.update(undone);
    view.grab();
    QCOMPARE(named(Kind::Tool), QStringList("Moved 39 items, 1 failed · undone"));
    QVERIFY(named(Kind::Undo).isEmpty());
}

QTEST_MAIN(TranscriptViewTest)
#include "tst_transcript_view.moc"
