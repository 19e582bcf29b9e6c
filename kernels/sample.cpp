#include "kernels/sample.h"

namespace lares::kernels {

Launch sample_scan_launch(const SampleParams& params) {
    if (params.n_vocab < 1) return {};
    return make_waiting_launch("sample_scan", {ceil_div(params.n_vocab, 1024)}, {256}, params);
}

Launch sample_bins_launch(const SampleParams& params) {
    if (params.n_vocab < 1) return {};
    return make_waiting_launch("sample_bins", {ceil_div(params.n_vocab, 4096)}, {1024}, params);
}

Launch sample_pick_launch(const SampleParams& params) {
    if (params.n_vocab < 1) return {};
    return make_waiting_launch("sample_pick", {ceil_div(params.n_vocab, 4096)}, {1024}, params);
}

Launch sample_accept_launch(const SampleAcceptParams& params) {
    if (params.n < 1 || params.n_vocab < 1) return {};
    return make_launch("sample_accept", {1}, {1}, params);
}

}  // namespace lares::kernels
