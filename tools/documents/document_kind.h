#pragma once

#include <optional>
#include <string_view>

namespace lares {

/// A document whose text lares-reader takes out of it.
enum class DocumentKind {
    Pdf,
    Docx,
    Odt,
    Pptx,
    Odp,
    Xlsx,
    Ods,
    Epub,
    Rtf,
    WebPage,
};

/// "pdf", "docx", … : what lares-reader calls it.
[[nodiscard]] std::string_view word_of(DocumentKind kind);
[[nodiscard]] std::optional<DocumentKind> kind_of(std::string_view word);
/// "a PDF", "a Word document", … : what people call it.
[[nodiscard]] std::string_view called(DocumentKind kind);

/// What lares-reader has to be told: how it confines itself depends on it, before it looks at a
/// byte.
enum class DocumentFamily {
    Pdf,      ///< read by another program, pdftotext
    Packed,   ///< office documents, e-books, RTF: lares-reader finds out which
    WebPage,  ///< a text that is HTML: nothing in it says so for sure
};

/// Whether a file may be a document, by its first bytes alone (32 are enough). Nothing: a text, or
/// something that nobody here reads.
[[nodiscard]] std::optional<DocumentFamily> family_of(std::string_view beginning);
/// Whether a file is called as web pages are: "a.html", "B.HTM".
[[nodiscard]] bool is_named_as_web_page(std::string_view name);

}  // namespace lares
