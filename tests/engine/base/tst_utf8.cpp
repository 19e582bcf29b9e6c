// Code points to UTF-8 and back.

#include "engine/base/utf8.h"

#include <QTest>

#include <string>

using namespace lares;

class TestUtf8 : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead();
    void whatIsNoCodePointIsReplaced();
};

/// Each border between lengths, and the first and last beside the surrogates.
void TestUtf8::whatIsWrittenIsRead() {
    for (const char32_t c :
         {0x0, 0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF}) {
        std::string text;
        append_utf8(text, c);
        const Utf8Unit unit = decode_utf8(text, 0);
        QCOMPARE(unit.kind, Utf8Unit::Kind::Valid);
        QCOMPARE(static_cast<std::uint32_t>(unit.code_point), static_cast<std::uint32_t>(c));
        QCOMPARE(std::size_t{unit.size}, text.size());
    }
}

void TestUtf8::whatIsNoCodePointIsReplaced() {
    for (const char32_t c : {0xD800, 0xDFFF, 0x110000}) {
        std::string text;
        append_utf8(text, c);
        QCOMPARE(text, std::string("\xEF\xBF\xBD"));
    }
}

QTEST_APPLESS_MAIN(TestUtf8)
#include "tst_utf8.moc"
