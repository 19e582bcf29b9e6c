#include "tools/reader/pdf_program.h"

#include "tools/reader/confinement.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares::reader {
namespace {

/// What a child says that could not become the program; beyond what pdftotext uses (0 to 3, 99).
constexpr int kNotConfined = 120;
constexpr int kNotStarted = 121;

Error cannot_start(const char* what) {
    return {ErrorCode::Unsupported, std::string("cannot be read here (") + what + ": " +
                                        std::generic_category().message(errno) + ")."};
}

Error not_installed() {
    return {ErrorCode::Unsupported,
            "is a PDF, which Lares reads with pdftotext. Install the package poppler-utils."};
}

/// In the child: never returns.
[[noreturn]] void become(const std::string& path, int printed, int complaints) {
    // Before anything can go wrong: without its parent it has nobody to print for.
    const bool dies_with_parent = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
    ::signal(SIGXFSZ, SIG_IGN);  // what it complains about beyond the limit is lost
    if (!dies_with_parent || ::dup2(printed, STDOUT_FILENO) < 0 ||
        ::dup2(complaints, STDERR_FILENO) < 0)
        ::_exit(kNotStarted);
    if (const auto confined = confine_to_program(path.c_str()); !confined) {
        const std::string& why = confined.error().message;
        [[maybe_unused]] const auto n = ::write(STDERR_FILENO, why.data(), why.size());
        ::_exit(kNotConfined);
    }
    std::string name = path;
    std::array<std::string, 4> words = {"-enc", "UTF-8", "-", "-"};
    std::array<char*, words.size() + 2> arguments{name.data()};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i + 1] = words[i].data();
    std::string language = "LANG=C.UTF-8";
    std::array<char*, 2> environment = {language.data(), nullptr};
    ::execve(name.c_str(), arguments.data(), environment.data());
    ::_exit(kNotStarted);
}

}  // namespace

Result<PdfProgram> start_pdf_program(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        ::access(path.c_str(), X_OK) != 0)
        return not_installed();
    PdfProgram program;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_start("pipe");
    program.printed = UniqueNativeHandle(ends[0]);
    const UniqueNativeHandle theirs(ends[1]);
    program.complaints = UniqueNativeHandle(::memfd_create("complaints", MFD_CLOEXEC));
    if (!program.complaints) return cannot_start("memfd_create");
    program.process = ::fork();
    if (program.process < 0) return cannot_start("fork");
    if (program.process == 0) become(path, theirs.get(), program.complaints.get());
    return program;
}

Result<void> check_pdf_program(int status, const std::string& complaints) {
    if (WIFEXITED(status)) {
        switch (WEXITSTATUS(status)) {
            case 0:
                return {};
            case kNotConfined:
                return Error{ErrorCode::Unsupported, complaints};
            case kNotStarted:
                return Error{ErrorCode::Unsupported,
                             "cannot be read: pdftotext does not start. Install the package "
                             "poppler-utils again."};
            case 3:  // by its documentation: the document's owner does not permit it
                return Error{ErrorCode::PermissionDenied,
                             "does not permit that its text is taken out."};
            default:
                break;
        }
    } else if (WIFSIGNALED(status) &&
               (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU)) {
        return Error{ErrorCode::InvalidArgument,
                     "takes too long to read. Save the pages that matter as a PDF of their own."};
    }
    if (complaints.find("ncorrect password") != std::string::npos) {
        return Error{ErrorCode::PermissionDenied,
                     "is protected with a password. Save it without one, and attach that."};
    }
    return Error{ErrorCode::Corrupt,
                 "is damaged (pdftotext cannot read it). Open it where it was made and save it "
                 "again."};
}

}  // namespace lares::reader
