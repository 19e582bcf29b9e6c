#include "engine/tensor/quantize.h"

#include "app/cli/command.h"
#include "app/cli/quantize/source_model.h"
#include "app/cli/synth/gguf_keys.h"
#include "app/cli/synth/model_writer.h"
#include "app/cli/synth/tensor_mix.h"
#include "engine/base/core_count.h"
#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/formats/importance_matrix.h"
#include "engine/tensor/dequantize.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

/// Values made between two writes: enough for all threads, few enough to stop within a moment.
constexpr std::int64_t kValuesAtOnce = std::int64_t{1} << 22;

/// Writes the tensors of a model in other types, rows side by side in all threads.
class QuantizedStream {
public:
    QuantizedStream(const SourceModel& source,
                    const ImportanceMatrix* importance,
                    const Context& context,
                    int n_threads)
        : m_source(source)
        , m_importance(importance)
        , m_context(context)
        , m_pool(n_threads)
        , m_rows(static_cast<std::size_t>(m_pool.n_threads())) {
        for (const TensorView& view : source.views) m_total += view.shape.n_elements();
    }

    Result<void> write(std::size_t i, DType dtype, const std::string& out, NewFile& file) {
        const TensorView& view = m_source.views[i];
        // A vector, also one that GGUF writes as a column, is one row: only its bytes count.
        const bool isMatrix = m_source.shape.tensors[i].kind == WeightKind::Matrix;
        const std::int64_t cols = isMatrix ? view.cols() : view.shape.n_elements();
        const std::int64_t n_row = isMatrix ? view.rows() : 1;
        const std::int64_t atOnce = std::max<std::int64_t>(1, kValuesAtOnce / cols);
        const std::size_t size = row_bytes(dtype, cols);
        const std::vector<float> importance = importanceOf(i);
        for (std::int64_t begin = 0; begin < n_row; begin += atOnce) {
            const std::int64_t n = std::min(atOnce, n_row - begin);
            m_bytes.resize(static_cast<std::size_t>(n) * size);
            std::atomic<bool> isFinite = true;
            m_pool.parallel_for(n, 1, [&](std::int64_t first, std::int64_t last, int thread) {
                std::vector<float>& values = m_rows[static_cast<std::size_t>(thread)];
                values.resize(static_cast<std::size_t>(cols));
                for (std::int64_t row = first; row < last; ++row) {
                    if (isMatrix) {
                        dequantize_row(view, begin + row, values.data());
                    } else {
                        dequantize_row(view.dtype, view.data, values.data(), cols);
                    }
                    if (!std::all_of(values.begin(), values.end(),
                                     [](float value) { return std::isfinite(value); })) {
                        isFinite = false;
                        return;
                    }
                    quantize_row(dtype, values.data(),
                                 m_bytes.data() + static_cast<std::size_t>(row) * size, cols,
                                 importance.empty() ? nullptr : importance.data());
                }
            });
            if (m_context.interrupt.token().stop_requested())
                return Error{ErrorCode::Cancelled, out + ": stopped; nothing was left behind"};
            if (!isFinite) {
                return Error{ErrorCode::Corrupt, m_source.file->name() + ": tensor " +
                                                     m_source.shape.tensors[i].ggufName +
                                                     " holds something that is no number; "
                                                     "download it again"};
            }
            RETURN_IF_ERROR(file.write(m_bytes));
            m_done += n * cols;
            m_context.terminal.showProgress(
                "Writing " + out, static_cast<float>(m_done) / static_cast<float>(m_total));
        }
        return {};
    }

private:
    /// Empty where none was measured.
    [[nodiscard]] std::vector<float> importanceOf(std::size_t i) const {
        if (!m_importance) return {};
        const auto at = m_importance->entries.find(m_source.shape.tensors[i].ggufName);
        if (at == m_importance->entries.end()) return {};
        return at->second.means();
    }

    const SourceModel& m_source;
    const ImportanceMatrix* m_importance;
    const Context& m_context;
    ThreadPool m_pool;
    std::vector<std::vector<float>> m_rows;  // one a thread
    std::vector<std::byte> m_bytes;
    std::int64_t m_total = 0;
    std::int64_t m_done = 0;
};

Result<std::uint64_t> writeQuantized(const SourceModel& source,
                                     const TensorMix& mix,
                                     const ImportanceMatrix* importance,
                                     const fs::path& out,
                                     const Context& context) {
    const std::vector<DType> types = ggufTypes(source.shape, mix);
    const GgufWriter writer =
        modelWriter(source.shape.title, mix, source.shape, types, source.vocabulary);
    const std::uint64_t bytes = writer.file_size_bytes();
    RETURN_IF_ERROR(checkRoom(out, bytes));

    QuantizedStream stream(source, importance, context,
                           context.options.integerOr("threads", physical_core_count()));
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(out));
    RETURN_IF_ERROR(writer.write(file, [&](std::size_t i, NewFile& to) {
        return stream.write(i, types[i], utf8_from_path(out), to);
    }));
    RETURN_IF_ERROR(file.commit());
    return bytes;
}

bool usesImportance(const SyntheticTensor& tensor) {
    return tensor.kind == WeightKind::Matrix && tensor.ggufName != "token_embd.weight";
}

/// Reads the importance matrix and holds it against the model. Says what it has nothing about.
Result<ImportanceMatrix> importanceFor(const SourceModel& source,
                                       const fs::path& path,
                                       const Context& context) {
    ASSIGN_OR_RETURN(ImportanceMatrix matrix, read_importance_matrix(path));
    const std::string name = utf8_from_path(path.filename());
    std::vector<std::string> missing;
    std::size_t n_found = 0;
    for (std::size_t i = 0; i < source.views.size(); ++i) {
        const SyntheticTensor& tensor = source.shape.tensors[i];
        const auto at = matrix.entries.find(tensor.ggufName);
        if (at == matrix.entries.end()) {
            if (usesImportance(tensor)) missing.push_back(tensor.ggufName);
            continue;
        }
        ++n_found;
        const auto cols = static_cast<std::size_t>(source.views[i].cols());
        if (at->second.sum_squares.size() != cols)
            return Error{ErrorCode::InvalidArgument,
                         name + ": it has " + std::to_string(at->second.sum_squares.size()) +
                             " columns for " + tensor.ggufName + ", the model has " +
                             std::to_string(cols) + "; measure it with this model"};
    }
    if (n_found == 0)
        return Error{ErrorCode::InvalidArgument,
                     name +
                         " is of another model: not one name of a matrix is the same; measure "
                         "it with this model"};
    if (!missing.empty())
        context.terminal.note(
            name + " has nothing about " + missing.front() +
            (missing.size() > 1 ? " and " + std::to_string(missing.size() - 1) + " more" : "") +
            ": quantised without it");
    return matrix;
}

/// What contradicts itself on the command line, as one sentence; empty when nothing does.
std::string problemWith(const Options& options) {
    if (options.positional().size() != 2)
        return "name the folder or file to read, and the GGUF file to write";
    if (path_from_utf8(options.positional()[1]).extension() != ".gguf")
        return "the file to write is GGUF; let its name end in .gguf";
    if (!options.has("type")) return "--type is missing: one of " + ggufMixNames();
    const std::string type = *options.text("type");
    if (type == "fp8")
        return "GGUF has no FP8, and a folder of it needs scales of activations that are measured; "
               "take one of " +
               ggufMixNames();
    if (!tensorMix(type)) return "--type is one of " + ggufMixNames() + ", not '" + type + "'";
    return {};
}

Result<ExitStatus> quantize(Context& context) {
    const Options& options = context.options;
    if (const std::string problem = problemWith(options); !problem.empty())
        return context.usageError(problem);
    const TensorMix mix = *tensorMix(*options.text("type"));
    const fs::path out = path_from_utf8(options.positional()[1]);
    const auto start = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(const SourceModel source, openSource(path_from_utf8(options.positional()[0])));
    std::optional<ImportanceMatrix> importance;
    if (const auto path = options.text("imatrix")) {
        ASSIGN_OR_RETURN(importance, importanceFor(source, path_from_utf8(*path), context));
    }
    const Result<std::uint64_t> bytes =
        writeQuantized(source, mix, importance ? &*importance : nullptr, out, context);
    context.terminal.clearProgress();
    if (!bytes) return bytes.error();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (context.isJson()) {
        context.writeJson({{"path", utf8_from_path(out)},
                           {"type", mix.name},
                           {"bytes", *bytes},
                           {"source_bytes", source.file->file_size_bytes()},
                           {"seconds", taken.count()}});
    } else {
        context.terminal.write(utf8_from_path(out) + ": " + inGigabytes(*bytes) + ", from " +
                               inGigabytes(source.file->file_size_bytes()) + "\n");
    }
    return ExitStatus::Done;
}

}  // namespace

Command quantizeCommand() {
    return {"quantize",
            "IN OUT",
            2,
            "Write a model's weights in fewer bits, as a GGUF file",
            "IN is a folder of safetensors or a GGUF file of 8 bits or more a weight; OUT ends in "
            ".gguf. Which\n"
            "tensor gets which type is as in the published files of that name. Scales are those "
            "that come nearest\n"
            "to the weights, and with --imatrix to what the model makes of them.",
            {{"type", 0, OptionKind::Text, "TYPE",
              "q4_k_m, q5_k_m, q6_k, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl, iq4_xs, q3_k_m, q2_k, "
              "bf16, f16, f32"},
             {"imatrix", 0, OptionKind::Text, "FILE",
              "what `lares-cli imatrix` measured, or llama-imatrix: columns that count more are "
              "kept nearer"},
             {"threads", 't', OptionKind::Integer, "N",
              "threads; without it one for each physical core", 1, 1024}},
            quantize};
}

}  // namespace lares::cli
