#pragma once

#include "engine/base/json.h"
#include "tools/audit/audit_entry.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace lares {

/// What a log of calls holds, and whether all of it is as it was written.
struct AuditReport {
    std::int64_t n_entry = 0;
    EntryNumber newest = 0;     ///< 0: there is none
    std::int64_t first_ms = 0;  ///< of the oldest entry; 0: there is none
    std::int64_t last_ms = 0;
    std::int64_t n_forgotten = 0;  ///< entries whose private part was taken out
    AuditEntry::Kind oldest = AuditEntry::Kind::Begun;
    std::string head_hash;  ///< of the newest entry: who has it elsewhere can compare
    /// The first thing that is not as it was written, a sentence; empty: the log is intact.
    std::string problem;
    EntryNumber problem_entry = 0;  ///< 0: it is about no single one
    [[nodiscard]] bool is_intact() const { return problem.empty(); }
};

/// Follows the chain from its first entry to its head. `log` was opened by open_audit_files; the
/// caller's transaction keeps others from writing meanwhile. Errors: what SQLite says of a damaged
/// file (Corrupt), Io.
[[nodiscard]] Result<AuditReport> check_chain(const SqliteFile& log);

/// One entry as people and programs read it, its details and its private part (null where that was
/// taken out) among its fields.
[[nodiscard]] Json json_of(const AuditEntry& entry, const std::string& private_text);

/// Hands out every entry, the oldest first, with the text of its private part. Errors: those of
/// SQLite, and what `take` gives back.
[[nodiscard]] Result<void> for_each_entry(
    const SqliteFile& log,
    const std::function<Result<void>(const AuditEntry&, const std::string& private_text)>& take);

}  // namespace lares
