#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <string>
#include <sys/types.h>

namespace lares::reader {

/// pdftotext, started on this process's stdin and confined (confine_to_program).
struct PdfProgram {
    pid_t process = -1;
    UniqueNativeHandle printed;  ///< what it prints, a pipe
    UniqueNativeHandle
        complaints;  ///< what went wrong, a file in memory: read it when it has ended
};

/// Starts it; nothing has looked at the document yet. It dies with this process. Unsupported: it is
/// not installed, or cannot be confined.
[[nodiscard]] Result<PdfProgram> start_pdf_program(const std::string& path);

/// What it came to, as one sentence where it printed nothing: from its exit status (of waitpid) and
/// its complaints, which are untrusted.
[[nodiscard]] Result<void> check_pdf_program(int status, const std::string& complaints);

}  // namespace lares::reader
