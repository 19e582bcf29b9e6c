#pragma once

#include "engine/base/result.h"
#include "tools/documents/document_kind.h"

#include <string>
#include <string_view>

namespace lares::reader {

/// What was taken out of a document: UTF-8, lines that end with "\n".
struct ExtractedText {
    DocumentKind kind = DocumentKind::Docx;
    std::string text;
};

/// The text of an office document, an e-book, an RTF document or a web page. Which of them it is
/// its bytes say, whatever its name says; `is_web_page` is only for what nothing in it tells.
/// Bytes are untrusted. Errors are predicates that the file's name is put in front of: "is damaged
/// (…). Open it where it was made and save it again.", "holds no text."
[[nodiscard]] Result<ExtractedText> extract_text(std::string_view bytes, bool is_web_page = false);

/// The pages that pdftotext printed, each under a line with its number. The error says that there
/// are only pictures. Bytes are untrusted.
[[nodiscard]] Result<ExtractedText> pages_of_pdf(std::string_view printed);

}  // namespace lares::reader
