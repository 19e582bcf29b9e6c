#include "app/transcript/markdown_export.h"

#include <QTest>

using namespace lares::app;

class MarkdownExportTest : public QObject {
    Q_OBJECT

private slots:
    void readsAsText();
    void writesMarkdownThatParsesTheSame_data();
    void writesMarkdownThatParsesTheSame();
    void writesEscapedHtml();
    void cutsSpansWithTheirText();
    void keepsWholeRowsOfATable();
};

void MarkdownExportTest::readsAsText() {
    const auto blocks =
        parseMarkdown(u"# T\n\n1. **a**\n2. b\n\n> c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n");
    QCOMPARE(toPlainText(blocks), QStringLiteral("T\n\n1. a\n2. b\n\n> c\n\nx\ty\n1\t2"));
}

void MarkdownExportTest::writesMarkdownThatParsesTheSame_data() {
    QTest::addColumn<QString>("markdown");
    const auto row = [](const char* text) { QTest::newRow(text) << QString::fromUtf8(text); };
    row("# T\n\na **b *c*** `d` [e](http://x.example) ~~f~~");
    row("1. a\n2. b\n\n   c\n3. d");
    row("- a\n- [x] b\n  - c");
    row("> a\n>\n> > b");
    row("```c\nint i;\n\nint j;\n```");
    row("| a | b |\n|:-:|--:|\n| 1\\|2 | **x** |");
    row("a\\*b \\_c \\<d> \\[e\\]");
    row("**`x`** and ``a`b``");
    row("a &amp;lt; b &amp;#60; \\&copy; AT&T");
    // Forty units behind it there is half a character.
    row("&amp;#60;0123456789012345678901234567890123\U0001F98A");
    row("1\\. a, 12\\) b");
    row("\\[a] and [b \\[c](http://x.example) [e]");
    row("\\$a$ and b$, or $c$");
}

void MarkdownExportTest::writesMarkdownThatParsesTheSame() {
    QFETCH(QString, markdown);
    const auto blocks = parseMarkdown(markdown);
    const QString written = toMarkdown(blocks);
    QVERIFY2(parseMarkdown(written) == blocks, qPrintable(written));
}

void MarkdownExportTest::writesEscapedHtml() {
    const auto blocks =
        parseMarkdown(u"- a & b\n- <b>c</b>\n\n**d** [e](https://x.example/?a=1&b=2)");
    QCOMPARE(toHtml(blocks),
             QStringLiteral(
                 "<ul><li>a &amp; b</li><li>&lt;b&gt;c&lt;/b&gt;</li></ul>"
                 "<p><strong>d</strong> <a href=\"https://x.example/?a=1&amp;b=2\">e</a></p>"));
}

void MarkdownExportTest::cutsSpansWithTheirText() {
    const MarkdownBlock block = parseMarkdown(u"one **two** three")[0];
    const MarkdownBlock cut = sliced(block, 5, 9);
    QCOMPARE(cut.text, QStringLiteral("wo t"));
    QCOMPARE(toMarkdown({cut}), QStringLiteral("**wo** t"));
}

void MarkdownExportTest::keepsWholeRowsOfATable() {
    const MarkdownBlock table = parseMarkdown(u"| a | b |\n|---|---|\n| 1 | 2 |\n")[0];
    QCOMPARE(sliced(table, 0, 4).kind, MarkdownBlock::Kind::Table);
    QCOMPARE(sliced(table, 2, 5).text, QStringLiteral("b\u20281"));
}

QTEST_APPLESS_MAIN(MarkdownExportTest)
#include "tst_markdown_export.moc"
