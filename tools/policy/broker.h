#pragma once

#include "engine/base/json.h"
#include "tools/audit/call_log.h"
#include "tools/builtin/file_search.h"
#include "tools/builtin/get_time/local_time.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/builtin/tool_text.h"
#include "tools/documents/document_reader.h"
#include "tools/journal/change_log.h"
#include "tools/policy/grant_list.h"
#include "tools/policy/line_diff.h"
#include "tools/policy/note_keeper.h"
#include "tools/policy/past_reader.h"
#include "tools/registry/tool_registry.h"
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/open_beneath.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lares {

class LibraryIndex;
class ServerSet;

/// Where a call comes from.
struct CallContext {
    std::string conversation;          ///< an id of the caller's; never empty
    std::vector<std::string> offered;  ///< names of the tools in the prompt; none: no tool may run
    std::string turn = {};  ///< an id of the caller's: changes of one turn are undone together
    /// Nothing of that conversation is kept: the log has what was decided, and no word of the call.
    bool is_temporary = false;
    std::string persona = {};  ///< who answers, by an id of the caller's: for the notes it reads
};

/// A call as the model wrote it.
struct RequestedCall {
    std::string name;
    Json arguments;
};

/// What a call would change, ready to be shown: real paths.
struct PlannedChange {
    FileChange::Kind kind = FileChange::Kind::Move;
    std::string before;    ///< Move: what is moved
    std::string after;     ///< what will be there
    std::string note;      ///< "new, 812 B", "replaces 4.1 kB", "may run as a program"
    bool is_edit = false;  ///< Write: of one passage, the rest stays
    LineDiff diff = {};    ///< Write: of the text, where it is one; only of a question
};

/// A command that would run, whole: what is shown is what runs.
struct PlannedCommand {
    std::vector<std::string> lines;  ///< ready to be shown
    bool keeps_changes = false;      ///< what it changes is put in place, and can be undone
};

/// A call of a tool server's tool, whole.
struct PlannedServerCall {
    std::string server;
    std::vector<std::string> lines;  ///< the arguments, ready to be shown: "path: a.txt"
    std::size_t n_folder = 0;        ///< that the server may read
};

/// What the user made of a note before saying yes to it.
struct NoteAnswer {
    std::string text;
    std::string persona = {};  ///< who reads it; empty: every persona
};

/// What the user has to be asked before a call may run. Texts are ready to be shown: control
/// characters and those that change the direction of text are written as \u{202e}.
struct PermissionRequest {
    std::uint64_t id = 0;  ///< each one is answered once
    std::string tool;
    std::string verb;    ///< "List the folder", "Read the file", "Move"
    std::string object;  ///< the last component: "Documents", "notes.txt"
    std::string path;    ///< the real path of the object
    /// The real paths of the folders that a yes for longer covers. None: it can only be for once.
    std::vector<std::string> folders;
    ToolEffect effect = ToolEffect::ReadFolders;
    std::optional<PlannedChange> change;    ///< of a tool that changes files
    std::optional<PlannedCommand> command;  ///< of one that runs programs
    std::optional<PlannedServerCall>
        server;                       ///< of a tool server's; a yes for longer is for this tool
    std::optional<std::string> note;  ///< that would be kept, whole (NoteKeeper::check)
    std::string conversation;
    bool is_temporary = false;  ///< CallContext
    /// SHA-256 in hex of tool (of a server's with its definition), canonical arguments and, but for
    /// a note, the version of the grants: what the answer is bound to.
    std::string binding;
};

enum class RefusalCause {
    User,         ///< "error: refused by the user"
    NobodyToAsk,  ///< "error: permission denied: PATH"
};

/// A call that will not run.
struct Refusal {
    ErrorCode code = ErrorCode::PermissionDenied;
    std::string result;  ///< for the model: "error: permission denied: PATH"
    std::string reason;  ///< for the user: one sentence, with the next step where there is one
};

/// A call that was checked and may run once. Only a Broker makes them.
class PreparedCall {
public:
    PreparedCall(PreparedCall&&) noexcept;
    PreparedCall& operator=(PreparedCall&&) noexcept;
    ~PreparedCall();

    [[nodiscard]] std::string tool() const;  ///< empty after it was handed on

private:
    friend class Broker;
    struct Impl;
    explicit PreparedCall(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

struct CallPlace;        // prepared_call.h
struct ConfinedOutcome;  // confined_run.h

using Decision = std::variant<PreparedCall, PermissionRequest, Refusal>;

/// What a call came to.
struct ToolOutcome {
    std::string result;  ///< for the model, as tools/registry/README.md has it
    bool is_error = false;
    ErrorCode code = ErrorCode::Internal;   ///< of an error
    std::string summary;                    ///< for the user: "Listed Documents: 12 entries"
    std::chrono::milliseconds duration{0};  ///< of the work, without asking
    std::vector<std::string> layers;        ///< what kept it in its folders: "openat2", "landlock"
    std::vector<ChangeId> changes;          ///< in the journal; also beside an error
    std::vector<std::string> paths = {};    ///< real ones that it was about, ready to be shown
    std::vector<ToolSource> sources =
        {};                 ///< whose text the result shows: files by real, absolute paths
    std::int64_t note = 0;  ///< that was kept, by its keeper's number; 0: none
};
/// A refusal as the outcome of its call.
[[nodiscard]] ToolOutcome outcome_of(const Refusal& refusal);

/// The only door to the tools. Everything a model asks for goes through `prepare`; nothing in its
/// arguments can widen what the grants allow. Two phases, so that a window can ask in between:
///
///   Decision decision = broker.prepare(name, arguments, context);
///   PermissionRequest → show it, then broker.approve(request, duration) or broker.refuse(request)
///   PreparedCall      → ToolOutcome outcome = broker.run(std::move(call), stop);   // any thread
///   Refusal           → outcome_of(refusal)
///
/// Thread safe; `prepare` and `approve` look at a few names in the file system, `run` works for up
/// to the time limit (between two calls of the operating system; one that hangs, on a dead network
/// folder say, is not interrupted). `grants` and `registry` outlive the broker.
class Broker {
public:
    struct Options {
        std::chrono::milliseconds time_limit{20'000};  ///< of one call
        OpenMethod open_method = OpenMethod::Best;
        LocalTime (*local_time)() = system_local_time;
        std::string home;  ///< what "~" means; empty: "~" is denied
        /// Where changes are written down so that they can be undone; outlives the broker. Null: no
        /// tool changes anything.
        ChangeLog* changes = nullptr;
        /// Where commands run; outlives the broker. Null: none does.
        const CommandSandbox* commands = nullptr;
        /// A folder of our own for the copies that commands work in.
        std::string scratch_folder = {};
        CommandLimits command_limits = {};
        /// Who takes the text out of a document that read_file opened: in a process of its own,
        /// which gets the open file and nothing else.
        DocumentReader documents = DocumentReader();
        /// Where every decision and every end is written down; outlives the broker. A call that
        /// reads or changes anything and whose decision cannot be written does not run; a grant
        /// that the user gave with it stays. Null: no log is kept.
        CallLog* audit = nullptr;
        /// Programs of the user's that offer tools too; outlives the broker. Null: none.
        ServerSet* servers = nullptr;
        /// The index that search_documents asks for folders that are in it; outlives the broker.
        /// Which may be read is the grants' matter (library_grants.h). Null: every search reads.
        LibraryIndex* library = nullptr;
        /// A search found files that the index has not read yet; called from any thread.
        std::function<void()> library_is_behind = {};
        /// Who keeps what a model wants remembered; outlives the broker. Null: nothing is.
        NoteKeeper* notes = nullptr;
        /// Who has what was said in earlier conversations; outlives the broker. Null: nobody.
        PastReader* past = nullptr;
    };
    Broker(GrantList& grants,
           Options options,
           const ToolRegistry& registry = ToolRegistry::builtin());
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    /// Checks a call that a model asked for. Never asks for what no grant may cover.
    [[nodiscard]] Decision prepare(std::string_view name,
                                   const Json& arguments,
                                   const CallContext& context);
    /// The same for the calls of one answer, in order: a later one may name what an earlier one
    /// will have made or moved by then.
    [[nodiscard]] std::vector<Decision> prepare_all(std::span<const RequestedCall> calls,
                                                    const CallContext& context);
    /// Whether tools may change anything here, and whether this one does.
    [[nodiscard]] bool can_change() const;
    [[nodiscard]] bool changes_files(std::string_view tool) const;
    /// Whether commands are offered to a model: somebody turned them on, and the sandbox's
    /// `support` said that it holds. Off at first. Each one is asked about all the same.
    void offer_commands(bool offers) { m_offers_commands = offers; }
    [[nodiscard]] bool offers_commands() const;
    /// Whether a model may propose notes: somebody turned that on, and there is a keeper. Off at
    /// first. Each one is asked about all the same, and a temporary conversation has none.
    void offer_notes(bool offers) { m_offers_notes = offers; }
    [[nodiscard]] bool offers_notes() const { return m_offers_notes && m_options.notes; }
    /// Whether a model may search earlier conversations: somebody turned that on, which is the
    /// permission, so nothing is asked; and there is a reader. Off at first; a temporary
    /// conversation has none. Turning it off ends a search that runs.
    void offer_past(bool offers);
    [[nodiscard]] bool offers_past() const { return m_offers_past && m_options.past; }
    /// The tools to offer to a model here, for `Conversation::tools`. `is_temporary`: CallContext.
    [[nodiscard]] std::vector<Json> definitions(bool is_temporary = false) const;
    /// The user said yes. Once lets exactly this call run; the others add a grant as well.
    /// Answering a request a second time is refused; when the grants have changed since it was
    /// made, the call is judged anew, which may mean another request.
    [[nodiscard]] Decision approve(const PermissionRequest& request, GrantDuration duration);
    /// The same for several questions that were shown as one.
    [[nodiscard]] std::vector<Decision> approve_all(std::span<const PermissionRequest> requests,
                                                    GrantDuration duration);
    /// The same for a question about a note, which is kept as `note` has it.
    [[nodiscard]] Decision approve_note(const PermissionRequest& request, const NoteAnswer& note);
    /// The user said no, or nobody is there to ask.
    [[nodiscard]] Refusal refuse(const PermissionRequest& request,
                                 RefusalCause cause = RefusalCause::User);

    /// Runs a call, once. A grant that was revoked since makes it fail. Stops at the next entry or
    /// block of a file after `stop`.
    [[nodiscard]] ToolOutcome run(PreparedCall call, std::stop_token stop = {});

private:
    struct Pending;
    using CallPtr = std::unique_ptr<PreparedCall::Impl>;
    /// What earlier calls of the same answer will have made: real paths.
    struct Planned {
        std::set<std::string> folders;
        std::set<std::string> names;
    };

    [[nodiscard]] std::vector<Json> own_definitions() const;
    [[nodiscard]] Decision prepare_one(std::string_view name,
                                       const Json& arguments,
                                       const CallContext& context,
                                       Planned& planned);
    [[nodiscard]] Decision prepare_read(CallPtr call, const CallContext& context);
    /// A search without a folder: of the whole library.
    [[nodiscard]] Decision prepare_library(CallPtr call, const CallContext& context);
    [[nodiscard]] Decision prepare_change(CallPtr call,
                                          const CallContext& context,
                                          Planned& planned);
    [[nodiscard]] Decision prepare_command(CallPtr call, const CallContext& context);
    [[nodiscard]] Decision prepare_server(CallPtr call, const CallContext& context);
    [[nodiscard]] Decision prepare_note(CallPtr call, const CallContext& context);
    [[nodiscard]] Decision prepare_past(CallPtr call, const CallContext& context) const;
    [[nodiscard]] Decision ask_to_read(CallPtr call,
                                       const std::string& real_path,
                                       const CallContext& context);
    [[nodiscard]] Decision ask_to_change(CallPtr call,
                                         const CallContext& context,
                                         PlannedChange change,
                                         bool is_sensitive);
    [[nodiscard]] Decision pend(CallPtr call,
                                PermissionRequest request,
                                const CallContext& context);
    [[nodiscard]] std::variant<CallPlace, Refusal> place_to_change(const std::string& as_called,
                                                                   const CallContext& context,
                                                                   const Planned& planned,
                                                                   bool may_be_folder);
    [[nodiscard]] Decision approve_pending(Pending& pending,
                                           GrantDuration duration,
                                           bool is_still_bound);
    struct AskedCall;
    /// Writes the decisions about `asked` down, together; refusals take the place of those that may
    /// not stand without it. One of each for each.
    void log_decisions(std::span<Decision> decisions, std::span<const AskedCall> asked) const;
    [[nodiscard]] ToolOutcome run_call(const CallPtr& call, std::stop_token stop);
    [[nodiscard]] DecidedCall allowed_call(const PreparedCall::Impl& call) const;
    [[nodiscard]] DecidedCall refused_call(const Refusal& refusal,
                                           const AskedCall& asked,
                                           DecidedBy by) const;
    /// The request that is answered, taken off the list; null when there is none.
    [[nodiscard]] std::unique_ptr<Pending> take_pending(const PermissionRequest& request);
    /// What the confined thread leaves to be done outside: starting a program it must not.
    struct Handed {
        std::vector<OpenedDocument> documents;
        std::unique_ptr<FileSearch> search;  ///< that goes on in them
    };
    /// In the confined thread, where the call names a file.
    [[nodiscard]] ToolText run_tool(const PreparedCall::Impl& call,
                                    const RunLimits& limits,
                                    ChangeLog* changes,
                                    Handed& handed) const;
    /// A search that the index answers, as it is after a look at what changed. Nothing: it is of a
    /// folder that is not in the library.
    [[nodiscard]] std::optional<ConfinedOutcome> search_library(const PreparedCall::Impl& call,
                                                                const RunLimits& limits) const;
    /// What the documents that were handed over came to.
    [[nodiscard]] ToolText read_handed(const PreparedCall::Impl& call,
                                       const RunLimits& limits,
                                       Handed handed) const;
    [[nodiscard]] ToolText run_change(const PreparedCall::Impl& call, ChangeLog& changes) const;
    [[nodiscard]] ToolOutcome run_command(const PreparedCall::Impl& call,
                                          const std::stop_token& stop) const;
    [[nodiscard]] Result<void> allow_server_tool(const PreparedCall::Impl& call,
                                                 GrantDuration duration) const;
    [[nodiscard]] ToolOutcome run_server(const PreparedCall::Impl& call,
                                         const std::stop_token& stop) const;
    [[nodiscard]] ToolOutcome run_note(const PreparedCall::Impl& call) const;
    [[nodiscard]] ToolOutcome run_past(const PreparedCall::Impl& call, const std::stop_token& stop);
    [[nodiscard]] ToolText search_past(const std::string& query,
                                       const std::string& asking,
                                       const RunLimits& limits) const;
    [[nodiscard]] std::string binding_of(const PreparedCall::Impl& call) const;

    GrantList& m_grants;
    const Options m_options;
    const ToolRegistry& m_registry;
    std::atomic<bool> m_offers_commands = false;
    std::atomic<bool> m_offers_notes = false;
    std::atomic<bool> m_offers_past = false;  // changed under the mutex
    std::mutex m_mutex;                       // of what follows
    std::stop_source m_past_is_off;
    std::map<std::uint64_t, std::unique_ptr<Pending>> m_pending;
    std::uint64_t m_last_request = 0;
};

}  // namespace lares
