#pragma once

#include "engine/backend/cuda/decode_step.h"
#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/library_products.h"
#include "kernels/matvec.h"

namespace lares::cuda {

/// The launches of a step of n > 1 tokens, whose ids are in `buffers.tokens`, the first one's
/// position in `buffers.sequence`, and whose residual stream is in `buffers.x`, block by block.
/// `index` counts the layers of its kind.
class PrefillStep {
public:
    PrefillStep(const Sequence& sequence, const LibraryProducts& library, Device& device, int n)
        : m_s(sequence)
        , m_hp(sequence.hparams)
        , m_b(sequence.buffers)
        , m_library(library)
        , m_device(device)
        , m_n(n) {}

    void embed() const;
    void mamba2(const DeviceLayer& layer, int index) const;
    void attention(const DeviceLayer& layer, int index) const;
    void mlp(const DeviceLayer& layer) const;
    /// Of token `row`, into `buffers.logits`.
    void logits(int row) const;

private:
    void norm(const float* gain, bool wants_f32, bool wants_q8) const;
    void quantize(const float* x, int cols) const;
    void product(const DeviceMatrix& matrix,
                 const float* x,
                 const kernels::Q8Vector& x_q8,
                 float* y,
                 kernels::Epilogue epilogue) const;

    const Sequence& m_s;
    const HParams& m_hp;
    const StepBuffers& m_b;
    const LibraryProducts& m_library;
    Device& m_device;
    int m_n;
};

}  // namespace lares::cuda
