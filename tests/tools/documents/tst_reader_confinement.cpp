#include "tests/support/test_data.h"
#include "tools/documents/document_reader.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;

/// What a document could do that has taken over the program that reads it: nothing.
class ReaderConfinementTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyAttemptWorksOutside();
    void nothingWorksWhereFormatsAreRead();
    void nothingWorksInPlaceOfPdftotext();
    void aPdfsProgramIsTheOnlyOne();

private:
    [[nodiscard]] static QString attempts() {
        return QString::fromStdString((test::program("lares-reader").parent_path().parent_path() /
                                       "tests" / "reader_attempts")
                                          .string());
    }
    [[nodiscard]] QByteArray tried(const QStringList& how) const {
        QProcess process;
        process.start(attempts(), how);
        process.write(m_secret.toUtf8());
        process.closeWriteChannel();
        if (!process.waitForFinished(30'000)) return "not finished";
        return process.readAllStandardOutput();
    }
    QTemporaryDir m_folder;
    QString m_secret;
};

void ReaderConfinementTest::initTestCase() {
    m_secret = m_folder.filePath("secret");
    QFile file(m_secret);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("secret") == 6);
}

void ReaderConfinementTest::everyAttemptWorksOutside() {
    // Or a refusal would say nothing. Root alone may raise limits; the rest anybody may.
    const QByteArray worked = tried({});
    for (const char* name : {"open",
                             "make",
                             "passwd",
                             "proc",
                             "list",
                             "rename",
                             "link",
                             "mode",
                             "tcp",
                             "udp",
                             "unix",
                             "pair",
                             "process",
                             "process in our memory",
                             "program",
                             "signal",
                             "parent's limits",
                             "trace",
                             "memory file",
                             "limits up"})
        QVERIFY2(worked.contains(QByteArray(name) + "\n"), name + ("\n" + worked));
    QVERIFY(QFile::remove(m_secret + ".new") && QFile::remove(m_secret + ".link"));
}

void ReaderConfinementTest::nothingWorksWhereFormatsAreRead() {
    QCOMPARE(tried({"computing"}), QByteArray("tried\n"));
    QVERIFY(!QFile::exists(m_secret + ".new"));
}

void ReaderConfinementTest::nothingWorksInPlaceOfPdftotext() {
    QFile document(m_folder.filePath("a.pdf"));
    QVERIFY(document.open(QIODevice::WriteOnly));
    document.write("%PDF-" + m_secret.toUtf8());
    document.close();
    DocumentReader::Options options;
    options.program = test::program("lares-reader").string();
    options.pdftotext = attempts().toStdString();
    const auto read = DocumentReader(options).read(
        std::filesystem::path(document.fileName().toStdString()), DocumentFamily::Pdf);
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    // What it prints is the text of a page: no attempt's name.
    QCOMPARE(QByteArray::fromStdString(read->text), QByteArray("— page 1 —\ntried\n"));
    QVERIFY(!QFile::exists(m_secret + ".new"));
}

void ReaderConfinementTest::aPdfsProgramIsTheOnlyOne() {
    // A script would start a shell, which Landlock does not run.
    const QString script = m_folder.filePath("script");
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("#!/bin/sh\necho ran\n") > 0);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    file.close();
    DocumentReader::Options options;
    options.program = test::program("lares-reader").string();
    options.pdftotext = script.toStdString();
    const auto read =
        DocumentReader(options).read(test::data_file("documents/pages.pdf"), DocumentFamily::Pdf);
    QVERIFY(!read);
    QCOMPARE(read.error().message, std::string("cannot be read: pdftotext does not start. Install "
                                               "the package poppler-utils again."));
}

QTEST_GUILESS_MAIN(ReaderConfinementTest)
#include "tst_reader_confinement.moc"
