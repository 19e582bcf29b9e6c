#include "tools/builtin/read_file/text_decoding.h"

#include <QTest>

using namespace lares;
using namespace std::string_literals;

class TextDecodingTest : public QObject {
    Q_OBJECT

private slots:
    void readsText_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
        QTest::newRow("UTF-8") << QByteArray("größer €") << QByteArray("größer €");
        QTest::newRow("mark") << QByteArray("\xEF\xBB\xBFhi") << QByteArray("hi");
        QTest::newRow("Windows") << QByteArray("a\r\nb\r\n") << QByteArray("a\nb\n");
        QTest::newRow("old Mac") << QByteArray("a\rb\r") << QByteArray("a\nb\n");
        QTest::newRow("UTF-16 LE") << QByteArray(
                                          "\xFF\xFE"
                                          "h\0\xAC\x20=\xD8\x00\xDE",
                                          10)
                                   << QByteArray("h€😀");
        QTest::newRow("UTF-16 BE")
            << QByteArray("\xFE\xFF\0h\x20\xAC\xD8=\xDE\0", 10) << QByteArray("h€😀");
        QTest::newRow("only a mark") << QByteArray("\xFF\xFE") << QByteArray("");
    }
    void readsText() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, text);
        const auto got = text_from_bytes(bytes.toStdString());
        QVERIFY(got);
        QCOMPARE(QByteArray::fromStdString(*got), text);
    }
    void refusesWhatIsNone_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("Latin-1") << QByteArray(
            "gr\xF6\xDF"
            "er");
        QTest::newRow("overlong") << QByteArray("\xC0\x80");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
        QTest::newRow("cut off") << QByteArray("a\xE2\x82");
        QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1a\n");
        QTest::newRow("odd UTF-16") << QByteArray(
            "\xFF\xFE"
            "a");
        QTest::newRow("half a pair") << QByteArray("\xFF\xFE=\xD8", 4);
        QTest::newRow("second half") << QByteArray("\xFF\xFE\0\xDC", 4);
        QTest::newRow("NUL in UTF-16") << QByteArray("\xFF\xFE\0\0", 4);
    }
    void refusesWhatIsNone() {
        QFETCH(QByteArray, bytes);
        QVERIFY(!text_from_bytes(bytes.toStdString()));
    }
};

QTEST_GUILESS_MAIN(TextDecodingTest)
#include "tst_text_decoding.moc"
