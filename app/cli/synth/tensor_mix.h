#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "engine/tensor/dtype.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// A named mix of tensor types, as files are published.
struct TensorMix {
    std::string_view name;   ///< "q4_k_m"
    DType base;              ///< of most matrices
    DType better;            ///< of what the mix spares: half of attn_v and ffn_down
    std::uint32_t fileType;  ///< general.file_type of GGUF; 0 where GGUF has none
    /// Mixes of few bits spare all of attn_v, ffn_down and attn_output, and give those of the first
    /// layers this type.
    std::optional<DType> ofFirst = {};
};

/// Nothing for an unknown name.
[[nodiscard]] std::optional<TensorMix> tensorMix(std::string_view name);
/// "q4_k_m, q5_k_m, …"
[[nodiscard]] std::string tensorMixNames();
/// Those that GGUF has.
[[nodiscard]] std::string ggufMixNames();

/// The type of each tensor of the model in a GGUF file, by the rules of llama-quantize: vectors
/// F32, the head Q8_0, and what 256 does not divide one of the 32-blocks (spec: nemotron-h.md §7).
[[nodiscard]] std::vector<DType> ggufTypes(const SyntheticModel& model, const TensorMix& mix);

/// The same in a safetensors folder: everything BF16, and with fp8 the matrices of the MLPs and of
/// those Mamba-2 layers that no attention layer follows F8_E4M3 (spec: nemotron-h.md §5).
[[nodiscard]] std::vector<DType> safetensorsTypes(const SyntheticModel& model,
                                                  const TensorMix& mix);

}  // namespace lares::cli
