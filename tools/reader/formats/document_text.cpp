#include "tools/reader/formats/document_text.h"

#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"

#include <algorithm>

namespace lares::reader {
namespace {

constexpr std::string_view kOle = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

Error not_a_document() {
    return {ErrorCode::InvalidArgument,
            "is an archive and no document. Attach the files in it one by one."};
}

Error holds_no_text() {
    return {ErrorCode::InvalidArgument, "holds no text."};
}

/// As names are written in the directory of a compound file.
std::string wide(std::string_view text) {
    std::string bytes;
    for (const char c : text) bytes.append({c, '\0'});
    return bytes;
}

/// Office's older container: documents of before 2007, and new ones that are encrypted.
Error refused_compound(std::string_view bytes) {
    if (bytes.find(wide("EncryptedPackage")) != std::string_view::npos) return needs_password();
    return {ErrorCode::Unsupported,
            "is in Office's format of before 2007. Save it as DOCX, XLSX or PPTX, and attach "
            "that."};
}

Result<DocumentKind> read_open(ZipArchive& archive, std::string_view type, TextSink& sink) {
    constexpr std::string_view kBefore = "application/vnd.oasis.opendocument.";
    type.remove_prefix(kBefore.size());
    RETURN_IF_ERROR(read_open_document(archive, sink));
    if (type.starts_with("spreadsheet")) return DocumentKind::Ods;
    return type.starts_with("presentation") ? DocumentKind::Odp : DocumentKind::Odt;
}

Result<DocumentKind> read_packed(ZipArchive& archive, TextSink& sink) {
    ASSIGN_OR_RETURN(std::string type, archive.read_or_empty("mimetype"));
    type.resize(std::min(type.find_last_not_of(" \r\n") + 1, type.size()));
    if (type.starts_with("application/vnd.oasis.opendocument.") && archive.has("content.xml"))
        return read_open(archive, type, sink);
    if (type == "application/epub+zip" || archive.has("META-INF/container.xml")) {
        RETURN_IF_ERROR(read_epub(archive, sink));
        return DocumentKind::Epub;
    }
    if (!archive.has("[Content_Types].xml")) return not_a_document();
    ASSIGN_OR_RETURN(const Relations relations, relations_of(archive, ""));
    const std::string main_part = first_of_type(relations, "officeDocument");
    if (main_part.starts_with("word/")) {
        RETURN_IF_ERROR(read_docx(archive, main_part, sink));
        return DocumentKind::Docx;
    }
    if (main_part.starts_with("ppt/")) {
        RETURN_IF_ERROR(read_pptx(archive, main_part, sink));
        return DocumentKind::Pptx;
    }
    if (main_part.starts_with("xl/") && !main_part.ends_with(".bin")) {
        RETURN_IF_ERROR(read_xlsx(archive, main_part, sink));
        return DocumentKind::Xlsx;
    }
    return Error{ErrorCode::Unsupported,
                 "is an office document of a kind that Lares does not read. Save it as DOCX, XLSX, "
                 "PPTX or PDF."};
}

Result<DocumentKind> read_any(std::string_view bytes, bool is_web_page, TextSink& sink) {
    if (is_web_page) {
        read_html(bytes, sink);
        return DocumentKind::WebPage;
    }
    if (bytes.starts_with(kOle)) return refused_compound(bytes);
    if (bytes.starts_with("{\\rtf")) {
        RETURN_IF_ERROR(read_rtf(bytes, sink));
        return DocumentKind::Rtf;
    }
    ASSIGN_OR_RETURN(ZipArchive archive, ZipArchive::open(bytes));
    return read_packed(archive, sink);
}

}  // namespace

Result<ExtractedText> extract_text(std::string_view bytes, bool is_web_page) {
    TextSink sink;
    ASSIGN_OR_RETURN(const DocumentKind kind, read_any(bytes, is_web_page, sink));
    if (sink.is_full()) return holds_too_much_text();
    ExtractedText extracted{kind, sink.take()};
    if (extracted.text.empty()) return holds_no_text();
    return extracted;
}

Result<ExtractedText> pages_of_pdf(std::string_view printed) {
    TextSink sink;
    bool has_text = false;
    for (int number = 1; !printed.empty() && !sink.is_full(); ++number) {
        const std::size_t end = std::min(printed.find('\f'), printed.size());
        const std::string_view page = printed.substr(0, end);
        printed.remove_prefix(std::min(end + 1, printed.size()));
        const bool is_blank = page.find_first_not_of(" \t\r\n") == std::string_view::npos;
        has_text = has_text || !is_blank;
        sink.add_empty();
        sink.add("— page " + std::to_string(number) + (is_blank ? ", without text —\n" : " —\n"));
        if (!is_blank) sink.add(page);
    }
    if (sink.is_full()) return holds_too_much_text();
    if (!has_text) {
        return Error{ErrorCode::InvalidArgument,
                     "holds pictures of pages, no text. A program for text recognition (OCR) can "
                     "add it."};
    }
    return ExtractedText{DocumentKind::Pdf, sink.take()};
}

}  // namespace lares::reader
