#include "tools/audit/lazy_audit.h"

#include "tools/audit/audit_database.h"

#include <system_error>

namespace lares {

Result<AuditLog*> LazyAudit::get() {
    const std::lock_guard lock(m_mutex);
    if (!m_log) {
        ASSIGN_OR_RETURN(m_log, AuditLog::open(m_folder));
    }
    return m_log.get();
}

bool LazyAudit::is_there() const {
    if (m_folder.empty()) return false;
    std::error_code error;
    return std::filesystem::exists(audit_entries_file(m_folder), error) ||
           std::filesystem::exists(audit_head_file(m_folder), error);
}

std::string LazyAudit::take_notice() {
    const std::lock_guard lock(m_mutex);
    return m_log ? m_log->take_notice() : std::string();
}

Result<EntryNumber> LazyAudit::decided_all(std::span<const DecidedCall> calls) {
    ASSIGN_OR_RETURN(AuditLog * log, get());
    return log->decided_all(calls);
}

Result<void> LazyAudit::ended_all(std::span<const EndedCall> calls) {
    ASSIGN_OR_RETURN(AuditLog * log, get());
    return log->ended_all(calls);
}

}  // namespace lares
