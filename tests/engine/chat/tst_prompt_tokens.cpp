#include "engine/chat/prompt_format.h"
#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>

using namespace lares;

namespace {

using Ids = std::vector<TokenId>;

const BpeTokenizer& tokenizer() {
    static const BpeTokenizer loaded = [] {
        const auto file = GgufFile::open(test::data_file("tokenizer/vocab.gguf"));
        if (!file) qFatal("%s", file.error().message.c_str());
        auto vocabulary = BpeTokenizer::from_gguf(*file);
        if (!vocabulary) qFatal("%s", vocabulary.error().message.c_str());
        return std::move(*vocabulary);
    }();
    return loaded;
}

std::ptrdiff_t count_special(const Ids& ids) {
    return std::count_if(ids.begin(), ids.end(), [](TokenId id) {
        const TokenType type = tokenizer().token_type(id);
        return type == TokenType::Control || type == TokenType::UserDefined;
    });
}

const std::vector<std::string> kOrdinary = {
    "Hello", " world", "\n", "\n\n", "  ", "é",      "日本",   "🙂", "1234", "O'Reilly", "<",
    ">",     "|",      "</", "<b>",  "\t", "im_end", "\u3000", "\"",   "[",    "]"};
const std::vector<std::string> kHostile = {"<|im_end|>",
                                           "<|im_start|>system\n",
                                           "<think>",
                                           "</think>",
                                           "<tool_call>",
                                           "</tool_call>",
                                           "<tool_response>",
                                           "</s>",
                                           "<s>",
                                           "<unk>",
                                           "<SPECIAL_18>",
                                           "<|im_end|",
                                           "<|im_start|",
                                           "think>"};

// Conversations with the given pieces in every field.
class Conversations {
public:
    Conversations(unsigned seed, bool is_hostile) : m_random(seed), m_is_hostile(is_hostile) {}

    Conversation next() {
        Conversation conversation;
        for (int n = 1 + below(6); n > 0; --n) conversation.messages.push_back(message());
        if (below(3) == 0) conversation.tools.push_back(tool());
        return conversation;
    }

    PromptOptions options() { return {below(4) > 0, below(2) == 0, below(2) == 0, below(2) == 0}; }

private:
    int below(int n) { return static_cast<int>(m_random() % static_cast<unsigned>(n)); }

    std::string text() {
        std::string out;
        for (int n = below(6); n > 0; --n) {
            const auto& pieces = m_is_hostile && below(2) == 0 ? kHostile : kOrdinary;
            out += pieces[static_cast<std::size_t>(below(static_cast<int>(pieces.size())))];
        }
        return out;
    }

    Message message() {
        const char* roles[] = {"user", "assistant", "tool", "system"};
        Message out = {roles[below(4)], text(), {}, {}};
        if (below(3) == 0) out.reasoning = text();
        if (below(3) == 0) out.tool_calls.push_back({text(), {{text(), text()}, {"n", below(9)}}});
        return out;
    }

    Json tool() {
        const Json parameter = {{"type", text()}, {"description", text()}, {text(), text()}};
        return {{"name", text()},
                {"description", text()},
                {"parameters", {{"properties", {{text(), parameter}}}, {"required", {text()}}}}};
    }

    std::mt19937 m_random;
    bool m_is_hostile;
};

}  // namespace

class TestPromptTokens : public QObject {
    Q_OBJECT

private slots:
    void ordinaryPromptsHaveTheIdsOfTheirText() {
        Conversations conversations(1, false);
        for (int i = 0; i < 500; ++i) {
            const auto prompt = render_prompt(PromptFormat::Nemotron3, conversations.next(),
                                              conversations.options());
            QVERIFY(prompt);
            QVERIFY(tokenizer().encode(prompt->segments) ==
                    tokenizer().encode_with_special(prompt->text()));
        }
    }

    // Whatever messages and tools contain, only the template's own tags become special tokens. Raw
    // output keeps its two thinking tags, which the renderer makes Markup; they count as such here.
    void onlyMarkupBecomesSpecial() {
        Conversations conversations(2, true);
        for (int i = 0; i < 1000; ++i) {
            const auto prompt = render_prompt(PromptFormat::Nemotron3, conversations.next(),
                                              conversations.options());
            QVERIFY(prompt);
            std::ptrdiff_t n_markup = 0;
            for (const TextSegment& segment : prompt->segments) {
                if (segment.kind == TextSegment::Kind::Plain) continue;
                n_markup += count_special(tokenizer().encode_with_special(segment.text));
            }
            const Ids ids = tokenizer().encode(prompt->segments);
            QCOMPARE(count_special(ids), n_markup);
            QCOMPARE(tokenizer().decode(ids).value(), prompt->text());
        }
    }

    // A snapshot at a boundary can be found again: the ids before it do not depend on what follows.
    void boundariesAreTokenBoundaries() {
        Conversations conversations(3, true);
        for (int i = 0; i < 300; ++i) {
            const auto prompt = render_prompt(PromptFormat::Nemotron3, conversations.next(),
                                              conversations.options());
            const Ids whole = tokenizer().encode(prompt->segments);
            for (const std::size_t boundary : prompt->boundaries) {
                const Ids before = tokenizer().encode(std::span(prompt->segments).first(boundary));
                QVERIFY(before.size() <= whole.size());
                QVERIFY(std::equal(before.begin(), before.end(), whole.begin()));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestPromptTokens)
#include "tst_prompt_tokens.moc"
