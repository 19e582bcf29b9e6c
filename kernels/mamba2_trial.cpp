#include "kernels/mamba2_trial.h"

namespace lares::kernels {
namespace {

bool is_token_count(std::int32_t n) {
    return n >= 1 && n <= kMaxTrialTokens;
}

}  // namespace

Launch mamba2_trial_launch(const Mamba2TrialParams& params) {
    const Launch one = mamba2_decode_launch(params.step);
    if (!one.kernel || !params.kept || !is_token_count(params.n_token)) return {};
    return make_waiting_launch("mamba2_trial", one.grid, one.block, params);
}

Launch mamba2_commit_launch(const Mamba2CommitParams& params) {
    Mamba2DecodeParams shape;
    shape.n_head = params.n_head;
    shape.head_dim = params.head_dim;
    shape.d_state = params.d_state;
    shape.n_group = params.n_group;
    Launch one = mamba2_decode_launch(shape);
    if (!one.kernel || !is_token_count(params.n_kept) || params.n_layer < 1) return {};
    one.grid.z = static_cast<std::uint32_t>(params.n_layer);
    // Not in a graph: the launches before it have ended when it begins.
    return make_launch("mamba2_commit", one.grid, one.block, params);
}

}  // namespace lares::kernels
