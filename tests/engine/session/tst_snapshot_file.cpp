#include "engine/base/xxhash64.h"
#include "engine/session/snapshot_file.h"
#include "tests/engine/session/snapshot_lines.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <filesystem>
#include <fstream>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

/// Where the header's checksum stands, and what it covers (snapshot_file.cpp).
constexpr std::size_t kHashAt = 16;
constexpr std::size_t kBodyAt = 24;

std::size_t header_size(const std::string& file) {
    std::uint32_t size = 0;
    std::memcpy(&size, file.data() + 12, sizeof size);
    return size;
}

/// As somebody would who knows the format: damage with the right checksum.
std::string with_right_checksum(std::string file) {
    const auto body = bytes_of(file).subspan(kBodyAt, header_size(file) - kBodyAt);
    const std::uint64_t hash = xxhash64(body);
    std::memcpy(file.data() + kHashAt, &hash, sizeof hash);
    return file;
}

}  // namespace

class TestSnapshotFile : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatWasWrittenIsRead();
    void sharedBlocksAreWrittenOnce();
    void aModelWithoutAttentionHasEmptyBlocks();
    void aFileThatEndsEarlyIsRefused();
    void everyFlippedBitIsFound();
    void headersThatLieAreRefused();
    void anotherVersionIsUnsupported();
    void aFailedWriteLeavesTheOldFile();

private:
    fs::path path() const { return fs::path(m_folder->path().toStdString()) / "a.snapshot"; }
    void put(const std::string& bytes) const {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSnapshotFile::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestSnapshotFile::whatWasWrittenIsRead() {
    const SnapshotLine line = made_line("model cpu", "conversation 7", {3, 64, 65, 200});
    QVERIFY(SnapshotFile::write(path(), line));
    const auto file = SnapshotFile::open(path());
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(file->key(), std::string("model cpu"));
    QCOMPARE(file->owner(), std::string("conversation 7"));
    QCOMPARE(file->positions(), (std::vector<int>{3, 64, 65, 200}));
    QVERIFY(file->tokens() == line.snapshots.back().tokens);
    QCOMPARE(file->size_bytes(), std::uint64_t{fs::file_size(path())});
    for (std::size_t i = 0; i < line.snapshots.size(); ++i) {
        const auto read = file->read(i);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(is_same(*read, line.snapshots[i]));
    }
}

void TestSnapshotFile::sharedBlocksAreWrittenOnce() {
    // Three snapshots of 10 blocks each, of which the first nine are the same.
    const SnapshotLine line = made_line("k", "o", {600, 610, 620});
    QVERIFY(SnapshotFile::write(path(), line));
    const std::size_t header = header_size(read_file(path()));
    QCOMPARE(std::size_t{fs::file_size(path())}, header + 12 * 128 + 3 * (64 + 12));
    QVERIFY(fs::file_size(path()) <= SnapshotFile::size_bytes_at_most(line));
}

void TestSnapshotFile::aModelWithoutAttentionHasEmptyBlocks() {
    SnapshotLine line = made_line("k", "o", {100});
    for (auto& block : line.snapshots[0].state.kv_blocks) block = {};
    QVERIFY(SnapshotFile::write(path(), line));
    const auto file = SnapshotFile::open(path());
    QVERIFY(file);
    QVERIFY(is_same(*file->read(0), line.snapshots[0]));
}

void TestSnapshotFile::aFileThatEndsEarlyIsRefused() {
    QVERIFY(SnapshotFile::write(path(), made_line("k", "o", {10, 70})));
    const std::string whole = read_file(path());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        put(whole.substr(0, size));
        const auto file = SnapshotFile::open(path());
        QVERIFY2(!file, qPrintable(QString("cut at byte %1").arg(size)));
        QCOMPARE(file.error().code, ErrorCode::Corrupt);
    }
    put(whole + "more");
    QCOMPARE(SnapshotFile::open(path()).error().code, ErrorCode::Corrupt);
}

void TestSnapshotFile::everyFlippedBitIsFound() {
    QVERIFY(SnapshotFile::write(path(), made_line("k", "o", {10, 70})));
    const std::string whole = read_file(path());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
        put(damaged);
        const auto file = SnapshotFile::open(path());
        const bool is_found = !file || !file->read(0) || !file->read(1);
        QVERIFY2(is_found, qPrintable(QString("byte %1").arg(i)));
    }
}

void TestSnapshotFile::headersThatLieAreRefused() {
    QVERIFY(SnapshotFile::write(path(), made_line("k", "o", {10, 70})));
    const std::string whole = read_file(path());
    int n_refused = 0;
    for (std::size_t at = kBodyAt; at + 4 <= header_size(whole); ++at) {
        for (const std::uint32_t value : {0U, 1U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
            std::string lie = whole;
            std::memcpy(lie.data() + at, &value, sizeof value);
            put(with_right_checksum(std::move(lie)));
            // Token numbers and checksums may be anything; sizes and counts may not. Whatever it
            // is, it ends in a value and reads nothing that is not there.
            const auto file = SnapshotFile::open(path());
            if (!file) {
                QCOMPARE(file.error().code, ErrorCode::Corrupt);
                ++n_refused;
                continue;
            }
            for (std::size_t i = 0; i < file->positions().size(); ++i) {
                const auto read = file->read(i);
                QVERIFY(read || read.error().code == ErrorCode::Corrupt);
            }
        }
    }
    QVERIFY(n_refused > 100);
}

void TestSnapshotFile::anotherVersionIsUnsupported() {
    QVERIFY(SnapshotFile::write(path(), made_line("k", "o", {10})));
    std::string file = read_file(path());
    file[8] = 99;
    put(file);
    QCOMPARE(SnapshotFile::open(path()).error().code, ErrorCode::Unsupported);
}

void TestSnapshotFile::aFailedWriteLeavesTheOldFile() {
    QVERIFY(SnapshotFile::write(path(), made_line("k", "o", {10})));
    const std::string before = read_file(path());
    fs::create_directory(path() += ".partial");  // in the way of the new file
    QCOMPARE(SnapshotFile::write(path(), made_line("k", "o", {20})).error().code, ErrorCode::Io);
    QCOMPARE(read_file(path()), before);
}

QTEST_GUILESS_MAIN(TestSnapshotFile)
#include "tst_snapshot_file.moc"
