#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/tokenizer_json.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <functional>

using namespace lares;

namespace {

/// A tokenizer.json with the vocabulary of a GGUF file, as Hugging Face's library writes one.
JsonDocument json_of(const GgufFile& file) {
    const auto tokens = file.get_strings("tokenizer.ggml.tokens").value();
    const auto types = file.get_integers("tokenizer.ggml.token_type").value();
    JsonDocument json;
    JsonDocument& model = json["model"];
    model["type"] = "BPE";
    model["ignore_merges"] = true;
    json["added_tokens"] = JsonDocument::array();
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        if (types[id] == 1) {
            model["vocab"][std::string(tokens[id])] = id;
        } else {
            json["added_tokens"].push_back(
                {{"id", id}, {"content", std::string(tokens[id])}, {"special", types[id] == 3}});
        }
    }
    model["merges"] = JsonDocument::array();
    const auto merges = file.get_strings("tokenizer.ggml.merges").value();
    for (const std::string_view merge : merges) {
        const std::size_t space = merge.find(' ');
        model["merges"].push_back(
            {std::string(merge.substr(0, space)), std::string(merge.substr(space + 1))});
    }
    json["pre_tokenizer"] = {{"type", "Split"}, {"pattern", {{"Regex", R"(\p{N}{1,3}| ?\p{L}+)"}}}};
    return json;
}

/// A vocabulary of the 256 bytes, one merge and one special token.
JsonDocument small() {
    const auto file = GgufFile::open(test::data_file("golden/t-F32.gguf"));
    JsonDocument json = json_of(*file);
    json["model"]["merges"] = JsonDocument::array();
    return json;
}
constexpr int kSmall = 384;

BpeTokenizer::ControlIds ends_with(std::vector<TokenId> eos_ids) {
    BpeTokenizer::ControlIds control;
    control.bos = "<s>";
    control.eos_ids = std::move(eos_ids);
    return control;
}

}  // namespace

/// tokenizer.json against the same vocabulary in GGUF, on the recorded texts.
class TestTokenizerJson : public QObject {
    Q_OBJECT

private slots:
    void readsTheRealVocabularyAsGgufHasIt();
    void refusesDamage_data();
    void refusesDamage();
    void idsWithoutATokenAreUnused();
    void mergesMayBeTexts();
    void knowsTekkensPattern();
    void stopsAtEveryEnd();
};

void TestTokenizerJson::readsTheRealVocabularyAsGgufHasIt() {
    const auto file = GgufFile::open(test::data_file("tokenizer/vocab.gguf"));
    QVERIFY(file);
    const auto gguf = BpeTokenizer::from_gguf(*file);
    QVERIFY(gguf);
    const auto read = read_tokenizer_json(json_of(*file), gguf->n_vocab());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    const auto tokenizer = BpeTokenizer::from_json(*read, ends_with({2, 11}));
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(tokenizer->n_vocab(), gguf->n_vocab());
    QCOMPARE(tokenizer->n_merges(), gguf->n_merges());
    int n_case = 0;
    const auto cases =
        JsonDocument::parse(test::read_file(test::data_file("tokenizer/cases.json")));
    const std::function<void(const JsonDocument&)> check = [&](const JsonDocument& value) {
        if (value.is_object() && value.contains("text") && value.contains("plain")) {
            const auto text = value["text"].get<std::string>();
            QCOMPARE(tokenizer->encode(text), value["plain"].get<std::vector<TokenId>>());
            QCOMPARE(tokenizer->encode_with_special(text), gguf->encode_with_special(text));
            ++n_case;
        } else if (value.is_structured()) {
            for (const JsonDocument& child : value) check(child);
        }
    };
    check(cases);
    QVERIFY(n_case > 100);
}

using Damage = std::function<void(JsonDocument&)>;
Q_DECLARE_METATYPE(Damage)

void TestTokenizerJson::refusesDamage_data() {
    QTest::addColumn<Damage>("damage");
    const auto row = [](const char* name, Damage damage) { QTest::newRow(name) << damage; };
    row("no model", [](JsonDocument& j) { j.erase("model"); });
    row("not BPE", [](JsonDocument& j) { j["model"]["type"] = "Unigram"; });
    row("normalizer", [](JsonDocument& j) { j["normalizer"] = {{"type", "NFC"}}; });
    row("byte fallback", [](JsonDocument& j) { j["model"]["byte_fallback"] = true; });
    row("no vocab", [](JsonDocument& j) { j["model"].erase("vocab"); });
    row("id past the end", [](JsonDocument& j) { j["model"]["vocab"]["ab"] = kSmall; });
    row("negative id", [](JsonDocument& j) { j["model"]["vocab"]["ab"] = -1; });
    row("id twice", [](JsonDocument& j) { j["model"]["vocab"]["ab"] = 5; });
    row("added id taken", [](JsonDocument& j) { j["added_tokens"][0]["id"] = 5; });
    row("added without content", [](JsonDocument& j) { j["added_tokens"][0].erase("content"); });
    row("no merges", [](JsonDocument& j) { j["model"].erase("merges"); });
    row("merge of three", [](JsonDocument& j) { j["model"]["merges"] = {{"a", "b", "c"}}; });
    row("merge of numbers", [](JsonDocument& j) { j["model"]["merges"] = {{1, 2}}; });
    row("unknown pattern",
        [](JsonDocument& j) { j["pre_tokenizer"]["pattern"]["Regex"] = R"(\w+)"; });
    row("no pattern", [](JsonDocument& j) { j["pre_tokenizer"] = 5; });
}

void TestTokenizerJson::refusesDamage() {
    QFETCH(Damage, damage);
    JsonDocument json = small();
    QVERIFY(read_tokenizer_json(json, kSmall));
    damage(json);
    const auto read = read_tokenizer_json(json, kSmall);
    QVERIFY(!read);
    QVERIFY(!read.error().message.empty());
}

void TestTokenizerJson::idsWithoutATokenAreUnused() {
    const auto read = read_tokenizer_json(small(), kSmall + 2);
    QVERIFY(read);
    QCOMPARE(read->tokens[kSmall], "[PAD384]");
    const auto tokenizer = BpeTokenizer::from_json(*read, {});
    QVERIFY(tokenizer);
    QCOMPARE(tokenizer->n_vocab(), kSmall + 2);
    QVERIFY(tokenizer->token_type(kSmall) == TokenType::Unused);
}

void TestTokenizerJson::mergesMayBeTexts() {
    JsonDocument json = small();
    json["model"]["merges"] = JsonDocument::array({"a b"});
    QCOMPARE(read_tokenizer_json(json, kSmall)->merges, std::vector<std::string>{"a b"});
    json["model"]["merges"] = JsonDocument::array({JsonDocument::array({"a", "b"})});
    QCOMPARE(read_tokenizer_json(json, kSmall)->merges, std::vector<std::string>{"a b"});
}

void TestTokenizerJson::knowsTekkensPattern() {
    JsonDocument json = small();
    json["pre_tokenizer"]["pattern"]["Regex"] = R"([\p{Lu}\p{Lt}]*[\p{Ll}]+|\p{N})";
    QVERIFY(read_tokenizer_json(json, kSmall)->pre_tokenizer == PreTokenizer::Tekken);
}

void TestTokenizerJson::stopsAtEveryEnd() {
    const auto read = read_tokenizer_json(small(), kSmall);
    const auto tokenizer = BpeTokenizer::from_json(*read, ends_with({300, 7}));
    QVERIFY(tokenizer);
    QCOMPARE(tokenizer->bos_id(), 1);
    QVERIFY(!tokenizer->add_bos());
    const auto stop = tokenizer->stop_ids();
    QCOMPARE((std::vector<TokenId>(stop.begin(), stop.end())), (std::vector<TokenId>{2, 7, 300}));
    QVERIFY(!BpeTokenizer::from_json(*read, ends_with({kSmall})));
}

QTEST_APPLESS_MAIN(TestTokenizerJson)
#include "tst_tokenizer_json.moc"
