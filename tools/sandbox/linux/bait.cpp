#include "tools/sandbox/linux/bait.h"

#include "tools/sandbox/linux/command_launch.h"
#include "tools/sandbox/linux/spawn_plan.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sstream>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

constexpr int kPatience = 10'000;  // of a busy machine
constexpr std::size_t kMaxLine = 4096;

Error no_bait(const std::string& what) {
    return {ErrorCode::Io, "the self-test could not set out " + what};
}

}  // namespace

Bait::~Bait() {
    if (m_holder < 0) return;
    m_questions = {};  // its stdin ends, and so does it; its folder goes
    pollfd waiting{m_answers.get(), POLLIN, 0};
    while (::poll(&waiting, 1, kPatience) == 1 && !read_now(m_answers, kMaxLine).empty()) {
    }
    ::kill(m_holder, SIGKILL);  // where it does not
    ::waitpid(m_holder, nullptr, 0);
}

Result<void> Bait::set_out(const std::string& toolhost) {
    Pipe answers = make_pipe();
    std::array<int, 2> questions{};
    if (!answers.is_open() || ::pipe2(questions.data(), O_CLOEXEC) != 0) return no_bait("a pipe");
    const UniqueNativeHandle theirs = moved_up(UniqueNativeHandle(questions[0]));
    m_questions = UniqueNativeHandle(questions[1]);
    std::error_code error;
    const std::string parent = std::filesystem::temp_directory_path(error).string();
    SpawnPlan plan;
    plan.give(theirs, STDIN_FILENO);
    plan.give(answers.theirs, STDOUT_FILENO);
    if (error || plan.start({toolhost, "bait", parent}, STDERR_FILENO, m_holder) != 0) {
        m_holder = -1;
        return no_bait("anything: " + toolhost + " does not start");
    }
    answers.theirs = {};
    m_answers = std::move(answers.ours);
    const std::string said = next_line();
    std::istringstream words(said);
    std::string word;
    words >> word >> m_folder >> m_tcp_port >> m_udp_port;
    if (word == "failed") return Error{ErrorCode::Io, said.substr(word.size() + 1)};
    if (word != "bait" || !words) return no_bait("what nobody may reach");
    // Without O_CLOEXEC on purpose, and high enough to be nobody's standard stream.
    const UniqueNativeHandle open(::open(m_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    m_inherited = UniqueNativeHandle(::fcntl(open.get(), F_DUPFD, 100));
    if (!m_inherited) return no_bait("an open folder");
    return {};
}

std::string Bait::next_line() {
    while (m_read.find('\n') == std::string::npos && m_read.size() < kMaxLine) {
        pollfd waiting{m_answers.get(), POLLIN, 0};
        if (::poll(&waiting, 1, kPatience) != 1) return {};
        const std::string more = read_now(m_answers, kMaxLine);
        if (more.empty()) return {};
        m_read += more;
    }
    const std::size_t end = std::min(m_read.find('\n'), m_read.size());
    std::string line = m_read.substr(0, end);
    m_read.erase(0, end + 1);
    return line;
}

std::string Bait::asked(char question) {
    if (m_holder < 0 || ::write(m_questions.get(), &question, 1) != 1) return {};
    return next_line();
}

Result<void> Bait::check_alive() {
    if (asked(kAskAlive) != "alive") return no_bait("what can be reached from here");
    return {};
}

bool Bait::was_taken() {
    return asked(kAskTaken) != "untaken";
}

}  // namespace lares
