#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"
#include "app/cli/resources.h"
#include "engine/base/json.h"
#include "engine/base/path_text.h"

namespace lares::cli {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{64} << 20;

/// --format, or the format of the model file's template.
Result<PromptFormat> chosenFormat(const Context& context) {
    if (const auto name = context.options.text("format")) {
        if (const auto format = prompt_format_from_name(*name)) return *format;
        return Error{ErrorCode::InvalidArgument,
                     "there is no prompt format '" + *name +
                         "': nemotron3, nemotron-v2 or nemotron-v2-llamacpp"};
    }
    ASSIGN_OR_RETURN(const auto file, openFile(context));
    const auto known = recognise_template(file->chat_template());
    if (known) return known->format;
    context.terminal.note(
        "The file has no template that Lares knows; rendering as nemotron3 (--format says "
        "otherwise).");
    return PromptFormat::Nemotron3;
}

Result<std::string> renderedPrompt(PromptFormat format, const Json& input) {
    ASSIGN_OR_RETURN(const Conversation conversation, conversation_from_json(input));
    PromptOptions options;
    if (input.contains("kwargs") && !input["kwargs"].is_null()) {
        ASSIGN_OR_RETURN(options, prompt_options_from_json(input["kwargs"]));
    }
    ASSIGN_OR_RETURN(const RenderedPrompt prompt, render_prompt(format, conversation, options));
    return prompt.text();
}

Result<ExitStatus> render(Context& context) {
    ASSIGN_OR_RETURN(const PromptFormat format, chosenFormat(context));
    if (context.options.has("jsonl")) {
        return answerJsonLines(context, [&](const Json& line) -> Result<Json> {
            ASSIGN_OR_RETURN(std::string prompt, renderedPrompt(format, line));
            return Json{{"prompt", std::move(prompt)}};
        });
    }
    const auto& files = context.options.positional();
    ASSIGN_OR_RETURN(const std::string text,
                     files.empty() || files[0] == "-"
                         ? readInput()
                         : readFile(path_from_utf8(files[0]), kMaxInputBytes));
    ASSIGN_OR_RETURN(const Json input, parse_json(text));
    ASSIGN_OR_RETURN(std::string prompt, renderedPrompt(format, input));
    if (context.isJson()) {
        context.writeJson({{"prompt", std::move(prompt)}});
    } else {
        context.terminal.write(prompt);
    }
    return ExitStatus::Done;
}

}  // namespace

Command renderCommand() {
    return {"render",
            "[FILE]",
            1,
            "Messages as the exact prompt that the model would read",
            "FILE (or stdin) holds one object: {\"messages\":[…],\"tools\":[…],\"kwargs\":{…}}, "
            "the last two optional.\n"
            "The prompt comes out exactly, with no line break added. With --format no model file "
            "is needed.",
            joined({fileOptions(),
                    {{"format", 0, OptionKind::Text, "NAME",
                      "nemotron3, nemotron-v2 or nemotron-v2-llamacpp"},
                     jsonLinesOption(
                         "one object a line; each answer {\"prompt\":\"…\"} or {\"error\":{…}}")}}),
            render};
}

}  // namespace lares::cli
