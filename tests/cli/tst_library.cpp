#include "tests/cli/cli_program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;
using namespace lares::test;

/// lares-cli library, and what the other commands make of it.
class LibraryTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_folder->path()).mkpath("docs/car"));
        write("docs/lease.md", "# Lease\n\n## Rent\nThe rent is 900.\n");
        write("docs/car/tax.txt", "The tax is 120.");
    }
    void cleanup() {
        for (const QJsonValue& folder :
             runCli({"library", "--json"}).json()["folders"_L1].toArray())
            (void)runCli({"library", "remove", folder["path"_L1].toString()});
    }

    void isEmptyAtFirst() {
        const CliRun run = runCli({"library", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.json()["folders"_L1].toArray().size(), 0);
        QVERIFY(runCli({"library"}).err.contains("library add DIR"));
        const CliRun search = runCli({"library", "search", "rent"});
        QCOMPARE(search.status, 1);
        QVERIFY2(search.err.contains("no document library"), search.err.constData());
    }
    void addsSearchesUpdatesAndRemoves() {
        const CliRun added = runCli({"library", "add", path("docs"), "--json"});
        QVERIFY2(added.status == 0, added.err.constData());
        const QJsonObject folder = added.json()["folders"_L1].toArray()[0].toObject();
        QCOMPARE(folder["path"_L1].toString(), path("docs"));
        QCOMPARE(folder["files"_L1].toInt(), 2);
        QVERIFY(folder["updated_ms"_L1].toDouble() > 0);
        QCOMPARE(runCli({"library", "search", "the", "rent", "please"}).out,
                 path("docs/lease.md").toUtf8() + ":4 (Lease > Rent)\nThe rent is 900.\n\n" +
                     path("docs/car/tax.txt").toUtf8() + ":1\nThe tax is 120.\n");
        QCOMPARE(runCli({"library", "search", "the", "--folder", path("docs/car")}).out,
                 path("docs/car/tax.txt").toUtf8() + ":1\nThe tax is 120.\n");
        write("docs/new.txt", "A garage.");
        QCOMPARE(runCli({"library", "update", "--json"})
                     .json()["folders"_L1]
                     .toArray()[0]["files"_L1]
                     .toInt(),
                 3);
        const CliRun removed = runCli({"library", "remove", path("docs"), "--json"});
        QCOMPARE(removed.status, 0);
        QCOMPARE(removed.json()["folders"_L1].toArray().size(), 0);
        QCOMPARE(runCli({"library", "search", "rent"}).status, 1);
    }
    void toolsMayReadWhatIsInIt() {
        const QString call = QString::fromUtf8(oneLine({{"path", path("docs/car/tax.txt")}}));
        QCOMPARE(runCli({"tool", "read_file", call}).status, 1);
        QCOMPARE(runCli({"library", "add", path("docs")}).status, 0);
        QCOMPARE(runCli({"tool", "read_file", call}).out, QByteArray("The tax is 120.\n"));
        const CliRun search =
            runCli({"tool", "search_documents", QString::fromUtf8(oneLine({{"query", "rent"}}))});
        QVERIFY2(search.out.startsWith(path("docs/lease.md").toUtf8()), search.out.constData());
    }
    void namesWhatCouldNotBeRead() {
        QVERIFY(QFile::copy(dataPath("documents/locked.odt"), path("docs/locked.odt")));
        const CliRun run = runCli({"library", "add", path("docs")});
        QCOMPARE(run.status, 0);
        QVERIFY2(run.out.contains("locked.odt is protected with a password"), run.out.constData());
    }
    void saysWhatIsWrong() {
        QCOMPARE(runCli({"library", "dance"}).status, 2);
        QCOMPARE(runCli({"library", "add"}).status, 2);
        const CliRun none = runCli({"library", "add", path("none"), "--json"});
        QCOMPARE(none.status, 1);
        QCOMPARE(none.errorCode(), QString("not_found"));
        QVERIFY(runCli({"library", "remove", path("docs")})
                    .err.contains("not in the document library"));
        QVERIFY(runCli({"library", "add", "/"}).err.contains("choose a folder"));
        QCOMPARE(runCli({"library", "search", "x", "--folder", path("docs")}).status, 1);
        QCOMPARE(runCli({"library", "add", path("docs")}).status, 0);
        QVERIFY(runCli({"library", "add", path("docs/car")})
                    .err.contains("in the document library already"));
    }
    void aFolderThatIsGoneIsNamed() {
        QCOMPARE(runCli({"library", "add", path("docs")}).status, 0);
        QVERIFY(QDir(path("docs")).removeRecursively());
        const CliRun run = runCli({"library"});
        QCOMPARE(run.status, 0);
        QVERIFY2(run.err.contains("not in force: " + path("docs").toUtf8()), run.err.constData());
        QCOMPARE(runCli({"library", "update"}).status, 1);
        QCOMPARE(runCli({"library", "remove", path("docs")}).status, 0);
    }
    void verifyLooksAtIt() {
        QCOMPARE(runCli({"library", "add", path("docs")}).status, 0);
        const CliRun run = runCli({"verify", "--json"});
        for (const QJsonValue& check : run.json()["checks"_L1].toArray()) {
            if (check["name"_L1].toString() != "library") continue;
            QVERIFY(check["ok"_L1].toBool());
            QCOMPARE(check["files"_L1].toInt(), 2);
            return;
        }
        QFAIL("no check of the library");
    }

private:
    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(LibraryTest)
#include "tst_library.moc"
