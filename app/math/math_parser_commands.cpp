#include "app/math/math_parser_impl.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <utility>
#include <vector>

// What stands behind a backslash: structures, looks, delimiters and environments.

namespace lares::app {

void MathParser::addCommand(MathList& out, int depth) {
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

void MathParser::addEscaped(MathList& out, QChar c) {
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

void MathParser::addNamed(MathList& out, const QString& name, const MathSymbol& symbol) {
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
                          name == u"colon"            ? MathClass::Punct
                          : isBinaryMath(symbol.text) ? MathClass::Bin
                                                      : MathClass::Rel);
            break;
        case MathSpacing::None: {
            const bool isRing = name == u"circ";  // "°" in a line of text
            const MathClass cls =
                isRing || name == u"star" || name == u"dagger" || name == u"ddagger"
                    ? MathClass::Bin
                : name == u"lvert" || name == u"lVert" ? MathClass::Open
                : name == u"rvert" || name == u"rVert" ? MathClass::Close
                                                       : mathLetterClass(symbol.text);
            addSymbol(out, isRing ? QStringLiteral("∘") : symbol.text, cls);
            break;
        }
    }
}

bool MathParser::addStructure(MathList& out, const QString& name, int depth) {
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
    } else if (const int size = mathDelimiterSize(name); size > 0) {
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

bool MathParser::addDecorated(MathList& out, const QString& name, int depth) {
    MathNode node;
    if (const QString mark = mathAccentOf(name); !mark.isEmpty()) {
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

bool MathParser::addLook(MathList& out, const QString& name, int depth) {
    if (const auto face = mathFaceOf(name)) {
        const auto before = std::exchange(m_face, face);
        addGroup(out, argument(depth), MathClass::Ord);
        m_face = before;
    } else if (const auto prose = mathWordsFace(name)) {
        addProse(out, rawArgument(), *prose, depth);
        if (name == u"label") out.pop_back();
    } else if (name == u"operatorname" || name == u"mathop") {
        const bool hasLimits = peek() == u'*' || name == u"mathop";
        if (peek() == u'*') ++m_at;
        const auto before = std::exchange(m_face, MathFace::Upright);
        addGroup(out, argument(depth), MathClass::Op);
        m_face = before;
        if (hasLimits) out.back().limits = MathLimits::InDisplay;
    } else if (const auto space = mathSpaceOf(name)) {
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
        return isMathNothing(name);
    }
    return true;
}

void MathParser::addProse(MathList& out, const QString& text, MathFace face, int depth) {
    MathList inside;
    const QStringList pieces = text.split(u'$');
    for (qsizetype i = 0; i < pieces.size(); ++i) {
        if (pieces[i].isEmpty()) continue;
        if (i % 2 == 0) {
            QString words = pieces[i];
            for (const QChar c : QStringView(u"%&_#{}")) words.replace(QStringLiteral("\\") + c, c);
            addWords(inside, words, face, MathClass::Ord);
        } else if (depth < kMostMathNesting / 2) {
            if (auto formula = MathParser(pieces[i]).parse())
                addGroup(inside, std::move(*formula), MathClass::Ord);
        }
    }
    addGroup(out, std::move(inside), MathClass::Ord);
}

QString MathParser::delimiter() {
    skipSpace();
    if (m_at >= m_latex.size()) return (void)broken(), QString();
    if (peek() == u'\\') {
        QString name = takeCommand();
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

void MathParser::addFence(MathNode& node, int depth) {
    node.kind = NodeKind::Fence;
    node.cls = MathClass::Inner;
    node.text = delimiter();
    node.parts.push_back(list(depth + 1));
    while (commandAhead() == u"middle") {
        m_at += 7;
        node.middles.append(delimiter());
        node.parts.push_back(list(depth + 1));
    }
    if (commandAhead() != u"right") return (void)broken();
    m_at += 6;
    node.right = delimiter();
}

MathNode MathParser::grid(const GridLook& look, int depth) {
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
    if (rows.size() > 1 && rows.back().size() == 1 && rows.back().front().empty()) rows.pop_back();
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

void MathParser::skipLength() {
    qsizetype end = m_at + 1;
    while (end < m_latex.size() && end < m_at + 12 &&
           (m_latex[end].isLetterOrNumber() || m_latex[end] == u'.' || m_latex[end] == u'-'))
        ++end;
    if (end < m_latex.size() && m_latex[end] == u']') m_at = end + 1;
}

void MathParser::addEnvironment(MathNode& node, int depth) {
    const QString written = rawArgument();
    const QString name = written.endsWith(u'*') ? written.chopped(1) : written;
    const auto found = mathEnvironments().constFind(name);
    if (found == mathEnvironments().cend()) return (void)broken();
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

}  // namespace lares::app
