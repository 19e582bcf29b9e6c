#include "tools/documents/document_reader.h"

#include "engine/base/path_text.h"
#include "engine/base/program_folder.h"
#include "tools/documents/document_answer.h"
#include "tools/sandbox/linux/command_launch.h"
#include "tools/sandbox/linux/spawn_plan.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a stop may go unnoticed.
constexpr int kLookMs = 50;
constexpr std::size_t kReadBytes = std::size_t{256} << 10;

Error not_started(const char* what) {
    return {ErrorCode::Io, std::string("cannot be read: ") + what + ": " +
                               std::generic_category().message(errno) + "."};
}

Error missing(const std::string& program) {
    return {ErrorCode::Unsupported,
            "cannot be read: lares-reader is missing (" + program + "). Install Lares again."};
}

/// Others than root and this user cannot have put something else there.
Result<void> check_program(const std::string& program) {
    struct stat status {};
    if (::stat(program.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        ::access(program.c_str(), X_OK) != 0)
        return missing(program);
    const bool has_owner = status.st_uid == 0 || status.st_uid == ::geteuid();
    if (!has_owner || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return Error{ErrorCode::Unsupported,
                     "cannot be read: others can write " + program + ". Install Lares again."};
    }
    return {};
}

/// lares-reader while it runs. Whatever is left of it ends with this.
class Reading {
public:
    Reading() = default;
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() { end(); }

    Result<void> start(std::vector<std::string> words, const UniqueNativeHandle& file) {
        const UniqueNativeHandle document(::fcntl(file.get(), F_DUPFD_CLOEXEC, kFirstOwnFd));
        Pipe printed = make_pipe(), complaints = make_pipe();
        if (!document || !printed.is_open() || !complaints.is_open()) return not_started("a pipe");
        ::lseek(document.get(), 0, SEEK_SET);  // a pipe has no beginning to go to
        SpawnPlan plan;
        plan.give(document, STDIN_FILENO);
        plan.give(printed.theirs, STDOUT_FILENO);
        plan.give(complaints.theirs, STDERR_FILENO);
        errno = plan.start(std::move(words), STDERR_FILENO, m_process);
        if (errno != 0) {
            m_process = -1;
            return not_started("lares-reader");
        }
        m_has_ended = UniqueNativeHandle(static_cast<int>(::syscall(SYS_pidfd_open, m_process, 0)));
        if (!m_has_ended) return not_started("pidfd_open");
        m_printed = std::move(printed.ours);
        m_complaints = std::move(complaints.ours);
        return {};
    }

    /// Until it has ended, or there is no more patience.
    Result<ReaderAnswer> wait(Clock::time_point deadline, const std::stop_token& stop) {
        while (true) {
            std::array<pollfd, 3> open = {pollfd{m_printed.get(), POLLIN, 0},
                                          pollfd{m_complaints.get(), POLLIN, 0},
                                          pollfd{m_has_ended.get(), POLLIN, 0}};
            ::poll(open.data(), open.size(), kLookMs);
            // Looked at before reading: what it wrote until then is in the pipes.
            const bool has_ended = open[2].revents != 0;
            while (take(m_printed, m_answer.printed, kMaxReaderBytes)) {
            }
            while (take(m_complaints, m_answer.sentence, kMaxSentenceBytes)) {
            }
            if (m_answer.printed.size() > kMaxReaderBytes) {
                return Error{ErrorCode::InvalidArgument,
                             "holds more text than can be read. Attach the part that matters."};
            }
            if (has_ended) return answer();
            if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "was not read."};
            if (Clock::now() >= deadline) {
                return Error{ErrorCode::InvalidArgument,
                             "takes too long to read. Save the part that matters as a document of "
                             "its own."};
            }
            // A pipe whose other end is closed is always ready; then only its end counts.
            if (open[0].revents == POLLHUP) ::poll(&open[2], 1, kLookMs);
        }
    }

private:
    static bool take(const UniqueNativeHandle& pipe, std::string& into, std::size_t most) {
        if (into.size() > most) return false;
        const std::string more = read_now(pipe, kReadBytes);
        into += more;
        return !more.empty();
    }
    Result<ReaderAnswer> answer() {
        int status = 0;
        while (::waitpid(m_process, &status, 0) < 0 && errno == EINTR) {
        }
        m_process = -1;
        if (WIFEXITED(status)) {
            m_answer.status = static_cast<ReaderStatus>(WEXITSTATUS(status));
            return std::move(m_answer);
        }
        const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        if (signal == SIGKILL || signal == SIGXCPU) {
            return Error{ErrorCode::InvalidArgument,
                         "takes too long to read. Save the part that matters as a document of its "
                         "own."};
        }
        return Error{ErrorCode::Corrupt, "is damaged in a way that Lares cannot read."};
    }
    void end() {
        if (m_process <= 0) return;
        // It is alone in its session, with pdftotext at most.
        ::kill(-m_process, SIGKILL);
        while (::waitpid(m_process, nullptr, 0) < 0 && errno == EINTR) {
        }
        m_process = -1;
    }

    pid_t m_process = -1;
    UniqueNativeHandle m_has_ended;
    UniqueNativeHandle m_printed;
    UniqueNativeHandle m_complaints;
    ReaderAnswer m_answer;
};

}  // namespace

bool DocumentReader::is_supported() {
    return true;
}

std::string DocumentReader::default_program() {
    return utf8_from_path(program_folder() / "lares-reader");
}

Result<DocumentText> DocumentReader::read(const UniqueNativeHandle& file,
                                          DocumentFamily family,
                                          const std::stop_token& stop) const {
    const Clock::time_point deadline = Clock::now() + m_options.time_limit;
    RETURN_IF_ERROR(check_program(m_options.program));
    std::vector<std::string> words = {m_options.program};
    switch (family) {
        case DocumentFamily::Pdf:
            words.insert(words.end(), {kFamilyPdf, m_options.pdftotext});
            break;
        case DocumentFamily::Packed:
            words.emplace_back(kFamilyPacked);
            break;
        case DocumentFamily::WebPage:
            words.emplace_back(kFamilyPage);
            break;
    }
    Reading reading;
    RETURN_IF_ERROR(reading.start(std::move(words), file));
    ASSIGN_OR_RETURN(const ReaderAnswer answer, reading.wait(deadline, stop));
    return text_of_answer(answer);
}

Result<DocumentText> DocumentReader::read(const std::filesystem::path& file,
                                          DocumentFamily family,
                                          const std::stop_token& stop) const {
    const UniqueNativeHandle handle(
        ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!handle || ::fstat(handle.get(), &status) != 0) {
        return Error{ErrorCode::Io, "cannot be read (" + std::generic_category().message(errno) +
                                        "). Look whether it is yours to read."};
    }
    if (!S_ISREG(status.st_mode)) return invalid_argument("is no file.");
    return read(handle, family, stop);
}

}  // namespace lares
