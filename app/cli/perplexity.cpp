#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "app/cli/resources.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace lares::cli {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20;

/// -ln p(token), from logits (softmax in double, shifted by the largest).
double surprise(std::span<const float> logits, TokenId token) {
    const float largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit - largest));
    return std::log(sum) - static_cast<double>(logits[static_cast<std::size_t>(token)] - largest);
}

/// Sum of the surprise at each token of the window but the first, which nothing predicts. In steps,
/// so that Ctrl-C need not wait for a whole window.
Result<double> windowSurprise(const Context& context,
                              Session& session,
                              std::span<const TokenId> window) {
    constexpr std::size_t kStep = 256;
    session.clear();
    double sum = 0.0;
    for (std::size_t begin = 0; begin < window.size(); begin += kStep) {
        if (context.interrupt.wasRequested()) return Error{ErrorCode::Cancelled, "interrupted"};
        const auto step = window.subspan(begin, std::min(kStep, window.size() - begin));
        RETURN_IF_ERROR(session.append_each(step, [&](int index, std::span<const float> logits) {
            const std::size_t next = begin + static_cast<std::size_t>(index) + 1;
            if (next < window.size()) sum += surprise(logits, window[next]);
        }));
    }
    return sum;
}

Result<ExitStatus> perplexity(Context& context) {
    const auto& files = context.options.positional();
    if (files.empty()) return context.usageError("perplexity needs a text file");
    ASSIGN_OR_RETURN(const std::string text, readFile(path_from_utf8(files[0]), kMaxTextBytes));
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    const std::vector<TokenId> tokens = model->tokenizer().encode(text);
    if (tokens.size() < 2)
        return Error{ErrorCode::InvalidArgument,
                     files[0] + " is too short: it needs two tokens or more"};
    const SessionOptions options = sessionOptions(context.options);
    ASSIGN_OR_RETURN(Session session, Session::create(std::move(model), options));
    const auto start = std::chrono::steady_clock::now();
    const auto windowSize = static_cast<std::size_t>(session.n_ctx());
    double sum = 0.0;
    std::size_t scored = 0;
    for (std::size_t begin = 0; begin + 1 < tokens.size(); begin += windowSize) {
        const auto window =
            std::span(tokens).subspan(begin, std::min(windowSize, tokens.size() - begin));
        ASSIGN_OR_RETURN(const double windowSum, windowSurprise(context, session, window));
        sum += windowSum;
        scored += window.size() - 1;
        context.terminal.showProgress(
            "Reading the text", static_cast<float>(begin) / static_cast<float>(tokens.size()));
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double result = std::exp(sum / static_cast<double>(scored));
    if (context.isJson()) {
        context.writeJson({{"perplexity", result}, {"tokens", scored}, {"seconds", seconds}});
    } else {
        context.terminal.write(std::to_string(result) + "  (" + std::to_string(scored) +
                               " tokens, " + std::to_string(seconds) + " s)\n");
    }
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
            "{\"perplexity\",\"tokens\",\"seconds\"}.",
            modelOptions(),
            perplexity};
}

}  // namespace lares::cli
