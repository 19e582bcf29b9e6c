#pragma once

#include "engine/base/result.h"
#include "engine/model/hparams.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/reference/attention.h"
#include "tests/reference/linear.h"
#include "tests/reference/mamba2.h"
#include "tests/reference/mlp.h"

#include <cmath>
#include <filesystem>
#include <span>
#include <variant>
#include <vector>

namespace lares::reference {

/// Nemotron-H in f64, token by token: what every backend is measured against. Only for small
/// models: all weights are held as f64, and nothing is done to be fast.
/// (spec: nemotron-h.md §2; NVIDIA 2025, arXiv:2504.03624)
class ReferenceModel {
public:
    /// Errors: those of ModelFile.
    [[nodiscard]] static Result<ReferenceModel> load(const std::filesystem::path& path);

    [[nodiscard]] const HParams& hparams() const { return m_hparams; }

    /// From now on keys and values are rounded as a cache of another type would.
    void set_kv_rounding(Attention::KvRounding rounding) { m_kv_rounding = rounding; }

    /// From now on A is -exp(A_log) in f64, where files hold it as f32. Precondition: A_log was
    /// BF16, as in every published checkpoint, so that it can be found again.
    void undo_rounding_of_a();

    /// Logits [n_vocab] after the last token, and after every token. Precondition: at least one
    /// token, every id in range.
    [[nodiscard]] Vector logits(std::span<const TokenId> tokens) const;
    [[nodiscard]] std::vector<Vector> all_logits(std::span<const TokenId> tokens) const;

    /// A greedy choice, and how far its logit is above the second best.
    struct Choice {
        TokenId token = 0;
        double margin = 0;
    };
    /// The next `n` tokens, always the likeliest.
    [[nodiscard]] std::vector<Choice> greedy(std::span<const TokenId> prompt, int n) const;

private:
    struct Layer {
        Vector norm;
        std::variant<Mamba2Matrices, AttentionMatrices, MlpMatrices> mixer;
    };
    class Sequence;

    ReferenceModel() = default;

    HParams m_hparams;
    Matrix m_embedding;
    std::vector<Layer> m_layers;
    Attention::KvRounding m_kv_rounding = nullptr;
    Vector m_output_norm;
    Matrix m_output;
};

/// The distance everything is judged by: |got - want| / |want|, Euclidean.
template <class T>
[[nodiscard]] double relative_l2(std::span<const T> got, const Vector& want) {
    double difference = 0;
    double length = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = static_cast<double>(got[i]) - want[i];
        difference += d * d;
        length += want[i] * want[i];
    }
    return std::sqrt(difference / length);
}

}  // namespace lares::reference
