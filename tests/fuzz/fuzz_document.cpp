#include "engine/base/utf8.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"
#include "tests/tools/reader/zip_maker.h"
#include "tools/reader/formats/document_text.h"

#include <cstdlib>

using namespace lares;
using namespace lares::reader;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void extract(const std::string& bytes, bool is_web_page) {
    const auto extracted = extract_text(bytes, is_web_page);
    if (!extracted) return check(!extracted.error().message.empty());
    const std::string& text = extracted->text;
    check(!text.empty() && text.size() <= 8'000'001 && text.back() == '\n');
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        check(unit.kind == Utf8Unit::Kind::Valid && unit.code_point != 0);
        i += unit.size;
    }
}

}  // namespace

/// Any bytes as a document, as a web page, as what pdftotext printed, and as the part of a document
/// that everything else leads to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    extract(bytes, false);
    extract(bytes, true);
    extract(test::docx_of(bytes), false);
    extract(test::zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                          {"content.xml", "<a>" + bytes + "</a>"}}),
            false);
    (void)pages_of_pdf(bytes);
    return 0;
}

std::vector<std::string> lares::fuzz::seeds() {
    std::vector<std::string> seeds = {
        "<w:p><w:r><w:t>a</w:t><w:tab/></w:r></w:p><w:tbl><w:tr><w:tc/></w:tr></w:tbl>",
        "<table name=\"a\"><table-row><table-cell number-columns-repeated=\"2\"><p>x</p>"
        "</table-cell></table-row></table>"};
    for (const char* name : {"letter.docx", "letter.odt", "letter.rtf", "talk.pptx", "costs.xlsx",
                             "book.epub", "page.html"})
        seeds.push_back(test::read_file(test::data_file(std::string("documents/") + name)));
    return seeds;
}
