#include "app/cli/answer_json.h"
#include "app/cli/answer_printer.h"
#include "app/cli/answer_turn.h"
#include "app/cli/attached_files.h"
#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/model_loading.h"
#include "app/cli/request_options.h"
#include "app/cli/resources.h"
#include "engine/base/json.h"
#include "engine/base/path_text.h"

#include <string>
#include <utility>

namespace lares::cli {
namespace {

/// {"messages":[…],"tools":[…]|null,"kwargs":{…}} → one answer of the model.
Result<Json> answerLine(const Context& context, Engine& engine, const Json& line) {
    GenerationRequest request = limitsFromOptions(context.options);
    ASSIGN_OR_RETURN(request.conversation, conversation_from_json(line));
    request.prompt.enable_thinking = !context.options.has("no-thinking");
    if (line.contains("kwargs") && !line["kwargs"].is_null()) {
        ASSIGN_OR_RETURN(request.prompt, prompt_options_from_json(line["kwargs"]));
    }
    ASSIGN_OR_RETURN(const Generation answer, engine.generate(request, context.interrupt.token()));
    return toJson(answer);
}

/// The answer is a JSON value of the schema in this file.
OptionSpec schemaOption() {
    return {"schema", 0, OptionKind::Text, "FILE",
            "the answer is JSON, of the JSON schema in FILE ({}: any JSON); tools only where "
            "--tools or --allow-folder offers them"};
}

Result<AnswerForm> formFromOptions(const Options& options) {
    constexpr std::size_t kMaxSchemaBytes = std::size_t{1} << 20;
    const auto path = options.text("schema");
    if (!path) return AnswerForm{};
    ASSIGN_OR_RETURN(const std::string text, readFile(path_from_utf8(*path), kMaxSchemaBytes));
    Result<Json> schema = parse_json(text);
    if (!schema) return std::move(schema).error().with_context(*path);
    return AnswerForm{AnswerForm::Kind::JsonValue, std::move(*schema), {}};
}

Result<ExitStatus> answerOnce(Context& context, const std::string& prompt) {
    ASSIGN_OR_RETURN(GenerationRequest request, requestFromOptions(context));
    ASSIGN_OR_RETURN(request.form, formFromOptions(context.options));
    // Data is asked for: the clock and the calculator would only be in the way.
    const bool wantsTools = context.options.has("tools") || context.options.has("allow-folder");
    if (context.options.has("schema") && !wantsTools) request.conversation.tools.clear();
    ASSIGN_OR_RETURN(const auto attached,
                     attachedFiles(context.options, context.interrupt.token()));
    request.conversation.messages.push_back(plainMessage("user", userTurn(prompt, attached)));
    ASSIGN_OR_RETURN(const auto tools, ToolSession::open(context));
    tools->addServerTools(request.conversation.tools);
    ASSIGN_OR_RETURN(Engine engine, loadEngine(context));
    AnswerPrinter printer(context.terminal, context.isJson() ? Shown::Notes : Shown::Answer);
    const Result<TurnAnswer> answer = answerTurn(context, engine, *tools, request, printer);
    if (!answer) return answer.error();
    const FinishReason reason = answer->generation.finish_reason;
    if (reason == FinishReason::Length)
        context.terminal.note("The answer was cut off at --max-tokens.");
    if (reason == FinishReason::Context)
        context.terminal.note("The answer was cut off: the context is full (--ctx).");
    if (answer->hitLimit) context.terminal.note("The model used tools too many times in a row.");
    if (context.isJson()) context.writeJson(toJson(*answer));
    return ExitStatus::Done;
}

Result<ExitStatus> run(Context& context) {
    const auto& words = context.options.positional();
    if (context.options.has("jsonl")) {
        if (!words.empty())
            return context.usageError("run --jsonl takes its requests from stdin, not a PROMPT");
        if (context.options.has("file"))
            return context.usageError("run --jsonl takes whole requests: put the text into them");
        if (context.options.has("schema"))
            return context.usageError("run --jsonl has no --schema: its answers are calls or text");
        ASSIGN_OR_RETURN(Engine engine, loadEngine(context));
        return answerJsonLines(context,
                               [&](const Json& line) { return answerLine(context, engine, line); });
    }
    if (!words.empty() && words[0] != "-") return answerOnce(context, words[0]);
    if (words.empty() && context.terminal.isInputTerminal())
        return context.usageError("run needs a PROMPT");
    ASSIGN_OR_RETURN(const std::string prompt, readInput());
    return answerOnce(context, prompt);
}

}  // namespace

Command runCommand() {
    return {"run",
            "[PROMPT]",
            1,
            "One answer",
            "Without PROMPT, or with -, the prompt is what stdin holds. The text comes on stdout "
            "as it is made;\n"
            "a tool may read or change what --allow-folder grants, and on a terminal what you "
            "allow when it "
            "asks;\n"
            "with --json {\"text\",\"thinking\",\"tool_calls\",\"stats\",\"finish_reason\"}.",
            joined({modelOptions(),
                    {fileOption(), schemaOption()},
                    requestOptions(),
                    {jsonLinesOption("one {\"messages\":[…],\"tools\":[…]|null,\"kwargs\":{…}} a "
                                     "line; each answer as with "
                                     "--json, one step of the model")}}),
            run};
}

}  // namespace lares::cli
