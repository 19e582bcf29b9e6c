#include "tests/support/test_data.h"
#include "tests/tools/reader/zip_maker.h"
#include "tools/reader/formats/document_text.h"
#include "tools/reader/formats/parts.h"
#include "tools/reader/formats/sheet_rows.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>

using namespace lares;
using namespace lares::reader;
using lares::test::docx_of;
using lares::test::zip_of;

/// What is taken out of documents, and how hostile ones fail.
class DocumentTextTest : public QObject {
    Q_OBJECT

private slots:
    void takesTheTextOut_data();
    void takesTheTextOut();
    void bytesDecideAndNotNames();
    void refusesWithASentence_data();
    void refusesWithASentence();
    void aBombIsNotUnpacked();
    void aPartThatSaysLessThanItHoldsIsDamaged();
    void entitiesDoNotGrow();
    void deepNestingIsRefused();
    void namesOfPartsLeadNowhere();
    void anArchiveWithSomethingBeforeItIsRead();
    void truncatedAnywhereItFailsAndNothingElse_data();
    void truncatedAnywhereItFailsAndNothingElse();
    void everyByteMayBeWrong();
    void tooMuchTextIsRefused();
    void pagesOfPdfsHaveNumbers();
    void webPagesInOtherEncodings();
    void webPagesThatEndInMidTag();
    void daysOfSpreadsheets();
};

namespace {

std::string sample(const std::string& name) {
    return test::read_file(test::data_file("documents/" + name));
}

QByteArray shown(const Result<ExtractedText>& extracted) {
    return QByteArray::fromStdString(extracted ? extracted->text : extracted.error().message);
}

std::string paragraph(const std::string& text) {
    return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

std::string repeated(const std::string& text, int n) {
    std::string all;
    for (int i = 0; i < n; ++i) all += text;
    return all;
}

}  // namespace

void DocumentTextTest::takesTheTextOut_data() {
    QTest::addColumn<QByteArray>("kind");
    for (const char* name : {"letter.docx", "letter.odt", "letter.rtf", "talk.pptx", "talk.odp",
                             "costs.xlsx", "costs.ods", "book.epub", "page.html"})
        QTest::newRow(name) << QByteArray(name).mid(QByteArray(name).indexOf('.') + 1);
}

void DocumentTextTest::takesTheTextOut() {
    QFETCH(QByteArray, kind);
    const std::string name = QTest::currentDataTag();
    const auto extracted = extract_text(sample(name), kind == "html");
    QVERIFY2(extracted.has_value(), shown(extracted).constData());
    QCOMPARE(QByteArray::fromStdString(extracted->text),
             QByteArray::fromStdString(sample(name + ".txt")));
    QCOMPARE(QByteArray::fromStdString(std::string(word_of(extracted->kind))), kind);
}

void DocumentTextTest::bytesDecideAndNotNames() {
    // What a name says nobody here hears; the family is found in the first bytes alone.
    QVERIFY(family_of(sample("letter.docx")) == DocumentFamily::Packed);
    QVERIFY(family_of(sample("letter.rtf")) == DocumentFamily::Packed);
    QVERIFY(family_of(sample("scan.pdf")) == DocumentFamily::Pdf);
    QVERIFY(family_of("\xEF\xBB\xBF\r\n%PDF-1.7") == DocumentFamily::Pdf);
    for (const char* text : {"", " ", "PK", "A text about %PDF-1.7", "<html>", "{\\rt", "\x89PNG"})
        QVERIFY2(!family_of(text), text);
    QVERIFY(is_named_as_web_page("a.HTML") && is_named_as_web_page("b.htm"));
    QVERIFY(!is_named_as_web_page("html") && !is_named_as_web_page("a.html.txt"));
}

void DocumentTextTest::refusesWithASentence_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const std::string& bytes, const char* says) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(says);
    };
    row("encrypted OpenDocument", sample("locked.odt"), "is protected with a password.");
    std::string locked = sample("letter.docx");
    for (auto at = locked.find("PK\x01\x02"); at != std::string::npos;
         at = locked.find("PK\x01\x02", at + 1))
        locked[at + 8] = 1;
    row("encrypted archive", locked, "is protected with a password.");
    std::string compound("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    row("old Office", compound + std::string(2000, '\0'), "is in Office's format of before 2007.");
    compound.append(2000, '\0');
    for (const char c : std::string("EncryptedPackage")) compound.append({c, '\0'});
    row("encrypted Office", compound, "is protected with a password.");
    row("archive", zip_of({{"a.txt", "text"}}), "is an archive and no document.");
    row("no parts", zip_of({}), "is an archive and no document.");
    row("other Office",
        zip_of({{"[Content_Types].xml", "<Types/>"},
                {"_rels/.rels",
                 "<a><Relationship Id=\"a\" Type=\"officeDocument\" Target=\"visio/a\"/></a>"}}),
        "is an office document of a kind that Lares does not read.");
    row("missing part",
        zip_of({{"[Content_Types].xml", "<Types/>"},
                {"_rels/.rels",
                 "<a><Relationship Id=\"a\" Type=\"officeDocument\" Target=\"word/a\"/></a>"}}),
        "is damaged (a part is missing)");
    row("no text", docx_of("<w:p/>"), "holds no text.");
    row("no XML", docx_of("<w:p>"), "is damaged (XML: mismatched tag)");
    row("nothing", "", "is damaged (its end is missing)");
    row("rtf without end", "{\\rtf1 text", "is damaged (it ends too early)");
    row("protected book",
        zip_of({{"mimetype", "application/epub+zip"},
                {"META-INF/container.xml", "<a><rootfile full-path=\"b\"/></a>"},
                {"META-INF/encryption.xml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"}}),
        "is protected against copying");
}

void DocumentTextTest::refusesWithASentence() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, says);
    const auto extracted = extract_text(bytes.toStdString());
    QVERIFY(!extracted);
    QVERIFY2(shown(extracted).contains(says), shown(extracted).constData());
}

void DocumentTextTest::aBombIsNotUnpacked() {
    QElapsedTimer timer;
    timer.start();
    // 300 MB of blanks in 300 kB, in one part and in many.
    const auto one = extract_text(docx_of(std::string(300'000'000, ' ')));
    QVERIFY2(shown(one).startsWith("unpacks to more than documents hold (96 MB)"),
             shown(one).constData());
    std::string slides, links;
    test::ZipParts parts = {{"[Content_Types].xml", "<Types/>"}};
    for (int i = 0; i < 12; ++i) {
        const std::string n = std::to_string(i);
        parts.emplace_back("ppt/" + n, "<a>" + std::string(10'000'000, ' ') + "</a>");
        links += "<Relationship Id=\"" + n + "\" Type=\"slide\" Target=\"" + n + "\"/>";
        slides += "<sldId r:id=\"" + n + "\"/>";
    }
    parts.emplace_back("_rels/.rels",
                       "<a><Relationship Id=\"a\" Type=\"officeDocument\" Target=\"ppt/p\"/></a>");
    parts.emplace_back("ppt/p", "<a xmlns:r=\"r\">" + slides + "</a>");
    parts.emplace_back("ppt/_rels/p.rels", "<a>" + links + "</a>");
    const auto many = extract_text(zip_of(parts));
    QVERIFY2(shown(many).startsWith("unpacks to more than"), shown(many).constData());
    QVERIFY2(timer.elapsed() < 60'000, "a bomb took its time");
}

void DocumentTextTest::aPartThatSaysLessThanItHoldsIsDamaged() {
    // The size that both headers promise, changed to 10.
    std::string lying = docx_of(paragraph(std::string(100'000, 'x')));
    const auto at = lying.rfind("PK\x01\x02");
    lying[at + 24] = 10;
    lying[at + 25] = lying[at + 26] = lying[at + 27] = 0;
    const auto extracted = extract_text(lying);
    QCOMPARE(shown(extracted),
             QByteArray("is damaged (a part is longer than it says). Open it where it was made and "
                        "save it again."));
}

void DocumentTextTest::entitiesDoNotGrow() {
    std::string laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\">";
    for (char c = 'b'; c <= 'j'; ++c) {
        laughs += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) laughs += std::string("&") + static_cast<char>(c - 1) + ";";
        laughs += "\">";
    }
    laughs += "]><a>&j;</a>";
    const auto extracted = extract_text(zip_of({{"mimetype",
                                                 "application/vnd.oasis."
                                                 "opendocument.text"},
                                                {"content.xml", laughs}}));
    QVERIFY(!extracted);
    QVERIFY2(shown(extracted).startsWith("defines entities of its own"),
             shown(extracted).constData());
    // A file of the system's is not looked for either.
    const auto outside = extract_text(zip_of(
        {{"mimetype", "application/vnd.oasis.opendocument.text"},
         {"content.xml", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><p>&e;</p>"}}));
    QVERIFY(!outside);
}

void DocumentTextTest::deepNestingIsRefused() {
    const auto office =
        extract_text(docx_of(repeated("<w:p>", 10'000) + repeated("</w:p>", 10'000)));
    QVERIFY2(shown(office).startsWith("is nested deeper than documents are"),
             shown(office).constData());
    const auto rich =
        extract_text("{\\rtf1 " + repeated("{", 10'000) + "x" + repeated("}", 10'000) + "}");
    QVERIFY2(shown(rich).startsWith("is nested deeper than documents are"),
             shown(rich).constData());
    // A page may: nothing remembers its tags.
    const auto page = extract_text(repeated("<div><b>", 10'000) + "x", true);
    QCOMPARE(shown(page), QByteArray("x\n"));
}

void DocumentTextTest::namesOfPartsLeadNowhere() {
    QCOMPARE(part_beside("word/document.xml", "../../../etc/passwd"), std::string("etc/passwd"));
    QCOMPARE(part_beside("a/b/c.xml", "../d.xml"), std::string("a/d.xml"));
    QCOMPARE(part_beside("a/b", "/x/./y"), std::string("x/y"));
    QCOMPARE(part_beside("", "../.."), std::string());
    QCOMPARE(without_escapes("a%20b%2fc%zz#d"), std::string("a b/c%zz"));
    // Such a part is found by its whole name in the archive, and only there.
    const auto extracted =
        extract_text(zip_of({{"[Content_Types].xml", "<Types/>"},
                             {"../../word/document.xml", "<a>" + paragraph("outside") + "</a>"},
                             {"_rels/.rels",
                              "<a><Relationship Id=\"a\" Type=\"officeDocument\" "
                              "Target=\"../../word/document.xml\"/></a>"}}));
    QVERIFY(!extracted);
    QVERIFY(shown(extracted).startsWith("is damaged (a part is missing)"));
}

void DocumentTextTest::anArchiveWithSomethingBeforeItIsRead() {
    // Both a PDF by its beginning and an archive by its end: it is what its beginning says.
    const std::string both = "%PDF-1.4\n" + sample("letter.docx");
    QVERIFY(family_of(both) == DocumentFamily::Pdf);
    // And where that is not asked, its places are no longer where its list says.
    const auto extracted = extract_text(both);
    QVERIFY(!extracted);
    QVERIFY2(shown(extracted).startsWith("is damaged"), shown(extracted).constData());
}

void DocumentTextTest::truncatedAnywhereItFailsAndNothingElse_data() {
    QTest::addColumn<bool>("isWhole");
    for (const char* name : {"letter.docx", "letter.odt", "talk.pptx", "costs.xlsx", "costs.ods",
                             "book.epub", "letter.rtf"})
        QTest::newRow(name) << true;
}

void DocumentTextTest::truncatedAnywhereItFailsAndNothingElse() {
    const std::string whole = sample(QTest::currentDataTag());
    const bool isRtf = whole.starts_with("{\\rtf");
    // The last line's end may go without a loss.
    const std::size_t last = isRtf ? whole.rfind('}') + 1 : whole.size();
    for (std::size_t n = 0; n < last; ++n) {
        const auto extracted = extract_text(whole.substr(0, n));
        if (extracted) QFAIL(qPrintable(QString("read at %1").arg(n)));
        QVERIFY(!extracted.error().message.empty());
    }
}

void DocumentTextTest::everyByteMayBeWrong() {
    for (const char* name : {"letter.docx", "costs.xlsx", "letter.rtf", "page.html"}) {
        const std::string whole = sample(name);
        const bool isPage = std::string(name) == "page.html";
        for (std::size_t i = 0; i < whole.size(); ++i) {
            for (const int change : {0xFF, 0x01}) {
                std::string damaged = whole;
                damaged[i] = static_cast<char>(damaged[i] ^ change);
                const auto extracted = extract_text(damaged, isPage);
                QVERIFY(extracted || !extracted.error().message.empty());
            }
        }
    }
}

void DocumentTextTest::tooMuchTextIsRefused() {
    const auto extracted = extract_text(docx_of(paragraph(std::string(9'000'000, 'x'))));
    QCOMPARE(shown(extracted),
             QByteArray("holds more than 8 MB of text. Attach the part that matters."));
    const auto rows = extract_text(
        zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                {"content.xml",
                 "<spreadsheet>" +
                     repeated("<table><table-row number-rows-repeated=\"1000000\"><table-cell "
                              "number-columns-repeated=\"1000000\"><p>x</p></table-cell>"
                              "</table-row></table>",
                              100) +
                     "</spreadsheet>"}}));
    QVERIFY2(shown(rows).startsWith("holds more than 8 MB of text."), shown(rows).constData());
}

void DocumentTextTest::pagesOfPdfsHaveNumbers() {
    const auto pages = pages_of_pdf("One\n\f\n \f  Three\r\n\x01\f");
    QVERIFY(pages.has_value());
    QCOMPARE(shown(pages), QByteArray("— page 1 —\nOne\n\n— page 2, without text —\n\n"
                                      "— page 3 —\n  Three\n"));
    for (const char* nothing : {"", "\f", " \n\f\n\f"}) {
        QVERIFY2(shown(pages_of_pdf(nothing)).startsWith("holds pictures of pages, no text."),
                 nothing);
    }
}

void DocumentTextTest::webPagesInOtherEncodings() {
    QCOMPARE(shown(extract_text("<p>Gr\xFC\xDF e \x80", true)), QByteArray("Grüß e €\n"));
    QCOMPARE(shown(extract_text(std::string("\xFF\xFE<\0p\0>\0x\0", 10), true)), QByteArray("x\n"));
    QCOMPARE(shown(extract_text("&#0;&#xD800;&#x110000;&#128;&eacute;&Omega;&amp", true)),
             QByteArray("���€éΩ&\n"));
    QCOMPARE(shown(extract_text("a\x01\x1b[31mb\x7f", true)), QByteArray("a[31mb\n"));
}

void DocumentTextTest::webPagesThatEndInMidTag() {
    for (const char* page :
         {"x<!--", "x<script>y", "x<p title=\"y", "x<![CDATA[y", "x</", "x<", "x<svg><text>y"}) {
        const QByteArray text = shown(extract_text(page, true));
        QVERIFY2(text.startsWith('x') && !text.contains('y'), page);
    }
    QCOMPARE(shown(extract_text("<script>a</scrip>b</SCRIPT >c", true)), QByteArray("c\n"));
}

void DocumentTextTest::daysOfSpreadsheets() {
    QCOMPARE(date_text(1, false), std::string("1900-01-01"));
    QCOMPARE(date_text(61, false), std::string("1900-03-01"));
    QCOMPARE(date_text(46354, false), std::string("2026-11-28"));
    QCOMPARE(date_text(46354.999999, false), std::string("2026-11-29"));
    QCOMPARE(date_text(0.395833333333333, false), std::string("09:30"));
    QCOMPARE(date_text(0, true), std::string("1904-01-01"));
    QCOMPARE(date_text(1e300, false), std::string("1e+300"));
    QCOMPARE(date_text(-1, false), std::string("-1"));
    for (const char* format : {"dd/mm/yy", "[$-407]d. mmmm yyyy", "h:mm", "YYYY"})
        QVERIFY2(is_date_format(format), format);
    for (const char* format :
         {"0.00", "General", "#,##0 \"days\"", "[Red]0", "[h]:mm:ss", "@", "", "\\d0", "["})
        QVERIFY2(!is_date_format(format), format);
}

QTEST_GUILESS_MAIN(DocumentTextTest)
#include "tst_document_text.moc"
