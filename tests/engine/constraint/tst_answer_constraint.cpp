// An answer that is held to its form, token by token, with the vocabulary of Lares Mini. What is
// picked is drawn at random from what may be picked: no model is needed to write nonsense.

#include "engine/chat/output_parser.h"
#include "engine/chat/visible_bytes.h"
#include "engine/constraint/answer_constraint.h"
#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/utf8_stream.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace lares;

namespace {

const BpeTokenizer& vocabulary() {
    static const BpeTokenizer kTokenizer = [] {
        const auto file = GgufFile::open(test::source_file("resources/mini_model/lares-mini.gguf"));
        auto tokenizer = BpeTokenizer::from_gguf(*file);
        return std::move(*tokenizer);
    }();
    return kTokenizer;
}

std::vector<Json> some_tools() {
    const Json list = *parse_json(R"([
        {"type":"function","function":{"name":"read_file","parameters":{"type":"object","properties":{
            "path":{"type":"string"},"lines":{"type":"integer"}},"required":["path"]}}},
        {"type":"function","function":{"name":"get_time","parameters":{"type":"object","properties":{}}}}
    ])");
    return {list.begin(), list.end()};
}

/// One answer: what is written is parsed and followed, and drawn from what is allowed.
struct Writer {
    Writer(const std::vector<Json>& tools,
           const AnswerForm& form,
           bool thinks,
           PromptFormat format = PromptFormat::Nemotron3)
        : cache(vocabulary(), format)
        , parser({format, thinks, false, tools})
        , constraint(grammars(cache, tools, form), thinks) {}

    static AnswerGrammars grammars(GrammarCache& cache,
                                   const std::vector<Json>& tools,
                                   const AnswerForm& form) {
        auto made = cache.find_or_make(tools, form);
        if (!made) qFatal("%s", made.error().message.c_str());
        return *made;
    }

    void write(const std::string& words) {
        for (const TokenId id : vocabulary().encode_with_special(words)) push(id);
    }

    void push(TokenId id) {
        const auto bytes = visible_bytes(vocabulary(), id);
        for (OutputEvent& event : parser.push(utf8.push(bytes))) take(std::move(event));
        constraint.follow(bytes, parser.is_thinking(), parser.is_in_call());
    }

    void take(OutputEvent event) {
        if (auto* delta = std::get_if<TextDelta>(&event)) text += delta->text;
        if (auto* call = std::get_if<ToolCall>(&event)) calls.push_back(*call);
        if (std::get_if<MalformedToolCall>(&event)) ++n_malformed;
    }

    /// Draws until `is_over`, the end of the answer, or `most` tokens; whether the answer ended.
    template <class IsOver>
    bool draw(std::mt19937& random, int most, IsOver is_over) {
        const auto stops = vocabulary().stop_ids();
        for (int i = 0; i < most && !is_over(); ++i) {
            const auto mask = constraint.allowed_or_null();
            if (!mask) return false;
            std::vector<TokenId> all;
            std::vector<TokenId> ending;
            for (TokenId id = 0; id < vocabulary().n_vocab(); ++id) {
                if (!mask->allows(id)) continue;
                if (std::ranges::binary_search(stops, id)) {
                    for (OutputEvent& event : parser.finish()) take(std::move(event));
                    return true;
                }
                all.push_back(id);
                const auto bytes = visible_bytes(vocabulary(), id);
                if (bytes.find_first_of("<>\"}]/\n") != std::string_view::npos)
                    ending.push_back(id);
            }
            const auto& from = !ending.empty() && random() % 3 != 0 ? ending : all;
            if (from.empty()) return false;
            push(from[random() % from.size()]);
        }
        return false;
    }

    GrammarCache cache;
    OutputParser parser;
    AnswerConstraint constraint;
    Utf8Stream utf8;
    std::string text;
    std::vector<ToolCall> calls;
    int n_malformed = 0;
};

const char* const kSchema = R"({"type":"object","properties":{"city":{"type":"string"},
    "days":{"type":"array","items":{"type":"integer"},"maxItems":3}},"required":["city","days"]})";

AnswerForm json_form() {
    return {AnswerForm::Kind::JsonValue, *parse_json(kSchema), {}};
}

}  // namespace

class TestAnswerConstraint : public QObject {
    Q_OBJECT

private slots:
    void freeTextIsFree();
    void aCallThatIsBegunBecomesOne_data();
    void aCallThatIsBegunBecomesOne();
    void aTagThatIsTalkedAboutIsText();
    void callsInThinkingAreHeldToo();
    void jsonIsAllThatIsWritten();
    void jsonComesBehindTheThinking();
    void saysWhatMustComeNext();
    void aCallThatIsAskedForIsMade();
    void jsonOrACall();
    void aCacheRemembersTheLastFew();
    void badFormsAreSaid();
};

void TestAnswerConstraint::freeTextIsFree() {
    Writer writer(some_tools(), {}, true);
    QVERIFY(!writer.constraint.allowed_or_null());
    writer.write("Thinking about it.\n</think>\nHello <b>you</b>");
    QVERIFY(!writer.constraint.allowed_or_null());
}

void TestAnswerConstraint::aCallThatIsBegunBecomesOne_data() {
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("opening");
    QTest::newRow("A") << static_cast<int>(PromptFormat::Nemotron3)
                       << QByteArray("Let me look.\n<tool_call>\n<");
    QTest::newRow("B") << static_cast<int>(PromptFormat::NemotronV2)
                       << QByteArray("Let me look.\n<TOOLCALL>[");
}

void TestAnswerConstraint::aCallThatIsBegunBecomesOne() {
    QFETCH(int, format);
    QFETCH(QByteArray, opening);
    std::mt19937 random(1);
    int n_ended = 0;
    for (int i = 0; i < 16; ++i) {
        Writer writer(some_tools(), {}, false, static_cast<PromptFormat>(format));
        writer.write(opening.toStdString());
        QVERIFY(writer.constraint.allowed_or_null());
        writer.draw(random, 1500, [&] { return !writer.parser.is_in_call(); });
        QCOMPARE(writer.n_malformed, 0);
        if (writer.parser.is_in_call()) continue;
        ++n_ended;
        QVERIFY(!writer.calls.empty());
        for (const ToolCall& call : writer.calls)
            QVERIFY2(call.name == "get_time" || call.arguments.contains("path"), call.name.c_str());
        QVERIFY(!writer.constraint.allowed_or_null());  // what follows is free again
    }
    QVERIFY2(n_ended > 3, std::to_string(n_ended).c_str());
}

void TestAnswerConstraint::aTagThatIsTalkedAboutIsText() {
    Writer writer(some_tools(), {}, false);
    writer.write("A call begins with <tool_call> and");
    QVERIFY(!writer.constraint.allowed_or_null());
    QVERIFY(!writer.parser.is_in_call());
}

void TestAnswerConstraint::callsInThinkingAreHeldToo() {
    Writer writer(some_tools(), {}, true);
    writer.write("I should look.\n<tool_call>\n<function=");
    const auto mask = writer.constraint.allowed_or_null();
    QVERIFY(mask);
    QVERIFY(mask->allows(vocabulary().encode("read").front()));
    QVERIFY(!mask->allows(vocabulary().encode("x").front()));
}

void TestAnswerConstraint::jsonIsAllThatIsWritten() {
    std::mt19937 random(2);
    int n_ended = 0;
    for (int i = 0; i < 16; ++i) {
        Writer writer({}, json_form(), false);
        if (!writer.draw(random, 1500, [] { return false; })) continue;
        ++n_ended;
        const auto json = parse_json(writer.text);
        QVERIFY2(json, writer.text.c_str());
        QVERIFY(json->at("city").is_string() && json->at("days").is_array());
        QVERIFY(json->at("days").size() <= 3);
    }
    QVERIFY2(n_ended > 3, std::to_string(n_ended).c_str());
}

void TestAnswerConstraint::jsonComesBehindTheThinking() {
    std::mt19937 random(3);
    Writer writer({}, json_form(), true);
    const auto thinking = writer.constraint.allowed_or_null();
    QVERIFY(thinking);
    for (const TokenId id : vocabulary().stop_ids()) QVERIFY(!thinking->allows(id));
    writer.write("Some {thoughts}, \"as\" they come\n</think>\n\n");
    const auto mask = writer.constraint.allowed_or_null();
    QVERIFY(mask);
    QVERIFY(mask->allows(vocabulary().encode("{").front()));
    QVERIFY(!mask->allows(vocabulary().encode("Sure").front()));
    for (int i = 0; i < 20 && writer.text.empty(); ++i)
        writer.draw(random, 1500, [] { return false; });
    QVERIFY(writer.text.starts_with("{"));
}

void TestAnswerConstraint::saysWhatMustComeNext() {
    Writer writer(some_tools(), {}, false);
    writer.write("Hello");
    QCOMPARE(writer.constraint.forced_text(), std::string());
    writer.write("\n<tool_call>\n<");
    QCOMPARE(writer.constraint.forced_text(), std::string("function="));
    writer.write("function=g");
    QCOMPARE(writer.constraint.forced_text(), std::string("et_time>\n</function>\n</tool_call>"));
}

void TestAnswerConstraint::aCallThatIsAskedForIsMade() {
    std::mt19937 random(4);
    int n_made = 0;
    for (int i = 0; i < 16; ++i) {
        Writer writer(some_tools(), {AnswerForm::Kind::Call, Json::object(), "get_time"}, false);
        writer.draw(random, 1500, [&] { return !writer.calls.empty(); });
        QCOMPARE(writer.n_malformed, 0);
        if (writer.calls.empty()) continue;
        ++n_made;
        QCOMPARE(writer.calls.front().name, std::string("get_time"));
        writer.draw(random, 20, [&] { return !writer.parser.is_in_call(); });
        QVERIFY(!writer.constraint.allowed_or_null());  // what follows is free
    }
    QVERIFY2(n_made > 3, std::to_string(n_made).c_str());
}

void TestAnswerConstraint::jsonOrACall() {
    Writer writer(some_tools(), json_form(), false);
    const auto mask = writer.constraint.allowed_or_null();
    QVERIFY(mask);
    QVERIFY(mask->allows(vocabulary().encode("{").front()));
    QVERIFY(mask->allows(vocabulary().encode_with_special("<tool_call>").front()));
    QVERIFY(!mask->allows(vocabulary().encode("Hello").front()));
}

void TestAnswerConstraint::aCacheRemembersTheLastFew() {
    GrammarCache cache(vocabulary(), PromptFormat::Nemotron3);
    const auto first = cache.find_or_make(some_tools(), {});
    QVERIFY(first && first->calls);
    QVERIFY(cache.find_or_make(some_tools(), {})->calls == first->calls);
    for (int i = 0; i < 4; ++i) {
        AnswerForm form = json_form();
        form.schema["title"] = std::to_string(i);
        QVERIFY(cache.find_or_make({}, form));
    }
    QVERIFY(cache.find_or_make(some_tools(), {})->calls != first->calls);
    QVERIFY(!cache.find_or_make({}, {})->calls);
}

void TestAnswerConstraint::badFormsAreSaid() {
    GrammarCache cache(vocabulary(), PromptFormat::Nemotron3);
    AnswerForm form = json_form();
    form.schema["properties"]["city"]["pattern"] = "x";
    const auto pattern = cache.find_or_make({}, form);
    QVERIFY(!pattern);
    QCOMPARE(pattern.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!cache.find_or_make({}, {AnswerForm::Kind::Call, Json::object(), {}}));
    QVERIFY(!cache.find_or_make(some_tools(), {AnswerForm::Kind::Call, Json::object(), "move"}));
}

QTEST_APPLESS_MAIN(TestAnswerConstraint)
#include "tst_answer_constraint.moc"
