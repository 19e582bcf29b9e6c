#include "engine/base/mapped_file.h"
#include "engine/base/page_memory.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#if defined(Q_OS_LINUX)
#include <sys/mman.h>
#include <unistd.h>
#endif

using namespace lares;

namespace {

constexpr std::size_t kSize = (std::size_t{3} << 20) + 123;

bool all_are(const std::byte* data, std::size_t size, int value) {
    return std::all_of(data, data + size, [&](std::byte b) { return b == std::byte(value); });
}

}  // namespace

class TestPageMemory : public QObject {
    Q_OBJECT
private slots:
    void newMemoryIsZeroedAndMoves() {
        PageBuffer buffer(kSize);
        QCOMPARE(buffer.size(), kSize);
        QVERIFY(all_are(buffer.data(), kSize, 0));
        const std::byte* where = buffer.data();
        const PageBuffer moved = std::move(buffer);
        QCOMPARE(static_cast<const void*>(moved.data()), static_cast<const void*>(where));
        QVERIFY(PageBuffer(0).data() == nullptr);
    }

    // Portions of two threads share the page on their border.
    void takingPagesKeepsWhatLiesInThem() {
        const PageBuffer buffer(kSize);
        std::memset(buffer.data(), 7, 1000);
        populate_written(buffer.data() + 1000, 9000);
        QVERIFY(all_are(buffer.data(), 1000, 7));
        QVERIFY(all_are(buffer.data() + 1000, kSize - 1000, 0));
        std::memset(buffer.data(), 9, kSize);
        buffer.merge_pages();
        populate_written(buffer.data(), kSize);
        QVERIFY(all_are(buffer.data(), kSize, 9));
        PageBuffer().merge_pages();
    }

#if defined(Q_OS_LINUX) && defined(MADV_POPULATE_WRITE)
    void takenPagesAreThereBeforeTheyAreWritten() {
        const PageBuffer buffer(kSize);
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        std::vector<unsigned char> resident(kSize / page + 1);
        const auto n_resident = [&] {
            if (::mincore(buffer.data(), kSize, resident.data()) != 0) return std::ptrdiff_t{-1};
            return std::count_if(resident.begin(), resident.end(),
                                 [](unsigned char r) { return (r & 1) != 0; });
        };
        QCOMPARE(n_resident(), std::ptrdiff_t{0});
        if (::madvise(buffer.data(), 1, MADV_POPULATE_WRITE) != 0)
            QSKIP("this system is older than Linux 5.14");
        populate_written(buffer.data() + 1, 2 * page);
        QVERIFY(n_resident() >= 3);  // more where the system gives huge pages unasked
    }
#endif

    void pagesOfAFileThatWereGivenBackAreReadAgain() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("pages");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(kSize, 'x')), static_cast<qint64>(kSize));
        file.close();
        const auto mapped = MappedFile::open(path.toStdString());
        QVERIFY(mapped.has_value());
        const std::byte* data = mapped->bytes().data();
        populate_mapped(data + 5000, 100'000);
        QVERIFY(all_are(data, kSize, 'x'));
        release_mapped(data + 5000, 100'000);
        QVERIFY(all_are(data, kSize, 'x'));
    }
};

QTEST_APPLESS_MAIN(TestPageMemory)
#include "tst_page_memory.moc"
