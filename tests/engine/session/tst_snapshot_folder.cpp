#include "engine/session/snapshot_folder.h"
#include "tests/engine/session/snapshot_lines.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#ifndef _WIN32
#include "tests/support/small_disk.h"
#endif

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<SnapshotFolder> must_open(SnapshotFolder::Options options) {
    options.spare_bytes = std::min<std::uint64_t>(options.spare_bytes, 1 << 20);
    auto folder = SnapshotFolder::open(options);
    if (!folder) qFatal("%s", folder.error().message.c_str());
    return std::move(*folder);
}

std::vector<TokenId> tokens(int n, int first = 100) {
    std::vector<TokenId> out;
    for (int i = 0; i < n; ++i) out.push_back(first + i);
    return out;
}

int count_files(const fs::path& folder) {
    int n = 0;
    for (const auto& entry : fs::directory_iterator(folder))
        n += entry.path().extension() == ".snapshot";
    return n;
}

}  // namespace

class TestSnapshotFolder : public QObject {
    Q_OBJECT

private slots:
    void init();
    void findsTheLongestBeginningAfterARestart();
    void anotherKeyFindsNothing();
    void anOwnersNewLineTakesThePlaceOfTheOld();
    void linesOfNoOwnerStandSideBySide();
    void removesAllOfAnOwner();
    void whatIsRemovedWhileItWaitsIsNeverThere();
    void theLeastRecentlyUsedGoesFirst();
    void aDamagedFileIsRemovedAndNamed();
    void rubbishIsSweptAway();
    void isClosedToOthersAndMarkedAsACache();
    void aFolderThatCannotBeMadeIsASentence();
    void aFullDiskIsASentenceAndNothingElse();

private:
    fs::path path() const { return fs::path(m_folder->path().toStdString()) / "snapshots"; }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSnapshotFolder::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestSnapshotFolder::findsTheLongestBeginningAfterARestart() {
    const SnapshotLine line = made_line("key", "7", {50, 90});
    {
        const auto folder = must_open({.folder = path()});
        folder->save(line);
    }  // its end writes what was handed over
    const auto folder = must_open({.folder = path()});
    const auto all = folder->deepest_prefix("key", tokens(200));
    QVERIFY(all);
    QCOMPARE(all->n_positions, 90);
    QCOMPARE(all->owner, std::string("7"));
    const auto read = folder->load(*all);
    QVERIFY(read && is_same(*read, line.snapshots[1]));
    // A prompt that ends in between, and one that leaves the line in between.
    QCOMPARE(folder->deepest_prefix("key", tokens(89))->n_positions, 50);
    auto branch = tokens(200);
    branch[60] = 1;
    QCOMPARE(folder->deepest_prefix("key", branch)->n_positions, 50);
    branch[49] = 1;
    QVERIFY(!folder->deepest_prefix("key", branch));
    QVERIFY(!folder->deepest_prefix("key", tokens(49)));
}

void TestSnapshotFolder::anotherKeyFindsNothing() {
    const auto folder = must_open({.folder = path()});
    folder->save(made_line("one model", "7", {50}));
    folder->save(made_line("another model", "7", {40}));
    folder->wait();
    QCOMPARE(folder->deepest_prefix("one model", tokens(99))->n_positions, 50);
    QCOMPARE(folder->deepest_prefix("another model", tokens(99))->n_positions, 40);
    QVERIFY(!folder->deepest_prefix("a third", tokens(99)));
}

void TestSnapshotFolder::anOwnersNewLineTakesThePlaceOfTheOld() {
    const auto folder = must_open({.folder = path()});
    folder->save(made_line("key", "7", {50}));
    folder->save(made_line("key", "7", {90}, 500));
    folder->wait();
    QVERIFY(!folder->deepest_prefix("key", tokens(200)));
    QVERIFY(folder->deepest_prefix("key", tokens(200, 500)));
    QCOMPARE(count_files(path()), 1);
    QCOMPARE(folder->bytes(),
             std::uint64_t{fs::file_size(folder->deepest_prefix("key", tokens(200, 500))->file)});
}

void TestSnapshotFolder::linesOfNoOwnerStandSideBySide() {
    const auto folder = must_open({.folder = path()});
    folder->save(made_line("key", "", {50}));
    folder->save(made_line("key", "", {50}, 500));
    folder->wait();
    QVERIFY(folder->deepest_prefix("key", tokens(60)));
    QVERIFY(folder->deepest_prefix("key", tokens(60, 500)));
}

void TestSnapshotFolder::removesAllOfAnOwner() {
    const auto folder = must_open({.folder = path()});
    folder->save(made_line("key", "7", {50}));
    folder->save(made_line("another model", "7", {50}));
    folder->save(made_line("key", "8", {50}, 500));
    folder->wait();
    folder->remove("7");
    QVERIFY(!folder->deepest_prefix("key", tokens(60)));
    QVERIFY(!folder->deepest_prefix("another model", tokens(60)));
    QVERIFY(folder->deepest_prefix("key", tokens(60, 500)));
    QCOMPARE(count_files(path()), 1);
    folder->remove_all();
    QCOMPARE(count_files(path()), 0);
    QCOMPARE(folder->bytes(), std::uint64_t{0});
}

void TestSnapshotFolder::whatIsRemovedWhileItWaitsIsNeverThere() {
    for (int i = 0; i < 200; ++i) {
        const auto folder = must_open({.folder = path()});
        folder->save(made_line("key", "7", {50, 300, 700}));
        folder->remove("7");
        folder->wait();
        QVERIFY(!folder->deepest_prefix("key", tokens(900)));
        QCOMPARE(count_files(path()), 0);
    }
}

void TestSnapshotFolder::theLeastRecentlyUsedGoesFirst() {
    const auto line = [](int i) { return made_line("key", std::to_string(i), {50}, 1000 * i); };
    const std::uint64_t size = SnapshotFile::size_bytes_at_most(line(1));
    const auto folder = must_open({.folder = path(), .budget_bytes = 3 * size});
    const auto is_there = [&](int i) {
        return folder->deepest_prefix("key", tokens(60, 1000 * i)).has_value();
    };
    for (int i = 1; i <= 3; ++i) {
        folder->save(line(i));
        folder->wait();
    }
    QVERIFY(folder->load(*folder->deepest_prefix("key", tokens(60, 1000))));  // used now
    folder->save(line(4));
    folder->wait();
    QVERIFY(is_there(1));
    QVERIFY(!is_there(2));
    QVERIFY(is_there(3));
    QVERIFY(is_there(4));
    QVERIFY(folder->bytes() <= 3 * size);
    // One that is larger than all of it is not written, and pushes nothing out.
    folder->save(made_line("key", "9", {5000}, 100'000));
    folder->wait();
    QVERIFY(is_there(1) && is_there(3) && is_there(4));
}

void TestSnapshotFolder::aDamagedFileIsRemovedAndNamed() {
    const auto folder = must_open({.folder = path()});
    folder->save(made_line("key", "7", {50}));
    folder->wait();
    const auto found = folder->deepest_prefix("key", tokens(60));
    {
        std::fstream file(found->file, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-20, std::ios::end);
        file.put('!');
    }
    QCOMPARE(folder->load(*found).error().code, ErrorCode::Corrupt);
    QVERIFY(folder->notice().find("damaged") != std::string::npos);
    QVERIFY(!folder->deepest_prefix("key", tokens(60)));
    QCOMPARE(count_files(path()), 0);
}

void TestSnapshotFolder::rubbishIsSweptAway() {
    fs::create_directories(path());
    std::ofstream(path() / "cut.snapshot") << "LARESNAP";
    std::ofstream(path() / "0123.snapshot.partial") << "half";
    std::ofstream(path() / "notes.txt") << "somebody's";
    const auto folder = must_open({.folder = path()});
    QVERIFY(!fs::exists(path() / "cut.snapshot"));
    QVERIFY(!fs::exists(path() / "0123.snapshot.partial"));
    QVERIFY(fs::exists(path() / "notes.txt"));
}

void TestSnapshotFolder::isClosedToOthersAndMarkedAsACache() {
    const auto folder = must_open({.folder = path()});
    QVERIFY(read_file(path() / "CACHEDIR.TAG")
                .starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
#ifndef _WIN32
    QCOMPARE(fs::status(path()).permissions(), fs::perms::owner_all);
#endif
}

void TestSnapshotFolder::aFolderThatCannotBeMadeIsASentence() {
    fs::create_directories(path().parent_path());
    std::ofstream(path()) << "a file";
    const auto folder = SnapshotFolder::open({.folder = path() / "below"});
    QVERIFY(!folder);
    QVERIFY(folder.error().message.find("read again after a restart") != std::string::npos);
}

void TestSnapshotFolder::aFullDiskIsASentenceAndNothingElse() {
    // Without any mounting: more must stay free than this disk has.
    {
        auto options = SnapshotFolder::Options{.folder = path()};
        options.spare_bytes = ~std::uint64_t{0} / 2;
        const auto folder = SnapshotFolder::open(options);
        QVERIFY(folder);
        (*folder)->save(made_line("key", "7", {50}));
        (*folder)->wait();
        QVERIFY((*folder)->notice().find("too full") != std::string::npos);
        QCOMPARE(count_files(path()), 0);
    }
    // ThreadSanitizer knows no threads in a process that was forked.
#if !defined(_WIN32) && !defined(__SANITIZE_THREAD__)
    const auto problem = on_small_disk(path().string(), 64 << 10, [this]() -> std::string {
        auto folder = SnapshotFolder::open({.folder = path(), .spare_bytes = 0});
        if (!folder) return folder.error().message;
        (*folder)->save(made_line("key", "7", {50}));
        (*folder)->wait();
        if (!(*folder)->deepest_prefix("key", tokens(60))) return "the first was not kept";
        fill_disk((path() / "full").string());
        (*folder)->save(made_line("key", "8", {20'000}, 1'000'000));
        (*folder)->wait();
        if ((*folder)->notice().empty()) return "nothing was said";
        if (!(*folder)->deepest_prefix("key", tokens(60))) return "the first is lost";
        for (const auto& entry : fs::directory_iterator(path()))
            if (entry.path().extension() == ".partial") return "half a file is left";
        return {};
    });
    if (problem) QVERIFY2(problem->empty(), problem->c_str());
#endif
}

QTEST_GUILESS_MAIN(TestSnapshotFolder)
#include "tst_snapshot_folder.moc"
