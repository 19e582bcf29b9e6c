#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

using namespace lares::app;

class ComposerTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void returnSends();
    void shiftReturnBeginsALine();
    void controlReturnSendsWhereChosen();
    void sendsNothingEmpty();
    void sendTurnsIntoStop();
    void escapeStopsOrCancels();
    void upEditsOnlyFromAnEmptyField();
    void editingKeepsTheDraft();
    void growsWithItsLinesUpToItsLimit();
    void pastesPlainText();
    void saysDraftsAfterAPause();

private:
    [[nodiscard]] ComposerText* text() const { return m_composer->findChild<ComposerText*>(); }
    void type(const char* keys) { QTest::keyClicks(text(), keys); }

    std::unique_ptr<Appearance> m_appearance;
    std::unique_ptr<Composer> m_composer;
};

void ComposerTest::init() {
    m_appearance = std::make_unique<Appearance>();
    m_composer = std::make_unique<Composer>(m_appearance.get());
    m_composer->resize(600, 60);
    m_composer->show();
}

void ComposerTest::cleanup() {
    m_composer.reset();
    m_appearance.reset();
}

void ComposerTest::returnSends() {
    QSignalSpy sent(m_composer.get(), &Composer::submitted);
    type(" Hello ");
    QTest::keyClick(text(), Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), "Hello");
}

void ComposerTest::shiftReturnBeginsALine() {
    QSignalSpy sent(m_composer.get(), &Composer::submitted);
    type("a");
    QTest::keyClick(text(), Qt::Key_Return, Qt::ShiftModifier);
    type("b");
    QCOMPARE(m_composer->text(), "a\nb");
    QCOMPARE(sent.count(), 0);
}

void ComposerTest::controlReturnSendsWhereChosen() {
    m_composer->setEnterSends(false);
    QSignalSpy sent(m_composer.get(), &Composer::submitted);
    type("a");
    QTest::keyClick(text(), Qt::Key_Return);
    QCOMPARE(m_composer->text(), "a\n");
    QTest::keyClick(text(), Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(sent.count(), 1);
}

void ComposerTest::sendsNothingEmpty() {
    QSignalSpy sent(m_composer.get(), &Composer::submitted);
    type("  ");
    QTest::keyClick(text(), Qt::Key_Return);
    QCOMPARE(sent.count(), 0);
}

void ComposerTest::sendTurnsIntoStop() {
    QSignalSpy stopped(m_composer.get(), &Composer::stopRequested);
    Button* send = nullptr;
    for (Button* button : m_composer->findChildren<Button*>())
        if (button->accessibleName() == "Send") send = button;
    QVERIFY(send != nullptr);
    QVERIFY(!send->isEnabled());
    m_composer->setAnswering(true);
    QCOMPARE(send->accessibleName(), "Stop");
    QTest::mouseClick(send, Qt::LeftButton);
    QCOMPARE(stopped.count(), 1);
}

void ComposerTest::escapeStopsOrCancels() {
    QSignalSpy stopped(m_composer.get(), &Composer::stopRequested);
    QSignalSpy cancelled(m_composer.get(), &Composer::editingCancelled);
    QTest::keyClick(text(), Qt::Key_Escape);
    QCOMPARE(stopped.count(), 0);
    m_composer->setAnswering(true);
    QTest::keyClick(text(), Qt::Key_Escape);
    QCOMPARE(stopped.count(), 1);
    m_composer->setAnswering(false);
    m_composer->beginEditing("old");
    QTest::keyClick(text(), Qt::Key_Escape);
    QCOMPARE(cancelled.count(), 1);
}

void ComposerTest::upEditsOnlyFromAnEmptyField() {
    QSignalSpy wished(m_composer.get(), &Composer::editLastRequested);
    type("a");
    QTest::keyClick(text(), Qt::Key_Up);
    QCOMPARE(wished.count(), 0);
    m_composer->clear();
    QTest::keyClick(text(), Qt::Key_Up);
    QCOMPARE(wished.count(), 1);
}

void ComposerTest::editingKeepsTheDraft() {
    type("half a thought");
    m_composer->beginEditing("an older message");
    QCOMPARE(m_composer->text(), "an older message");
    m_composer->endEditing();
    QCOMPARE(m_composer->text(), "half a thought");
}

void ComposerTest::growsWithItsLinesUpToItsLimit() {
    m_composer->setTallest(100);
    const int one = m_composer->sizeHint().height();
    m_composer->setText("1\n2\n3");
    const int three = m_composer->sizeHint().height();
    QVERIFY(three > one);
    m_composer->setText(QString("line\n").repeated(100));
    const int many = m_composer->sizeHint().height();
    QVERIFY(many > three);
    QVERIFY2(many < 180, qPrintable(QString::number(many)));
}

void ComposerTest::pastesPlainText() {
    auto* rich = new QMimeData;
    rich->setHtml("<b>bold</b>");
    rich->setText("bold");
    QGuiApplication::clipboard()->setMimeData(rich);
    text()->paste();
    QCOMPARE(m_composer->text(), "bold");
    QVERIFY(!text()->document()->firstBlock().begin().fragment().charFormat().font().bold());
}

void ComposerTest::saysDraftsAfterAPause() {
    QSignalSpy drafts(m_composer.get(), &Composer::draftChanged);
    type("abc");
    QCOMPARE(drafts.count(), 0);
    QTRY_COMPARE(drafts.count(), 1);
    QCOMPARE(drafts.first().first().toString(), "abc");
    type("d");
    m_composer->flushDraft();
    QCOMPARE(drafts.count(), 2);
}

QTEST_MAIN(ComposerTest)
#include "tst_composer.moc"
