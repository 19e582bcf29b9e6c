#include "kernels/matvec.h"

#include <array>

namespace lares::kernels {
namespace {

constexpr std::array<const char*, kWeightTypeCount> kNames{
    "matvec_f32",  "matvec_f16",  "matvec_bf16", "matvec_fp8",   "matvec_q4_0",
    "matvec_q4_1", "matvec_q5_0", "matvec_q5_1", "matvec_q8_0",  "matvec_iq4_nl",
    "matvec_q4_k", "matvec_q5_k", "matvec_q6_k", "matvec_iq4_xs"};

}  // namespace

Launch matvec_launch(WeightType type, MatvecParams params, int n_multiprocessor) {
    const std::int32_t rows = params.w.rows;
    const std::int32_t cols = params.w.cols;
    const bool plain = is_plain(type);
    if (rows < 1 || cols < 1 || cols % traits(type).file_block != 0) return {};
    if (plain ? !params.x : !params.x_q8.q) return {};
    if (params.q_out.q ? rows % 32 != 0 : !params.y) return {};
    if (params.epilogue == Epilogue::Residual && !params.y) return {};
    const PendingNorm& norm = params.x_norm;
    if (norm.squares &&
        (!can_be_pending(norm.n_group, norm.group_size) || norm.n_group * norm.group_size != cols))
        return {};

    // The multiprocessor with the most blocks ends last: of the divisions of a group among threads,
    // the one that gives it the fewest rounds of loads, and of equal ones that with the fewest
    // blocks. 32 rows are quantised by one block, which needs four groups.
    const std::int32_t n_group = (rows + kGroupRows - 1) / kGroupRows;
    const std::int32_t n_unit =
        plain ? (cols + chunk_values(type) - 1) / chunk_values(type) : cols / kBlock;
    const std::int32_t most = params.q_out.q ? 64 : kMatvecThreads;
    const auto rounds = [&](std::int32_t lanes) {
        const std::uint32_t n_block = ceil_div(n_group, kMatvecThreads / lanes);
        return ceil_div(n_block, n_multiprocessor) * ceil_div(n_unit, lanes);
    };
    std::int32_t lanes = 32;
    for (std::int32_t more = 64; more <= most && more < 2 * n_unit; more *= 2)
        if (rounds(more) < rounds(lanes)) lanes = more;
    params.lanes_per_group = lanes;
    return make_waiting_launch(kNames[static_cast<std::size_t>(type)],
                               {ceil_div(n_group, kMatvecThreads / lanes)}, {kMatvecThreads},
                               params);
}

}  // namespace lares::kernels
