#include "app/math/math_parser.h"

#include <QRandomGenerator>
#include <QTest>

using namespace lares::app;

/// Formulas as trees: what is over, under and beside what.
class MathParserTest : public QObject {
    Q_OBJECT

private slots:
    void trees_data();
    void trees();
    void classes();
    void brokenFormulasAreNone_data();
    void brokenFormulasAreNone();
    void hostileFormulasEnd();
};

void MathParserTest::trees_data() {
    QTest::addColumn<QString>("latex");
    QTest::addColumn<QString>("expected");
    const auto add = [](const char* latex, const char* expected) {
        QTest::newRow(latex) << QString::fromUtf8(latex) << QString::fromUtf8(expected);
    };
    add("E = mc^2", "E=mscripts{c}{2}{}");
    add("\\frac{a}{b}", "frac{a}{b}");
    add("\\frac12", "frac{1}{2}");
    add("\\dfrac{1}{\\sqrt[3]{x+1}}", "frac{1}{root{x+1}{3}}");
    add("\\binom nk", "binom{n}{k}");
    add("{a \\over b}", "{frac{a}{b}}");
    add("x_i^2", "scripts{x}{2}{i}");
    add("x^2_i", "scripts{x}{2}{i}");
    add("x^{2^n}", "scripts{x}{scripts{2}{n}{}}{}");
    add("f''(x)", "scripts{f}{′′}{}(x)");
    add("f'^2", "scripts{f}{′2}{}");
    add("{}^2x", "scripts{{}}{2}{}x");
    add("\\sum_{i=1}^n i", "limits{∑}{n}{i=1}i");
    add("\\int_0^\\infty", "scripts{∫}{∞}{0}");
    add("\\int\\limits_0^1", "limits{∫}{1}{0}");
    add("\\lim_{x\\to0}", "limits{lim}{}{x→0}");
    add("\\left( \\frac{a}{b} \\right]", "fence(.]{frac{a}{b}}");
    add("\\left.x\\right|_0", "scripts{fence.|{x}}{}{0}");
    add("\\left\\{a \\middle| b\\right\\}", "fence{|.}{a}{b}");
    add("\\bigl(x\\bigr)", "big1(xbig1)");
    add("\\hat{x}+\\vec v", "accent^{x}+accent>{v}");
    add("\\overline{ab}", "over{ab}");
    add("\\underbrace{a+b}_{n}", "limits{underbrace{a+b}}{}{n}");
    add("\\text{if } x", "{if }x");
    add("\\text{where $x_1$ is}", "{where {scripts{x}{}{1}} is}");
    add("\\mathbb{R}^n", "scripts{{R}}{n}{}");
    add("\\operatorname{argmax}_x", "scripts{{argmax}}{}{x}");
    add("\\operatorname*{argmax}_x", "limits{{argmax}}{}{x}");
    add("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "fence(.){grid2{1}{2}{3}{4}}");
    add("\\begin{cases} 1 & x>0 \\\\ 0 \\end{cases}", "fence{.{grid2{1}{x>0}{0}{}}");
    add("\\begin{align*} a &= b \\\\[2pt] &= c \\\\ \\end{align*}", "grid2{a}{=b}{}{=c}");
    add("a \\\\ b", "grid1{a}{b}");
    add("\\sum_{\\substack{i<n \\\\ j}}", "limits{∑}{}{grid1{i<n}{j}}");
    add("\\overset{!}{=}", "limits{=}{!}{}");
    add("\\xrightarrow{n\\to\\infty}", "→{n→∞}{}");
    add("a\\,b\\quad c", "a_b_c");
    add("x \\not\\in A", "x∉A");
    add("\\foo{x}", "\\foo{x}");
    add("\\color{red} x", "x");
    add("\\boxed{a}", "frame{a}");
    add("x \\label{eq} \\nonumber", "x");
}

void MathParserTest::trees() {
    QFETCH(QString, latex);
    QFETCH(QString, expected);
    const auto list = parseMath(latex);
    QVERIFY(list);
    QCOMPARE(describe(*list), expected);
}

void MathParserTest::classes() {
    const auto list = parseMath(u"a+b=(c,\\sin\\frac12\\ldots\\sum)");
    QVERIFY(list);
    using C = MathClass;
    const std::vector<C> expected = {C::Ord,   C::Bin, C::Ord,   C::Rel,   C::Open, C::Ord,
                                     C::Punct, C::Op,  C::Inner, C::Inner, C::Op,   C::Close};
    QCOMPARE(list->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE((*list)[i].cls, expected[i]);
    QCOMPARE((*list)[0].face, MathFace::Italic);
    QCOMPARE((*parseMath(u"\\alpha"))[0].face, MathFace::Italic);
    QCOMPARE((*parseMath(u"\\Gamma"))[0].face, MathFace::Upright);
    QCOMPARE((*parseMath(u"\\mathbf{x}"))[0].parts[0][0].face, MathFace::Bold);
}

void MathParserTest::brokenFormulasAreNone_data() {
    QTest::addColumn<QString>("latex");
    for (const char* latex : {"",
                              " ",
                              "{",
                              "}",
                              "\\",
                              "x^",
                              "x_",
                              "x^^2",
                              "\\frac{a}",
                              "\\frac",
                              "\\sqrt[3",
                              "\\sqrt",
                              "\\left(",
                              "\\left( x",
                              "\\right)",
                              "\\left",
                              "\\begin{pmatrix} 1",
                              "\\end{cases}",
                              "\\begin{pmatrix} 1 \\end{cases}",
                              "\\begin{tikz} x \\end{tikz}",
                              "a & b",
                              "\\text{a",
                              "\\hat",
                              "{a}}",
                              "\\middle|",
                              "\\left x y \\right)"})
        QTest::newRow(latex) << QString::fromUtf8(latex);
}

void MathParserTest::brokenFormulasAreNone() {
    QFETCH(QString, latex);
    QVERIFY(!parseMath(latex));
}

void MathParserTest::hostileFormulasEnd() {
    const QString deep = QString("{").repeated(kMostMathNesting - 1) + "x" +
                         QString("}").repeated(kMostMathNesting - 1);
    QVERIFY(parseMath(deep));
    QVERIFY(!parseMath("{{" + deep + "}}"));
    QVERIFY(!parseMath(QString("x").repeated(kLongestFormula + 1)));
    for (const char* piece :
         {"{", "\\frac", "\\sqrt", "x^", "x_", "\\left(", "\\hat", "\\begin{matrix}", "\\sqrt[",
          "^{", "a\\over ", "\\text{$", "\\not", "'^", "&", "\\\\", "&\\\\", "\\overset"})
        (void)parseMath(QString(piece).repeated(kLongestFormula / qstrlen(piece)));
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
                                "\\left(",
                                "&",
                                "'",
                                "\\begin{cases}",
                                "\\end{cases}",
                                "\\right)",
                                "\\\\",
                                "12",
                                "\\not",
                                "\\text{",
                                "\\hat",
                                "\\sum",
                                "\\limits",
                                "\\middle|",
                                "\\over ",
                                "\u00e9",
                                "\\big(",
                                "\\underbrace",
                                "\\begin{array}{lr}",
                                "\\end{array}",
                                "\\substack{",
                                "\\tag{1}",
                                "\\pmod 2",
                                "\U0001D49C"};
    QRandomGenerator chance(5);
    int nSet = 0;
    for (int round = 0; round < 20'000; ++round) {
        QString latex;
        const int n = chance.bounded(14);
        for (int i = 0; i < n; ++i) latex += pieces[chance.bounded(int(pieces.size()))];
        if (const auto list = parseMath(latex)) {
            ++nSet;
            QVERIFY(describe(*list).size() < 40 * latex.size() + 40);
        }
    }
    QVERIFY(nSet > 500);
}

QTEST_GUILESS_MAIN(MathParserTest)
#include "tst_math_parser.moc"
