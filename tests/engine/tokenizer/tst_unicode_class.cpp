#include "engine/tokenizer/unicode_class.h"

#include <QChar>
#include <QTest>

#include <map>

using namespace lares;

class TestUnicodeClass : public QObject {
    Q_OBJECT

private slots:
    void classifies_data();
    void classifies();
    void countsAreThoseOfUnicode15_1();
    void agreesWithQtOnWhatItKnows();
};

void TestUnicodeClass::classifies_data() {
    QTest::addColumn<uint>("code_point");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* name, char32_t c, CharClass expected) {
        QTest::newRow(name) << static_cast<uint>(c) << static_cast<int>(expected);
    };
    row("A", U'A', kUpperClass);
    row("a", U'a', kLowerClass);
    row("5", U'5', kNumberClass);
    row("!", U'!', kOtherClass);
    row("NUL", 0, kOtherClass);
    row("tab", U'\t', kSpaceClass);
    row("U+001C is no white space", 0x1C, kOtherClass);
    row("next line", 0x85, kSpaceClass);
    row("no-break space", 0xA0, kSpaceClass);
    row("ideographic space", 0x3000, kSpaceClass);
    row("zero width space is none", 0x200B, kOtherClass);
    row("Lt", U'ǅ', kUpperClass);
    row("A macron, first of an alternating run", U'Ā', kUpperClass);
    row("a macron", U'ā', kLowerClass);
    row("Lm", U'ʰ', kCaselessClass);
    row("Lo", U'中', kCaselessClass);
    row("Mn", 0x301, kMarkClass);
    row("Mc", 0x93F, kMarkClass);
    row("Nl", U'Ⅷ', kNumberClass);
    row("No", U'½', kNumberClass);
    row("CJK extension I, new in 15.1", 0x2EBF0, kCaselessClass);
    row("emoji", U'🙂', kOtherClass);
    row("last", 0x10FFFF, kOtherClass);
    row("beyond", 0x110000, kOtherClass);
    row("far beyond", 0xFFFFFFFF, kOtherClass);
}

void TestUnicodeClass::classifies() {
    QFETCH(uint, code_point);
    QFETCH(int, expected);
    QCOMPARE(static_cast<int>(char_class(code_point)), expected);
}

void TestUnicodeClass::countsAreThoseOfUnicode15_1() {
    // From Python's unicodedata 15.1.
    std::map<CharClass, int> counts;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) ++counts[char_class(c)];
    QCOMPARE(counts[kOtherClass], 973'080);
    QCOMPARE(counts[kUpperClass], 1'862);
    QCOMPARE(counts[kLowerClass], 2'233);
    QCOMPARE(counts[kCaselessClass], 132'631);
    QCOMPARE(counts[kMarkClass], 2'450);
    QCOMPARE(counts[kNumberClass], 1'831);
    QCOMPARE(counts[kSpaceClass], 25);
}

void TestUnicodeClass::agreesWithQtOnWhatItKnows() {
    // Qt 6.4 holds Unicode 14: what it knows as assigned has not changed its class since.
    const auto class_of_qt = [](char32_t c) {
        if (c != 0x180E && QChar::isSpace(c) && (c < 0x1C || c > 0x1F)) return kSpaceClass;
        switch (QChar::category(c)) {
            case QChar::Letter_Uppercase:
            case QChar::Letter_Titlecase:
                return kUpperClass;
            case QChar::Letter_Lowercase:
                return kLowerClass;
            case QChar::Letter_Modifier:
            case QChar::Letter_Other:
                return kCaselessClass;
            case QChar::Mark_NonSpacing:
            case QChar::Mark_SpacingCombining:
            case QChar::Mark_Enclosing:
                return kMarkClass;
            case QChar::Number_DecimalDigit:
            case QChar::Number_Letter:
            case QChar::Number_Other:
                return kNumberClass;
            default:
                return kOtherClass;
        }
    };
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (QChar::category(c) == QChar::Other_NotAssigned) continue;
        if (char_class(c) != class_of_qt(c))
            QFAIL(qPrintable(QStringLiteral("U+%1").arg(static_cast<uint>(c), 4, 16)));
    }
}

QTEST_APPLESS_MAIN(TestUnicodeClass)
#include "tst_unicode_class.moc"
