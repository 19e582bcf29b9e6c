#pragma once

#include "tools/audit/audit_log.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

namespace lares {

/// A log that is opened when it is first needed: a program that calls no tool makes no file, and a
/// window does not wait for the disk. Opening is tried again after it failed. Thread safe.
class LazyAudit final : public CallLog {
public:
    explicit LazyAudit(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Opens it; borrowed, as long as this object lives.
    [[nodiscard]] Result<AuditLog*> get();
    /// Whether anything was ever written there; looks at names alone.
    [[nodiscard]] bool is_there() const;
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

    /// What the log has to tell (AuditLog::take_notice), if it is open; opens nothing.
    [[nodiscard]] std::string take_notice();

    [[nodiscard]] Result<EntryNumber> decided_all(std::span<const DecidedCall> calls) override;
    [[nodiscard]] Result<void> ended_all(std::span<const EndedCall> calls) override;

private:
    const std::filesystem::path m_folder;
    std::mutex m_mutex;  // of what follows
    std::unique_ptr<AuditLog> m_log;
};

}  // namespace lares
