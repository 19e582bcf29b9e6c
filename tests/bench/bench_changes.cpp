// What undo costs: the journal's syncs and bytes for each change, and how long a change takes next
// to the bare one, which reaches the disk as well.
#include "tests/bench/counting_vfs.h"
#include "tests/support/folder_tree.h"
#include "tools/audit/audit_log.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>

using namespace lares;
using namespace lares::test;

namespace {

constexpr int kChanges = 200;
constexpr std::size_t kWritten = 4096;  // bytes

double milliseconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
}

std::string numbered(const char* folder, int i) {
    return std::string(folder) + "/" + std::to_string(i) + ".txt";
}

/// The tools on one folder that may be changed.
class Desk {
public:
    Desk() : m_grants(ProtectedFolders{}) {
        for (int i = 0; i < kChanges; ++i) m_tree.file(numbered("grant/from", i), "x");
        m_tree.folder("grant/to");
        m_tree.folder("grant/text");
        m_journal = std::move(UndoJournal::open(m_tree.path("undo")).value());
        m_log = std::move(AuditLog::open(m_tree.path("audit")).value());
        Grant grant;
        grant.folder = m_tree.path("grant");
        grant.access = Access::ReadWrite;
        grant.duration = GrantDuration::Always;
        (void)m_grants.add(grant);
        Broker::Options options;
        options.changes = m_journal.get();
        m_broker = std::make_unique<Broker>(m_grants, options);
        options.audit = m_log.get();
        m_logging = std::make_unique<Broker>(m_grants, options);
    }

    void call(const std::string& tool, const Json& arguments) {
        Decision decision = m_broker->prepare(tool, arguments, {"c", {tool}, "turn"});
        const ToolOutcome outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        if (outcome.is_error) std::printf("%s\n", outcome.result.c_str());
    }
    /// Folders that one answer makes, with the tool log.
    void make_folders(int first, int n) {
        std::vector<RequestedCall> calls;
        for (int i = first; i < first + n; ++i)
            calls.push_back({"make_folder", {{"path", "made" + std::to_string(i)}}});
        for (Decision& one : m_logging->prepare_all(calls, {"c", {"make_folder"}, "turn"}))
            (void)m_logging->run(std::move(std::get<PreparedCall>(one)));
    }
    [[nodiscard]] FolderHandle folder() const {
        return std::move(FolderHandle::open(m_tree.path("grant")).value());
    }
    [[nodiscard]] UndoJournal& journal() { return *m_journal; }

private:
    FolderTree m_tree;
    GrantList m_grants;
    std::unique_ptr<UndoJournal> m_journal;
    std::unique_ptr<AuditLog> m_log;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Broker> m_logging;
};

void print(const char* what, double tool_ms, double bare_ms) {
    const IoCounts io = take_io_counts();
    std::printf("%-28s %8.2f %10.0f %9.2f %9.2f %7.1f\n", what, double(io.n_sync) / kChanges,
                double(io.written_bytes) / kChanges, tool_ms / kChanges, bare_ms / kChanges,
                bare_ms > 0 ? tool_ms / bare_ms : 0.0);
}

void each(const std::function<void(int)>& work) {
    for (int i = 0; i < kChanges; ++i) work(i);
}

}  // namespace

int main() {
    install_counting_vfs();  // before anything opens a database
    Desk bare;
    const FolderHandle folder = bare.folder();
    const double bare_move = milliseconds_of([&] {
        each([&](int i) {
            (void)move_beneath({folder, numbered("from", i)}, {folder, numbered("to", i)});
        });
    });
    const std::string text(kWritten, 'x');
    const double bare_write = milliseconds_of([&] {
        each([&](int i) {
            (void)write_beneath({folder, numbered("text", i)}, text, nullptr, {}, ".temporary");
        });
    });

    Desk desk;
    (void)take_io_counts();
    std::printf("%-28s %8s %10s %9s %9s %7s\n", "per change", "syncs", "bytes", "ms", "bare ms",
                "ratio");
    double ms = milliseconds_of([&] {
        each([&](int i) {
            desk.call("move",
                      {{"source", numbered("from", i)}, {"destination", numbered("to", i)}});
        });
    });
    print("move", ms, bare_move);
    ms = milliseconds_of([&] {
        each([&](int i) {
            desk.call("write_file", {{"path", numbered("text", i)}, {"content", text}});
        });
    });
    print("write_file, new", ms, bare_write);
    ms = milliseconds_of([&] {
        each([&](int i) {
            desk.call("write_file",
                      {{"path", numbered("text", i)}, {"content", text + std::to_string(i)}});
        });
    });
    print("write_file, replacing 4 kB", ms, bare_write);
    ms = milliseconds_of([&] { each([&](int i) { desk.make_folders(i, 1); }); });
    print("make_folder, logged", ms, 0);
    constexpr int kPlan = 40;
    ms = milliseconds_of([&] {
        for (int i = 0; i < kChanges; i += kPlan) desk.make_folders(kChanges + i, kPlan);
    });
    print("  the same, 40 an answer", ms, 0);
    const double direct = milliseconds_of([&] {
        each([&](int i) {
            (void)read_file({folder, numbered("text", i), ""}, TextPart{}, RunLimits{});
        });
    });
    ms = milliseconds_of([&] {
        each([&](int i) { desk.call("read_file", {{"path", numbered("text", i)}}); });
    });
    print("read_file, confined", ms, direct);
    std::vector<ChangeId> changes;
    const auto known = desk.journal().changes(10 * kChanges);
    for (const FileChange& change : *known) changes.push_back(change.id);
    ms = milliseconds_of([&] { (void)desk.journal().undo(changes); });
    print("undo, of all of them (x 3)", ms, 2 * bare_write + bare_move);
    return 0;
}
