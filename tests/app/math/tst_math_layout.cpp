#include "app/math/math_layout.h"
#include "app/math/math_parser.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QTest>

using namespace lares::app;

namespace {

QFont bodyFont() {
    QFont font;
    font.setPixelSize(40);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

MathBox boxFor(const QString& latex, MathStyle style = MathStyle::Display) {
    static MathFonts fonts(bodyFont(), bodyFont());
    const auto list = parseMath(latex);
    return list ? layOutMath(*list, style, fonts) : MathBox();
}

/// Where a letter is seen; the first one that is the same.
QRectF inkOf(const MathBox& box, const QString& text) {
    for (const MathItem& item : box.items)
        if (item.text == text) return item.ink;
    return {};
}
double sizeOf(const MathBox& box, const QString& text) {
    for (const MathItem& item : box.items)
        if (item.text == text) return item.font.pixelSize();
    return 0;
}
QRectF first(const MathBox& box, MathItem::Kind kind) {
    for (const MathItem& item : box.items)
        if (item.kind == kind) return item.ink;
    return {};
}

}  // namespace

/// Where the parts of a formula stand, whatever the font is.
class MathLayoutTest : public QObject {
    Q_OBJECT

private slots:
    void aFractionStandsOnItsBar();
    void scriptsAreSmallerAndBeside();
    void scriptsNeverMeet();
    void sumsHaveTheirLimitsAboveInADisplay();
    void rootsCoverWhatIsUnderThem();
    void delimitersAreAsHighAsTheirContent_data();
    void delimitersAreAsHighAsTheirContent();
    void signsHaveTheirSpaces();
    void matricesAreGrids();
    void equationsAlign();
    void accentsAreAbove();
    void longFormulasBreakAtSigns();
    void nothingIsPaintedOutside_data();
    void nothingIsPaintedOutside();
    void barsAreSharp();
    void deepOnesAreLaidOut();
};

void MathLayoutTest::aFractionStandsOnItsBar() {
    const MathBox box = boxFor("\\frac{a}{b}");
    const QRectF bar = first(box, MathItem::Kind::Rule);
    QVERIFY(inkOf(box, "a").bottom() < bar.top());
    QVERIFY(inkOf(box, "b").top() > bar.bottom());
    QVERIFY(std::abs(inkOf(box, "a").center().x() - inkOf(box, "b").center().x()) < 3);
    const QRectF minus = inkOf(boxFor("x-\\frac{a}{b}"), "−");
    const QRectF besideBar = first(boxFor("x-\\frac{a}{b}"), MathItem::Kind::Rule);
    QVERIFY(std::abs(minus.center().y() - besideBar.center().y()) < 1);
    QCOMPARE(sizeOf(box, "a"), 40.0);
    QVERIFY(sizeOf(boxFor("\\frac{a}{b}", MathStyle::Inline), "a") < 32);
    QVERIFY(boxFor("\\frac{a}{b}", MathStyle::Inline).height() < box.height());
}

void MathLayoutTest::scriptsAreSmallerAndBeside() {
    const MathBox box = boxFor("x^n_k");
    const QRectF x = inkOf(box, "x");
    QVERIFY(sizeOf(box, "n") < 0.8 * sizeOf(box, "x"));
    QVERIFY(inkOf(box, "n").bottom() < x.center().y());
    QVERIFY(inkOf(box, "k").bottom() > x.bottom());
    QVERIFY(inkOf(box, "n").left() > x.center().x());
    QVERIFY(sizeOf(boxFor("x^{y^z}"), "z") < sizeOf(boxFor("x^{y^z}"), "y"));
}

void MathLayoutTest::scriptsNeverMeet() {
    for (const char* latex : {"x^n_k", "x^{b_g}_{k^q}", "M^{\\frac gn}_{\\frac kh}", "\\int^n_k"}) {
        const MathBox box = boxFor(latex, MathStyle::Inline);
        QVERIFY2(inkOf(box, "n").bottom() < inkOf(box, "k").top() || inkOf(box, "n").isEmpty(),
                 latex);
        if (QString(latex).contains("b_g"))
            QVERIFY(inkOf(box, "g").bottom() <= inkOf(box, "q").top());
    }
}

void MathLayoutTest::sumsHaveTheirLimitsAboveInADisplay() {
    const MathBox box = boxFor("\\sum_{k}^n x");
    const QRectF sum = inkOf(box, "∑");
    QVERIFY(inkOf(box, "n").bottom() < sum.top());
    QVERIFY(inkOf(box, "k").top() > sum.bottom());
    QVERIFY(std::abs(inkOf(box, "k").center().x() - sum.center().x()) < 4);
    QVERIFY(inkOf(box, "x").left() > sum.right());
    const MathBox inlined = boxFor("\\sum_{k}^n x", MathStyle::Inline);
    QVERIFY(inkOf(inlined, "n").left() > inkOf(inlined, "∑").center().x());
    QVERIFY(inkOf(inlined, "∑").height() < sum.height());
    const MathBox lim = boxFor("\\lim_{k\\to0} x");
    QVERIFY(inkOf(lim, "k").top() > inkOf(lim, "lim").bottom());
}

void MathLayoutTest::rootsCoverWhatIsUnderThem() {
    const MathBox box = boxFor("\\sqrt[n]{\\frac{a}{b}}");
    const QRectF sign = first(box, MathItem::Kind::Path);
    QVERIFY(sign.top() < inkOf(box, "a").top());
    QVERIFY(sign.bottom() >= inkOf(box, "b").bottom() - 1);
    QVERIFY(sign.right() <= inkOf(box, "a").left());
    QVERIFY(inkOf(box, "n").left() < sign.center().x());
    const QRectF bar = first(box, MathItem::Kind::Rule);
    QVERIFY(bar.left() <= sign.right() && bar.right() >= inkOf(box, "b").right());
}

void MathLayoutTest::delimitersAreAsHighAsTheirContent_data() {
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    for (const auto& [left, right] : {std::pair("(", ")"),
                                      {"[", "]"},
                                      {"\\{", "\\}"},
                                      {"|", "|"},
                                      {"\\|", "\\|"},
                                      {"\\langle", "\\rangle"},
                                      {"\\lfloor", "\\rceil"},
                                      {"\\uparrow", "/"}})
        QTest::newRow(left) << QString(left) << QString(right);
}

void MathLayoutTest::delimitersAreAsHighAsTheirContent() {
    QFETCH(QString, left);
    QFETCH(QString, right);
    const QString inside = "\\frac{\\frac{a}{b}}{c}";
    const MathBox content = boxFor(inside);
    const MathBox box = boxFor("\\left" + left + " " + inside + " \\right" + right);
    const QRectF before = box.items.front().ink;
    const QRectF behind = box.items.back().ink;
    for (const QRectF& delimiter : {before, behind}) {
        QVERIFY(delimiter.top() <= inkOf(box, "a").top());
        QVERIFY(delimiter.bottom() >= inkOf(box, "c").bottom());
        QVERIFY(delimiter.height() >= content.height() - 2);
    }
    QVERIFY(before.right() <= inkOf(box, "a").left());
    QVERIFY(behind.left() >= inkOf(box, "c").right());
}

void MathLayoutTest::signsHaveTheirSpaces() {
    const double letters = boxFor("a").width + boxFor("b").width;
    const double sum = boxFor("a+b").width - boxFor("+").width - letters;
    const double equal = boxFor("a=b").width - boxFor("=").width - letters;
    QVERIFY(sum > 12 && equal > sum);
    QVERIFY(std::abs(boxFor("-b").width - boxFor("{-}{b}").width) < 0.1);
    // None between scripts.
    const MathBox script = boxFor("x^{a+b}");
    QVERIFY(inkOf(script, "b").left() - inkOf(script, "+").right() < 8);
}

void MathLayoutTest::matricesAreGrids() {
    const MathBox box = boxFor("\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}");
    QVERIFY(inkOf(box, "a").bottom() < inkOf(box, "c").top());
    QVERIFY(inkOf(box, "a").right() + 15 < inkOf(box, "b").left());
    QVERIFY(std::abs(inkOf(box, "a").center().x() - inkOf(box, "c").center().x()) < 3);
    QVERIFY(std::abs(inkOf(box, "a").bottom() - inkOf(box, "b").bottom()) < 2);
    QVERIFY(box.items.front().ink.height() > inkOf(box, "c").bottom() - inkOf(box, "a").top());
}

void MathLayoutTest::equationsAlign() {
    const MathBox box = boxFor("\\begin{align} a &= b \\\\ xyz &< c \\end{align}");
    QCOMPARE(std::round(inkOf(box, "=").center().x()), std::round(inkOf(box, "<").center().x()));
    QVERIFY(inkOf(box, "=").left() > inkOf(box, "z").right());
    QVERIFY(inkOf(box, "=").bottom() < inkOf(box, "<").top());
}

void MathLayoutTest::accentsAreAbove() {
    for (const char* mark : {"hat", "bar", "vec", "tilde", "dot", "ddot", "check", "breve"}) {
        const MathBox box = boxFor(QString("\\%1{b}").arg(mark));
        QVERIFY2(first(box, MathItem::Kind::Path).bottom() < inkOf(box, "b").top(), mark);
    }
    const MathBox wide = boxFor("\\overline{abc}");
    QVERIFY(first(wide, MathItem::Kind::Rule).bottom() < inkOf(wide, "b").top());
    QVERIFY(first(wide, MathItem::Kind::Rule).width() > inkOf(wide, "c").right() - 6);
    const MathBox brace = boxFor("\\underbrace{a+b}_{n}");
    QVERIFY(first(brace, MathItem::Kind::Path).top() > inkOf(brace, "b").bottom());
    QVERIFY(first(brace, MathItem::Kind::Path).bottom() < inkOf(brace, "n").top());
}

void MathLayoutTest::longFormulasBreakAtSigns() {
    MathFonts fonts(bodyFont(), bodyFont());
    const auto list = parseMath(u"a = b + (c = d) < e");
    const auto inlined = layOutMathPieces(*list, MathStyle::Inline, MathBreaks::Relations, fonts);
    QCOMPARE(inlined.size(), std::size_t(3));
    QCOMPARE(inlined[0].box.items.back().text, QString("="));
    const auto shown = layOutMathPieces(*list, MathStyle::Display, MathBreaks::Operators, fonts);
    QCOMPARE(shown.size(), std::size_t(4));
    QCOMPARE(shown[1].box.items.front().text, QString("="));
    QCOMPARE(shown[2].box.items.front().text, QString("+"));
}

void MathLayoutTest::nothingIsPaintedOutside_data() {
    QTest::addColumn<QString>("latex");
    for (const char* latex :
         {"f", "\\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}", "\\sum_{i=1}^{\\infty} x_i^{f'}",
          "\\left\\{ \\begin{matrix} 1 & f \\\\ j & \\sqrt[3]{y} \\end{matrix} \\right|",
          "\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}",
          "\\hat f + \\vec{j} + \\tilde y", "\\overbrace{f+g}^{n} \\underbrace{y}_{j}",
          "\\boxed{j}", "\\binom{n}{k}", "\\mathcal{F} \\mathbb{R} \\mathfrak{g}",
          "a \\xrightarrow{f} b", "\\!f",
          "\\begin{cases} x^2 & x > 0 \\\\ 0 & \\text{else} \\end{cases}"})
        QTest::newRow(latex) << QString(latex);
}

void MathLayoutTest::nothingIsPaintedOutside() {
    QFETCH(QString, latex);
    for (const MathStyle style : {MathStyle::Display, MathStyle::Inline}) {
        const MathBox box = boxFor(latex, style);
        constexpr int kAround = 60;
        QImage image(int(box.width) + 2 * kAround, int(box.height()) + 2 * kAround,
                     QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintMath(painter, box, QPointF(kAround, kAround + box.ascent), Qt::black);
        painter.end();
        const QRect inside = QRectF(kAround, kAround, box.width, box.height())
                                 .toAlignedRect()
                                 .adjusted(-1, -1, 1, 1);
        int nInk = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixel(x, y) == qRgb(255, 255, 255)) continue;
                ++nInk;
                QVERIFY2(inside.contains(x, y), qPrintable(QString("%1, %2").arg(x).arg(y)));
            }
        }
        QVERIFY(nInk > 50);
    }
}

void MathLayoutTest::barsAreSharp() {
    for (const double ratio : {1.0, 1.25, 1.5, 2.0}) {
        QImage image(300, 200, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        image.fill(Qt::white);
        MathBox box;
        box.addRule(QRectF(0, -0.37, 40, 1.2));
        QPainter painter(&image);
        paintMath(painter, box, QPointF(20.3, 30.4), Qt::black);
        painter.end();
        int nInk = 0;
        for (int y = 0; y < image.height(); ++y) {
            const QRgb pixel = image.pixel(int(40 * ratio), y);
            QVERIFY(pixel == qRgb(0, 0, 0) || pixel == qRgb(255, 255, 255));
            nInk += pixel == qRgb(0, 0, 0);
        }
        QVERIFY(nInk >= 1 && nInk <= 3);
    }
}

void MathLayoutTest::deepOnesAreLaidOut() {
    QString latex = "x";
    for (int i = 0; i < kMostMathNesting - 2; ++i) latex = "\\frac{" + latex + "}{\\sqrt{y}}";
    QVERIFY(boxFor(latex).height() > 100);
    QVERIFY(boxFor(QString("x^2+").repeated(1400)).width > 1000);
    QVERIFY(boxFor("\\begin{matrix}" + QString("&").repeated(900) + "\\end{matrix}").width > 100);
}

QTEST_MAIN(MathLayoutTest)
#include "tst_math_layout.moc"
