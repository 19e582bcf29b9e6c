#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/documents/document_reader.h"

#include <functional>

namespace lares {

/// A document that was opened beneath its grant, to be read by somebody who may start a program.
struct OpenedDocument {
    UniqueNativeHandle handle;
    DocumentFamily family = DocumentFamily::Packed;
    std::string as_called;  ///< its path, as results show it
};
using HandOverDocument = std::function<void(OpenedDocument)>;

constexpr std::size_t kPartCharacters = 8000;

/// Which part of a long text is wanted: kPartCharacters each, from 1 on. An argument's value.
struct TextPart {
    std::size_t number = 1;
};
/// Nothing: it is no whole number from 1 on. Empty text: the first part.
[[nodiscard]] std::optional<TextPart> text_part(std::string_view argument);

/// The text of a file: valid UTF-8, or UTF-16 with its mark at the beginning; line ends become
/// "\n". One part of it; a file above 16 MB is refused. A PDF, an office document or an e-book is
/// handed over instead, of which nothing but the first bytes was looked at: then document_text
/// makes the result. Without `hand_over` it is no text. One thread a call.
[[nodiscard]] ToolText read_file(const ToolPath& path,
                                 TextPart part,
                                 const RunLimits& limits,
                                 const HandOverDocument& hand_over = {});

/// What a document that was handed over came to: "[text taken from a PDF]" and the text, within the
/// same bounds; or its error, with the path in front.
[[nodiscard]] ToolText document_text(const std::string& as_called,
                                     TextPart part,
                                     const RunLimits& limits,
                                     const Result<DocumentText>& read);

}  // namespace lares
