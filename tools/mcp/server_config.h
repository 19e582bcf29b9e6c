#pragma once

#include "engine/base/json.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lares {

/// A program that offers tools over the Model Context Protocol, as the user set it up. It runs in
/// the sandbox for commands: no network, for reading the folders that are named here and nothing
/// else of the user's, for writing a folder of its own.
struct McpServerConfig {
    std::string name;                ///< a-z, 0-9, "-", up to 24: its tools' names begin with it
    std::vector<std::string> words;  ///< the program and its arguments; not empty
    std::vector<std::pair<std::string, std::string>> environment;
    std::vector<std::string> folders;  ///< absolute paths; the program's own, what it is about

    friend bool operator==(const McpServerConfig&, const McpServerConfig&) = default;
};

/// Where a server finds the folder of its own, which is its home too: what it writes there stays.
inline constexpr const char* kServerDataPlace = "/server-data";

/// InvalidArgument, with a sentence: a name, a text or a number of them that cannot be; a program
/// that would first fetch its code from the network.
[[nodiscard]] Result<void> check_server_config(const McpServerConfig& config);

[[nodiscard]] Json json_of(const McpServerConfig& config);
/// What `json_of` wrote. Corrupt: something else.
[[nodiscard]] Result<McpServerConfig> server_config_from_json(std::string_view text);

/// The servers of another program's settings: {"mcpServers": {"NAME": {"command", "args", "env"}}},
/// as Claude Desktop, LM Studio and others write it (VS Code: "servers"); names are made to fit.
/// With the folders that `folders_of` names. InvalidArgument: none of that kind in there, or one
/// that cannot run here and why.
[[nodiscard]] Result<std::vector<McpServerConfig>> servers_from_settings(std::string_view text);

/// The folders that a command line seems to need, to be shown to the user: that of the program, and
/// each file or folder among its arguments; without those of the system. Looks at the disk.
[[nodiscard]] std::vector<std::string> folders_of(const std::vector<std::string>& words);

/// A line as a person types it, with '…', "…" and \ as in a shell but nothing else of one.
/// InvalidArgument: a quote that is not closed.
[[nodiscard]] Result<std::vector<std::string>> words_of_line(std::string_view line);
/// The words on one line that `words_of_line` reads as them.
[[nodiscard]] std::string line_of_words(const std::vector<std::string>& words);

/// For CommandSpec::script: sets the environment and becomes the program.
[[nodiscard]] std::string start_script(const McpServerConfig& config);

}  // namespace lares
