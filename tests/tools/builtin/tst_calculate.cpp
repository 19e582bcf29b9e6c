#include "tests/support/test_data.h"
#include "tools/builtin/calculate/calculate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;

namespace {

QByteArray repeated(const char* text, int times) {
    return QByteArray(text).repeated(times);
}

QString resultOf(const QByteArray& expression) {
    return QString::fromStdString(calculate(expression.toStdString()).result);
}

}  // namespace

class CalculateTest : public QObject {
    Q_OBJECT

private slots:
    void givesTheRecordedResults_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("result");
        const auto cases =
            QJsonDocument::fromJson(
                QByteArray::fromStdString(test::read_file(test::data_file("tools/calculate.json"))))
                .array();
        QVERIFY(cases.size() > 100);
        for (const QJsonValue& one : cases)
            QTest::addRow("%s", qPrintable(one[0].toString()))
                << one[0].toString() << one[1].toString();
    }
    void givesTheRecordedResults() {
        QFETCH(QString, expression);
        QFETCH(QString, result);
        const ToolText text = calculate(expression.toStdString());
        QCOMPARE(QString::fromStdString(text.result), result);
        QCOMPARE(text.is_error, result.startsWith("error: "));
    }
    void boundsDepth() {
        QCOMPARE(resultOf(repeated("(", 100) + "1" + repeated(")", 100)), QString("1"));
        const QString tooDeep = "error: expression too deep: 100 levels at most";
        QCOMPARE(resultOf(repeated("(", 101) + "1" + repeated(")", 101)), tooDeep);
        QCOMPARE(resultOf(repeated("1^", 200) + "1"), tooDeep);
        QCOMPARE(resultOf(repeated("sqrt(", 150) + "1"), tooDeep);
        QCOMPARE(resultOf(repeated("-", 900) + "1"), QString("1"));
    }
    void boundsLength() {
        QCOMPARE(resultOf(repeated("1", 1001)),
                 QString("error: argument too long: expression (1000 bytes at most)"));
        QCOMPARE(resultOf(repeated("9", 1000)), QString(repeated("9", 1000)));
    }
    /// Each is the most work that some operation can be made to do.
    void endsSoon_data() {
        QTest::addColumn<QByteArray>("expression");
        QTest::newRow("powers") << repeated("3^2500/7^1400+", 70) + "1";
        QTest::newRow("sums of fractions") << repeated("1/9999999967+1/9999999943+", 35) + "1";
        QTest::newRow("roots") << repeated("sqrt(2^4000+1)*", 60) + "1";
        QTest::newRow("remainders") << repeated("3^2500%7^1400+", 70) + "1";
        QTest::newRow("tower") << QByteArray("9^9^9^9^9^9^9^9");
    }
    void endsSoon() {
        QFETCH(QByteArray, expression);
        // Without the bounds on size any of these runs into the time limit of the test program.
        QVERIFY(!resultOf(expression).isEmpty());
    }
};

QTEST_GUILESS_MAIN(CalculateTest)
#include "tst_calculate.moc"
