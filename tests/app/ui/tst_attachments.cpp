#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/attachment_row.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/context_meter.h"
#include "app/ui/file_drop.h"
#include "app/ui/header_bar.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/test_data.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

/// Files for a message, in the whole window.
class AttachmentsTest : public QObject {
    Q_OBJECT

private slots:
    void readsFilesInTheirOrder();
    void laterChangesOfAFileChangeNothing();
    void saysWhatCannotBeAttached();
    void saysWhatIsTooLongWithNumbers();
    void filesAreDroppedAnywhereOnTheConversation();
    void aLongPasteBecomesAChip();
    void theClipChoosesFiles();
    void goesWithTheMessageAndComesBackForEditing();
    void eachConversationHasItsOwn();
    void aDocumentIsAttachedAsItsText();
    void whatIsReadShowsAndCanBeStopped();
    void closingWhileADocumentIsReadLeavesNoProcess();

private:
    QString make(const QString& name, const QByteArray& bytes = "some text\n") {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(bytes);
        return file.fileName();
    }
    static Composer& composer(WindowFixture& fixture) {
        return *fixture.window().chatPage()->composer();
    }
    static QStringList names(WindowFixture& fixture) {
        QStringList names;
        for (const Attachment& one : composer(fixture).attachments()) names << one.name;
        return names;
    }
    static QString refusal(WindowFixture& fixture) {
        const Banner* banner = fixture.window().banner();
        return banner->isVisible() ? banner->sentence() : QString();
    }
    /// False also for one that has ended and that nobody has waited for.
    static bool isRunning(const QByteArray& process) {
        QFile stat("/proc/" + process + "/stat");
        if (!stat.open(QIODevice::ReadOnly)) return false;
        const QByteArray line = stat.readAll();
        return !line.mid(line.lastIndexOf(')') + 2).startsWith('Z');
    }
    QTemporaryDir m_folder;
};

void AttachmentsTest::readsFilesInTheirOrder() {
    WindowFixture fixture;
    const QString hidden = QStringLiteral("a\u202eb.md");
    fixture.window().chatPage()->attachFiles(
        {make("z.csv", QByteArray(500'000, 'z')), make("b.log"), make(hidden)});
    fixture.window().chatPage()->attachFiles({make("last.txt")});
    QTRY_COMPARE(names(fixture), QStringList({"z.csv", "b.log", hidden, "last.txt"}));
    const auto& chips = composer(fixture).row()->buttons();
    QVERIFY(chips[2]->accessibleName().contains("a\\u{202e}b.md"));
    QCOMPARE(refusal(fixture), QString());
}

void AttachmentsTest::laterChangesOfAFileChangeNothing() {
    WindowFixture fixture;
    const QString path = make("a.txt", "before");
    fixture.window().chatPage()->attachFiles({path});
    QTRY_COMPARE(names(fixture).size(), 1);
    make("a.txt", "after");
    QVERIFY(QFile::remove(path));
    QCOMPARE(composer(fixture).attachments()[0].text, QString("before"));
}

void AttachmentsTest::saysWhatCannotBeAttached() {
    WindowFixture fixture;
    ChatPage& page = *fixture.window().chatPage();
    page.attachFiles({make("photo.png", QByteArray("\x89PNG\0", 5)), make("good.txt"),
                      m_folder.path(), make("none.txt", "")});
    QTRY_COMPARE(names(fixture), QStringList({"good.txt"}));
    QVERIFY2(refusal(fixture).contains("“photo.png” is an image. Text can be attached"),
             qPrintable(refusal(fixture)));
    QVERIFY(refusal(fixture).endsWith("(2 more were not attached.)"));
    page.attachFiles({make("good.csv")});
    QTRY_COMPARE(refusal(fixture), QString());  // it was about what is over

    auto* image = new QMimeData;
    image->setImageData(QImage(2, 2, QImage::Format_RGB32));
    QGuiApplication::clipboard()->setMimeData(image);
    composer(fixture).findChild<ComposerText*>()->paste();
    QVERIFY(refusal(fixture).startsWith("An image cannot be attached"));
}

void AttachmentsTest::saysWhatIsTooLongWithNumbers() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());  // of 4,096 tokens
    ChatPage& page = *fixture.window().chatPage();
    page.attachFiles({make("numbers.csv", QByteArray(6000, '1'))});
    QTRY_COMPARE(refusal(fixture),
                 QString("“numbers.csv” is too long for this conversation: about 6,000 tokens, "
                         "and it holds 4,096. Attach the part that matters."));
    page.attachFiles({make("some.csv", QByteArray(3000, '1'))});
    QTRY_COMPARE(names(fixture).size(), 1);
    const auto* meter = fixture.window().header()->findChild<ContextMeter*>();
    QVERIFY2(meter->accessibleName().contains("What is attached adds about 3,000 tokens."),
             qPrintable(meter->accessibleName()));
    page.attachFiles({make("more.csv", QByteArray(2000, '1'))});
    QTRY_VERIFY2(refusal(fixture).contains("What is attached already takes about 3,000 tokens."),
                 qPrintable(refusal(fixture)));
    composer(fixture).row()->removeAt(0);
    QVERIFY(!meter->accessibleName().contains("attached"));
    page.attachFiles({make("more.csv", QByteArray(2000, '1'))});
    QTRY_COMPARE(names(fixture).size(), 1);
}

void AttachmentsTest::filesAreDroppedAnywhereOnTheConversation() {
    WindowFixture fixture;
    auto* hint = fixture.window().findChild<FileDrop*>();
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(make("a.txt")), QUrl::fromLocalFile(make("b.txt"))});
    const auto enter = [&](const QMimeData& data) {
        QDragEnterEvent drag(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton,
                             Qt::NoModifier);
        drag.ignore();
        QCoreApplication::sendEvent(&fixture.window(), &drag);
        return drag.isAccepted();
    };
    QVERIFY(enter(files));
    QVERIFY(hint->isVisible());
    QDragLeaveEvent leave;
    QCoreApplication::sendEvent(&fixture.window(), &leave);
    QVERIFY(!hint->isVisible());

    QVERIFY(enter(files));
    QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&fixture.window(), &drop);
    QVERIFY(!hint->isVisible());
    QTRY_COMPARE(names(fixture), QStringList({"a.txt", "b.txt"}));

    QMimeData link;
    link.setUrls({QUrl("https://example.org/a.txt")});
    QVERIFY(!enter(link));
    fixture.window().showSettings();
    QVERIFY(!enter(files));  // there is no message to attach to
    QVERIFY(!hint->isVisible());
}

void AttachmentsTest::aLongPasteBecomesAChip() {
    WindowFixture fixture;
    QGuiApplication::clipboard()->setText(QString("word ").repeated(2000));
    composer(fixture).findChild<ComposerText*>()->paste();
    QCOMPARE(names(fixture), QStringList({"Pasted text"}));
    QCOMPARE(composer(fixture).text(), QString());
    QVERIFY(fixture.controller().draftAttachments() == composer(fixture).attachments());
}

void AttachmentsTest::theClipChoosesFiles() {
    WindowFixture fixture;
    QAbstractButton* clip = fixture.button("Attach files");
    QVERIFY(clip);
    clip->click();
    auto* dialog = fixture.window().findChild<QFileDialog*>();
    QVERIFY(dialog);
    emit dialog->filesSelected({make("chosen.txt")});
    dialog->close();
    QTRY_COMPARE(names(fixture), QStringList({"chosen.txt"}));
}

void AttachmentsTest::goesWithTheMessageAndComesBackForEditing() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    ChatPage& page = *fixture.window().chatPage();
    page.attachFiles({make("a.txt"), make("b.txt")});
    QTRY_COMPARE(names(fixture).size(), 2);
    QTest::keyClick(composer(fixture).findChild<ComposerText*>(), Qt::Key_Return);
    const ConversationModel* model = nullptr;
    QTRY_VERIFY((model = fixture.controller().conversation())->rowCount() == 2 &&
                !fixture.controller().isAnswering());
    QCOMPARE(attachmentsOf(model->messageAt(0)).size(), std::size_t{2});
    QCOMPARE(model->info().preview, QString("a.txt, b.txt"));
    QVERIFY(names(fixture).isEmpty());
    QVERIFY(fixture.controller().draftAttachments().empty());

    // The draft is set aside and comes back; what is changed while editing is not the draft's.
    page.attachFiles({make("draft.txt")});
    QTRY_COMPARE(names(fixture), QStringList({"draft.txt"}));
    emit page.transcript()->editRequested(model->messageAt(0).id);
    QCOMPARE(names(fixture), QStringList({"a.txt", "b.txt"}));
    composer(fixture).row()->removeAt(0);
    QCOMPARE(fixture.controller().draftAttachments()[0].name, QString("draft.txt"));
    composer(fixture).setText("Only this one");
    QTest::keyClick(composer(fixture).findChild<ComposerText*>(), Qt::Key_Return);
    QTRY_VERIFY(model->versionCountAt(0) == 2 && !fixture.controller().isAnswering());
    QCOMPARE(attachmentsOf(model->messageAt(0)).size(), std::size_t{1});
    QCOMPARE(names(fixture), QStringList({"draft.txt"}));
}

void AttachmentsTest::eachConversationHasItsOwn() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("One"));
    const ConversationId one = fixture.controller().conversation()->info().id;
    fixture.window().chatPage()->attachFiles({make("one.txt")});
    QTRY_COMPARE(names(fixture), QStringList({"one.txt"}));
    fixture.controller().newConversation();
    QVERIFY(names(fixture).isEmpty());
    fixture.window().chatPage()->attachFiles({make("new.txt")});
    QTRY_COMPARE(names(fixture), QStringList({"new.txt"}));
    fixture.controller().openConversation(one);
    QCOMPARE(names(fixture), QStringList({"one.txt"}));
    fixture.controller().newConversation();
    QCOMPARE(names(fixture), QStringList({"new.txt"}));
}

void AttachmentsTest::aDocumentIsAttachedAsItsText() {
    if (!DocumentReader::is_supported()) QSKIP("documents are not read on this system");
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    const auto sample = [](const char* name) {
        return QString::fromStdString(test::data_file(std::string("documents/") + name).string());
    };
    ChatPage& page = *fixture.window().chatPage();
    page.attachFiles({sample("letter.docx"), sample("locked.odt"), make("last.txt")});
    QTRY_COMPARE(names(fixture), QStringList({"letter.docx", "last.txt"}));
    QVERIFY2(refusal(fixture).startsWith("“locked.odt” is protected with a password."),
             qPrintable(refusal(fixture)));
    QVERIFY(composer(fixture).attachments()[0].text.startsWith("Dear Anna,"));
    // What the model reads is what is stored.
    QTest::keyClick(composer(fixture).findChild<ComposerText*>(), Qt::Key_Return);
    const ConversationModel* model = nullptr;
    QTRY_VERIFY((model = fixture.controller().conversation())->rowCount() == 2 &&
                !fixture.controller().isAnswering());
    QVERIFY(attachmentsOf(model->messageAt(0))[0].text.contains("[2] By the contract."));
}

void AttachmentsTest::whatIsReadShowsAndCanBeStopped() {
    if (!DocumentReader::is_supported()) QSKIP("documents are not read on this system");
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    ChatPage& page = *fixture.window().chatPage();
    DocumentReader::Options options;
    options.program = make("slow", "#!/bin/sh\nexec sleep 60\n").toStdString();
    QFile::setPermissions(m_folder.filePath("slow"), QFile::ReadOwner | QFile::ExeOwner);
    page.setDocumentReader(DocumentReader(options));
    const QString slow = make("slow.pdf", "%PDF-1.7");
    page.attachFiles({make("a.txt"), slow});
    AttachmentRow& row = *composer(fixture).row();
    QTRY_COMPARE(row.buttons().size(), std::size_t{2});
    QVERIFY(row.isVisible());
    QCOMPARE(row.buttons()[1]->accessibleName(), QString("Being read: slow.pdf"));
    QVERIFY(names(fixture).isEmpty());  // they come in their order, together
    // Nothing is sent meanwhile, and nothing is lost.
    composer(fixture).setText("Question");
    const QSignalSpy refused(&page, &ChatPage::sendRefused);
    QTest::keyClick(composer(fixture).findChild<ComposerText*>(), Qt::Key_Return);
    QCOMPARE(refused.size(), 1);
    QVERIFY(refused[0][0].toString().contains("A file is still being read"));
    QCOMPARE(composer(fixture).text(), QString("Question"));
    QTest::keyClick(row.buttons()[1], Qt::Key_Delete);
    QTRY_COMPARE(names(fixture), QStringList({"a.txt"}));
    QCOMPARE(row.buttons().size(), std::size_t{1});

    page.attachFiles({slow});
    QTRY_COMPARE(row.buttons().size(), std::size_t{2});
    page.escape();
    QTRY_COMPARE(row.buttons().size(), std::size_t{1});
}

void AttachmentsTest::closingWhileADocumentIsReadLeavesNoProcess() {
    if (!DocumentReader::is_supported()) QSKIP("documents are not read on this system");
    // It starts another one, as lares-reader does for a PDF, and says which two they are.
    const QString ids = m_folder.filePath("ids");
    DocumentReader::Options options;
    options.program =
        make("starts-another", "#!/bin/sh\nsleep 60 &\necho $$ $! >" + ids.toUtf8() + "-\nmv " +
                                   ids.toUtf8() + "- " + ids.toUtf8() + "\nwait\n")
            .toStdString();
    QFile::setPermissions(m_folder.filePath("starts-another"), QFile::ReadOwner | QFile::ExeOwner);
    QElapsedTimer timer;
    QList<QByteArray> processes;
    {
        WindowFixture fixture;
        QVERIFY(fixture.loadModel());
        fixture.window().chatPage()->setDocumentReader(DocumentReader(options));
        // The second waits for the first, and is not begun any more.
        fixture.window().chatPage()->attachFiles(
            {make("a.pdf", "%PDF-1.7"), make("b.pdf", "%PDF-1.7")});
        QTRY_VERIFY(QFile::exists(ids));
        QFile file(ids);
        QVERIFY(file.open(QIODevice::ReadOnly));
        processes = file.readAll().simplified().split(' ');
        QCOMPARE(processes.size(), 2);
        for (const QByteArray& id : processes) QVERIFY(isRunning(id));
        QVERIFY(QFile::remove(ids));
        timer.start();
        QVERIFY(fixture.window().close());
    }
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!QFile::exists(ids));
    QVERIFY(!QFile::exists("/proc/" + processes[0]));  // it was waited for
    QTRY_VERIFY(!isRunning(processes[1]));
}

QTEST_MAIN(AttachmentsTest)
#include "tst_attachments.moc"
