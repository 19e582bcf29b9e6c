#include "tools/sandbox/linux/command_canaries.h"

#include "tools/sandbox/linux/bait.h"
#include "tools/sandbox/linux/bubblewrap.h"
#include "tools/sandbox/linux/command_order.h"
#include "tools/sandbox/linux/process_tree.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <unistd.h>

namespace lares {
namespace {

constexpr const char* kMend = "please report this with the version of your system";
constexpr const char* kPlace = "/lares-self-test";
constexpr unsigned kMostForks = 8;

/// What tools/toolhost/canaries.cpp tries.
constexpr std::array kAttacks = {
    "secret",      "socket",     "abstract-socket", "tcp-bind", "tcp-connect",
    "datagram",    "parent",     "namespace",       "terminal", "set-user-bit",
    "environment", "descriptor", "trace",           "kernel",   "device",
};
constexpr std::array kControls = {"control-read", "control-write"};

/// For the shell: nothing in it means anything.
std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'') {
            text += "'\\''";
        } else {
            text += c;
        }
    }
    return text + "'";
}

CommandSpec spec_of(const FolderHandle& folder, const std::vector<std::string>& words) {
    CommandSpec spec;
    spec.script = std::string("exec ") + kToolhostPlace;
    for (const std::string& word : words) spec.script += " " + quoted(word);
    spec.script += "\n";
    spec.folders = {{&folder, kPlace, false}};
    spec.working_folder = kPlace;
    spec.limits.wall_time = std::chrono::seconds(20);
    return spec;
}

/// "NAME denied …" stands in a line of its own.
bool has_line(const std::string& output, const std::string& line) {
    return ("\n" + output).find("\n" + line + " ") != std::string::npos;
}

Result<void> check_answers(const CommandOutcome& outcome) {
    for (const char* name : kControls) {
        if (!has_line(outcome.output, std::string(name) + " reached"))
            return cannot_isolate(std::string("the self-test did not run: ") + name, kMend);
    }
    for (const char* name : kAttacks) {
        if (has_line(outcome.output, std::string(name) + " reached"))
            return cannot_isolate(std::string("a command could get out: ") + name, kMend);
        if (!has_line(outcome.output, std::string(name) + " denied"))
            return cannot_isolate(std::string("the self-test was not finished: ") + name, kMend);
    }
    return {};
}

/// Where the system does not count (root's processes), we end it.
Result<void> check_forks(const RunCommand& run, const FolderHandle& folder) {
    CommandSpec spec = spec_of(folder, {"forks", std::to_string(kMostForks)});
    spec.limits.max_process = kMostForks;
    ASSIGN_OR_RETURN(const CommandOutcome outcome, run(spec));
    const bool was_ended = outcome.end == CommandEnd::Signalled && outcome.status == SIGKILL;
    if (!was_ended && !has_line(outcome.output, "forks denied"))
        return cannot_isolate("a command could start processes without end", kMend);
    return {};
}

/// Inside the sandbox first: only a program that answers there as ours does is then started outside
/// of it, to hold the bait.
Result<void> check_toolhost(const std::string& toolhost, const RunCommand& run) {
    const std::string parent = std::filesystem::path(toolhost).parent_path().string();
    ASSIGN_OR_RETURN(const FolderHandle folder, FolderHandle::open(parent));
    ASSIGN_OR_RETURN(const CommandOutcome outcome, run(spec_of(folder, {kAskName})));
    if (!outcome.output.starts_with(kName))
        return cannot_isolate("the self-test did not run", kMend);
    return {};
}

}  // namespace

Result<std::vector<std::string>> try_canaries(const std::string& toolhost, const RunCommand& run) {
    RETURN_IF_ERROR(check_toolhost(toolhost, run));
    Bait bait;
    RETURN_IF_ERROR(bait.set_out(toolhost));
    ASSIGN_OR_RETURN(const FolderHandle folder, FolderHandle::open(bait.inside()));
    RETURN_IF_ERROR(bait.check_alive());
    const pid_t own = ::getpid();
    const CommandSpec spec =
        spec_of(folder, {"canaries", std::string(kPlace) + "/file", bait.secret(), bait.socket(),
                         bait.abstract_socket(), std::to_string(bait.tcp_port()),
                         std::to_string(bait.udp_port()), std::to_string(own), start_of(own)});
    ASSIGN_OR_RETURN(const CommandOutcome outcome, run(spec));
    RETURN_IF_ERROR(check_answers(outcome));
    if (bait.was_taken()) return cannot_isolate("a command reached this system", kMend);
    RETURN_IF_ERROR(bait.check_alive());
    RETURN_IF_ERROR(check_forks(run, folder));
    return outcome.layers;
}

}  // namespace lares
