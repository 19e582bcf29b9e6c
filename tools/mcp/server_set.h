#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/mcp/server_book.h"
#include "tools/mcp/server_session.h"
#include "tools/mcp/server_tool.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// A tool server, for a page of settings. Texts of the server's are as it gave them.
struct ServerInfo {
    struct Tool {
        std::string own_name;
        std::string title;
        std::string description;
        bool is_allowed = false;  ///< runs without asking
    };
    McpServerConfig config;
    bool is_on = false;
    bool was_looked_at = false;
    bool is_running = false;
    std::vector<Tool> tools;
    std::vector<std::string> left_out;  ///< tools that cannot be offered, each with why
    /// What it says of its tools now and did not say when they were looked at, with the new words:
    /// "add: is new: Adds two numbers." Not empty: none of them is offered until that was accepted.
    std::vector<std::string> changes;
    std::string changes_sha256;    ///< of the definitions that `changes` is about
    std::string problem;           ///< of the last attempt to reach it
    std::size_t prompt_bytes = 0;  ///< that its definitions take in every prompt
};

/// The tool servers that the user set up (Model Context Protocol): which there are, what they
/// offer, which of it may run without asking, and the programs while they run. A program is started
/// by the first call that needs it, and ended when it was silent for long.
///
/// What a server says of its tools is pinned: only what the user saw is offered, and a server that
/// says something else later (security design, T3) is not called before he has seen that too.
///
/// Thread safe. `infos`, `config_of`, `offered` and `find_or_null` return at once; the others may
/// wait for the disk or for the server.
class ServerSet {
public:
    struct Options {
        std::filesystem::path book;               ///< the file
        std::filesystem::path data_folder;        ///< of ours, for the servers' own folders
        const CommandSandbox* sandbox = nullptr;  ///< outlives the set
        /// Says why no server may read a folder: the home folder as a whole, Lares' own data.
        std::function<Result<void>(const FolderHandle&)> check_folder;
        McpClient client = {};
    };
    explicit ServerSet(Options options);
    ~ServerSet();
    ServerSet(const ServerSet&) = delete;
    ServerSet& operator=(const ServerSet&) = delete;

    /// Reads them from the disk, also again after another program changed them. What could not be
    /// read is a sentence each, and stays on the disk. Errors: as of ServerBook.
    [[nodiscard]] Result<std::vector<std::string>> load();
    [[nodiscard]] std::vector<ServerInfo> infos() const;

    /// NotFound: there is none of this name.
    [[nodiscard]] Result<McpServerConfig> config_of(std::string_view name) const;

    /// Adds a server, off and not looked at. InvalidArgument: there is one of this name, or it
    /// cannot be (check_server_config, a folder that is missing or kept from tools).
    [[nodiscard]] Result<void> add(const McpServerConfig& config);
    /// With its own folder and all that it kept there.
    [[nodiscard]] Result<void> remove(const std::string& name);
    /// Starts it and reads what it offers. What it says is pinned, unless it is on and the user saw
    /// something else before: then that is noted as a change. Errors: as of ServerSession.
    [[nodiscard]] Result<void> look(const std::string& name, const std::stop_token& stop);
    /// The user has seen this change (ServerInfo::changes_sha256): it is pinned, and nothing of it
    /// runs without asking. InvalidArgument: it has changed once more since.
    [[nodiscard]] Result<void> accept(const std::string& name, const std::string& changes_sha256);
    /// Offers its tools to the model, or ends it. InvalidArgument: it was not looked at yet.
    [[nodiscard]] Result<void> set_on(const std::string& name, bool is_on);
    /// Whether a tool, by the server's name for it, runs without asking.
    [[nodiscard]] Result<void> set_allowed(const std::string& name,
                                           const std::string& own_name,
                                           bool is_allowed);

    /// What is offered now, in a fixed order.
    [[nodiscard]] std::vector<std::shared_ptr<const ServerTool>> offered() const;
    [[nodiscard]] std::shared_ptr<const ServerTool> find_or_null(std::string_view name) const;

    /// Whether this very definition of the tool runs without asking in this conversation.
    [[nodiscard]] bool is_allowed(const ServerTool& tool, std::string_view conversation) const;
    void allow_in(const ServerTool& tool, std::string_view conversation);
    void end_conversation(std::string_view conversation);

    /// Calls it, and starts its server where that does not run. Takes up to the client's times.
    [[nodiscard]] ToolText call(const ServerTool& tool,
                                const Json& arguments,
                                const std::stop_token& stop);

private:
    /// A server's program; one thread at a time talks to it.
    struct Program {
        std::mutex mutex;  // of what follows
        std::unique_ptr<ServerSession> session;
        std::string seen_sha256;  ///< of the definitions that this session gave
    };
    struct Entry {
        StoredServer stored;
        ServerTools pinned;
        ServerTools changed;  ///< of `stored.changed_tools`
        std::string problem;
        std::shared_ptr<Program> program = std::make_shared<Program>();
        std::stop_source ending;  ///< of calls under way, when it is turned off
    };

    [[nodiscard]] static Entry entry_of(StoredServer stored);
    [[nodiscard]] Entry* find_entry(std::string_view name);
    [[nodiscard]] const Entry* find_entry(std::string_view name) const;
    /// Writes what `change` makes of it, to the disk first.
    [[nodiscard]] Result<void> rewrite(const std::string& name,
                                       const std::function<Result<void>(StoredServer&)>& change);
    [[nodiscard]] Result<void> check_folders(const McpServerConfig& config) const;
    /// With `program.mutex` held.
    [[nodiscard]] Result<void> start(Program& program,
                                     const McpServerConfig& config,
                                     const std::stop_token& stop);
    [[nodiscard]] Result<Json> list_tools(Program& program,
                                          const std::string& name,
                                          const std::stop_token& stop);
    [[nodiscard]] ToolText call_program(Program& program,
                                        const McpServerConfig& config,
                                        const ServerTool& tool,
                                        const Json& arguments,
                                        const std::stop_token& stop);
    /// Stops what is done with it and ends its program.
    void end_program(const std::string& name);
    void note_problem(const std::string& name, const std::string& problem);

    const Options m_options;
    ServerBook m_book;
    std::mutex m_writing;  // held while the book is changed; after a program's, before m_mutex
    mutable std::mutex m_mutex;  // of what follows
    std::vector<Entry> m_entries;
    std::set<std::string> m_allowed_here;  // conversation, definitions and name of a tool
};

}  // namespace lares
