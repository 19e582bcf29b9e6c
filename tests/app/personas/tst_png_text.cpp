// The texts in a stranger's PNG file: lengths, checksums, and what is not unpacked.
#include "app/personas/png_text.h"
#include "tests/app/personas/sample_cards.h"

#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

QByteArray text(const QByteArray& keyword, const QByteArray& value) {
    return pngChunk("tEXt", keyword + '\0' + value);
}

Result<QByteArray> read(const QByteArray& file) {
    return readPngText(file, {"ccv3", "chara"});
}

}  // namespace

class PngTextTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheFirstOfAKeyword_data();
    void findsTheFirstOfAKeyword();
    void refusesWhatIsDamaged_data();
    void refusesWhatIsDamaged();
    void refusesAFileCutOffAnywhere();
    void refusesAnyOtherBit();
};

void PngTextTest::findsTheFirstOfAKeyword_data() {
    QTest::addColumn<QByteArray>("chunks");
    QTest::addColumn<QByteArray>("found");
    const QByteArray chara = text("chara", "two");
    QTest::newRow("alone") << chara << QByteArray("two");
    QTest::newRow("behind others") << text("Comment", "no") + chara << QByteArray("two");
    QTest::newRow("the newer one before") << text("ccv3", "three") + chara << QByteArray("three");
    QTest::newRow("the newer one behind") << chara + text("ccv3", "three") << QByteArray("three");
    QTest::newRow("twice") << chara + text("chara", "again") << QByteArray("two");
    QTest::newRow("empty") << text("chara", {}) << QByteArray();
    QTest::newRow("with a zero in it")
        << text("chara", QByteArray("a\0b", 3)) << QByteArray("a\0b", 3);
    QTest::newRow("international, plain")
        << pngChunk("iTXt", QByteArray("chara\0\0\0en\0Figur\0two", 20)) << QByteArray("two");
    QTest::newRow("beside a compressed one")
        << pngChunk("zTXt", QByteArray("ccv3\0\0x", 7)) + chara << QByteArray("two");
}

void PngTextTest::findsTheFirstOfAKeyword() {
    QFETCH(QByteArray, chunks);
    const auto found = read(pngWith(chunks));
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    QTEST(*found, "found");
}

void PngTextTest::refusesWhatIsDamaged_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("why");
    const QByteArray good = pngWith(text("chara", "two"));
    const auto with = [&](qsizetype at, const QByteArray& bytes) {
        return QByteArray(good).replace(at, bytes.size(), bytes);
    };
    const qsizetype chunk = good.indexOf("tEXt");
    QTest::newRow("nothing") << QByteArray() << "no PNG";
    QTest::newRow("a signature alone") << good.left(8) << "cut off";
    QTest::newRow("another signature") << with(0, "\x88") << "no PNG";
    QTest::newRow("a wrong checksum") << with(chunk + 13, "\x01") << "damaged";
    QTest::newRow("a changed text") << with(chunk + 11, "X") << "damaged";
    QTest::newRow("a huge length")
        << with(chunk - 4, QByteArray("\xff\xff\xff\xff", 4)) << "cut off";
    QTest::newRow("a length below the sign bit")
        << with(chunk - 4, QByteArray("\x7f\xff\xff\xff", 4)) << "cut off";
    QTest::newRow("one byte too long") << with(chunk - 4, QByteArray("\0\0\0\x0a", 4)) << "damaged";
    QTest::newRow("no header first") << QByteArray(good).remove(8, 25) << "damaged";
    QTest::newRow("no text") << pngWith({}) << "holds no character";
    QTest::newRow("no keyword") << pngWith(pngChunk("tEXt", "chara")) << "holds no character";
    QTest::newRow("a longer keyword") << pngWith(text("charade", "x")) << "holds no character";
    QTest::newRow("an international one that ends early")
        << pngWith(pngChunk("iTXt", QByteArray("chara\0\0\0en", 10))) << "holds no character";
    QTest::newRow("compressed") << pngWith(pngChunk("zTXt", QByteArray("chara\0\0x", 8)))
                                << "compressed";
    QTest::newRow("international, compressed")
        << pngWith(pngChunk("iTXt", QByteArray("chara\0\1\0\0\0x", 11))) << "compressed";
}

void PngTextTest::refusesWhatIsDamaged() {
    QFETCH(QByteArray, file);
    QFETCH(QString, why);
    const auto found = read(file);
    QVERIFY(!found);
    const QString said = QString::fromStdString(found.error().message);
    QVERIFY2(said.contains(why), qPrintable(said));
}

void PngTextTest::refusesAFileCutOffAnywhere() {
    const QByteArray good = pngWith(text("chara", "two"));
    for (qsizetype size = 0; size < good.size(); ++size) {
        // A copy of exactly its size, so that a sanitizer sees a read behind it.
        const QByteArray cut(good.constData(), size);
        QVERIFY2(!read(cut), qPrintable(QString::number(size)));
    }
    QVERIFY(read(good + "behind the end"));
}

void PngTextTest::refusesAnyOtherBit() {
    const QByteArray good = pngWith(text("chara", "two"));
    for (qsizetype at = 0; at < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray changed = good;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            QVERIFY2(!read(changed), qPrintable(QString::number(at)));
        }
    }
}

QTEST_GUILESS_MAIN(PngTextTest)
#include "tst_png_text.moc"
