#include "kernels/device/async_copy.cuh"
#include "kernels/device/memory.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/device/reduce.cuh"
#include "tests/kernels/faulty_kernels.h"

namespace lares::test {

using kernels::kAllLanes;

/// Every warp operation, each lane's own result in a row of ten.
LARES_KERNEL(warp_operations, 64, FaultyParams) {
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    std::int32_t* out = p.ints + 10 * thread;
    out[0] = __shfl_sync(kAllLanes, lane, 5);
    out[1] = __shfl_xor_sync(kAllLanes, lane, 3);
    out[2] = __shfl_down_sync(kAllLanes, lane, 4);
    out[3] = __shfl_up_sync(kAllLanes, lane, 4);
    out[4] = __shfl_sync(kAllLanes, lane, 1, 8);
    out[5] = __shfl_down_sync(kAllLanes, lane, 1, 16);
    out[6] = static_cast<std::int32_t>(__ballot_sync(kAllLanes, lane % 3 == 0));
    out[7] = __any_sync(kAllLanes, lane == 31) * 2 + __all_sync(kAllLanes, lane < 31);
    // Two halves of a warp on their own, each with its own number of operations.
    if (lane < 16) {
        out[8] = __shfl_sync(0x0000FFFFU, lane, 3);
        out[8] += __shfl_sync(0x0000FFFFU, lane, 4);
    } else {
        out[8] = __shfl_sync(0xFFFF0000U, lane, 20);
    }
    __syncwarp();
    out[9] = static_cast<std::int32_t>(kernels::warp_sum(static_cast<float>(lane)));
}

/// The sum of the block index and of all threads, through shared memory and a block reduction.
LARES_KERNEL(block_operations, 1024, FaultyParams) {
    LARES_SHARED(float, scratch, 32);
    LARES_DYNAMIC_SHARED(float, mirror);
    const int thread = static_cast<int>(threadIdx.x);
    const int n = static_cast<int>(blockDim.x);
    mirror[thread] = static_cast<float>(thread);
    __syncthreads();
    const float other = mirror[n - 1 - thread];
    const float sum = kernels::block_sum(other, scratch);
    p.out[static_cast<int>(blockIdx.x) * n + thread] =
        sum + other + 1000.0F * static_cast<float>(blockIdx.x);
    atomicAdd(p.ints, 1);
}

/// The number says what it does wrong: 0 nothing, 1 one thread does not wait, 2 a thread waits
/// twice, 3 it writes before it waits.
LARES_KERNEL(overlapping, 64, FaultyParams) {
    const bool is_first = threadIdx.x == 0;
    if (p.n == 3 && is_first) kernels::store16(p.out, make_uint4(0, 0, 0, 0));
    if (p.n != 1 || !is_first) kernels::wait_for_grid_before();
    if (p.n == 2 && is_first) kernels::wait_for_grid_before();
    if (is_first && p.n != 1) kernels::store16(p.out, make_uint4(1, 2, 3, 4));
}

LARES_KERNEL(integer_operations, 32, FaultyParams) {
    p.ints[0] = __dp4a(0x7F80FF01, 0x02FE0380, 100);
    p.ints[1] = static_cast<std::int32_t>(__byte_perm(0x33221100U, 0x77665544U, 0x7A50U));
    p.ints[2] = __popc(0xF0F0U);
    p.ints[3] = __clz(1);
    p.ints[4] = __ffs(8);
}

/// Two groups of copies: what is there when one, and when none, is still under way. Of the second,
/// thread 1's is outside and becomes zeros.
LARES_KERNEL(asynchronous_copies, 2, FaultyParams) {
    LARES_SHARED(uint4, tile, 4);
    const int thread = static_cast<int>(threadIdx.x);
    kernels::async_copy16(&tile[thread], p.ints + 4 * thread, true);
    kernels::close_copies();
    kernels::async_copy16(&tile[2 + thread], p.ints + 4 * thread, thread == 0);
    kernels::close_copies();
    kernels::wait_for_copies<1>();
    float* out = p.out + 3 * thread;
    out[0] = static_cast<float>(tile[thread].y);
    out[1] = __uint_as_float(tile[2 + thread].y);
    kernels::wait_for_copies<0>();
    out[2] = static_cast<float>(tile[2 + thread].y);
}

/// C = A B of a tensor core, A 16x16 and B 16x8 f16 numbers in shared memory: out [16, 8]. B lies
/// row by row, and so is read transposed.
LARES_KERNEL(matrix_product, 32, FaultyParams) {
    LARES_SHARED(uint4, a, 32);
    LARES_SHARED(uint4, b, 16);
    const int lane = static_cast<int>(threadIdx.x);
    const auto* from = reinterpret_cast<const uint4*>(p.ints);
    a[lane] = from[lane];
    if (lane < 16) b[lane] = from[32 + lane];
    __syncthreads();
    unsigned rows[4];
    unsigned columns[4];
    kernels::load_matrices(rows, &a[2 * (lane % 16) + lane / 16]);
    kernels::load_matrices_transposed(columns, &b[lane % 16]);
    float c[4] = {};
    const unsigned pair[2] = {columns[0], columns[1]};
    kernels::mma_m16n8k16_f16(c, rows, pair);
    for (int i = 0; i < 4; ++i) p.out[(lane / 4 + i / 2 * 8) * 8 + 2 * (lane % 4) + i % 2] = c[i];
}

LARES_KERNEL(copy_under_way, 64, FaultyParams) {
    LARES_SHARED(uint4, tile, 64);
    kernels::async_copy16(&tile[threadIdx.x], p.out, true);
    kernels::close_copies();
    kernels::wait_for_copies<1>();
}

LARES_KERNEL(misaligned_copy, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    kernels::async_copy16(&tile[1], p.out, true);
}

LARES_KERNEL(copy_from_outside, 64, FaultyParams) {
    LARES_SHARED(uint4, tile, 64);
    kernels::async_copy16(&tile[0], p.out + p.n, true);
}

LARES_KERNEL(misaligned_matrix, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    unsigned v[4];
    kernels::load_matrices(v, &tile[2]);
    p.ints[threadIdx.x] = static_cast<std::int32_t>(v[0]);
}

LARES_KERNEL(shared_index_outside, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    const int thread = static_cast<int>(threadIdx.x);
    tile[thread + (thread == 37 ? p.n : 0)] = 1.0F;
}

LARES_KERNEL(shared_pointer_outside, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    float* start = &tile[0];
    if (threadIdx.x == 0) start[p.n] = 1.0F;
}

LARES_KERNEL(too_much_shared, 64, FaultyParams) {
    LARES_SHARED(float, tile, 20000);
    tile[0] = 1.0F;
}

LARES_KERNEL(reads_poison, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    LARES_SHARED(std::int32_t, numbers, 64);
    const int thread = static_cast<int>(threadIdx.x);
    if (thread < p.n) {
        tile[thread] = 1.0F;
        numbers[thread] = 1;
    }
    __syncthreads();
    p.out[thread] = tile[thread];
    p.ints[thread] = numbers[thread];
}

LARES_KERNEL(barrier_in_a_branch, 64, FaultyParams) {
    if (threadIdx.x < 40) __syncthreads();
}

LARES_KERNEL(two_barriers, 64, FaultyParams) {
    if (threadIdx.x < 32)
        __syncthreads();
    else
        __syncthreads();
}

LARES_KERNEL(missing_barrier, 64, FaultyParams) {
    LARES_SHARED(float, tile, 64);
    const int thread = static_cast<int>(threadIdx.x);
    tile[thread] = static_cast<float>(thread);
    p.out[thread] = tile[63 - thread];
}

LARES_KERNEL(divergent_shuffle, 64, FaultyParams) {
    if (threadIdx.x != 3) p.out[threadIdx.x] = kernels::warp_sum(1.0F);
}

LARES_KERNEL(shuffle_from_outside, 32, FaultyParams) {
    if (threadIdx.x < 16) p.ints[threadIdx.x] = __shfl_sync(0xFFFFU, 1, 20);
}

LARES_KERNEL(not_in_its_mask, 32, FaultyParams) {
    p.ints[threadIdx.x] = __shfl_sync(0xFFFFU, 1, 2);
}

LARES_KERNEL(global_write_outside, 64, FaultyParams) {
    if (threadIdx.x == 0) p.out[p.n] = 1.0F;
}

LARES_KERNEL(global_load_outside, 64, FaultyParams) {
    p.ints[threadIdx.x] = static_cast<std::int32_t>(kernels::load16(p.out + p.n).x);
}

}  // namespace lares::test
