#include "kernels/simt/fiber.h"

#include <cstdint>
#include <cstdlib>

#if defined(__x86_64__) && defined(__linux__)
#define LARES_FIBER_ASM 1
#else
#define LARES_FIBER_ASM 0
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

#if LARES_FIBER_ASM
// Saves the registers that a call must preserve on the stack, and returns on the other stack.
// rdi: where the stack pointer is kept; rsi: the other stack pointer.
asm(R"(
.text
.p2align 4
.local lares_simt_switch
.type lares_simt_switch, @function
lares_simt_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size lares_simt_switch, .-lares_simt_switch
)");
extern "C" void lares_simt_switch(void** keep, void* other);
#endif

namespace lares::simt {
namespace {

// The fiber that is being switched to: enter() has no argument on a fresh stack.
thread_local Fiber* t_next = nullptr;

}  // namespace

Fiber::~Fiber() {
#if defined(__SANITIZE_THREAD__)
    if (m_sanitizer && m_bottom) __tsan_destroy_fiber(m_sanitizer);
#endif
#if !LARES_FIBER_ASM
    delete static_cast<ucontext_t*>(m_context);
#endif
}

void Fiber::prepare(std::byte* stack, std::size_t stack_bytes, Entry entry, void* argument) {
    m_entry = entry;
    m_argument = argument;
    m_bottom = stack;
    m_stack_bytes = stack_bytes;
#if defined(__SANITIZE_THREAD__)
    if (m_sanitizer) __tsan_destroy_fiber(m_sanitizer);
    m_sanitizer = __tsan_create_fiber(0);
#else
    m_sanitizer = nullptr;
#endif
#if LARES_FIBER_ASM
    // As if lares_simt_switch had been called: six registers, the address it returns to, and eight
    // bytes so that the stack is aligned as at the start of a function.
    const auto top = (reinterpret_cast<std::uintptr_t>(stack) + stack_bytes) & ~std::uintptr_t{15};
    auto* words = reinterpret_cast<std::uintptr_t*>(top);
    *--words = 0;
    *--words = reinterpret_cast<std::uintptr_t>(&Fiber::enter);
    for (int i = 0; i < 6; ++i) *--words = 0;
    m_stack_pointer = words;
#else
    if (!m_context) m_context = new ucontext_t;
    auto* context = static_cast<ucontext_t*>(m_context);
    getcontext(context);
    context->uc_stack.ss_sp = stack;
    context->uc_stack.ss_size = stack_bytes;
    context->uc_link = nullptr;
    makecontext(context, &Fiber::enter, 0);
#endif
}

void Fiber::switch_to(Fiber& to) {
    to.m_previous = this;
    t_next = &to;
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&m_sanitizer, to.m_bottom, to.m_stack_bytes);
#endif
#if defined(__SANITIZE_THREAD__)
    if (!m_bottom) m_sanitizer = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(to.m_sanitizer, 0);
#endif
#if LARES_FIBER_ASM
    lares_simt_switch(&m_stack_pointer, to.m_stack_pointer);
#else
    if (!m_context) m_context = new ucontext_t;
    swapcontext(static_cast<ucontext_t*>(m_context), static_cast<ucontext_t*>(to.m_context));
#endif
    arrived();
}

/// On the stack of `this`, just after somebody switched here.
void Fiber::arrived() {
#if defined(__SANITIZE_ADDRESS__)
    const void* bottom = nullptr;
    std::size_t size = 0;
    __sanitizer_finish_switch_fiber(m_sanitizer, &bottom, &size);
    // The stack that a fiber is first entered from is known only now.
    if (!m_previous->m_bottom) {
        m_previous->m_bottom = bottom;
        m_previous->m_stack_bytes = size;
    }
#endif
}

void Fiber::enter() {
    Fiber* self = t_next;
    self->arrived();
    self->m_entry(self->m_argument);
    std::abort();  // entry must not return
}

}  // namespace lares::simt
