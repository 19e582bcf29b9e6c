#pragma once

#include "tools/policy/broker.h"
#include "tools/policy/call_ends.h"

#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace lares {

struct ServerTool;

/// A path of a call, looked up: for the broker's own files.
struct CallPlace {
    std::shared_ptr<const FolderHandle> folder;
    std::string relative;
    std::string as_called;
    std::string real;   ///< absolute, without links
    GrantId grant = 0;  ///< that covers it; 0: none does
};

/// A call with everything it needs; who holds one of these may run it.
struct PreparedCall::Impl {
    const ToolDefinition* tool = nullptr;
    std::shared_ptr<const ServerTool> server_tool;  ///< that `tool` lies in; null: one of ours
    Json arguments;
    std::vector<CallPlace> places;  ///< one, or source and destination; none where no file is named
    std::string object;             ///< last component, for the screen
    std::string conversation;
    std::string turn;
    bool is_temporary = false;     ///< CallContext
    NoteAnswer note = {};          ///< of a tool that keeps notes: what to keep
    bool is_note_changed = false;  ///< by the user
    /// The user said yes to this very call, and so to what the question showed:
    bool is_confirmed = false;
    GrantDuration confirmed_for = GrantDuration::Once;
    bool is_shown_replacing = false;  ///< that a file of this name is there
    bool keeps_changes = false;       ///< of a command: its folder may be changed
    EntryNumber log_entry = 0;        ///< where the log of calls says that it may run; 0: nowhere
    std::shared_ptr<CallEnds> ends;   ///< where its end is written; null: nowhere

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        if (!ends) return;
        try {
            ends->drop();
        } catch (const std::exception&) {  // out of memory: as if it could not be written
        }
    }
};

/// A call as it was asked for, for the log of calls. Borrows.
struct Broker::AskedCall {
    std::string_view name;
    const Json& arguments;
    const CallContext& context;
    std::vector<std::string> paths = {};  ///< real ones, where they are known
};

/// A question that waits for its answer.
struct Broker::Pending {
    PermissionRequest request;
    CallContext context;
    std::unique_ptr<PreparedCall::Impl> call;
};

[[nodiscard]] Refusal call_refusal(ErrorCode code, const std::string& message, std::string reason);
/// "error: permission denied: PATH"
[[nodiscard]] Refusal call_denied(const std::string& as_called, std::string reason);
/// The folder that paths without a beginning are meant in: the granted one, if there is one only.
[[nodiscard]] std::string only_folder_of(const std::vector<Grant>& grants);
/// Results name files as the call did; these are where they are.
[[nodiscard]] std::vector<ToolSource> real_sources(const std::vector<ToolSource>& sources,
                                                   const std::vector<CallPlace>& places);
/// Empty where an argument that may be left out is.
[[nodiscard]] std::string argument_text(const Json& arguments, const std::string& name);

}  // namespace lares
