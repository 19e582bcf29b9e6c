#include "tests/tools/journal/undo_ground.h"
#include "tools/builtin/run_command/apply_changes.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What shells do to a folder, in any order.
class RandomShell {
public:
    RandomShell(std::string root, std::uint32_t seed) : m_root(std::move(root)), m_random(seed) {}

    void do_one() {
        look();
        std::error_code ignored;  // whatever fails, fails as in a shell
        switch (m_random() % 9) {
            case 0:
                fs::create_directories(new_path(), ignored);
                break;
            case 1:
                write(new_path());
                break;
            case 2:
                write(some_path());
                break;
            case 3:
                fs::rename(some_path(), new_path(), ignored);
                break;
            case 4:
                fs::rename(some_path(), some_path(), ignored);
                break;
            case 5:
                fs::remove_all(some_path(), ignored);
                break;
            case 6:
                copy(some_path(), new_path());
                break;
            case 7: {  // the same size and time, other bytes
                const fs::path path = some_path();
                if (!fs::is_regular_file(path)) break;
                const auto time = fs::last_write_time(path);
                std::string bytes = bytes_of(path.string());
                for (char& byte : bytes) byte = static_cast<char>(byte + 1);
                std::ofstream(path, std::ios::binary) << bytes;
                fs::last_write_time(path, time);
                break;
            }
            default:
                fs::create_hard_link(some_path(), new_path(), ignored);
        }
    }

private:
    void look() {
        m_folders = {m_root};
        m_all.clear();
        for (const auto& entry : fs::recursive_directory_iterator(m_root)) {
            m_all.push_back(entry.path());
            if (entry.is_directory()) m_folders.push_back(entry.path());
        }
    }
    fs::path some_path() {
        return m_all.empty() ? fs::path(m_root) / "none" : m_all[m_random() % m_all.size()];
    }
    fs::path new_path() {
        return m_folders[m_random() % m_folders.size()] / ("n" + std::to_string(m_random() % 40));
    }
    /// Never into itself, and only so deep: paths have to be short enough for a tool.
    void copy(const fs::path& from, const fs::path& to) const {
        const auto depth = std::distance(to.begin(), to.end());
        std::error_code ignored;
        if (depth < 20 && !to.string().starts_with(from.string() + "/"))
            fs::copy(from, to, fs::copy_options::recursive, ignored);
    }
    void write(const fs::path& path) {
        if (fs::is_directory(path)) return;
        std::string bytes(m_random() % 200, '\0');
        for (char& byte : bytes) byte = static_cast<char>(m_random());
        std::ofstream(path, std::ios::binary) << bytes;
    }

    std::string m_root;
    std::mt19937 m_random;
    std::vector<fs::path> m_folders;
    std::vector<fs::path> m_all;
};

bool is_left_out(const StagedPlan& plan, const std::string& path) {
    return std::any_of(plan.left_out.begin(), plan.left_out.end(), [&](const LeftOutChange& one) {
        return path == one.path || path.starts_with(one.path + "/");
    });
}

/// What in the folder is not as the command left it in its copy, and should be.
std::string problem_of(const std::string& grant, const std::string& copy, const StagedPlan& plan) {
    for (const auto& entry : fs::recursive_directory_iterator(copy)) {
        const std::string path = fs::relative(entry.path(), copy).string();
        if (is_left_out(plan, path)) continue;
        const fs::path placed = fs::path(grant) / path;
        if (entry.is_directory() != fs::is_directory(placed)) return path + " is of another kind";
        if (!fs::exists(placed)) return path + " is missing";
        if (entry.is_regular_file() && bytes_of(entry.path().string()) != bytes_of(placed.string()))
            return path + " has other bytes";
    }
    for (const auto& entry : fs::recursive_directory_iterator(grant)) {
        const std::string path = fs::relative(entry.path(), grant).string();
        if (!fs::exists(fs::path(copy) / path) && !is_left_out(plan, path))
            return path + " is there and nobody said so";
    }
    return {};
}

}  // namespace

class StagedRandomTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { work_in_memory(); }

    void theFolderBecomesTheCopyAndBack() {
        constexpr std::uint32_t kSequences = 400;
        std::size_t n_change = 0;
        std::size_t n_move = 0;
        for (std::uint32_t seed = 1; seed <= kSequences; ++seed) {
            UndoGround ground;
            RandomShell first(ground.grant(), seed);
            for (int i = 0; i < 25; ++i) first.do_one();
            makeSingle(ground.grant());
            ground.begin();
            const auto grant = FolderHandle::open(ground.grant());
            ground.tree.folder("copy");
            const auto copy = FolderHandle::open(ground.tree.path("copy"));
            const auto journal = UndoJournal::open(ground.journal());
            QVERIFY(grant && copy && journal);
            const CopyOutcome copied = copy_tree(*grant, {}, *copy, {});
            QVERIFY(!copied.fault);

            RandomShell shell(copy->path(), seed + 10'000);
            for (std::uint32_t i = 0; i < 1 + seed % 12; ++i) shell.do_one();
            const TreeOutcome after = read_tree(*copy, {});
            QVERIFY(!after.fault);
            const StagedPlan plan =
                plan_staged_changes(copied.originals, copied.copies, after.tree,
                                    {.has_same_bytes =
                                         [&](const std::string& before, const std::string& now) {
                                             return has_same_bytes({*grant, before}, {*copy, now});
                                         },
                                     .is_sensitive = [](const std::string&) { return false; },
                                     .max_file_bytes = 1'000'000});
            const AppliedChanges applied = apply_staged_changes(
                plan, *copy, {*grant, "", "/grant"}, {**journal, "conversation", "turn"}, {});
            const std::string where = "seed " + std::to_string(seed) + ": ";
            QVERIFY2(applied.faults.empty(), (where + first_of(applied.faults)).c_str());
            const std::string problem = problem_of(ground.grant(), copy->path(), plan);
            QVERIFY2(problem.empty(), (where + problem).c_str());
            const std::string differs = ground.undo_all(**journal) + ground.problem_of(**journal);
            QVERIFY2(differs.empty(), (where + differs).c_str());
            n_change += applied.changes.size();
            n_move += applied.n_move;
        }
        qInfo("%zu changes, %zu of them moves", n_change, n_move);
        QVERIFY(n_change > 2 * kSequences);
        QVERIFY(n_move > kSequences / 4);
    }
    void whatSomebodyChangedMeanwhileStays() {
        UndoGround ground;
        ground.tree.file("grant/a", "a");
        ground.tree.file("grant/b", "b");
        ground.tree.file("grant/c", "c");
        ground.tree.folder("copy");
        const auto grant = FolderHandle::open(ground.grant());
        const auto copy = FolderHandle::open(ground.tree.path("copy"));
        const auto journal = UndoJournal::open(ground.journal());
        QVERIFY(grant && copy && journal);
        const CopyOutcome copied = copy_tree(*grant, {}, *copy, {});
        std::ofstream(copy->path() + "/a") << "by the command";
        fs::rename(copy->path() + "/b", copy->path() + "/z");
        std::ofstream(copy->path() + "/n") << "new";
        std::ofstream(copy->path() + "/ok") << "ok";
        const StagedPlan plan =
            plan_staged_changes(copied.originals, copied.copies, read_tree(*copy, {}).tree,
                                {.has_same_bytes =
                                     [&](const std::string& before, const std::string& now) {
                                         return has_same_bytes({*grant, before}, {*copy, now});
                                     },
                                 .is_sensitive = [](const std::string&) { return false; },
                                 .max_file_bytes = 1000});
        ground.tree.file("grant/a", "by somebody");
        ground.tree.file("grant/b", "by somebody else");
        ground.tree.file("grant/n", "theirs");
        const AppliedChanges applied = apply_staged_changes(
            plan, *copy, {*grant, "", "/grant"}, {**journal, "conversation", "turn"}, {});
        QCOMPARE(applied.faults.size(), std::size_t{3});
        QCOMPARE(bytes_of(ground.grant() + "/a"), std::string("by somebody"));
        QCOMPARE(bytes_of(ground.grant() + "/b"), std::string("by somebody else"));
        QCOMPARE(bytes_of(ground.grant() + "/n"), std::string("theirs"));
        QCOMPARE(bytes_of(ground.grant() + "/ok"), std::string("ok"));
    }
    void tooManyChangesAreNotBegun() {
        UndoGround ground;
        const auto grant = FolderHandle::open(ground.grant());
        const auto journal = UndoJournal::open(ground.journal());
        StagedPlan plan;
        for (std::size_t i = 0; i <= kMaxStagedChanges; ++i)
            plan.changes.push_back(
                {StagedChange::Kind::MakeFolder, {}, "f" + std::to_string(i), {}, false});
        const AppliedChanges applied = apply_staged_changes(
            plan, *grant, {*grant, "", "/grant"}, {**journal, "conversation", "turn"}, {});
        QCOMPARE(applied.faults.size(), std::size_t{1});
        QVERIFY(fs::is_empty(ground.grant()));
    }

private:
    /// A file with two names is not written by tools: each gets a file of its own.
    static void makeSingle(const std::string& root) {
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (!entry.is_regular_file() || entry.hard_link_count() == 1) continue;
            const std::string bytes = bytes_of(entry.path().string());
            fs::remove(entry.path());
            std::ofstream(entry.path(), std::ios::binary) << bytes;
        }
    }
    static std::string first_of(const std::vector<std::string>& texts) {
        return texts.empty() ? std::string() : texts.front();
    }
};

QTEST_GUILESS_MAIN(StagedRandomTest)
#include "tst_staged_random.moc"
