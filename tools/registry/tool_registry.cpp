#include "tools/registry/tool_registry.h"

#include "engine/base/json_field.h"
#include "tools/registry/builtin_tools.h"

#include <algorithm>

namespace lares {
namespace {

constexpr std::size_t kMaxPath = 4096;
constexpr std::size_t kMaxExpression = 1000;
constexpr std::size_t kMaxPattern = 255;
constexpr std::size_t kMaxPart = 6;
constexpr std::size_t kMaxContent = 1'000'000;
constexpr std::size_t kMaxScript = 16'000;
constexpr std::size_t kMaxNoteBytes = 16'000;  // who keeps it says what is too long

/// What the program knows of its own tools besides their definitions.
struct Manifest {
    std::string_view name;
    ToolEffect effect;
    std::vector<ToolParameter> parameters;
};

const std::vector<Manifest>& manifests() {
    static const std::vector<Manifest> kManifests = {
        {"get_time", ToolEffect::None, {}},
        {"calculate",
         ToolEffect::None,
         {{"expression", ParameterKind::Expression, kMaxExpression}}},
        {"list_folder", ToolEffect::ReadFolders, {{"path", ParameterKind::FolderPath, kMaxPath}}},
        {"read_file",
         ToolEffect::ReadFolders,
         {{"path", ParameterKind::FilePath, kMaxPath},
          {"part", ParameterKind::Pattern, kMaxPart, /*is_required=*/false}}},
        {"find_files",
         ToolEffect::ReadFolders,
         {{"folder", ParameterKind::FolderPath, kMaxPath},
          {"pattern", ParameterKind::Pattern, kMaxPattern}}},
        {"find_text",
         ToolEffect::ReadFolders,
         {{"folder", ParameterKind::FolderPath, kMaxPath},
          {"text", ParameterKind::Pattern, kMaxPattern}}},
        {"search_documents",
         ToolEffect::ReadFolders,
         {{"folder", ParameterKind::FolderPath, kMaxPath, /*is_required=*/false},
          {"query", ParameterKind::Expression, kMaxExpression}}},
        {"make_folder", ToolEffect::ChangeFiles, {{"path", ParameterKind::FolderPath, kMaxPath}}},
        {"move",
         ToolEffect::ChangeFiles,
         {{"source", ParameterKind::FilePath, kMaxPath},
          {"destination", ParameterKind::FilePath, kMaxPath}}},
        {"write_file",
         ToolEffect::ChangeFiles,
         {{"path", ParameterKind::FilePath, kMaxPath},
          {"content", ParameterKind::Content, kMaxContent}}},
        {"edit_file",
         ToolEffect::ChangeFiles,
         {{"path", ParameterKind::FilePath, kMaxPath},
          {"old_text", ParameterKind::Content, kMaxContent},
          {"new_text", ParameterKind::Content, kMaxContent}}},
        {"run_command",
         ToolEffect::RunPrograms,
         {{"command", ParameterKind::Script, kMaxScript},
          {"folder", ParameterKind::FolderPath, kMaxPath}}},
        {"remember", ToolEffect::KeepNotes, {{"note", ParameterKind::Content, kMaxNoteBytes}}},
        {"search_conversations",
         ToolEffect::ReadPast,
         {{"query", ParameterKind::Expression, kMaxExpression}}},
    };
    return kManifests;
}

Error wrong(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

/// Whether the definition in the prompt promises what the program checks.
Result<void> check_parameters(const Manifest& manifest, const Json& function) {
    const std::string name(manifest.name);
    const Json* parameters = field_or_null(&function, "parameters");
    const Json* properties = parameters ? field_or_null(parameters, "properties") : nullptr;
    if (!properties || !properties->is_object())
        return wrong("tool " + name + " has no parameters.properties");
    if (properties->size() != manifest.parameters.size())
        return wrong("tool " + name + " has other parameters than the program knows");
    const Json* required = field_or_null(parameters, "required");
    for (const ToolParameter& parameter : manifest.parameters) {
        const Json* property = field_or_null(properties, parameter.name);
        if (!property || text_field(property, "type") != "string")
            return wrong("tool " + name + " lacks the text parameter " + parameter.name);
        const bool is_required =
            required && required->is_array() &&
            std::find(required->begin(), required->end(), Json(parameter.name)) != required->end();
        if (is_required != parameter.is_required)
            return wrong("tool " + name + " and the program differ on whether " + parameter.name +
                         " is required");
    }
    return {};
}

}  // namespace

std::string_view to_string(ToolEffect effect) {
    switch (effect) {
        case ToolEffect::None:
            return "none";
        case ToolEffect::ReadFolders:
            return "read";
        case ToolEffect::ChangeFiles:
            return "change";
        case ToolEffect::RunPrograms:
            return "run";
        case ToolEffect::UseServer:
            return "server";
        case ToolEffect::KeepNotes:
            return "note";
        case ToolEffect::ReadPast:
            return "past";
    }
    return "none";
}

Result<ToolRegistry> ToolRegistry::from_json(std::string_view text) {
    ASSIGN_OR_RETURN(const Json list, parse_json(text));
    if (!list.is_array()) return wrong("tool definitions are a JSON list");
    ToolRegistry registry;
    for (const Json& definition : list) {
        const Json* function = field_or_null(&definition, "function");
        if (!function) return wrong("a tool definition needs a \"function\"");
        const std::string name = text_field(function, "name");
        const auto& known = manifests();
        const auto manifest = std::find_if(known.begin(), known.end(),
                                           [&](const Manifest& one) { return one.name == name; });
        if (manifest == known.end()) continue;
        if (registry.find_or_null(name)) return wrong("tool " + name + " is defined twice");
        RETURN_IF_ERROR(check_parameters(*manifest, *function));
        registry.m_tools.push_back({name, text_field(function, "description"), manifest->effect,
                                    manifest->parameters, definition});
    }
    return registry;
}

const ToolRegistry& ToolRegistry::builtin() {
    // A test reads the same text; an empty list (no tool runs) is the safe way to be wrong.
    static const ToolRegistry kBuiltin = from_json(builtin_tools_json()).value_or(ToolRegistry());
    return kBuiltin;
}

const ToolDefinition* ToolRegistry::find_or_null(std::string_view name) const {
    const auto it = std::find_if(m_tools.begin(), m_tools.end(),
                                 [&](const ToolDefinition& tool) { return tool.name == name; });
    return it == m_tools.end() ? nullptr : &*it;
}

std::vector<Json> ToolRegistry::definitions() const {
    return definitions(ToolEffect::ChangeFiles);
}

std::vector<Json> ToolRegistry::definitions(ToolEffect most) const {
    std::vector<Json> some;
    for (const ToolDefinition& tool : m_tools) {
        if (tool.effect <= most) some.push_back(tool.json);
    }
    return some;
}

}  // namespace lares
