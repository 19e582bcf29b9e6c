#pragma once

#include "engine/base/result.h"
#include "engine/model/hparams.h"
#include "engine/model/weights.h"

namespace lares {

/// What a tensor is to the model; each format has its own name for it (spec: nemotron-h.md §6.3).
enum class WeightRole : std::uint8_t {
    TokenEmbedding,
    OutputNorm,
    Output,
    LayerNorm,
    InProj,
    ConvWeight,
    ConvBias,
    DtBias,
    A,
    D,
    MixerNorm,
    OutProj,
    QProj,
    KProj,
    VProj,
    OProj,
    KScale,
    VScale,
    UpProj,
    DownProj,
};

/// One tensor of the model.
struct WeightId {
    WeightRole role;
    int layer = -1;  ///< -1: of no layer
};

/// Where weights come from. Views borrow from the source and live as long as it.
class WeightSource {
public:
    virtual ~WeightSource() = default;
    WeightSource() = default;
    WeightSource(const WeightSource&) = delete;
    WeightSource& operator=(const WeightSource&) = delete;

    [[nodiscard]] virtual bool has(WeightId id) const = 0;
    /// A matrix of any type the engine reads, [rows, cols]. Errors: NotFound or Corrupt, with file
    /// and tensor.
    [[nodiscard]] virtual Result<TensorView> matrix(WeightId id,
                                                    std::int64_t rows,
                                                    std::int64_t cols) const = 0;
    /// A small tensor as F32 of that shape, aligned to 4 bytes; A is already -exp(A_log).
    [[nodiscard]] virtual Result<TensorView> floats(WeightId id, const Shape& shape) const = 0;
    /// One number, or `fallback` where the source has none.
    [[nodiscard]] virtual Result<float> scalar(WeightId id, float fallback) const = 0;
};

/// Binds every tensor that `hparams` calls for; checks name, shape and type of each.
[[nodiscard]] Result<Weights> bind_weights(const WeightSource& source, const HParams& hparams);

}  // namespace lares
