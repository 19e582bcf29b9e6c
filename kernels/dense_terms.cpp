#include "kernels/dense_terms.h"

namespace lares::kernels {

Launch split_rows_launch(DenseType type, const SplitRowsParams& params) {
    const bool is_f16 = type == DenseType::F16;
    if (!params.x || !params.terms || (is_f16 && !params.scale) || params.n < 1 ||
        params.n > params.term_rows || params.cols < 1 || params.padded < params.cols ||
        params.padded % 8 != 0)
        return {};
    return make_launch(is_f16 ? "split_rows_f16" : "split_rows_bf16",
                       {static_cast<std::uint32_t>(params.n)}, {256}, params);
}

Launch widen_fp8_launch(const WidenFp8Params& params) {
    if (!params.from || !params.to || params.n_chunk < 1) return {};
    return make_launch("widen_fp8", {ceil_div(params.n_chunk, 256)}, {256}, params);
}

Launch join_terms_launch(const JoinTermsParams& params) {
    if (!params.parts || !params.y || params.n < 1 || params.n > 65535 || params.rows < 1 ||
        params.n > params.term_rows)
        return {};
    return make_launch("join_terms",
                       {ceil_div(params.rows, 256), static_cast<std::uint32_t>(params.n)}, {256},
                       params);
}

}  // namespace lares::kernels
