#include "tools/journal/lazy_journal.h"

#include <utility>

namespace lares {

Result<UndoJournal*> LazyJournal::get() {
    const std::lock_guard lock(m_mutex);
    if (!m_journal) {
        ASSIGN_OR_RETURN(m_journal, UndoJournal::open(m_folder));
    }
    return m_journal.get();
}

Result<ChangeId> LazyJournal::begin(const FileChange& change, std::string_view replaced_bytes) {
    ASSIGN_OR_RETURN(UndoJournal * journal, get());
    return journal->begin(change, replaced_bytes);
}

void LazyJournal::done(ChangeId id) {
    if (const auto journal = get()) (*journal)->done(id);
}

void LazyJournal::drop(ChangeId id) {
    if (const auto journal = get()) (*journal)->drop(id);
}

}  // namespace lares
