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

    // As few threads a group of rows as still give every multiprocessor four blocks: more threads
    // than block columns would idle. 32 rows are quantised by one block, which needs four groups.
    const std::int32_t n_group = (rows + kGroupRows - 1) / kGroupRows;
    const std::int32_t n_unit =
        plain ? (cols + chunk_values(type) - 1) / chunk_values(type) : cols / kBlock;
    const std::int32_t most = params.q_out.q ? 64 : kMatvecThreads;
    std::int32_t lanes = 32;
    while (lanes < most && lanes < n_unit &&
           ceil_div(n_group, kMatvecThreads / lanes) <
               4U * static_cast<std::uint32_t>(n_multiprocessor))
        lanes *= 2;
    params.lanes_per_group = lanes;
    return make_launch(kNames[static_cast<std::size_t>(type)],
                       {ceil_div(n_group, kMatvecThreads / lanes)}, {kMatvecThreads}, params);
}

}  // namespace lares::kernels
