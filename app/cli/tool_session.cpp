#include "app/cli/tool_session.h"

#include "app/cli/user_folders.h"
#include "engine/base/path_text.h"

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

}  // namespace

std::vector<OptionSpec> folderOptions() {
    return {{"allow-folder", 0, OptionKind::TextList, "DIR[:ro]",
             "a folder that tools may read without asking, with all that is in it; may stand more "
             "than once"}};
}

ToolSession::ToolSession(Context& context)
    : m_context(context), m_grants(protectedFolders()), m_broker(m_grants, [] {
        Broker::Options options;
        options.home = homeFolder();
        return options;
    }()) {}

Result<std::unique_ptr<ToolSession>> ToolSession::open(Context& context) {
    std::unique_ptr<ToolSession> session(new ToolSession(context));
    for (const std::string& text : context.options.texts("allow-folder")) {
        Result<Grant> added = session->m_grants.add(grantFromOption(text));
        if (!added) return std::move(added).error().with_context("--allow-folder");
    }
    return session;
}

CallContext ToolSession::callContext(const std::vector<Json>& tools) const {
    CallContext context;
    context.conversation = std::to_string(m_conversation);
    for (const Json& tool : tools) {
        const Json& function = tool.contains("function") ? tool["function"] : tool;
        if (function.is_object() && function.contains("name") && function["name"].is_string())
            context.offered.push_back(function["name"].get<std::string>());
    }
    return context;
}

void ToolSession::beginConversation() {
    m_grants.end_conversation(std::to_string(m_conversation));
    ++m_conversation;
}

bool ToolSession::canAsk() const {
    return m_context.terminal.isInputTerminal() && m_context.terminal.isErrorTerminal();
}

std::optional<GrantDuration> ToolSession::ask(const PermissionRequest& request) {
    if (!canAsk()) return std::nullopt;
    m_context.terminal.note(request.verb + " " + request.object + "?  (" + request.path + ")");
    m_context.terminal.note("  [o]nce  [c]onversation: everything in " + request.folder +
                            " may be read  [n]o");
    while (const auto answer = readAnswer()) {
        if (*answer == "o" || *answer == "once") return GrantDuration::Once;
        if (*answer == "c" || *answer == "conversation") return GrantDuration::Conversation;
        if (*answer == "n" || *answer == "no") break;  // Enter alone is no answer
    }
    return std::nullopt;
}

std::optional<std::string> ToolSession::readAnswer() {
    m_context.terminal.writeDim("  o, c or n: ");
    if (auto line = m_context.interrupt.readLine()) return line;
    m_context.terminal.note("");
    return std::nullopt;
}

}  // namespace lares::cli
