#include "engine/base/utf8.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/unicode_class.h"

#include <QTest>

#include <functional>
#include <random>
#include <vector>

using namespace lares;

namespace {

using Pieces = std::vector<std::string>;

Pieces split(PreTokenizer kind, std::string_view text) {
    Pieces pieces;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = pre_token_end(kind, text, begin);
        if (end <= begin || end > text.size()) qFatal("a pre-token must have bytes of the text");
        pieces.emplace_back(text.substr(begin, end - begin));
        begin = end;
    }
    return pieces;
}

QByteArray shown(const Pieces& pieces) {
    QByteArrayList list;
    for (const auto& piece : pieces) list << QByteArray::fromStdString(piece).toPercentEncoding();
    return list.join('|');
}

// The patterns once more, item by item, for a matcher that backtracks as regular expressions do
// -----

struct Symbol {
    char32_t code_point = 0;
    CharClass char_class = kOtherClass;
    std::size_t size = 0;
};

struct Item {
    std::function<bool(const Symbol&)> matches;
    std::size_t min = 0;
    std::size_t max = SIZE_MAX;
};

struct Alternative {
    std::vector<Item> items;
    bool not_before_non_space = false;  // (?!\S)
};

Item chars(CharClassMask mask, std::size_t min, std::size_t max = SIZE_MAX) {
    return {[mask](const Symbol& s) { return (s.char_class & mask) != 0; }, min, max};
}
Item one_of(std::u32string_view set, std::size_t min, std::size_t max = SIZE_MAX) {
    return {[set](const Symbol& s) { return set.find(s.code_point) != set.npos; }, min, max};
}

const Item kWordPrefix{[](const Symbol& s) {
                           return (s.char_class & (kLetterMask | kNumberClass)) == 0 &&
                                  s.code_point != '\r' && s.code_point != '\n';
                       },
                       0, 1};

std::vector<Alternative> common_tail(std::u32string_view after_punctuation) {
    return {
        {{one_of(U" ", 0, 1), chars(kOtherClass | kMarkClass, 1), one_of(after_punctuation, 0)}},
        {{chars(kSpaceClass, 0), one_of(U"\r\n", 1)}},
        {{chars(kSpaceClass, 1)}, true},
        {{chars(kSpaceClass, 1)}}};
}

std::vector<Alternative> llama3_pattern() {
    std::vector<Alternative> pattern;
    for (const auto& [first, second] :
         std::initializer_list<std::pair<const char32_t*, const char32_t*>>{{U"sS", U""},
                                                                            {U"tT", U""},
                                                                            {U"rR", U"eE"},
                                                                            {U"vV", U"eE"},
                                                                            {U"mM", U""},
                                                                            {U"lL", U"lL"},
                                                                            {U"dD", U""}}) {
        Alternative alternative{{one_of(U"'", 1, 1), one_of(first, 1, 1)}};
        if (*second != 0) alternative.items.push_back(one_of(second, 1, 1));
        pattern.push_back(alternative);
    }
    pattern.push_back({{kWordPrefix, chars(kLetterMask, 1)}});
    pattern.push_back({{chars(kNumberClass, 1, 3)}});
    for (auto& alternative : common_tail(U"\r\n")) pattern.push_back(alternative);
    return pattern;
}

std::vector<Alternative> tekken_pattern() {
    constexpr CharClassMask kUpper = kUpperClass | kCaselessClass | kMarkClass;
    constexpr CharClassMask kLower = kLowerClass | kCaselessClass | kMarkClass;
    std::vector<Alternative> pattern = {{{kWordPrefix, chars(kUpper, 0), chars(kLower, 1)}},
                                        {{kWordPrefix, chars(kUpper, 1), chars(kLower, 0)}},
                                        {{chars(kNumberClass, 1, 1)}}};
    for (auto& alternative : common_tail(U"\r\n/")) pattern.push_back(alternative);
    return pattern;
}

constexpr std::size_t kNoMatch = SIZE_MAX;

/// End of the match of the items from `item` on at `at`: greedy, giving back one by one.
std::size_t match(const Alternative& alternative,
                  std::size_t item,
                  const std::vector<Symbol>& text,
                  std::size_t at) {
    if (item == alternative.items.size()) {
        const bool before_non_space = at < text.size() && text[at].char_class != kSpaceClass;
        return alternative.not_before_non_space && before_non_space ? kNoMatch : at;
    }
    const Item& current = alternative.items[item];
    std::size_t n = 0;
    while (n < current.max && at + n < text.size() && current.matches(text[at + n])) ++n;
    for (;; --n) {
        if (n < current.min) return kNoMatch;
        if (const auto end = match(alternative, item + 1, text, at + n); end != kNoMatch)
            return end;
        if (n == 0) return kNoMatch;
    }
}

Pieces split_by_pattern(const std::vector<Alternative>& pattern, std::string_view text) {
    std::vector<Symbol> symbols;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Unit unit = decode_utf8(text, at);
        const bool valid = unit.kind == Utf8Unit::Kind::Valid;
        symbols.push_back(valid ? Symbol{unit.code_point, char_class(unit.code_point), unit.size}
                                : Symbol{0xFFFD, kOtherClass, 1});
        at += symbols.back().size;
    }
    Pieces pieces;
    std::size_t byte = 0;
    for (std::size_t at = 0; at < symbols.size();) {
        std::size_t end = kNoMatch;
        for (const Alternative& alternative : pattern) {
            end = match(alternative, 0, symbols, at);
            if (end != kNoMatch) break;
        }
        if (end == kNoMatch) qFatal("the patterns match everywhere");
        std::size_t size = 0;
        for (; at < end; ++at) size += symbols[at].size;
        pieces.emplace_back(text.substr(byte, size));
        byte += size;
    }
    return pieces;
}

}  // namespace

class TestPreTokenizer : public QObject {
    Q_OBJECT

private slots:
    void splits_data();
    void splits();
    void agreesWithABacktrackingMatcher_data();
    void agreesWithABacktrackingMatcher();
};

void TestPreTokenizer::splits_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Pieces>("llama3");
    QTest::addColumn<Pieces>("tekken");
    const auto row = [](std::string text, Pieces llama3, Pieces tekken) {
        QTest::newRow(shown({text}).constData()) << text << llama3 << tekken;
    };
    const auto same = [&](std::string text, Pieces pieces) { row(text, pieces, pieces); };
    same("Hello world", {"Hello", " world"});
    same("   a", {"  ", " a"});
    same("a   ", {"a", "   "});
    same("\t\tx", {"\t", "\tx"});
    same("a\r\nb\r\n", {"a", "\r\n", "b", "\r\n"});
    same("a \n \n  b", {"a", " \n \n", " ", " b"});
    same("x = 'y';\n\n", {"x", " =", " '", "y", "';\n\n"});
    row("12345", {"123", "45"}, {"1", "2", "3", "4", "5"});
    row("don't I'M", {"don", "'t", " I", "'M"}, {"don", "'t", " I", "'M"});
    row("O'Reilly", {"O", "'Re", "illy"}, {"O", "'Reilly"});
    row("getHTTPResponse", {"getHTTPResponse"}, {"get", "HTTPResponse"});
    row("foo;\n/bar", {"foo", ";\n", "/bar"}, {"foo", ";\n/", "bar"});
    row("नमस्ते", {"नमस", "्त", "े"}, {"नमस्ते"});
    row("中文ABC", {"中文ABC"}, {"中文", "ABC"});
    same("a\xC2\xA0z", {"a", "\xC2\xA0z"});
    same("\xFF\xFE a", {"\xFF\xFE", " a"});
    same("\xF0\x9Fz", {"\xF0\x9F", "z"});
}

void TestPreTokenizer::splits() {
    QFETCH(std::string, text);
    QFETCH(Pieces, llama3);
    QFETCH(Pieces, tekken);
    QCOMPARE(shown(split(PreTokenizer::Llama3, text)), shown(llama3));
    QCOMPARE(shown(split(PreTokenizer::Tekken, text)), shown(tekken));
}

void TestPreTokenizer::agreesWithABacktrackingMatcher_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("Llama-3") << static_cast<int>(PreTokenizer::Llama3);
    QTest::newRow("tekken") << static_cast<int>(PreTokenizer::Tekken);
}

void TestPreTokenizer::agreesWithABacktrackingMatcher() {
    QFETCH(int, kind);
    const auto pre_tokenizer = static_cast<PreTokenizer>(kind);
    const auto pattern =
        pre_tokenizer == PreTokenizer::Llama3 ? llama3_pattern() : tekken_pattern();
    // One or two of each class, and whatever the patterns name.
    constexpr std::string_view kSymbols[] = {
        "A", "Z", "a", "z", "é",  "É",  "ǅ",  "中",     "ʰ",      "\xCC\x81", "्",  "1",
        "½", "٣", " ", " ", "\n", "\r", "\t", "\u00A0", "\u3000", "/",        "'", "'",
        "s", "T", "l", "L", "r",  "e",  "!",  "🙂",   "\xFF",   "\xE4"};
    std::mt19937 random(3);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        const auto n = 1 + random() % 12;
        for (unsigned i = 0; i < n; ++i) text += kSymbols[random() % std::size(kSymbols)];
        QCOMPARE(shown(split(pre_tokenizer, text)), shown(split_by_pattern(pattern, text)));
    }
}

QTEST_APPLESS_MAIN(TestPreTokenizer)
#include "tst_pre_tokenizer.moc"
