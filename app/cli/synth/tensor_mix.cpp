#include "app/cli/synth/tensor_mix.h"

#include <array>

namespace lares::cli {
namespace {

constexpr std::array kMixes = {
    TensorMix{"q4_k_m", DType::Q4_K, DType::Q6_K, 15},
    TensorMix{"q5_k_m", DType::Q5_K, DType::Q6_K, 17},
    TensorMix{"q6_k", DType::Q6_K, DType::Q6_K, 18},
    TensorMix{"q8_0", DType::Q8_0, DType::Q8_0, 7},
    TensorMix{"q5_1", DType::Q5_1, DType::Q5_1, 9},
    TensorMix{"q5_0", DType::Q5_0, DType::Q5_0, 8},
    TensorMix{"q4_1", DType::Q4_1, DType::Q4_1, 3},
    TensorMix{"q4_0", DType::Q4_0, DType::Q4_0, 2},
    TensorMix{"iq4_nl", DType::IQ4_NL, DType::IQ4_NL, 25},
    TensorMix{"iq4_xs", DType::IQ4_XS, DType::IQ4_XS, 30},
    TensorMix{"q3_k_m", DType::Q3_K, DType::Q4_K, 12, DType::Q5_K},
    TensorMix{"q2_k", DType::Q2_K, DType::Q3_K, 10, DType::Q3_K},
    TensorMix{"bf16", DType::BF16, DType::BF16, 32},
    TensorMix{"f16", DType::F16, DType::F16, 1},
    TensorMix{"f32", DType::F32, DType::F32, 0},
    TensorMix{"fp8", DType::F8_E4M3, DType::F8_E4M3, 0},
};

/// What the quantizer takes where a row is no multiple of 256.
DType withSmallBlocks(DType dtype) {
    switch (dtype) {
        case DType::Q4_K:
            return DType::Q5_0;
        case DType::Q5_K:
            return DType::Q5_1;
        case DType::Q6_K:
            return DType::Q8_0;
        case DType::Q2_K:
        case DType::Q3_K:
        case DType::IQ4_XS:
            return DType::IQ4_NL;
        default:
            return dtype;
    }
}

/// Which of the i-th tensors of a kind get more bits; `n` as the quantizer counts.
bool getsMoreBits(int i, int n) {
    return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
}

/// The i-th of attn_v or ffn_down; the quantizer takes the first `nFirst` for those of the first
/// layers.
DType sparedType(const TensorMix& mix, int i, int n, int nFirst) {
    if (mix.ofFirst) return i < nFirst ? *mix.ofFirst : mix.better;
    return getsMoreBits(i, n) ? mix.better : mix.base;
}

bool isFp8Layer(const HParams& h, int layer) {
    if (layer < 0) return false;
    const auto i = static_cast<std::size_t>(layer);
    if (h.layers[i] == LayerKind::Mlp) return true;
    const bool isBeforeAttention =
        i + 1 < h.layers.size() && h.layers[i + 1] == LayerKind::Attention;
    return h.layers[i] == LayerKind::Mamba2 && !isBeforeAttention;
}

}  // namespace

std::optional<TensorMix> tensorMix(std::string_view name) {
    for (const TensorMix& mix : kMixes)
        if (mix.name == name) return mix;
    return std::nullopt;
}

std::string tensorMixNames() {
    return ggufMixNames() + ", fp8";
}

std::string ggufMixNames() {
    std::string names;
    for (const TensorMix& mix : kMixes) {
        if (traits(mix.base).gguf_id == kNoGgufId) continue;
        names.append(names.empty() ? "" : ", ").append(std::string(mix.name));
    }
    return names;
}

std::vector<DType> ggufTypes(const SyntheticModel& model, const TensorMix& mix) {
    std::vector<DType> types;
    int n_value = 0;
    int n_down = 0;
    const bool isQuantised = traits(mix.base).block_elements > 1;
    for (const SyntheticTensor& tensor : model.tensors) {
        DType dtype = mix.base;
        if (tensor.ggufName.ends_with("attn_v.weight")) {
            dtype = sparedType(mix, n_value++, model.hparams.n_layer(LayerKind::Attention), 2);
        } else if (tensor.ggufName.ends_with("ffn_down.weight")) {
            const int n = model.hparams.n_layer();
            dtype = sparedType(mix, n_down++, n, n / 16);
        } else if (tensor.ggufName.ends_with("attn_output.weight") && mix.ofFirst) {
            dtype = mix.better;
        } else if (tensor.ggufName == "output.weight" && isQuantised && dtype != DType::Q8_0) {
            dtype = DType::Q6_K;
        }
        if (tensor.kind != WeightKind::Matrix) dtype = DType::F32;
        if (tensor.ggufShape.cols() % traits(dtype).block_elements != 0)
            dtype = withSmallBlocks(dtype);
        types.push_back(dtype);
    }
    return types;
}

std::vector<DType> safetensorsTypes(const SyntheticModel& model, const TensorMix& mix) {
    std::vector<DType> types;
    for (const SyntheticTensor& tensor : model.tensors) {
        const bool isFp8 = mix.base == DType::F8_E4M3 && tensor.kind == WeightKind::Matrix &&
                           isFp8Layer(model.hparams, tensor.layer);
        types.push_back(isFp8 ? DType::F8_E4M3 : DType::BF16);
    }
    return types;
}

}  // namespace lares::cli
