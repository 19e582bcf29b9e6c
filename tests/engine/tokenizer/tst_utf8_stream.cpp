#include "engine/tokenizer/utf8_stream.h"

#include <QTest>

#include <random>

using namespace lares;

namespace {

/// U+FFFD n times.
std::string replaced(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += "\uFFFD";
    return text;
}

std::string whole(std::string_view bytes) {
    Utf8Stream stream;
    std::string text = stream.push(bytes);
    return text + stream.flush();
}

QByteArray shown(const std::string& bytes) {
    return QByteArray::fromStdString(bytes).toHex(' ');
}

/// Pieces that a random stream is put together from: good, bad and unfinished ones.
constexpr std::string_view kPieces[] = {
    "a",      "\n",   "é",    "ß",    "中",       "語",       "🙂",         "👍🏽",
    "\uFFFD", "\x80", "\xBF", "\xC0", "\xC2",     "\xE0",     "\xE2",         "\xED",
    "\xF0",   "\xF4", "\xF5", "\xFF", "\xE2\x82", "\xF0\x9F", "\xF0\x9F\x99", "\xED\xA0\x80"};

}  // namespace

class TestUtf8Stream : public QObject {
    Q_OBJECT

private slots:
    void replacesMaximalSubparts_data();
    void replacesMaximalSubparts();
    void everySplitGivesTheWhole_data();
    void everySplitGivesTheWhole();
    void randomStreamsSplitAnywhere();
    void emitsAsSoonAsACharacterIsComplete();
    void holdsBackAtMostThreeBytes();
    void validTextPassesUnchanged();
    void isEmptyAfterFlush();
};

void TestUtf8Stream::replacesMaximalSubparts_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("text");
    const auto row = [](const char* name, std::string bytes, std::string text) {
        QTest::newRow(name) << std::move(bytes) << std::move(text);
    };
    row("empty", "", "");
    row("ASCII", "abc", "abc");
    row("two to four bytes", "é中🙂", "é中🙂");
    row("last code point", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF");
    row("lone continuation", "a\x80z", "a" + replaced(1) + "z");
    row("never a lead", "\xC0\xC1\xF5\xFF", replaced(4));
    row("unfinished at the end", "a\xF0\x9F\x99", "a" + replaced(1));
    row("unfinished before ASCII", "\xE2\x82z", replaced(1) + "z");
    row("unfinished before a lead", "\xF0\x9F\xC3\xA9", replaced(1) + "é");
    // Unicode 15, Tables 3-8 to 3-11.
    row("non-shortest forms", "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", replaced(8) + "A");
    row("surrogates", "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", replaced(8) + "A");
    row("other ill-formed", "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
        replaced(5) + "A" + replaced(2) + "B");
    row("truncated", "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", replaced(4) + "A");
}

void TestUtf8Stream::replacesMaximalSubparts() {
    QFETCH(std::string, bytes);
    QFETCH(std::string, text);
    QCOMPARE(shown(whole(bytes)), shown(text));
}

void TestUtf8Stream::everySplitGivesTheWhole_data() {
    replacesMaximalSubparts_data();
}

void TestUtf8Stream::everySplitGivesTheWhole() {
    QFETCH(std::string, bytes);
    QFETCH(std::string, text);
    // Bit i of `cuts` set: a push ends behind byte i.
    for (unsigned cuts = 0; cuts < 1U << bytes.size(); ++cuts) {
        Utf8Stream stream;
        std::string got;
        std::string push;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            push += bytes[i];
            if ((cuts >> i & 1U) == 0) continue;
            got += stream.push(push);
            push.clear();
        }
        got += stream.push(push);
        got += stream.flush();
        QCOMPARE(shown(got), shown(text));
    }
}

void TestUtf8Stream::randomStreamsSplitAnywhere() {
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
        std::string bytes;
        for (int i = 0; i < 30; ++i) bytes += kPieces[random() % std::size(kPieces)];
        Utf8Stream stream;
        std::string got;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = random() % 5;
            got += stream.push(std::string_view(bytes).substr(at, size));
            at += std::min(size, bytes.size() - at);
        }
        got += stream.flush();
        QCOMPARE(shown(got), shown(whole(bytes)));
        QVERIFY(QByteArray::fromStdString(got).isValidUtf8());
    }
}

void TestUtf8Stream::emitsAsSoonAsACharacterIsComplete() {
    Utf8Stream stream;
    QCOMPARE(stream.push("a\xF0"), std::string("a"));
    QCOMPARE(stream.push("\x9F"), std::string());
    QCOMPARE(stream.push("\x99"), std::string());
    QCOMPARE(stream.push("\x82z"), std::string("🙂z"));
    // A byte that cannot go on ends the wait at once.
    QCOMPARE(stream.push("\xE2"), std::string());
    QCOMPARE(stream.push("!"), "\uFFFD" + std::string("!"));
}

void TestUtf8Stream::holdsBackAtMostThreeBytes() {
    std::mt19937 random(2);
    for (int round = 0; round < 200; ++round) {
        Utf8Stream stream;
        std::size_t n_in = 0;
        std::size_t n_out = 0;  // each output character stands for at least one byte
        for (int i = 0; i < 50; ++i) {
            const auto piece = kPieces[random() % std::size(kPieces)];
            n_in += piece.size();
            n_out += stream.push(piece).size();
            QVERIFY(n_out + 3 >= n_in);
        }
    }
}

void TestUtf8Stream::validTextPassesUnchanged() {
    std::string text;
    for (char32_t c = 0; c <= 0x10FFFF; c += 97)
        if (c < 0xD800 || c > 0xDFFF) text += QString::fromUcs4(&c, 1).toStdString();
    QCOMPARE(whole(text), text);
}

void TestUtf8Stream::isEmptyAfterFlush() {
    Utf8Stream stream;
    QCOMPARE(stream.push("\xF0\x9F"), std::string());
    QCOMPARE(stream.flush(), replaced(1));
    QCOMPARE(stream.flush(), std::string());
    QCOMPARE(stream.push("\x99\x82"), replaced(2));
}

QTEST_APPLESS_MAIN(TestUtf8Stream)
#include "tst_utf8_stream.moc"
