#include "app/math/math_text.h"
#include "app/transcript/markdown_blocks.h"
#include "app/transcript/markdown_stream.h"

#include <QRandomGenerator>
#include <QTest>

using namespace lares::app;

namespace {

QString textOf(const QString& markdown) {
    QString text;
    for (const MarkdownBlock& block : parseMarkdown(markdown))
        text += (text.isEmpty() ? "" : "\n") + block.text;
    return text.replace(QChar(QChar::LineSeparator), u'|');
}

}  // namespace

/// Formulas as models write them, as a line that can be read.
class MathTextTest : public QObject {
    Q_OBJECT

private slots:
    void formulas_data();
    void formulas();
    void inMarkdown_data();
    void inMarkdown();
    void anythingIsSomeText();
    void aGrowingFormulaEndsAsTheWholeOne();
};

void MathTextTest::formulas_data() {
    QTest::addColumn<QString>("latex");
    QTest::addColumn<QString>("expected");
    const auto add = [](const char* latex, const char* expected) {
        QTest::newRow(latex) << QString(latex) << QString::fromUtf8(expected);
    };
    add("E = mc^2", "E = mc²");
    add("x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}", "x = (−b ± √(b² − 4ac))/(2a)");
    add("\\frac{1}{2}", "1/2");
    add("\\frac12", "1/2");
    add("a_{n+1}", "aₙ₊₁");
    add("a_n^{2}", "aₙ²");
    add("x^{k+Q}", "x^(k + Q)");
    add("x^Q", "x^Q");
    add("\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = n(n + 1)/2");
    add("\\int_0^\\infty e^{-x} \\, dx", "∫₀^∞ e⁻ˣ dx");
    add("\\alpha + \\beta \\leq \\gamma", "α + β ≤ γ");
    add("\\sin x + \\cos(2x)", "sin x + cos(2x)");
    add("\\sin\\theta", "sin θ");
    add("\\left( \\frac{a}{b} \\right)^2", "(a/b)²");
    add("\\sqrt[3]{8} + \\sqrt{2}", "∛8 + √2");
    add("x_{1,2}", "x₁,₂");
    add("\\frac{a^2}{\\sqrt{b_i}}", "a²/√(bᵢ)");
    add("\\frac{dy}{dx}", "dy/(dx)");
    add("\\frac{f(x)}{10}", "f(x)/10");
    add("f'(x)", "f′(x)");
    add("90^\\circ", "90°");
    add("\\mathbb{R}^n", "ℝⁿ");
    add("\\text{if } x \\in A", "if x ∈ A");
    add("\\vec{v} \\cdot \\hat{n}", "v\u20D7 · n\u0302");
    add("a \\not= b", "a ≠ b");
    add("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "(1 2\u20283 4)");
    add("\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "a = b\u2028= c");
    add("5 \\times 10^{-3}\\,\\mathrm{m}", "5 × 10⁻³ m");
    add("\\{1, 2\\}", "{1, 2}");
    add("n \\equiv 1 \\pmod{4}", "n ≡ 1 (mod 4)");
    add("\\foo{x}", "\\foox");
    add("-3 < -x", "−3 < −x");
    add("\\lim_{x \\to 0} f(x)", "lim_(x → 0) f(x)");
    add("50\\%", "50%");
    add("a}b{c", "a}bc");
    add("\\", "\\");
    add("", "");
}

void MathTextTest::formulas() {
    QFETCH(QString, latex);
    QFETCH(QString, expected);
    QCOMPARE(mathText(latex), expected);
}

void MathTextTest::inMarkdown_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("expected");
    const auto add = [](const char* name, const char* markdown, const char* expected) {
        QTest::newRow(name) << QString(markdown) << QString::fromUtf8(expected);
    };
    add("round brackets", "The area is \\(\\pi r^2\\).", "The area is πr².");
    add("square brackets", "So:\n\\[\nx_1 = 2\n\\]\nand on", "So:|x₁ = 2|and on");
    add("dollars", "It is $x^2$, so", "It is x², so");
    add("two dollars", "$$a_1 * b_2 * c_3$$", "a₁ * b₂ * c₃");
    add("no emphasis in it", "\\(a * b * c\\) and *d*", "a * b * c and d");
    add("money", "It costs $5 or $10, not $ 7 $.", "It costs $5 or $10, not $ 7 $.");
    add("money and a word", "$HOME is $5", "$HOME is $5");
    add("code", "`\\(x^2\\)` and `$x^2$`", "\\(x^2\\) and $x^2$");
    add("a fence", "```\n$x^2$ \\(y\\)\n```", "$x^2$ \\(y\\)");
    add("not closed", "a \\(x^2 and", "a (x^2 and");
    add("an escaped bracket", "a \\[b] and \\)", "a [b] and )");
    add("in bold", "**so \\(x^2\\)**", "so x²");
    add("in a table", "| a | b |\n|---|---|\n| $x^2$ | c |", "a\tb\nx²\tc");
    add("a hidden character", "$x\u202E$", "x[U+202E]");
}

void MathTextTest::inMarkdown() {
    QFETCH(QString, markdown);
    QFETCH(QString, expected);
    QCOMPARE(textOf(markdown), expected);
}

void MathTextTest::anythingIsSomeText() {
    const QStringList pieces = {"\\frac",
                                "{",
                                "}",
                                "^",
                                "_",
                                "\\sqrt",
                                "[",
                                "]",
                                "\\",
                                "x",
                                " ",
                                "\\begin{cases}",
                                "\\end{cases}",
                                "&",
                                "\\\\",
                                "\\left",
                                "12",
                                "'",
                                "\\not",
                                "\\text",
                                "\\hat",
                                "\u00e9"};
    QRandomGenerator chance(3);
    for (int round = 0; round < 3000; ++round) {
        QString latex;
        const int n = chance.bounded(24);
        for (int i = 0; i < n; ++i) latex += pieces[chance.bounded(int(pieces.size()))];
        const QString text = mathText(latex);
        QVERIFY2(text.size() <= 8 * latex.size() + 8, qPrintable(latex));
        (void)textOf("a \\(" + latex + "\\) b $" + latex + "$");
    }
    (void)mathText(QString("{").repeated(100'000));
    (void)mathText(QString("\\frac").repeated(100'000));
    for (const char* piece : {"x^", "1+", "- ", "\\sqrt[", "\\text{", "\\left", "\\hat", "  "})
        (void)mathText(QString(piece).repeated(300'000));
    (void)textOf(QString("\\(").repeated(20'000));
    (void)textOf(QString("\\( x \\)").repeated(20'000));
}

void MathTextTest::aGrowingFormulaEndsAsTheWholeOne() {
    const QString text = "So \\(x^2\\) is\n\n\\[\n\\frac{a}{b}\n\\]\n\nand $y_1$ too.\n\nEnd.";
    MarkdownStream stream;
    for (qsizetype end = 0; end <= text.size(); ++end) stream.update(text.left(end));
    QCOMPARE(stream.blocks(), parseMarkdown(text));
}

QTEST_GUILESS_MAIN(MathTextTest)
#include "tst_math_text.moc"
