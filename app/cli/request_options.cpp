#include "app/cli/request_options.h"

#include "app/cli/json_lines.h"
#include "app/cli/resources.h"
#include "app/cli/sampling_options.h"
#include "app/cli/tool_session.h"
#include "engine/base/json.h"
#include "engine/base/path_text.h"
#include "tools/registry/tool_registry.h"

#include <filesystem>

namespace lares::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

/// A persona by its id ("lares") or its file.
Result<fs::path> personaPath(const std::string& name) {
    std::error_code error;
    if (fs::path file = path_from_utf8(name); fs::is_regular_file(file, error)) return file;
    ASSIGN_OR_RETURN(const fs::path resources, resourceFolder());
    const fs::path bundled = resources / "personas" / path_from_utf8(name + ".json");
    const bool isId = name.find_first_of("/\\") == std::string::npos;
    if (isId && fs::is_regular_file(bundled, error)) return bundled;
    return Error{ErrorCode::NotFound, "there is no persona '" + name +
                                          "': neither a file nor one in " +
                                          utf8_from_path(bundled.parent_path())};
}

Result<std::string> personaSystem(const std::string& name) {
    ASSIGN_OR_RETURN(const fs::path path, personaPath(name));
    ASSIGN_OR_RETURN(const std::string text, readFile(path, kMaxFileBytes));
    Result<Json> persona = parse_json(text);
    if (!persona) return std::move(persona).error().with_context(utf8_from_path(path));
    if (!persona->is_object() || !persona->contains("system") ||
        !(*persona)["system"].is_string()) {
        return Error{ErrorCode::InvalidArgument,
                     utf8_from_path(path) +
                         ": a persona needs a text \"system\"; a character card becomes one "
                         "when the window imports and exports it"};
    }
    return (*persona)["system"].get<std::string>();
}

Result<std::string> systemText(const Options& options) {
    if (const auto text = options.text("system")) return *text;
    return personaSystem(options.text("persona").value_or("lares"));
}

Result<std::vector<Json>> toolList(std::string_view text) {
    ASSIGN_OR_RETURN(const Json tools, parse_json(text));
    if (!tools.is_array())
        return Error{ErrorCode::InvalidArgument, "tools are a JSON list of definitions"};
    return std::vector<Json>(tools.begin(), tools.end());
}

Result<std::vector<Json>> offeredTools(const Options& options) {
    if (const auto path = options.text("tools")) {
        ASSIGN_OR_RETURN(const std::string text, readFile(path_from_utf8(*path), kMaxFileBytes));
        auto tools = toolList(text);
        if (!tools) return std::move(tools).error().with_context(*path);
        return tools;
    }
    return ToolRegistry::builtin().definitions(
        options.has("allow-commands") ? ToolEffect::RunPrograms : ToolEffect::ChangeFiles);
}

}  // namespace

std::vector<OptionSpec> answerOptions() {
    return {{"persona", 0, OptionKind::Text, "ID|FILE",
             "who answers: a bundled persona, or the instructions of one that the window exported "
             "(default lares)"},
            {"system", 0, OptionKind::Text, "TEXT",
             "the system message itself, instead of a persona's"},
            {"no-thinking", 0, OptionKind::Flag, "", "answer at once, without thinking first"},
            {"thinking-budget", 0, OptionKind::Integer, "N", "think for about N tokens at most", 0,
             1 << 20},
            {"max-tokens", 'n', OptionKind::Integer, "N",
             "length of an answer, thinking included (default 1024)", 1, 1 << 20},
            {"tools", 0, OptionKind::Text, "FILE",
             "offer the model the tools of a JSON list instead of the built-in ones"}};
}

std::vector<OptionSpec> requestOptions() {
    const std::vector<OptionSpec> temporary = {
        {"temporary", 0, OptionKind::Flag, "",
         "leave no word in the log of tool calls, only that one ran; messages are kept nowhere "
         "anyway, and what tools change in files can be undone all the same"}};
    return joined({answerOptions(), folderOptions(), temporary, samplingOptions()});
}

GenerationRequest limitsFromOptions(const Options& options) {
    GenerationRequest request;
    request.sampling = samplingParams(options);
    request.max_tokens = options.integerOr("max-tokens", request.max_tokens);
    if (options.has("thinking-budget"))
        request.thinking_budget = options.integerOr("thinking-budget", 0);
    return request;
}

Message plainMessage(std::string role, std::string content) {
    Message message;
    message.role = std::move(role);
    message.content = std::move(content);
    return message;
}

Result<GenerationRequest> requestFromOptions(const Context& context) {
    GenerationRequest request = limitsFromOptions(context.options);
    request.prompt.enable_thinking = !context.options.has("no-thinking");
    ASSIGN_OR_RETURN(std::string system, systemText(context.options));
    if (!system.empty())
        request.conversation.messages.push_back(plainMessage("system", std::move(system)));
    ASSIGN_OR_RETURN(request.conversation.tools, offeredTools(context.options));
    return request;
}

}  // namespace lares::cli
