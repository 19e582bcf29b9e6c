#pragma once

#include "engine/base/result.h"
#include "tools/documents/document_kind.h"
#include "tools/sandbox/native_handle.h"

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>

namespace lares {

/// The text of a document. Valid UTF-8; lines end with "\n".
struct DocumentText {
    DocumentKind kind = DocumentKind::Pdf;
    std::string text;
};

/// Has documents read by lares-reader, a process of its own that can do nothing but compute and has
/// nothing open but the document (tools/README.md). What comes back is checked here: it is as
/// untrusted as the document. Errors are predicates that the file's name is put in front of: "is
/// protected with a password. …". A value; thread safe.
class DocumentReader {
public:
    struct Options {
        std::string program = default_program();  ///< lares-reader: beside the running program
        std::string pdftotext = "/usr/bin/pdftotext";
        std::chrono::milliseconds time_limit{60'000};  ///< of one document
    };
    [[nodiscard]] static std::string default_program();
    /// Whether this system has a process that can be confined so. Where not, `read` says it.
    [[nodiscard]] static bool is_supported();

    DocumentReader() : DocumentReader(Options()) {}
    explicit DocumentReader(Options options) : m_options(std::move(options)) {}

    /// Reads a file that is open for reading, from its beginning, and waits for it; stopping ends
    /// the process. Where the handle stands afterwards is not said. Unsupported: something is
    /// missing here, which the sentence names; InvalidArgument: the document's own fault (a
    /// password, damage, no text, too long), as the sentence says; Corrupt: the process crashed
    /// over it, or gave an answer that is none; Cancelled; Io.
    [[nodiscard]] Result<DocumentText> read(const UniqueNativeHandle& file,
                                            DocumentFamily family,
                                            const std::stop_token& stop = {}) const;
    /// The same for a file by its name.
    [[nodiscard]] Result<DocumentText> read(const std::filesystem::path& file,
                                            DocumentFamily family,
                                            const std::stop_token& stop = {}) const;
    /// With less time than this one gives.
    [[nodiscard]] DocumentReader within(std::chrono::milliseconds time_limit) const;

private:
    Options m_options;
};

}  // namespace lares
