#include "engine/base/utf8.h"
#include "tools/builtin/run_command/printed_text.h"

#include <QTest>

#include <random>

using namespace lares;

class PrintedTextTest : public QObject {
    Q_OBJECT

private slots:
    void isPlainText_data() {
        QTest::addColumn<QByteArray>("printed");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("one\ntwo\n") << QByteArray("one\ntwo\n");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("no end of line") << QByteArray("one") << QByteArray("one");
        QTest::newRow("tab") << QByteArray("a\tb") << QByteArray("a\tb");
        QTest::newRow("UTF-8") << QByteArray("Grüße 漢字 👋") << QByteArray("Grüße 漢字 👋");
        QTest::newRow("no UTF-8") << QByteArray("a\xff\xc3z") << QByteArray("a��z");
        QTest::newRow("Windows' lines") << QByteArray("a\r\nb\r\n") << QByteArray("a\nb\n");
        QTest::newRow("progress") << QByteArray("10 %\r50 %\r100 %\ndone")
                                  << QByteArray("100 %\ndone");
        QTest::newRow("overstruck") << QByteArray("A\bAb\bb") << QByteArray("Ab");
        QTest::newRow("back over two bytes") << QByteArray("xü\by") << QByteArray("xy");
        QTest::newRow("colour") << QByteArray("\x1b[1;31mred\x1b[0m") << QByteArray("red");
        QTest::newRow("cursor") << QByteArray("a\x1b[2K\x1b[10;20Hb") << QByteArray("ab");
        QTest::newRow("title") << QByteArray("\x1b]0;title\x07x") << QByteArray("x");
        QTest::newRow("link") << QByteArray("\x1b]8;;http://a\x1b\\text\x1b]8;;\x1b\\")
                              << QByteArray("text");
        QTest::newRow("character set") << QByteArray("\x1b(Bx") << QByteArray("x");
        QTest::newRow("a title without end") << QByteArray("\x1b]0;title\nx") << QByteArray("\nx");
        QTest::newRow("cut sequence") << QByteArray("a\x1b[1;") << QByteArray("a");
        QTest::newRow("escape at the end") << QByteArray("a\x1b") << QByteArray("a");
        QTest::newRow("bell and NUL") << QByteArray("a\x07\0b", 4) << QByteArray("a\\u{7}\\u{0}b");
        QTest::newRow("turned around") << QByteArray("a\u202eb") << QByteArray("a\\u{202e}b");
        QTest::newRow("C1") << QByteArray("a\u009b31mb") << QByteArray("a\\u{9b}31mb");
    }
    void isPlainText() {
        QFETCH(QByteArray, printed);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(printed_text(printed.toStdString())), text);
    }
    void whateverIsPrintedBecomesText() {
        std::mt19937 random(1);
        const std::string pieces = "ab\n\r\b\t\x1b[];0m\\\x07\x9b\xc3\xa4\xe2\x80\xae\xff";
        for (int i = 0; i < 20'000; ++i) {
            std::string printed;
            for (std::size_t n = random() % 60; n > 0; --n)
                printed += pieces[random() % pieces.size()];
            const std::string text = printed_text(printed);
            for (std::size_t at = 0; at < text.size();) {
                const Utf8Unit unit = decode_utf8(text, at);
                QVERIFY(unit.kind == Utf8Unit::Kind::Valid);
                const char32_t c = unit.code_point;
                QVERIFY(c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && c != 0x202e));
                QVERIFY(c < 0x80 || c >= 0xa0);
                at += unit.size;
            }
        }
    }
};

QTEST_GUILESS_MAIN(PrintedTextTest)
#include "tst_printed_text.moc"
