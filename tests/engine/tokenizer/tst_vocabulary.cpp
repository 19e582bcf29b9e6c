#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <functional>

using namespace lares;
using lares::test::GgufWriter;

namespace {

/// What a file says of its tokenizer; the base case is a small good one, and each test changes it.
struct VocabularyFile {
    std::string model = "gpt2";
    std::string pre = "pixtral";
    std::vector<std::string> tokens;
    std::vector<std::int32_t> types;
    std::vector<std::string> merges = {"a b", "ab c"};
    std::vector<std::pair<std::string, std::uint32_t>> ids;
    std::string chat_template;

    void add(std::string token, TokenType type = TokenType::Normal) {
        tokens.push_back(std::move(token));
        types.push_back(static_cast<std::int32_t>(type));
    }
    void remove(std::size_t id) {
        tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(id));
        types.erase(types.begin() + static_cast<std::ptrdiff_t>(id));
    }

    [[nodiscard]] Result<BpeTokenizer> load() const {
        GgufWriter writer;
        writer.key("tokenizer.ggml.model", model)
            .key("tokenizer.ggml.pre", pre)
            .texts("tokenizer.ggml.tokens", tokens)
            .array("tokenizer.ggml.token_type", types)
            .texts("tokenizer.ggml.merges", merges);
        for (const auto& [key, id] : ids) writer.key("tokenizer.ggml." + key, id);
        if (!chat_template.empty()) writer.key("tokenizer.chat_template", chat_template);
        const std::string bytes = writer.bytes();
        const auto file = GgufFile::parse(std::as_bytes(std::span(bytes)), "test.gguf");
        if (!file) qFatal("%s", file.error().message.c_str());
        return BpeTokenizer::from_gguf(*file);
    }
};

constexpr std::size_t kFirstByte = 3;

std::string in_alphabet(int byte) {
    const bool itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    static const std::string kOthers = [] {
        std::string others;
        for (int b = 0; b < 256; ++b)
            if (!((b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174))
                others += static_cast<char>(b);
        return others;
    }();
    const char32_t code_point =
        itself ? static_cast<char32_t>(byte)
               : 256 + static_cast<char32_t>(kOthers.find(static_cast<char>(byte)));
    return QString::fromUcs4(&code_point, 1).toStdString();
}

/// `<unk>`, `<s>`, `</s>`, the 256 bytes, "ab", "abc".
VocabularyFile base_case() {
    VocabularyFile file;
    file.add("<unk>", TokenType::Unknown);
    for (const char* token : {"<s>", "</s>"}) file.add(token, TokenType::Control);
    for (int byte = 0; byte < 256; ++byte) file.add(in_alphabet(byte));
    file.add("ab");
    file.add("abc");
    return file;
}

constexpr TokenId kAb = kFirstByte + 256;
constexpr TokenId kAbc = kAb + 1;

TokenId byte_id(char c) {
    return static_cast<TokenId>(kFirstByte + static_cast<unsigned char>(c));
}

BpeTokenizer must_load(const VocabularyFile& file) {
    auto tokenizer = file.load();
    if (!tokenizer) qFatal("%s", tokenizer.error().message.c_str());
    return std::move(tokenizer).value();
}

std::vector<TokenId> stop_ids(const VocabularyFile& file) {
    const BpeTokenizer tokenizer = must_load(file);
    return {tokenizer.stop_ids().begin(), tokenizer.stop_ids().end()};
}

// mix_hash of engine/tokenizer/flat_hash.h backwards, to make a vocabulary that collides
// -------------

std::uint64_t inverse_of_odd(std::uint64_t x) {
    std::uint64_t inverse = x;  // right in 3 bits; each step of Newton's method doubles them
    for (int i = 0; i < 5; ++i) inverse *= 2 - x * inverse;
    return inverse;
}

std::uint64_t unmix(std::uint64_t hash) {
    hash ^= hash >> 32;
    hash *= inverse_of_odd(0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
    return hash * inverse_of_odd(0x9E3779B97F4A7C15);
}

}  // namespace

class TestVocabulary : public QObject {
    Q_OBJECT

private slots:
    void loadsTheBaseCase();
    void loadsTheModelsOfTheTests_data();
    void loadsTheModelsOfTheTests();
    void rejects_data();
    void rejects();
    void leavesOutMergesWhoseJoinIsNoToken();
    void unknownBytesBecomeTheUnknownToken();
    void byteEntriesStandForTheirByte();
    void choosesThePatternByName_data();
    void choosesThePatternByName();
    void stopsAtTheTokensOfTheFamily();
    void refusesAVocabularyMadeToCollide();
};

void TestVocabulary::loadsTheBaseCase() {
    const BpeTokenizer tokenizer = must_load(base_case());
    QCOMPARE(tokenizer.n_merges(), 2);
    QVERIFY(!tokenizer.add_bos());
    QVERIFY(!tokenizer.bos_id() && !tokenizer.eos_id());
    // "abc" is an entry; "ab" comes of a merge within " abd".
    QCOMPARE(tokenizer.encode("abc"), std::vector<TokenId>{kAbc});
    QCOMPARE(tokenizer.encode(" abd"), (std::vector<TokenId>{byte_id(' '), kAb, byte_id('d')}));
}

void TestVocabulary::loadsTheModelsOfTheTests_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"F32", "MIX", "Q4_K"}) QTest::newRow(name) << QString(name);
}

void TestVocabulary::loadsTheModelsOfTheTests() {
    QFETCH(QString, name);
    const auto file = GgufFile::open(test::data_file("golden/t-" + name.toStdString() + ".gguf"));
    QVERIFY(file);
    const auto tokenizer = BpeTokenizer::from_gguf(*file);
    QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().message.c_str());
    // Its merges are the single "! !", for which it has no token.
    QCOMPARE(tokenizer->n_merges(), 0);
    QCOMPARE(*tokenizer->decode(tokenizer->encode("Hi! !! ü")), std::string("Hi! !! ü"));
}

void TestVocabulary::rejects_data() {
    QTest::addColumn<std::function<void(VocabularyFile&)>>("damage");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("code");
    using File = VocabularyFile;
    const auto row = [](const char* name, const char* message, std::function<void(File&)> damage,
                        ErrorCode code = ErrorCode::Corrupt) {
        QTest::newRow(name) << damage << QString(message) << static_cast<int>(code);
    };
    row(
        "another tokenizer", "tokenizer model \"llama\"", [](File& f) { f.model = "llama"; },
        ErrorCode::Unsupported);
    row(
        "unknown pattern", "pre-tokenizer \"qwen2\"", [](File& f) { f.pre = "qwen2"; },
        ErrorCode::Unsupported);
    row(
        "no tokens", "a vocabulary of 0 tokens",
        [](File& f) {
            f.tokens.clear();
            f.types.clear();
        },
        ErrorCode::Unsupported);
    row("a type too few", "261 tokens but 260 token types", [](File& f) { f.types.pop_back(); });
    row("a type too many", "261 tokens but 262", [](File& f) { f.types.push_back(1); });
    row("type 0", "token 7 has the unknown type 0", [](File& f) { f.types[7] = 0; });
    row("type 7", "token 7 has the unknown type 7", [](File& f) { f.types[7] = 7; });
    row("type -1", "unknown type -1", [](File& f) { f.types[7] = -1; });
    row("empty token", "token 9 is empty", [](File& f) { f.tokens[9].clear(); });
    row("empty special token", "token 1 is empty", [](File& f) { f.tokens[1].clear(); });
    row("repeated token", "token 261 repeats token 259", [](File& f) { f.add("ab"); });
    row("repeated special token", "special token 261 repeats token 1",
        [](File& f) { f.add("<s>", TokenType::Control); });
    row("long special token", "special token 261 is longer than 256",
        [](File& f) { f.add(std::string(257, '<'), TokenType::UserDefined); });
    row("space in a token", "token 261 has a character outside the byte alphabet",
        [](File& f) { f.add("a b"); });
    row("character outside the alphabet", "token 261 has a character outside",
        [](File& f) { f.add("中"); });
    row("U+0144, one past the alphabet", "token 261 has a character outside",
        [](File& f) { f.add("\u0144"); });
    row("cut character in a token", "token 261 has a character outside",
        [](File& f) { f.add("a\xC4"); });
    row("invalid UTF-8 in a token", "token 261 has a character outside",
        [](File& f) { f.add("\xC4z"); });
    row("byte entry without form", "token 261 is of type byte",
        [](File& f) { f.add("<0xZZ>", TokenType::Byte); });
    row("merge without a space", "merge 2 has no space",
        [](File& f) { f.merges.push_back("abc"); });
    row("merge of three", "merge 2 has a character outside",
        [](File& f) { f.merges.push_back("a b c"); });
    row("merge of nothing", "merge 2 is not two tokens", [](File& f) { f.merges.push_back(" "); });
    row("merge with an empty side", "merge 2 is not two tokens",
        [](File& f) { f.merges.push_back("a "); });
    row("merge of what is no token", "merge 2 is not two tokens",
        [](File& f) { f.merges.push_back("xy a"); });
    row("merge of a special token", "merge 2 is not two tokens",
        [](File& f) { f.merges.push_back("<s> a"); });
    row("repeated merge", "merge 2 repeats", [](File& f) { f.merges.push_back("a b"); });
    row("BOS out of range", "bos_token_id is 261",
        [](File& f) { f.ids.emplace_back("bos_token_id", 261); });
    row("EOS out of range", "eos_token_id is 4294967295",
        [](File& f) { f.ids.emplace_back("eos_token_id", 0xFFFFFFFF); });
    row("EOT out of range", "eot_token_id is 300",
        [](File& f) { f.ids.emplace_back("eot_token_id", 300); });
    row("unknown token out of range", "unknown_token_id is 261",
        [](File& f) { f.ids.emplace_back("unknown_token_id", 261); });
    row("a byte missing, no unknown token", "no token for the byte 255", [](File& f) {
        f.remove(kFirstByte + 255);
        f.types[0] = static_cast<std::int32_t>(TokenType::Control);
    });
}

void TestVocabulary::rejects() {
    QFETCH(std::function<void(VocabularyFile&)>, damage);
    QFETCH(QString, message);
    QFETCH(int, code);
    VocabularyFile file = base_case();
    damage(file);
    const auto tokenizer = file.load();
    QVERIFY(!tokenizer);
    const QString got = QString::fromStdString(tokenizer.error().message);
    QVERIFY2(got.contains(message) && got.startsWith("test.gguf: "), qPrintable(got));
    QCOMPARE(static_cast<int>(tokenizer.error().code), code);
}

void TestVocabulary::leavesOutMergesWhoseJoinIsNoToken() {
    VocabularyFile file = base_case();
    file.merges = {"! !", "a b"};
    const BpeTokenizer tokenizer = must_load(file);
    QCOMPARE(tokenizer.n_merges(), 1);
    QCOMPARE(tokenizer.encode("!!!"), std::vector<TokenId>(3, byte_id('!')));
    QCOMPARE(tokenizer.encode("abab"), (std::vector<TokenId>{kAb, kAb}));
}

void TestVocabulary::unknownBytesBecomeTheUnknownToken() {
    VocabularyFile by_type = base_case();
    by_type.remove(kFirstByte + 'z');
    QCOMPARE(must_load(by_type).encode("z"), std::vector<TokenId>{0});

    VocabularyFile by_key = by_type;
    by_key.ids.emplace_back("unknown_token_id", 2);
    QCOMPARE(must_load(by_key).encode("z"), std::vector<TokenId>{2});
}

void TestVocabulary::byteEntriesStandForTheirByte() {
    VocabularyFile file = base_case();
    file.remove(kFirstByte + 'z');
    file.add("<0x7A>", TokenType::Byte);
    const BpeTokenizer tokenizer = must_load(file);
    QCOMPARE(tokenizer.encode("z"), std::vector<TokenId>{260});
    QCOMPARE(tokenizer.token_bytes(260), std::string_view("z"));
}

void TestVocabulary::choosesThePatternByName_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<PreTokenizer>("pattern");
    for (const char* name : {"pixtral", "llama3", "llama-v3", "llama-bpe"})
        QTest::newRow(name) << QString(name) << PreTokenizer::Llama3;
    QTest::newRow("tekken") << QString("tekken") << PreTokenizer::Tekken;
}

void TestVocabulary::choosesThePatternByName() {
    QFETCH(QString, name);
    QFETCH(PreTokenizer, pattern);
    VocabularyFile file = base_case();
    file.pre = name.toStdString();
    QCOMPARE(must_load(file).pre_tokenizer(), pattern);
}

void TestVocabulary::stopsAtTheTokensOfTheFamily() {
    using Ids = std::vector<TokenId>;
    VocabularyFile file = base_case();
    QCOMPARE(stop_ids(file), Ids{2});
    file.add("<|im_end|>", TokenType::Control);
    file.add("<SPECIAL_12>", TokenType::Control);
    QCOMPARE(stop_ids(file), (Ids{2, 261}));

    VocabularyFile with_keys = file;
    with_keys.ids = {{"eos_token_id", 261}, {"eot_token_id", 5}};
    QCOMPARE(stop_ids(with_keys), (Ids{2, 5, 261}));

    VocabularyFile eos_12 = file;
    eos_12.ids = {{"eos_token_id", 12}};
    QCOMPARE(stop_ids(eos_12), (Ids{2, 12, 261, 262}));

    VocabularyFile generation_b = file;
    generation_b.chat_template = "<SPECIAL_10>System\n<SPECIAL_11>User\n";
    QCOMPARE(stop_ids(generation_b), (Ids{2, 261, 262}));

    VocabularyFile generation_a = file;
    generation_a.chat_template = "<|im_start|>system\n<SPECIAL_10>";
    QCOMPARE(stop_ids(generation_a), (Ids{2, 261}));

    // A tag that is ordinary text is several tokens, and none of them stops.
    VocabularyFile as_text = base_case();
    as_text.add("<|im_end|>");
    QCOMPARE(stop_ids(as_text), Ids{2});
}

void TestVocabulary::refusesAVocabularyMadeToCollide() {
    // Entries of 8 bytes, chosen so that the lower halves of their hashes, which pick the slot,
    // agree.
    VocabularyFile file = base_case();
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const std::uint64_t word = unmix(i << 32) ^ 8;
        std::string token;
        for (int byte = 0; byte < 8; ++byte)
            token += in_alphabet(static_cast<int>(word >> (8 * byte) & 0xFF));
        file.add(token);
    }
    const auto tokenizer = file.load();
    QVERIFY(!tokenizer);
    QVERIFY2(tokenizer.error().message.find("collide") != std::string::npos,
             tokenizer.error().message.c_str());
}

QTEST_APPLESS_MAIN(TestVocabulary)
#include "tst_vocabulary.moc"
