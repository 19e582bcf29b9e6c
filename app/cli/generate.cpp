#include "app/cli/answer_json.h"
#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"
#include "app/cli/sampling_options.h"
#include "engine/tokenizer/utf8_stream.h"

#include <algorithm>
#include <chrono>

namespace lares::cli {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Continuation {
    std::vector<TokenId> tokens;
    std::string text;
    GenerationStats stats;
};

/// Reads the prompt and draws up to `n` tokens; `onText` gets whole characters as they come.
Result<Continuation> continueTokens(Context& context,
                                    Session& session,
                                    std::span<const TokenId> prompt,
                                    int n,
                                    const std::function<void(std::string_view)>& onText) {
    const BpeTokenizer& tokenizer = session.model().tokenizer();
    ASSIGN_OR_RETURN(TokenPicker picker,
                     TokenPicker::create(session, samplingParams(context.options), prompt));
    Continuation result;
    const auto start = Clock::now();
    RETURN_IF_ERROR(session.read(prompt, context.interrupt.token()));
    const double promptSeconds = secondsSince(start);
    Utf8Stream characters;
    const auto stops = tokenizer.stop_ids();
    const auto decodeStart = Clock::now();
    while (static_cast<int>(result.tokens.size()) < n) {
        const bool isLast = static_cast<int>(result.tokens.size()) + 1 == n;
        const bool reads = !isLast && picker.is_on_card();
        ASSIGN_OR_RETURN(const TokenId token,
                         reads ? picker.pick_and_read(context.interrupt.token()) : picker.pick());
        if (result.tokens.empty()) result.stats.first_token_ms = secondsSince(start) * 1000.0;
        if (!context.options.has("ignore-eos") &&
            std::binary_search(stops.begin(), stops.end(), token))
            break;
        result.tokens.push_back(token);
        const std::string text = characters.push(tokenizer.token_bytes(token));
        result.text += text;
        onText(text);
        if (!isLast && !reads)
            RETURN_IF_ERROR(session.read({&token, 1}, context.interrupt.token()));
    }
    const double decodeSeconds = secondsSince(decodeStart);
    const std::string rest = characters.flush();
    result.text += rest;
    onText(rest);
    result.stats.prompt_tokens = static_cast<int>(prompt.size());
    result.stats.generated_tokens = static_cast<int>(result.tokens.size());
    result.stats.prompt_tps = static_cast<double>(prompt.size()) / std::max(promptSeconds, 1e-9);
    result.stats.decode_tps =
        static_cast<double>(result.tokens.size()) / std::max(decodeSeconds, 1e-9);
    return result;
}

Result<ExitStatus> generate(Context& context) {
    if (!context.options.has("tokens")) return context.usageError("generate needs --tokens 1,2,3");
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    ASSIGN_OR_RETURN(Session session,
                     Session::create(std::move(model), sessionOptions(context.options)));
    const auto onText = [&](std::string_view text) {
        if (!context.isJson()) context.terminal.write(text);
    };
    ASSIGN_OR_RETURN(const Continuation result,
                     continueTokens(context, session, tokensOption(context.options),
                                    context.options.integerOr("max-tokens", 128), onText));
    if (context.isJson()) {
        context.writeJson(
            {{"tokens", result.tokens}, {"text", result.text}, {"stats", toJson(result.stats)}});
    } else {
        context.terminal.write("\n");
    }
    return ExitStatus::Done;
}

}  // namespace

Command generateCommand() {
    return {"generate",
            "",
            0,
            "Go on from token ids, without any prompt format",
            "With --json {\"tokens\":[…],\"text\":\"…\",\"stats\":{…}}.",
            joined({modelOptions(),
                    {tokensOptionSpec(),
                     {"max-tokens", 'n', OptionKind::Integer, "N",
                      "how many tokens at most (default 128)", 0, 1 << 20},
                     {"ignore-eos", 0, OptionKind::Flag, "",
                      "go on after a token that ends an answer"}},
                    samplingOptions()}),
            generate};
}

}  // namespace lares::cli
