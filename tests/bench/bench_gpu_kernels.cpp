#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/decode_step.h"
#include "engine/backend/cuda/device_list.h"
#include "engine/model/model.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Where a token's time goes on a card, and what a step of several tokens takes (drafts): graphs of
// a decode step, of one kind of kernel alone (all layers, so that weights come from memory), and of
// the step without it. "alone" is what such a kernel takes behind another of its kind; "in the
// step" what the step is shorter without it, which counts what overlaps. Best of three times forty
// replays. What is computed is meaningless.
//
//     bench_gpu_kernels MODEL [DEPTH [CARD]]

using namespace lares;

namespace {

[[noreturn]] void fail(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    std::exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(result).value();
}

void must(Result<void> result) {
    if (!result) fail(result.error());
}

double microseconds(cuda::Device& device, const std::vector<kernels::Launch>& launches) {
    constexpr int kReplays = 40;
    device.begin_capture();
    for (const kernels::Launch& launch : launches) device.launch(launch);
    const auto graph = must(device.end_capture());
    double best = std::numeric_limits<double>::infinity();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 3; ++i) device.replay(*graph);
        must(device.wait());
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < kReplays; ++i) device.replay(*graph);
        must(device.wait());
        const std::chrono::duration<double, std::micro> time =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, time.count() / kReplays);
    }
    return best;
}

/// A kernel of one shape: its name and its grid.
std::string kind_of(const kernels::Launch& launch) {
    return std::string(launch.kernel) + " " + std::to_string(launch.grid.x) + "x" +
           std::to_string(launch.grid.y) + "x" + std::to_string(launch.grid.z);
}

/// Steps of several tokens beside one of a single one; the last column is what their tokens cost
/// where all of them are kept, without the picks.
void print_trials(cuda::Device& device, const cuda::Sequence& sequence, int position) {
    const double one = microseconds(device, cuda::decode_launches(sequence));
    const int most = sequence.buffers.n_trial;
    const double commit = microseconds(device, {cuda::commit_launch(sequence, position, most)});
    std::printf(
        "\n| step of | µs | of one token's | with the commit, a token |\n"
        "| --- | ---: | ---: | ---: |\n| 1 token | %.1f | 1.00 | 1.00 |\n",
        one);
    for (int n = 2; n <= most; ++n) {
        const double step = microseconds(device, cuda::trial_launches(sequence, n));
        std::printf("| %d tokens | %.1f | %.2f | %.2f |\n", n, step, step / one,
                    (step + commit) / one / n);
    }
    std::printf("| commit | %.1f | %.2f | |\n", commit, commit / one);
}

void print_table(cuda::Device& device, const std::vector<kernels::Launch>& launches) {
    std::map<std::string, int> kinds;
    for (const kernels::Launch& launch : launches) ++kinds[kind_of(launch)];
    const double all = microseconds(device, launches);
    std::printf(
        "| kernel and its grid | launches | alone, µs | in the step, µs | of the step, µs |\n"
        "| --- | ---: | ---: | ---: | ---: |\n");
    for (const auto& [kind, n] : kinds) {
        std::vector<kernels::Launch> only;
        std::vector<kernels::Launch> others;
        for (const kernels::Launch& launch : launches)
            (kind_of(launch) == kind ? only : others).push_back(launch);
        const double in_step = all - microseconds(device, others);
        std::printf("| `%s` | %d | %.2f | %.2f | %.1f |\n", kind.c_str(), n,
                    microseconds(device, only) / n, in_step / n, in_step);
    }
    std::printf("| all | %zu | | | %.1f |\n", launches.size(), all);
}

}  // namespace

int main(int argc, char** argv) {
    const int depth = argc > 2 ? std::atoi(argv[2]) : 0;
    const int card = argc > 3 ? std::atoi(argv[3]) : 0;
    if (argc < 2 || argc > 4 || depth < 0 || card < 0) {
        std::fprintf(stderr,
                     "usage: bench_gpu_kernels MODEL [DEPTH [CARD]]; needs an NVIDIA card\n");
        return argc < 2 ? 0 : 1;  // `./dev bench` calls all programs without arguments
    }
    auto choice = cuda::choose_device({cuda::DeviceRequest::Kind::Cuda, card}, {});
    if (!choice) fail(choice.error());
    const std::shared_ptr<cuda::Device> device = std::move(choice->device);
    const auto model = must(Model::load(argv[1]));
    const HParams& hparams = model->hparams();
    const auto weights = must(cuda::CudaWeights::of(*model, device, 4, {}, {}));

    const cuda::CudaOptions options{.n_ctx = depth + 64, .max_batch = kernels::kMaxTrialTokens};
    const int n_multiprocessor = device->info().n_multiprocessor;
    std::size_t bytes = cuda::step_buffers_bytes(hparams, options, n_multiprocessor);
    const auto work = must(cuda::DeviceMemory::make(device, bytes));
    const auto buffers =
        cuda::StepBuffers::carve(hparams, options, n_multiprocessor, work.data(), bytes);
    const auto recurrent =
        must(cuda::DeviceMemory::make(device, cuda::RecurrentLayout(hparams).total_bytes));
    auto pool = must(
        cuda::KvPool::make(device, hparams, options.kv_type, cuda::kv_block_count(options.n_ctx)));
    auto kv = must(cuda::KvTable::make(device, std::move(pool), options.n_ctx));
    must(kv.reserve(0, depth + options.max_batch));
    device->zero(work.data(), work.bytes());
    device->zero(recurrent.data(), recurrent.bytes());
    const std::int32_t position = depth;
    device->upload(&buffers.sequence->position, &position, sizeof position);
    must(device->wait());
    const cuda::Sequence sequence{hparams, *weights,         buffers,
                                  kv,      recurrent.data(), n_multiprocessor};
    print_table(*device, cuda::decode_launches(sequence));
    print_trials(*device, sequence, depth);
    return 0;
}
