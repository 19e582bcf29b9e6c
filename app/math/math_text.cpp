#include "app/math/math_text.h"

#include "app/math/math_symbols.h"

#include <QStringList>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr int kMostNesting = 24;
constexpr QChar kRow = QChar(QChar::LineSeparator);

/// Commands that say nothing in a line of text.
const QStringList kSilent = {
    "displaystyle", "textstyle",   "limits", "nolimits",  "big",  "Big",   "bigg",   "Bigg",
    "bigl",         "bigr",        "Bigl",   "Bigr",      "left", "right", "middle", "mathstrut",
    "nonumber",     "scriptstyle", "hline",  "centering", "bf",   "rm",    "it"};
/// Commands that only change how their argument looks.
const QStringList kLooks = {"text",   "textbf",     "textit",    "textrm",       "mathrm",
                            "mathbf", "mathit",     "mathsf",    "operatorname", "boldsymbol",
                            "mbox",   "mathcal",    "mathfrak",  "boxed",        "mathtt",
                            "bm",     "underbrace", "overbrace", "underline",    "phantom",
                            "texttt", "textnormal", "mathop"};
/// Marks over a letter, as characters that combine with it.
const std::pair<const char*, char16_t> kMarks[] = {
    {"hat", u'\u0302'},   {"widehat", u'\u0302'},  {"bar", u'\u0304'}, {"overline", u'\u0304'},
    {"tilde", u'\u0303'}, {"vec", u'\u20D7'},      {"dot", u'\u0307'}, {"ddot", u'\u0308'},
    {"check", u'\u030C'}, {"widetilde", u'\u0303'}};

bool isOpening(QChar c) {
    return QStringView(u"([{⟨⌊⌈").contains(c);
}
bool isSign(QChar c) {
    return QStringView(u"+−±∓=<>≤≥≠≈≡·×÷∗→←⇒⇔∈,;:/^_|").contains(c);
}

/// What a term is made of, its brackets as one each.
struct TermShape {
    bool isSum = false;  ///< or has words or fractions
    int nFactor = 0;     ///< letters and numbers beside each other
};

TermShape shapeOf(QStringView term) {
    TermShape shape;
    int depth = 0;
    QChar before;
    for (const QChar c : term) {
        const bool isClosing = QStringView(u")]}⟩⌋⌉").contains(c);
        if (isOpening(c)) ++depth;
        if (isClosing) --depth;
        if (depth > 0 || isClosing) continue;
        shape.isSum = shape.isSum || QStringView(u" +−/").contains(c);
        const bool isFactor = c.isDigit() ? !before.isDigit()
                                          : c.isLetter() && c.category() != QChar::Letter_Modifier;
        if (isFactor) ++shape.nFactor;
        before = c;
    }
    return shape;
}

QString inBrackets(const QString& text, bool isNeeded) {
    return isNeeded ? u'(' + text + u')' : text;
}

class MathReader {
public:
    explicit MathReader(QStringView latex) : m_latex(latex) {}

    QString read() {
        QString text;
        while (m_at < m_latex.size()) {
            text += sequence(0);
            if (m_at < m_latex.size()) text += m_latex[m_at++];  // a bracket that nothing opened
        }
        return tidy(text);
    }

private:
    [[nodiscard]] QChar peek() const { return m_at < m_latex.size() ? m_latex[m_at] : QChar(); }

    void skipSpace() {
        while (m_at < m_latex.size() && m_latex[m_at].isSpace()) ++m_at;
    }

    /// Up to a "}" or the end.
    QString sequence(int depth) {
        QString out;
        while (m_at < m_latex.size() && peek() != u'}') addAtom(out, depth);
        return out;
    }

    static void addOperator(QString& out, const QString& sign) {
        const auto last =
            std::find_if(out.crbegin(), out.crend(), [](QChar c) { return c != u' '; });
        const bool isFirst = last == out.crend() || isOpening(*last) || isSign(*last);
        const bool isUnary = isFirst && (sign == u"+" || sign == u"−" || sign == u"±");
        if (isUnary) {
            out += sign;
            return;
        }
        if (!out.isEmpty() && !out.back().isSpace()) out += u' ';
        out += sign + u' ';
    }

    void addAtom(QString& out, int depth) {
        const QChar c = peek();
        const bool isScript = c == u'^' || c == u'_';
        if (!isScript && !c.isSpace() && std::exchange(m_isAfterSum, false)) out += u' ';
        if (c.isSpace() || c == u'~' || c == u'&') {
            ++m_at;
            if (c == u'~' || c == u'&') out += u' ';
        } else if (c == u'\\') {
            addCommand(out, depth);
        } else if (c == u'{') {
            out += group(depth);
        } else if (c == u'^' || c == u'_') {
            ++m_at;
            addScript(out, c == u'^', depth);
        } else if (c == u'\'') {
            ++m_at;
            out += u'′';
        } else if (c == u'-' || c == u'+' || c == u'=' || c == u'<' || c == u'>' || c == u'*') {
            ++m_at;
            addOperator(out, c == u'-' ? QStringLiteral("−") : QString(c));
        } else if (c == u',') {
            ++m_at;
            out += QStringLiteral(", ");
        } else {
            ++m_at;
            out += c;
        }
    }

    /// "{…}" without its brackets.
    QString group(int depth) {
        ++m_at;
        if (depth >= kMostNesting) return QStringLiteral("{");
        QString text = sequence(depth + 1);
        if (peek() == u'}') ++m_at;
        return text;
    }

    /// What a command or a script is about: a group, a command or a character.
    QString argument(int depth) {
        skipSpace();
        if (m_at >= m_latex.size() || peek() == u'}') return {};
        if (peek() == u'{') return group(depth).trimmed();
        QString text;
        if (peek() == u'\\' && depth < kMostNesting) {
            addCommand(text, depth + 1);
        } else {
            text = peek();
            ++m_at;
        }
        return text.trimmed();
    }
    /// "{…}" exactly as it stands, for words.
    QString rawArgument() {
        skipSpace();
        if (peek() != u'{') return argument(0);
        const qsizetype from = ++m_at;
        for (int open = 1; m_at < m_latex.size(); ++m_at) {
            if (peek() == u'{') ++open;
            if (peek() == u'}' && --open == 0) break;
        }
        QString text = m_latex.sliced(from, m_at - from).toString();
        if (m_at < m_latex.size()) ++m_at;
        return text;
    }
    QString optionalArgument() {
        skipSpace();
        if (peek() != u'[') return {};
        constexpr qsizetype kLongest = 80;
        const qsizetype close = m_latex.sliced(m_at).left(kLongest).indexOf(u']') + m_at;
        if (close < m_at) return {};
        QString text = m_latex.sliced(m_at + 1, close - m_at - 1).toString();
        m_at = close + 1;
        return text;
    }

    void addScript(QString& out, bool isRaised, int depth) {
        const bool isOfSum =
            std::exchange(m_isAfterSum, false) || std::exchange(m_isAfterWord, false);
        QString text = argument(depth);
        m_isAfterSum = isOfSum;
        if (text.isEmpty()) return;
        if (text == u"°" || text == u"′" || text == u"∗") {
            out += text;
            return;
        }
        while (out.endsWith(u' ')) out.chop(1);
        const auto small = isRaised ? superscript(text) : subscript(text);
        if (small) {
            out += *small;
        } else {
            out += (isRaised ? u'^' : u'_') + (text.size() == 1 ? text : u'(' + text + u')');
        }
    }

    void addCommand(QString& out, int depth) {
        ++m_at;
        if (m_at >= m_latex.size()) {
            out += u'\\';
            return;
        }
        qsizetype end = m_at;
        while (end < m_latex.size() && m_latex[end].isLetter() && m_latex[end].unicode() < 128)
            ++end;
        if (end == m_at) {
            addEscaped(out, m_latex[m_at++]);
            return;
        }
        const QString name = m_latex.sliced(m_at, end - m_at).toString();
        m_at = end;
        addNamed(out, name, depth);
    }

    static void addEscaped(QString& out, QChar c) {
        if (c == u'\\') {
            while (out.endsWith(u' ')) out.chop(1);
            out += kRow;
        } else if (c == u',' || c == u';' || c == u':' || c == u' ' || c == u'>') {
            out += u' ';
        } else if (c == u'|') {
            out += u'‖';
        } else if (c != u'!') {
            out += c;
        }
    }

    void addNamed(QString& out, const QString& name, int depth) {
        if (const auto symbol = mathSymbol(name)) {
            addSymbol(out, *symbol);
        } else if (name == u"frac" || name == u"dfrac" || name == u"tfrac" || name == u"cfrac") {
            const QString above = argument(depth);
            const QString below = argument(depth);
            const TermShape shape = shapeOf(below);
            out += inBrackets(above, shapeOf(above).isSum) + u'/' +
                   inBrackets(below, shape.isSum || shape.nFactor > 1);
        } else if (name == u"sqrt") {
            addRoot(out, depth);
        } else if (name == u"binom") {
            const QString n = argument(depth);
            out += QStringLiteral("C(") + n + QStringLiteral(", ") + argument(depth) + u')';
        } else if (name == u"pmod") {
            out += QStringLiteral(" (mod ") + argument(depth) + u')';
        } else if (name == u"mathbb") {
            out += blackboard(argument(depth));
        } else if (name == u"quad" || name == u"qquad" || name == u"hspace" || name == u"space") {
            if (name == u"hspace") (void)argument(depth);
            out += QStringLiteral("  ");
        } else if (name == u"not") {
            addNegated(out, depth);
        } else if (name == u"begin" || name == u"end") {
            addEnvironment(out, name == u"begin");
        } else if (name == u"tag" || name == u"label") {
            const QString text = rawArgument();
            if (name == u"tag") out += QStringLiteral("  (") + text + u')';
        } else if (kLooks.contains(name)) {
            const bool isText = name.startsWith(u"text") || name == u"mbox";
            out += isText ? rawArgument() : argument(depth);
        } else if (kSilent.contains(name)) {
            if ((name == u"left" || name == u"right") && peek() == u'.') ++m_at;
        } else if (!addMarked(out, name, depth)) {
            out += u'\\' + name;
        }
    }

    void addSymbol(QString& out, const MathSymbol& symbol) {
        switch (symbol.spacing) {
            case MathSpacing::Operator:
                addOperator(out, symbol.text);
                break;
            case MathSpacing::Word:
                if (!out.isEmpty() && out.back().isLetterOrNumber()) out += u' ';
                out += symbol.text;
                skipSpace();
                if (peek().isLetterOrNumber() || peek() == u'\\') out += u' ';
                m_isAfterWord = peek() == u'_' || peek() == u'^';
                break;
            case MathSpacing::None:
                out += symbol.text;
                m_isAfterSum = QStringView(u"∑∏∐∫∬∭∮⋃⋂").contains(symbol.text);
                break;
        }
    }

    void addRoot(QString& out, int depth) {
        const QString degree = optionalArgument();
        const QString of = argument(depth);
        QString sign = QStringLiteral("√");
        if (degree == u"3") {
            sign = QStringLiteral("∛");
        } else if (degree == u"4") {
            sign = QStringLiteral("∜");
        } else if (!degree.isEmpty()) {
            sign = superscript(degree).value_or(degree) + u'√';
        }
        const bool isSmall = of.size() == 1 || std::all_of(of.begin(), of.end(), [](QChar c) {
                                 return c.isDigit() || c == u'.';
                             });
        out += sign + (isSmall ? of : u'(' + of + u')');
    }

    void addNegated(QString& out, int depth) {
        const QString sign = argument(depth);
        if (sign == u"=") return addOperator(out, QStringLiteral("≠"));
        if (sign == u"∈") return addOperator(out, QStringLiteral("∉"));
        addOperator(out, sign + QChar(u'\u0338'));
    }

    bool addMarked(QString& out, const QString& name, int depth) {
        const auto mark = std::find_if(std::begin(kMarks), std::end(kMarks), [&](const auto& one) {
            return name == QLatin1String(one.first);
        });
        if (mark == std::end(kMarks)) return false;
        const QString over = argument(depth);
        out += over.size() == 1 ? over + QChar(mark->second) : over;
        return true;
    }

    /// Rows stay rows; a matrix gets its brackets.
    void addEnvironment(QString& out, bool isBegin) {
        const QString name = rawArgument();
        if (isBegin && (name == u"array" || name == u"tabular")) (void)rawArgument();
        const bool isRound = name == u"pmatrix";
        const bool isSquare = name == u"bmatrix" || name == u"Bmatrix";
        const bool isBar = name == u"vmatrix" || name == u"Vmatrix";
        if (!isBegin)
            while (out.endsWith(u' ') || out.endsWith(kRow)) out.chop(1);
        if (isRound) out += isBegin ? u'(' : u')';
        if (isSquare) out += isBegin ? u'[' : u']';
        if (isBar) out += u'|';
        if (name == u"cases" && isBegin) out += QStringLiteral("{ ");
    }

    /// Single spaces, none where a row or a bracket begins or ends.
    static QString tidy(const QString& text) {
        QString out;
        for (const QChar c : text) {
            const bool isSpace = c.isSpace() && c != kRow;
            if (isSpace && (out.isEmpty() || out.back().isSpace() || isOpening(out.back())))
                continue;
            if ((c == kRow || c == u')' || c == u']' || c == u',' || c == u';') &&
                out.endsWith(u' '))
                out.chop(1);
            if (c == kRow && (out.isEmpty() || out.endsWith(kRow))) continue;
            out += isSpace ? QChar(u' ') : c;
        }
        while (out.endsWith(u' ') || out.endsWith(kRow)) out.chop(1);
        return out;
    }

    const QStringView m_latex;
    qsizetype m_at = 0;
    bool m_isAfterSum = false;   ///< what is summed stands apart from the sum's limits
    bool m_isAfterWord = false;  ///< the script that comes is of a function's name
};

}  // namespace

QString mathText(QStringView latex) {
    return MathReader(latex).read();
}

}  // namespace lares::app
