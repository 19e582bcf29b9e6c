#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"
#include "tools/policy/broker.h"

#include <QFile>
#include <QTest>

using namespace lares;
using lares::test::FolderTree;

/// read_file on documents, in a granted folder.
class BrokerDocumentsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void readsADocumentInAGrantedFolder();
    void readsAPdf();
    void saysWhyOneCannotBeRead();
    void aDocumentThatLeadsOutOfTheGrantIsNotHandedOver();
    void aWebPageStaysAsItIsWritten();
    void findsTextInDocuments();
    void ranksPassagesOfDocuments();
    void readsInParts();
    void stopsAtTheTimeLimit();

private:
    static std::string sample(const std::string& name) {
        return test::read_file(test::data_file("documents/" + name));
    }
    ToolOutcome read(const std::string& name, const Broker::Options& options = own()) {
        return call("read_file", {{"path", m_tree->path("docs/" + name)}}, options);
    }
    ToolOutcome call(const std::string& tool,
                     const Json& arguments,
                     const Broker::Options& options = own()) {
        Broker broker(*m_grants, options);
        Decision decision = broker.prepare(tool, arguments, {"c1", {tool}});
        if (auto* call = std::get_if<PreparedCall>(&decision)) return broker.run(std::move(*call));
        if (auto* refusal = std::get_if<Refusal>(&decision)) return outcome_of(*refusal);
        ToolOutcome asked;
        asked.result = "asked";
        return asked;
    }
    static Broker::Options own() {
        Broker::Options options;
        DocumentReader::Options reader;
        reader.program = test::program("lares-reader").string();
        options.documents = DocumentReader(reader);
        return options;
    }
    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<GrantList> m_grants;
};

void BrokerDocumentsTest::init() {
    m_grants.reset();
    m_tree = std::make_unique<FolderTree>();
    for (const char* name : {"letter.docx", "pages.pdf", "scan.pdf", "locked.odt", "page.html"})
        m_tree->file("docs/" + std::string(name), sample(name));
    m_tree->file("other/letter.docx", sample("letter.docx"));
    m_grants = std::make_unique<GrantList>(ProtectedFolders{m_tree->path("home"), {}});
    Grant grant;
    grant.folder = m_tree->path("docs");
    grant.duration = GrantDuration::Always;
    QVERIFY(m_grants->add(grant));
}

void BrokerDocumentsTest::readsADocumentInAGrantedFolder() {
    const ToolOutcome outcome = read("letter.docx");
    QVERIFY2(!outcome.is_error, outcome.result.c_str());
    std::string text = sample("letter.docx.txt");
    text.pop_back();
    QCOMPARE(outcome.result, "[text taken from a Word document]\n" + text);
    QCOMPARE(outcome.paths, std::vector<std::string>{m_tree->path("docs/letter.docx")});
}

void BrokerDocumentsTest::readsAPdf() {
    if (!QFile::exists("/usr/bin/pdftotext"))
        QSKIP("there is no /usr/bin/pdftotext: install poppler-utils");
    const ToolOutcome outcome = read("pages.pdf");
    QVERIFY2(outcome.result.starts_with("[text taken from a PDF]\n— page 1 —\nRent for November\n"),
             outcome.result.c_str());
    QVERIFY(read("scan.pdf")
                .result.ends_with("scan.pdf holds pictures of pages, no text. A program for text "
                                  "recognition (OCR) can add "
                                  "it."));
}

void BrokerDocumentsTest::saysWhyOneCannotBeRead() {
    const ToolOutcome outcome = read("locked.odt");
    QVERIFY(outcome.is_error);
    QCOMPARE(outcome.result, "error: " + m_tree->path("docs/locked.odt") +
                                 " is protected with a password. Save it without one, and attach "
                                 "that.");
    Broker::Options missing = own();
    DocumentReader::Options reader;
    reader.program = "/nowhere/lares-reader";
    missing.documents = DocumentReader(reader);
    QVERIFY(read("letter.docx", missing).result.find("lares-reader is missing") !=
            std::string::npos);
}

void BrokerDocumentsTest::aDocumentThatLeadsOutOfTheGrantIsNotHandedOver() {
    m_tree->link("docs/out.docx", m_tree->path("other/letter.docx"));
    const ToolOutcome outcome = read("out.docx");
    QVERIFY2(outcome.result == "asked" || outcome.is_error, outcome.result.c_str());
    QVERIFY(outcome.result.find("Dear Anna") == std::string::npos);
}

void BrokerDocumentsTest::aWebPageStaysAsItIsWritten() {
    // Or what is written back would have lost its tags.
    QVERIFY(read("page.html").result.starts_with("<!DOCTYPE html>"));
}

void BrokerDocumentsTest::findsTextInDocuments() {
    m_tree->file("docs/notes.txt", "Dear diary");
    const std::string docs = m_tree->path("docs");
    const ToolOutcome outcome = call("find_text", {{"folder", docs}, {"text", "dear"}});
    QVERIFY2(!outcome.is_error, outcome.result.c_str());
    QVERIFY2(outcome.result.starts_with(docs + "/letter.docx: Dear Anna"), outcome.result.c_str());
    QVERIFY2(outcome.result.find("\n" + docs + "/notes.txt:1: Dear diary") != std::string::npos,
             outcome.result.c_str());
    // The one that is locked, and the one that holds pictures alone.
    const std::string rest = outcome.result.substr(outcome.result.rfind('\n') + 1);
    QVERIFY2(rest.starts_with('[') && rest.ends_with("not looked into]"), rest.c_str());
    QVERIFY2(outcome.summary.starts_with("Searched the files in docs for dear: 2 lines in 2 files"),
             outcome.summary.c_str());
    QCOMPARE(call("find_text", {{"folder", docs}, {"text", ""}}).result,
             std::string("error: empty text: text"));
}

void BrokerDocumentsTest::ranksPassagesOfDocuments() {
    m_tree->file("docs/notes.txt", "Nothing of the kind.");
    const std::string docs = m_tree->path("docs");
    const ToolOutcome outcome =
        call("search_documents", {{"folder", docs}, {"query", "a letter to dear Anna"}});
    QVERIFY2(!outcome.is_error, outcome.result.c_str());
    QVERIFY2(outcome.result.starts_with(docs + "/letter.docx\nDear Anna"), outcome.result.c_str());
    QVERIFY2(outcome.result.ends_with("not looked into]"), outcome.result.c_str());
    QVERIFY2(
        outcome.summary.starts_with("Searched the documents in docs for a letter to dear Anna: "),
        outcome.summary.c_str());
    QCOMPARE(call("search_documents", {{"folder", docs}, {"query", ""}}).result,
             std::string("error: empty text: query"));
    const ToolOutcome other =
        call("search_documents", {{"folder", m_tree->path("other")}, {"query", "Anna"}});
    QVERIFY(other.result.find("Dear Anna") == std::string::npos);
}

void BrokerDocumentsTest::readsInParts() {
    const std::string path = m_tree->path("docs/letter.docx");
    QCOMPARE(call("read_file", {{"path", path}, {"part", "1"}}).result, read("letter.docx").result);
    QCOMPARE(call("read_file", {{"path", path}, {"part", "2"}}).result,
             "error: no such part: " + path + " has 1");
    QCOMPARE(call("read_file", {{"path", path}, {"part", "x"}}).result,
             std::string("error: not a part: x"));
}

void BrokerDocumentsTest::stopsAtTheTimeLimit() {
    m_tree->file("slow", "#!/bin/sh\nexec sleep 60\n");
    QFile::setPermissions(QString::fromStdString(m_tree->path("slow")),
                          QFile::ReadOwner | QFile::ExeOwner);
    Broker::Options slow = own();
    DocumentReader::Options reader;
    reader.program = m_tree->path("slow");
    slow.documents = DocumentReader(reader);
    slow.time_limit = std::chrono::milliseconds(300);
    QCOMPARE(read("letter.docx", slow).result, std::string("error: timed out"));
}

QTEST_GUILESS_MAIN(BrokerDocumentsTest)
#include "tst_broker_documents.moc"
