#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/documents/document_reader.h"

#include <functional>

namespace lares {

/// A document that was opened beneath its grant, to be read by somebody who may start a program.
struct OpenedDocument {
    UniqueNativeHandle handle;
    DocumentFamily family = DocumentFamily::Packed;
};
using HandOverDocument = std::function<void(OpenedDocument)>;

/// The text of a file: valid UTF-8, or UTF-16 with its mark at the beginning; line ends become
/// "\n". At most 8,000 characters of it; a file above 16 MB is refused. A PDF, an office document
/// or an e-book is handed over instead, of which nothing but the first bytes was looked at: then
/// document_text makes the result. Without `hand_over` it is no text. One thread a call.
[[nodiscard]] ToolText read_file(const ToolPath& path,
                                 const RunLimits& limits,
                                 const HandOverDocument& hand_over = {});

/// What a document that was handed over came to: "[text taken from a PDF]" and the text, within the
/// same bounds; or its error, with the path in front.
[[nodiscard]] ToolText document_text(const std::string& as_called,
                                     const RunLimits& limits,
                                     const Result<DocumentText>& read);

}  // namespace lares
