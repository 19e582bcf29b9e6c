// Where the program was built without SQLite there is no journal, and so no tool changes anything.
#include "tools/journal/undo_journal.h"

namespace lares {

struct UndoJournal::Impl {
    std::string notice;
};

UndoJournal::UndoJournal(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
UndoJournal::~UndoJournal() = default;

namespace {

Error unsupported() {
    return {ErrorCode::Unsupported, "this build keeps no journal of changes: it lacks SQLite"};
}

}  // namespace

Result<std::unique_ptr<UndoJournal>> UndoJournal::open(const std::filesystem::path&, Options) {
    return unsupported();
}

Result<ChangeId> UndoJournal::begin(const FileChange&, std::string_view) {
    return unsupported();
}

void UndoJournal::done(ChangeId) {}
void UndoJournal::drop(ChangeId) {}

Result<std::vector<FileChange>> UndoJournal::changes(int) const {
    return unsupported();
}

Result<std::vector<FileChange>> UndoJournal::changes_of_turn(const std::string&) const {
    return unsupported();
}

Result<UndoReport> UndoJournal::undo(std::span<const ChangeId>) {
    return unsupported();
}

const std::string& UndoJournal::notice() const {
    return m_impl->notice;
}

}  // namespace lares
