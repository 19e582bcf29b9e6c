#include "engine/base/xxhash64.h"

#include <QTest>

#include <string>
#include <vector>

using namespace lares;

/// The sanity values that the xxHash project publishes with its specification: prefixes of one
/// sequence of bytes, of lengths that end in each of the algorithm's loops.
class TestXxHash64 : public QObject {
    Q_OBJECT

private slots:
    void matchesThePublishedValues_data();
    void matchesThePublishedValues();
    void everyBitOfEveryByteCounts();
};

void TestXxHash64::matchesThePublishedValues_data() {
    QTest::addColumn<int>("length");
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<quint64>("hash");
    constexpr quint64 kSeed = 0x9E3779B1;
    QTest::newRow("empty") << 0 << quint64{0} << quint64{0xEF46DB3751D8E999};
    QTest::newRow("empty, seed") << 0 << kSeed << quint64{0xAC75FDA2929B17EF};
    QTest::newRow("one byte") << 1 << quint64{0} << quint64{0xE934A84ADB052768};
    QTest::newRow("one byte, seed") << 1 << kSeed << quint64{0x5014607643A9B4C3};
    QTest::newRow("14 bytes") << 14 << quint64{0} << quint64{0x8282DCC4994E35C8};
    QTest::newRow("14 bytes, seed") << 14 << kSeed << quint64{0xC3BD6BF63DEB6DF0};
    QTest::newRow("222 bytes") << 222 << quint64{0} << quint64{0xB641AE8CB691C174};
    QTest::newRow("222 bytes, seed") << 222 << kSeed << quint64{0x20CB8AB7AE10C14A};
}

void TestXxHash64::matchesThePublishedValues() {
    QFETCH(int, length);
    QFETCH(quint64, seed);
    QFETCH(quint64, hash);
    std::vector<std::byte> bytes;
    std::uint64_t generator = 0x9E3779B1;
    for (int i = 0; i < length; ++i) {
        bytes.push_back(static_cast<std::byte>(generator >> 56));
        generator *= 0x9E3779B185EBCA8D;
    }
    QCOMPARE(quint64{xxhash64(bytes, seed)}, hash);
}

void TestXxHash64::everyBitOfEveryByteCounts() {
    std::vector<std::byte> bytes(77, std::byte{0x5A});
    const std::uint64_t hash = xxhash64(bytes);
    for (std::byte& byte : bytes) {
        for (int bit = 0; bit < 8; ++bit) {
            byte ^= std::byte{1} << bit;
            QVERIFY(xxhash64(bytes) != hash);
            byte ^= std::byte{1} << bit;
        }
    }
    QCOMPARE(xxhash64(bytes), hash);
}

QTEST_GUILESS_MAIN(TestXxHash64)
#include "tst_xxhash64.moc"
