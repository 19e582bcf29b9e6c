#include "tools/documents/document_kind.h"

#include <algorithm>
#include <array>

namespace lares {
namespace {

struct KindNames {
    DocumentKind kind;
    std::string_view word;
    std::string_view called;
};

constexpr std::array<KindNames, 10> kKinds = {{
    {DocumentKind::Pdf, "pdf", "a PDF"},
    {DocumentKind::Docx, "docx", "a Word document"},
    {DocumentKind::Odt, "odt", "an OpenDocument text"},
    {DocumentKind::Pptx, "pptx", "a PowerPoint presentation"},
    {DocumentKind::Odp, "odp", "an OpenDocument presentation"},
    {DocumentKind::Xlsx, "xlsx", "an Excel workbook"},
    {DocumentKind::Ods, "ods", "an OpenDocument spreadsheet"},
    {DocumentKind::Epub, "epub", "an e-book"},
    {DocumentKind::Rtf, "rtf", "an RTF document"},
    {DocumentKind::WebPage, "html", "a web page"},
}};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool ends_with_folded(std::string_view name, std::string_view end) {
    return name.size() >= end.size() &&
           std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()),
                      [](char a, char b) { return a == lower(b); });
}

const KindNames& names_of(DocumentKind kind) {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [&](const KindNames& one) { return one.kind == kind; });
}

}  // namespace

std::string_view word_of(DocumentKind kind) {
    return names_of(kind).word;
}

std::optional<DocumentKind> kind_of(std::string_view word) {
    for (const KindNames& one : kKinds) {
        if (one.word == word) return one.kind;
    }
    return std::nullopt;
}

std::string_view called(DocumentKind kind) {
    return names_of(kind).called;
}

std::optional<DocumentFamily> family_of(std::string_view beginning) {
    // Programs that make PDFs for the web put a mark or a line's end before them.
    std::string_view pdf = beginning;
    if (pdf.starts_with("\xEF\xBB\xBF")) pdf.remove_prefix(3);
    pdf.remove_prefix(std::min(pdf.find_first_not_of(" \t\r\n"), pdf.size()));
    if (pdf.starts_with("%PDF-")) return DocumentFamily::Pdf;
    for (const std::string_view packed :
         {"PK\x03\x04", "{\\rtf", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}) {
        if (beginning.starts_with(packed)) return DocumentFamily::Packed;
    }
    return std::nullopt;
}

bool is_named_as_web_page(std::string_view name) {
    return ends_with_folded(name, ".html") || ends_with_folded(name, ".htm") ||
           ends_with_folded(name, ".xhtml");
}

}  // namespace lares
