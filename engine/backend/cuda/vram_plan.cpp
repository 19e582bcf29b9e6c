#include "engine/backend/cuda/vram_plan.h"

#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/kv_pool.h"
#include "engine/backend/cuda/library_products.h"
#include "engine/backend/cuda/megabytes.h"
#include "engine/backend/cuda/recurrent_state.h"
#include "engine/backend/cuda/step_buffers.h"
#include "kernels/planes.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace lares::cuda {
namespace {

/// The driver gives memory out in pages of this size; what is smaller than half of one shares
/// pages.
constexpr std::size_t kPageBytes = std::size_t{2} << 20;

/// Sizes of allocations that belong together.
class Allocations {
public:
    void add(std::size_t bytes) {
        m_bytes += bytes;
        if (bytes >= kPageBytes / 2) {
            m_page_loss += (kPageBytes - bytes % kPageBytes) % kPageBytes;
        } else {
            m_small += bytes;
        }
    }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    /// What the pages have beyond that.
    [[nodiscard]] std::size_t page_loss() const {
        return m_page_loss + (kPageBytes - m_small % kPageBytes) % kPageBytes;
    }

private:
    std::size_t m_bytes = 0;
    std::size_t m_page_loss = 0;
    std::size_t m_small = 0;
};

/// Of weights, and what a library would need for its products with them.
struct WeightNeeds {
    Allocations memory;
    LibraryNeeds library;
};

CudaOptions cuda_options_of(const HParams& hparams, const VramOptions& options) {
    CudaOptions of;
    of.n_ctx = std::min(options.n_ctx, hparams.n_ctx_train);
    of.max_batch = std::min(options.prefill_batch, of.n_ctx);
    of.kv_type = options.kv_type == CardKvType::FP8 ? kernels::KvType::FP8 : kernels::KvType::F16;
    of.n_state_slot = options.n_snapshot;
    return of;
}

void add_matrix(Allocations& all, const TensorView& matrix) {
    all.add(kernels::plane_layout(weight_type_of(matrix.dtype), matrix.rows(), matrix.cols())
                .total_bytes);
}

/// A matrix of a layer.
void add_matrix(WeightNeeds& all, std::initializer_list<TensorView> parts) {
    std::int64_t rows = 0;
    for (const TensorView& part : parts) rows += part.rows();
    const TensorView& first = *parts.begin();
    const kernels::WeightType type = weight_type_of(first.dtype);
    all.memory.add(kernels::plane_layout(type, rows, first.cols()).total_bytes);
    all.library.add(type, rows, first.cols());
}

bool can_be_one(const TensorView& above, const TensorView& below) {
    return above.dtype == below.dtype && above.scale == below.scale &&
           above.rows() % kernels::kGroupRows == 0;
}

/// q, k and v: neighbours of one type as one matrix, as CudaWeights has them.
void add_qkv(WeightNeeds& all, const AttentionWeights& w) {
    const bool q_with_k = can_be_one(w.q_proj, w.k_proj);
    const bool k_with_v = can_be_one(w.k_proj, w.v_proj);
    if (q_with_k && k_with_v) {
        add_matrix(all, {w.q_proj, w.k_proj, w.v_proj});
    } else if (q_with_k) {
        add_matrix(all, {w.q_proj, w.k_proj});
        add_matrix(all, {w.v_proj});
    } else {
        add_matrix(all, {w.q_proj});
        if (k_with_v) {
            add_matrix(all, {w.k_proj, w.v_proj});
        } else {
            add_matrix(all, {w.k_proj});
            add_matrix(all, {w.v_proj});
        }
    }
}

void add_mixer(WeightNeeds& all, const LayerWeights& layer) {
    if (const auto* mamba = std::get_if<Mamba2Weights>(&layer.mixer)) {
        add_matrix(all, {mamba->in_proj});
        add_matrix(all, {mamba->out_proj});
        for (const TensorView* vector : {&mamba->conv_weight, &mamba->conv_bias, &mamba->dt_bias,
                                         &mamba->A, &mamba->D, &mamba->norm})
            all.memory.add(vector->size_bytes());
    } else if (const auto* attention = std::get_if<AttentionWeights>(&layer.mixer)) {
        add_qkv(all, *attention);
        add_matrix(all, {attention->o_proj});
    } else {
        const auto& mlp = std::get<MlpWeights>(layer.mixer);
        add_matrix(all, {mlp.up_proj});
        add_matrix(all, {mlp.down_proj});
    }
}

WeightNeeds weight_needs(const Weights& weights) {
    WeightNeeds all;
    for (const LayerWeights& layer : weights.layers) {
        all.memory.add(layer.norm.size_bytes());
        add_mixer(all, layer);
    }
    add_matrix(all.memory, weights.token_embedding);
    all.memory.add(weights.output_norm.size_bytes());
    if (weights.output.data != weights.token_embedding.data) add_matrix(all.memory, weights.output);
    return all;
}

/// A session's part does not look at the weights, which are counted once.
VramPlan plan_with(const WeightNeeds& weights, const HParams& hparams, const VramOptions& options) {
    const CudaOptions of = cuda_options_of(hparams, options);
    const std::size_t recurrent = RecurrentLayout(hparams).total_bytes;
    const auto n_block = static_cast<std::size_t>(kernels::ceil_div(of.n_ctx, kernels::kKvBlock));

    VramPlan plan;
    Allocations session;
    plan.weights = weights.memory.bytes();
    plan.work = work_bytes(hparams, options);
    session.add(plan.work);
    plan.state = 2 * recurrent;
    session.add(recurrent);
    session.add(recurrent);
    plan.snapshots = static_cast<std::size_t>(of.n_state_slot) * recurrent;
    session.add(plan.snapshots);
    const std::size_t pool = static_cast<std::size_t>(kv_block_count(of.n_ctx)) *
                             KvPool::block_bytes(hparams, of.kv_type);
    session.add(pool);
    session.add(n_block * sizeof(std::int32_t));
    plan.kv = pool + n_block * sizeof(std::int32_t);
    if (options.has_library) plan.library = weights.library.bytes(of.max_batch);
    session.add(plan.library);
    plan.reserve = kModuleBytes + weights.memory.page_loss() + session.page_loss() +
                   (plan.library > 0 ? kLibraryModuleBytes : 0) +
                   (options.counts_context ? kContextBytes : 0);
    return plan;
}

/// The largest value in [0, limit] that `fits`, which holds up to some value and not beyond; 0 is
/// not asked.
template <class Fits>
int largest(int limit, const Fits& fits) {
    int fitting = 0;
    int too_much = limit + 1;
    while (fitting + 1 < too_much) {
        const int middle = fitting + (too_much - fitting) / 2;
        (fits(middle) ? fitting : too_much) = middle;
    }
    return fitting;
}

}  // namespace

std::string_view to_string(CardKvType type) {
    return type == CardKvType::FP8 ? "fp8" : "f16";
}

std::size_t work_bytes(const HParams& hparams, const VramOptions& options) {
    return step_buffers_bytes(hparams, cuda_options_of(hparams, options), options.n_multiprocessor);
}

VramPlan vram_plan(const HParams& hparams, const Weights& weights, const VramOptions& options) {
    return plan_with(weight_needs(weights), hparams, options);
}

VramFit fit_vram(const HParams& hparams,
                 const Weights& weights,
                 const VramOptions& options,
                 std::size_t free_bytes) {
    const WeightNeeds all = weight_needs(weights);
    VramFit fit;
    fit.n_ctx = std::min(options.n_ctx, hparams.n_ctx_train);
    fit.plan = plan_with(all, hparams, options);
    fit.free_bytes = free_bytes;
    // A library is a help, not a need: what does not fit with it may fit without.
    VramOptions alone = options;
    alone.has_library = false;
    if (fit.plan.total() > free_bytes) fit.plan = plan_with(all, hparams, alone);
    const auto fits = [&](int n_ctx, int n_snapshot) {
        VramOptions other = alone;
        other.n_ctx = n_ctx;
        other.n_snapshot = n_snapshot;
        return plan_with(all, hparams, other).total() <= free_bytes;
    };
    fit.fits = fit.plan.total() <= free_bytes;
    fit.longest_n_ctx =
        largest(hparams.n_ctx_train, [&](int n_ctx) { return fits(n_ctx, options.n_snapshot); });
    fit.longest_n_ctx_without_snapshots =
        largest(hparams.n_ctx_train, [&](int n_ctx) { return fits(n_ctx, 0); });
    if (fits(fit.n_ctx, 0))
        fit.n_snapshot_fitting =
            largest(options.n_snapshot, [&](int n) { return fits(fit.n_ctx, n); });
    return fit;
}

std::string describe(const VramFit& fit) {
    const std::string figures = "a context of " + std::to_string(fit.n_ctx) + " tokens needs " +
                                megabytes_needed(fit.plan.total()) + ", " +
                                megabytes_free(fit.free_bytes) + " are free";
    if (fit.fits) return figures;
    std::string offers;
    if (fit.n_snapshot_fitting)
        offers = "it would fit with " + std::to_string(*fit.n_snapshot_fitting) +
                 " snapshots on the card";
    if (fit.longest_n_ctx > 0)
        offers += (offers.empty() ? "a context of " : ", and a context of ") +
                  std::to_string(fit.longest_n_ctx) + " tokens would fit";
    if (offers.empty() && fit.longest_n_ctx_without_snapshots > 0)
        offers = "a context of " + std::to_string(fit.longest_n_ctx_without_snapshots) +
                 " tokens would fit without snapshots on the card";
    if (offers.empty()) offers = "even the shortest context does not fit";
    return figures + "; " + offers;
}

}  // namespace lares::cuda
