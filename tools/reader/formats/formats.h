#pragma once

#include "tools/reader/formats/text_sink.h"
#include "tools/reader/formats/zip_archive.h"

#include <string>
#include <string_view>

namespace lares::reader {

// One function for each format; each writes into the sink until that is full. `main_part`: as the
// archive's relations name it. Errors are predicates.

/// Paragraphs as lines, list items with "- ", cells of a table between tabs; footnotes as "[1]",
/// with their texts at the end.
[[nodiscard]] Result<void> read_docx(ZipArchive& archive, const std::string& main_part, TextSink&);
/// "— slide 1 —" before each one, and what the speaker notes say.
[[nodiscard]] Result<void> read_pptx(ZipArchive& archive, const std::string& main_part, TextSink&);
/// "— sheet Name —" before each one, then its rows with tabs between the cells; dates as
/// 2026-11-28.
[[nodiscard]] Result<void> read_xlsx(ZipArchive& archive, const std::string& main_part, TextSink&);
/// Texts, presentations and spreadsheets of the OpenDocument formats.
[[nodiscard]] Result<void> read_open_document(ZipArchive& archive, TextSink&);
/// The chapters in their order.
[[nodiscard]] Result<void> read_epub(ZipArchive& archive, TextSink&);
/// What a browser would show as text: no scripts, styles, comments.
void read_html(std::string_view bytes, TextSink&);
[[nodiscard]] Result<void> read_rtf(std::string_view bytes, TextSink&);

}  // namespace lares::reader
