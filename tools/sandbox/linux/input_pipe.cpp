#include "tools/sandbox/input_pipe.h"

#include "tools/sandbox/linux/spawn_plan.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

/// Between two looks at the stop token.
constexpr std::chrono::milliseconds kLookEvery{100};

Error pipe_error() {
    return {ErrorCode::Io, "the pipe to a program: " + std::generic_category().message(errno)};
}

}  // namespace

Result<InputPipe> InputPipe::open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return pipe_error();
    InputPipe pipe;
    // Kept open here, the reading end makes a write wait where it would be a signal.
    pipe.m_reading = moved_up(UniqueNativeHandle(ends[0]));
    pipe.m_writing = moved_up(UniqueNativeHandle(ends[1]));
    if (!pipe.m_reading || !pipe.m_writing ||
        ::fcntl(pipe.m_writing.get(), F_SETFL, O_NONBLOCK) != 0)
        return pipe_error();
    return pipe;
}

Result<void> InputPipe::write(std::string_view bytes,
                              std::chrono::steady_clock::time_point deadline,
                              const std::stop_token& stop) {
    if (!m_writing) return Error{ErrorCode::Io, "the program has been told to end"};
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_writing.get(), bytes.data(), bytes.size());
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return pipe_error();
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (stop.stop_requested() || left.count() <= 0)
            return Error{ErrorCode::Cancelled, "the program does not read"};
        pollfd waiting{m_writing.get(), POLLOUT, 0};
        ::poll(&waiting, 1, static_cast<int>(std::min(left, kLookEvery).count()));
    }
    return {};
}

}  // namespace lares
