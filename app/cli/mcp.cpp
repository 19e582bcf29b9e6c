#include "app/cli/command.h"
#include "app/cli/resources.h"
#include "app/cli/tool_session.h"
#include "app/cli/user_folders.h"
#include "engine/base/path_text.h"
#include "tools/mcp/server_set.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <filesystem>

namespace lares::cli {
namespace {

using Words = std::vector<std::string>;

constexpr int kMaxMcpWords = 80;
constexpr std::size_t kMaxSettingsBytes = std::size_t{1} << 20;

/// What the sub-commands work with.
class ServerCommands {
public:
    explicit ServerCommands(Context& context)
        : m_context(context)
        , m_grants(protectedFolders())
        , m_sandbox(CommandRunner::Options{})
        , m_servers(serverOptions(serverBookFile(), serversFolder(), m_grants, m_sandbox)) {}

    Result<ExitStatus> run(const Words& words) {
        ASSIGN_OR_RETURN(const auto problems, m_servers.load());
        for (const std::string& problem : problems)
            m_context.terminal.note("lares-cli: " + problem);
        if (words.empty()) return list();
        const std::string& verb = words.front();
        const Words rest(words.begin() + 1, words.end());
        if (verb == "add" && rest.size() >= 2) return add(rest);
        if (verb == "import" && rest.size() == 1) return import(rest[0]);
        if (verb == "look" && rest.size() == 1) return look(rest[0]);
        if (verb == "on" && rest.size() == 1) return done(m_servers.set_on(rest[0], true), rest[0]);
        if (verb == "off" && rest.size() == 1)
            return done(m_servers.set_on(rest[0], false), rest[0]);
        if (verb == "accept" && rest.size() == 1) return accept(rest[0]);
        if (verb == "remove" && rest.size() == 1) return done(m_servers.remove(rest[0]), rest[0]);
        if ((verb == "allow" || verb == "ask") && rest.size() == 2)
            return done(m_servers.set_allowed(rest[0], rest[1], verb == "allow"), rest[0]);
        return m_context.usageError(
            "mcp takes add NAME -- PROGRAM…, import FILE, look NAME, on NAME, off NAME, accept "
            "NAME, allow NAME TOOL, ask NAME TOOL, remove NAME, or nothing (lares-cli mcp --help)");
    }

private:
    Result<ExitStatus> done(const Result<void>& result, const std::string& name) {
        if (!result) return result.error();
        return list(name);
    }

    Result<ExitStatus> accept(const std::string& name) {
        std::string seen;  // `mcp` and `mcp look` have printed it
        for (const ServerInfo& info : m_servers.infos()) {
            if (info.config.name == name) seen = info.changes_sha256;
        }
        return done(m_servers.accept(name, seen), name);
    }

    Result<ExitStatus> add(const Words& words) {
        McpServerConfig config;
        config.name = words.front();
        config.words.assign(words.begin() + 1, words.end());
        config.folders = m_context.options.texts("folder");
        for (std::string& folder : config.folders) {
            std::error_code error;
            const auto real = std::filesystem::canonical(path_from_utf8(folder), error);
            if (error)
                return Error{ErrorCode::NotFound, "--folder: there is no such folder: " + folder};
            folder = utf8_from_path(real);
        }
        if (config.folders.empty()) config.folders = folders_of(config.words);
        for (const std::string& text : m_context.options.texts("env")) {
            const std::size_t equals = text.find('=');
            if (equals == std::string::npos) return m_context.usageError("--env takes NAME=VALUE");
            config.environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        }
        RETURN_IF_ERROR(m_servers.add(config));
        return look(config.name);
    }

    Result<ExitStatus> import(const std::string& file) {
        ASSIGN_OR_RETURN(const std::string text, readFile(path_from_utf8(file), kMaxSettingsBytes));
        auto configs = servers_from_settings(text);
        if (!configs) return std::move(configs).error().with_context(file);
        for (const McpServerConfig& config : *configs) {
            if (Result<void> added = m_servers.add(config); !added)
                return std::move(added).error().with_context(config.name);
            if (const Result<void> looked =
                    m_servers.look(config.name, m_context.interrupt.token());
                !looked)
                m_context.terminal.note("lares-cli: " + looked.error().message);
        }
        return list();
    }

    Result<ExitStatus> look(const std::string& name) {
        RETURN_IF_ERROR(m_servers.look(name, m_context.interrupt.token()));
        return list(name);
    }

    /// All of them, or only the one that was named.
    Result<ExitStatus> list(const std::string& name = {}) {
        std::vector<ServerInfo> infos = m_servers.infos();
        if (!name.empty())
            std::erase_if(infos, [&](const ServerInfo& info) { return info.config.name != name; });
        if (m_context.isJson()) {
            Json all = Json::array();
            for (const ServerInfo& info : infos) all.push_back(jsonOf(info));
            m_context.writeJson({{"servers", std::move(all)}});
            return ExitStatus::Done;
        }
        if (infos.empty() && name.empty()) {
            m_context.terminal.note(
                "There are no tool servers. lares-cli mcp add NAME -- PROGRAM ARGUMENTS… adds "
                "one.");
        }
        for (const ServerInfo& info : infos) write(info);
        return ExitStatus::Done;
    }

    void write(const ServerInfo& info) {
        std::string state = info.is_on ? "on" : "off";
        if (!info.changes.empty()) state = "changed";
        if (!info.was_looked_at) state = "not looked at";
        Terminal& terminal = m_context.terminal;
        terminal.write(info.config.name + "  (" + state + ")  " +
                       display_text(line_of_words(info.config.words)) + "\n");
        for (const std::string& folder : info.config.folders)
            terminal.write("    reads " + display_text(folder) + "\n");
        for (const ServerInfo::Tool& tool : info.tools) {
            std::string line = "    " + tool.own_name;
            line.resize(std::max<std::size_t>(line.size() + 2, 26), ' ');
            if (tool.is_allowed) line += "[runs without asking] ";
            terminal.write(line +
                           display_text(tool.description.substr(0, tool.description.find('\n'))) +
                           "\n");
        }
        for (const std::string& why : info.left_out) terminal.write("    left out: " + why + "\n");
        if (!info.changes.empty()) {
            terminal.write(
                "  It describes its tools otherwise than when you looked at them; none "
                "is offered\n  until lares-cli mcp accept " +
                info.config.name + ":\n");
            for (const std::string& change : info.changes)
                terminal.write("    " + display_text(change) + "\n");
        }
        if (!info.is_on && info.was_looked_at)
            terminal.write("  lares-cli mcp on " + info.config.name +
                           " offers them to the model, which asks before each call.\n");
    }

    static Json jsonOf(const ServerInfo& info) {
        Json tools = Json::array();
        for (const ServerInfo::Tool& tool : info.tools)
            tools.push_back({{"name", info.config.name + "__" + tool.own_name},
                             {"description", tool.description},
                             {"allowed", tool.is_allowed}});
        return {{"name", info.config.name},        {"command", info.config.words},
                {"folders", info.config.folders},  {"on", info.is_on},
                {"looked_at", info.was_looked_at}, {"tools", std::move(tools)},
                {"left_out", info.left_out},       {"changes", info.changes}};
    }

    Context& m_context;
    GrantList m_grants;
    CommandRunner m_sandbox;
    ServerSet m_servers;
};

Result<ExitStatus> mcp(Context& context) {
    return ServerCommands(context).run(context.options.positional());
}

}  // namespace

Command mcpCommand() {
    return {
        "mcp",
        "[add NAME -- PROGRAM… | import FILE | look | on | off | accept | remove NAME]",
        kMaxMcpWords,
        "Tool servers: programs of yours that offer the model tools",
        "Programs that speak the Model Context Protocol over their standard streams. Each runs in "
        "the sandbox\n"
        "for commands: no network, for reading the folders that are named, for writing a folder "
        "of its own.\n"
        "  mcp                      the servers, their tools and folders\n"
        "  mcp add NAME -- PROGRAM… adds one, starts it and shows its tools; without --folder "
        "it may read\n"
        "                           the folders that its command line names\n"
        "  mcp import FILE          adds those of another program's settings (\"mcpServers\")\n"
        "  mcp look NAME            starts it and shows its tools\n"
        "  mcp on|off NAME          offers its tools to the model, or not\n"
        "  mcp accept NAME          takes what it says of its tools now\n"
        "  mcp allow|ask NAME TOOL  lets a tool run without asking, or not\n"
        "  mcp remove NAME          with the folder of its own",
        {{"folder", 0, OptionKind::TextList, "DIR",
          "with add: a folder that it may read; may stand more than once"},
         {"env", 0, OptionKind::TextList, "NAME=VALUE",
          "with add: a variable of its environment; may stand more than once"}},
        mcp};
}

}  // namespace lares::cli
