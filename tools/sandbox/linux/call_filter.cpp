#include "tools/sandbox/linux/call_filter.h"

#include <cstddef>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lares {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif

constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t kReturn = BPF_RET | BPF_K;
constexpr std::uint16_t kIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t kIfAtLeast = BPF_JMP | BPF_JGE | BPF_K;
constexpr std::uint16_t kIfAbove = BPF_JMP | BPF_JGT | BPF_K;
constexpr std::uint16_t kIfBits = BPF_JMP | BPF_JSET | BPF_K;

std::uint32_t refusal(int error) {
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
}

}  // namespace

bool CallFilter::is_available() {
    // The kernel says ENOSYS or EINVAL where it was built without.
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    return kArchitecture != 0 && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

CallFilter::CallFilter(ForeignCalls foreign) {
    const std::uint32_t answer =
        foreign == ForeignCalls::Kill ? SECCOMP_RET_KILL_PROCESS : refusal(EPERM);
    add(kLoad, offsetof(seccomp_data, arch));
    add(kIfEqual, kArchitecture, 1, 0);
    add(kReturn, answer);
    load_call();
#if defined(__x86_64__)
    // The x32 calls have numbers of their own, beside these.
    add(kIfAtLeast, 0x40000000, 0, 1);
    add(kReturn, answer);
#endif
}

void CallFilter::refuse(long call, int error) {
    add(kIfEqual, static_cast<std::uint32_t>(call), 0, 1);
    add_refusal(error);
}

void CallFilter::refuse_where_bits(long call, unsigned argument, std::uint32_t bits, int error) {
    load_argument(call, argument, 2);
    add(kIfBits, bits, 0, 1);
    add_refusal(error);
    load_call();
}

void CallFilter::refuse_where_equal(long call, unsigned argument, std::uint32_t value) {
    load_argument(call, argument, 2);
    add(kIfEqual, value, 0, 1);
    add_refusal(EPERM);
    load_call();
}

void CallFilter::refuse_where_different(long call, unsigned argument, std::uint32_t value) {
    load_argument(call, argument, 2);
    add(kIfEqual, value, 1, 0);
    add_refusal(EPERM);
    load_call();
}

void CallFilter::refuse_above(long call) {
    add(kIfAbove, static_cast<std::uint32_t>(call), 0, 1);
    add_refusal(ENOSYS);
}

void CallFilter::allow(long call) {
    add(kIfEqual, static_cast<std::uint32_t>(call), 0, 1);
    add(kReturn, SECCOMP_RET_ALLOW);
}

int CallFilter::install() {
    add(kReturn, SECCOMP_RET_ALLOW);
    return install_program();
}

int CallFilter::install_as_list(int error) {
    add_refusal(error);
    return install_program();
}

int CallFilter::install_program() {
    sock_fprog program{};
    program.len = static_cast<unsigned short>(m_program.size());
    program.filter = m_program.data();
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
}

void CallFilter::add(std::uint16_t code, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    m_program.push_back({code, yes, no, value});
}

void CallFilter::add_refusal(int error) {
    add(kReturn, refusal(error));
}

/// For another call, jumps over the load, the rules and the load that restores the call's number.
void CallFilter::load_argument(long call, unsigned argument, std::uint8_t rules) {
    add(kIfEqual, static_cast<std::uint32_t>(call), 0, static_cast<std::uint8_t>(rules + 2));
    // Little-endian, as both architectures are: the low half comes first.
    add(kLoad,
        static_cast<std::uint32_t>(offsetof(seccomp_data, args) + std::size_t{argument} * 8));
}

void CallFilter::load_call() {
    add(kLoad, offsetof(seccomp_data, nr));
}

}  // namespace lares
