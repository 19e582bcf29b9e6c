#include "app/math/math_parser.h"

#include "app/math/math_symbols.h"

#include <QHash>
#include <QStringList>

#include <utility>

namespace lares::app {
namespace {

using NodeKind = MathNode::Kind;

struct GridLook {
    MathNode::Grid grid;
    const char* columns;
    const char* left = "";
    const char* right = "";
};

const QHash<QString, GridLook>& environments() {
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

std::optional<MathFace> faceOf(const QString& name) {
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

/// The faces of commands whose argument is prose.
std::optional<MathFace> wordsFace(const QString& name) {
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

QString accentOf(const QString& name) {
    static const QHash<QString, QString> kTable = {
        {"hat", "^"},   {"widehat", "^"}, {"bar", "-"},   {"tilde", "~"},   {"widetilde", "~"},
        {"vec", ">"},   {"dot", "."},     {"ddot", ":"},  {"check", "v"},   {"overrightarrow", ">"},
        {"acute", "/"}, {"grave", "\\"},  {"breve", "u"}, {"mathring", "o"}};
    return kTable.value(name);
}

/// In em.
std::optional<double> spaceOf(const QString& name) {
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

/// Commands that change nothing here.
const QStringList kNothing = {"nonumber", "notag",     "mathstrut", "hline",         "centering",
                              "bf",       "rm",        "it",        "displaylimits", "allowbreak",
                              "strut",    "smallskip", "cal",       "relax",         "nobreak"};

int delimiterSize(const QString& name) {
    const QString stem =
        name.endsWith(u'l') || name.endsWith(u'r') || name.endsWith(u'm') ? name.chopped(1) : name;
    return static_cast<int>(QStringList({"big", "Big", "bigg", "Bigg"}).indexOf(stem)) + 1;
}

MathClass letterClass(QStringView sign) {
    if (QStringView(u"∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀").contains(sign)) return MathClass::Op;
    if (QStringView(u"⟨⌊⌈{[").contains(sign)) return MathClass::Open;
    if (QStringView(u"⟩⌋⌉}]").contains(sign)) return MathClass::Close;
    if (QStringView(u"…⋯⋱").contains(sign)) return MathClass::Inner;
    return MathClass::Ord;
}

MathClass characterClass(QChar c) {
    if (QStringView(u"+−*±×·÷∓").contains(c)) return MathClass::Bin;
    if (QStringView(u"=<>:≤≥≠≈∈→⇒←↔∼≡⇔").contains(c)) return MathClass::Rel;
    if (QStringView(u"([").contains(c)) return MathClass::Open;
    if (QStringView(u")]!?").contains(c)) return MathClass::Close;
    if (QStringView(u",;").contains(c)) return MathClass::Punct;
    return letterClass(QStringView(&c, 1));
}

bool isBinary(QStringView sign) {
    return QStringView(u"±∓×÷·∗∪∩∖∧∨⊕⊗⊖⊘⊙∘•⊎⊓⊔").contains(sign);
}

/// Variables are italic: Latin letters and small Greek ones.
MathFace naturalFace(QStringView text) {
    const char16_t c = text.isEmpty() ? u' ' : text.front().unicode();
    const bool isLatin = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
    const bool isGreek = (c >= u'α' && c <= u'ω') || c == u'ϑ' || c == u'ϕ' || c == u'ϖ' ||
                         c == u'ϱ' || c == u'ϵ' || c == u'ϰ';
    return isLatin || isGreek || c == u'∂' || c == u'ℓ' || c == u'ı' || c == u'ȷ'
               ? MathFace::Italic
               : MathFace::Upright;
}

class MathParser {
public:
    explicit MathParser(QStringView latex) : m_latex(latex) {}

    std::optional<MathList> parse() {
        // Rows without an environment are set below each other, as \[ a \\ b \] is often meant.
        MathNode rows = grid({MathNode::Grid::Gathered, "c"}, 0);
        if (m_at < m_latex.size()) m_isBroken = true;  // what nothing opened
        if (m_isBroken || rows.nColumn != 1) return std::nullopt;
        if (rows.parts.size() > 1) return MathList{std::move(rows)};
        if (rows.parts.empty() || rows.parts.front().empty()) return std::nullopt;
        return std::move(rows.parts.front());
    }

private:
    [[nodiscard]] QChar peek() const { return m_at < m_latex.size() ? m_latex[m_at] : QChar(); }
    void skipSpace() {
        while (m_at < m_latex.size() && m_latex[m_at].isSpace()) ++m_at;
    }
    MathList broken() {
        m_isBroken = true;
        m_at = m_latex.size();
        return {};
    }
    /// The name behind a backslash, without moving on: letters, or one other character.
    [[nodiscard]] QStringView commandAhead() const {
        if (peek() != u'\\') return {};
        qsizetype end = m_at + 1;
        while (end < m_latex.size() && m_latex[end].unicode() < 128 && m_latex[end].isLetter())
            ++end;
        if (end == m_at + 1 && end < m_latex.size()) ++end;
        return m_latex.sliced(m_at + 1, end - m_at - 1);
    }
    QString takeCommand() {
        const QStringView name = commandAhead();
        m_at += 1 + name.size();
        return name.toString();
    }
    [[nodiscard]] bool isAtStop(QChar stop) const {
        const QChar c = peek();
        if (c == u'}' || c == u'&' || (!stop.isNull() && c == stop)) return true;
        if (c != u'\\') return false;
        const QStringView name = commandAhead();
        return name == u"\\" || name == u"cr" || name == u"right" || name == u"end" ||
               name == u"middle";
    }

    /// Up to what ends a list: a closing bracket, a cell, a row, an environment.
    MathList list(int depth, QChar stop = {}) {
        if (depth > kMostMathNesting) return broken();
        MathList out;
        for (skipSpace(); m_at < m_latex.size() && !isAtStop(stop); skipSpace()) {
            const QChar c = peek();
            if (c == u'^' || c == u'_') {
                ++m_at;
                addScript(out, argument(depth), c == u'^');
            } else if (c == u'\'') {
                addPrimes(out, depth);
            } else if (c == u'\\' && commandAhead() == u"over") {
                m_at += 5;
                MathNode fraction;
                fraction.kind = NodeKind::Fraction;
                fraction.cls = MathClass::Inner;
                fraction.parts.push_back(std::exchange(out, {}));
                fraction.parts.push_back(list(depth + 1, stop));
                out.push_back(std::move(fraction));
            } else {
                addAtom(out, depth);
            }
        }
        return out;
    }

    void addAtom(MathList& out, int depth) {
        const QChar c = peek();
        if (c == u'\\') {
            addCommand(out, depth);
        } else if (c == u'{') {
            MathNode group;
            group.kind = NodeKind::Group;
            group.parts.push_back(braced(depth));
            out.push_back(std::move(group));
        } else if (c == u'~') {
            ++m_at;
            addSpace(out, 1.0 / 3);
        } else {
            addCharacter(out);
        }
    }

    void addCharacter(MathList& out) {
        QString text(m_latex[m_at++]);
        if (text[0].isHighSurrogate() && m_at < m_latex.size() && m_latex[m_at].isLowSurrogate())
            text += m_latex[m_at++];
        while (m_at < m_latex.size() && m_latex[m_at].isMark()) text += m_latex[m_at++];
        const MathClass cls = characterClass(text[0]);
        if (text == u"-") text = QStringLiteral("−");
        if (text == u"*") text = QStringLiteral("∗");
        addSymbol(out, text, text == u"−" || text == u"∗" ? MathClass::Bin : cls);
    }

    void addSymbol(MathList& out, const QString& text, MathClass cls) {
        MathNode node;
        node.text = text;
        node.cls = cls;
        node.face = naturalFace(text);
        if (m_face && cls == MathClass::Ord) {
            node.face = *m_face == MathFace::BoldItalic && node.face == MathFace::Upright
                            ? MathFace::Bold
                            : *m_face;
        }
        if (cls == MathClass::Op)
            node.limits =
                QStringView(u"∫∬∭∮").contains(text) ? MathLimits::Never : MathLimits::InDisplay;
        out.push_back(std::move(node));
    }

    static void addSpace(MathList& out, double width) {
        MathNode space;
        space.kind = NodeKind::Space;
        space.width = width;
        out.push_back(std::move(space));
    }

    static void addWords(MathList& out, const QString& text, MathFace face, MathClass cls) {
        MathNode words;
        words.kind = NodeKind::Words;
        words.text = text;
        words.face = face;
        words.cls = cls;
        out.push_back(std::move(words));
    }

    /// "{…}"; its end is needed.
    MathList braced(int depth) {
        ++m_at;
        MathList inside = list(depth + 1);
        if (peek() != u'}') return broken();
        ++m_at;
        return inside;
    }

    /// What a command or a script is about: a group, a command or a character.
    MathList argument(int depth) {
        skipSpace();
        if (m_at >= m_latex.size() || depth >= kMostMathNesting || isAtStop({})) return broken();
        if (peek() == u'{') return braced(depth);
        MathList one;
        if (peek() == u'^' || peek() == u'_' || peek() == u'\'') return broken();
        if (peek() == u'\\')
            addCommand(one, depth + 1);
        else
            addCharacter(one);
        return one;
    }

    QString rawArgument() {
        skipSpace();
        if (peek() != u'{') {
            (void)broken();
            return {};
        }
        const qsizetype from = ++m_at;
        for (int open = 1; m_at < m_latex.size(); ++m_at) {
            if (peek() == u'\\' && m_at + 1 < m_latex.size()) {
                ++m_at;
                continue;
            }
            if (peek() == u'{') ++open;
            if (peek() == u'}' && --open == 0)
                return m_latex.sliced(from, m_at++ - from).toString();
        }
        (void)broken();
        return {};
    }

    void addScript(MathList& out, MathList script, bool isAbove) {
        const std::size_t slot = isAbove ? 1 : 2;
        const bool hasBase = !out.empty() && out.back().kind != NodeKind::Space &&
                             out.back().kind != NodeKind::Style;
        if (!hasBase || out.back().kind != NodeKind::Scripts || !out.back().parts[slot].empty()) {
            MathNode scripts;
            scripts.kind = NodeKind::Scripts;
            scripts.parts.resize(3);
            if (hasBase) {
                scripts.cls = out.back().cls;
                scripts.limits = out.back().limits;
                scripts.parts[0].push_back(std::move(out.back()));
                out.pop_back();
            }
            out.push_back(std::move(scripts));
        }
        // An empty script would read as none.
        if (script.empty()) addSpace(script, 0);
        out.back().parts[slot] = std::move(script);
    }

    /// "f''" and "f'^2": one script.
    void addPrimes(MathList& out, int depth) {
        MathList script;
        for (; peek() == u'\''; ++m_at) addSymbol(script, QStringLiteral("′"), MathClass::Ord);
        if (peek() == u'^') {
            ++m_at;
            for (MathNode& node : argument(depth)) script.push_back(std::move(node));
        }
        addScript(out, std::move(script), true);
    }

    void addCommand(MathList& out, int depth) {
        const QString name = takeCommand();
        if (name.isEmpty()) {
            (void)broken();
        } else if (!name[0].isLetter()) {
            addEscaped(out, name[0]);
        } else if (const auto symbol = mathSymbol(name)) {
            addNamed(out, name, *symbol);
        } else if (!addStructure(out, name, depth) && !addLook(out, name, depth)) {
            addWords(out, u'\\' + name, MathFace::Upright, MathClass::Ord);
        }
    }

    void addEscaped(MathList& out, QChar c) {
        if (c == u',' || c == u' ' || c == u'~') return addSpace(out, c == u',' ? 3.0 / 18 : 0.28);
        if (c == u':' || c == u'>') return addSpace(out, 4.0 / 18);
        if (c == u';') return addSpace(out, 5.0 / 18);
        if (c == u'!') return addSpace(out, -3.0 / 18);
        if (c == u'|') return addSymbol(out, QStringLiteral("‖"), MathClass::Ord);
        addSymbol(out, QString(c),
                  c == u'{'   ? MathClass::Open
                  : c == u'}' ? MathClass::Close
                              : MathClass::Ord);
    }

    void addNamed(MathList& out, const QString& name, const MathSymbol& symbol) {
        switch (symbol.spacing) {
            case MathSpacing::Word: {
                static const QStringList kWithLimits = {"lim", "limsup", "liminf", "max", "min",
                                                        "sup", "inf",    "det",    "gcd", "Pr"};
                const bool isLong = name == u"limsup" || name == u"liminf";
                addWords(out, isLong ? name.left(3) + QChar(0x2009) + name.mid(3) : symbol.text,
                         MathFace::Upright, MathClass::Op);
                if (kWithLimits.contains(name)) out.back().limits = MathLimits::InDisplay;
                break;
            }
            case MathSpacing::Operator:
                if (name == u"bmod")
                    addWords(out, symbol.text, MathFace::Upright, MathClass::Bin);
                else
                    addSymbol(out, symbol.text,
                              name == u"colon"        ? MathClass::Punct
                              : isBinary(symbol.text) ? MathClass::Bin
                                                      : MathClass::Rel);
                break;
            case MathSpacing::None: {
                const bool isRing = name == u"circ";  // "°" in a line of text
                const MathClass cls =
                    isRing || name == u"star" || name == u"dagger" || name == u"ddagger"
                        ? MathClass::Bin
                    : name == u"lvert" || name == u"lVert" ? MathClass::Open
                    : name == u"rvert" || name == u"rVert" ? MathClass::Close
                                                           : letterClass(symbol.text);
                addSymbol(out, isRing ? QStringLiteral("∘") : symbol.text, cls);
                break;
            }
        }
    }

    /// What has parts.
    bool addStructure(MathList& out, const QString& name, int depth) {
        MathNode node;
        if (name == u"frac" || name == u"dfrac" || name == u"tfrac" || name == u"cfrac" ||
            name == u"binom" || name == u"dbinom" || name == u"tbinom") {
            node.kind = NodeKind::Fraction;
            node.cls = MathClass::Inner;
            node.hasBar = !name.endsWith(u"binom");
            node.hasStyle = name[0] == u'd' || name[0] == u't' || name[0] == u'c';
            node.style = name[0] == u't' ? MathNode::Style::Text : MathNode::Style::Display;
            node.parts.push_back(argument(depth));
            node.parts.push_back(argument(depth));
        } else if (name == u"sqrt") {
            node.kind = NodeKind::Root;
            MathList degree;
            skipSpace();
            if (peek() == u'[') {
                ++m_at;
                degree = list(depth + 1, u']');
                if (peek() != u']') degree = broken();
                ++m_at;
            }
            node.parts.push_back(argument(depth));
            node.parts.push_back(std::move(degree));
        } else if (name == u"left") {
            addFence(node, depth);
        } else if (const int size = delimiterSize(name); size > 0) {
            node.kind = NodeKind::Delimiter;
            node.text = delimiter();
            node.size = size;
            node.cls = name.endsWith(u'l')   ? MathClass::Open
                       : name.endsWith(u'r') ? MathClass::Close
                       : name.endsWith(u'm') ? MathClass::Rel
                                             : MathClass::Ord;
        } else if (name == u"begin") {
            addEnvironment(node, depth);
        } else if (name == u"substack") {
            skipSpace();
            if (peek() != u'{') return (void)broken(), true;
            ++m_at;
            node = grid({MathNode::Grid::Small, "c"}, depth + 1);
            if (peek() != u'}') (void)broken();
            ++m_at;
        } else if (name == u"overset" || name == u"underset" || name == u"stackrel") {
            const bool isAbove = name != u"underset";
            MathList script = argument(depth);
            node.kind = NodeKind::Scripts;
            node.limits = MathLimits::Always;
            node.parts.resize(3);
            node.parts[0] = argument(depth);
            if (!node.parts[0].empty()) node.cls = node.parts[0].front().cls;
            if (name == u"stackrel") node.cls = MathClass::Rel;
            if (script.empty()) addSpace(script, 0);
            node.parts[isAbove ? 1 : 2] = std::move(script);
        } else if (name == u"xrightarrow" || name == u"xleftarrow") {
            node.kind = NodeKind::Arrow;
            node.cls = MathClass::Rel;
            node.text = name[1] == u'r' ? QStringLiteral("→") : QStringLiteral("←");
            MathList below;
            skipSpace();
            if (peek() == u'[') {
                ++m_at;
                below = list(depth + 1, u']');
                if (peek() != u']') below = broken();
                ++m_at;
            }
            node.parts.push_back(argument(depth));
            node.parts.push_back(std::move(below));
        } else {
            return addDecorated(out, name, depth);
        }
        out.push_back(std::move(node));
        return true;
    }

    /// What stands over, under or around one part.
    bool addDecorated(MathList& out, const QString& name, int depth) {
        MathNode node;
        if (const QString mark = accentOf(name); !mark.isEmpty()) {
            node.kind = NodeKind::Accent;
            node.text = mark;
            node.isWide = name.startsWith(u"wide") || name.startsWith(u"over");
        } else if (name == u"overline" || name == u"underline") {
            node.kind = NodeKind::Line;
            node.isAbove = name == u"overline";
        } else if (name == u"overbrace" || name == u"underbrace") {
            node.kind = NodeKind::Brace;
            node.limits = MathLimits::Always;
            node.isAbove = name == u"overbrace";
        } else if (name == u"boxed" || name == u"fbox") {
            node.kind = NodeKind::Frame;
        } else if (name == u"phantom" || name == u"hphantom") {
            node.kind = NodeKind::Phantom;
        } else {
            return false;
        }
        node.parts.push_back(argument(depth));
        out.push_back(std::move(node));
        return true;
    }

    /// What changes how things look.
    bool addLook(MathList& out, const QString& name, int depth) {
        if (const auto face = faceOf(name)) {
            const auto before = std::exchange(m_face, face);
            addGroup(out, argument(depth), MathClass::Ord);
            m_face = before;
        } else if (const auto prose = wordsFace(name)) {
            addProse(out, rawArgument(), *prose, depth);
            if (name == u"label") out.pop_back();
        } else if (name == u"operatorname" || name == u"mathop") {
            const bool hasLimits = peek() == u'*' || name == u"mathop";
            if (peek() == u'*') ++m_at;
            const auto before = std::exchange(m_face, MathFace::Upright);
            addGroup(out, argument(depth), MathClass::Op);
            m_face = before;
            if (hasLimits) out.back().limits = MathLimits::InDisplay;
        } else if (const auto space = spaceOf(name)) {
            addSpace(out, *space);
        } else if (name == u"hspace" || name == u"mspace") {
            (void)rawArgument();
            addSpace(out, 1);
        } else if (name == u"limits" || name == u"nolimits") {
            if (!out.empty())
                out.back().limits = name == u"limits" ? MathLimits::Always : MathLimits::Never;
        } else if (name == u"displaystyle" || name == u"textstyle" || name == u"scriptstyle") {
            MathNode style;
            style.kind = NodeKind::Style;
            style.style = name[0] == u'd'   ? MathNode::Style::Display
                          : name[0] == u't' ? MathNode::Style::Text
                                            : MathNode::Style::Script;
            out.push_back(std::move(style));
        } else if (name == u"not") {
            MathList sign = argument(depth);
            if (sign.size() != 1 || sign[0].kind != NodeKind::Symbol) return (void)broken(), true;
            static const QHash<QString, QString> kNegated = {{"=", "≠"}, {"∈", "∉"}, {"≡", "≢"},
                                                             {"⊂", "⊄"}, {"∼", "≁"}, {"∃", "∄"}};
            sign[0].text = kNegated.value(sign[0].text, sign[0].text + QChar(0x338));
            out.push_back(std::move(sign[0]));
        } else if (name == u"pmod") {
            addSpace(out, 1);
            addSymbol(out, QStringLiteral("("), MathClass::Open);
            addWords(out, QStringLiteral("mod"), MathFace::Upright, MathClass::Ord);
            addSpace(out, 6.0 / 18);
            addGroup(out, argument(depth), MathClass::Ord);
            addSymbol(out, QStringLiteral(")"), MathClass::Close);
        } else if (name == u"tag") {
            addSpace(out, 2);
            addWords(out, u'(' + rawArgument() + u')', MathFace::Upright, MathClass::Ord);
        } else if (name == u"color" || name == u"textcolor") {
            (void)rawArgument();
            if (name == u"textcolor") addGroup(out, argument(depth), MathClass::Ord);
        } else {
            return kNothing.contains(name);
        }
        return true;
    }

    static void addGroup(MathList& out, MathList inside, MathClass cls) {
        MathNode group;
        group.kind = NodeKind::Group;
        group.cls = cls;
        group.parts.push_back(std::move(inside));
        out.push_back(std::move(group));
    }

    /// Words in which "$…$" is a formula.
    void addProse(MathList& out, const QString& text, MathFace face, int depth) {
        MathList inside;
        const QStringList pieces = text.split(u'$');
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            if (pieces[i].isEmpty()) continue;
            if (i % 2 == 0) {
                QString words = pieces[i];
                for (const QChar c : QStringView(u"%&_#{}"))
                    words.replace(QStringLiteral("\\") + c, c);
                addWords(inside, words, face, MathClass::Ord);
            } else if (depth < kMostMathNesting / 2) {
                if (auto formula = MathParser(pieces[i]).parse())
                    addGroup(inside, std::move(*formula), MathClass::Ord);
            }
        }
        addGroup(out, std::move(inside), MathClass::Ord);
    }

    /// A delimiter's character; "" for ".".
    QString delimiter() {
        skipSpace();
        if (m_at >= m_latex.size()) return (void)broken(), QString();
        if (peek() == u'\\') {
            const QString name = takeCommand();
            if (name == u"|") return QStringLiteral("‖");
            if (name == u"{" || name == u"}") return name;
            const auto symbol = mathSymbol(name);
            static const QString kKnown = QStringLiteral("⟨⟩⌊⌋⌈⌉|‖{}[]↑↓⇑⇓↕\\");
            if (symbol && kKnown.contains(symbol->text)) return symbol->text;
            return (void)broken(), QString();
        }
        const QChar c = m_latex[m_at++];
        if (c == u'.') return {};
        if (c == u'<') return QStringLiteral("⟨");
        if (c == u'>') return QStringLiteral("⟩");
        if (!QStringView(u"()[]|/⟨⟩⌊⌋⌈⌉‖").contains(c)) (void)broken();
        return QString(c);
    }

    /// \left … \middle … \right
    void addFence(MathNode& node, int depth) {
        node.kind = NodeKind::Fence;
        node.cls = MathClass::Inner;
        node.text = delimiter();
        MathList inside = list(depth + 1);
        while (commandAhead() == u"middle") {
            m_at += 7;
            MathNode middle;
            middle.kind = NodeKind::Delimiter;
            middle.text = delimiter();
            inside.push_back(std::move(middle));
            for (MathNode& one : list(depth + 1)) inside.push_back(std::move(one));
        }
        if (commandAhead() != u"right") return (void)broken();
        m_at += 6;
        node.right = delimiter();
        node.parts.push_back(std::move(inside));
    }

    /// Cells and rows, up to what ends them.
    MathNode grid(const GridLook& look, int depth) {
        MathNode node;
        node.kind = NodeKind::Grid;
        node.grid = look.grid;
        node.columns = QString::fromLatin1(look.columns);
        std::vector<std::vector<MathList>> rows(1);
        for (;;) {
            rows.back().push_back(list(depth));
            if (peek() == u'&') {
                ++m_at;
            } else if (const QStringView name = commandAhead(); name == u"\\" || name == u"cr") {
                m_at += 1 + name.size();
                if (peek() == u'[') skipLength();
                rows.emplace_back();
            } else {
                break;
            }
        }
        if (rows.size() > 1 && rows.back().size() == 1 && rows.back().front().empty())
            rows.pop_back();
        std::size_t nColumn = 1;
        for (const auto& row : rows) nColumn = std::max(nColumn, row.size());
        // Rows of very different lengths would make more cells than there are characters.
        if (nColumn * rows.size() > kMostCells) return (void)broken(), node;
        node.nColumn = static_cast<int>(nColumn);
        for (auto& row : rows) {
            row.resize(nColumn);
            for (MathList& cell : row) node.parts.push_back(std::move(cell));
        }
        return node;
    }

    /// "[2pt]" behind a row.
    void skipLength() {
        qsizetype end = m_at + 1;
        while (end < m_latex.size() && end < m_at + 12 &&
               (m_latex[end].isLetterOrNumber() || m_latex[end] == u'.' || m_latex[end] == u'-'))
            ++end;
        if (end < m_latex.size() && m_latex[end] == u']') m_at = end + 1;
    }

    void addEnvironment(MathNode& node, int depth) {
        const QString written = rawArgument();
        const QString name = written.endsWith(u'*') ? written.chopped(1) : written;
        const auto found = environments().constFind(name);
        if (found == environments().cend()) return (void)broken();
        QString columns = QString::fromLatin1(found->columns);
        if (name == u"array" || name.startsWith(u"alignat") || name.startsWith(u"alignedat")) {
            const QString asked = rawArgument();
            if (name == u"array") {
                columns.clear();
                for (const QChar c : asked)
                    if (c == u'l' || c == u'c' || c == u'r') columns += c;
                if (columns.isEmpty()) columns = QStringLiteral("c");
            }
        }
        MathNode cells = grid(*found, depth + 1);
        cells.columns = columns;
        if (commandAhead() != u"end") return (void)broken();
        m_at += 4;
        if (rawArgument() != written) return (void)broken();
        const QString left = QString::fromUtf8(found->left);
        const QString right = QString::fromUtf8(found->right);
        if (left.isEmpty() && right.isEmpty()) {
            node = std::move(cells);
            return;
        }
        node.kind = NodeKind::Fence;
        node.cls = MathClass::Inner;
        node.text = left;
        node.right = right;
        node.parts.emplace_back();
        node.parts.back().push_back(std::move(cells));
    }

    static constexpr std::size_t kMostCells = 2000;

    const QStringView m_latex;
    qsizetype m_at = 0;
    std::optional<MathFace> m_face;
    bool m_isBroken = false;
};

QString nameOf(const MathNode& node) {
    switch (node.kind) {
        case NodeKind::Symbol:
        case NodeKind::Words:
            return node.text;
        case NodeKind::Group:
            return {};
        case NodeKind::Fraction:
            return node.hasBar ? QStringLiteral("frac") : QStringLiteral("binom");
        case NodeKind::Root:
            return QStringLiteral("root");
        case NodeKind::Scripts:
            return node.limits == MathLimits::Never ? QStringLiteral("scripts")
                                                    : QStringLiteral("limits");
        case NodeKind::Fence:
            return QStringLiteral("fence") + node.text + u'.' + node.right;
        case NodeKind::Delimiter:
            return QStringLiteral("big") + QString::number(node.size) + node.text;
        case NodeKind::Accent:
            return QStringLiteral("accent") + node.text;
        case NodeKind::Line:
            return node.isAbove ? QStringLiteral("over") : QStringLiteral("under");
        case NodeKind::Brace:
            return node.isAbove ? QStringLiteral("overbrace") : QStringLiteral("underbrace");
        case NodeKind::Arrow:
            return node.text;
        case NodeKind::Grid:
            return QStringLiteral("grid") + QString::number(node.nColumn);
        case NodeKind::Frame:
            return QStringLiteral("frame");
        case NodeKind::Phantom:
            return QStringLiteral("phantom");
        case NodeKind::Space:
            return QStringLiteral("_");
        case NodeKind::Style:
            return QStringLiteral("style");
    }
    return {};
}

}  // namespace

std::optional<MathList> parseMath(QStringView latex) {
    if (latex.size() > kLongestFormula) return std::nullopt;
    return MathParser(latex).parse();
}

QString describe(const MathList& list) {
    QString out;
    for (const MathNode& node : list) {
        out += nameOf(node);
        for (const MathList& part : node.parts) out += u'{' + describe(part) + u'}';
    }
    return out;
}

}  // namespace lares::app
