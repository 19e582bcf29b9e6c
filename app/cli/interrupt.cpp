#include "app/cli/interrupt.h"

#include <array>
#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace lares::cli {
namespace {

// What a signal handler may touch: a flag and one end of a pipe.
volatile std::sig_atomic_t requested = 0;
std::array<int, 2> pipeEnds = {-1, -1};

constexpr char kStop = 's';
constexpr char kQuit = 'q';

void onSignal(int number) {
    if (requested) {  // the second one: do what the system would have done
        std::signal(number, SIG_DFL);
        std::raise(number);
        return;
    }
    requested = 1;
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &kStop, 1);
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;  // no SA_RESTART: a Ctrl-C must end a read from the keyboard
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

}  // namespace

struct Interrupt::Impl {
    mutable std::mutex mutex;
    std::stop_source source;
    std::thread watcher;

    void watch() {
        char byte = 0;
        while (true) {
            const auto n = ::read(pipeEnds[0], &byte, 1);
            if (n == 1 && byte == kStop) {
                const std::lock_guard lock(mutex);
                source.request_stop();
            } else if (n == 0 || (n == 1 && byte == kQuit)) {
                return;
            }
        }
    }
};

Interrupt::Interrupt() : m_impl(std::make_unique<Impl>()) {
    if (::pipe(pipeEnds.data()) != 0) return;  // then Ctrl-C simply ends the program
    // The watcher must not be the thread that a signal interrupts: the main thread's read should
    // end.
    sigset_t interrupts;
    sigset_t before;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupts, &before);
    m_impl->watcher = std::thread([impl = m_impl.get()] { impl->watch(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    handle(SIGINT, onSignal);
}

Interrupt::~Interrupt() {
    if (m_impl->watcher.joinable()) {
        handle(SIGINT, SIG_DFL);
        [[maybe_unused]] const auto written = ::write(pipeEnds[1], &kQuit, 1);
        m_impl->watcher.join();
        ::close(pipeEnds[0]);
        ::close(pipeEnds[1]);
    }
}

std::stop_token Interrupt::token() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->source.get_token();
}

bool Interrupt::wasRequested() const {
    return requested != 0;
}

void Interrupt::renew() {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->source = {};
    requested = 0;
}

}  // namespace lares::cli
