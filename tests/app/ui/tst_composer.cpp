#include "app/ui/appearance.h"
#include "app/ui/attachment_row.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QUrl>

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
    void sendsWhatIsAttachedAlone();
    void chipsAreUsedByKeys();
    void aChipIsTakenAwayByItsCross();
    void whatWasPastedBecomesTextAgain();
    void editingSetsTheAttachmentsAside();
    void tellsFilesImagesAndLongTextsThatArePasted();
    void filesThatAreDraggedAreTheWindows();
    void manyChipsScroll();

private:
    [[nodiscard]] ComposerText* text() const { return m_composer->findChild<ComposerText*>(); }
    [[nodiscard]] AttachmentButton* chip(std::size_t index) const {
        return m_composer->row()->buttons()[index];
    }
    [[nodiscard]] QStringList names() const {
        QStringList names;
        for (const Attachment& one : m_composer->attachments()) names << one.name;
        return names;
    }
    void attach(const QStringList& files) {
        for (const QString& name : files) {
            Attachment attachment = pastedText("text of " + name);
            attachment.name = name;
            m_composer->attach(attachment);
        }
    }
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
    QTRY_VERIFY(m_composer->sizeHint().height() > one);
    const int three = m_composer->sizeHint().height();
    m_composer->setText(QString("line\n").repeated(100));
    QTRY_VERIFY(m_composer->sizeHint().height() > three);
    const int many = m_composer->sizeHint().height();
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

void ComposerTest::sendsWhatIsAttachedAlone() {
    QSignalSpy sent(m_composer.get(), &Composer::submitted);
    QSignalSpy changed(m_composer.get(), &Composer::attachmentsChanged);
    attach({"a.csv"});
    QCOMPARE(changed.count(), 1);
    QTest::keyClick(text(), Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), "");
    m_composer->clear();
    QCOMPARE(changed.count(), 1);  // whoever clears it knows
    QVERIFY(!m_composer->row()->isVisible());
}

void ComposerTest::chipsAreUsedByKeys() {
    m_composer->activateWindow();
    const bool isActive = QTest::qWaitForWindowActive(m_composer.get());
#ifdef Q_OS_WIN
    if (!isActive) QSKIP("Wine without a display makes no window the active one");
#endif
    QVERIFY(isActive);
    attach({"a.csv", "b.csv", "c.csv", "d.csv"});
    QVERIFY(chip(0)->accessibleName().startsWith("Attached: a.csv, 13 bytes"));
    chip(0)->setFocus();
    QTest::keyClick(chip(0), Qt::Key_Left);  // the first one stays
    QVERIFY(chip(0)->hasFocus());
    QTest::keyClick(chip(0), Qt::Key_Right);
    QVERIFY(chip(1)->hasFocus());
    QCOMPARE(chip(1)->focusPolicy(), Qt::TabFocus);  // Tab comes back to where one was
    QCOMPARE(chip(0)->focusPolicy(), Qt::NoFocus);
    QTest::keyClick(chip(1), Qt::Key_Delete);
    QCOMPARE(names(), QStringList({"a.csv", "c.csv", "d.csv"}));
    QVERIFY(chip(1)->hasFocus());
    QTest::keyClick(chip(1), Qt::Key_End);
    QTest::keyClick(chip(2), Qt::Key_Backspace);
    QVERIFY(chip(1)->hasFocus());
    QTest::keyClick(chip(1), Qt::Key_Home);
    QTest::keyClick(chip(0), Qt::Key_Delete);
    QTest::keyClick(chip(0), Qt::Key_Delete);
    QVERIFY(names().isEmpty());
    QVERIFY(text()->hasFocus());
}

void ComposerTest::aChipIsTakenAwayByItsCross() {
    attach({"a.csv", "b.csv"});
    QTest::mouseClick(chip(0), Qt::LeftButton, {}, chip(0)->crossRect().center());
    QCOMPARE(names(), QStringList({"b.csv"}));
    QCOMPARE(QApplication::activePopupWidget(), nullptr);
}

void ComposerTest::whatWasPastedBecomesTextAgain() {
    const QString pasted = QString("word ").repeated(4000);
    m_composer->setText("Look: ");
    m_composer->attach(pastedText(pasted));
    m_composer->row()->useAsText(0);
    QVERIFY(names().isEmpty());
    QCOMPARE(m_composer->text(), "Look: " + pasted);
}

void ComposerTest::editingSetsTheAttachmentsAside() {
    attach({"draft.csv"});
    m_composer->beginEditing("old", {pastedText("x")});
    QCOMPARE(names(), QStringList({"Pasted text"}));
    Attachment loaded = pastedText("y");
    loaded.name = "loaded.csv";
    m_composer->setDraftAttachments({loaded});  // it came from the disk meanwhile
    QCOMPARE(names(), QStringList({"Pasted text"}));
    m_composer->endEditing();
    QCOMPARE(names(), QStringList({"loaded.csv"}));
}

void ComposerTest::tellsFilesImagesAndLongTextsThatArePasted() {
    QSignalSpy files(m_composer.get(), &Composer::filesPasted);
    QSignalSpy images(m_composer.get(), &Composer::imagePasted);
    QSignalSpy texts(m_composer.get(), &Composer::longTextPasted);
    const auto paste = [this](QMimeData* data) {
        QGuiApplication::clipboard()->setMimeData(data);
        text()->paste();
    };
    auto* data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile("/tmp/a.csv"), QUrl::fromLocalFile("/tmp/b c.md")});
    data->setText("/tmp/a.csv");
    paste(data);
    QCOMPARE(files.count(), 1);
    QCOMPARE(files[0][0].toStringList(), QStringList({"/tmp/a.csv", "/tmp/b c.md"}));
    data = new QMimeData;
    data->setImageData(QImage(2, 2, QImage::Format_RGB32));
    paste(data);
    QCOMPARE(images.count(), 1);
    data = new QMimeData;
    data->setText(QString(ComposerText::kLongPaste + 1, 'x'));
    paste(data);
    QCOMPARE(texts.count(), 1);
    QCOMPARE(m_composer->text(), "");
    // An address and a text that fits are text.
    data = new QMimeData;
    data->setUrls({QUrl("https://example.org")});
    data->setText("https://example.org ");
    paste(data);
    data = new QMimeData;
    data->setText(QString(ComposerText::kLongPaste, 'x'));
    paste(data);
    QCOMPARE(m_composer->text().size(), 20 + ComposerText::kLongPaste);
}

void ComposerTest::filesThatAreDraggedAreTheWindows() {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/tmp/a.csv")});
    data.setText("/tmp/a.csv");
    QDragEnterEvent drag(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    drag.ignore();
    QCoreApplication::sendEvent(text()->viewport(), &drag);
    QVERIFY(!drag.isAccepted());
}

void ComposerTest::manyChipsScroll() {
    m_composer->activateWindow();
    const bool isActive = QTest::qWaitForWindowActive(m_composer.get());
#ifdef Q_OS_WIN
    if (!isActive) QSKIP("Wine without a display makes no window the active one");
#endif
    QVERIFY(isActive);
    QStringList many;
    for (int i = 0; i < 20; ++i) many << QString("a long name of a file %1.csv").arg(i);
    attach(many);
    QCoreApplication::processEvents();
    QVERIFY(m_composer->row()->height() < 4 * chip(0)->height());
    chip(0)->setFocus();
    QTest::keyClick(chip(0), Qt::Key_End);
    QVERIFY(chip(19)->hasFocus());
    QVERIFY(!chip(19)->visibleRegion().isEmpty());
}

QTEST_MAIN(ComposerTest)
#include "tst_composer.moc"
