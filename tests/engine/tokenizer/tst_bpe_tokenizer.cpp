#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
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

using Kind = TextSegment::Kind;

/// Texts that a person, a file or a tool might bring to break out of their place.
constexpr std::string_view kHostile[] = {"<|im_end|>",  "<|im_start|>system\n",
                                         "<tool_call>", "</tool_call>",
                                         "[INST]",      "[/INST]",
                                         "</s>",        "<s>",
                                         "<unk>",       "<think>",
                                         "</think>",    "<SPECIAL_18>",
                                         "<|im_",       "end|>",
                                         "<",           "<|",
                                         "|>",          "</",
                                         "[",           "INST]",
                                         "hello",       " world",
                                         "\n",          "  ",
                                         "é",           "🙂",
                                         "\xF0\x9F",    "'ll",
                                         "123",         "x"};

constexpr std::string_view kMarkup[] = {"<|im_start|>", "<|im_end|>", "<think>", "</think>",
                                        "<tool_call>",  "</s>",       "[INST]",  "<SPECIAL_999>"};

bool is_special(const BpeTokenizer& tokenizer, TokenId id) {
    return tokenizer.token_type(id) != TokenType::Normal;
}

/// A random conversation, with the ids it must have: those of the plain runs between its markup.
struct Conversation {
    std::vector<TextSegment> prompt;
    std::string text;
    Ids ids;
    int n_markup = 0;
};

Conversation random_conversation(unsigned seed) {
    std::mt19937 random(seed);
    const auto any_of = [&](const auto& list) { return list[random() % std::size(list)]; };
    Conversation conversation;
    std::string plain;
    const auto flush = [&] {
        for (const TokenId id : llama3().encode(plain)) conversation.ids.push_back(id);
        plain.clear();
    };
    for (unsigned i = 0; i < 12; ++i) {
        TextSegment segment;
        if (random() % 2 == 0) {
            segment.kind = Kind::Markup;
            // Words around the markup, as in "<|im_start|>user\n".
            for (unsigned k = 0; k < random() % 4; ++k) {
                const bool special = random() % 2 == 0;
                const std::string piece(special ? any_of(kMarkup) : std::string_view("user\n"));
                segment.text += piece;
                if (!special) {
                    plain += piece;
                    continue;
                }
                flush();
                conversation.ids.push_back(*llama3().special_id(piece));
                ++conversation.n_markup;
            }
        } else {
            for (unsigned k = 0; k < random() % 6; ++k) segment.text += any_of(kHostile);
            plain += segment.text;
        }
        conversation.text += segment.text;
        conversation.prompt.push_back(std::move(segment));
    }
    flush();
    return conversation;
}

}  // namespace

class TestBpeTokenizer : public QObject {
    Q_OBJECT

private slots:
    void encodesTheRecordedCases_data();
    void encodesTheRecordedCases();
    void encodesTheVectorsOfTheSpecification_data();
    void encodesTheVectorsOfTheSpecification();
    void patternsDifferWhereTheSpecificationSaysSo_data();
    void patternsDifferWhereTheSpecificationSaysSo();

    void randomBytesComeBack();
    void randomUnicodeComesBack();
    void longTextsWithoutABorderComeBack();
    void plainTextNeverBecomesSpecial();

    void findsTheLongestSpecialToken();
    void textFullOfBracketsStaysPlain();
    void encodesAChatPrompt();
    void joinsPlainTextAcrossSegments();
    void specialTokensNeverCrossASegmentBorder();
    void randomConversationsKeepTheirMarkup();

    void knowsTheRealVocabulary();
    void decodeRefusesIdsOutOfRange();
    void decodePrintsSpecialTokensAsTheirText();
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

void TestBpeTokenizer::encodesTheVectorsOfTheSpecification_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Ids>("ids");
    const auto row = [](std::string text, Ids ids) {
        QTest::addRow("%s", QByteArray::fromStdString(text).toPercentEncoding(" ").constData())
            << text << ids;
    };
    // tokenizer.md §10; equal under both patterns.
    row("The capital of France is the city of", {1784, 8961, 1307, 5498, 1395, 1278, 5970, 1307});
    row(" Paris", {6993});
    row("Over.", {5238, 1046});
    row("Hello", {22177});
    row("Hello world", {22177, 4304});
    row("Hello, world!\n", {22177, 1044, 4304, 11330});
    row("\n", {1010});
    row("\n\n", {1267});
    row("  ", {1256});
    row("   a", {1256, 1261});
    row("\t\tx", {1009, 47623});
    row("1234567890", {1049, 1050, 1051, 1052, 1053, 1054, 1055, 1056, 1057, 1048});
    row("3.14", {1051, 1046, 1049, 1052});
    row("don't", {21797, 2405});
    row("I'M", {1073, 1039, 1077});
    row("HelloWorld getHTTPResponse", {22177, 20249, 2012, 30499, 6566});
    row("# Tools\n\nYou have", {1035, 49977, 1267, 4568, 1736});
    row("user\n", {3263, 1010});
    row("assistant\n", {1503, 19464, 1010});
    row("system\n", {25708, 1010});
    row("User\n", {4019, 1010});
    row("Assistant\n", {102897, 1010});
    row("System\n", {6775, 1010});
    row("Größe naïve café", {20560, 1792, 9755, 98355, 35858});
    row("日本語テスト", {10008, 15199, 7282, 13854});
    row("Привет мир", {45497, 13745, 50430});
    row("مرحبا", {4341, 1708, 26986});
    row("🙂👍🏽", {1240, 1159, 1153, 1130, 1240, 1159, 1145, 1141, 1240, 1159, 1143, 1189});
    row("e\u0301", {1101, 1204, 1129});
    row("a\r\nb\r\n", {1097, 1013, 1010, 1098, 1013, 1010});
    row("int main() { return 0; }\n", {1594, 2830, 1690, 1445, 1850, 1032, 1048, 1059, 1826});
    row(".\n</think>\n\n", {1626, 1885, 74045, 3318});
    row("", {});
}

void TestBpeTokenizer::encodesTheVectorsOfTheSpecification() {
    QFETCH(std::string, text);
    QFETCH(Ids, ids);
    QCOMPARE(show(llama3().encode(text)), show(ids));
    QCOMPARE(show(tekken().encode(text)), show(ids));
}

void TestBpeTokenizer::patternsDifferWhereTheSpecificationSaysSo_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Ids>("by_llama3");
    QTest::addColumn<Ids>("by_tekken");
    // tokenizer.md §2.
    QTest::newRow("apostrophe") << std::string("O'Reilly") << Ids{1079, 1039, 2596, 14637}
                                << Ids{1079, 1039, 111981};
    QTest::newRow("slash") << std::string("foo;\n/bar") << Ids{20182, 1365, 1047, 3947}
                           << Ids{20182, 51440, 3947};
    QTest::newRow("Devanagari") << std::string("नमस्ते") << Ids{2485, 3525, 3053, 6660, 1803}
                                << Ids{2485, 3525, 22475, 1803};
    QTest::newRow("Thai") << std::string("สวัสดี") << Ids{8335, 6851, 4739, 75530, 5324}
                          << Ids{8335, 61695, 8335, 64836};
}

void TestBpeTokenizer::patternsDifferWhereTheSpecificationSaysSo() {
    QFETCH(std::string, text);
    QFETCH(Ids, by_llama3);
    QFETCH(Ids, by_tekken);
    QCOMPARE(show(llama3().encode(text)), show(by_llama3));
    QCOMPARE(show(tekken().encode(text)), show(by_tekken));
}

// Round trips -------------------------------------------------------------------------------------

void TestBpeTokenizer::randomBytesComeBack() {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        std::string bytes(random() % 300, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        for (const auto* tokenizer : {&llama3(), &tekken()}) {
            const auto text = tokenizer->decode(tokenizer->encode(bytes));
            QVERIFY(text && *text == bytes);
        }
    }
}

void TestBpeTokenizer::randomUnicodeComesBack() {
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        // Blocks of 256 code points, so that neighbours are of one script as in real text.
        QString text;
        for (int run = 0; run < 10; ++run) {
            const char32_t block = random() % 3 == 0 ? random() % 0x1100 : random() % 0x30;
            for (unsigned i = 0; i < 1 + random() % 8; ++i) {
                const char32_t c = block * 256 + random() % 256;
                if (c < 0xD800 || c > 0xDFFF) text += QString::fromUcs4(&c, 1);
            }
        }
        const std::string utf8 = text.toStdString();
        for (const auto* tokenizer : {&llama3(), &tekken()}) {
            const auto back = tokenizer->decode(tokenizer->encode(utf8));
            QVERIFY(back && *back == utf8);
        }
    }
}

void TestBpeTokenizer::longTextsWithoutABorderComeBack() {
    std::mt19937 random(3);
    std::string letters(200'000, ' ');
    for (char& c : letters) c = static_cast<char>('a' + random() % 26);
    for (const std::string& text :
         {letters, std::string(200'000, 'A'), std::string(200'000, ' '), std::string(200'000, '\n'),
          std::string(200'000, '\xFF'), std::string(200'000, '=')}) {
        for (const auto* tokenizer : {&llama3(), &tekken()}) {
            const auto back = tokenizer->decode(tokenizer->encode(text));
            QVERIFY(back && *back == text);
        }
    }
}

void TestBpeTokenizer::plainTextNeverBecomesSpecial() {
    for (TokenId id = 0; id < 1000; ++id)
        for (const TokenId got : llama3().encode(llama3().token_bytes(id))) QVERIFY(got >= 1000);
}

// Special tokens ----------------------------------------------------------------------------------

void TestBpeTokenizer::findsTheLongestSpecialToken() {
    QCOMPARE(show(llama3().encode_with_special("<SPECIAL_18><SPECIAL_180>")),
             QByteArray("[18,180]"));
    QCOMPARE(show(llama3().encode_with_special("[INST][/INST]")), QByteArray("[3,4]"));
    QCOMPARE(show(llama3().encode_with_special("<<s>>")), show({1060, 1, 1062}));
    QCOMPARE(*llama3().special_id("<|im_end|>"), 11);
    QVERIFY(!llama3().special_id("<|im_end|"));
    QVERIFY(!llama3().special_id("Hello"));
    QVERIFY(!llama3().special_id(""));
}

void TestBpeTokenizer::textFullOfBracketsStaysPlain() {
    for (const std::string_view unit : {"<", "<|im_star", "<SPECIAL_", "[/"}) {
        std::string text;
        while (text.size() < 300'000) text += unit;
        QVERIFY(llama3().encode_with_special(text) == llama3().encode(text));
    }
}

void TestBpeTokenizer::encodesAChatPrompt() {
    const Ids ids = {10, 3263, 1010, 22177, 11, 1010};
    QCOMPARE(show(llama3().encode_with_special("<|im_start|>user\nHello<|im_end|>\n")), show(ids));
    const std::vector<TextSegment> prompt = {{Kind::Markup, "<|im_start|>user\n"},
                                             {Kind::Plain, "Hello"},
                                             {Kind::Markup, "<|im_end|>\n"}};
    QCOMPARE(show(llama3().encode(prompt)), show(ids));
}

void TestBpeTokenizer::joinsPlainTextAcrossSegments() {
    const std::vector<TextSegment> prompt = {{Kind::Plain, "Hel"},     {Kind::Markup, "lo wo"},
                                             {Kind::Plain, ""},        {Kind::Plain, "r"},
                                             {Kind::Markup, "ld<s>"},  {Kind::Plain, "\xF0\x9F"},
                                             {Kind::Plain, "\x99\x82"}};
    QCOMPARE(show(llama3().encode(prompt)), show({22177, 4304, 1, 1240, 1159, 1153, 1130}));
    QVERIFY(llama3().encode(std::span<const TextSegment>()).empty());
}

void TestBpeTokenizer::specialTokensNeverCrossASegmentBorder() {
    const Ids plain = llama3().encode("<|im_end|>");
    for (const auto& [first, second] :
         {std::pair{Kind::Plain, Kind::Plain}, std::pair{Kind::Plain, Kind::Markup},
          std::pair{Kind::Markup, Kind::Plain}, std::pair{Kind::Markup, Kind::Markup}}) {
        for (std::size_t at = 1; at < 10; ++at) {
            const std::string text = "<|im_end|>";
            const std::vector<TextSegment> prompt = {{first, text.substr(0, at)},
                                                     {second, text.substr(at)}};
            QCOMPARE(show(llama3().encode(prompt)), show(plain));
        }
    }
}

void TestBpeTokenizer::randomConversationsKeepTheirMarkup() {
    for (unsigned seed = 0; seed < 1000; ++seed) {
        const Conversation conversation = random_conversation(seed);
        const Ids ids = llama3().encode(conversation.prompt);
        QCOMPARE(show(ids), show(conversation.ids));
        const auto n_special =
            std::ranges::count_if(ids, [](TokenId id) { return is_special(llama3(), id); });
        QCOMPARE(n_special, conversation.n_markup);
        const auto text = llama3().decode(ids);
        QVERIFY(text && *text == conversation.text);
    }
}

// The vocabulary ----------------------------------------------------------------------------------

void TestBpeTokenizer::knowsTheRealVocabulary() {
    QCOMPARE(llama3().n_vocab(), 131072);
    QCOMPARE(llama3().n_merges(), 269443);
    QCOMPARE(llama3().pre_tokenizer(), PreTokenizer::Llama3);
    QCOMPARE(tekken().pre_tokenizer(), PreTokenizer::Tekken);
    QCOMPARE(llama3().bos_id(), std::optional<TokenId>(1));
    QCOMPARE(llama3().eos_id(), std::optional<TokenId>(11));
    QVERIFY(llama3().add_bos());
    QCOMPARE(show({llama3().stop_ids().begin(), llama3().stop_ids().end()}), QByteArray("[2,11]"));
    for (int byte = 0; byte < 256; ++byte)
        QCOMPARE(llama3().token_bytes(1000 + byte), std::string_view(std::string(1, char(byte))));
    QCOMPARE(llama3().token_type(11), TokenType::Control);
    QCOMPARE(llama3().token_type(14), TokenType::UserDefined);
    QCOMPARE(llama3().token_type(22177), TokenType::Normal);
}

void TestBpeTokenizer::decodeRefusesIdsOutOfRange() {
    for (const TokenId id : {-1, 131072, std::numeric_limits<TokenId>::max()}) {
        const auto text = llama3().decode(Ids{22177, id});
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::InvalidArgument);
    }
}

void TestBpeTokenizer::decodePrintsSpecialTokensAsTheirText() {
    QCOMPARE(*llama3().decode(Ids{10, 3263, 1010, 15}),
             std::string("<|im_start|>user\n</tool_call>"));
}

QTEST_APPLESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
