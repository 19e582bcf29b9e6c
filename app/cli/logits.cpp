#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"
#include "engine/base/json.h"

#include <algorithm>
#include <numeric>

namespace lares::cli {
namespace {

/// The K largest, largest first, the lower id on a tie.
Json topLogits(const BpeTokenizer& tokenizer, std::span<const float> logits, int k) {
    std::vector<TokenId> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto n = std::min(ids.size(), static_cast<std::size_t>(k));
    const auto logit = [&](TokenId id) { return logits[static_cast<std::size_t>(id)]; };
    std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(n), ids.end(),
                      [&](TokenId a, TokenId b) {
                          return logit(a) > logit(b) || (logit(a) == logit(b) && a < b);
                      });
    Json top = Json::array();
    for (std::size_t i = 0; i < n; ++i) {
        top.push_back(
            {{"id", ids[i]}, {"text", tokenizer.token_bytes(ids[i])}, {"logit", logit(ids[i])}});
    }
    return top;
}

class LogitsPrinter {
public:
    LogitsPrinter(const Context& context, Session& session)
        : m_context(context), m_session(session) {}

    /// {"tokens":n,"logits":…} for a sequence of its own.
    Result<Json> answer(std::span<const TokenId> tokens) {
        m_session.clear();
        Json logits;
        if (m_context.options.has("all")) {
            logits = Json::array();
            RETURN_IF_ERROR(m_session.append_each(
                tokens,
                [&](int /*index*/, std::span<const float> row) { logits.push_back(asJson(row)); }));
        } else {
            ASSIGN_OR_RETURN(const auto row, m_session.append(tokens, m_context.interrupt.token()));
            logits = asJson(row);
        }
        return Json{{"tokens", tokens.size()}, {"logits", std::move(logits)}};
    }

private:
    [[nodiscard]] Json asJson(std::span<const float> row) const {
        const int k = m_context.options.integerOr("top", 0);
        if (k > 0) return topLogits(m_session.model().tokenizer(), row, k);
        return std::vector<float>(row.begin(), row.end());
    }

    const Context& m_context;
    Session& m_session;
};

std::string logitTable(const Json& top) {
    std::string text;
    for (const Json& row : top)
        text += json_text(row["id"]) + "\t" + json_text(row["logit"]) + "\t" + toLine(row["text"]);
    return text;
}

Result<ExitStatus> logits(Context& context) {
    const bool isJsonLines = context.options.has("jsonl");
    if (!isJsonLines && !context.options.has("tokens"))
        return context.usageError("logits needs --tokens 1,2,3 or --jsonl");
    if (!isJsonLines && !context.isJson() && !context.options.has("top")) {
        return context.usageError(
            "logits prints all numbers with --json, or the largest K with --top K");
    }
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    ASSIGN_OR_RETURN(Session session,
                     Session::create(std::move(model), sessionOptions(context.options)));
    LogitsPrinter printer(context, session);
    if (isJsonLines) {
        return answerJsonLines(context, [&](const Json& line) -> Result<Json> {
            ASSIGN_OR_RETURN(const std::vector<TokenId> tokens, tokensFromJson(line));
            return printer.answer(tokens);
        });
    }
    ASSIGN_OR_RETURN(const Json answer, printer.answer(tokensOption(context.options)));
    if (context.isJson()) {
        context.writeJson(answer);
    } else if (context.options.has("all")) {
        for (const Json& top : answer["logits"]) context.terminal.write(logitTable(top) + "\n");
    } else {
        context.terminal.write(logitTable(answer["logits"]));
    }
    return ExitStatus::Done;
}

}  // namespace

Command logitsCommand() {
    return {"logits",
            "",
            0,
            "The model's raw scores for the next token",
            "With --json {\"tokens\":n,\"logits\":…} after the last token: all numbers in the "
            "order of the ids, or\n"
            "with --top K [{\"id\",\"text\",\"logit\"}]. With --all, \"logits\" is a list of "
            "these, one a position.",
            joined({modelOptions(),
                    {tokensOptionSpec(),
                     {"all", 0, OptionKind::Flag, "", "after every token instead of the last"},
                     {"top", 0, OptionKind::Integer, "K", "only the K largest, with their text", 1,
                      1 << 20},
                     jsonLinesOption("one {\"tokens\":[…]} a line, each a sequence of its own")}}),
            logits};
}

}  // namespace lares::cli
