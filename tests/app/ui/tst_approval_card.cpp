#include "app/approval/approval_card.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/path_text.h"

#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using namespace std::chrono_literals;

namespace {

PermissionQuestion question() {
    return {7,
            1,
            "List the folder",
            "Documents",
            "/home/ada/Documents",
            {"/home/ada/Documents"},
            "Read only. Nothing is changed."};
}

PermissionQuestion aboutANote() {
    PermissionQuestion asked;
    asked.verb = "Remember";
    asked.object = "a note";
    asked.effect = "New conversations begin with it.";
    asked.note =
        ProposedNote{"I like tea.[U+202E]", "robin", "Robin", true, "It has read lease.pdf"};
    return asked;
}

}  // namespace

class ApprovalCardTest : public QObject {
    Q_OBJECT

private slots:
    void keysAnswer_data();
    void keysAnswer();
    void nothingApprovesBeforeItIsArmed();
    void typingKeepsItUnarmed();
    void denyingWorksAtOnce();
    void returnOnTheCardDoesNothing();
    void clicksWaitForTheArmingToo();
    void answersOnce();
    void saysWhatItAsks();
    void fitsInANarrowColumn();
    void aPlanShowsEveryPathAndFoldsTheRest();
    void showsTheLinesOfATextThatChange();
    void whatCanBeAllowedOnceOnlyOffersNoMore();
    void aCommandIsShownWhole();
    void aServersToolCanBeAllowedForLonger();
    void denyingCanSayWhy();
    void aNoteIsShownWholeAndCanBeChanged();
    void aNoteThatIsTooLongIsNotKept();
    void aNoteHasNoLongerPermission();
    void whatIsTypedIntoANoteIsNoAnswer();

private:
    [[nodiscard]] static Button* button(const ApprovalCard& card, const QString& text) {
        for (auto* one : card.findChildren<Button*>()) {
            if (one->text() == text && !one->isHidden()) return one;
        }
        return nullptr;
    }

    Appearance m_appearance;
};

void ApprovalCardTest::aServersToolCanBeAllowedForLonger() {
    PermissionQuestion asked = question();
    asked.folders.clear();
    asked.path.clear();
    asked.verb = "Use";
    asked.object = "search of notes";
    asked.server = "notes";
    asked.command = {"query: tea", "limit: 3"};
    ApprovalCard card(&m_appearance, asked, 0ms);
    QStringList shown;
    for (const auto* text : card.findChildren<PathText*>()) shown << text->accessibleName();
    QCOMPARE(shown, asked.command);
    QVERIFY(card.accessibleDescription().contains("limit: 3"));
    QStringList buttons;
    for (const auto* button : card.findChildren<Button*>()) {
        if (!button->isHidden()) buttons << button->text();
    }
    QCOMPARE(buttons, (QStringList{"Allow once", "Allow for this conversation", "Always allow",
                                   "Deny", "Deny and say why…"}));
    QSignalSpy answered(&card, &ApprovalCard::answered);
    card.show();
    QTRY_VERIFY(card.isArmed());
    QTest::keyClick(&card, Qt::Key_A);
    QCOMPARE(answered.count(), 1);
}

void ApprovalCardTest::aCommandIsShownWhole() {
    PermissionQuestion asked = question();
    asked.folders.clear();
    for (int i = 0; i < 60; ++i) asked.command << QString("echo %1").arg(i);
    ApprovalCard card(&m_appearance, asked, 0ms);
    QStringList shown;
    for (const auto* text : card.findChildren<PathText*>()) shown << text->accessibleName();
    QCOMPARE(shown, QStringList{asked.path} + asked.command);
    QVERIFY(card.accessibleDescription().contains("echo 59"));
    QStringList buttons;
    for (const auto* button : card.findChildren<Button*>()) {
        if (!button->isHidden()) buttons << button->text();
    }
    QCOMPARE(buttons, (QStringList{"Run it", "Deny", "Deny and say why…"}));
    card.show();
    QTest::keyClick(&card, Qt::Key_A);  // there is no longer permission for a command
    QVERIFY(card.isEnabled());
}

void ApprovalCardTest::aNoteIsShownWholeAndCanBeChanged() {
    ApprovalCard card(&m_appearance, aboutANote(), 0ms);
    card.show();
    QSignalSpy edited(&card, &ApprovalCard::noteEdited);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    auto* text = card.findChild<ComposerText*>();
    QCOMPARE(text->toPlainText(), QString("I like tea.[U+202E]"));
    QVERIFY(card.accessibleDescription().contains("I like tea."));
    QVERIFY(card.accessibleDescription().contains("It has read lease.pdf"));
    QVERIFY(button(card, "For every persona")->isChecked());
    button(card, "For Robin only")->click();
    QVERIFY(!button(card, "For every persona")->isChecked());
    text->setPlainText("I like green tea.");
    QCOMPARE(edited.last().at(0).toString(), QString("I like green tea."));
    QCOMPARE(edited.last().at(1).toBool(), false);
    QTRY_VERIFY(card.isArmed());
    button(card, "Remember")->click();
    QCOMPARE(answered.count(), 1);
    QCOMPARE(answered.first().at(0).value<PermissionAnswer>(), PermissionAnswer::Once);
}

void ApprovalCardTest::aNoteThatIsTooLongIsNotKept() {
    ApprovalCard card(&m_appearance, aboutANote(), 0ms);
    card.show();
    QSignalSpy answered(&card, &ApprovalCard::answered);
    auto* text = card.findChild<ComposerText*>();
    QTRY_VERIFY(card.isArmed());
    for (const QString& wrong : {QString(), QString(501, 'x')}) {
        text->setPlainText(wrong);
        QVERIFY(!button(card, "Remember")->isEnabled());
        QTest::keyClick(&card, Qt::Key_Y);
        QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(answered.count(), 0);
    }
    PermissionQuestion before = aboutANote();
    before.note->text = QString(501, 'x');  // as it was left
    QVERIFY(!button(ApprovalCard(&m_appearance, before, 0ms), "Remember")->isEnabled());
    text->setPlainText(QString(500, 'x'));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(answered.count(), 1);
}

void ApprovalCardTest::aNoteHasNoLongerPermission() {
    ApprovalCard card(&m_appearance, aboutANote(), 0ms);
    card.show();
    QVERIFY(!button(card, "Allow for this conversation"));
    QVERIFY(!button(card, "Always allow"));
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTRY_VERIFY(card.isArmed());
    QTest::keyClick(&card, Qt::Key_A);
    QCOMPARE(answered.count(), 0);
    QTest::keyClick(&card, Qt::Key_N);
    QCOMPARE(answered.count(), 1);
    QCOMPARE(answered.first().at(0).value<PermissionAnswer>(), PermissionAnswer::No);
}

void ApprovalCardTest::whatIsTypedIntoANoteIsNoAnswer() {
    ApprovalCard card(&m_appearance, aboutANote(), 0ms);
    card.show();
    QSignalSpy answered(&card, &ApprovalCard::answered);
    auto* text = card.findChild<ComposerText*>();
    QTRY_VERIFY(card.isArmed());
    text->selectAll();
    QTest::keyClicks(text, "nay");
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(answered.count(), 0);
    QCOMPARE(text->toPlainText(), QString("nay\n"));
    QTest::keyClick(text, Qt::Key_Escape);
    QCOMPARE(answered.count(), 0);
}

void ApprovalCardTest::denyingCanSayWhy() {
    ApprovalCard card(&m_appearance, question(), 0ms);
    card.resize(600, 400);
    card.show();
    QSignalSpy answered(&card, &ApprovalCard::answered);
    auto* why = card.findChild<QLineEdit*>();
    QVERIFY(why && !why->isVisible());
    QTest::keyClick(&card, Qt::Key_W);
    QVERIFY(why->isVisible());
    QTest::keyClicks(why, "yes, na");  // letters, and no answers
    QCOMPARE(answered.count(), 0);
    QTest::keyClick(why, Qt::Key_Escape);
    QVERIFY(!why->isVisible());
    QCOMPARE(answered.count(), 0);
    QTest::keyClick(&card, Qt::Key_W);
    why->setText("  into  Taxes, please ");
    QTest::keyClick(why, Qt::Key_Return);
    QCOMPARE(answered.count(), 1);
    QCOMPARE(answered.first().at(0).value<PermissionAnswer>(), PermissionAnswer::No);
    QCOMPARE(answered.first().at(1).toString(), QString("into Taxes, please"));
}

void ApprovalCardTest::keysAnswer_data() {
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<PermissionAnswer>("answer");
    QTest::addRow("Y") << Qt::Key_Y << PermissionAnswer::Once;
    QTest::addRow("A") << Qt::Key_A << PermissionAnswer::Conversation;
    QTest::addRow("N") << Qt::Key_N << PermissionAnswer::No;
}

void ApprovalCardTest::keysAnswer() {
    QFETCH(Qt::Key, key);
    QFETCH(PermissionAnswer, answer);
    ApprovalCard card(&m_appearance, question(), 0ms);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTRY_VERIFY(card.isArmed());
    QTest::keyClick(&card, key);
    QCOMPARE(answered.count(), 1);
    QCOMPARE(answered.first().first().value<PermissionAnswer>(), answer);
}

void ApprovalCardTest::nothingApprovesBeforeItIsArmed() {
    ApprovalCard card(&m_appearance, question(), 1h);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTest::keyClick(&card, Qt::Key_Y);
    QTest::keyClick(&card, Qt::Key_A);
    QCOMPARE(answered.count(), 0);
}

void ApprovalCardTest::typingKeepsItUnarmed() {
    ApprovalCard card(&m_appearance, question(), 200ms);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTest::keyClick(&card, Qt::Key_Y);
    QTest::keyClick(&card, Qt::Key_Y);
    QCOMPARE(answered.count(), 0);
    QTRY_VERIFY(card.isArmed());
    QTest::keyClick(&card, Qt::Key_Y);
    QCOMPARE(answered.count(), 1);
}

void ApprovalCardTest::denyingWorksAtOnce() {
    ApprovalCard card(&m_appearance, question(), 1h);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTest::keyClick(&card, Qt::Key_N);
    QCOMPARE(answered.count(), 1);
}

void ApprovalCardTest::returnOnTheCardDoesNothing() {
    ApprovalCard card(&m_appearance, question(), 0ms);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTRY_VERIFY(card.isArmed());
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space})
        QTest::keyClick(&card, key);
    QTest::keyClick(&card, Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(answered.count(), 0);
}

void ApprovalCardTest::clicksWaitForTheArmingToo() {
    ApprovalCard card(&m_appearance, question(), 200ms);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    Button* once = card.findChildren<Button*>().first();
    once->click();
    QCOMPARE(answered.count(), 0);
    QTRY_VERIFY(card.isArmed());
    once->click();
    QCOMPARE(answered.count(), 1);
}

void ApprovalCardTest::answersOnce() {
    ApprovalCard card(&m_appearance, question(), 0ms);
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTest::keyClick(&card, Qt::Key_N);
    QTest::keyClick(&card, Qt::Key_N);
    QCOMPARE(answered.count(), 1);
    for (const Button* button : card.findChildren<Button*>()) QVERIFY(!button->isEnabled());
}

void ApprovalCardTest::saysWhatItAsks() {
    const ApprovalCard card(&m_appearance, question(), 0ms);
    QCOMPARE(card.accessibleName(), "Permission needed: List the folder Documents");
    QVERIFY(card.accessibleDescription().contains("/home/ada/Documents"));
    QString words;
    for (const QLabel* label : card.findChildren<QLabel*>()) words += label->text() + '\n';
    QVERIFY(words.contains("The model asked for this"));
    QVERIFY(words.contains("Read only. Nothing is changed."));
}

void ApprovalCardTest::fitsInANarrowColumn() {
    const ApprovalCard card(&m_appearance, question(), 0ms);
    QVERIFY(card.minimumSizeHint().width() <= 300);
    QVERIFY(card.heightForWidth(300) > card.heightForWidth(740));
}

void ApprovalCardTest::aPlanShowsEveryPathAndFoldsTheRest() {
    PermissionQuestion plan = question();
    plan.verb = "Move";
    plan.object = "40 items from Downloads to Bills";
    for (int i = 0; i < 40; ++i) {
        plan.changes.push_back({QuestionChange::Kind::Move,
                                QString("/home/ada/Downloads/%1.pdf").arg(i),
                                QString("/home/ada/Documents/Bills/%1.pdf").arg(i),
                                {}});
    }
    ApprovalCard card(&m_appearance, plan, 0ms);
    const auto paths = [&card] {
        QStringList shown;
        for (const PathText* path : card.findChildren<PathText*>()) shown << path->accessibleName();
        return shown;
    };
    QVERIFY(paths().contains("/home/ada/Downloads"));
    QVERIFY(paths().contains("/home/ada/Documents/Bills"));
    QVERIFY(paths().contains("9.pdf"));
    QVERIFY(!paths().contains("10.pdf"));
    QVERIFY(card.accessibleDescription().contains(
        "move /home/ada/Downloads/39.pdf to /home/ada/Documents/Bills/39.pdf"));
    card.show();
    const int folded = card.heightForWidth(740);
    Button* more = nullptr;
    for (Button* button : card.findChildren<Button*>()) {
        if (button->text() == "Show all 40") more = button;
    }
    QVERIFY(more);
    more->click();
    QVERIFY(paths().contains("39.pdf"));
    QTRY_VERIFY(card.heightForWidth(740) > folded + 200);
}

void ApprovalCardTest::showsTheLinesOfATextThatChange() {
    using Kind = QuestionChange::Line::Kind;
    PermissionQuestion edit = question();
    QuestionChange change{QuestionChange::Kind::Write, {}, "/home/ada/notes.txt", "new, 1 kB"};
    for (int i = 0; i < 30; ++i) change.lines.push_back({Kind::Added, QString("line %1").arg(i)});
    change.lines.front() = {Kind::Removed, "the old one"};
    change.nLeftOut = 1200;
    edit.changes = {change};
    ApprovalCard card(&m_appearance, edit, 0ms);
    card.show();
    QVERIFY(card.accessibleDescription().contains("removed: the old one\nadded: line 1\n"));
    QVERIFY(card.accessibleDescription().contains("added: line 29\nand 1,200 more lines"));
    const int folded = card.heightForWidth(740);
    const auto buttons = card.findChildren<Button*>();
    const auto more = std::find_if(buttons.begin(), buttons.end(), [](const Button* button) {
        return button->text() == "Show all 30 lines";
    });
    QVERIFY(more != buttons.end());
    (*more)->click();
    // Fourteen lines more, and what was left out, for a button.
    const int line =
        static_cast<int>(m_appearance.theme().codeFont.pixelSize() * Theme::kCodeLineHeight);
    QTRY_VERIFY(card.heightForWidth(740) > folded + 12 * line);
}

void ApprovalCardTest::whatCanBeAllowedOnceOnlyOffersNoMore() {
    PermissionQuestion once = question();
    once.folders.clear();
    once.changes = {
        {QuestionChange::Kind::Write, {}, "/home/ada/Documents/Makefile", "may run as a program"}};
    ApprovalCard card(&m_appearance, once, 0ms);
    card.show();
    QStringList offered;
    for (const Button* button : card.findChildren<Button*>()) {
        if (button->isVisible()) offered << button->text();
    }
    QCOMPARE(offered, QStringList({"Allow once", "Deny", "Deny and say why…"}));
    QSignalSpy answered(&card, &ApprovalCard::answered);
    QTRY_VERIFY(card.isArmed());
    QTest::keyClick(&card, Qt::Key_A);
    QCOMPARE(answered.count(), 0);
    QTest::keyClick(&card, Qt::Key_Y);
    QCOMPARE(answered.count(), 1);
}

QTEST_MAIN(ApprovalCardTest)
#include "tst_approval_card.moc"
