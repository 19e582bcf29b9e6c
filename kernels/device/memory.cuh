#pragma once

#include "kernels/device/cuda.cuh"

// Loads and stores of 8 and 16 bytes. Addresses must be aligned to the size. In simt every access
// is checked to lie in a registered buffer and to be aligned.

namespace lares::kernels {

#if defined(__CUDACC__)

/// 16 bytes that nobody reads again in this kernel: past L1, so that weights do not push the
/// activations out of it (PTX ISA, ld.global.nc with .L1::no_allocate). Volatile, so that it stays
/// before wait_for_grid_before() where it is written there.
LARES_DEVICE uint4 load_stream16(const void* from) {
    uint4 v;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(__cvta_generic_to_global(from)));
    return v;
}
LARES_DEVICE uint2 load_stream8(const void* from) {
    uint2 v;
    asm volatile("ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2];"
                 : "=r"(v.x), "=r"(v.y)
                 : "l"(__cvta_generic_to_global(from)));
    return v;
}
/// Through the read-only path of L1: nothing in the grid may write there, nor in a grid beside it:
/// not for what the kernel before has written.
LARES_DEVICE uint4 load16(const void* from) {
    return __ldg(static_cast<const uint4*>(from));
}
LARES_DEVICE uint2 load8(const void* from) {
    return __ldg(static_cast<const uint2*>(from));
}
/// Coherent: for memory that this grid writes, or the one before.
LARES_DEVICE uint4 load_coherent16(const void* from) {
    return *static_cast<const uint4*>(from);
}
LARES_DEVICE uint2 load_coherent8(const void* from) {
    return *static_cast<const uint2*>(from);
}
LARES_DEVICE void store4(void* to, unsigned v) {
    *static_cast<unsigned*>(to) = v;
}
LARES_DEVICE void store16(void* to, uint4 v) {
    *static_cast<uint4*>(to) = v;
}
LARES_DEVICE void store8(void* to, uint2 v) {
    *static_cast<uint2*>(to) = v;
}

#else

inline void check_access(const void* at, std::size_t bytes, const char* what) {
    simt::Block& block = *simt::t_thread->block;
    if (reinterpret_cast<std::uintptr_t>(at) % bytes != 0)
        block.fail(std::string("misaligned ") + what + " of " + std::to_string(bytes) + " bytes");
    if (!simt::is_global(at, bytes))
        block.fail(std::string(what) + " of " + std::to_string(bytes) +
                   " bytes outside of every global buffer");
}
template <class T>
T checked_load(const void* from) {
    check_access(from, sizeof(T), "load");
    T v;
    std::memcpy(&v, from, sizeof v);
    return v;
}
template <class T>
void checked_store(void* to, T v) {
    check_access(to, sizeof(T), "store");
    simt::t_thread->block->check_may_write();
    std::memcpy(to, &v, sizeof v);
}
inline uint4 load_stream16(const void* from) {
    return checked_load<uint4>(from);
}
inline uint2 load_stream8(const void* from) {
    return checked_load<uint2>(from);
}
inline uint4 load16(const void* from) {
    return checked_load<uint4>(from);
}
inline uint2 load8(const void* from) {
    return checked_load<uint2>(from);
}
inline uint4 load_coherent16(const void* from) {
    return checked_load<uint4>(from);
}
inline uint2 load_coherent8(const void* from) {
    return checked_load<uint2>(from);
}
inline void store4(void* to, unsigned v) {
    checked_store(to, v);
}
inline void store16(void* to, uint4 v) {
    checked_store(to, v);
}
inline void store8(void* to, uint2 v) {
    checked_store(to, v);
}

#endif

/// The same bits, of which the compiler knows nothing: what it has made of them it makes anew
/// instead of keeping it in registers. `zero` must be 0 without the compiler's knowing.
LARES_DEVICE void make_opaque(uint4& v, unsigned zero) {
    v = make_uint4(v.x ^ zero, v.y ^ zero, v.z ^ zero, v.w ^ zero);
}

LARES_DEVICE float4 as_float4(uint4 v) {
    return make_float4(__uint_as_float(v.x), __uint_as_float(v.y), __uint_as_float(v.z),
                       __uint_as_float(v.w));
}
LARES_DEVICE uint4 as_uint4(float4 v) {
    return make_uint4(__float_as_uint(v.x), __float_as_uint(v.y), __float_as_uint(v.z),
                      __float_as_uint(v.w));
}

}  // namespace lares::kernels
