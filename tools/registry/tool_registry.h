#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// What a tool can do to the machine. Its order is that of the risk.
enum class ToolEffect {
    None,         ///< works on its arguments alone
    ReadFolders,  ///< reads inside folders that the user granted
    ChangeFiles,  ///< changes files and folders in there; each change can be undone
    RunPrograms,  ///< runs programs in a sandbox that holds a copy of one such folder
    UseServer,    ///< asks a program of the user's (tools/mcp), which runs in a sandbox
    KeepNotes,    ///< keeps what later conversations read; no file is touched
    ReadPast,     ///< reads what was said in the user's other conversations
};
/// "none", "read", "change", "run", "server", "note", "past"
[[nodiscard]] std::string_view to_string(ToolEffect effect);

/// What an argument is, and so what it may hold. All are text in valid UTF-8 without NUL.
enum class ParameterKind {
    Expression,  ///< any characters
    FilePath,    ///< no control characters
    FolderPath,  ///< the same
    Pattern,     ///< the same
    Content,     ///< any characters: what a file holds or will hold
    Script,      ///< any characters: what a program will run; shown and logged whole
};

struct ToolParameter {
    std::string name;
    ParameterKind kind = ParameterKind::Expression;
    std::size_t max_bytes = 0;
    bool is_required = true;
};

/// A tool that this program can run: what stands in the prompt, and what we know about it besides.
struct ToolDefinition {
    std::string name;
    std::string description;
    ToolEffect effect = ToolEffect::None;
    std::vector<ToolParameter> parameters;
    Json json;  ///< OpenAI form, as a prompt has it
};

/// The tools that exist, in the order of builtin_tools.json. Definitions of tools that nobody has
/// written yet stand in that file too (the model is trained on them) and are left out here.
/// Thread safe: const after it was read.
class ToolRegistry {
public:
    /// The definitions that are built into the program.
    [[nodiscard]] static const ToolRegistry& builtin();
    /// Reads a list in OpenAI form. InvalidArgument when it is none, or when a tool of ours lacks
    /// a parameter there or has another one.
    [[nodiscard]] static Result<ToolRegistry> from_json(std::string_view text);

    [[nodiscard]] std::span<const ToolDefinition> tools() const { return m_tools; }
    [[nodiscard]] const ToolDefinition* find_or_null(std::string_view name) const;
    /// For `Conversation::tools`: all that run no programs, which somebody has to turn on.
    [[nodiscard]] std::vector<Json> definitions() const;
    /// Those with an effect up to this one; RunPrograms at most.
    [[nodiscard]] std::vector<Json> definitions(ToolEffect most) const;

private:
    std::vector<ToolDefinition> m_tools;
};

}  // namespace lares
