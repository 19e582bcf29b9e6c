#include "app/cli/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace lares::cli {
namespace {

// What a signal handler may touch: a flag and one end of two pipes. The first pipe stops an answer
// (a thread reads it), the second ends a wait for the keyboard: a signal alone would be missed when
// it comes just before the wait, or on another thread.
volatile std::sig_atomic_t requested = 0;
std::array<int, 2> pipeEnds = {-1, -1};
std::array<int, 2> wakeEnds = {-1, -1};

constexpr char kStop = 's';
constexpr char kQuit = 'q';

void onSignal(int number) {
    if (requested) {  // the second one: do what the system would have done
        std::signal(number, SIG_DFL);
        std::raise(number);
        return;
    }
    requested = 1;
    [[maybe_unused]] auto written = ::write(pipeEnds[1], &kStop, 1);
    written = ::write(wakeEnds[1], &kStop, 1);
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
    bool takesTermination = false;

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
    // Without pipes Ctrl-C simply ends the program.
    if (::pipe(pipeEnds.data()) != 0) return;
    if (::pipe2(wakeEnds.data(), O_NONBLOCK | O_CLOEXEC) != 0) return;
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
        if (m_impl->takesTermination) handle(SIGTERM, SIG_DFL);
        [[maybe_unused]] const auto written = ::write(pipeEnds[1], &kQuit, 1);
        m_impl->watcher.join();
        for (const int end : {pipeEnds[0], pipeEnds[1], wakeEnds[0], wakeEnds[1]}) ::close(end);
    }
}

std::stop_token Interrupt::token() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->source.get_token();
}

bool Interrupt::wasRequested() const {
    return requested != 0;
}

std::optional<std::string> Interrupt::readLine() const {
    std::array<pollfd, 2> waiting = {pollfd{STDIN_FILENO, POLLIN, 0},
                                     pollfd{wakeEnds[0], POLLIN, 0}};
    while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
    }
    // A terminal gives whole lines, so what can be read is a line or the end.
    std::string line;
    if (waiting[1].revents == 0 && std::getline(std::cin, line)) return line;
    std::clearerr(stdin);
    std::cin.clear();
    return std::nullopt;
}

void Interrupt::takeTermination() {
    if (!m_impl->watcher.joinable()) return;
    m_impl->takesTermination = true;
    handle(SIGTERM, onSignal);
}

void Interrupt::renew() {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->source = {};
    char byte = 0;
    while (::read(wakeEnds[0], &byte, 1) == 1) {
    }
    requested = 0;
}

}  // namespace lares::cli
