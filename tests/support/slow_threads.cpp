// Put in front of the C library (LD_PRELOAD) it makes some threads slow for some time, others
// later, and the disk with them: `./dev test --slow`. What is right only because one thing is quick
// is wrong then. After the chaos mode of rr (O'Callahan et al., "Engineering Record and Replay for
// Deployability", 2017), without its record.
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr unsigned kShortestPhaseMs = 50;
constexpr unsigned kLongestPhaseMs = 650;
constexpr unsigned kLongestNapUs = 60'000;  // of a thread that is slow now
constexpr unsigned kShortNapUs = 5'000;     // of any thread, one time in 200
constexpr unsigned kHiccupUs = 400'000;     // of any thread, one time in 800
constexpr std::int64_t kEventBytes = 8;     // what an eventfd is written and read with

/// The state of one thread. Nothing in here may take a lock or memory.
struct Pace {
    std::uint64_t random = 0;
    Clock::time_point until;
    bool isSlow = false;

    unsigned below(unsigned n) {  // xorshift64 (Marsaglia 2003)
        if (random == 0)
            random = std::uint64_t(Clock::now().time_since_epoch().count()) ^
                     (std::uint64_t(std::uintptr_t(this)) * 0x9E3779B97F4A7C15u);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        return unsigned((random >> 32) % n);
    }
};

thread_local Pace pace;

void nap(unsigned us) {
    std::this_thread::sleep_for(microseconds(us));
}

void perhapsWait() {
    const int error = errno;
    const Clock::time_point now = Clock::now();
    if (now > pace.until) {
        pace.until = now + std::chrono::milliseconds(
                               kShortestPhaseMs + pace.below(kLongestPhaseMs - kShortestPhaseMs));
        pace.isSlow = pace.below(2) == 0;
    }
    if (pace.isSlow && pace.below(3) == 0) nap(pace.below(kLongestNapUs));
    if (pace.below(200) == 0) nap(pace.below(kShortNapUs));
    if (pace.below(800) == 0) nap(kHiccupUs);
    errno = error;
}

template <class F>
F real(const char* name) {
    return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the C library's names
extern "C" {

int poll(pollfd* files, nfds_t n, int timeout) {
    static const auto next = real<decltype(&poll)>("poll");
    perhapsWait();
    return next(files, n, timeout);
}

int ppoll(pollfd* files, nfds_t n, const timespec* timeout, const sigset_t* mask) {
    static const auto next = real<decltype(&ppoll)>("ppoll");
    perhapsWait();
    return next(files, n, timeout, mask);
}

ssize_t pwrite64(int file, const void* bytes, size_t n, off64_t at) {
    static const auto next = real<decltype(&pwrite64)>("pwrite64");
    if (pace.below(8) == 0) perhapsWait();
    return next(file, bytes, n, at);
}

int fsync(int file) {
    static const auto next = real<decltype(&fsync)>("fsync");
    perhapsWait();
    return next(file);
}

int fdatasync(int file) {
    static const auto next = real<decltype(&fdatasync)>("fdatasync");
    perhapsWait();
    return next(file);
}

ssize_t write(int file, const void* bytes, size_t n) {
    static const auto next = real<decltype(&write)>("write");
    const ssize_t written = next(file, bytes, n);
    if (written == kEventBytes) perhapsWait();
    return written;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    static const auto next = real<decltype(&pthread_cond_wait)>("pthread_cond_wait");
    const int status = next(condition, mutex);
    if (pace.below(2) == 0) perhapsWait();
    return status;
}

/// Qt's locks and semaphores.
long syscall(long number, ...) {
    static const auto next = real<long (*)(long, ...)>("syscall");
    va_list list;
    va_start(list, number);
    long all[6];
    for (long& one : all) one = va_arg(list, long);
    va_end(list);
    const long status = next(number, all[0], all[1], all[2], all[3], all[4], all[5]);
    if (number == SYS_futex && pace.below(2) == 0) perhapsWait();
    return status;
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
