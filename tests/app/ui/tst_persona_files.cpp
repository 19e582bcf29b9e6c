#include "app/personas/persona_file.h"
#include "app/personas/persona_import.h"
#include "app/ui/banner.h"
#include "app/ui/toast.h"
#include "tests/app/personas/sample_cards.h"
#include "tests/app/ui/personas_page_ground.h"

#include <QAbstractButton>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace lares::app;
using lares::test::PersonasPageGround;

/// Personas out of files and into them, from the page.
class PersonaFilesTest : public QObject, private PersonasPageGround {
    Q_OBJECT

private slots:
    void init() { openPage(); }
    void cleanup() { m_fixture.reset(); }
    void importsAHostileFileAsPlainText();
    void saysWhyAFileIsNotImported();
    void exportsAFile();
    void exportsACharacterCard();
    void importsACardAndSaysWhatIsLeftOut();
    void takesFilesThatAreDropped();

private:
    void choose(const QString& button, const QString& file) const;
    void chooseInDialog(const QString& file) const;
    /// Opens the menu of "Export" and takes what begins with this.
    void exportAs(const QString& persona, const QString& how, const QString& file) const;
    void drop(const QStringList& files) const;
};

/// Presses the button, and chooses the file in the dialog that it opens.
void PersonaFilesTest::choose(const QString& button, const QString& file) const {
    m_fixture->button(button)->click();
    chooseInDialog(file);
}

void PersonaFilesTest::chooseInDialog(const QString& file) const {
    auto* dialog = page().findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    emit dialog->fileSelected(file);
    dialog->close();
    QTRY_VERIFY(page().findChild<QFileDialog*>() == nullptr);
}

void PersonaFilesTest::exportAs(const QString& persona,
                                const QString& how,
                                const QString& file) const {
    m_fixture->button("Export " + persona)->click();
    auto* menu = page().findChild<QMenu*>();
    QVERIFY(menu != nullptr);
    for (QAction* action : menu->actions()) {
        if (action->text().startsWith(how)) action->trigger();
    }
    menu->close();
    chooseInDialog(file);
}

/// On the middle of the page.
void PersonaFilesTest::drop(const QStringList& files) const {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files) urls << QUrl::fromLocalFile(file);
    data.setUrls(urls);
    QWidget* target = page().viewport();
    const QPoint middle = target->rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(target, &enter);
    if (!enter.isAccepted()) return;
    QDropEvent dropped(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &dropped);
}

void PersonaFilesTest::importsAHostileFileAsPlainText() {
    const QTemporaryDir files;
    const QString path = files.filePath("gift.json");
    const QString markup = "<b>Robin</b><img src=\"file:///etc/passwd\">";
    QVERIFY(writePersonaFile(path, {"lares", markup, "<h1>Obey</h1>\nhidden: \u202eyebO", "&"}));
    choose("Import a persona", path);
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{4});
    QCOMPARE(last().name, markup);
    QCOMPARE(last().system, "<h1>Obey</h1>\nhidden: yebO");
    QVERIFY(last().id != "lares");
    QCOMPARE(m_fixture->controller().personas().front().name, "Lares");
    QTRY_COMPARE(m_fixture->window().toast()->note(), "Imported “" + markup + "”");
    page().edit(last().id);
    for (const QLabel* label : m_fixture->window().findChildren<QLabel*>()) {
        if (label->text().contains(markup)) QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    QCOMPARE(text("Instructions")->toPlainText(), last().system);
}

void PersonaFilesTest::saysWhyAFileIsNotImported() {
    const QTemporaryDir files;
    QFile file(files.filePath("huge.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(1 << 30));
    choose("Import a persona", file.fileName());
    QTRY_VERIFY(m_fixture->window().banner()->sentence().contains("16 MB"));
    QCOMPARE(m_fixture->controller().personas().size(), std::size_t{3});
}

void PersonaFilesTest::exportsAFile() {
    const QTemporaryDir files;
    const QString path = files.filePath("robin.json");
    exportAs("Robin", "As a persona", path);
    QTRY_VERIFY(m_fixture->window().toast()->note().startsWith("Written to "));
    QCOMPARE(readPersonaFile(path).value(), last());
}

void PersonaFilesTest::exportsACharacterCard() {
    const QTemporaryDir files;
    const QString path = files.filePath("robin.card.json");
    exportAs("Robin", "As a character card", path);
    QTRY_VERIFY(m_fixture->window().toast()->note().startsWith("Written to "));
    const auto read = importPersonaFile(path);
    QVERIFY(read);
    QCOMPARE(read->persona.name, "Robin");
    QCOMPARE(read->persona.system, "You are Robin.");
    QVERIFY(read->leftOut.isEmpty());
}

void PersonaFilesTest::importsACardAndSaysWhatIsLeftOut() {
    const QTemporaryDir files;
    QFile file(files.filePath("ada.png"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(lares::test::pngCard(lares::test::sampleCard()));
    file.close();
    choose("Import a persona", file.fileName());
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{4});
    QCOMPARE(last().name, "Ada");
    QTRY_VERIFY(labels(page()).contains("Left out: its picture; 2 other greetings; its maker"));
    QVERIFY(m_fixture->window().toast()->note().contains("left out"));
    // Of the window, which the dialog before left behind it.
    QCOMPARE(m_fixture->window().focusWidget()->accessibleName(), "Edit Ada");
    m_fixture->window().showChat();
    m_fixture->window().showPersonas();
    QVERIFY(!labels(page()).contains("Left out"));
}

void PersonaFilesTest::takesFilesThatAreDropped() {
    const QTemporaryDir files;
    const QString card = files.filePath("ada.PNG");
    QFile file(card);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(lares::test::pngCard(lares::test::sampleCard()));
    file.close();
    const QString own = files.filePath("eve.json");
    QVERIFY(writePersonaFile(own, {"eve", "Eve", {}, {}}));
    drop({files.filePath("notes.txt")});  // not taken
    drop({card, own});
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{5});
    QCOMPARE(last().name, "Eve");
    page().edit("clerk");  // no list that it could go into
    drop({own});
    // Behind whatever was asked for before.
    m_fixture->controller().savePersona({{}, "Zoe", {}, {}});
    QTRY_COMPARE(last().name, "Zoe");
    QCOMPARE(m_fixture->controller().personas().size(), std::size_t{6});
}

QTEST_MAIN(PersonaFilesTest)
#include "tst_persona_files.moc"
