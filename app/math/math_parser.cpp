#include "app/math/math_parser.h"

#include "app/math/math_parser_impl.h"

#include <utility>

namespace lares::app {
namespace {

QString nameOf(const MathNode& node) {
    using NodeKind = MathNode::Kind;
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
            return QStringLiteral("fence") + node.text + node.middles.join(QString()) + u'.' +
                   node.right;
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

std::optional<MathList> MathParser::parse() {
    // Rows without an environment are set below each other, as \[ a \\ b \] is often meant.
    MathNode rows = grid({MathNode::Grid::Gathered, "c"}, 0);
    if (m_at < m_latex.size()) m_isBroken = true;  // what nothing opened
    if (m_isBroken || rows.nColumn != 1) return std::nullopt;
    if (rows.parts.size() > 1) return MathList{std::move(rows)};
    if (rows.parts.empty() || rows.parts.front().empty()) return std::nullopt;
    return std::move(rows.parts.front());
}

void MathParser::skipSpace() {
    while (m_at < m_latex.size() && m_latex[m_at].isSpace()) ++m_at;
}

MathList MathParser::broken() {
    m_isBroken = true;
    m_at = m_latex.size();
    return {};
}

QStringView MathParser::commandAhead() const {
    if (peek() != u'\\') return {};
    qsizetype end = m_at + 1;
    while (end < m_latex.size() && m_latex[end].unicode() < 128 && m_latex[end].isLetter()) ++end;
    if (end == m_at + 1 && end < m_latex.size()) ++end;
    return m_latex.sliced(m_at + 1, end - m_at - 1);
}

QString MathParser::takeCommand() {
    const QStringView name = commandAhead();
    m_at += 1 + name.size();
    return name.toString();
}

bool MathParser::isAtStop(QChar stop) const {
    const QChar c = peek();
    if (c == u'}' || c == u'&' || (!stop.isNull() && c == stop)) return true;
    if (c != u'\\') return false;
    const QStringView name = commandAhead();
    return name == u"\\" || name == u"cr" || name == u"right" || name == u"end" ||
           name == u"middle";
}

MathList MathParser::list(int depth, QChar stop) {
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

void MathParser::addAtom(MathList& out, int depth) {
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

void MathParser::addCharacter(MathList& out) {
    QString text(m_latex[m_at++]);
    if (text[0].isHighSurrogate() && m_at < m_latex.size() && m_latex[m_at].isLowSurrogate())
        text += m_latex[m_at++];
    while (m_at < m_latex.size() && m_latex[m_at].isMark()) text += m_latex[m_at++];
    const MathClass cls = mathCharacterClass(text[0]);
    if (text == u"-") text = QStringLiteral("−");
    if (text == u"*") text = QStringLiteral("∗");
    addSymbol(out, text, text == u"−" || text == u"∗" ? MathClass::Bin : cls);
}

void MathParser::addSymbol(MathList& out, const QString& text, MathClass cls) {
    MathNode node;
    node.text = text;
    node.cls = cls;
    node.face = naturalMathFace(text);
    if (m_face && cls == MathClass::Ord) {
        node.face = *m_face == MathFace::BoldItalic && node.face == MathFace::Upright
                        ? MathFace::Bold
                        : *m_face;
    }
    if (cls == MathClass::Op)
        node.limits = isIntegralSign(text) ? MathLimits::Never : MathLimits::InDisplay;
    out.push_back(std::move(node));
}

void MathParser::addSpace(MathList& out, double width) {
    MathNode space;
    space.kind = NodeKind::Space;
    space.width = width;
    out.push_back(std::move(space));
}

void MathParser::addWords(MathList& out, const QString& text, MathFace face, MathClass cls) {
    MathNode words;
    words.kind = NodeKind::Words;
    words.text = text;
    words.face = face;
    words.cls = cls;
    out.push_back(std::move(words));
}

MathList MathParser::braced(int depth) {
    ++m_at;
    MathList inside = list(depth + 1);
    if (peek() != u'}') return broken();
    ++m_at;
    return inside;
}

MathList MathParser::argument(int depth) {
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

QString MathParser::rawArgument() {
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
        if (peek() == u'}' && --open == 0) return m_latex.sliced(from, m_at++ - from).toString();
    }
    (void)broken();
    return {};
}

void MathParser::addScript(MathList& out, MathList script, bool isAbove) {
    const std::size_t slot = isAbove ? 1 : 2;
    const bool hasBase =
        !out.empty() && out.back().kind != NodeKind::Space && out.back().kind != NodeKind::Style;
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

void MathParser::addPrimes(MathList& out, int depth) {
    MathList script;
    for (; peek() == u'\''; ++m_at) addSymbol(script, QStringLiteral("′"), MathClass::Ord);
    if (peek() == u'^') {
        ++m_at;
        for (MathNode& node : argument(depth)) script.push_back(std::move(node));
    }
    addScript(out, std::move(script), true);
}

void MathParser::addGroup(MathList& out, MathList inside, MathClass cls) {
    MathNode group;
    group.kind = NodeKind::Group;
    group.cls = cls;
    group.parts.push_back(std::move(inside));
    out.push_back(std::move(group));
}

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
