#pragma once

#include "engine/base/json.h"
#include "tools/audit/call_log.h"
#include "tools/storage/sqlite_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// One entry of the log of calls. The chain is in `hash`: that of entry n is the SHA-256 of the
/// hash of entry n - 1 and of all that entry n says. What is private lies beside it and takes part
/// as `private_sha256` alone, so it can be taken out without breaking the chain; a random salt in
/// it keeps somebody from finding out by guessing what it was.
struct AuditEntry {
    enum class Kind {
        Begun,      ///< a chain begins, and why: {"why": first|erased|damaged|missing, …}
        Decided,    ///< about a call: {"effect","allowed","by",…}
        Ended,      ///< a call: {"decision": the number of the entry that let it run, …}
        Undone,     ///< by the user: {"changes": of the journal, "kept": how many stay}
        Revoked,    ///< a permission, by the user: {"grant","changes": whether it allowed them}
        Forgotten,  ///< what was private in earlier entries of `conversation` was taken out
        Cut,        ///< the oldest entries went: {"through": the last of them, "hash": its hash}
    };
    EntryNumber number = 0;
    std::int64_t time_ms = 0;  ///< since 1970, UTC
    Kind kind = Kind::Begun;
    std::string conversation = {};
    std::string turn = {};
    std::string tool = {};
    std::string details = {};         ///< a JSON object
    std::string private_sha256 = {};  ///< empty: nothing is private
    std::string hash = {};
};

/// "begun", "decided", "ended", "undone", "revoked", "forgotten", "cut"
[[nodiscard]] std::string_view to_string(AuditEntry::Kind kind);
/// Nothing for any other name.
[[nodiscard]] std::optional<AuditEntry::Kind> kind_from(std::string_view name);

/// What the first entry of a chain has in place of a hash before it.
[[nodiscard]] std::string_view first_hash();
/// The hash that `entry` must have behind `previous`.
[[nodiscard]] std::string hash_behind(std::string_view previous, const AuditEntry& entry);

/// The columns that `entry_from` reads, of the table `entries`.
constexpr const char* kEntryColumns =
    "number, time_ms, kind, conversation, turn, tool, details, private_sha256, hash";
/// Nothing when its kind is none of ours.
[[nodiscard]] std::optional<AuditEntry> entry_from(const SqliteFile::Statement& row);

/// An entry without number, time and hash, and the text of its private part; empty: none.
struct NewEntry {
    AuditEntry entry;
    std::string private_text = {};
};
[[nodiscard]] NewEntry entry_of(const DecidedCall& call);
[[nodiscard]] NewEntry entry_of(const EndedCall& call);
[[nodiscard]] NewEntry entry_of(const UndoneCalls& calls);
[[nodiscard]] NewEntry entry_of(const RevokedGrant& grant);

}  // namespace lares
