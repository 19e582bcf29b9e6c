#pragma once

#include "engine/formats/gguf_reader.h"
#include "engine/model/weight_source.h"

#include <string>

namespace lares {

/// The tensors of a GGUF file by their roles: everything is used where it lies. Borrows the file.
class GgufWeights : public WeightSource {
public:
    explicit GgufWeights(const GgufFile& file) : m_file(file) {}

    [[nodiscard]] bool has(WeightId id) const override;
    [[nodiscard]] Result<TensorView> matrix(WeightId id,
                                            std::int64_t rows,
                                            std::int64_t cols) const override;
    [[nodiscard]] Result<TensorView> floats(WeightId id, const Shape& shape) const override;
    [[nodiscard]] Result<float> scalar(WeightId, float fallback) const override { return fallback; }

private:
    [[nodiscard]] Result<TensorView> find(const std::string& name) const;

    const GgufFile& m_file;
};

}  // namespace lares
