#include "app/chat/conversation_model.h"
#include "app/store/store_format.h"
#include "app/ui/library_row.h"
#include "app/ui/library_section.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr const char* kSearches = R"([{"when": "rent", "steps": [
    {"call": "search_documents", "arguments": {"query": "rent"}}]},
    {"steps": [{"text": "It is 900."}]}])";

QString textsOf(WindowFixture& fixture) {
    QString text;
    auto* section = fixture.window().findChild<LibrarySection*>();
    for (const QLabel* label : section->findChildren<QLabel*>())
        if (label->isVisible()) text += label->text() + '\n';
    return text;
}

}  // namespace

/// The document library in Settings, and a search of it in a conversation.
class LibrarySectionTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_folder->path()).mkpath("docs"));
        write("docs/lease.md", "# Lease\n\n## Rent\nThe rent is 900.\n");
        write("docs/broken.odt", QByteArray("PK\x03\x04 nothing that can be unpacked"));
    }

    void aFolderIsAddedReadAndRemoved() {
        WindowFixture fixture;
        fixture.window().showSettings();
        QVERIFY(textsOf(fixture).contains("without asking"));
        QVERIFY(!fixture.button("Update the document library now"));
        QVERIFY(!QFile::exists(fixture.dataFolder() + '/' + kLibraryFile));
        add(fixture, "docs");
        QTRY_VERIFY2(textsOf(fixture).contains("1 file, 1 passage\n"),
                     qPrintable(textsOf(fixture)));
        QVERIFY(textsOf(fixture).contains("The index takes "));
        QCOMPARE(fixture.controller().grants().size(), std::size_t{1});
        QCOMPARE(fixture.controller().grants()[0].duration, QString("Document library"));
        QTRY_VERIFY(!fixture.controller().library()->isBusy());
        QTRY_VERIFY(fixture.button("Remove " + path("docs") + " from the library"));
        auto* remove = fixture.button("Remove " + path("docs") + " from the library");
        remove->setFocus();
        QTest::keyClick(remove, Qt::Key_Space);
        QTRY_VERIFY(fixture.controller().library()->folders().empty());
        QTRY_COMPARE(fixture.controller().grants().size(), std::size_t{0});
    }
    void saysWhatCouldNotBeRead() {
        WindowFixture fixture;
        fixture.window().showSettings();
        add(fixture, "docs");
        const QString name = "Files of " + path("docs") + " that could not be read";
        QTRY_VERIFY(!fixture.controller().library()->isBusy() && fixture.button(name));
        QTest::keyClick(fixture.button(name), Qt::Key_Space);
        QTRY_VERIFY2(textsOf(fixture).contains("broken.odt "), qPrintable(textsOf(fixture)));
    }
    void saysWhyAFolderIsNotTaken() {
        WindowFixture fixture;
        fixture.window().showSettings();
        fixture.window().findChild<LibrarySection*>()->add(QDir::rootPath());
        QTRY_VERIFY2(textsOf(fixture).contains("choose a folder"), qPrintable(textsOf(fixture)));
        fixture.window().findChild<LibrarySection*>()->add(path("none"));
        QTRY_VERIFY2(textsOf(fixture).contains(path("none")), qPrintable(textsOf(fixture)));
    }
    void revokingThePermissionTakesItOut() {
        WindowFixture fixture;
        fixture.window().showSettings();
        add(fixture, "docs");
        QTRY_COMPARE(fixture.controller().grants().size(), std::size_t{1});
        QTRY_VERIFY(fixture.button("Revoke reading of " + path("docs")));
        fixture.button("Revoke reading of " + path("docs"))->click();
        QTRY_VERIFY(fixture.controller().library()->folders().empty());
        QVERIFY(fixture.controller().grants().empty());
    }
    void isReadWhenTheProgramStarts() {
        QTemporaryDir data;
        LibraryIndex index((data.path() + "/library.db").toStdString());
        QVERIFY(index.add_folder(QDir(path("docs")).canonicalPath().toStdString()));
        GrantList grants(ProtectedFolders{});
        DocumentLibrary library((data.path() + "/library.db").toStdString(), grants);
        library.start();
        QTRY_VERIFY(!library.isBusy() && library.folders().size() == 1);
        QCOMPARE(library.folders()[0].facts.n_file, std::size_t{1});
        QCOMPARE(grants.list().size(), std::size_t{1});
    }
    void readingCanBeStoppedAndGoesOn() {
        for (int i = 0; i < 3000; ++i)
            write("docs/f" + QString::number(i), QByteArray("number ") + QByteArray::number(i));
        QTemporaryDir data;
        GrantList grants(ProtectedFolders{});
        DocumentLibrary library((data.path() + "/library.db").toStdString(), grants);
        library.add(path("docs"));
        QTRY_VERIFY(library.reading());
        library.stop();
        QTRY_VERIFY(!library.isBusy());
        QVERIFY(library.isStopped());
        QVERIFY(library.folders()[0].facts.n_file < 3001);
        library.readLater();  // a search does not overrule the user
        QCoreApplication::processEvents();
        QVERIFY(!library.isBusy());
        library.update();
        QTRY_VERIFY_WITH_TIMEOUT(!library.isBusy(), 30'000);
        QCOMPARE(library.folders()[0].facts.n_file, std::size_t{3001});
    }
    void aDamagedIndexIsMadeAgain() {
        QTemporaryDir data;
        const QString file = data.path() + "/library.db";
        GrantList grants(ProtectedFolders{});
        {
            DocumentLibrary library(file.toStdString(), grants);
            library.add(path("docs"));
            QTRY_VERIFY(!library.isBusy());
        }
        QFile damaged(file);
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        damaged.write(QByteArray(int(damaged.size()), 'x'));
        damaged.close();
        DocumentLibrary library(file.toStdString(), grants);
        library.start();
        QTRY_VERIFY(!library.isBusy());
        QCOMPARE(library.problem(), QString());
        library.add(path("docs"));
        QTRY_VERIFY(!library.isBusy() && library.folders().size() == 1);
    }
    void aConversationSearchesIt() {
        WindowFixture fixture(kSearches);
        QVERIFY(fixture.loadModel());
        fixture.window().showSettings();
        add(fixture, "docs");
        QTRY_VERIFY(textsOf(fixture).contains("1 file, 1 passage\n"));
        fixture.window().showChat();
        QVERIFY(fixture.converse("What is the rent?"));
        QVERIFY(!fixture.controller().question());
        // What the tool returned is kept with the answer, for the line of sources.
        QJsonArray sources;
        const ConversationModel* model = fixture.controller().conversation();
        for (const Part& part : model->find(model->activeLeaf())->parts)
            if (part.kind == Part::Kind::ToolCall) sources = part.data["sources"].toArray();
        QCOMPARE(sources.size(), 1);
        QCOMPARE(sources[0].toObject()["path"].toString(), path("docs/lease.md"));
    }

private:
    void add(WindowFixture& fixture, const QString& name) {
        fixture.window().findChild<LibrarySection*>()->add(path(name));
    }
    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(LibrarySectionTest)
#include "tst_library_section.moc"
