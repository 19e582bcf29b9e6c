#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "app/cli/resources.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace lares::cli {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20;

std::size_t topOf(std::span<const float> logits) {
    return static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) -
                                    logits.begin());
}

/// ln of the sum of e^logit, in double.
double logSum(std::span<const float> logits) {
    const float largest = logits[topOf(logits)];
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit - largest));
    return std::log(sum) + static_cast<double>(largest);
}

/// -ln p(token).
double surprise(std::span<const float> logits, TokenId token) {
    return logSum(logits) - static_cast<double>(logits[static_cast<std::size_t>(token)]);
}

/// Sum of p ln(p / q) over the vocabulary, p those of `base`.
double divergence(std::span<const float> base, std::span<const float> logits) {
    const double baseSum = logSum(base);
    const double sum = logSum(logits);
    double total = 0.0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        const double ln_p = static_cast<double>(base[i]) - baseSum;
        total += std::exp(ln_p) * (ln_p - (static_cast<double>(logits[i]) - sum));
    }
    return total;
}

/// Sums over the tokens of a text.
struct Score {
    std::size_t n = 0;  // tokens that were predicted
    double surprise = 0;
    // Beside the base model.
    double baseSurprise = 0;
    double divergence = 0;
    std::size_t n_sameTop = 0;

    [[nodiscard]] double mean(double sum) const { return sum / static_cast<double>(n); }
};

/// Reads a text with one model, or with two side by side.
class TextReader {
public:
    TextReader(const Context& context, Session& session, Session* base)
        : m_context(context), m_session(session), m_base(base) {}

    Result<Score> read(std::span<const TokenId> tokens) {
        const auto windowSize = static_cast<std::size_t>(m_session.n_ctx());
        for (std::size_t begin = 0; begin + 1 < tokens.size(); begin += windowSize) {
            RETURN_IF_ERROR(
                readWindow(tokens.subspan(begin, std::min(windowSize, tokens.size() - begin))));
            m_context.terminal.showProgress(
                "Reading the text", static_cast<float>(begin) / static_cast<float>(tokens.size()));
        }
        m_context.terminal.clearProgress();
        return m_score;
    }

private:
    /// Every token but the first, which nothing predicts. In steps, so that Ctrl-C need not wait
    /// for a whole window, nor the base's logits for all of it be kept.
    Result<void> readWindow(std::span<const TokenId> window) {
        const std::size_t stepSize = m_base ? 64 : 256;
        m_session.clear();
        if (m_base) m_base->clear();
        for (std::size_t begin = 0; begin < window.size(); begin += stepSize) {
            if (m_context.interrupt.wasRequested())
                return Error{ErrorCode::Cancelled, "interrupted"};
            const auto step = window.subspan(begin, std::min(stepSize, window.size() - begin));
            m_baseLogits.clear();
            if (m_base)
                RETURN_IF_ERROR(m_base->append_each(step, [&](int, std::span<const float> logits) {
                    m_baseLogits.insert(m_baseLogits.end(), logits.begin(), logits.end());
                }));
            RETURN_IF_ERROR(
                m_session.append_each(step, [&](int index, std::span<const float> logits) {
                    const std::size_t next = begin + static_cast<std::size_t>(index) + 1;
                    if (next < window.size())
                        add(static_cast<std::size_t>(index), logits, window[next]);
                }));
        }
        return {};
    }

    void add(std::size_t index, std::span<const float> logits, TokenId next) {
        ++m_score.n;
        m_score.surprise += surprise(logits, next);
        if (!m_base) return;
        const auto base =
            std::span<const float>(m_baseLogits).subspan(index * logits.size(), logits.size());
        m_score.baseSurprise += surprise(base, next);
        m_score.divergence += divergence(base, logits);
        if (topOf(base) == topOf(logits)) ++m_score.n_sameTop;
    }

    const Context& m_context;
    Session& m_session;
    Session* m_base;
    std::vector<float> m_baseLogits;  // of the step, token by token
    Score m_score;
};

/// The session of --base, where there is one.
Result<std::optional<Session>> baseSession(Context& context, const Session& session) {
    const auto path = context.options.text("base");
    if (!path) return std::optional<Session>();
    ASSIGN_OR_RETURN(auto model, loadModel(context, path_from_utf8(*path)));
    const BpeTokenizer& tokenizer = session.model().tokenizer();
    bool isSameVocabulary = model->hparams().n_vocab == session.model().hparams().n_vocab;
    for (TokenId id = 0; isSameVocabulary && id < model->hparams().n_vocab; ++id)
        isSameVocabulary = model->tokenizer().token_bytes(id) == tokenizer.token_bytes(id);
    if (!isSameVocabulary)
        return Error{ErrorCode::InvalidArgument,
                     *path +
                         " has another vocabulary; --base is the model that the other was made "
                         "of"};
    SessionOptions options = sessionOptions(context.options);
    options.n_ctx = session.n_ctx();
    ASSIGN_OR_RETURN(Session base, Session::create(std::move(model), options));
    return std::optional(std::move(base));
}

void writeScore(Context& context, const Score& score, bool hasBase, double seconds) {
    const double result = std::exp(score.mean(score.surprise));
    const double baseResult = std::exp(score.mean(score.baseSurprise));
    const double sameTop = score.mean(static_cast<double>(score.n_sameTop));
    if (context.isJson()) {
        Json json{{"perplexity", result}, {"tokens", score.n}, {"seconds", seconds}};
        if (hasBase) {
            json["base_perplexity"] = baseResult;
            json["divergence"] = score.mean(score.divergence);
            json["same_top"] = sameTop;
        }
        context.writeJson(json);
        return;
    }
    context.terminal.write(std::to_string(result) + "  (" + std::to_string(score.n) + " tokens, " +
                           std::to_string(seconds) + " s)\n");
    if (hasBase)
        context.terminal.write("base: " + std::to_string(baseResult) + "; divergence from it " +
                               std::to_string(score.mean(score.divergence)) +
                               ", the same first choice at " + std::to_string(100 * sameTop) +
                               " % of the tokens\n");
}

Result<ExitStatus> perplexity(Context& context) {
    const auto& files = context.options.positional();
    if (files.empty()) return context.usageError("perplexity needs a text file");
    ASSIGN_OR_RETURN(const std::string text, readFile(path_from_utf8(files[0]), kMaxTextBytes));
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    const std::vector<TokenId> tokens = context.options.has("special")
                                            ? model->tokenizer().encode_with_special(text)
                                            : model->tokenizer().encode(text);
    if (tokens.size() < 2)
        return Error{ErrorCode::InvalidArgument,
                     files[0] + " is too short: it needs two tokens or more"};
    ASSIGN_OR_RETURN(Session session,
                     Session::create(std::move(model), sessionOptions(context.options)));
    ASSIGN_OR_RETURN(std::optional<Session> base, baseSession(context, session));
    const auto start = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(const Score score,
                     TextReader(context, session, base ? &*base : nullptr).read(tokens));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    writeScore(context, score, base.has_value(), taken.count());
    return ExitStatus::Done;
}

}  // namespace

Command perplexityCommand() {
    return {"perplexity",
            "FILE",
            1,
            "How well the model predicts a text",
            "exp of the mean -ln p(token). The text is read in windows of --ctx tokens, each from "
            "an empty state;\n"
            "every token but a window's first counts. With --json "
            "{\"perplexity\",\"tokens\",\"seconds\"}.\n"
            "With --base FILE another model reads along, for what a quantised one lost: also its "
            "perplexity, the\n"
            "mean Kullback-Leibler divergence from its probabilities, and how often both have the "
            "same first choice\n"
            "(\"base_perplexity\", \"divergence\", \"same_top\").",
            joined({modelOptions(),
                    {{"base", 0, OptionKind::Text, "PATH", "the model that this one was made of"},
                     {"special", 0, OptionKind::Flag, "",
                      "recognise special tokens such as <|im_end|> in the text"}}}),
            perplexity};
}

}  // namespace lares::cli
