#pragma once

#include "app/cli/command.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <functional>

namespace lares::cli {

/// `--jsonl`: for each line of stdin that is not empty, what `answer` makes of its JSON, or the
/// error, on one line of stdout. An error in a line does not end the work; Ctrl-C does.
[[nodiscard]] Result<ExitStatus> answerJsonLines(
    Context& context, const std::function<Result<Json>(const Json&)>& answer);

/// The option that turns it on, with what a line holds and what comes back.
[[nodiscard]] OptionSpec jsonLinesOption(std::string_view help);

/// --tokens 1,2,3, for commands that work with ids.
[[nodiscard]] OptionSpec tokensOptionSpec();
/// What it says; empty without it.
[[nodiscard]] std::vector<TokenId> tokensOption(const Options& options);
/// {"tokens":[1,2]} → ids. InvalidArgument when it is anything else.
[[nodiscard]] Result<std::vector<TokenId>> tokensFromJson(const Json& object);

}  // namespace lares::cli
