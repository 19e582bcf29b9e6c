#pragma once

#include "tools/sandbox/native_handle.h"

#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace lares {

/// Above every number that a child gives to one of its descriptors.
constexpr int kFirstOwnFd = 64;

/// The same open file under a number that a child does not overwrite; it closes itself there.
[[nodiscard]] UniqueNativeHandle moved_up(UniqueNativeHandle handle);

/// What a child writes and we read, without waiting.
struct Pipe {
    UniqueNativeHandle ours;
    UniqueNativeHandle theirs;

    [[nodiscard]] bool is_open() const { return ours && theirs; }
};
[[nodiscard]] Pipe make_pipe();

/// How a child begins: in a session of its own, without a terminal, with nothing open but what it
/// is given, and with a command's environment. Only what posix_spawn offers: nothing of ours runs
/// between fork and exec, where another thread's lock would stay locked for ever. One thread at a
/// time.
class SpawnPlan {
public:
    SpawnPlan();
    ~SpawnPlan();
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    void give(NativeHandle handle, int as);
    void give(const UniqueNativeHandle& handle, int as) { give(handle.get(), as); }
    /// 0 or an errno. Descriptors above `last_fd` are closed there.
    [[nodiscard]] int start(std::vector<std::string> words, int last_fd, pid_t& process);

private:
    void note(int error) {
        if (error != 0) m_error = error;
    }

    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
    int m_error = 0;
};

}  // namespace lares
