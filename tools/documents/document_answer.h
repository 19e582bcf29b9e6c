#pragma once

#include "tools/documents/document_reader.h"
#include "tools/documents/reader_protocol.h"

#include <string>
#include <string_view>

namespace lares {

/// What lares-reader said, as bytes that nobody trusts.
struct ReaderAnswer {
    ReaderStatus status = ReaderStatus::NotRead;
    std::string printed;
    std::string sentence;
};

/// The answer as the document's text, or as its error. Bytes that are no UTF-8 become U+FFFD,
/// control characters go, a sentence is one line of visible characters.
[[nodiscard]] Result<DocumentText> text_of_answer(const ReaderAnswer& answer);

}  // namespace lares
