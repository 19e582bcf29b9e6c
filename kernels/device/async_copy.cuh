#pragma once

#include "kernels/device/memory.cuh"

// Copies of 8 and 16 bytes from global to shared memory that go on while the thread does something
// else (PTX ISA, cp.async; from sm_80 on, before they are plain loads and stores). A thread closes
// groups of its copies and waits for groups; others see what arrived after a barrier that follows.
// In simt a copy happens where it is waited for.

namespace lares::kernels {

#if defined(__CUDACC__)

/// Zeros where not `is_inside`; `from` is not read then.
LARES_DEVICE void async_copy16(void* to_shared, const void* from, bool is_inside) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to_shared))),
                   "l"(__cvta_generic_to_global(from)), "r"(is_inside ? 16 : 0)
                 : "memory");
#else
    *static_cast<uint4*>(to_shared) = is_inside ? load_coherent16(from) : make_uint4(0, 0, 0, 0);
#endif
}
LARES_DEVICE void async_copy8(void* to_shared, const void* from, bool is_inside) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to_shared))),
                   "l"(__cvta_generic_to_global(from)), "r"(is_inside ? 8 : 0)
                 : "memory");
#else
    *static_cast<uint2*>(to_shared) = is_inside ? load_coherent8(from) : make_uint2(0, 0);
#endif
}
LARES_DEVICE void close_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" : : : "memory");
#endif
}
/// For all groups of this thread but the newest kLeft.
template <int kLeft>
LARES_DEVICE void wait_for_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" : : "n"(kLeft) : "memory");
#endif
}

#else

inline void async_copy(void* to_shared, const void* from, std::size_t bytes, bool is_inside) {
    if (reinterpret_cast<std::uintptr_t>(to_shared) % bytes != 0)
        simt::t_thread->block->fail("misaligned copy to shared memory");
    if (is_inside) check_access(from, bytes, "copy");
    simt::t_thread->block->copy_later(to_shared, is_inside ? from : nullptr, bytes);
}
inline void async_copy16(void* to_shared, const void* from, bool is_inside) {
    async_copy(to_shared, from, 16, is_inside);
}
inline void async_copy8(void* to_shared, const void* from, bool is_inside) {
    async_copy(to_shared, from, 8, is_inside);
}
inline void close_copies() {
    simt::t_thread->block->commit_copies();
}
template <int kLeft>
void wait_for_copies() {
    simt::t_thread->block->wait_copies(kLeft);
}

#endif

}  // namespace lares::kernels
