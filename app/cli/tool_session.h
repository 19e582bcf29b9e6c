#pragma once

#include "app/cli/command.h"
#include "app/turn/tool_turn.h"
#include "tools/audit/lazy_audit.h"
#include "tools/journal/lazy_journal.h"
#include "tools/library/library_index.h"
#include "tools/mcp/server_set.h"
#include "tools/policy/broker.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lares::cli {

/// --allow-folder, --allow-commands and --servers, for what runs tools.
[[nodiscard]] std::vector<OptionSpec> folderOptions();

/// The tool servers of a list; `grants` and `sandbox` outlive them.
[[nodiscard]] ServerSet::Options serverOptions(const std::filesystem::path& book,
                                               const std::filesystem::path& dataFolder,
                                               const GrantList& grants,
                                               const CommandSandbox& sandbox);

/// Where tools are at home, and where what they do is kept.
struct ToolPlaces {
    std::string home;  ///< what "~" means
    ProtectedFolders closed;
    std::filesystem::path undo;
    std::filesystem::path audit;
    std::filesystem::path work;
    std::filesystem::path serverBook;
    std::filesystem::path servers;
    std::filesystem::path library;
};

/// The broker of one run of the program with the folders of the document library and those that
/// --allow-folder grants, and how its questions reach the user. One thread at a time.
class ToolSession {
public:
    /// NotFound and others name the folder that cannot be granted, and why; Unsupported says why
    /// --allow-commands cannot be had.
    [[nodiscard]] static Result<std::unique_ptr<ToolSession>> open(Context& context);
    /// Elsewhere than with this user's files: `folders` may be changed, and nobody is asked.
    [[nodiscard]] static Result<std::unique_ptr<ToolSession>> openIn(
        Context& context, const ToolPlaces& places, std::span<const std::string> folders);

    ~ToolSession();  ///< says what the log of calls has to tell
    ToolSession(const ToolSession&) = delete;
    ToolSession& operator=(const ToolSession&) = delete;

    [[nodiscard]] Broker& broker() { return m_broker; }
    /// Lets the model ask to run commands. Unsupported: the sandbox does not hold here, and what
    /// to do about it.
    [[nodiscard]] Result<void> offerCommands();
    /// Reads which tool servers there are and offers those that are on; what is wrong with one is
    /// said.
    [[nodiscard]] Result<void> offerServers();
    /// Behind the tools of a prompt, those that the tool servers offer.
    void addServerTools(std::vector<Json>& tools) const;
    /// How well tools are kept apart from the rest of the machine, as --json names it.
    [[nodiscard]] std::string_view tier() const;
    /// What the calls of one turn with these tools run under.
    [[nodiscard]] CallContext callContext(const std::vector<Json>& tools) const;
    /// Forgets what was granted while talking; the folders of the command line stay.
    void beginConversation();

    /// Whether there is somebody to ask.
    [[nodiscard]] bool canAsk() const;
    /// Asks on the terminal, once for all of these. Nothing: no, or Ctrl-C; `reason` is then what
    /// the user said to it.
    [[nodiscard]] std::optional<GrantDuration> ask(std::span<const PermissionRequest> requests,
                                                   std::string* reason = nullptr);
    /// What the names of this run's turns begin with, in the journal.
    [[nodiscard]] const std::string& turns() const { return m_turns; }
    /// The document library, and who grants its folders.
    [[nodiscard]] LibraryIndex& library() { return m_library; }
    [[nodiscard]] GrantList& grants() { return m_grants; }
    /// Of what the tools change.
    [[nodiscard]] LazyJournal& journal() { return m_journal; }

private:
    ToolSession(Context& context, const ToolPlaces& places, bool asks);

    [[nodiscard]] std::optional<std::string> readAnswer(bool canLast);
    /// Another than every one of the window's, which are numbers: the log of calls has both.
    [[nodiscard]] std::string conversation() const;

    Context& m_context;
    const bool m_asks;
    GrantList m_grants;
    LazyJournal m_journal;
    CommandRunner m_commands;
    LazyAudit m_audit;
    ServerSet m_servers;
    LibraryIndex m_library;
    Broker m_broker;
    std::string m_turns;  ///< begins the names of this run's turns
    mutable int m_turn = 0;
    int m_conversation = 1;
};

}  // namespace lares::cli
