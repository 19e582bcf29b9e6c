#pragma once

#include "engine/model/hparams.h"

#include <cstddef>

namespace lares::cuda {

/// Where a Mamba-2 layer's state lies in one allocation for all of them: for each layer the ring of
/// the convolution's inputs [4, d_conv_channels], then the state [n_ssm_head, ssm_head_dim,
/// d_state], f32, each at a multiple of 256 bytes (kernels/mamba2_decode.h).
struct RecurrentLayout {
    explicit RecurrentLayout(const HParams& hp)
        : conv_bytes(aligned(std::size_t{4} * static_cast<std::size_t>(hp.d_conv_channels()) *
                             sizeof(float)))
        , layer_bytes(conv_bytes +
                      aligned(static_cast<std::size_t>(hp.ssm_state_size()) * sizeof(float)))
        , total_bytes(layer_bytes * static_cast<std::size_t>(hp.n_layer(LayerKind::Mamba2))) {}

    [[nodiscard]] float* conv(std::byte* base, int mamba_layer) const {
        return reinterpret_cast<float*>(base + static_cast<std::size_t>(mamba_layer) * layer_bytes);
    }
    [[nodiscard]] float* ssm(std::byte* base, int mamba_layer) const {
        return reinterpret_cast<float*>(base + static_cast<std::size_t>(mamba_layer) * layer_bytes +
                                        conv_bytes);
    }

    std::size_t conv_bytes;
    std::size_t layer_bytes;
    std::size_t total_bytes;

private:
    static constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 255) / 256 * 256; }
};

}  // namespace lares::cuda
