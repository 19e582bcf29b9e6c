#include "tools/sandbox/linux/command_supervisor.h"

#include "tools/sandbox/linux/bubblewrap.h"
#include "tools/sandbox/linux/command_order.h"
#include "tools/sandbox/linux/disk_watch.h"
#include "tools/sandbox/linux/kept_output.h"
#include "tools/sandbox/linux/process_tree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lares {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kSetUpTime{20'000};
constexpr milliseconds kLookEvery{250};
/// The system limits no processes of root's: we do, and look at their number much more often.
constexpr milliseconds kCountEveryAsRoot{10};
/// After it was told to end, before bubblewrap outside is ended too, and before we give up.
constexpr milliseconds kEndTime{5'000};
constexpr milliseconds kGiveUpTime{60'000};

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;  ///< what a pipe holds
constexpr std::size_t kMaxSaidBytes = std::size_t{8} * 1024;

milliseconds since(Clock::time_point then) {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - then);
}

/// `"child-pid": 123` in what bubblewrap says about the sandbox.
pid_t first_process(const std::string& info) {
    constexpr std::string_view kField = "\"child-pid\":";
    const std::size_t at = info.find(kField);
    if (at == std::string::npos) return 0;
    return static_cast<pid_t>(std::strtol(info.c_str() + at + kField.size(), nullptr, 10));
}

/// One line, without what could hide something.
std::string one_line(std::string text) {
    text.resize(std::min(text.find('\n'), std::min<std::size_t>(text.size(), 300)));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    return text;
}

class Supervisor {
public:
    Supervisor(LaunchedCommand launched,
               const CommandSpec& spec,
               const std::string& nonce,
               const std::stop_token& stop)
        : m_command(std::move(launched))
        , m_limits(spec.limits)
        , m_streams(spec.streams)
        , m_nonce(nonce)
        , m_stop(stop)
        , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
        , m_output(m_limits.kept_first_bytes, m_limits.kept_last_bytes)
        , m_disks(spec.folders, m_limits.max_written_bytes) {}

    Result<CommandOutcome> wait() {
        const std::stop_callback wake(m_stop, [this] {
            const std::uint64_t one = 1;
            [[maybe_unused]] const auto n = ::write(m_wake.get(), &one, sizeof one);
        });
        while (!has_ended()) {
            wait_for_something();
            read_all(kReadBytes);
            if (m_end_wanted) {
                if (!keep_ending()) {
                    ::waitpid(m_command.process, nullptr, WNOHANG);
                    return Error{ErrorCode::Io, "the system cannot end the command"};
                }
            } else {
                check_limits();
            }
        }
        return finish();
    }

private:
    /// A process inside may hold on to its pipes only as long as it lives, and none outlives the
    /// first one.
    bool has_ended() {
        pollfd outside{m_command.has_ended.get(), POLLIN, 0};
        if (::poll(&outside, 1, 0) != 1) return false;
        if (!m_inside) return true;
        pollfd inside{m_inside.get(), POLLIN, 0};
        if (::poll(&inside, 1, 0) == 1) return true;
        end_inside();
        return ::poll(&inside, 1, 100) == 1;
    }

    void wait_for_something() {
        const milliseconds patience = is_root() ? kCountEveryAsRoot : kLookEvery;
        const bool has_complaints = m_streams && m_complaints_open && is_in_force();
        std::array<pollfd, 5> waiting = {
            {{m_command.has_ended.get(), POLLIN, 0},
             {m_output_open ? m_command.output.get() : -1, POLLIN, 0},
             {m_status_open ? m_command.status.get() : -1, POLLIN, 0},
             {m_end_wanted ? -1 : m_wake.get(), POLLIN, 0},
             {has_complaints ? m_command.complaints.get() : -1, POLLIN, 0}}};
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count())) <= 0) return;
        // An end of file makes poll return at once for ever.
        if (waiting[1].revents == POLLHUP) m_output_open = false;
        if (waiting[2].revents == POLLHUP) m_status_open = false;
        if (waiting[4].revents == POLLHUP) m_complaints_open = false;
    }

    static bool is_root() { return ::geteuid() == 0; }

    /// Only a reason to look: others start programs too.
    [[nodiscard]] bool has_grown() const {
        return is_root() && n_thread_of_system() > m_n_thread + m_limits.max_process;
    }

    bool read_all(std::size_t most) {
        read_report();
        const std::string printed = read_now(m_command.output, most);
        if (!printed.empty()) m_last_output = Clock::now();
        if (!m_streams) {
            m_output.add(printed);
            return !printed.empty();
        }
        // Before, the complaints are bubblewrap's own, and why_not's to read.
        if (!is_in_force()) return false;
        if (!printed.empty()) m_streams->output(printed);
        const std::string complaints = read_now(m_command.complaints, most);
        m_output.add(complaints);
        return !printed.empty() || !complaints.empty();
    }

    /// Of lares-toolhost, which says that all is in force before the command can print.
    void read_report() {
        if (m_said.size() < kMaxSaidBytes) m_said += read_now(m_command.status, kMaxSaidBytes);
        const std::size_t whole = m_said.rfind('\n') + 1;  // 0 where there is none
        m_report = parse_status(std::string_view(m_said).substr(0, whole));
        if (m_said.size() >= kMaxSaidBytes) m_report.failure = "lares-toolhost says too much";
        if (is_in_force() && !m_was_ready) begin();
    }

    [[nodiscard]] bool is_in_force() const {
        return m_report.is_ready && m_report.nonce == m_nonce && m_report.failure.empty();
    }

    /// The script begins at about this moment.
    void begin() {
        m_was_ready = true;
        m_started = m_last_output = Clock::now();
        m_n_thread = n_thread_of_system();
        const pid_t first = first_process(read_now(m_command.info, 4096));
        if (first <= 1) return;
        UniqueNativeHandle inside(static_cast<int>(::syscall(SYS_pidfd_open, first, 0)));
        // While it is our child's child, its number is no other process's.
        if (inside && parent_of(first) == m_command.process) m_inside = std::move(inside);
    }

    void check_limits() {
        if (m_stop.stop_requested() || !m_report.failure.empty()) return end(CommandEnd::Stopped);
        if (!m_was_ready) {
            if (since(m_launched) > kSetUpTime) end(CommandEnd::TimedOut);
            return;
        }
        if (since(m_started) > m_limits.wall_time) return end(CommandEnd::TimedOut);
        if (since(m_last_output) > m_limits.silent_time) return end(CommandEnd::Silent);
        if (since(m_last_look) >= kLookEvery || has_grown()) check_use();
    }

    void check_use() {
        const TreeUse use = use_of_tree(m_command.process);
        m_last_look = Clock::now();
        if (use.resident_bytes > m_limits.max_resident_bytes) return end(CommandEnd::TooMuchMemory);
        if (m_disks.is_too_much(use.written_bytes)) return end(CommandEnd::TooMuchWritten);
        // One of them is lares-toolhost.
        if (use.n_process > m_limits.max_process + 1) end(CommandEnd::Signalled);
    }

    void end(CommandEnd why) {
        m_end = why;
        m_end_wanted = Clock::now();
        end_inside();
    }

    /// The system ends every other process with the first one, and only then it has ended itself;
    /// bubblewrap outside waits for it. Ended first, it would leave an orphan to somebody else.
    void end_inside() {
        if (m_inside) {
            ::syscall(SYS_pidfd_send_signal, m_inside.get(), SIGKILL, nullptr, 0);
        } else {
            ::kill(m_command.process, SIGKILL);
        }
    }

    bool keep_ending() {
        if (since(*m_end_wanted) > kEndTime) {
            end_inside();
            ::kill(m_command.process, SIGKILL);
        }
        return since(*m_end_wanted) < kGiveUpTime;
    }

    Result<CommandOutcome> finish() {
        int status = 0;
        while (::waitpid(m_command.process, &status, 0) < 0 && errno == EINTR) {
        }
        while (read_all(kReadBytes)) {
        }
        CommandOutcome outcome;
        if (!is_in_force()) {
            if (m_end != CommandEnd::Stopped || !m_report.failure.empty()) return why_not();
            outcome.end = CommandEnd::Stopped;
            return outcome;
        }
        outcome.duration = since(m_started);
        outcome.output = m_output.text();
        outcome.left_out_bytes = m_output.left_out_bytes();
        outcome.layers = {"bubblewrap", "landlock", "seccomp"};
        outcome.end = m_end;
        outcome.status = m_report.status;
        if (m_report.has_exited) {
            outcome.end = CommandEnd::Exited;
        } else if (m_report.is_signalled || !m_end_wanted) {
            outcome.end = CommandEnd::Signalled;
        }
        // By us, or by somebody who ended the sandbox from outside.
        if (outcome.end == CommandEnd::Signalled && !m_report.is_signalled)
            outcome.status = SIGKILL;
        return outcome;
    }

    Error why_not() const {
        constexpr const char* kReinstall = "install Lares and bubblewrap again";
        if (!m_report.failure.empty())
            return cannot_isolate(one_line(m_report.failure),
                                  std::string("try again, and if it stays so, ") + kReinstall);
        if (m_report.is_ready)
            return cannot_isolate("lares-toolhost gave a wrong answer", kReinstall);
        if (m_end_wanted) return cannot_isolate("bubblewrap did not get ready", kReinstall);
        const std::string said = one_line(read_now(m_command.complaints, 4096));
        if (said.empty()) return cannot_isolate("bubblewrap made no sandbox", kReinstall);
        return cannot_isolate(said, "allow user namespaces for bubblewrap");
    }

    LaunchedCommand m_command;
    CommandLimits m_limits;
    std::optional<CommandStreams> m_streams;
    std::string m_nonce;
    std::stop_token m_stop;
    UniqueNativeHandle m_wake;    ///< readable once a stop is requested
    UniqueNativeHandle m_inside;  ///< the sandbox's first process
    KeptOutput m_output;
    DiskWatch m_disks;
    std::string m_said;  ///< by lares-toolhost
    StatusReport m_report;
    bool m_output_open = true;
    bool m_status_open = true;
    bool m_complaints_open = true;
    bool m_was_ready = false;
    std::uint64_t m_n_thread = 0;  ///< of the system, when it began
    CommandEnd m_end = CommandEnd::Exited;
    std::optional<Clock::time_point> m_end_wanted;
    Clock::time_point m_launched = Clock::now();
    Clock::time_point m_started = m_launched;
    Clock::time_point m_last_output = m_launched;
    Clock::time_point m_last_look = m_launched;
};

}  // namespace

Result<CommandOutcome> supervise(LaunchedCommand launched,
                                 const CommandSpec& spec,
                                 const std::string& nonce,
                                 const std::stop_token& stop) {
    return Supervisor(std::move(launched), spec, nonce, stop).wait();
}

}  // namespace lares
