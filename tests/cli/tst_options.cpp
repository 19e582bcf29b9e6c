#include "app/cli/options.h"

#include <QTest>

using namespace lares;
using namespace lares::cli;

namespace {

const std::vector<OptionSpec> kSpecs = {
    {"model", 'm', OptionKind::Text, "PATH", "a file"},
    {"count", 'n', OptionKind::Integer, "N", "how many", 0, 100},
    {"share", 0, OptionKind::Number, "P", "a share", 0, 1},
    {"depth", 'd', OptionKind::IntegerList, "N", "depths", 0},
    {"folder", 0, OptionKind::TextList, "DIR", "folders"},
    {"greedy", 'g', OptionKind::Flag, "", "no chance"},
};

Result<Options> parse(const std::vector<std::string>& words, int maxPositional = 1) {
    return Options::parse(kSpecs, words, maxPositional);
}

}  // namespace

class OptionsTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryWayToWriteAValue();
    void theLastOfTwoCounts();
    void aListKeepsAll();
    void dashesEndTheOptions();
    void refusesWhatMakesNoSense_data();
    void refusesWhatMakesNoSense();
    void absentIsAbsent();
    void wrapsLongHelp();
};

void OptionsTest::aListKeepsAll() {
    const auto options = parse({"--folder", "a", "--folder=b"});
    QVERIFY(options);
    const std::vector<std::string> both = {"a", "b"};
    QCOMPARE(options->texts("folder"), both);
    QVERIFY(options->texts("model").empty());
}

void OptionsTest::readsEveryWayToWriteAValue() {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"--count", "7"}, {"--count=7"}, {"-n", "7"}, {"-n7"}}) {
        const auto options = parse(words);
        QVERIFY(options.has_value());
        QCOMPARE(options->integerOr("count", 0), 7);
    }
    const auto options =
        parse({"-g", "--share", "0.5", "-d", "0,16,4096", "--model", "a b.gguf", "-"});
    QVERIFY(options.has_value());
    QVERIFY(options->has("greedy"));
    QCOMPARE(options->number("share").value_or(0), 0.5);
    QCOMPARE(options->integersOr("depth", {}), (std::vector<std::int64_t>{0, 16, 4096}));
    QCOMPARE(options->text("model").value_or(""), std::string("a b.gguf"));
    QCOMPARE(options->positional(), std::vector<std::string>{"-"});
}

void OptionsTest::theLastOfTwoCounts() {
    QCOMPARE(parse({"-n", "1", "-n", "2"})->integerOr("count", 0), 2);
}

void OptionsTest::dashesEndTheOptions() {
    QCOMPARE(parse({"--", "--count"})->positional(), std::vector<std::string>{"--count"});
}

void OptionsTest::refusesWhatMakesNoSense_data() {
    QTest::addColumn<QStringList>("words");
    QTest::newRow("unknown") << QStringList{"--nothing"};
    QTest::newRow("unknown letter") << QStringList{"-x"};
    QTest::newRow("value missing") << QStringList{"--count"};
    QTest::newRow("value of a flag") << QStringList{"--greedy=1"};
    QTest::newRow("no number") << QStringList{"-n", "seven"};
    QTest::newRow("number and more") << QStringList{"-n", "7up"};
    QTest::newRow("too large") << QStringList{"-n", "101"};
    QTest::newRow("not a number") << QStringList{"--share", "nan"};
    QTest::newRow("hole in a list") << QStringList{"-d", "1,,2"};
    QTest::newRow("empty list") << QStringList{"-d", ""};
    QTest::newRow("too many arguments") << QStringList{"one", "two"};
}

void OptionsTest::refusesWhatMakesNoSense() {
    QFETCH(QStringList, words);
    std::vector<std::string> plain;
    for (const QString& word : words) plain.push_back(word.toStdString());
    const auto options = parse(plain);
    QVERIFY(!options.has_value());
    QCOMPARE(options.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!options.error().message.empty());
}

void OptionsTest::absentIsAbsent() {
    const auto options = parse({});
    QVERIFY(!options->has("greedy"));
    QVERIFY(!options->text("model"));
    QCOMPARE(options->integerOr("count", 5), 5);
    QCOMPARE(options->integersOr("depth", {3}), std::vector<std::int64_t>{3});
}

void OptionsTest::wrapsLongHelp() {
    const std::string words =
        "many words that go on and on and on and on, past the edge of any terminal, and then some "
        "more";
    const std::vector<OptionSpec> specs = {{"long", 0, OptionKind::Flag, "", words}};
    for (const QByteArray& line : QByteArray::fromStdString(describe(specs)).split('\n'))
        QVERIFY(line.size() <= 100);
}

QTEST_APPLESS_MAIN(OptionsTest)
#include "tst_options.moc"
