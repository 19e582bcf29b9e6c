#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <random>

using namespace lares;
using nlohmann::json;

namespace {

using Ids = std::vector<TokenId>;

BpeTokenizer load_real(std::optional<PreTokenizer> pre_tokenizer = std::nullopt) {
    const auto file = GgufFile::open(test::data_file("tokenizer/vocab.gguf"));
    if (!file) qFatal("%s", file.error().message.c_str());
    auto tokenizer = BpeTokenizer::from_gguf(*file, pre_tokenizer);
    if (!tokenizer) qFatal("%s", tokenizer.error().message.c_str());
    return std::move(tokenizer).value();
}

const BpeTokenizer& llama3() {
    static const BpeTokenizer tokenizer = load_real();
    return tokenizer;
}

const BpeTokenizer& tekken() {
    static const BpeTokenizer tokenizer = load_real(PreTokenizer::Tekken);
    return tokenizer;
}

const json& recorded_cases() {
    static const json cases = json::parse(test::read_file(test::data_file("tokenizer/cases.json")));
    return cases;
}

QByteArray show(const Ids& ids) {
    return QByteArray::fromStdString(json(ids).dump());
}

}  // namespace

class TestBpeTokenizer : public QObject {
    Q_OBJECT

private slots:
    void encodesTheRecordedCases_data();
    void encodesTheRecordedCases();
};

void TestBpeTokenizer::encodesTheRecordedCases_data() {
    QTest::addColumn<int>("index");
    QCOMPARE(recorded_cases().size(), 500U);
    for (int i = 0; i < 500; ++i) QTest::addRow("case %d", i) << i;
}

void TestBpeTokenizer::encodesTheRecordedCases() {
    QFETCH(int, index);
    const json& recorded = recorded_cases()[index];
    const auto text = recorded["text"].get<std::string>();
    QCOMPARE(show(llama3().encode(text)), show(recorded["plain"].get<Ids>()));
    QCOMPARE(show(tekken().encode(text)), show(recorded["tekken"].get<Ids>()));
    if (recorded.contains("special"))
        QCOMPARE(show(llama3().encode_with_special(text)), show(recorded["special"].get<Ids>()));
}

QTEST_APPLESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
