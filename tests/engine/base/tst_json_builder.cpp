#include "engine/base/json_builder.h"

#include <QTest>

using namespace lares;
using Json = nlohmann::ordered_json;

class TestJsonBuilder : public QObject {
    Q_OBJECT

private slots:
    void buildsWhatTheParserBuilds();
    void refuses_data();
    void refuses();
    void aLongKeyIsCutBetweenCharacters();
};

void TestJsonBuilder::buildsWhatTheParserBuilds() {
    const std::string text =
        R"({"b":[1,-2,3.5,true,null,"x"],"a":{"c":{},"d":[[],[{}]]},"e":18446744073709551615})";
    JsonBuilder<Json> builder({.depth = 8});
    QVERIFY(Json::sax_parse(text, &builder));
    QCOMPARE(builder.root().dump(), text);
}

void TestJsonBuilder::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("problem");
    QTest::addColumn<bool>("isTooMuch");
    QTest::newRow("nothing") << QByteArray() << QByteArray("not valid JSON") << false;
    QTest::newRow("an end missing") << QByteArray("[1") << QByteArray("not valid JSON") << false;
    QTest::newRow("more behind it") << QByteArray("[1] 2") << QByteArray("not valid JSON") << false;
    QTest::newRow("a key twice") << QByteArray(R"({"a":1,"a":2})") << QByteArray("'a' occurs twice")
                                 << false;
    QTest::newRow("depth") << QByteArray("[[[[]]]]") << QByteArray("deeper than 3") << true;
    QTest::newRow("values") << QByteArray("[1,2,3,4,5,6]") << QByteArray("more than 6 values")
                            << true;
    QTest::newRow("keys") << QByteArray(R"({"a":1,"b":2,"c":3})") << QByteArray("more than 2 keys")
                          << true;
}

void TestJsonBuilder::refuses() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, problem);
    QFETCH(bool, isTooMuch);
    JsonBuilder<Json> builder({.depth = 3, .n_value = 6, .n_key = 2});
    QVERIFY(!Json::sax_parse(text.toStdString(), &builder));
    QVERIFY2(builder.problem().find(problem.toStdString()) != std::string::npos,
             builder.problem().c_str());
    QCOMPARE(builder.is_beyond_bounds(), isTooMuch);
}

void TestJsonBuilder::aLongKeyIsCutBetweenCharacters() {
    const std::string key = std::string(79, 'k') + "\u00e9\u00e9";
    JsonBuilder<Json> builder({.depth = 3});
    QVERIFY(!Json::sax_parse("{\"" + key + "\":1,\"" + key + "\":2}", &builder));
    QCOMPARE(QString::fromStdString(Json(builder.problem()).dump()),
             "\"the key '" + QString(79, 'k') + "' occurs twice\"");
}

QTEST_APPLESS_MAIN(TestJsonBuilder)
#include "tst_json_builder.moc"
