// Weights in planes hold the file's bits, all of them and nothing else.

#include "kernels/planes.h"
#include "tests/kernels/planes_definition.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

#include <algorithm>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;

class PlanesTest : public QObject {
    Q_OBJECT

private slots:
    void givesBackTheFilesBits_data();
    void givesBackTheFilesBits();
    void putsEveryBitInItsPlace_data() { givesBackTheFilesBits_data(); }
    void putsEveryBitInItsPlace();
    void repacksGroupsOfRowsOnTheirOwn_data() { givesBackTheFilesBits_data(); }
    void repacksGroupsOfRowsOnTheirOwn();
    void padsWithZeros_data() { givesBackTheFilesBits_data(); }
    void padsWithZeros();
    void takesHardlyMoreBytesThanTheFile();
    void startsEveryPlaneAligned();
};

void PlanesTest::givesBackTheFilesBits_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    for (const WeightType type : all_weight_types()) {
        const int block = traits(type).file_block;
        const auto row = [&](int rows, int cols) {
            QTest::addRow("%s %dx%d", to_string(type), rows, cols)
                << static_cast<int>(type) << rows << cols;
        };
        row(8, 256);
        row(13, 3 * std::max(block, 32));
        row(1, block == 1 ? 5 : block);
        row(24, 7 * block);
        row(21, 13 * std::max(block, 32));
    }
}

void PlanesTest::givesBackTheFilesBits() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    Generator generator(1);
    RandomWeights w = random_weights(generator, static_cast<WeightType>(type), rows, cols);
    // Any bytes are a valid block: scales of NaN too.
    for (std::byte& b : w.file) b = static_cast<std::byte>(generator() & 255U);
    repack_rows(w.type, rows, cols, 0, w.file, w.planes);
    const std::size_t bytes = file_row_bytes(w.type, cols);
    std::vector<std::byte> back(bytes);
    for (int r = 0; r < rows; ++r) {
        unpack_row(w.type, rows, cols, r, w.planes, back);
        QVERIFY(std::equal(back.begin(), back.end(),
                           w.file.begin() + static_cast<std::ptrdiff_t>(bytes) * r));
    }
}

/// The same bytes as the definition's, and no other: of the whole, and of the last group alone.
void PlanesTest::putsEveryBitInItsPlace() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    Generator generator(4);
    RandomWeights w = random_weights(generator, static_cast<WeightType>(type), rows, cols);
    const std::size_t bytes = file_row_bytes(w.type, cols);
    for (const int first : {0, (rows - 1) / kGroupRows * kGroupRows}) {
        for (std::byte& b : w.file) b = static_cast<std::byte>(generator() & 255U);
        std::vector<std::byte> got(w.planes.size(), std::byte{0x55});
        std::vector<std::byte> want = got;
        const auto file = std::span(w.file).subspan(static_cast<std::size_t>(first) * bytes);
        repack_rows(w.type, rows, cols, first, file, got);
        repack_by_definition(w.type, rows, cols, first, file, want);
        QVERIFY(got == want);
    }
}

void PlanesTest::repacksGroupsOfRowsOnTheirOwn() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    Generator generator(2);
    const RandomWeights w = random_weights(generator, static_cast<WeightType>(type), rows, cols);
    std::vector<std::byte> planes(w.planes.size(), std::byte{0x55});
    const std::size_t bytes = file_row_bytes(w.type, cols);
    for (int first = (rows - 1) / kGroupRows * kGroupRows; first >= 0; first -= kGroupRows) {
        const auto n = static_cast<std::size_t>(std::min(kGroupRows, rows - first));
        repack_rows(w.type, rows, cols, first,
                    std::span(w.file).subspan(static_cast<std::size_t>(first) * bytes, n * bytes),
                    planes);
    }
    std::vector<std::byte> back(bytes);
    for (int r = 0; r < rows; ++r) {
        unpack_row(w.type, rows, cols, r, planes, back);
        QVERIFY(std::equal(back.begin(), back.end(),
                           w.file.begin() + static_cast<std::ptrdiff_t>(bytes) * r));
    }
}

void PlanesTest::padsWithZeros() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    Generator generator(3);
    const RandomWeights w = random_weights(generator, static_cast<WeightType>(type), rows, cols);
    std::vector<std::byte> back(file_row_bytes(w.type, cols));
    const int padded = (rows + kGroupRows - 1) / kGroupRows * kGroupRows;
    for (int r = rows; r < padded; ++r) {
        unpack_row(w.type, padded, cols, r, w.planes, back);
        QVERIFY(
            std::all_of(back.begin(), back.end(), [](std::byte b) { return b == std::byte{0}; }));
    }
}

/// The 4B's shapes: what decoding reads is what the file has, to one in ten thousand.
void PlanesTest::takesHardlyMoreBytesThanTheFile() {
    const auto ratio = [](WeightType type, std::int64_t rows, std::int64_t cols) {
        return static_cast<double>(plane_layout(type, rows, cols).total_bytes) /
               static_cast<double>(file_row_bytes(type, cols) * static_cast<std::size_t>(rows));
    };
    QVERIFY(ratio(WeightType::Q5_0, 17504, 3136) < 1.0001);
    QVERIFY(ratio(WeightType::Q4_K, 3136, 7680) < 1.0001);
    QVERIFY(ratio(WeightType::Q6_K, 3136, 12544) < 1.0001);
    QVERIFY(ratio(WeightType::Q8_0, 131072, 3136) < 1.0001);
    QVERIFY(ratio(WeightType::IQ4_XS, 3136, 7680) < 1.0001);
    QVERIFY(ratio(WeightType::BF16, 17504, 3136) < 1.0001);
}

void PlanesTest::startsEveryPlaneAligned() {
    for (const WeightType type : all_weight_types()) {
        const PlaneLayout layout = plane_layout(type, 9, 256 * 3);
        for (const std::size_t offset :
             {layout.low, layout.high, layout.scale, layout.super, layout.total_bytes})
            QCOMPARE(offset % 256, std::size_t{0});
    }
}

QTEST_APPLESS_MAIN(PlanesTest)
#include "tst_planes.moc"
