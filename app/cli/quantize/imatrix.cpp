#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "app/cli/quantize/input_sums.h"
#include "app/cli/resources.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <chrono>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCalibrationBytes = std::size_t{256} << 20;
/// Tokens between two looks at Ctrl-C's effect and the progress: a step of the session.
constexpr std::size_t kWatchedTokens = 256;
constexpr int kWindowTokens = 512;
constexpr int kMaxTexts = 1000;

Result<std::vector<TokenId>> tokensOf(const std::vector<std::string>& paths,
                                      bool withSpecial,
                                      const BpeTokenizer& tokenizer) {
    std::vector<TokenId> tokens;
    for (const std::string& path : paths) {
        ASSIGN_OR_RETURN(const std::string text,
                         readFile(path_from_utf8(path), kMaxCalibrationBytes));
        const auto more =
            withSpecial ? tokenizer.encode_with_special(text) : tokenizer.encode(text);
        tokens.insert(tokens.end(), more.begin(), more.end());
    }
    return tokens;
}

/// Reads a text window by window and watches what the matrices are multiplied with.
class Measurement {
public:
    Measurement(Context& context, const Model& model)
        : m_context(context), m_model(model), m_sums(model.hparams(), model.weights()) {}

    [[nodiscard]] InputSums& sums() { return m_sums; }
    [[nodiscard]] int nWindow() const { return m_nWindow; }  ///< that were read whole

    /// Errors: those of Session, Cancelled; what was read until then is in the sums.
    Result<void> read(Session& session, std::span<const TokenId> tokens, std::size_t windowSize) {
        const auto bos =
            m_model.tokenizer().add_bos() ? m_model.tokenizer().bos_id() : std::nullopt;
        const std::size_t textSize = windowSize - (bos && windowSize > 1 ? 1 : 0);
        for (std::size_t begin = 0; begin < tokens.size(); begin += textSize) {
            std::vector<TokenId> window;
            if (textSize < windowSize) window.push_back(*bos);
            const auto text = tokens.subspan(begin, std::min(textSize, tokens.size() - begin));
            window.insert(window.end(), text.begin(), text.end());
            session.clear();
            RETURN_IF_ERROR(readWindow(session, window));
            ++m_nWindow;
            m_context.terminal.showProgress(
                "Reading the text",
                static_cast<float>(begin + text.size()) / static_cast<float>(tokens.size()));
        }
        return {};
    }

private:
    Result<void> readWindow(Session& session, std::span<const TokenId> window) {
        for (std::size_t begin = 0; begin < window.size(); begin += kWatchedTokens) {
            const auto step =
                window.subspan(begin, std::min(kWatchedTokens, window.size() - begin));
            const auto read = session.append(step, m_context.interrupt.token());
            if (!read) {
                m_sums.drop();
                return read.error();
            }
            m_sums.keep();
        }
        return {};
    }

    Context& m_context;
    const Model& m_model;
    InputSums m_sums;
    int m_nWindow = 0;
};

Result<std::size_t> writeMatrix(const ImportanceMatrix& matrix, const fs::path& out) {
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(out));
    RETURN_IF_ERROR(write_importance_matrix(matrix, file));
    const std::size_t bytes = file.position();
    RETURN_IF_ERROR(file.commit());
    return bytes;
}

SessionOptions optionsFor(const Context& context, InputSums& sums) {
    SessionOptions options = sessionOptions(context.options);
    options.device = "cpu";
    options.n_ctx = context.options.integerOr("ctx", kWindowTokens);
    options.prefill_batch = static_cast<int>(kWatchedTokens);
    options.input_observer = &sums;
    return options;
}

/// What contradicts itself on the command line, as one sentence; empty when nothing does.
std::string imatrixProblem(const Options& options) {
    if (options.positional().empty()) return "imatrix needs a text file, or several";
    if (!options.has("output")) return "--output is missing: the .gguf file to write";
    if (path_from_utf8(*options.text("output")).extension() != ".gguf")
        return "the file to write is GGUF; let its name end in .gguf";
    return {};
}

/// Refused before the text is read, which takes long.
Result<void> checkIsNew(const fs::path& out) {
    std::error_code error;
    if (!fs::exists(out, error)) return {};
    return Error{ErrorCode::Io,
                 utf8_from_path(out) + " is already there; remove it or take another name"};
}

Result<ExitStatus> imatrix(Context& context) {
    const Options& options = context.options;
    if (const std::string problem = imatrixProblem(options); !problem.empty())
        return context.usageError(problem);
    const fs::path out = path_from_utf8(*options.text("output"));
    RETURN_IF_ERROR(checkIsNew(out));
    const auto start = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(const auto path, modelPath(options));
    ASSIGN_OR_RETURN(const auto model, Model::load(path));
    ASSIGN_OR_RETURN(const auto tokens,
                     tokensOf(options.positional(), options.has("special"), model->tokenizer()));
    if (tokens.empty())
        return Error{ErrorCode::InvalidArgument,
                     "there is no text in " + options.positional().front() +
                         "; take some that is like what the model will be used for"};

    Measurement measurement(context, *model);
    const SessionOptions watched = optionsFor(context, measurement.sums());
    const auto prepared = Session::prepare(
        *model, watched, context.interrupt.token(),
        [&](float share) { context.terminal.showProgress("Reading the model", share); });
    context.terminal.clearProgress();
    RETURN_IF_ERROR(prepared);
    ASSIGN_OR_RETURN(Session session, Session::create(model, watched));
    const auto read = measurement.read(session, tokens, static_cast<std::size_t>(session.n_ctx()));
    context.terminal.clearProgress();
    const std::int64_t n = measurement.sums().nToken();
    const bool isPartial = !read && read.error().code == ErrorCode::Cancelled;
    if (!read && !(isPartial && options.has("partial") && n > 0)) {
        if (!isPartial) return read.error();
        return Error{ErrorCode::Cancelled, utf8_from_path(out) +
                                               ": stopped; nothing was written (--partial keeps "
                                               "what was measured until then)"};
    }

    ImportanceMatrix matrix;
    RETURN_IF_ERROR(measurement.sums().addTo(matrix));
    matrix.datasets = options.positional();
    matrix.chunk_size = static_cast<std::uint32_t>(session.n_ctx());
    matrix.chunk_count = static_cast<std::uint32_t>(measurement.nWindow());
    ASSIGN_OR_RETURN(const std::size_t bytes, writeMatrix(matrix, out));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (context.isJson()) {
        context.writeJson({{"path", utf8_from_path(out)},
                           {"matrices", matrix.entries.size()},
                           {"tokens", n},
                           {"partial", isPartial},
                           {"bytes", bytes},
                           {"seconds", taken.count()}});
    } else {
        context.terminal.write(utf8_from_path(out) + ": " + std::to_string(matrix.entries.size()) +
                               " matrices, from " + std::to_string(n) + " tokens" +
                               (isPartial ? " (stopped before the end)" : "") + "\n");
    }
    return isPartial ? ExitStatus::Interrupted : ExitStatus::Done;
}

}  // namespace

Command imatrixCommand() {
    return {
        "imatrix",
        "TEXT…",
        kMaxTexts,
        "Measure which columns of a model's matrices count, for quantize",
        "The model reads the texts, and the mean squares of what each matrix is multiplied "
        "with are written as\n"
        "an importance matrix: a GGUF file that quantize --imatrix takes, and llama.cpp's "
        "quantizer as well.\n"
        "Take texts like those that the model will be used for, 50,000 tokens or more, and its "
        "own BF16 or Q8_0\n"
        "file. Runs on the processor.",
        {{"model", 'm', OptionKind::Text, "PATH",
          "a GGUF file or a safetensors folder; without it the bundled Lares Mini"},
         {"output", 'o', OptionKind::Text, "FILE", "the file to write; it ends in .gguf"},
         {"ctx", 'c', OptionKind::Integer, "N",
          "tokens that are read from an empty state each time (default 512)", 1, 1 << 20},
         {"special", 0, OptionKind::Flag, "",
          "recognise special tokens such as <|im_end|> in the texts, for conversations"},
         {"partial", 0, OptionKind::Flag, "", "after Ctrl-C write what was measured until then"},
         {"threads", 't', OptionKind::Integer, "N",
          "threads; without it one for each physical core", 1, 1024}},
        imatrix};
}

}  // namespace lares::cli
