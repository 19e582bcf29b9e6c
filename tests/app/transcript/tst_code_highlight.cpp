#include "app/transcript/code_highlight.h"
#include "app/transcript/code_languages.h"
#include "app/transcript/markdown_blocks.h"

#include <QRandomGenerator>
#include <QTest>

using namespace lares::app;

namespace {

QChar letterOf(CodeToken::Kind kind) {
    switch (kind) {
        case CodeToken::Kind::Keyword:
            return u'k';
        case CodeToken::Kind::String:
            return u's';
        case CodeToken::Kind::Number:
            return u'n';
        case CodeToken::Kind::Comment:
            return u'c';
        case CodeToken::Kind::Name:
            return u'f';
        case CodeToken::Kind::Added:
            return u'+';
        case CodeToken::Kind::Removed:
            break;
    }
    return u'-';
}

/// One letter a character of the code: its colour, or "." and "|" for what is plain and breaks.
QString coloursOf(const QString& code, const QString& language) {
    QString colours(code.size(), u'.');
    for (const CodeToken& token : highlightCode(code, language))
        for (int i = 0; i < token.length; ++i) colours[token.start + i] = letterOf(token.kind);
    for (qsizetype i = 0; i < code.size(); ++i)
        if (code[i] == u'\n') colours[i] = u'|';
    return colours;
}

/// In order, within the code, and without overlap.
bool isSound(const QString& code, const std::vector<CodeToken>& tokens) {
    int at = 0;
    for (const CodeToken& token : tokens) {
        if (token.start < at || token.length <= 0) return false;
        at = token.start + token.length;
    }
    return at <= code.size();
}

const QStringList kLanguages = {"cpp",  "python", "rust", "js",    "bash",   "sql",  "json",
                                "yaml", "toml",   "html", "css",   "lua",    "diff", "cmake",
                                "bat",  "tex",    "ruby", "swift", "haskell"};

}  // namespace

/// Code as people read it: what stands out, in each language as its readers expect.
class CodeHighlightTest : public QObject {
    Q_OBJECT

private slots:
    void colours_data();
    void colours();
    void namesOfLanguages();
    void whatIsUnknownStaysPlain();
    void anyTextIsSound_data();
    void anyTextIsSound();
    void whatIsStillWrittenKeepsItsColours();
    void aBlockHoldsItsTokens();
};

void CodeHighlightTest::colours_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("expected");
    const auto add = [](const char* name, const char* language, const char* code,
                        const char* expected) {
        QTest::newRow(name) << language << QString::fromUtf8(code) << expected;
    };
    add("a call", "cpp", "int x = f(10);", "kkk.....f.nn..");
    add("a directive", "c", "#include <a.h>", "kkkkkkkk......");
    add("not in a line", "c", "a # b", ".....");
    add("comments", "cpp", "a /* b\nc */ d // e", "..cccc|cccc...cccc");
    add("a string that does not end", "cpp", "\"ab\nint", "sss|kkk");
    add("an escaped quote", "cpp", R"("a\"b" 1)", "ssssss.n");
    add("separators of digits", "cpp", "1'000'000u + 0x1F", "nnnnnnnnnn...nnnn");
    add("an exponent", "python", "1.5e-3-2", "nnnnnn.n");
    add("a range is no number", "rust", "0..9", "n..n");
    add("lifetimes", "rust", "fn f<'a>(c: &'a str) { 'x' }", "kk..............kkk....sss..");
    add("nested comments", "rust", "/* /* */ */ x", "ccccccccccc..");
    add("not nested in C", "c", "/* /* */ x", "cccccccc..");
    add("a decorator", "python", "@cache\ndef f():", "kkkkkk|kkk.f...");
    add("a long string", "python", "x = \"\"\"a\nb\"\"\" # c", "....ssss|ssss.ccc");
    add("a template", "js", "`a ${b}\nc` + 1", "sssssss|ss...n");
    add("commands", "bash", "cd ~/a && ls -l | wc", "ff........ff......ff");
    add("variables", "bash", "echo \"$a\" $b ${c}", "ffff.ssss.ff.ffff");
    add("an assignment", "bash", "A=b make", "........");
    add("numbers in names", "bash", "mv a/2026 b.1 3", "ff............n");
    add("a mark in a word", "bash", "echo a#b # c", "ffff.....ccc");
    add("loops", "sh", "for f in *; do mv $f x; done", "kkk...kk....kk.ff.ff....kkkk");
    add("any case", "sql", "Select a FROM t -- x", "kkkkkk...kkkk...cccc");
    add("keys", "json", "{\"a\": \"b\", \"c\": [1, true]}", ".fff..sss..fff...n..kkkk..");
    add("yaml", "yaml", "- a-b: yes # c\n  d: 'e'", "..fff..kkk.ccc|..f..sss");
    add("an address is no comment", "yaml", "a: http://x#y", "f............");
    add("toml", "toml", "[a.b]\nc = 1", "kkkkk|f...n");
    add("ini", "ini", "; x\na=b", "ccc|f..");
    add("html", "html", "<a href=\"x\">b &amp;</a>", ".k.ffff.sss...nnnnn..k.");
    add("a comment of html", "html", "<!-- a -->b", "cccccccccc.");
    add("less than", "html", "1 < 2", ".....");
    add("css", "css", "a { color: #fff; }", "....fffff.........");
    add("diff", "diff", "--- a\n+++ b\n@@ 1 @@\n-x\n+y\n z", "ccccc|ccccc|kkkkkkk|--|++|..");
    add("cmake", "cmake", "if(A)\n  set(b ${C})", "kk...|..fff...ffff.");
    add("batch", "bat", "REM a\necho b\nremove c", "ccccc|kkkk..|ffffff..");
    add("latex", "latex", "\\frac{1}{2} % c", "kkkkk.n..n..ccc");
    add("no ASCII", "python", "größe = 'ß'", "........sss");
}

void CodeHighlightTest::colours() {
    QFETCH(QString, language);
    QFETCH(QString, code);
    QFETCH(QString, expected);
    QCOMPARE(coloursOf(code, language), expected);
}

void CodeHighlightTest::namesOfLanguages() {
    for (const char* name : {"C++", "cpp", "Python", "PY", "sh", "TypeScript", "c#"})
        QVERIFY2(codeLanguageOrNull(QString(name)), name);
    QCOMPARE(codeLanguageOrNull(u"py"), codeLanguageOrNull(u"Python3"));
    for (const QString& name : kLanguages) QVERIFY2(codeLanguageOrNull(name), qPrintable(name));
}

void CodeHighlightTest::whatIsUnknownStaysPlain() {
    for (const char* name : {"", "text", "klingon", "cpp "})
        QVERIFY2(highlightCode(u"int x = 1;", QString(name)).empty(), name);
    QVERIFY(highlightCode(QString(1'000'001, u'1'), u"c").empty());
    QVERIFY(!highlightCode(QString(1'000, u'1'), u"c").empty());
}

void CodeHighlightTest::anyTextIsSound_data() {
    QTest::addColumn<QString>("language");
    for (const QString& name : kLanguages) QTest::newRow(qPrintable(name)) << name;
}

void CodeHighlightTest::anyTextIsSound() {
    QFETCH(QString, language);
    const QString letters = "ab1 \n\n\t\"'`\\/*#-+=<>!&;:$@{}[]().,%_|x~\u00e9";
    QRandomGenerator chance(7);
    for (int round = 0; round < 400; ++round) {
        QString code;
        const int length = chance.bounded(80);
        for (int i = 0; i < length; ++i) code += letters[chance.bounded(int(letters.size()))];
        QVERIFY2(isSound(code, highlightCode(code, language)), qPrintable(code));
    }
    // Minutes, were one of them to take the square of its length.
    for (const char* piece : {"${", "&",  "[", "'",   "\"", " ",  "#", "<",  "/*",  "a ",
                              "a:", "\\", "$", "'''", "- ", "@a", "0", "{-", "<a ", "rem"}) {
        const QString code = QString(piece).repeated(300'000);
        QVERIFY2(isSound(code, highlightCode(code, language)), piece);
    }
}

/// An answer grows: what was coloured before the line that is being written stays as it is, so
/// that it need not be laid out again.
void CodeHighlightTest::whatIsStillWrittenKeepsItsColours() {
    const QString code = "/* a\nb */ int x = 1; // c\n\"s\" 'c' f(x)\nint y;\n";
    for (const QString& language : kLanguages) {
        const QString whole = coloursOf(code, language);
        for (qsizetype end = 0; end <= code.size(); ++end) {
            const QString part = code.left(end);
            const qsizetype lines = part.lastIndexOf(u'\n') + 1;
            QVERIFY2(coloursOf(part, language).left(lines) == whole.left(lines),
                     qPrintable(language + ": " + part));
        }
    }
}

void CodeHighlightTest::aBlockHoldsItsTokens() {
    const auto blocks = parseMarkdown(u"```py\nif x:\n```\n\n```\nif x:\n```\n\n    if x:\n");
    QCOMPARE(blocks.size(), std::size_t{3});
    QCOMPARE(blocks[0].tokens, (std::vector<CodeToken>{{0, 2, CodeToken::Kind::Keyword}}));
    QVERIFY(blocks[1].tokens.empty());
    QVERIFY(blocks[2].tokens.empty());
}

QTEST_GUILESS_MAIN(CodeHighlightTest)
#include "tst_code_highlight.moc"
