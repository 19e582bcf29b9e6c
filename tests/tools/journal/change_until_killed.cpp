// change_until_killed JOURNAL GRANT SEED change: changes files in the folder GRANT, until it is
// killed. change_until_killed JOURNAL GRANT 0 undo: undoes all that the journal has, one change
// after the other, and ends. change_until_killed JOURNAL GRANT 0 hold: begins a change and makes it
// when a line comes on stdin. Each says "open" when the journal is open, and the last "begun" and
// "done".
#include "tests/tools/journal/random_changes.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/journal/undo_journal.h"

#include <cstdio>
#include <cstdlib>
#include <limits>

using namespace lares;
using namespace lares::test;

namespace {

void say(const char* what) {
    std::puts(what);
    std::fflush(stdout);
}

int complain(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
}

int undo_all(UndoJournal& journal) {
    const auto changes = journal.changes(std::numeric_limits<int>::max());
    if (!changes) return complain(changes.error().message);
    for (const FileChange& change : *changes) {
        const ChangeId id = change.id;
        const auto report = journal.undo({&id, 1});
        if (!report) return complain(report.error().message);
        if (!report->is_complete()) return complain(report->problems.front().sentence);
    }
    return 0;
}

/// Waits between writing its change down and making it.
class HeldLog final : public ChangeLog {
public:
    explicit HeldLog(ChangeLog& log) : m_log(log) {}
    Result<ChangeId> begin(const FileChange& change, std::string_view bytes) override {
        auto begun = m_log.begin(change, bytes);
        say("begun");
        static_cast<void>(std::getchar());
        return begun;
    }
    void done(ChangeId id) override { m_log.done(id); }
    void drop(ChangeId id) override { m_log.drop(id); }

private:
    ChangeLog& m_log;
};

int hold(const FolderHandle& grant, UndoJournal& journal) {
    HeldLog log(journal);
    const ToolText made = make_folder({grant, "held", "held"}, {log, "other", "other"});
    say("done");
    return made.is_error ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    const std::string mode = argv[4];
    const auto journal = UndoJournal::open(argv[1]);
    const auto grant = FolderHandle::open(argv[2]);
    if (!journal) return complain(journal.error().message);
    if (!grant) return complain(grant.error().message);
    say("open");
    if (mode == "undo") return undo_all(**journal);
    if (mode == "hold") return hold(*grant, **journal);
    RandomChanges changes(*grant, **journal, static_cast<std::uint32_t>(std::atoi(argv[3])));
    while (true) changes.make_one();
}
