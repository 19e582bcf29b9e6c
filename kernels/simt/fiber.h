#pragma once

#include <cstddef>

namespace lares::simt {

/// One stack with a suspended computation on it. Not Boost.Context: its Debian package is built
/// without the notes that AddressSanitizer needs about every switch, and what is needed here is one
/// function of twelve instructions (ucontext where that function is not written: a system call more
/// per switch).
/// One thread of the operating system at a time. A fiber that is destroyed before it ended is
/// simply dropped: nothing on its stack is destructed.
class Fiber {
public:
    using Entry = void (*)(void*);

    Fiber() = default;
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;
    ~Fiber();

    /// Prepares a call of entry(argument) on `stack`; the call must not return but end with
    /// switch_to. May be prepared again later. The stack is borrowed.
    void prepare(std::byte* stack, std::size_t stack_bytes, Entry entry, void* argument);

    /// Suspends `this`, the computation that runs now, and goes on with `to`.
    void switch_to(Fiber& to);

private:
    static void enter();
    void arrived();

    void* m_stack_pointer = nullptr;
    Entry m_entry = nullptr;
    void* m_argument = nullptr;
    void* m_context = nullptr;       // ucontext_t, where that is used
    const void* m_bottom = nullptr;  // of the stack, for the sanitizers
    std::size_t m_stack_bytes = 0;
    void* m_sanitizer = nullptr;
    Fiber* m_previous = nullptr;  // who switched here last
};

}  // namespace lares::simt
