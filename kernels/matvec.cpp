#include "kernels/matvec.h"

#include <array>

namespace lares::kernels {
namespace {

constexpr std::array<const char*, kWeightTypeCount> kNames{
    "matvec_f32",  "matvec_f16",    "matvec_bf16", "matvec_fp8",    "matvec_q4_0", "matvec_q4_1",
    "matvec_q5_0", "matvec_q5_1",   "matvec_q8_0", "matvec_iq4_nl", "matvec_q4_k", "matvec_q5_k",
    "matvec_q6_k", "matvec_iq4_xs", "matvec_q2_k", "matvec_q3_k"};
constexpr std::array<const char*, kWeightTypeCount> kFewNames{
    "matvec_few_f32",  "matvec_few_f16",    "matvec_few_bf16", "matvec_few_fp8",
    "matvec_few_q4_0", "matvec_few_q4_1",   "matvec_few_q5_0", "matvec_few_q5_1",
    "matvec_few_q8_0", "matvec_few_iq4_nl", "matvec_few_q4_k", "matvec_few_q5_k",
    "matvec_few_q6_k", "matvec_few_iq4_xs", "matvec_few_q2_k", "matvec_few_q3_k"};

}  // namespace

Launch matvec_launch(WeightType type, MatvecParams params, int n_multiprocessor) {
    const std::int32_t rows = params.w.rows;
    const std::int32_t cols = params.w.cols;
    const bool plain = is_plain(type);
    if (rows < 1 || cols < 1 || cols % traits(type).file_block != 0) return {};
    if (params.n_vector < 1 || params.n_vector > kMaxVectors) return {};
    if (plain ? !params.x : !params.x_q8.q) return {};
    if (params.q_out.q ? rows % 32 != 0 : !params.y) return {};
    if (params.epilogue == Epilogue::Residual && !params.y) return {};
    const PendingNorm& norm = params.x_norm;
    if (norm.squares &&
        (!can_be_pending(norm.n_group, norm.group_size) || norm.n_group * norm.group_size != cols))
        return {};

    // Measured on an H200: a thread that takes one column has nothing to load while it multiplies,
    // and one that takes more than two leaves too few blocks to even out; but first the device has
    // to be full. 32 rows are quantised by one block, which needs four groups.
    const std::uint32_t n_group = ceil_div(rows, kGroupRows);
    const std::uint32_t n_unit = ceil_div(cols, plain ? chunk_values(type) : kBlock);
    const std::uint32_t most = params.q_out.q ? 64 : kMatvecThreads;
    const auto n_resident = static_cast<std::uint32_t>(n_multiprocessor * matvec_blocks(type));
    const auto n_block = [&](std::uint32_t lanes) {
        return ceil_div(n_group, kMatvecThreads / lanes);
    };
    std::uint32_t lanes = 32;
    while (lanes < most && lanes < n_unit && (2 * lanes < n_unit || n_block(lanes) < n_resident))
        lanes *= 2;
    params.lanes_per_group = static_cast<std::int32_t>(lanes);
    const auto& names = params.n_vector == 1 ? kNames : kFewNames;
    return make_waiting_launch(names[static_cast<std::size_t>(type)], {n_block(lanes)},
                               {kMatvecThreads}, params);
}

}  // namespace lares::kernels
