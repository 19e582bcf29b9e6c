#include "app/math/math_commands.h"

#include <QStringList>

namespace lares::app {

const QHash<QString, GridLook>& mathEnvironments() {
    using Grid = MathNode::Grid;
    static const QHash<QString, GridLook> kTable = {
        {"matrix", {Grid::Matrix, "c"}},
        {"pmatrix", {Grid::Matrix, "c", "(", ")"}},
        {"bmatrix", {Grid::Matrix, "c", "[", "]"}},
        {"Bmatrix", {Grid::Matrix, "c", "{", "}"}},
        {"vmatrix", {Grid::Matrix, "c", "|", "|"}},
        {"Vmatrix", {Grid::Matrix, "c", "‖", "‖"}},
        {"smallmatrix", {Grid::Small, "c"}},
        {"array", {Grid::Matrix, "c"}},
        {"cases", {Grid::Cases, "l", "{", ""}},
        {"dcases", {Grid::Cases, "l", "{", ""}},
        {"rcases", {Grid::Cases, "l", "", "}"}},
        {"aligned", {Grid::Aligned, "rl"}},
        {"align", {Grid::Aligned, "rl"}},
        {"alignat", {Grid::Aligned, "rl"}},
        {"alignedat", {Grid::Aligned, "rl"}},
        {"split", {Grid::Aligned, "rl"}},
        {"eqnarray", {Grid::Aligned, "rcl"}},
        {"gathered", {Grid::Gathered, "c"}},
        {"gather", {Grid::Gathered, "c"}},
        {"multline", {Grid::Gathered, "c"}},
        {"equation", {Grid::Gathered, "c"}},
    };
    return kTable;
}

std::optional<MathFace> mathFaceOf(const QString& name) {
    static const QHash<QString, MathFace> kTable = {
        {"mathrm", MathFace::Upright},       {"mathsf", MathFace::Upright},
        {"mathit", MathFace::Italic},        {"mathnormal", MathFace::Italic},
        {"mathbf", MathFace::Bold},          {"boldsymbol", MathFace::BoldItalic},
        {"bm", MathFace::BoldItalic},        {"mathbb", MathFace::Blackboard},
        {"mathcal", MathFace::Calligraphic}, {"mathscr", MathFace::Calligraphic},
        {"mathfrak", MathFace::Fraktur},     {"mathtt", MathFace::Mono}};
    const auto found = kTable.constFind(name);
    if (found == kTable.cend()) return std::nullopt;
    return *found;
}

std::optional<MathFace> mathWordsFace(const QString& name) {
    static const QHash<QString, MathFace> kTable = {
        {"text", MathFace::Upright}, {"textrm", MathFace::Upright},
        {"mbox", MathFace::Upright}, {"textnormal", MathFace::Upright},
        {"textbf", MathFace::Bold},  {"textit", MathFace::Italic},
        {"texttt", MathFace::Mono},  {"textsf", MathFace::Upright},
        {"emph", MathFace::Italic},  {"hbox", MathFace::Upright},
        {"label", MathFace::Upright}};
    const auto found = kTable.constFind(name);
    if (found == kTable.cend()) return std::nullopt;
    return *found;
}

QString mathAccentOf(const QString& name) {
    static const QHash<QString, QString> kTable = {
        {"hat", "^"},   {"widehat", "^"}, {"bar", "-"},   {"tilde", "~"},   {"widetilde", "~"},
        {"vec", ">"},   {"dot", "."},     {"ddot", ":"},  {"check", "v"},   {"overrightarrow", ">"},
        {"acute", "/"}, {"grave", "\\"},  {"breve", "u"}, {"mathring", "o"}};
    return kTable.value(name);
}

std::optional<double> mathSpaceOf(const QString& name) {
    static const QHash<QString, double> kTable = {{"quad", 1.0},
                                                  {"qquad", 2.0},
                                                  {"thinspace", 3.0 / 18},
                                                  {"enspace", 0.5},
                                                  {"space", 6.0 / 18},
                                                  {"medspace", 4.0 / 18},
                                                  {"thickspace", 5.0 / 18},
                                                  {"negthinspace", -3.0 / 18}};
    const auto found = kTable.constFind(name);
    if (found == kTable.cend()) return std::nullopt;
    return *found;
}

bool isMathNothing(QStringView name) {
    static const QStringList kNothing = {"nonumber",      "notag",      "mathstrut", "hline",
                                         "centering",     "bf",         "rm",        "it",
                                         "displaylimits", "allowbreak", "strut",     "smallskip",
                                         "cal",           "relax",      "nobreak"};
    return kNothing.contains(name);
}

int mathDelimiterSize(const QString& name) {
    const QString stem =
        name.endsWith(u'l') || name.endsWith(u'r') || name.endsWith(u'm') ? name.chopped(1) : name;
    return static_cast<int>(QStringList({"big", "Big", "bigg", "Bigg"}).indexOf(stem)) + 1;
}

MathClass mathLetterClass(QStringView sign) {
    if (QStringView(u"∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀").contains(sign)) return MathClass::Op;
    if (QStringView(u"⟨⌊⌈{[").contains(sign)) return MathClass::Open;
    if (QStringView(u"⟩⌋⌉}]").contains(sign)) return MathClass::Close;
    if (QStringView(u"…⋯⋱").contains(sign)) return MathClass::Inner;
    return MathClass::Ord;
}

MathClass mathCharacterClass(QChar c) {
    if (QStringView(u"+−*±×·÷∓").contains(c)) return MathClass::Bin;
    if (QStringView(u"=<>:≤≥≠≈∈→⇒←↔∼≡⇔").contains(c)) return MathClass::Rel;
    if (QStringView(u"([").contains(c)) return MathClass::Open;
    if (QStringView(u")]!?").contains(c)) return MathClass::Close;
    if (QStringView(u",;").contains(c)) return MathClass::Punct;
    return mathLetterClass(QStringView(&c, 1));
}

bool isIntegralSign(QStringView sign) {
    return QStringView(u"∫∬∭∮").contains(sign);
}

bool isBinaryMath(QStringView sign) {
    return QStringView(u"±∓×÷·∗∪∩∖∧∨⊕⊗⊖⊘⊙∘•⊎⊓⊔").contains(sign);
}

MathFace naturalMathFace(QStringView text) {
    const char16_t c = text.isEmpty() ? u' ' : text.front().unicode();
    const bool isLatin = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
    const bool isGreek = (c >= u'α' && c <= u'ω') || c == u'ϑ' || c == u'ϕ' || c == u'ϖ' ||
                         c == u'ϱ' || c == u'ϵ' || c == u'ϰ';
    return isLatin || isGreek || c == u'∂' || c == u'ℓ' || c == u'ı' || c == u'ȷ'
               ? MathFace::Italic
               : MathFace::Upright;
}

}  // namespace lares::app
