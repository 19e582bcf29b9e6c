#pragma once

#include "tools/registry/arguments.h"
#include "tools/registry/tool_registry.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lares {

/// A tool that a server offers. The definition is what stands in the prompt: a stranger's words.
struct ServerTool {
    /// `name` is "SERVER__TOOL", which no tool of ours is called; the parameters are in `json`.
    ToolDefinition definition;
    std::string server;
    std::string own_name;  ///< what the server calls it
    std::string title;     ///< for the screen; may be empty
    /// SHA-256 of all definitions of its server: what a yes that lasts is bound to.
    std::string definitions_sha256;
};

/// All that a server said about its tools.
struct ServerTools {
    std::vector<std::shared_ptr<const ServerTool>> tools;
    std::string sha256;  ///< of their definitions, in whichever order
    /// Tools that are not offered, each with why.
    std::vector<std::string> left_out;
};

/// From the "tools" of all answers to tools/list, which a stranger's program wrote. A tool that
/// cannot be offered (its name, its size, its schema) is left out; InvalidArgument: no list.
[[nodiscard]] Result<ServerTools> read_server_tools(const std::string& server, const Json& list);

/// Whether the arguments are what the tool's schema asks for at its top level: an object, no field
/// that it does not have, all that it requires, each of its type; bounded, and valid UTF-8. What is
/// deeper down is the server's to check. Any thread.
[[nodiscard]] std::optional<ArgumentProblem> check_server_arguments(const ServerTool& tool,
                                                                    const Json& arguments);

}  // namespace lares
