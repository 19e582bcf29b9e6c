#include "app/cli/tool_session.h"

#include "app/cli/user_folders.h"
#include "engine/base/path_text.h"
#include "tools/policy/change_plan.h"
#include "tools/policy/library_grants.h"

#include <chrono>
#include <filesystem>

namespace lares::cli {
namespace fs = std::filesystem;
namespace {

/// "DIR", "DIR:ro", "DIR:rw".
Grant grantFromOption(std::string text) {
    Grant grant;
    grant.duration = GrantDuration::Always;  // for this run: nothing is stored
    if (text.ends_with(":ro") || text.ends_with(":rw")) {
        grant.access = text.ends_with("w") ? Access::ReadWrite : Access::Read;
        text.resize(text.size() - 3);
    }
    std::error_code error;
    grant.folder = utf8_from_path(fs::absolute(path_from_utf8(text), error));
    return grant;
}

/// One change of a plan: "/a/b.txt -> /c/b.txt".
std::string lineOf(const PlannedChange& change) {
    std::string line;
    if (change.kind == FileChange::Kind::Move) line = change.before + " -> ";
    line += change.after;
    if (!change.note.empty()) line += "  (" + change.note + ")";
    return line;
}

// A terminal scrolls: more than this hides the question.
constexpr std::size_t kShownDiffLines = 40;

/// What a change would do to the text of its file, as `diff -u` has it.
std::vector<std::string> linesOf(const LineDiff& diff) {
    std::vector<std::string> lines;
    for (const DiffLine& line : diff.lines) {
        if (lines.size() == kShownDiffLines) break;
        switch (line.kind) {
            case DiffLine::Kind::Same:
                lines.push_back("  " + line.text);
                break;
            case DiffLine::Kind::Removed:
                lines.push_back("- " + line.text);
                break;
            case DiffLine::Kind::Added:
                lines.push_back("+ " + line.text);
                break;
            case DiffLine::Kind::Gap:
                lines.emplace_back("  ...");
                break;
        }
    }
    const std::size_t nMore = diff.lines.size() + diff.n_left_out - lines.size();
    if (nMore > 0) lines.push_back("  ... " + std::to_string(nMore) + " more lines");
    return lines;
}

std::string joinedFolders(const std::vector<std::string>& folders) {
    std::string joined;
    for (const std::string& folder : folders) joined += (joined.empty() ? "" : " and ") + folder;
    return joined;
}

}  // namespace

std::vector<OptionSpec> folderOptions() {
    return {{"allow-folder", 0, OptionKind::TextList, "DIR[:rw]",
             "a folder that tools may read without asking, with all that is in it; with :rw they "
             "may change it too; may stand more than once"},
            {"allow-commands", 0, OptionKind::Flag, "",
             "let the model ask to run commands, in a sandbox; on a terminal you are asked about "
             "each one, elsewhere none runs"},
            {"servers", 0, OptionKind::Flag, "",
             "offer the model the tools of the tool servers that are on (lares-cli mcp)"}};
}

ServerSet::Options serverOptions(const std::filesystem::path& book,
                                 const std::filesystem::path& dataFolder,
                                 const GrantList& grants,
                                 const CommandSandbox& sandbox) {
    ServerSet::Options options;
    options.book = book;
    options.data_folder = dataFolder;
    options.sandbox = &sandbox;
    options.check_folder = [&grants](const FolderHandle& folder) {
        return grants.check_grantable(folder);
    };
    options.client.version = LARES_VERSION;
    return options;
}

ToolSession::ToolSession(Context& context, const ToolPlaces& places, bool asks)
    : m_context(context)
    , m_asks(asks)
    , m_grants(places.closed)
    , m_journal(places.undo)
    , m_commands(CommandRunner::Options{})
    , m_audit(places.audit)
    , m_servers(serverOptions(places.serverBook, places.servers, m_grants, m_commands))
    , m_library(places.library)
    , m_broker(m_grants, [this, &places] {
        Broker::Options options;
        options.home = places.home;
        options.changes = &m_journal;
        options.commands = &m_commands;
        options.scratch_folder = utf8_from_path(places.work);
        options.audit = &m_audit;
        options.servers = &m_servers;
        options.library = &m_library;
        return options;
    }()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    m_turns = "cli-" + std::to_string(now.count());
}

Result<std::unique_ptr<ToolSession>> ToolSession::open(Context& context) {
    const ToolPlaces places{homeFolder(), protectedFolders(), undoFolder(),    auditFolder(),
                            workFolder(), serverBookFile(),   serversFolder(), libraryFile()};
    std::unique_ptr<ToolSession> session(new ToolSession(context, places, /*asks=*/true));
    // What is wrong with one of its folders, `library` says; here it is not in force, no more.
    (void)restore_library_grants(session->m_library, session->m_grants);
    for (const std::string& text : context.options.texts("allow-folder")) {
        Result<Grant> added = session->m_grants.add(grantFromOption(text));
        if (!added) return std::move(added).error().with_context("--allow-folder");
    }
    if (context.options.has("allow-commands")) RETURN_IF_ERROR(session->offerCommands());
    if (context.options.has("servers")) RETURN_IF_ERROR(session->offerServers());
    return session;
}

Result<std::unique_ptr<ToolSession>> ToolSession::openIn(Context& context,
                                                         const ToolPlaces& places,
                                                         std::span<const std::string> folders) {
    std::unique_ptr<ToolSession> session(new ToolSession(context, places, /*asks=*/false));
    for (const std::string& folder : folders)
        RETURN_IF_ERROR(session->m_grants.add(grantFromOption(folder + ":rw")));
    return session;
}

Result<void> ToolSession::offerCommands() {
    const CommandSupport support = m_commands.support();
    if (!support.is_available) return Error{ErrorCode::Unsupported, support.reason};
    m_broker.offer_commands(true);
    return {};
}

Result<void> ToolSession::offerServers() {
    ASSIGN_OR_RETURN(const auto problems, m_servers.load());
    for (const std::string& problem : problems) m_context.terminal.note("lares-cli: " + problem);
    return {};
}

void ToolSession::addServerTools(std::vector<Json>& tools) const {
    for (const auto& tool : m_servers.offered()) tools.push_back(tool->definition.json);
}

std::string_view ToolSession::tier() const {
    return m_broker.offers_commands() ? "full" : "files-only";
}

ToolSession::~ToolSession() {
    if (const std::string notice = m_audit.take_notice(); !notice.empty())
        m_context.terminal.note("lares-cli: " + notice);
}

CallContext ToolSession::callContext(const std::vector<Json>& tools) const {
    CallContext context;
    context.conversation = conversation();
    context.turn = m_turns + "-" + std::to_string(++m_turn);
    context.is_temporary = m_context.options.has("temporary");
    for (const Json& tool : tools) {
        const Json& function = tool.contains("function") ? tool["function"] : tool;
        if (function.is_object() && function.contains("name") && function["name"].is_string())
            context.offered.push_back(function["name"].get<std::string>());
    }
    return context;
}

void ToolSession::beginConversation() {
    m_grants.end_conversation(conversation());
    m_servers.end_conversation(conversation());
    ++m_conversation;
}

std::string ToolSession::conversation() const {
    return m_turns + "/" + std::to_string(m_conversation);
}

bool ToolSession::canAsk() const {
    return m_asks && m_context.terminal.isInputTerminal() && m_context.terminal.isErrorTerminal();
}

std::optional<GrantDuration> ToolSession::ask(std::span<const PermissionRequest> requests,
                                              std::string* reason) {
    if (!canAsk()) return std::nullopt;
    const PermissionPlan plan = plan_of(requests);
    std::string question = plan.verb + " " + plan.object + "?";
    if (!plan.paths.empty()) question += "  (" + plan.paths.front() + ")";
    if (plan.server) question += "  (a tool server)";
    m_context.terminal.note(question);
    for (const PlannedChange& change : plan.changes) {
        m_context.terminal.note("  " + lineOf(change));
        for (const std::string& line : linesOf(change.diff)) m_context.terminal.note("    " + line);
    }
    if (plan.command) {
        for (const std::string& line : plan.command->lines) m_context.terminal.note("  | " + line);
        m_context.terminal.note(plan.command->keeps_changes
                                    ? "  in a sandbox, on a copy of the folder; what it changes is "
                                      "then put in place and can be undone"
                                    : "  in a sandbox that can read the folder and change nothing");
    }
    if (plan.server) {
        for (const std::string& line : plan.server->lines) m_context.terminal.note("  | " + line);
        m_context.terminal.note("  in a sandbox without a network; it changes nothing of yours");
    }
    const bool canLast = plan.can_last();
    std::string choices = "  [o]nce  ";
    if (plan.server) choices += "[c]onversation: this tool  ";
    if (!plan.folders.empty()) {
        choices += "[c]onversation: everything in " + joinedFolders(plan.folders) + " may be read";
        if (!plan.changes.empty()) choices += " and changed";
        choices += "  ";
    }
    m_context.terminal.note(choices + (reason ? "[n]o, or n and why" : "[n]o"));
    while (const auto answer = readAnswer(canLast)) {
        if (*answer == "o" || *answer == "once") return GrantDuration::Once;
        if (canLast && (*answer == "c" || *answer == "conversation"))
            return GrantDuration::Conversation;
        if (*answer == "n" || *answer == "no") break;  // Enter alone is no answer
        for (const std::string_view no : {"n ", "no "}) {
            if (reason == nullptr || !answer->starts_with(no)) continue;
            *reason = answer->substr(no.size());
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::string> ToolSession::readAnswer(bool canLast) {
    m_context.terminal.writeDim(canLast ? "  o, c or n: " : "  o or n: ");
    if (auto line = m_context.interrupt.readLine()) return line;
    m_context.terminal.note("");
    return std::nullopt;
}

}  // namespace lares::cli
