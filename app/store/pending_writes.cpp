#include "app/store/pending_writes.h"

#include <utility>

namespace lares::app {

bool PendingWrites::isWorthAnotherTry(const Error& error) {
    return error.code == ErrorCode::Io || error.code == ErrorCode::OutOfMemory;
}

void PendingWrites::put(const QString& what, Write write) {
    drop(what);
    m_all.push_back({what, std::move(write)});
}

void PendingWrites::drop(const QString& what) {
    if (what.isEmpty()) return;
    std::erase_if(m_all, [&](const Pending& one) { return one.what == what; });
}

Result<void> PendingWrites::tryAgain(Database& database) {
    while (!m_all.empty()) {
        const Result<void> written = m_all.front().write(database);
        if (written || !isWorthAnotherTry(written.error())) m_all.erase(m_all.begin());
        if (!written) return written;
    }
    return {};
}

}  // namespace lares::app
