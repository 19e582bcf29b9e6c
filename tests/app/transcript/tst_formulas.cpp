#include "app/transcript/markdown_export.h"
#include "app/transcript/markdown_stream.h"
#include "app/transcript/placed_math.h"
#include "app/transcript/text_lines.h"
#include "tests/app/transcript/shown_transcript.h"

#include <QApplication>
#include <QClipboard>
#include <QImage>
#include <QMimeData>
#include <QPainter>
#include <QTest>

using namespace lares::test;

namespace {

const Theme& theme() {
    static const Theme kTheme = Theme::make(Theme::Scheme::Light);
    return kTheme;
}

TextLines linesOf(const QString& markdown, double width, MathTypesetter* typesetter) {
    const MarkdownBlock block = parseMarkdown(markdown).front();
    TextStyle style;
    style.font = theme().bodyFont;
    style.color = theme().text;
    style.lineHeight = style.font.pixelSize() * Theme::kLineHeight;
    return {block.text, 0, block.spans, style, theme(), width, {}, block.formulas, typesetter};
}

const QString kFormula = QStringLiteral("\\frac{a^2}{\\sqrt{b}}");

}  // namespace

/// Formulas in the conversation: drawn, and still text to whoever reads, finds and copies.
class FormulasTest : public QObject {
    Q_OBJECT

private slots:
    void blocksKnowTheirFormulas();
    void environmentsNeedNoMarks();
    void hiddenCharactersAreNotSet();
    void markdownKeepsTheSource_data();
    void markdownKeepsTheSource();
    void placesComeBack();
    void linesMakeRoom();
    void brokenOnesAreText();
    void nothingIsWiderThanTheColumn();
    void lettersOfFormulasAreNotSeen();
    void clicksReachTheEndsOfAFormula();
    void copyingAndFindingAreAsBefore();
    void aGrowingAnswerNeverGoesBack();
    void whatIsSetIsRemembered();
};

void FormulasTest::blocksKnowTheirFormulas() {
    const MarkdownBlock block = parseMarkdown(u"So $x^2$ and **\\(y_1\\)**:\n$$z$$").front();
    QCOMPARE(block.formulas.size(), std::size_t(3));
    QCOMPARE(block.text.mid(block.formulas[0].start, block.formulas[0].length), QString("x²"));
    QCOMPARE(block.text.mid(block.formulas[1].start, block.formulas[1].length), QString("y₁"));
    QCOMPARE(block.formulas[1].latex, QString("y_1"));
    QVERIFY(!block.formulas[1].isDisplay && block.formulas[2].isDisplay);
    // A style around a formula goes on behind it, and ends with it.
    const MarkdownBlock bold = parseMarkdown(u"**so \\(x^2\\) and** on").front();
    QCOMPARE(bold.text, QString("so x² and on"));
    QCOMPARE(bold.spans.size(), std::size_t(1));
    QCOMPARE(bold.spans[0].length, 9);
    QVERIFY(parseMarkdown(u"`$x$` and $5 or $6").front().formulas.empty());
}

void FormulasTest::environmentsNeedNoMarks() {
    const MarkdownBlock block =
        parseMarkdown(u"So\n\\begin{align*}\na_1 &= b \\\\\n_x &= *c*\n\\end{align*}\nfor all.")
            .front();
    QCOMPARE(block.formulas.size(), std::size_t(1));
    QVERIFY(block.formulas[0].latex.startsWith("\\begin{align*}"));
    QVERIFY(block.formulas[0].latex.endsWith("\\end{align*}"));
    QVERIFY(block.formulas[0].isDisplay);
    QVERIFY(block.text.endsWith(QChar(QChar::LineSeparator) + QString("for all.")));
    QVERIFY(parseMarkdown(u"a \\begin{align} b").front().text.endsWith("\\begin{align} b"));
    QVERIFY(parseMarkdown(u"a \\begin{tikzpicture} b \\end{tikzpicture}").front().formulas.empty());
    QVERIFY(parseMarkdown(u"`\\begin{align}x\\end{align}`").front().formulas.empty());
    (void)parseMarkdown(QString("\\begin{align} ").repeated(20'000));
}

void FormulasTest::hiddenCharactersAreNotSet() {
    QVERIFY(parseMarkdown(u"$x\u202E y$").front().formulas.empty());
}

void FormulasTest::markdownKeepsTheSource_data() {
    QTest::addColumn<QString>("markdown");
    int row = 0;
    for (const char* markdown :
         {"So $x^2$ it is.", "So\n$$\n\\frac{a}{b}\n$$\nit is.", "$$a$$", "**bold $x_1$ text**",
          "- $a * b$\n- \\(c\\)", "| a | b |\n|---|---|\n| $x^2$ | c |",
          "a\n\\begin{align}\na &= b \\\\\n&= c\n\\end{align}\nb", "$$a$$\n$$b$$"})
        QTest::addRow("%d", ++row) << QString(markdown);
}

void FormulasTest::markdownKeepsTheSource() {
    QFETCH(QString, markdown);
    const auto blocks = parseMarkdown(markdown);
    const auto again = parseMarkdown(toMarkdown(blocks));
    QCOMPARE(again.size(), blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        QCOMPARE(again[i].text, blocks[i].text);
        QCOMPARE(again[i].formulas.size(), blocks[i].formulas.size());
        for (std::size_t k = 0; k < blocks[i].formulas.size(); ++k) {
            QCOMPARE(again[i].formulas[k].isDisplay, blocks[i].formulas[k].isDisplay);
            QCOMPARE(again[i].formulas[k].latex.simplified(),
                     blocks[i].formulas[k].latex.simplified());
        }
    }
}

void FormulasTest::placesComeBack() {
    MathTypesetter typesetter(theme().codeFont);
    const MarkdownBlock block =
        parseMarkdown("Say " + QString("$%1$, or ").arg(kFormula) +
                      "$a = b + c + d + e + f = g + h + i + j + k = l + m + n$ is.")
            .front();
    const PlacedMath placed(block.text, 0, block.formulas, &typesetter, theme().bodyFont, 240);
    QVERIFY(placed.pieces().size() > 2);  // the second one is broken
    using End = PlacedMath::End;
    for (int at = 0; at <= block.text.size(); ++at) {
        const auto inside = std::find_if(
            block.formulas.begin(), block.formulas.end(), [at](const MathSpan& formula) {
                return formula.start < at && at < formula.start + formula.length;
            });
        const int there = placed.toLayout(at, End::First);
        if (inside == block.formulas.end()) {
            QCOMPARE(placed.toText(there), at);
            if (at < block.text.size() && there < placed.layoutText().size() &&
                placed.layoutText()[there] != u'x')
                QCOMPARE(placed.layoutText()[there], block.text[at]);
        } else {
            QCOMPARE(placed.toText(there), inside->start);
            QCOMPARE(placed.toText(placed.toLayout(at, End::Last)), inside->start + inside->length);
        }
    }
}

void FormulasTest::linesMakeRoom() {
    MathTypesetter typesetter(theme().codeFont);
    const double plain = linesOf("one", 600, &typesetter).height();
    QCOMPARE(linesOf("one $x$", 600, &typesetter).height(), plain);
    QVERIFY(linesOf("one $\\sum_{i=1}^n \\frac{1}{\\frac{a}{b}}$", 600, &typesetter).height() >
            plain + 4);
    const TextLines display = linesOf("one\n$$" + kFormula + "$$\ntwo", 600, &typesetter);
    QVERIFY(display.height() > 3 * plain + 4);
    // In the middle of the column.
    const MarkdownBlock block = parseMarkdown("one\n$$" + kFormula + "$$\ntwo").front();
    const auto rects = display.rects(block.formulas[0].start, block.formulas[0].start + 1);
    QCOMPARE(rects.size(), std::size_t(1));
    QVERIFY(std::abs(rects[0].center().x() - 300) < 3);
    QCOMPARE(display.length(), int(block.text.size()));
    // The cell beside a high formula stands on its line.
    TextLines word = linesOf("one", 600, &typesetter);
    word.pushDown(5);
    QCOMPARE(word.firstBand(), 5.0);
    QCOMPARE(word.height(), plain + 5);
}

void FormulasTest::brokenOnesAreText() {
    MathTypesetter typesetter(theme().codeFont);
    const MarkdownBlock block = parseMarkdown(u"a $\\frac{x$ b").front();
    QCOMPARE(block.formulas.size(), std::size_t(1));
    const PlacedMath placed(block.text, 0, block.formulas, &typesetter, theme().bodyFont, 300);
    QVERIFY(placed.pieces().empty());
    QCOMPARE(placed.layoutText(), block.text);
}

void FormulasTest::nothingIsWiderThanTheColumn() {
    MathTypesetter typesetter(theme().codeFont);
    const QStringList formulas = {
        "a + b + c + d = e + f + g + h + i = \\frac{j + k + l}{m} + n + o",
        "\\begin{pmatrix} " + QString("\\frac{abc}{d} & ").repeated(12) + "e \\end{pmatrix}",
        "\\underbrace{" + QString("a+").repeated(60) + "b}_n", "x"};
    int nText = 0;
    int nBroken = 0;
    for (const QString& latex : formulas) {
        for (const MathStyle style : {MathStyle::Display, MathStyle::Inline}) {
            for (const double width : {120.0, 300.0, 500.0, 700.0}) {
                const auto set = typesetter.set(latex, style, theme().bodyFont, width);
                if (!set) ++nText;
                if (!set) continue;
                nBroken += set->pieces.size() > 1;
                for (const MathBox& piece : set->pieces) QVERIFY(piece.width <= width + 6);
            }
        }
    }
    QVERIFY(nText > 0 && nBroken > 2);
    // What is text wraps as text does.
    const TextLines lines = linesOf("$$" + formulas[2] + "$$", 300, &typesetter);
    QVERIFY(lines.naturalWidth() <= 301);
}

void FormulasTest::lettersOfFormulasAreNotSeen() {
    MathTypesetter typesetter(theme().codeFont);
    const QString markdown = "$\\quad\\,\\phantom{q}$";  // a formula of nothing but room
    const TextLines lines = linesOf(markdown, 200, &typesetter);
    for (const bool isMarked : {false, true}) {
        QImage image(200, 60, QImage::Format_RGB32);
        image.fill(theme().window);
        QPainter painter(&image);
        std::vector<TextMark> marks;
        if (isMarked) marks.push_back({0, lines.length()});
        lines.draw(painter, {10, 10}, theme(), QRectF(0, 0, 200, 60), 0, 0, marks);
        painter.end();
        for (int y = 0; y < 60; ++y)
            for (int x = 0; x < 200; ++x)
                QVERIFY(contrast(image.pixelColor(x, y), theme().window) < 3);
    }
}

void FormulasTest::clicksReachTheEndsOfAFormula() {
    MathTypesetter typesetter(theme().codeFont);
    const QString markdown = "Say $" + kFormula + "$ here";
    const MathSpan formula = parseMarkdown(markdown).front().formulas.front();
    const TextLines lines = linesOf(markdown, 600, &typesetter);
    bool isBefore = false;
    bool isBehind = false;
    for (int x = 0; x < 300; ++x) {
        const int at = lines.positionAt(QPointF(x, 10));
        QVERIFY(at <= formula.start || at >= formula.start + formula.length);
        isBefore |= at == formula.start;
        isBehind |= at == formula.start + formula.length;
    }
    QVERIFY(isBefore && isBehind);
    QCOMPARE(lines.previousWord(formula.start + 1), formula.start);
    QCOMPARE(lines.nextWord(formula.start), formula.start + formula.length);
}

void FormulasTest::copyingAndFindingAreAsBefore() {
    Shown shown;
    shown.append(100, "It is $" + kFormula + "$ here.\n\n$$x_1 = 2$$");
    shown.view.findIn(100, TextMatcher({QString("√b")}));
    QTRY_VERIFY(!shown.view.finder()->isSearching());
    QCOMPARE(shown.view.finder()->count(), 1);
    shown.paint();
    shown.view.endFind();
    shown.view.selectAll();
    QVERIFY(shown.view.selectedText().endsWith("It is a²/√b here.\n\nx₁ = 2"));
    shown.view.copySelection();
    const QMimeData* data = QApplication::clipboard()->mimeData();
    const QString markdown = QString::fromUtf8(data->data("text/markdown"));
    QVERIFY(markdown.endsWith("It is $" + kFormula + "$ here.\n\n$$x_1 = 2$$"));
    QVERIFY(data->html().contains("a²/√b"));
    // The caret passes a formula in one step.
    TranscriptTarget message;
    message.kind = TranscriptTarget::Kind::Message;
    message.row = shown.model.rowCount() - 1;
    QVERIFY(shown.view.targetName(message).contains("frac") ||
            shown.view.targetName(message).contains("√"));
}

void FormulasTest::aGrowingAnswerNeverGoesBack() {
    const QString text =
        "So $x^2$ is, and\n\n$$\n\\frac{a}{b} = \\sum_i c_i\n$$\n\nthen \\(y_1\\), "
        "$$z$$ and\n\n\\[\n\\begin{cases} 1 & x \\\\ 2 \\end{cases}\n\\]\n\n- $a$ or $b$\n\nEnd.";
    MarkdownStream stream;
    QStringList before;
    for (qsizetype end = 0; end <= text.size(); ++end) {
        stream.update(text.left(end));
        QStringList now;
        for (const MarkdownBlock& block : stream.blocks())
            for (const MathSpan& formula : block.formulas) now << formula.latex;
        QVERIFY2(now.size() >= before.size() && now.mid(0, before.size()) == before,
                 qPrintable(text.left(end)));
        before = now;
    }
    QCOMPARE(before.size(), 7);
    Shown shown;
    shown.append(100, "");
    for (const QChar c : text) shown.grow(100, c);
}

void FormulasTest::whatIsSetIsRemembered() {
    MathTypesetter typesetter(theme().codeFont);
    const auto once = typesetter.set(kFormula, MathStyle::Inline, theme().bodyFont, 500);
    QCOMPARE(typesetter.set(kFormula, MathStyle::Inline, theme().bodyFont, 500), once);
    QVERIFY(typesetter.set(kFormula, MathStyle::Display, theme().bodyFont, 500) != once);
    for (int i = 0; i < 5000; ++i)
        (void)typesetter.set(QString("x_{%1}").arg(i), MathStyle::Inline, theme().bodyFont, 500);
    QVERIFY(once->pieces.size() == 1);
}

QTEST_MAIN(FormulasTest)
#include "tst_formulas.moc"
