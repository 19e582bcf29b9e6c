#pragma once

#include "engine/formats/safetensors_folder.h"
#include "engine/model/weight_source.h"
#include "engine/tensor/tensor_buffer.h"

#include <string>
#include <vector>

namespace lares {

/// The tensors of a safetensors folder by their roles (spec: nemotron-h.md §4, §5). Matrices are
/// used where they lie, BF16 or FP8 as the file says of each; small tensors are converted to F32 in
/// buffers of this object. Borrows the folder. One thread at a time while weights are bound.
class SafetensorsWeights : public WeightSource {
public:
    explicit SafetensorsWeights(const SafetensorsFolder& folder) : m_folder(folder) {}

    [[nodiscard]] bool has(WeightId id) const override;
    [[nodiscard]] Result<TensorView> matrix(WeightId id,
                                            std::int64_t rows,
                                            std::int64_t cols) const override;
    [[nodiscard]] Result<TensorView> floats(WeightId id, const Shape& shape) const override;
    [[nodiscard]] Result<float> scalar(WeightId id, float fallback) const override;

private:
    [[nodiscard]] Result<const FileTensor*> find(const std::string& name) const;
    [[nodiscard]] Result<float> scale(const std::string& name, float fallback) const;

    const SafetensorsFolder& m_folder;
    mutable std::vector<TensorBuffer<float>> m_floats;
};

}  // namespace lares
