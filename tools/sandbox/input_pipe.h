#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <chrono>
#include <stop_token>
#include <string_view>

namespace lares {

/// What a program in the sandbox reads while it runs (CommandStreams::input). Writing never ends
/// this program, whoever has gone at the other end. One thread at a time.
class InputPipe {
public:
    /// Io: the system has none. Unsupported where there is no sandbox for programs.
    [[nodiscard]] static Result<InputPipe> open();

    /// The end that the program reads; this object keeps it open as well.
    [[nodiscard]] NativeHandle reading_end() const { return m_reading.get(); }

    /// All of it, waiting while the program does not read. Cancelled: `deadline` or `stop` came
    /// first, and some of it may have been written. Io: closed, or the system failed.
    [[nodiscard]] Result<void> write(std::string_view bytes,
                                     std::chrono::steady_clock::time_point deadline,
                                     const std::stop_token& stop);
    /// The program reads an end.
    void close() { m_writing = {}; }

private:
    UniqueNativeHandle m_reading;
    UniqueNativeHandle m_writing;
};

}  // namespace lares
