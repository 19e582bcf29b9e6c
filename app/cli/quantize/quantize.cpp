#include "engine/tensor/quantize.h"

#include "app/cli/command.h"
#include "app/cli/quantize/source_model.h"
#include "app/cli/synth/gguf_keys.h"
#include "app/cli/synth/model_writer.h"
#include "app/cli/synth/tensor_mix.h"
#include "engine/base/core_count.h"
#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/tensor/dequantize.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

/// Values made between two writes: enough for all threads, few enough to stop within a moment.
constexpr std::int64_t kValuesAtOnce = std::int64_t{1} << 22;

/// Writes the tensors of a model in other types, rows side by side in all threads.
class QuantizedStream {
public:
    QuantizedStream(const SourceModel& source, const Context& context, int n_threads)
        : m_source(source)
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
                                 m_bytes.data() + static_cast<std::size_t>(row) * size, cols);
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
    const SourceModel& m_source;
    const Context& m_context;
    ThreadPool m_pool;
    std::vector<std::vector<float>> m_rows;  // one a thread
    std::vector<std::byte> m_bytes;
    std::int64_t m_total = 0;
    std::int64_t m_done = 0;
};

Result<std::uint64_t> writeQuantized(const SourceModel& source,
                                     const TensorMix& mix,
                                     const fs::path& out,
                                     const Context& context) {
    const std::vector<DType> types = ggufTypes(source.shape, mix);
    const GgufWriter writer =
        modelWriter(source.shape.title, mix, source.shape, types, source.vocabulary);
    const std::uint64_t bytes = writer.file_size_bytes();
    RETURN_IF_ERROR(checkRoom(out, bytes));

    QuantizedStream stream(source, context,
                           context.options.integerOr("threads", physical_core_count()));
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(out));
    RETURN_IF_ERROR(writer.write(file, [&](std::size_t i, NewFile& to) {
        return stream.write(i, types[i], utf8_from_path(out), to);
    }));
    RETURN_IF_ERROR(file.commit());
    return bytes;
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
    const Result<std::uint64_t> bytes = writeQuantized(source, mix, out, context);
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
            "tensor gets which type is as in the published files of that name. No text is needed "
            "for it: scales\n"
            "are those that come nearest to the weights.",
            {{"type", 0, OptionKind::Text, "TYPE",
              "q4_k_m, q5_k_m, q6_k, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl, iq4_xs, bf16, f16, f32"},
             {"threads", 't', OptionKind::Integer, "N",
              "threads; without it one for each physical core", 1, 1024}},
            quantize};
}

}  // namespace lares::cli
