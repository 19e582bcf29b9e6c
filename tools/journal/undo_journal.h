#pragma once

#include "engine/base/result.h"
#include "tools/journal/change_log.h"
#include "tools/sandbox/open_beneath.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lares {

/// What undoing came to.
struct UndoReport {
    struct Problem {
        ChangeId change = 0;
        std::string sentence;  ///< "notes.txt was changed since, so it stays as it is"
    };
    std::vector<ChangeId> undone;
    std::vector<ChangeId> undone_before;  ///< by somebody else, in another window say
    std::vector<Problem> problems;        ///< changes that stay as they are, and why
    [[nodiscard]] bool is_complete() const { return problems.empty(); }
};

/// The changes that tools made to files, on disk with what it takes to undo them: one SQLite file
/// in a folder that no tool may touch. A change is written down before it is made and again after;
/// a start finds out what became of one that was under way when the program ended. Undoing never
/// destroys what somebody made since: such a change stays, with a sentence that says why.
///
/// Thread safe. Several processes may use one journal. Errors are sentences with the next step.
class UndoJournal final : public ChangeLog {
public:
    struct Options {
        std::chrono::hours keep{24 * 30};             ///< older changes are forgotten at a start
        std::int64_t max_kept_bytes = 2'000'000'000;  ///< of replaced files; the oldest go first
        OpenMethod open_method = OpenMethod::Best;
    };
    /// Makes the folder (0700) and the file (0600) where they are missing. A damaged file is kept
    /// under another name and a new one begun: `notice` says so.
    [[nodiscard]] static Result<std::unique_ptr<UndoJournal>> open(
        const std::filesystem::path& folder, Options options);
    [[nodiscard]] static Result<std::unique_ptr<UndoJournal>> open(
        const std::filesystem::path& folder) {
        return open(folder, Options{});
    }
    ~UndoJournal() override;

    [[nodiscard]] Result<ChangeId> begin(const FileChange& change,
                                         std::string_view replaced_bytes) override;
    void done(ChangeId id) override;
    void drop(ChangeId id) override;

    /// The newest first.
    [[nodiscard]] Result<std::vector<FileChange>> changes(int limit) const;
    [[nodiscard]] Result<std::vector<FileChange>> changes_of_turn(const std::string& turn) const;

    /// Undoes these, the newest first; what was undone already is passed over. The user asks for
    /// this, never the model.
    [[nodiscard]] Result<UndoReport> undo(std::span<const ChangeId> changes);

    /// What has to be told after `open`; mostly empty.
    [[nodiscard]] const std::string& notice() const;

private:
    struct Impl;
    explicit UndoJournal(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
