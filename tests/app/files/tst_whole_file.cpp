#include "app/files/whole_file.h"
#include "app/personas/persona_file.h"
#include "tests/support/file_size_limit.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

QByteArray readBack(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class WholeFileTest : public QObject {
    Q_OBJECT

private slots:
    void replacesWhatIsThere() {
        QTemporaryDir folder;
        const QString path = folder.filePath("a.txt");
        QVERIFY(writeWholeFile(path, QByteArray("old")));
        QVERIFY(writeWholeFile(path, QByteArray("new")));
        QCOMPARE(readBack(path), QByteArray("new"));
    }
    /// QSaveFile::commit alone says that all is well.
    void aFullDiskLeavesTheOldFile() {
        QTemporaryDir folder;
        const QString path = folder.filePath("a.json");
        QVERIFY(writeWholeFile(path, QByteArray("old")));
        Persona persona{"clerk", "Clerk", QString(5000, 'x'), {}, {}};
        {
            const FileSizeLimit full(1000);
            const auto bytes = writeWholeFile(path, QByteArray(5000, 'x'));
            QVERIFY(!bytes);
            QVERIFY(!bytes.error().message.empty() && bytes.error().message != "Unknown error");
            QVERIFY(!writePersonaFile(path, persona));
            QVERIFY(!writePersonaFile(path, persona, PersonaFormat::CharacterCard));
        }
        QCOMPARE(readBack(path), QByteArray("old"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"a.json"});
        QVERIFY(writePersonaFile(path, persona));
        QCOMPARE(readPersonaFile(path)->system, persona.system);
    }
    void whoWritesMayStop() {
        QTemporaryDir folder;
        const QString path = folder.filePath("a.txt");
        const auto written = writeWholeFile(path, [](QIODevice& file) -> Result<void> {
            file.write("half");
            return Error{ErrorCode::Cancelled, "stopped"};
        });
        QVERIFY(!written && written.error().message == "stopped");
        QVERIFY(QDir(folder.path()).isEmpty());
    }
    void saysWhy() {
        QTemporaryDir folder;
        QVERIFY(
            !writeWholeFile(folder.filePath("no/a.txt"), QByteArray("a")).error().message.empty());
    }
};

QTEST_APPLESS_MAIN(WholeFileTest)
#include "tst_whole_file.moc"
