#pragma once

#include "engine/base/result.h"
#include "tools/audit/audit_check.h"
#include "tools/audit/call_log.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace lares {

/// What was decided about every tool call and how it ended, on disk: one chain of entries that can
/// only grow (AuditEntry), in two SQLite files in a folder that no tool may touch. A change to it
/// that Lares did not make is found out (audit_database.h says by whom it is not).
///
/// A damaged log is set aside under another name, and the first entry of the new one says so; so
/// does `take_notice`. One of another program or of a newer Lares is left alone, and nothing is
/// written.
///
/// Thread safe. Several processes may write one log. Errors are sentences with the next step.
class AuditLog final : public CallLog {
public:
    struct Options {
        /// The oldest go; an entry says so, and the chain goes on from there. Somewhat more may be
        /// there, so that not every call moves the beginning.
        std::int64_t max_entries = 100'000;
        std::chrono::hours keep{24 * 365};
    };
    /// Makes the folder (0700) and the files (0600) where they are missing.
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(const std::filesystem::path& folder,
                                                                Options options);
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(
        const std::filesystem::path& folder) {
        return open(folder, Options{});
    }
    ~AuditLog() override;

    [[nodiscard]] Result<EntryNumber> decided_all(std::span<const DecidedCall> calls) override;
    [[nodiscard]] Result<void> ended_all(std::span<const EndedCall> calls) override;

    /// What the user did without a call of the model's.
    [[nodiscard]] Result<void> undone(const UndoneCalls& calls);
    [[nodiscard]] Result<void> revoked(const RevokedGrant& grant);

    /// Takes out what is private in the entries of these conversations; that this was done is an
    /// entry of its own. Nothing happens for one that has no such entry.
    [[nodiscard]] Result<void> forget(std::span<const std::string> conversations);
    /// Removes every entry, and logs that were set aside; a new chain begins, which says so. The
    /// user asks for this, never the model. Works also where the log cannot be opened.
    [[nodiscard]] static Result<void> erase(const std::filesystem::path& folder);

    /// Follows the whole chain; others wait to write meanwhile.
    [[nodiscard]] Result<AuditReport> check();
    /// Number of entries and the time of the oldest, without a check.
    [[nodiscard]] Result<AuditReport> summary();
    /// Writes every entry into a new file, one JSON object a line. How many.
    [[nodiscard]] Result<std::int64_t> export_lines(const std::filesystem::path& file);

    /// What has to be told, once: that the log was damaged, now or when it was opened, and where it
    /// is. Mostly empty.
    [[nodiscard]] std::string take_notice();

private:
    struct Impl;
    explicit AuditLog(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
