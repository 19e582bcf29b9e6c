#pragma once

// What nvcc declares by itself, for .cu files that are compiled as C++: index variables, vector
// types, barriers, warp operations, atomics and the integer and float intrinsics that our kernels
// use. Semantics: CUDA C++ Programming Guide, appendix "C++ Language Extensions". Only kernels
// include this, through kernels/device/cuda.cuh.

#include "kernels/simt/block.h"
#include "kernels/simt/global_buffer.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#define __device__
#define __host__
#define __forceinline__ inline

#define threadIdx (::lares::simt::t_thread->thread_index)
#define blockIdx (::lares::simt::t_thread->block->block_index())
#define blockDim (::lares::simt::t_thread->block->launch().block)
#define gridDim (::lares::simt::t_thread->block->launch().grid)
#define __syncthreads() ::lares::simt::t_thread->block->barrier({__FILE__, __LINE__})

struct alignas(8) int2 {
    int x, y;
};
struct alignas(8) uint2 {
    unsigned x, y;
};
struct alignas(16) int4 {
    int x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
struct alignas(8) float2 {
    float x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
inline float2 make_float2(float x, float y) {
    return {x, y};
}
inline float4 make_float4(float x, float y, float z, float w) {
    return {x, y, z, w};
}
inline uint2 make_uint2(unsigned x, unsigned y) {
    return {x, y};
}
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
    return {x, y, z, w};
}

namespace lares::simt {

/// Gives `value` to the lanes in `mask`; their values, as bytes.
template <class T>
const Block::Lanes& exchange(unsigned mask, const T& value, Site site) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= Block::kLaneBytes);
    return t_thread->block->exchange(mask, &value, sizeof value, site);
}

template <class T>
T of_lane(const Block::Lanes& lanes, int lane) {
    T value;
    std::memcpy(&value, lanes[static_cast<std::size_t>(lane)].data(), sizeof value);
    return value;
}

template <class T>
T shuffle(unsigned mask, T value, int lane, Site site) {
    const Block::Lanes& lanes = exchange(mask, value, site);
    if ((mask >> lane & 1U) == 0)
        t_thread->block->fail("shuffles from lane " + std::to_string(lane) +
                              ", which does not take part");
    return of_lane<T>(lanes, lane);
}

inline int lane_id() {
    return t_thread->index % Block::kWarp;
}

/// An array in shared memory whose index is checked.
template <class T>
class SharedArray {
public:
    SharedArray(std::byte* memory, std::size_t n, const char* name)
        : m_values(reinterpret_cast<T*>(memory)), m_size(n), m_name(name) {}

    T& operator[](std::size_t i) const {
        if (i >= m_size)
            t_thread->block->fail("index " + std::to_string(i) + " of the shared array `" + m_name +
                                  "` of " + std::to_string(m_size));
        return m_values[i];
    }

private:
    T* m_values;
    std::size_t m_size;
    const char* m_name;
};

template <class T>
SharedArray<T> shared_array(const void* key, const char* name, std::size_t n) {
    return {t_thread->block->shared(key, name, n * sizeof(T), sizeof(T)), n, name};
}

template <class T>
SharedArray<T> dynamic_shared() {
    Block& block = *t_thread->block;
    return {block.dynamic_shared(), block.launch().shared_bytes / sizeof(T), "dynamic"};
}

}  // namespace lares::simt

// Default arguments are evaluated at the call: the site is that of the caller.
#define LARES_SITE ::lares::simt::Site site = {__builtin_FILE(), __builtin_LINE()}

inline void __syncwarp(unsigned mask = ~0U, LARES_SITE) {
    ::lares::simt::exchange(mask, 0, site);
}
template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, LARES_SITE) {
    const int lane = ::lares::simt::lane_id();
    return ::lares::simt::shuffle(mask, value, (lane & ~(width - 1)) | (source & (width - 1)),
                                  site);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32, LARES_SITE) {
    const int lane = ::lares::simt::lane_id();
    const int source = lane ^ lane_mask;
    const bool is_inside = (source & ~(width - 1)) <= (lane & ~(width - 1));
    return ::lares::simt::shuffle(mask, value, is_inside ? source : lane, site);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, int delta, int width = 32, LARES_SITE) {
    const int lane = ::lares::simt::lane_id();
    const bool is_inside = (lane & (width - 1)) + delta < width;
    return ::lares::simt::shuffle(mask, value, is_inside ? lane + delta : lane, site);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, int delta, int width = 32, LARES_SITE) {
    const int lane = ::lares::simt::lane_id();
    const bool is_inside = (lane & (width - 1)) - delta >= 0;
    return ::lares::simt::shuffle(mask, value, is_inside ? lane - delta : lane, site);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, LARES_SITE) {
    const auto& lanes = ::lares::simt::exchange(mask, predicate != 0 ? 1U : 0U, site);
    unsigned votes = 0;
    for (int i = 0; i < 32; ++i)
        if ((mask >> i & 1U) != 0) votes |= ::lares::simt::of_lane<unsigned>(lanes, i) << i;
    return votes;
}
inline int __any_sync(unsigned mask, int predicate, LARES_SITE) {
    return __ballot_sync(mask, predicate, site) != 0;
}
inline int __all_sync(unsigned mask, int predicate, LARES_SITE) {
    return __ballot_sync(mask, predicate, site) == mask;
}
#undef LARES_SITE

inline void __threadfence() {}
inline void __threadfence_block() {}

// Fibers switch only where they wait, so plain read-modify-write is atomic.
template <class T>
T atomicAdd(T* at, T value) {
    const T old = *at;
    *at = static_cast<T>(old + value);
    return old;
}
template <class T>
T atomicMax(T* at, T value) {
    const T old = *at;
    if (value > old) *at = value;
    return old;
}
template <class T>
T atomicMin(T* at, T value) {
    const T old = *at;
    if (value < old) *at = value;
    return old;
}
template <class T>
T atomicOr(T* at, T value) {
    const T old = *at;
    *at = static_cast<T>(old | value);
    return old;
}
template <class T>
T atomicExch(T* at, T value) {
    const T old = *at;
    *at = value;
    return old;
}
template <class T>
T atomicCAS(T* at, T compare, T value) {
    const T old = *at;
    if (old == compare) *at = value;
    return old;
}
inline unsigned atomicInc(unsigned* at, unsigned last) {
    const unsigned old = *at;
    *at = old >= last ? 0 : old + 1;
    return old;
}

template <class T>
T __ldg(const T* at) {
    return *at;
}
template <class T>
T __ldcg(const T* at) {
    return *at;
}

inline int __dp4a(int a, int b, int c) {
    for (int i = 0; i < 32; i += 8)
        c += static_cast<std::int8_t>(a >> i) * static_cast<std::int8_t>(b >> i);
    return c;
}
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
    const std::uint64_t bytes = (std::uint64_t{y} << 32) | x;
    unsigned result = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const unsigned pick = selector >> (4 * i) & 15U;
        unsigned byte = static_cast<unsigned>(bytes >> (8 * (pick & 7U))) & 255U;
        if ((pick & 8U) != 0) byte = (byte & 128U) != 0 ? 255 : 0;
        result |= byte << (8 * i);
    }
    return result;
}
inline int __popc(unsigned v) {
    return std::popcount(v);
}
inline int __clz(int v) {
    return std::countl_zero(static_cast<unsigned>(v));
}
inline int __ffs(int v) {
    return v == 0 ? 0 : std::countr_zero(static_cast<unsigned>(v)) + 1;
}
inline unsigned __umulhi(unsigned a, unsigned b) {
    return static_cast<unsigned>((std::uint64_t{a} * b) >> 32);
}
inline float __uint_as_float(unsigned v) {
    return std::bit_cast<float>(v);
}
inline unsigned __float_as_uint(float v) {
    return std::bit_cast<unsigned>(v);
}
inline int __float2int_rn(float v) {
    return static_cast<int>(std::nearbyint(v));
}
// Rounded on their own, never contracted: this folder is compiled without contraction.
inline float __fmul_rn(float a, float b) {
    return a * b;
}
inline float __fadd_rn(float a, float b) {
    return a + b;
}
inline float rsqrtf(float v) {
    return 1.0F / std::sqrt(v);
}
inline float __expf(float v) {
    return std::exp(v);
}
inline float __logf(float v) {
    return std::log(v);
}
inline float __fdividef(float a, float b) {
    return a / b;
}
