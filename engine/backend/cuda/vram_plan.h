#pragma once

#include "engine/model/hparams.h"
#include "engine/model/weights.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lares::cuda {

/// Element type of keys and values on a card.
enum class CardKvType : std::uint8_t { F16, FP8 };
[[nodiscard]] std::string_view to_string(CardKvType type);  ///< "f16", "fp8"

/// What a model and one session of it are to have on a card.
struct VramOptions {
    int n_ctx = 4096;  ///< more than the model was made for means that
    CardKvType kv_type = CardKvType::F16;
    int prefill_batch = 256;     ///< tokens of a prefill step
    int n_snapshot = 4;          ///< snapshots whose recurrent state stays on the card
    int n_multiprocessor = 128;  ///< of the card; the work memory depends on it a little
    bool has_library = false;    ///< cuBLAS is there, and is to be used where the model can
    /// False where the bytes that are free were measured with this program's context made, as
    /// Device::free_bytes and list_cards do; true for a figure from elsewhere.
    bool counts_context = false;
};

/// Bytes of a card, by owner.
struct VramPlan {
    std::size_t weights = 0;    ///< in planes (kernels/planes.h); shared by the model's sessions
    std::size_t state = 0;      ///< recurrent state, and the copy that undoes a stopped step
    std::size_t kv = 0;         ///< keys and values of a full context, and of what snapshots share
    std::size_t work = 0;       ///< activations of a step, logits
    std::size_t library = 0;    ///< what cuBLAS works in (library_products.h)
    std::size_t snapshots = 0;  ///< recurrent states of snapshots
    std::size_t reserve = 0;  ///< context, kernels, graph, and what the driver's pages round up to

    [[nodiscard]] std::size_t total() const {
        return weights + state + kv + work + library + snapshots + reserve;
    }
};

/// What the driver keeps for a context: a figure that is meant to be on the safe side, for it
/// differs from card to card and is known only with one.
inline constexpr std::size_t kContextBytes = std::size_t{512} << 20;
/// Kernels, the recorded step and the driver's own tables, likewise.
inline constexpr std::size_t kModuleBytes = std::size_t{64} << 20;

/// Work memory of CudaBackend, exactly. Precondition, as for all below: n_ctx, prefill_batch >= 1,
/// n_snapshot >= 0, valid hparams.
[[nodiscard]] std::size_t work_bytes(const HParams& hparams, const VramOptions& options);

/// Known from the header of a file: only types and shapes of `weights` are looked at.
[[nodiscard]] VramPlan vram_plan(const HParams& hparams,
                                 const Weights& weights,
                                 const VramOptions& options);

/// A plan against what a card has free, and what would fit if it does not. All but `plan` are
/// without a library, which a session leaves out where it does not fit.
struct VramFit {
    VramPlan plan;  ///< with one, where it is asked for and fits
    int n_ctx = 0;  ///< that the plan is for
    std::size_t free_bytes = 0;
    bool fits = false;
    /// The longest context, at most the model's own, with the plan's snapshots, and with none on
    /// the card (snapshots then lie in host memory); 0 if none fits.
    int longest_n_ctx = 0;
    int longest_n_ctx_without_snapshots = 0;
    /// Most snapshots, at most the plan's, with which the plan's context fits.
    std::optional<int> n_snapshot_fitting;
};
[[nodiscard]] VramFit fit_vram(const HParams& hparams,
                               const Weights& weights,
                               const VramOptions& options,
                               std::size_t free_bytes);

/// One sentence for people: "needs 4321 MB, 3900 MB are free; a context of 2048 tokens would fit".
[[nodiscard]] std::string describe(const VramFit& fit);

}  // namespace lares::cuda
