#include "kernels/peak.h"

namespace lares::kernels {
namespace {

// Two blocks of eight warps on each multiprocessor: enough to hide a product's latency with the
// independent sums of each warp, and few enough registers for every card.
constexpr std::uint32_t kBlocksPerMultiprocessor = 2;
constexpr std::uint32_t kThreads = 256;
constexpr double kSumsPerWarp = 8;  // of peak.cu

std::uint32_t n_block(int n_multiprocessor) {
    return kBlocksPerMultiprocessor * static_cast<std::uint32_t>(n_multiprocessor);
}

PeakLaunch peak_launch(const char* kernel,
                       const PeakParams& params,
                       int n_multiprocessor,
                       double depth) {
    if (n_multiprocessor < 1 || params.n_round < 1 || !params.out) return {};
    const double n_warp = static_cast<double>(peak_threads(n_multiprocessor)) / 32;
    return {make_launch(kernel, {n_block(n_multiprocessor)}, {kThreads}, params),
            n_warp * params.n_round * kSumsPerWarp * 2 * 16 * 8 * depth};
}

}  // namespace

std::size_t peak_threads(int n_multiprocessor) {
    return std::size_t{kThreads} * n_block(n_multiprocessor);
}

PeakLaunch peak_int8_launch(const PeakParams& params, int n_multiprocessor) {
    return peak_launch("peak_int8", params, n_multiprocessor, 32);
}

PeakLaunch peak_f16_launch(const PeakParams& params, int n_multiprocessor) {
    return peak_launch("peak_f16", params, n_multiprocessor, 16);
}

}  // namespace lares::kernels
