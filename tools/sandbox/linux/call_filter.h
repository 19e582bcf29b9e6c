#pragma once

#include <cerrno>
#include <cstdint>
#include <linux/filter.h>
#include <vector>

namespace lares {

/// Calls of another architecture than the program's own, x32 among them: their numbers mean
/// something else, so none of them passes.
enum class ForeignCalls { Refuse, Kill };

/// A list of calls of the system that this thread, and whatever it starts, gives up for good
/// (seccomp). What no rule names stays, or goes: see install and install_as_list. The first rule
/// that fits decides. One thread at a time.
class CallFilter {
public:
    /// Whether the kernel has seccomp's filters, and we know this architecture's calls.
    [[nodiscard]] static bool is_available();

    explicit CallFilter(ForeignCalls foreign);

    void refuse(long call, int error = EPERM);
    /// Where one of `bits` is set in the low 32 bits of an argument (0 to 5), all that the kernel
    /// looks at of flags, modes and requests.
    void refuse_where_bits(long call, unsigned argument, std::uint32_t bits, int error = EPERM);
    void refuse_where_equal(long call, unsigned argument, std::uint32_t value);
    void refuse_where_different(long call, unsigned argument, std::uint32_t value);
    /// Calls with a higher number, which came after this code: as if the kernel had none.
    void refuse_above(long call);

    void allow(long call);

    /// Puts it in force; the thread has set no_new_privs. 0, or the errno of the system.
    [[nodiscard]] int install();
    /// The same, but what no rule allows is refused with `error`.
    [[nodiscard]] int install_as_list(int error);

private:
    void add(std::uint16_t code, std::uint32_t value, std::uint8_t yes = 0, std::uint8_t no = 0);
    void load_argument(long call, unsigned argument, std::uint8_t rules);
    void add_refusal(int error);
    void load_call();
    [[nodiscard]] int install_program();

    std::vector<sock_filter> m_program;
};

}  // namespace lares
