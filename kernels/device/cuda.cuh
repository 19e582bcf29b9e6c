#pragma once

// The first include of every kernel: the CUDA language, from nvcc or from kernels/simt, and the few
// words that are spelled differently in the two.
//
//   LARES_KERNEL(rms_norm, 1024, RmsNormParams) { … p.x … }
//       defines the kernel `rms_norm` for blocks of at most 1024 threads; its parameters are `p`.
//   LARES_KERNEL_RESIDENT(matvec_f16, 256, 4, MatvecParams) { … }
//       the same, with so few registers that four blocks fit on a multiprocessor.
//   LARES_SHARED(float, tile, 32 * 33);       an array in shared memory, 16-byte aligned
//   LARES_DYNAMIC_SHARED(float, values);      the dynamic part
//   LARES_UNROLL for (…)                      #pragma unroll; LARES_NO_UNROLL: unroll 1
//   wait_for_grid_before();                   see "Overlap" in kernels/README.md

#if defined(__CUDACC__)

#include <cstdint>

#define LARES_DEVICE __device__ __forceinline__
#define LARES_UNROLL _Pragma("unroll")
#define LARES_NO_UNROLL _Pragma("unroll 1")
#define LARES_KERNEL(name, max_threads, Params) \
    extern "C" __global__ void __launch_bounds__(max_threads) name(const __grid_constant__ Params p)
#define LARES_KERNEL_RESIDENT(name, max_threads, n_block, Params)      \
    extern "C" __global__ void __launch_bounds__(max_threads, n_block) \
        name(const __grid_constant__ Params p)
#define LARES_SHARED(type, name, n) __shared__ __align__(16) type name[n]
#define LARES_DYNAMIC_SHARED(type, name)                                  \
    extern __shared__ __align__(16) unsigned char lares_dynamic_shared[]; \
    type* const name = reinterpret_cast<type*>(lares_dynamic_shared)

namespace lares::kernels {

/// Lets the kernel after this one begin where there is room, then waits until the kernel before has
/// ended and what it wrote can be read (CUDA C++ Programming Guide, "Programmatic Dependent
/// Launch"; PTX ISA, griddepcontrol). Every thread calls it, once. Before it a thread writes
/// nothing and reads only what no kernel of the same graph writes before: several kernels may be
/// waiting at a time, while an earlier one still runs.
LARES_DEVICE void wait_for_grid_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

}  // namespace lares::kernels

#else

#include "kernels/simt/builtins.h"

#define LARES_DEVICE inline
#define LARES_UNROLL
#define LARES_NO_UNROLL
#define LARES_KERNEL(name, max_threads, Params)                                 \
    static void name(const Params& p);                                          \
    static const ::lares::simt::Registration name##_registration(               \
        #name, max_threads, sizeof(Params),                                     \
        [](const void* params) { name(*static_cast<const Params*>(params)); }); \
    static void name([[maybe_unused]] const Params& p)
#define LARES_KERNEL_RESIDENT(name, max_threads, n_block, Params) \
    LARES_KERNEL(name, max_threads, Params)
#define LARES_SHARED(type, name, n)                      \
    const auto name = ::lares::simt::shared_array<type>( \
        []() -> const void* {                            \
            static const char key = 0;                   \
            return &key;                                 \
        }(),                                             \
        #name, n)
#define LARES_DYNAMIC_SHARED(type, name) const auto name = ::lares::simt::dynamic_shared<type>()

namespace lares::kernels {
/// Nothing is beside a kernel here; simt checks that every thread calls it once.
inline void wait_for_grid_before() {
    simt::t_thread->block->wait_for_grid_before();
}
}  // namespace lares::kernels

#endif
