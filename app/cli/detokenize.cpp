#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"

namespace lares::cli {
namespace {

Result<ExitStatus> detokenize(Context& context) {
    if (!context.options.has("tokens"))
        return context.usageError("detokenize needs --tokens 1,2,3");
    ASSIGN_OR_RETURN(const auto file, openFile(context));
    ASSIGN_OR_RETURN(const BpeTokenizer tokenizer, file->tokenizer());
    ASSIGN_OR_RETURN(const std::string bytes, tokenizer.decode(tokensOption(context.options)));
    if (context.isJson()) {
        context.writeJson({{"text", bytes}});
    } else {
        context.terminal.write(bytes);
    }
    return ExitStatus::Done;
}

}  // namespace

Command detokenizeCommand() {
    return {"detokenize",
            "",
            0,
            "Token ids as the bytes they stand for",
            "The bytes come out exactly, with no line break added; with --json as "
            "{\"text\":\"…\"}, where bytes\n"
            "that are no UTF-8 become U+FFFD.",
            joined({fileOptions(), {tokensOptionSpec()}}),
            detokenize};
}

}  // namespace lares::cli
