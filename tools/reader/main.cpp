// lares-reader: takes the text out of one document. It gives up everything but computing before it
// looks at a byte (confinement.h); tools/documents/reader_protocol.h says what it reads and writes.
// It has no thread and no Qt, and is linked statically: nothing is loaded from anywhere else.
#include "tools/documents/reader_protocol.h"
#include "tools/reader/confinement.h"
#include "tools/reader/formats/document_text.h"
#include "tools/reader/formats/zip_archive.h"
#include "tools/reader/pdf_program.h"

#include <array>
#include <cerrno>
#include <exception>
#include <linux/close_range.h>
#include <new>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares::reader {
namespace {

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;  // nobody wants it any more
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

Error unreadable() {
    return {ErrorCode::Io, "cannot be read (" + std::generic_category().message(errno) + ")."};
}

/// Up to `most` bytes; one more says that there are more.
Result<std::string> read_all(int fd, std::size_t most) {
    std::string bytes;
    constexpr std::size_t kStep = std::size_t{1} << 20;
    while (bytes.size() <= most) {
        const std::size_t before = bytes.size();
        bytes.resize(before + kStep);
        const ssize_t n = ::read(fd, bytes.data() + before, kStep);
        bytes.resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return unreadable();
        if (n == 0) break;
    }
    return bytes;
}

Result<ExtractedText> read_here(bool is_web_page) {
    RETURN_IF_ERROR(confine_to_computing());
    ASSIGN_OR_RETURN(const std::string bytes, read_all(STDIN_FILENO, kMaxDocumentBytes));
    if (bytes.size() > kMaxDocumentBytes) {
        return Error{
            ErrorCode::InvalidArgument,
            "is too large to read (" + std::to_string(kMaxDocumentBytes >> 20) + " MB at most)."};
    }
    return extract_text(bytes, is_web_page);
}

Result<ExtractedText> read_pdf(const std::string& pdftotext) {
    ASSIGN_OR_RETURN(PdfProgram program, start_pdf_program(pdftotext));
    RETURN_IF_ERROR(confine_to_computing());
    ASSIGN_OR_RETURN(const std::string printed, read_all(program.printed.get(), kMaxReaderBytes));
    if (printed.size() > kMaxReaderBytes) return holds_too_much_text();
    int status = 0;
    while (::waitpid(program.process, &status, 0) < 0) {
        if (errno != EINTR) return unreadable();
    }
    ::lseek(program.complaints.get(), 0, SEEK_SET);
    ASSIGN_OR_RETURN(const std::string complaints,
                     read_all(program.complaints.get(), kMaxSentenceBytes));
    RETURN_IF_ERROR(check_pdf_program(status, complaints));
    return pages_of_pdf(printed);
}

Result<ExtractedText> read_document(int argc, char** argv) {
    // Nobody looks into this process, and nothing of the program that started it is open here.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) != 0)
        return Error{ErrorCode::Unsupported, "cannot be read safely on this system."};
    const std::string_view family = argc > 1 ? argv[1] : "";
    if (family == kFamilyPdf && argc == 3) return read_pdf(argv[2]);
    if (family == kFamilyPacked && argc == 2) return read_here(false);
    if (family == kFamilyPage && argc == 2) return read_here(true);
    return Error{ErrorCode::Unsupported, "lares-reader is started by Lares, to read a document."};
}

ReaderStatus run(int argc, char** argv) {
    try {
        const Result<ExtractedText> extracted = read_document(argc, argv);
        if (extracted) {
            write_all(STDOUT_FILENO, std::string(word_of(extracted->kind)) + "\n");
            write_all(STDOUT_FILENO, extracted->text);
            return ReaderStatus::Done;
        }
        write_all(STDERR_FILENO, extracted.error().message);
        return extracted.error().code == ErrorCode::Unsupported ? ReaderStatus::NotPossible
                                                                : ReaderStatus::NotRead;
    } catch (const std::bad_alloc&) {
        write_all(STDERR_FILENO, "needs more memory than a document may take.");
    } catch (const std::exception&) {
        write_all(STDERR_FILENO, "is damaged in a way that Lares cannot read.");
    }
    return ReaderStatus::NotRead;
}

}  // namespace
}  // namespace lares::reader

int main(int argc, char** argv) {
    // Without what a C library does at its end, which may need calls that are given up.
    ::_exit(static_cast<int>(lares::reader::run(argc, argv)));
}
