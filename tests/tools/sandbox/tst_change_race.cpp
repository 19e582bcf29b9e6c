#include "tests/support/folder_tree.h"
#include "tests/support/tree_snapshot.h"
#include "tests/tools/sandbox/change_support.h"

#include <QTest>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

constexpr int kAttempts = 17'000;  // a test; six of them

/// Puts the folder `plain` and the link `link` at the name `dir` in turn, until its end.
class Swapper {
public:
    explicit Swapper(const FolderTree& tree)
        : m_thread([this,
                    plain = tree.path("grant/plain"),
                    link = tree.path("grant/link"),
                    name = tree.path("grant/dir")] {
            while (!m_done) {
                std::rename(plain.c_str(), name.c_str());
                std::rename(name.c_str(), plain.c_str());
                std::rename(link.c_str(), name.c_str());
                std::rename(name.c_str(), link.c_str());
            }
        }) {}
    ~Swapper() {
        m_done = true;
        m_thread.join();
    }

private:
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

/// How often what came out of the attempts.
struct Tally {
    int n_made = 0;
    int n_refused = 0;

    void count(const ChangeOutcome& outcome) {
        n_made += outcome.is_made ? 1 : 0;
        n_refused += outcome.fault == ChangeFault::Denied ? 1 : 0;
    }
};

/// With the time of the folder itself: it changes also when something appears and goes again.
TreeSnapshot outsideOf(const FolderTree& tree) {
    TreeSnapshot outside = snapshot_of(tree.path("outside"));
    outside["."] =
        std::to_string(fs::last_write_time(tree.path("outside")).time_since_epoch().count());
    return outside;
}

}  // namespace

/// While another thread puts a link that leads out where a folder stood, and back.
class ChangeRaceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void writingNeverEscapes_data() { methods(); }
    void writingNeverEscapes();
    void movingNeverEscapes_data() { methods(); }
    void movingNeverEscapes();
    void makingFoldersNeverEscapes_data() { methods(); }
    void makingFoldersNeverEscapes();
    void makingThemByNameEscapes();

private:
    [[nodiscard]] PlaceBeneath at(const char* relative) const { return {*m_grant, relative}; }
    void verify(const TreeSnapshot& outside, const Tally& tally) const;
    static void methods();

    std::optional<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
};

/// Each attempt waits for the disk, which is nothing where files lie in memory.
void ChangeRaceTest::initTestCase() {
    const QTemporaryDir in_memory("/dev/shm/lares-test-XXXXXX");
    if (in_memory.isValid()) qputenv("TMPDIR", "/dev/shm");
}

void ChangeRaceTest::init() {
    m_grant.reset();
    m_tree.emplace();
    // Every name that the attempts use stands outside as well, except the new ones.
    m_tree->file("outside/x.txt", "outside");
    m_tree->file("outside/moved.txt", "outside");
    m_tree->folder("outside/old");
    m_tree->file("grant/plain/x.txt", "inside");
    m_tree->file("grant/kept.txt", "inside");
    m_tree->link("grant/link", "../outside");
    auto folder = FolderHandle::open(m_tree->path("grant"));
    QVERIFY(folder);
    m_grant.emplace(std::move(*folder));
}

void ChangeRaceTest::methods() {
    QTest::addColumn<OpenMethod>("method");
    if (sandbox_layer() == "openat2") QTest::newRow("openat2") << OpenMethod::Best;
    QTest::newRow("component walk") << OpenMethod::Walk;
}

void ChangeRaceTest::verify(const TreeSnapshot& outside, const Tally& tally) const {
    QCOMPARE(difference(outside, outsideOf(*m_tree)), std::string());
    for (const auto& [name, line] : snapshot_of(m_tree->path("grant")))
        QVERIFY2(name.find(".lares") == std::string::npos, name.c_str());
    qInfo("%d made, %d refused", tally.n_made, tally.n_refused);
    QVERIFY(tally.n_made > 0 && tally.n_refused > 0);  // both sides of the race came up
}

void ChangeRaceTest::writingNeverEscapes() {
    QFETCH(OpenMethod, method);
    const TreeSnapshot outside = outsideOf(*m_tree);
    Tally tally;
    {
        FileFacts old = *facts_beneath(at("plain/x.txt"), method);
        std::optional<FileFacts> fresh;
        const Swapper swapper(*m_tree);
        for (int i = 0; i < kAttempts; ++i) {
            const ChangeOutcome replaced =
                write_beneath(at("dir/x.txt"), "new", &old, {}, kTemporary, method);
            if (replaced.is_made) old = replaced.facts;
            tally.count(replaced);
            const PlaceBeneath place = at("dir/fresh.txt");
            const ChangeOutcome made_or_gone =
                fresh ? remove_beneath(place, *fresh, kTemporary, method)
                      : write_beneath(place, "new", nullptr, {}, kTemporary, method);
            if (made_or_gone.is_made)
                fresh = fresh ? std::nullopt : std::optional(made_or_gone.facts);
            tally.count(made_or_gone);
        }
    }
    verify(outside, tally);
}

void ChangeRaceTest::movingNeverEscapes() {
    QFETCH(OpenMethod, method);
    const TreeSnapshot outside = outsideOf(*m_tree);
    Tally tally;
    {
        const Swapper swapper(*m_tree);
        for (int i = 0; i < kAttempts; ++i) {
            tally.count(move_beneath(at("kept.txt"), at("dir/fresh.txt"), method));
            tally.count(move_beneath(at("dir/fresh.txt"), at("kept.txt"), method));
            tally.count(move_beneath(at("dir/moved.txt"), at("stolen.txt"), method));
        }
    }
    QVERIFY(!fs::exists(m_tree->path("grant/stolen.txt")));
    verify(outside, tally);
}

void ChangeRaceTest::makingFoldersNeverEscapes() {
    QFETCH(OpenMethod, method);
    const TreeSnapshot outside = outsideOf(*m_tree);
    Tally tally;
    {
        const Swapper swapper(*m_tree);
        for (int i = 0; i < kAttempts; ++i) {
            tally.count(make_folder_beneath(at("dir/fresh"), method));
            tally.count(remove_folder_beneath(at("dir/fresh"), method));
            tally.count(remove_folder_beneath(at("dir/old"), method));
        }
    }
    verify(outside, tally);
}

/// The test itself is worth something: looking first and then using the name does escape.
void ChangeRaceTest::makingThemByNameEscapes() {
    const std::string folder = m_tree->path("grant/dir");
    const std::string inside = m_tree->path("grant/");
    const Swapper swapper(*m_tree);
    bool has_escaped = false;
    for (int i = 0; i < 20 * kAttempts && !has_escaped; ++i) {
        std::error_code error;
        if (!fs::canonical(folder, error).string().starts_with(inside) || error) continue;
        fs::create_directory(folder + "/fresh", error);
        has_escaped = fs::exists(m_tree->path("outside/fresh"));
    }
    if (!has_escaped) QSKIP("the race did not come up on this machine");
}

QTEST_GUILESS_MAIN(ChangeRaceTest)
#include "tst_change_race.moc"
