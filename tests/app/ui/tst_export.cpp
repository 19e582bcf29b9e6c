#include "app/chat/conversation_list_model.h"
#include "app/ui/conversation_list.h"
#include "app/ui/export_section.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPointer>
#include <QTest>
#include <QUrl>

using namespace lares::app;
using namespace lares::test;

namespace {

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool says(WindowFixture& fixture, const QString& text) {
    const auto labels = fixture.window().findChild<ExportSection*>()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text().contains(text);
    });
}

}  // namespace

/// What the desktop would open a file with.
class Viewer : public QObject {
    Q_OBJECT

public:
    QString shown;

public slots:
    void show(const QUrl& url) { shown = url.toLocalFile(); }
};

class ExportTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale::C); }

    void theDialogsFilterIsTheFormat() {
        WindowFixture fixture;
        QVERIFY(fixture.loadModel() && fixture.converse("What is *this*?"));
        fixture.window().run(WindowCommand::ExportConversation);
        const QPointer<QFileDialog> dialog = fixture.window().findChild<QFileDialog*>();
        QVERIFY(dialog);
        QCOMPARE(dialog->nameFilters().size(), 9);
        QVERIFY(dialog->selectedFiles().front().endsWith("What is this.md"));
        emit dialog->filterSelected(exportChoices()[1].filter);
        QVERIFY(dialog->selectedFiles().front().endsWith("What is this.html"));
        const QString path = QDir::homePath() + "/talk.txt";
        emit dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(fixture.window().toast()->note().startsWith("Written to "));
        QVERIFY(read(path).contains("What is *this*?"));
        QVERIFY(read(path).contains("Hello."));
        QVERIFY(fixture.button("Show in folder"));
    }
    /// The pages come as a PDF to whatever shows one here, and go with the window.
    void printsWithTheDesktopsOwnProgram() {
        QString shown;
        {
            WindowFixture fixture;
            QVERIFY(!fixture.window().canRun(WindowCommand::PrintConversation));
            QVERIFY(fixture.loadModel() && fixture.converse("What is *this*?"));
            Viewer viewer;
            QDesktopServices::setUrlHandler("file", &viewer, "show");
            fixture.window().run(WindowCommand::PrintConversation);
            QTRY_VERIFY(!viewer.shown.isEmpty());
            QDesktopServices::unsetUrlHandler("file");
            shown = viewer.shown;
            QVERIFY(shown.endsWith("What is this.pdf"));
            QVERIFY(read(shown).startsWith("%PDF-"));
#ifndef Q_OS_WIN  // there the user's folder for temporary files says who may read it
            QVERIFY(!(QFile::permissions(QFileInfo(shown).path()) &
                      (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
#endif
            QVERIFY(fixture.window().toast()->note().contains("PDF viewer"));
        }
        QVERIFY(!QFileInfo::exists(QFileInfo(shown).path()));
    }
    void settingsTakesAllOutAndIn() {
        WindowFixture fixture;
        QVERIFY(fixture.loadModel() && fixture.converse("One question"));
        fixture.window().showSettings();
        const QString path = QDir::homePath() + "/all.json";
        const auto choose = [&](const char* button) {
            QTRY_VERIFY(fixture.button(button) && fixture.button(button)->isEnabled());
            fixture.button(button)->click();
            const QPointer<QFileDialog> dialog = fixture.window().findChild<QFileDialog*>();
            QVERIFY(dialog);
            emit dialog->fileSelected(path);
            dialog->close();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        };
        choose("Export everything");
        QTRY_VERIFY(
            says(fixture, "1 conversation was written to " + QDir::toNativeSeparators(path)));
        choose("Import conversations");
        QTRY_VERIFY(says(fixture, "1 was here already"));
        QCOMPARE(fixture.controller().conversations()->rowCount(), 1);
    }
};

QTEST_MAIN(ExportTest)
#include "tst_export.moc"
