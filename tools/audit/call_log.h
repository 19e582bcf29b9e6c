#pragma once

#include "engine/base/result.h"
#include "tools/journal/file_change.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// The number of an entry in the log of calls, from 1.
using EntryNumber = std::int64_t;

/// Who decided that a call runs, or that it does not.
enum class DecidedBy {
    Rules,   ///< no folder is touched, or the broker refused
    Grant,   ///< what was granted before: a folder, a server's tool, earlier conversations
    User,    ///< asked about this very call
    Nobody,  ///< nobody was there to ask
};
/// "rules", "grant", "user", "nobody"
[[nodiscard]] std::string_view to_string(DecidedBy by);

/// What was decided about a call. Everything that came from the model or names a file is private:
/// it goes when its conversation does.
struct DecidedCall {
    std::string conversation;
    std::string turn;
    std::string tool;  ///< one that exists; empty: the model asked for one that does not
    std::string effect;
    bool is_allowed = false;
    DecidedBy by = DecidedBy::Rules;
    std::string lasts;                      ///< of a user's yes: "once", "conversation", "always"
    std::vector<std::int64_t> grants = {};  ///< that cover it
    ErrorCode code = ErrorCode::Internal;   ///< of a refusal
    bool is_temporary = false;  ///< of a conversation that is not kept: what is private is not kept

    // Private:
    std::string called;                     ///< the tool's name as the model wrote it
    std::string arguments;                  ///< canonical JSON, bounded (recorded_arguments.h)
    std::vector<std::string> paths = {};    ///< real ones
    std::vector<std::string> folders = {};  ///< the real paths of `grants`
    std::string reason;                     ///< of a refusal
};

/// How a call ended that was decided about before.
struct EndedCall {
    EntryNumber decision = 0;  ///< what `decided` gave back
    std::string conversation;
    std::string turn;
    std::string tool;
    bool is_error = false;
    ErrorCode code = ErrorCode::Internal;  ///< of an error
    std::chrono::milliseconds duration{0};
    std::size_t result_bytes = 0;
    std::vector<ChangeId> changes = {};    ///< in the journal
    std::vector<std::string> layers = {};  ///< what kept it in its folders
};

/// What the user took back of what tools had changed.
struct UndoneCalls {
    std::string conversation;
    std::string turn;
    std::vector<ChangeId> changes;  ///< in the journal: undone now
    std::size_t n_kept = 0;         ///< that stay as they are: somebody changed them since
};

/// A permission that the user took back.
struct RevokedGrant {
    std::int64_t grant = 0;    ///< as DecidedCall::grants has it
    std::string conversation;  ///< that it held for; empty: for all
    bool allows_changes = false;

    // Private:
    std::string folder;  ///< empty: of a conversation that is not kept
};

/// Where the broker writes down what was decided about calls and how they ended. Thread safe.
class CallLog {
public:
    virtual ~CallLog() = default;

    /// All of them, or none, in this order and on disk when it returns; the entry of the first,
    /// which the others follow one by one. Calls that were allowed and could not be written down
    /// must not run. Errors are sentences with the next step: Io (a full disk), Corrupt,
    /// Unsupported.
    [[nodiscard]] virtual Result<EntryNumber> decided_all(std::span<const DecidedCall> calls) = 0;
    [[nodiscard]] virtual Result<void> ended_all(std::span<const EndedCall> calls) = 0;

    [[nodiscard]] Result<EntryNumber> decided(const DecidedCall& call) {
        return decided_all({&call, 1});
    }
    [[nodiscard]] Result<void> ended(const EndedCall& call) { return ended_all({&call, 1}); }
};

}  // namespace lares
