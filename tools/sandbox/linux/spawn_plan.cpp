#include "tools/sandbox/linux/spawn_plan.h"

#include "tools/sandbox/linux/command_order.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace lares {

UniqueNativeHandle moved_up(UniqueNativeHandle handle) {
    if (!handle) return handle;
    return UniqueNativeHandle(::fcntl(handle.get(), F_DUPFD_CLOEXEC, kFirstOwnFd));
}

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    Pipe pipe{UniqueNativeHandle(ends[0]), moved_up(UniqueNativeHandle(ends[1]))};
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return {};
    return pipe;
}

SpawnPlan::SpawnPlan() {
    ::posix_spawn_file_actions_init(&m_actions);
    ::posix_spawnattr_init(&m_attributes);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&m_attributes, &none);
    ::posix_spawnattr_setsigdefault(&m_attributes, &all);
    // A session of its own: no terminal, and no Ctrl-C that is meant for us.
    m_error = ::posix_spawnattr_setflags(
        &m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    note(::posix_spawn_file_actions_addopen(&m_actions, 0, "/dev/null", O_RDONLY, 0));
    note(::posix_spawn_file_actions_addchdir_np(&m_actions, "/"));
}

SpawnPlan::~SpawnPlan() {
    ::posix_spawnattr_destroy(&m_attributes);
    ::posix_spawn_file_actions_destroy(&m_actions);
}

void SpawnPlan::give(NativeHandle handle, int as) {
    note(::posix_spawn_file_actions_adddup2(&m_actions, handle, as));
}

int SpawnPlan::start(std::vector<std::string> words, int last_fd, pid_t& process) {
    note(::posix_spawn_file_actions_addclosefrom_np(&m_actions, last_fd + 1));
    if (m_error != 0) return m_error;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<char*, kCommandEnvironment.size() + 1> environment{};
    for (std::size_t i = 0; i < kCommandEnvironment.size(); ++i)
        environment[i] = const_cast<char*>(kCommandEnvironment[i]);
    return ::posix_spawn(&process, words.front().c_str(), &m_actions, &m_attributes,
                         arguments.data(), environment.data());
}

}  // namespace lares
