#include "tools/registry/arguments.h"

#include "engine/base/utf8.h"

#include <algorithm>

namespace lares {
namespace {

constexpr std::size_t kMaxShownArgumentName = 64;

/// A field's name as an error shows it: short, and one line.
std::string shown_name(std::string_view name) {
    std::string shown;
    for (std::size_t i = 0; i < name.size() && shown.size() < kMaxShownArgumentName;) {
        const Utf8Unit unit = decode_utf8(name, i);
        const bool plain = unit.kind == Utf8Unit::Kind::Valid && unit.code_point >= 0x20 &&
                           (unit.code_point < 0x7F || unit.code_point >= 0xA0);
        plain ? shown.append(name.substr(i, unit.size)) : shown.append("?");
        i += unit.size;
    }
    return shown;
}

std::optional<ArgumentProblem> check_text(const ToolParameter& parameter, std::string_view text) {
    const bool refuses_controls = parameter.kind == ParameterKind::FilePath ||
                                  parameter.kind == ParameterKind::FolderPath ||
                                  parameter.kind == ParameterKind::Pattern;
    if (text.size() > parameter.max_bytes) {
        return ArgumentProblem{ArgumentFault::TooLong,
                               "argument too long: " + parameter.name + " (" +
                                   std::to_string(parameter.max_bytes) + " bytes at most)"};
    }
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        if (unit.kind != Utf8Unit::Kind::Valid)
            return ArgumentProblem{ArgumentFault::NotUtf8,
                                   "argument is no text: " + parameter.name};
        const char32_t c = unit.code_point;
        if (c == 0 || (refuses_controls && (c < 0x20 || (c >= 0x7F && c < 0xA0)))) {
            return ArgumentProblem{ArgumentFault::ControlCharacter,
                                   "control character in argument: " + parameter.name};
        }
        i += unit.size;
    }
    return std::nullopt;
}

}  // namespace

std::optional<ArgumentProblem> check_arguments(const ToolDefinition& tool, const Json& arguments) {
    if (!arguments.is_object()) {
        return ArgumentProblem{ArgumentFault::NotAnObject, "arguments are not an object"};
    }
    for (const auto& [name, value] : arguments.items()) {
        const bool is_known =
            std::any_of(tool.parameters.begin(), tool.parameters.end(),
                        [&key = name](const ToolParameter& one) { return one.name == key; });
        if (!is_known) {
            return ArgumentProblem{ArgumentFault::Unknown, "unknown argument: " + shown_name(name)};
        }
    }
    for (const ToolParameter& parameter : tool.parameters) {
        const auto it = arguments.find(parameter.name);
        if (it == arguments.end()) {
            if (!parameter.is_required) continue;
            return ArgumentProblem{ArgumentFault::Missing, "missing argument: " + parameter.name};
        }
        if (!it->is_string()) {
            return ArgumentProblem{ArgumentFault::WrongType,
                                   "argument is not a text: " + parameter.name};
        }
        if (auto problem = check_text(parameter, it->get_ref<const std::string&>())) return problem;
    }
    return std::nullopt;
}

std::string canonical_json(const Json& arguments) {
    return nlohmann::json(arguments).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace lares
