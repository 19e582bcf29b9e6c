#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"
#include "app/cli/resources.h"

namespace lares::cli {
namespace {

std::string withCommas(std::span<const TokenId> ids) {
    std::string text;
    for (const TokenId id : ids) text.append(text.empty() ? "" : ",").append(std::to_string(id));
    return text;
}

Result<ExitStatus> tokenize(Context& context) {
    ASSIGN_OR_RETURN(const auto file, openFile(context));
    ASSIGN_OR_RETURN(const BpeTokenizer tokenizer, file->tokenizer());
    const bool withSpecial = context.options.has("special");
    const auto encode = [&](std::string_view text) {
        return withSpecial ? tokenizer.encode_with_special(text) : tokenizer.encode(text);
    };
    if (context.options.has("jsonl")) {
        return answerJsonLines(context, [&](const Json& line) -> Result<Json> {
            if (!line.is_string())
                return Error{ErrorCode::InvalidArgument, "each line must be a JSON string"};
            return Json{{"ids", encode(line.get_ref<const std::string&>())}};
        });
    }
    ASSIGN_OR_RETURN(const std::string text, readInput());
    const std::vector<TokenId> ids = encode(text);
    if (context.isJson()) {
        context.writeJson({{"ids", ids}});
    } else {
        context.terminal.write(withCommas(ids) + "\n");
    }
    return ExitStatus::Done;
}

}  // namespace

Command tokenizeCommand() {
    return {
        "tokenize",
        "",
        0,
        "Text on stdin as token ids",
        "Every byte of stdin counts, a final line break too. The ids come out with commas, as\n"
        "`detokenize --tokens` takes them; with --json as {\"ids\":[…]}.",
        joined(
            {fileOptions(),
             {{"special", 0, OptionKind::Flag, "",
               "recognise special tokens such as <|im_end|> by their text"},
              jsonLinesOption("each line of stdin is a JSON string; each answer {\"ids\":[…]}")}}),
        tokenize};
}

}  // namespace lares::cli
