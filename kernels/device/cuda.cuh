#pragma once

// The first include of every kernel: the CUDA language, from nvcc or from kernels/simt, and the few
// words that are spelled differently in the two.
//
//   LARES_KERNEL(rms_norm, 1024, RmsNormParams) { … p.x … }
//       defines the kernel `rms_norm` for blocks of at most 1024 threads; its parameters are `p`.
//   LARES_SHARED(float, tile, 32 * 33);       an array in shared memory, 16-byte aligned
//   LARES_DYNAMIC_SHARED(float, values);      the dynamic part
//   LARES_UNROLL for (…)                      #pragma unroll

#if defined(__CUDACC__)

#include <cstdint>

#define LARES_DEVICE __device__ __forceinline__
#define LARES_UNROLL _Pragma("unroll")
#define LARES_KERNEL(name, max_threads, Params) \
    extern "C" __global__ void __launch_bounds__(max_threads) name(const __grid_constant__ Params p)
#define LARES_SHARED(type, name, n) __shared__ __align__(16) type name[n]
#define LARES_DYNAMIC_SHARED(type, name)                                  \
    extern __shared__ __align__(16) unsigned char lares_dynamic_shared[]; \
    type* const name = reinterpret_cast<type*>(lares_dynamic_shared)

#else

#include "kernels/simt/builtins.h"

#define LARES_DEVICE inline
#define LARES_UNROLL
#define LARES_KERNEL(name, max_threads, Params)                                 \
    static void name(const Params& p);                                          \
    static const ::lares::simt::Registration name##_registration(               \
        #name, max_threads, sizeof(Params),                                     \
        [](const void* params) { name(*static_cast<const Params*>(params)); }); \
    static void name([[maybe_unused]] const Params& p)
#define LARES_SHARED(type, name, n)                      \
    const auto name = ::lares::simt::shared_array<type>( \
        []() -> const void* {                            \
            static const char key = 0;                   \
            return &key;                                 \
        }(),                                             \
        #name, n)
#define LARES_DYNAMIC_SHARED(type, name) const auto name = ::lares::simt::dynamic_shared<type>()

#endif
