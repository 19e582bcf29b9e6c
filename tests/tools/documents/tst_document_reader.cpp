#include "tests/support/test_data.h"
#include "tools/documents/document_answer.h"
#include "tools/documents/document_reader.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace lares;

/// The program that reads documents, as others start it.
class DocumentReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryFormat_data();
    void readsEveryFormat();
    void readsAnOpenFileFromItsBeginning();
    void saysWhatIsWrongWithPdfs_data();
    void saysWhatIsWrongWithPdfs();
    void namesThePackageThatIsMissing();
    void aWrongSuffixChangesNothing();
    void saysThatItIsMissing();
    void readsNoFolderAndWaitsForNoPipe();
    void stopsWhenItIsAsked();
    void endsWhatTakesTooLong();
    void nothingOfItStays();
    void aBombEndsInItsProcess();
    void itsAnswerIsNotBelieved();
    void oneThatCrashesOrFloodsIsAnError();

private:
    static DocumentReader::Options options() {
        DocumentReader::Options options;
        options.program = test::program("lares-reader").string();
        return options;
    }
    static bool hasPdftotext() { return ::access("/usr/bin/pdftotext", X_OK) == 0; }
    [[nodiscard]] std::filesystem::path written(const char* name, const QByteArray& bytes) const {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(bytes);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return m_folder.filePath(name).toStdString();
    }
    /// A program in the reader's place.
    [[nodiscard]] DocumentReader instead(
        const QByteArray& script, std::chrono::milliseconds time = std::chrono::seconds(60)) {
        DocumentReader::Options other;
        other.program = written("reader", "#!/bin/sh\n" + script).string();
        other.time_limit = time;
        return DocumentReader(other);
    }
    static Result<DocumentText> letter(const DocumentReader& reader,
                                       const std::stop_token& stop = {}) {
        return reader.read(test::data_file("documents/letter.docx"), DocumentFamily::Packed, stop);
    }
    QTemporaryDir m_folder;
};

namespace {

QByteArray shown(const Result<DocumentText>& read) {
    return QByteArray::fromStdString(read ? read->text : read.error().message);
}

}  // namespace

void DocumentReaderTest::readsEveryFormat_data() {
    QTest::addColumn<int>("family");
    const auto row = [](const char* name, DocumentFamily family) {
        QTest::newRow(name) << static_cast<int>(family);
    };
    for (const char* name : {"letter.docx", "letter.odt", "letter.rtf", "talk.pptx", "talk.odp",
                             "costs.xlsx", "costs.ods", "book.epub"})
        row(name, DocumentFamily::Packed);
    row("page.html", DocumentFamily::WebPage);
    row("pages.pdf", DocumentFamily::Pdf);
}

void DocumentReaderTest::readsEveryFormat() {
    QFETCH(int, family);
    const std::string name = QTest::currentDataTag();
    if (name == "pages.pdf" && !hasPdftotext())
        QSKIP("there is no /usr/bin/pdftotext: install poppler-utils");
    const auto read = DocumentReader(options()).read(test::data_file("documents/" + name),
                                                     static_cast<DocumentFamily>(family));
    QVERIFY2(read.has_value(), shown(read).constData());
    QCOMPARE(shown(read), QByteArray::fromStdString(
                              test::read_file(test::data_file("documents/" + name + ".txt"))));
    QCOMPARE(std::string(word_of(read->kind)), name.substr(name.find('.') + 1));
}

void DocumentReaderTest::readsAnOpenFileFromItsBeginning() {
    const UniqueNativeHandle file(
        ::open(test::data_file("documents/letter.odt").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 40> some{};
    QVERIFY(::read(file.get(), some.data(), some.size()) == 40);
    for (int i = 0; i < 2; ++i) {
        const auto read = DocumentReader(options()).read(file, DocumentFamily::Packed);
        QVERIFY2(shown(read).startsWith("Rent\n"), shown(read).constData());
    }
}

void DocumentReaderTest::saysWhatIsWrongWithPdfs_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("says");
    const auto sample = [](const char* name) {
        return QByteArray::fromStdString(
            test::read_file(test::data_file(std::string("documents/") + name)));
    };
    QTest::newRow("scanned") << sample("scan.pdf")
                             << QByteArray("holds pictures of pages, no text.");
    QTest::newRow("password") << sample("locked.pdf")
                              << QByteArray("is protected with a password.");
    QTest::newRow("no pdf") << QByteArray("%PDF-1.7\nnothing") << QByteArray("is damaged (");
    QTest::newRow("empty") << QByteArray("%PDF-") << QByteArray("is damaged (");
}

void DocumentReaderTest::saysWhatIsWrongWithPdfs() {
    if (!hasPdftotext()) QSKIP("there is no /usr/bin/pdftotext: install poppler-utils");
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, says);
    const auto read = DocumentReader(options()).read(written("a.pdf", bytes), DocumentFamily::Pdf);
    QVERIFY(!read);
    QVERIFY2(shown(read).startsWith(says), shown(read).constData());
    QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
}

void DocumentReaderTest::namesThePackageThatIsMissing() {
    DocumentReader::Options other = options();
    other.pdftotext = "/nowhere/pdftotext";
    const auto read =
        DocumentReader(other).read(test::data_file("documents/pages.pdf"), DocumentFamily::Pdf);
    QCOMPARE(shown(read), QByteArray("is a PDF, which Lares reads with pdftotext. Install the "
                                     "package poppler-utils."));
    QCOMPARE(read.error().code, ErrorCode::Unsupported);
}

void DocumentReaderTest::aWrongSuffixChangesNothing() {
    const QByteArray letter =
        QByteArray::fromStdString(test::read_file(test::data_file("documents/letter.docx")));
    const auto read =
        DocumentReader(options()).read(written("a.pdf.txt.exe", letter), DocumentFamily::Packed);
    QVERIFY2(shown(read).startsWith("Dear Anna,"), shown(read).constData());
}

void DocumentReaderTest::saysThatItIsMissing() {
    DocumentReader::Options other = options();
    other.program = m_folder.filePath("none").toStdString();
    QVERIFY(
        shown(letter(DocumentReader(other))).startsWith("cannot be read: lares-reader is missing"));
    other.program = written("open", "#!/bin/sh\n").string();
    QFile::setPermissions(QString::fromStdString(other.program),
                          QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOther);
    QVERIFY(shown(letter(DocumentReader(other))).startsWith("cannot be read: others can write"));
}

void DocumentReaderTest::readsNoFolderAndWaitsForNoPipe() {
    const DocumentReader reader(options());
    QVERIFY(
        !reader.read(std::filesystem::path(m_folder.path().toStdString()), DocumentFamily::Packed));
    QVERIFY(!reader.read(std::filesystem::path("/dev/zero"), DocumentFamily::Packed));
    QVERIFY(!reader.read(std::filesystem::path("/nowhere/a.docx"), DocumentFamily::Packed));
}

void DocumentReaderTest::stopsWhenItIsAsked() {
    std::stop_source stop;
    const DocumentReader slow = instead("sleep 60");
    QElapsedTimer timer;
    timer.start();
    std::jthread other([&] { stop.request_stop(); });
    const auto read = letter(slow, stop.get_token());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Cancelled);
    QVERIFY(timer.elapsed() < 20'000);
}

void DocumentReaderTest::endsWhatTakesTooLong() {
    const auto read = letter(instead("sleep 60", std::chrono::milliseconds(200)));
    QVERIFY2(shown(read).startsWith("takes too long to read."), shown(read).constData());
    const auto closed =
        letter(instead("exec >&- 2>&-; sleep 60").within(std::chrono::milliseconds(200)));
    QVERIFY2(shown(closed).startsWith("takes too long to read."), shown(closed).constData());
}

void DocumentReaderTest::nothingOfItStays() {
    // What a reader has started ends with it.
    const std::string left = m_folder.filePath("left").toStdString();
    const auto read =
        letter(instead("(sleep 1; : >" + QByteArray::fromStdString(left) + ") & sleep 60",
                       std::chrono::milliseconds(100)));
    QVERIFY(!read);
    QTest::qWait(1500);
    QVERIFY(!std::filesystem::exists(left));
}

void DocumentReaderTest::aBombEndsInItsProcess() {
    // 100 MB that are no archive, and one byte more than is read.
    QFile large(m_folder.filePath("large"));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.write("PK\x03\x04") == 4);
    QVERIFY(large.resize(qint64{kMaxDocumentBytes} + 1));
    large.close();
    const auto read = DocumentReader(options()).read(
        std::filesystem::path(large.fileName().toStdString()), DocumentFamily::Packed);
    QCOMPARE(shown(read), QByteArray("is too large to read (100 MB at most)."));
}

void DocumentReaderTest::itsAnswerIsNotBelieved() {
    const auto text = [](const char* printed) {
        return text_of_answer({ReaderStatus::Done, printed, {}});
    };
    QCOMPARE(shown(text("docx\nGr\xC3\xBC\xC3\x9F e\n")), QByteArray("Grüß e\n"));
    QCOMPARE(shown(text("docx\na\xFF\xC0\x80\x1B[0mb\x01\r\tc")), QByteArray("a���[0mb\tc"));
    QCOMPARE(shown(text("docx\na\x7F\xC2\x9Bm\xC2\x85\xC2\xA0z")), QByteArray("am\xC2\xA0z"));
    for (const char* wrong : {"", "\n", "doc\nx", "docx", "sh\nx"}) {
        const auto read = text(wrong);
        QVERIFY2(!read || read->text.empty(), wrong);
    }
    const auto sentence =
        text_of_answer({ReaderStatus::NotRead,
                        {},
                        std::string("is\n\x1B[2Jbad \xE2\x80\xAE") + std::string(9999, 'x')});
    QVERIFY(!sentence);
    QVERIFY2(shown(sentence).startsWith("is\\u{a}[2Jbad \\u{202e}xxx"),
             shown(sentence).constData());
    QVERIFY(shown(sentence).size() < 500);
    QCOMPARE(shown(text_of_answer({static_cast<ReaderStatus>(99), {}, {}})),
             QByteArray("cannot be read."));
}

void DocumentReaderTest::oneThatCrashesOrFloodsIsAnError() {
    QCOMPARE(shown(letter(instead("kill -SEGV $$"))),
             QByteArray("is damaged in a way that Lares cannot read."));
    QVERIFY(shown(letter(instead("echo docx; exec cat /dev/zero")))
                .startsWith("holds more text than can be read."));
    // More complaints than anybody reads.
    QVERIFY(!letter(instead("head -c 1000000 /dev/zero >&2; exit 1", std::chrono::seconds(2))));
    QVERIFY(!letter(instead("exit 0")));
}

QTEST_GUILESS_MAIN(DocumentReaderTest)
#include "tst_document_reader.moc"
