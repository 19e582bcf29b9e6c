#pragma once

#include "tools/journal/undo_journal.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace lares {

/// A journal that is opened when it is first needed: a program that changes nothing makes no file,
/// and a window does not wait for the disk. Opening is tried again after it failed. Thread safe.
class LazyJournal final : public ChangeLog {
public:
    explicit LazyJournal(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Opens it; borrowed, as long as this object lives.
    [[nodiscard]] Result<UndoJournal*> get();

    [[nodiscard]] Result<ChangeId> begin(const FileChange& change,
                                         std::string_view replaced_bytes) override;
    void done(ChangeId id) override;
    void drop(ChangeId id) override;

private:
    const std::filesystem::path m_folder;
    std::mutex m_mutex;  // of what follows
    std::unique_ptr<UndoJournal> m_journal;
};

}  // namespace lares
