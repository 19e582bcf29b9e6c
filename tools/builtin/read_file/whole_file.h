#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/documents/document_kind.h"
#include "tools/sandbox/native_handle.h"

#include <cstddef>
#include <optional>
#include <string>

namespace lares {

/// What an open file holds, or why that is not known.
struct WholeFile {
    enum class Fault {
        Io,        ///< the system failed
        TooLarge,  ///< more than kMaxReadBytes
        NoText,    ///< bytes that are no text
        Expired,   ///< stopped, or out of time
    };

    std::string text;  ///< as text_from_bytes makes it
    std::optional<Fault> fault;
    /// It is a document, of which only the first bytes were read; there is no text then.
    std::optional<DocumentFamily> family;
};

constexpr std::size_t kMaxReadBytes = 16'000'000;

/// Reads a file from where it stands to its end. `finds_documents`: looks whether it is one that
/// lares-reader takes the text out of; a web page is a text here, since whoever reads it may want
/// to change it. One thread.
[[nodiscard]] WholeFile read_whole(const UniqueNativeHandle& file,
                                   bool finds_documents,
                                   const RunLimits& limits);

}  // namespace lares
