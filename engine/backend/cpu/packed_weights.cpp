#include "engine/backend/cpu/packed_weights.h"

#include "engine/base/system_memory.h"
#include "engine/base/thread_pool.h"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

namespace lares::cpu {
namespace {

/// Bytes that a thread reads, packs and gives back at a time.
constexpr std::size_t kPortionBytes = std::size_t{1} << 20;
/// Bytes between two looks at the stop token.
constexpr std::size_t kStepBytes = std::size_t{64} << 20;

/// Every matrix that a forward pass multiplies with.
std::vector<TensorView> matrices_of(const Weights& weights) {
    std::vector<TensorView> all;
    for (const LayerWeights& layer : weights.layers) {
        if (const auto* mamba = std::get_if<Mamba2Weights>(&layer.mixer)) {
            all.insert(all.end(), {mamba->in_proj, mamba->out_proj});
        } else if (const auto* attention = std::get_if<AttentionWeights>(&layer.mixer)) {
            all.insert(all.end(), {attention->q_proj, attention->k_proj, attention->v_proj,
                                   attention->o_proj});
        } else {
            const auto& mlp = std::get<MlpWeights>(layer.mixer);
            all.insert(all.end(), {mlp.up_proj, mlp.down_proj});
        }
    }
    all.push_back(weights.output);
    return all;
}

/// Reads the pages of what stays where it is, so that the first answer does not wait for the disk.
void read_portion(const TensorView& matrix, std::int64_t begin, std::int64_t end) {
    populate_mapped(matrix.row(begin),
                    static_cast<std::size_t>(end - begin) * matrix.row_size_bytes());
}

void pack_portion(const TensorView& matrix,
                  const PackedMatrix& packed,
                  std::uint8_t* out,
                  std::int64_t first_group,
                  std::int64_t end_group) {
    const std::int64_t first = first_group * kPackRows;
    const std::int64_t end = std::min(end_group * kPackRows, matrix.rows());
    read_portion(matrix, first, end);
    std::uint8_t* begin = out + static_cast<std::size_t>(first_group) * packed.layout.group_bytes;
    populate_written(reinterpret_cast<std::byte*>(begin),
                     static_cast<std::size_t>(end_group - first_group) * packed.layout.group_bytes);
    for (std::int64_t group = first_group; group < end_group; ++group) {
        const std::int64_t row = group * kPackRows;
        pack_group(matrix.dtype, matrix.row(row), matrix.row_size_bytes(),
                   static_cast<int>(std::min<std::int64_t>(kPackRows, end - row)), matrix.cols(),
                   out + static_cast<std::size_t>(group) * packed.layout.group_bytes);
    }
    release_mapped(matrix.row(first),
                   static_cast<std::size_t>(end - first) * matrix.row_size_bytes());
}

Error no_memory(const Model& model, std::size_t size) {
    return {ErrorCode::OutOfMemory,
            model.name() + ": its weights need " + std::to_string((size + 999'999) / 1'000'000) +
                " MB of memory, which are not free; close other programs or take a smaller model"};
}

}  // namespace

Result<std::shared_ptr<const PackedWeights>> PackedWeights::of(
    const Model& model,
    int n_threads,
    std::optional<std::size_t> memory_limit_bytes,
    std::stop_token stop,
    const std::function<void(float)>& progress) {
    return model.backend_weights().get_or_make<PackedWeights>(
        [&]() -> Result<std::shared_ptr<const PackedWeights>> {
            const std::vector<TensorView> matrices = matrices_of(model.weights());
            std::size_t total = 0;  // bytes of the file
            std::size_t size = 0;   // bytes packed
            const auto packed = std::make_shared<PackedWeights>();
            for (const TensorView& matrix : matrices) {
                total += matrix.size_bytes();
                if (!packed_traits(matrix.dtype).is_packed) continue;
                PackedMatrix one{matrix.dtype, matrix.rows(), matrix.cols(),
                                 packed_layout(matrix.dtype, matrix.cols()), nullptr};
                size += one.size_bytes();
                packed->m_matrices.emplace(matrix.data, one);
            }
            const auto limit = memory_limit_bytes ? memory_limit_bytes : available_memory_bytes();
            if (limit && size > *limit) return no_memory(model, size);
            try {
                packed->m_memory = PageBuffer(size);
            } catch (const std::bad_alloc&) {
                return no_memory(model, size);
            }

            ThreadPool pool(n_threads);
            auto* out = reinterpret_cast<std::uint8_t*>(packed->m_memory.data());
            std::size_t done = 0;
            for (const TensorView& matrix : matrices) {
                PackedMatrix* one = nullptr;
                if (const auto at = packed->m_matrices.find(matrix.data);
                    at != packed->m_matrices.end()) {
                    one = &at->second;
                    one->data = out;
                }
                const std::size_t group_size = kPackRows * matrix.row_size_bytes();
                const std::int64_t n_groups = (matrix.rows() + kPackRows - 1) / kPackRows;
                const auto portion = std::max<std::int64_t>(
                    1, static_cast<std::int64_t>(kPortionBytes / group_size));
                const auto step = std::max<std::int64_t>(
                    portion, static_cast<std::int64_t>(kStepBytes / group_size));
                for (std::int64_t from = 0; from < n_groups; from += step) {
                    if (stop.stop_requested())
                        return Error{ErrorCode::Cancelled, model.name() + ": loading was stopped"};
                    const std::int64_t n = std::min(step, n_groups - from);
                    pool.parallel_for(n, portion, [&](std::int64_t begin, std::int64_t end, int) {
                        if (one)
                            pack_portion(matrix, *one, out, from + begin, from + end);
                        else
                            read_portion(matrix, (from + begin) * kPackRows,
                                         std::min((from + end) * kPackRows, matrix.rows()));
                    });
                    done += std::min(static_cast<std::size_t>(n) * group_size, matrix.size_bytes());
                    if (progress)
                        progress(
                            std::min(1.0F, static_cast<float>(done) / static_cast<float>(total)));
                }
                if (one) out += one->size_bytes();
            }
            packed->m_memory.merge_pages();
            return std::shared_ptr<const PackedWeights>(packed);
        });
}

}  // namespace lares::cpu
