#include "tools/mcp/server_set.h"

#include "engine/base/path_text.h"
#include "tools/mcp/server_answer.h"
#include "tools/storage/private_files.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace lares {
namespace {

Error no_such_server(std::string_view name) {
    return {ErrorCode::NotFound, "there is no tool server named " + std::string(name)};
}

/// What of `now` differs from `before`, a line a tool.
std::vector<std::string> changes_between(const ServerTools& before, const ServerTools& now) {
    const auto find = [](const ServerTools& tools, const std::string& name) {
        return std::find_if(tools.tools.begin(), tools.tools.end(),
                            [&](const auto& tool) { return tool->own_name == name; });
    };
    std::vector<std::string> changes;
    for (const auto& tool : now.tools) {
        const auto former = find(before, tool->own_name);
        if (former == before.tools.end()) {
            changes.push_back(tool->own_name + ": is new: " + tool->definition.description);
        } else if ((*former)->definition.json != tool->definition.json) {
            const bool says_else =
                (*former)->definition.description != tool->definition.description;
            changes.push_back(
                tool->own_name +
                (says_else ? ": is described otherwise: " + tool->definition.description
                           : ": takes other arguments: " +
                                 json_text(tool->definition.json["function"]["parameters"])));
        }
    }
    for (const auto& tool : before.tools) {
        if (find(now, tool->own_name) == now.tools.end())
            changes.push_back(tool->own_name + ": is gone");
    }
    if (changes.empty()) changes.emplace_back("their definitions differ");
    return changes;
}

ServerTools tools_or_none(const std::string& server, const Json& list) {
    if (list.is_null()) return {};
    return read_server_tools(server, list).value_or(ServerTools());
}

std::string key_of(const ServerTool& tool, std::string_view conversation) {
    return std::string(conversation) + "\n" + tool.definitions_sha256 + "\n" + tool.definition.name;
}

}  // namespace

ServerSet::ServerSet(Options options) : m_options(std::move(options)), m_book(m_options.book) {}

ServerSet::~ServerSet() = default;

ServerSet::Entry ServerSet::entry_of(StoredServer stored) {
    Entry entry;
    entry.pinned = tools_or_none(stored.config.name, stored.tools);
    entry.changed = tools_or_none(stored.config.name, stored.changed_tools);
    entry.stored = std::move(stored);
    return entry;
}

ServerSet::Entry* ServerSet::find_entry(std::string_view name) {
    const auto it = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        return entry.stored.config.name == name;
    });
    return it == m_entries.end() ? nullptr : &*it;
}

const ServerSet::Entry* ServerSet::find_entry(std::string_view name) const {
    return const_cast<ServerSet*>(this)->find_entry(name);
}

Result<std::vector<std::string>> ServerSet::load() {
    const std::lock_guard writing(m_writing);
    ASSIGN_OR_RETURN(ServerBook::Contents contents, m_book.read());
    std::vector<Entry> entries;
    std::vector<Entry> ended;  // their programs end outside the lock
    for (StoredServer& stored : contents.servers) entries.push_back(entry_of(std::move(stored)));
    const std::lock_guard lock(m_mutex);
    for (Entry& entry : entries) {
        const Entry* former = find_entry(entry.stored.config.name);
        if (!former || former->stored.config != entry.stored.config) continue;
        entry.program = former->program;
        entry.problem = former->problem;
    }
    ended = std::exchange(m_entries, std::move(entries));
    return std::move(contents.problems);
}

std::vector<ServerInfo> ServerSet::infos() const {
    const std::lock_guard lock(m_mutex);
    std::vector<ServerInfo> infos;
    for (const Entry& entry : m_entries) {
        ServerInfo info;
        info.config = entry.stored.config;
        info.is_on = entry.stored.is_on;
        info.was_looked_at = !entry.stored.tools.is_null();
        // Somebody talks to it, or it is there to be talked to.
        const std::unique_lock program(entry.program->mutex, std::try_to_lock);
        info.is_running =
            !program || (entry.program->session && !entry.program->session->has_ended());
        info.left_out = entry.pinned.left_out;
        info.problem = entry.problem;
        for (const auto& tool : entry.pinned.tools) {
            info.tools.push_back({tool->own_name, tool->title, tool->definition.description,
                                  entry.stored.allowed.contains(tool->own_name)});
            info.prompt_bytes += json_text(tool->definition.json).size();
        }
        if (!entry.stored.changed_tools.is_null()) {
            info.changes = changes_between(entry.pinned, entry.changed);
            info.changes_sha256 = entry.changed.sha256;
        }
        infos.push_back(std::move(info));
    }
    return infos;
}

Result<McpServerConfig> ServerSet::config_of(std::string_view name) const {
    const std::lock_guard lock(m_mutex);
    const Entry* entry = find_entry(name);
    if (!entry) return no_such_server(name);
    return entry->stored.config;
}

Result<void> ServerSet::check_folders(const McpServerConfig& config) const {
    for (const std::string& path : config.folders) {
        ASSIGN_OR_RETURN(const FolderHandle folder, FolderHandle::open(path));
        if (m_options.check_folder) RETURN_IF_ERROR(m_options.check_folder(folder));
    }
    return {};
}

Result<void> ServerSet::add(const McpServerConfig& config) {
    RETURN_IF_ERROR(check_server_config(config));
    RETURN_IF_ERROR(check_folders(config));
    const std::lock_guard writing(m_writing);
    {
        const std::lock_guard lock(m_mutex);
        if (find_entry(config.name))
            return invalid_argument("there is a tool server named " + config.name + " already");
    }
    StoredServer stored;
    stored.config = config;
    RETURN_IF_ERROR(m_book.write(stored));
    const std::lock_guard lock(m_mutex);
    m_entries.push_back(entry_of(std::move(stored)));
    return {};
}

Result<void> ServerSet::remove(const std::string& name) {
    RETURN_IF_ERROR(config_of(name));
    end_program(name);
    Entry removed;  // and with it whatever was started since
    {
        const std::lock_guard writing(m_writing);
        RETURN_IF_ERROR(m_book.remove(name));
        const std::lock_guard lock(m_mutex);
        if (Entry* entry = find_entry(name)) removed = std::move(*entry);
        std::erase_if(m_entries, [&](const Entry& entry) {
            return entry.stored.config.name == name || entry.stored.config.name.empty();
        });
    }
    {
        const std::lock_guard lock(removed.program->mutex);
        removed.program->session.reset();
    }
    std::error_code error;
    std::filesystem::remove_all(m_options.data_folder / name, error);
    if (error)
        return Error{ErrorCode::Io, "the tool server is removed, but its folder is not: " +
                                        utf8_from_path(m_options.data_folder / name) + ": " +
                                        error.message()};
    return {};
}

void ServerSet::end_program(const std::string& name) {
    std::shared_ptr<Program> program;
    {
        const std::lock_guard lock(m_mutex);
        Entry* entry = find_entry(name);
        if (!entry) return;
        std::exchange(entry->ending, std::stop_source()).request_stop();
        program = entry->program;
    }
    const std::lock_guard lock(program->mutex);
    program->session.reset();
}

Result<void> ServerSet::rewrite(const std::string& name,
                                const std::function<Result<void>(StoredServer&)>& change) {
    const std::lock_guard writing(m_writing);
    StoredServer stored;
    {
        const std::lock_guard lock(m_mutex);
        const Entry* entry = find_entry(name);
        if (!entry) return no_such_server(name);
        stored = entry->stored;
    }
    RETURN_IF_ERROR(change(stored));
    RETURN_IF_ERROR(m_book.write(stored));
    const std::lock_guard lock(m_mutex);
    if (Entry* entry = find_entry(name)) {
        entry->pinned = tools_or_none(name, stored.tools);
        entry->changed = tools_or_none(name, stored.changed_tools);
        entry->stored = std::move(stored);
    }
    return {};
}

Result<void> ServerSet::look(const std::string& name, const std::stop_token& stop) {
    std::shared_ptr<Program> program;
    McpServerConfig config;
    {
        const std::lock_guard lock(m_mutex);
        const Entry* entry = find_entry(name);
        if (!entry) return no_such_server(name);
        program = entry->program;
        config = entry->stored.config;
    }
    const std::lock_guard lock(program->mutex);
    Result<void> looked = start(*program, config, stop);
    if (looked) {
        Result<Json> list = list_tools(*program, name, stop);
        looked = list ? Result<void>() : Result<void>(list.error());
    }
    note_problem(name, looked ? std::string() : looked.error().message);
    return looked;
}

Result<void> ServerSet::accept(const std::string& name, const std::string& changes_sha256) {
    return rewrite(name, [&](StoredServer& stored) -> Result<void> {
        if (stored.changed_tools.is_null()) return {};
        if (tools_or_none(name, stored.changed_tools).sha256 != changes_sha256)
            return invalid_argument(name + " has changed once more: look at it again");
        stored.tools = std::exchange(stored.changed_tools, Json());
        stored.allowed.clear();
        return {};
    });
}

Result<void> ServerSet::set_on(const std::string& name, bool is_on) {
    RETURN_IF_ERROR(rewrite(name, [&](StoredServer& stored) -> Result<void> {
        if (is_on && stored.tools.is_null())
            return invalid_argument("look at what " + name + " offers before it is turned on");
        stored.is_on = is_on;
        return {};
    }));
    if (!is_on) end_program(name);
    return {};
}

Result<void> ServerSet::set_allowed(const std::string& name,
                                    const std::string& own_name,
                                    bool is_allowed) {
    return rewrite(name, [&](StoredServer& stored) -> Result<void> {
        if (!is_allowed) {
            stored.allowed.erase(own_name);
            return {};
        }
        const ServerTools tools = tools_or_none(name, stored.tools);
        const bool has_tool =
            std::any_of(tools.tools.begin(), tools.tools.end(),
                        [&](const auto& tool) { return tool->own_name == own_name; });
        if (!has_tool) return Error{ErrorCode::NotFound, name + " has no tool named " + own_name};
        stored.allowed.insert(own_name);
        return {};
    });
}

std::vector<std::shared_ptr<const ServerTool>> ServerSet::offered() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<const ServerTool>> tools;
    for (const Entry& entry : m_entries) {
        if (!entry.stored.is_on || !entry.stored.changed_tools.is_null()) continue;
        tools.insert(tools.end(), entry.pinned.tools.begin(), entry.pinned.tools.end());
    }
    return tools;
}

std::shared_ptr<const ServerTool> ServerSet::find_or_null(std::string_view name) const {
    const auto tools = offered();
    const auto it = std::find_if(tools.begin(), tools.end(),
                                 [&](const auto& tool) { return tool->definition.name == name; });
    return it == tools.end() ? nullptr : *it;
}

bool ServerSet::is_allowed(const ServerTool& tool, std::string_view conversation) const {
    const std::lock_guard lock(m_mutex);
    const Entry* entry = find_entry(tool.server);
    if (!entry || entry->pinned.sha256 != tool.definitions_sha256) return false;
    return entry->stored.allowed.contains(tool.own_name) ||
           m_allowed_here.contains(key_of(tool, conversation));
}

void ServerSet::allow_in(const ServerTool& tool, std::string_view conversation) {
    const std::lock_guard lock(m_mutex);
    m_allowed_here.insert(key_of(tool, conversation));
}

void ServerSet::end_conversation(std::string_view conversation) {
    const std::string begin = std::string(conversation) + "\n";
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_allowed_here, [&](const std::string& key) { return key.starts_with(begin); });
}

Result<void> ServerSet::start(Program& program,
                              const McpServerConfig& config,
                              const std::stop_token& stop) {
    if (program.session && !program.session->has_ended()) return {};
    program.session.reset();
    program.seen_sha256.clear();
    if (!m_options.sandbox)
        return Error{ErrorCode::Unsupported, "tool servers cannot run here: there is no sandbox"};
    RETURN_IF_ERROR(check_folders(config));
    const std::filesystem::path own = m_options.data_folder / config.name;
    RETURN_IF_ERROR(make_private_folder(own));
    ASSIGN_OR_RETURN(program.session,
                     ServerSession::start(config, utf8_from_path(own), *m_options.sandbox,
                                          m_options.client, stop));
    return {};
}

Result<Json> ServerSet::list_tools(Program& program,
                                   const std::string& name,
                                   const std::stop_token& stop) {
    ASSIGN_OR_RETURN(Json list, program.session->list_tools(stop));
    ASSIGN_OR_RETURN(const ServerTools tools, read_server_tools(name, list));
    program.seen_sha256 = tools.sha256;
    const bool is_known = [&] {
        const std::lock_guard lock(m_mutex);
        const Entry* entry = find_entry(name);
        return entry && !entry->stored.tools.is_null() && entry->stored.changed_tools.is_null() &&
               entry->pinned.sha256 == tools.sha256;
    }();
    if (is_known) return list;
    RETURN_IF_ERROR(rewrite(name, [&](StoredServer& stored) -> Result<void> {
        const ServerTools pinned = tools_or_none(name, stored.tools);
        if (!stored.tools.is_null() && pinned.sha256 == tools.sha256) {
            stored.changed_tools = Json();
        } else if (stored.tools.is_null() || !stored.is_on) {
            stored.tools = list;
            stored.changed_tools = Json();
            stored.allowed.clear();
        } else {
            stored.changed_tools = list;
        }
        return {};
    }));
    return list;
}

ToolText ServerSet::call(const ServerTool& tool,
                         const Json& arguments,
                         const std::stop_token& stop) {
    std::shared_ptr<Program> program;
    McpServerConfig config;
    std::stop_token turned_off;
    {
        const std::lock_guard lock(m_mutex);
        const Entry* entry = find_entry(tool.server);
        if (!entry || !entry->stored.is_on || entry->pinned.sha256 != tool.definitions_sha256)
            return server_error(ErrorCode::PermissionDenied,
                                "the tool server " + tool.server + " was turned off or changed");
        program = entry->program;
        config = entry->stored.config;
        turned_off = entry->ending.get_token();
    }
    std::stop_source either;
    const std::stop_callback by_user(stop, [&either] { either.request_stop(); });
    const std::stop_callback by_end(turned_off, [&either] { either.request_stop(); });
    const std::lock_guard lock(program->mutex);
    ToolText text = call_program(*program, config, tool, arguments, either.get_token());
    note_problem(tool.server,
                 text.is_error && program->session == nullptr ? text.detail : std::string());
    return text;
}

ToolText ServerSet::call_program(Program& program,
                                 const McpServerConfig& config,
                                 const ServerTool& tool,
                                 const Json& arguments,
                                 const std::stop_token& stop) {
    if (Result<void> started = start(program, config, stop); !started)
        return server_error(started.error().code, started.error().message);
    if (program.seen_sha256.empty() || program.session->says_tools_changed()) {
        const Result<Json> list = list_tools(program, config.name, stop);
        if (!list) return server_error(list.error().code, list.error().message);
    }
    if (program.seen_sha256 != tool.definitions_sha256)
        return server_error(ErrorCode::PermissionDenied,
                            config.name +
                                " describes its tools otherwise than when the user "
                                "looked at them, so they are off until he has looked "
                                "again");
    const Result<Json> result = program.session->call_tool(tool.own_name, arguments, stop);
    if (!result) return server_error(result.error().code, result.error().message);
    return server_answer(*result);
}

void ServerSet::note_problem(const std::string& name, const std::string& problem) {
    const std::lock_guard lock(m_mutex);
    if (Entry* entry = find_entry(name)) entry->problem = problem;
}

}  // namespace lares
