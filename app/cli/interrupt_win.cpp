#include "app/cli/interrupt.h"
#include "engine/base/wide_text.h"

#include <array>
#include <atomic>
#include <mutex>
#include <windows.h>

namespace lares::cli {
namespace {

// Windows calls a handler on a thread of its own, with no place for data.
struct State {
    std::atomic<bool> isRequested{false};
    std::mutex mutex;
    std::stop_source source;
    HANDLE event = nullptr;  // set while isRequested
};
State state;

// How long the handler's thread may take to say that it was Ctrl-C that ended a read.
constexpr DWORD kHandlerMs = 1000;

BOOL WINAPI onControl(DWORD what) {
    if (what != CTRL_C_EVENT && what != CTRL_BREAK_EVENT) return FALSE;
    if (state.isRequested.exchange(true)) return FALSE;  // the second one: as the system does
    {
        const std::lock_guard lock(state.mutex);
        state.source.request_stop();
    }
    ::SetEvent(state.event);
    return TRUE;
}

std::string withoutLineEnd(std::wstring_view line) {
    while (!line.empty() && (line.back() == L'\n' || line.back() == L'\r')) line.remove_suffix(1);
    return utf8_from_wide(line);
}

}  // namespace

struct Interrupt::Impl {};

Interrupt::Interrupt() : m_impl(std::make_unique<Impl>()) {
    state.event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
    // Without an event Ctrl-C simply ends the program.
    if (state.event) ::SetConsoleCtrlHandler(onControl, TRUE);
}

Interrupt::~Interrupt() {
    if (!state.event) return;
    ::SetConsoleCtrlHandler(onControl, FALSE);
    ::CloseHandle(state.event);
    state.event = nullptr;
}

std::stop_token Interrupt::token() const {
    const std::lock_guard lock(state.mutex);
    return state.source.get_token();
}

bool Interrupt::wasRequested() const {
    return state.isRequested;
}

// As UTF-16: a console gives what is not ASCII in no other way.
std::optional<std::string> Interrupt::readLine() const {
    if (wasRequested()) return std::nullopt;
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    std::array<wchar_t, 1024> piece{};
    std::wstring line;
    while (line.empty() || line.back() != L'\n') {
        DWORD n = 0;
        ::SetLastError(ERROR_SUCCESS);  // a read that succeeds leaves it as it was
        const bool isRead = ::ReadConsoleW(input, piece.data(), piece.size(), &n, nullptr);
        if (::GetLastError() == ERROR_OPERATION_ABORTED && n == 0 && state.event)
            ::WaitForSingleObject(state.event, kHandlerMs);
        if (!isRead || n == 0 || wasRequested()) return std::nullopt;
        line.append(piece.data(), n);
        if (line[0] == L'\x1a') return std::nullopt;  // Ctrl-Z, which ends the input here
    }
    return withoutLineEnd(line);
}

void Interrupt::takeTermination() {}

void Interrupt::renew() {
    const std::lock_guard lock(state.mutex);
    state.source = {};
    if (state.event) ::ResetEvent(state.event);
    state.isRequested = false;
}

}  // namespace lares::cli
