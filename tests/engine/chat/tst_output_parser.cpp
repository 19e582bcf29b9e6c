#include "engine/base/json.h"
#include "engine/chat/output_parser.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>

using namespace lares;

namespace {

// All events of an answer put together.
struct Answer {
    std::string thinking;
    std::string text;
    std::vector<ToolCall> calls;
    std::vector<std::string> errors;
    std::string raw;  // of the malformed calls

    void add(std::vector<OutputEvent> events) {
        for (OutputEvent& event : events) {
            if (auto* delta = std::get_if<ThinkingDelta>(&event)) thinking += delta->text;
            if (auto* delta = std::get_if<TextDelta>(&event)) text += delta->text;
            if (auto* call = std::get_if<ToolCall>(&event)) calls.push_back(std::move(*call));
            if (auto* malformed = std::get_if<MalformedToolCall>(&event)) {
                errors.push_back(malformed->error.message);
                raw += malformed->raw;
            }
        }
    }
    friend bool operator==(const Answer&, const Answer&) = default;
};

Answer added(std::vector<OutputEvent> events) {
    Answer answer;
    answer.add(std::move(events));
    return answer;
}

// One line to compare and to read in a failure.
QString described(const Answer& answer) {
    Json json = {{"thinking", answer.thinking}, {"text", answer.text}, {"errors", answer.errors}};
    json["calls"] = Json::array();
    for (const ToolCall& call : answer.calls) json["calls"].push_back(to_json(call));
    return QString::fromStdString(json_text(json, 1));
}

const Json& case_file() {
    static const Json file = *parse_json(test::read_file(test::data_file("chat/tool_calls.json")));
    return file;
}

OutputParser::Options options_of(const Json& row) {
    OutputParser::Options options;
    options.format = *prompt_format_from_name(row.value("format", "nemotron3"));
    options.starts_in_thinking = row.value("starts_in_thinking", true);
    options.continues_text = row.value("continues_text", false);
    const Json& tools = case_file()["tools"];
    options.tools.assign(tools.begin(), tools.end());
    return options;
}

std::string output_of(const Json& row) {
    std::string text;
    for (const Json& line : row["output"]) {
        if (&line != &row["output"].front()) text += '\n';
        text += line.get_ref<const std::string&>();
    }
    return text;
}

// Parses `text` cut before each of `cuts`, which are in order.
Answer parse(OutputParser::Options options,
             std::string_view text,
             const std::vector<std::size_t>& cuts = {}) {
    OutputParser parser(std::move(options));
    Answer answer;
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        answer.add(parser.push(text.substr(from, cut - from)));
        from = cut;
    }
    answer.add(parser.push(text.substr(from)));
    answer.add(parser.finish());
    return answer;
}

std::vector<std::size_t> every_byte(std::string_view text) {
    std::vector<std::size_t> cuts(text.size());
    for (std::size_t i = 0; i < cuts.size(); ++i) cuts[i] = i;
    return cuts;
}

OutputParser::Options text_options(PromptFormat format = PromptFormat::Nemotron3) {
    return {format, false, false, {}};
}

std::string repeated(std::string_view text, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += text;
    return out;
}

std::string xml_call(const std::string& value) {
    return "<tool_call>\n<function=f>\n<parameter=p>\n" + value +
           "\n</parameter>\n</function>\n</tool_call>";
}

}  // namespace

class TestOutputParser : public QObject {
    Q_OBJECT

private:
    // A row for each case of the file.
    void add_cases() {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Json& row : case_file()["cases"]) {
            QTest::newRow(row["name"].get_ref<const std::string&>().c_str()) << index++;
        }
    }

private slots:
    void plainTextStaysToTheByte() {
        OutputParser::Options options;
        options.is_plain = true;
        options.starts_in_thinking = true;
        const std::string text =
            " \n<think>x</think>\n<tool_call>\n<function=f>\n</function>\n</tool_call> \n<";
        for (std::size_t n = 1; n <= text.size(); ++n) {
            OutputParser parser(options);
            Answer answer;
            for (std::size_t at = 0; at < text.size(); at += n) {
                answer.add(parser.push(text.substr(at, n)));
                QVERIFY(!parser.is_thinking() && !parser.is_in_call());
            }
            QVERIFY(parser.finish().empty());
            QCOMPARE(answer.text, text);
        }
    }
    void readsAnswers_data() { add_cases(); }
    void readsAnswers() {
        QFETCH(int, index);
        const Json& row = case_file()["cases"][static_cast<std::size_t>(index)];
        const Json& expected = row["expected"];
        const Answer answer = parse(options_of(row), output_of(row));
        Answer wanted;
        wanted.thinking = expected.value("thinking", "");
        wanted.text = expected.value("text", "");
        wanted.errors = answer.errors;
        for (const Json& call : expected.value("calls", Json::array())) {
            wanted.calls.push_back({call["name"], call["arguments"]});
        }
        QCOMPARE(described(answer), described(wanted));
        const Json errors = expected.value("malformed", Json::array());
        QCOMPARE(answer.errors.size(), errors.size());
        for (std::size_t i = 0; i < errors.size(); ++i) {
            const std::string part = errors[i];
            QVERIFY2(answer.errors[i].find(part) != std::string::npos, answer.errors[i].c_str());
            QCOMPARE(answer.errors[i].back(), '.');
        }
    }

    void piecesGiveTheSameAsTheWhole_data() { add_cases(); }
    void piecesGiveTheSameAsTheWhole() {
        QFETCH(int, index);
        const Json& row = case_file()["cases"][static_cast<std::size_t>(index)];
        const auto options = options_of(row);
        const std::string text = output_of(row);
        const QString whole = described(parse(options, text));

        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            QCOMPARE(described(parse(options, text, {cut})), whole);
        }
        QCOMPARE(described(parse(options, text, every_byte(text))), whole);
        std::mt19937 random(static_cast<unsigned>(index));
        for (int i = 0; i < 20; ++i) {
            std::vector<std::size_t> cuts;
            for (std::size_t at = 0; at < text.size(); at += 1 + random() % 12) cuts.push_back(at);
            QCOMPARE(described(parse(options, text, cuts)), whole);
        }
    }

    // Whatever the length limit cuts off, no call comes out that the whole answer does not have.
    void cutOffAnswersHaveNoHalfCalls_data() { add_cases(); }
    void cutOffAnswersHaveNoHalfCalls() {
        QFETCH(int, index);
        const Json& row = case_file()["cases"][static_cast<std::size_t>(index)];
        const auto options = options_of(row);
        const std::string text = output_of(row);
        const Answer whole = parse(options, text);
        for (std::size_t end = 0; end < text.size(); ++end) {
            const Answer cut = parse(options, std::string_view(text).substr(0, end));
            QVERIFY(cut.calls.size() <= whole.calls.size());
            QVERIFY(std::equal(cut.calls.begin(), cut.calls.end(), whole.calls.begin()));
        }
    }

    // What a renderer writes for an assistant's turn, the parser reads as that turn.
    void readsWhatTheRenderersWrite_data() {
        QTest::addColumn<QString>("format");
        QTest::newRow("nemotron3") << "nemotron3";
        QTest::newRow("nemotron-v2") << "nemotron-v2";
    }
    void readsWhatTheRenderersWrite() {
        QFETCH(QString, format);
        const auto known = *prompt_format_from_name(format.toStdString());
        const Json arguments = {{"city", "A\n\n<b> \"é\""},
                                {"days", -3},
                                {"scale", 1.5},
                                {"verbose", true},
                                {"tags", {1, "x", nullptr}},
                                {"options", {{"a", {{"b", false}}}}},
                                {"limit", nullptr}};
        const Message turn = {"assistant",
                              "On it.",
                              "think\nhard",
                              {{"get_weather", arguments}, {"now", Json::object()}}};
        const Message user = {"user", "a", {}, {}};
        PromptOptions closed;
        closed.add_generation_prompt = false;
        const auto before = render_prompt(known, {{user}, {}}, closed);
        const auto after = render_prompt(known, {{user, turn, user}, {}}, closed);
        QVERIFY(before && after);
        const std::string rest = after->text().substr(before->text().size());
        const auto begin = rest.find("ssistant\n") + 9;
        const auto end = rest.find(format == "nemotron3" ? "<|im_end|>" : "\n<SPECIAL_12>");

        auto options =
            options_of({{"format", format.toStdString()}, {"starts_in_thinking", false}});
        std::string output = rest.substr(begin, end - begin);
        const std::string kNoThinking = "<think></think>";
        if (output.rfind(kNoThinking, 0) == 0) output.erase(0, kNoThinking.size());
        const Answer answer = parse(options, output);
        QCOMPARE(answer.text, turn.content);
        QCOMPARE(answer.calls, turn.tool_calls);
        QVERIFY(answer.errors.empty());
    }

    void malformedCallsKeepTheirText() {
        const std::string block =
            "<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</tool_call>";
        const Answer answer = parse(text_options(), "Hi " + block + " there");
        QCOMPARE(answer.raw, block);
        QCOMPARE(answer.text, std::string("Hithere"));
    }

    void emitsAsSoonAsItIsCertain() {
        OutputParser parser({PromptFormat::Nemotron3, true, false, {}});
        QCOMPARE(added(parser.push("\nplan")).thinking, std::string("plan"));
        QVERIFY(parser.push(" \n").empty());
        QCOMPARE(added(parser.push("b")).thinking, std::string(" \nb"));
        QVERIFY(parser.push("\n</thi").empty());
        QVERIFY(parser.is_thinking());
        QVERIFY(parser.push("nk>\n").empty());
        QVERIFY(!parser.is_thinking());
        QCOMPARE(added(parser.push("a <b")).text, std::string("a <b"));
        QVERIFY(parser.push(" <tool_call").empty());
        QVERIFY(parser.push(">\n<function=f>\n</function").empty());
        QCOMPARE(added(parser.push(">")).calls.size(), std::size_t{1});
        QVERIFY(parser.push("\n</tool_call>\n").empty());
        QVERIFY(parser.finish().empty());
    }

    void thinkingLastsUntilTheCallIsCertain() {
        OutputParser parser({PromptFormat::Nemotron3, true, false, {}});
        (void)parser.push("a <tool_call>\n<func");
        QVERIFY(parser.is_thinking());
        (void)parser.push("tion=");
        QVERIFY(!parser.is_thinking());
    }

    void survivesHostileText_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("is_malformed");
        const auto row = [](const char* name, const std::string& text, bool is_malformed) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << is_malformed;
        };
        constexpr int kMega = 1'000'000;
        row("long function name",
            "<tool_call><function=" + std::string(kMega, 'a') + "></tool_call>", true);
        row("long parameter name",
            "<tool_call><function=f><parameter=" + std::string(kMega, 'a') +
                ">1</parameter></function></tool_call>",
            true);
        std::string many = "<tool_call>\n<function=f>\n";
        for (int i = 0; i < 100'000; ++i)
            many += "<parameter=" + std::to_string(i) + ">\n</parameter>\n";
        row("100,000 parameters", many + "</function>\n</tool_call>", true);
        row("long value", xml_call(std::string(kMega, 'a')), false);
        row("value of closing tags", xml_call(repeated("</parameter>", 100'000)), false);
        row("value of closing tags and space", xml_call(repeated("</parameter> \n", 100'000)),
            false);
        row("value of function ends", xml_call(repeated("\n</function>\n", 100'000)), false);
        row("value of near tags", xml_call(repeated("\n</functio\n<parameter", 50'000)), false);
        row("value of angles", xml_call(std::string(kMega, '<')), false);
        row("value of white space", xml_call(std::string(kMega, ' ')), false);
        row("white space behind a closing tag",
            xml_call("</parameter>" + std::string(kMega, ' ') + "a"), false);
        row("white space behind an opening tag", "<tool_call>" + std::string(kMega, '\n'), true);
        row("opening tags", repeated("<tool_call>", 100'000), true);
        row("open functions", repeated("<tool_call><function=f>", 50'000), true);
        row("NULs", "<tool_call>\n<function=" + std::string(9, '\0') + "></function></tool_call>",
            true);
        row("angles", std::string(kMega, '<'), false);
        row("near tags", repeated(" </think <tool_call", 50'000), false);
        row("white space", std::string(kMega, ' ') + "a", false);
    }
    void survivesHostileText() {
        QFETCH(QByteArray, text);
        QFETCH(bool, is_malformed);
        const std::string_view view(text.constData(), static_cast<std::size_t>(text.size()));
        QElapsedTimer timer;
        timer.start();
        const Answer whole = parse(text_options(), view);
        const Answer bytes = parse(text_options(), view, every_byte(view));
        QVERIFY(whole == bytes);
        QCOMPARE(!whole.errors.empty(), is_malformed);
        // One pass takes well under a second; anything quadratic in a megabyte takes hours.
        QVERIFY(timer.elapsed() < 60'000);
    }

    void survivesHostileJson_data() {
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char* name, const std::string& json) {
            QTest::newRow(name) << QByteArray::fromStdString(json);
        };
        row("deep", std::string(1'000'000, '['));
        row("deep and closed", std::string(100'000, '[') + std::string(100'000, ']'));
        row("many calls", "[" + repeated(R"({"name": "f"},)", 10'000) + "0]");
        std::string keys = R"([{"name": "f", "arguments": {"a": 1)";
        for (int i = 0; i < 100'000; ++i) keys += ",\"" + std::to_string(i) + "\": 0";
        row("many keys", keys + "}}]");
        row("quotes", "[" + std::string(1'000'000, '"'));
        row("end tags in a string", "[{\"name\": \"" + repeated("</TOOLCALL>", 100'000) + "\"}]");
        row("huge number", R"([{"name": "f", "arguments": {"a": 1e999999}}])");
        row("NUL", std::string("[{\"name\": \"f\0\"}]", 16));
        row("name with a NUL", R"([{"name": "a\u0000b"}])");
        row("lone surrogate", R"([{"name": "\ud800"}])");
    }
    void survivesHostileJson() {
        QFETCH(QByteArray, json);
        const std::string text = "<TOOLCALL>" + json.toStdString() + "</TOOLCALL>";
        const auto options = text_options(PromptFormat::NemotronV2);
        const Answer whole = parse(options, text);
        QVERIFY(whole == parse(options, text, every_byte(text)));
        QVERIFY(whole.calls.empty());
        QVERIFY(!whole.errors.empty());
    }

    void deepArgumentsStayText() {
        const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
        auto options = text_options();
        options.tools = {*parse_json(
            R"({"name": "f", "parameters": {"properties": {"p": {"type": "array"}}}})")};
        const Answer answer = parse(options, xml_call(deep));
        QCOMPARE(answer.calls.at(0).arguments["p"].get<std::string>(), deep);
    }

    void toleratesStrangeSchemas() {
        for (const char* tool :
             {R"(3)", R"({})", R"({"name": "f"})", R"({"name": "f", "parameters": []})",
              R"({"name": "f", "parameters": {"properties": {"p": 7}}})",
              R"({"name": "f", "parameters": {"properties": {"p": {"type": {"a": 1}}}}})",
              R"({"name": "f", "parameters": {"properties": {"p": {"anyOf": [1, {}]}}}})",
              R"({"function": 3})"}) {
            auto options = text_options();
            options.tools = {*parse_json(tool)};
            const Answer answer = parse(options, xml_call("5"));
            QVERIFY(answer.calls.at(0).arguments["p"] == Json("5"));
        }
    }

    void randomBytesNeverCrash() {
        const std::vector<std::string> pieces = {"<think>",
                                                 "</think>",
                                                 "<tool_call>",
                                                 "</tool_call>",
                                                 "<function=f>",
                                                 "</function>",
                                                 "<parameter=p>",
                                                 "</parameter>",
                                                 "\n",
                                                 " ",
                                                 "a",
                                                 "<",
                                                 "1",
                                                 "{",
                                                 "\"",
                                                 "[",
                                                 "<TOOLCALL>",
                                                 "</TOOLCALL>",
                                                 "[{\"name\": \"f\"}]",
                                                 "é"};
        std::mt19937 random(7);
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (auto n = random() % 30; n > 0; --n) text += pieces[random() % pieces.size()];
            const OutputParser::Options options = {
                random() % 2 == 0 ? PromptFormat::Nemotron3 : PromptFormat::NemotronV2,
                random() % 2 == 0,
                random() % 2 == 0,
                {}};
            const Answer whole = parse(options, text);
            if (whole == parse(options, text, every_byte(text))) continue;
            QFAIL(("pieces differ from the whole: " + json_text(text)).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestOutputParser)
#include "tst_output_parser.moc"
