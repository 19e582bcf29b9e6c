#include "app/math/math_setter.h"

#include "app/math/math_commands.h"
#include "app/math/math_shapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace lares::app {

// Lists, letters, operators and delimiters. The rules' numbers are The TeXbook's, Appendix G.

MathSize MathLevel::size() const {
    return depth == Depth::ScriptScript ? MathSize::ScriptScript
           : depth == Depth::Script     ? MathSize::Script
                                        : MathSize::Text;
}
MathLevel MathLevel::superscript() const {
    return {isScript() ? Depth::ScriptScript : Depth::Script, isCramped};
}
MathLevel MathLevel::numerator() const {
    return {isDisplay() ? Depth::Text : superscript().depth, isCramped};
}

namespace {

/// Chapter 18: 0 none, 1 thin, 2 medium, 3 thick; negative: not between scripts.
constexpr std::array<std::array<int, 8>, 8> kSpaces = {{
    // Ord Op Bin Rel Open Close Punct Inner
    {0, 1, -2, -3, 0, 0, 0, -1},      // Ord
    {1, 1, 0, -3, 0, 0, 0, -1},       // Op
    {-2, -2, 0, 0, -2, 0, 0, -2},     // Bin
    {-3, -3, 0, 0, -3, 0, 0, -3},     // Rel
    {0, 0, 0, 0, 0, 0, 0, 0},         // Open
    {0, 1, -2, -3, 0, 0, 0, -1},      // Close
    {-1, -1, 0, -1, -1, -1, -1, -1},  // Punct
    {-1, 1, -2, -3, -1, 0, -1, -1},   // Inner
}};

double spaceBetweenAtoms(MathClass left, MathClass right, MathLevel level, double em) {
    const int space = kSpaces[static_cast<std::size_t>(left)][static_cast<std::size_t>(right)];
    if (space < 0 && level.isScript()) return 0;
    static constexpr std::array<double, 4> kMu = {0, 3, 4, 5};
    return kMu[static_cast<std::size_t>(std::abs(space))] / 18 * em;
}

bool isAtom(const MathNode& node) {
    return node.kind != MathNode::Kind::Space && node.kind != MathNode::Kind::Style;
}

/// Rules 5 and 6: a sign is binary only between two things.
std::vector<MathClass> classesOf(const MathList& list) {
    std::vector<MathClass> classes;
    int before = -1;
    for (std::size_t i = 0; i < list.size(); ++i) {
        MathClass cls = list[i].cls;
        if (isAtom(list[i])) {
            const auto previous =
                before < 0 ? MathClass::Open : classes[static_cast<std::size_t>(before)];
            const bool isAfterSign = previous == MathClass::Bin || previous == MathClass::Op ||
                                     previous == MathClass::Rel || previous == MathClass::Open ||
                                     previous == MathClass::Punct;
            if (cls == MathClass::Bin && isAfterSign) cls = MathClass::Ord;
            const bool endsTerm =
                cls == MathClass::Rel || cls == MathClass::Close || cls == MathClass::Punct;
            if (endsTerm && before >= 0 && previous == MathClass::Bin)
                classes[static_cast<std::size_t>(before)] = MathClass::Ord;
            before = static_cast<int>(i);
        }
        classes.push_back(cls);
    }
    if (before >= 0 && classes[static_cast<std::size_t>(before)] == MathClass::Bin)
        classes[static_cast<std::size_t>(before)] = MathClass::Ord;
    return classes;
}

MathBox boxOf(const MathFonts::Glyph& glyph) {
    MathBox box;
    box.width = glyph.width;
    box.ascent = -glyph.ink.top();
    box.descent = glyph.ink.bottom();
    box.italic = std::max(0.0, glyph.ink.right() - glyph.width);
    MathItem item;
    item.text = glyph.text;
    item.font = glyph.font;
    item.ink = glyph.ink;
    box.items.push_back(std::move(item));
    return box;
}

}  // namespace

std::vector<MathSetter::Atom> MathSetter::atoms(const MathList& list, MathLevel level) {
    std::vector<Atom> out;
    const std::vector<MathClass> classes = classesOf(list);
    double space = 0;
    bool hasBefore = false;
    MathClass before = MathClass::Ord;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const MathNode& one = list[i];
        if (one.kind == MathNode::Kind::Space) {
            space += one.width * em(level);
            continue;
        }
        if (one.kind == MathNode::Kind::Style) {
            level.depth = one.style == MathNode::Style::Display ? MathLevel::Depth::Display
                          : one.style == MathNode::Style::Text  ? MathLevel::Depth::Text
                                                                : MathLevel::Depth::Script;
            continue;
        }
        Atom atom;
        atom.box = node(one, level);
        atom.cls = classes[i];
        if (hasBefore) space += spaceBetweenAtoms(before, atom.cls, level, em(level));
        atom.spaceBefore = std::exchange(space, 0);
        before = atom.cls;
        hasBefore = true;
        out.push_back(std::move(atom));
    }
    if (space > 0) out.push_back({MathBox(), MathClass::Ord, space});
    return out;
}

MathBox MathSetter::row(const MathList& list, MathLevel level) {
    MathBox box;
    for (Atom& atom : atoms(list, level)) {
        // Rule 17: a slanted letter would lean over a bracket.
        const bool isUpright = atom.cls == MathClass::Close || atom.cls == MathClass::Open;
        box.width += atom.spaceBefore + (isUpright ? box.italic : 0);
        box.append(std::move(atom.box));
    }
    return box;
}

MathBox MathSetter::node(const MathNode& one, MathLevel level) {
    switch (one.kind) {
        case MathNode::Kind::Symbol:
            return one.cls == MathClass::Op ? bigOperator(one, level) : letters(one, level);
        case MathNode::Kind::Words:
            return letters(one, level);
        case MathNode::Kind::Group:
            return row(one.parts[0], level);
        case MathNode::Kind::Fraction:
            return fraction(one, level);
        case MathNode::Kind::Root:
            return root(one, level);
        case MathNode::Kind::Scripts: {
            const bool areLimits = one.limits == MathLimits::Always ||
                                   (one.limits == MathLimits::InDisplay && level.isDisplay());
            return areLimits ? limits(one, level) : scripts(one, level);
        }
        case MathNode::Kind::Fence:
            return fence(one, level);
        case MathNode::Kind::Delimiter: {
            static constexpr std::array<double, 4> kReach = {0.6, 0.85, 1.1, 1.4};
            return delimiter(one.text, kReach[static_cast<std::size_t>(one.size - 1)] * em(level),
                             level);
        }
        case MathNode::Kind::Accent:
            return accent(one, level);
        case MathNode::Kind::Line:
        case MathNode::Kind::Brace:
        case MathNode::Kind::Frame:
            return decorated(one, level);
        case MathNode::Kind::Phantom: {
            MathBox box = row(one.parts[0], level);
            box.items.clear();
            return box;
        }
        case MathNode::Kind::Arrow:
            return arrow(one, level);
        case MathNode::Kind::Grid:
            return grid(one, level);
        case MathNode::Kind::Space:
        case MathNode::Kind::Style:
            break;
    }
    return {};
}

MathBox MathSetter::letters(const MathNode& one, MathLevel level) {
    if (one.text == u"|" || one.text == u"‖") {  // as high as a bracket
        return delimiter(one.text, 0.52 * em(level), level);
    }
    // A prime is a script already: as large as its letter.
    if (one.text == u"′") return boxOf(m_fonts.glyph(one.text, one.face, MathSize::Script));
    return boxOf(m_fonts.glyph(one.text, one.face, level.size()));
}

/// Rule 13: larger in a display, its middle on the axis.
MathBox MathSetter::bigOperator(const MathNode& one, MathLevel level) {
    const bool isIntegral = isIntegralSign(one.text);
    const double wanted = em(level) * (isIntegral ? (level.isDisplay() ? 2.1 : 1.25)
                                                  : (level.isDisplay() ? 1.55 : 1.05));
    // Fonts do not agree how large these signs are.
    const auto& plain = m_fonts.glyph(one.text, MathFace::Upright, level.size());
    const double grow = std::clamp(wanted / std::max(1.0, plain.ink.height()), 0.5, 4.0);
    const auto& glyph = m_fonts.glyph(one.text, MathFace::Upright, level.size(), grow);
    MathBox sign = boxOf(glyph);
    MathBox box;
    // As wide as what is seen, and a little more.
    const double margin = 0.06 * em(level);
    box.width = glyph.ink.width() + 2 * margin;
    box.add(std::move(sign), margin - glyph.ink.left(), -axis(level) - glyph.ink.center().y());
    box.ascent = glyph.ink.height() / 2 + axis(level);
    box.descent = glyph.ink.height() / 2 - axis(level);
    if (isIntegral) box.italic = 0.12 * em(level);
    return box;
}

/// A delimiter that reaches as far over and under the axis (rule 19).
MathBox MathSetter::delimiter(const QString& text, double reach, MathLevel level) {
    MathBox box;
    if (text.isEmpty()) {
        box.width = 0.12 * em(level);  // \nulldelimiterspace
        return box;
    }
    const double height = 2 * reach;
    const bool isBar = text == u"|" || text == u"‖";
    if (!isBar) {
        MathBox glyph = boxOf(m_fonts.glyph(text, MathFace::Upright, level.size()));
        if (glyph.ascent - axis(level) >= reach - 0.02 * em(level) &&
            glyph.descent + axis(level) >= reach - 0.02 * em(level))
            return glyph;
    }
    const double pen = m_fonts.rule() * (isBar ? 1.0 : 1.1);
    const QPainterPath shape = delimiterShape(text, height, em(level), pen);
    const QRectF ink = shape.boundingRect();
    const double margin = (isBar ? 0.17 : 0.1) * em(level);
    box.width = ink.width() + 2 * margin;
    box.ascent = reach + axis(level);
    box.descent = reach - axis(level);
    if (isBar) {  // bars lie on whole pixels
        const double top = -box.ascent;
        box.addRule(QRectF(margin, top, pen, height));
        if (text == u"‖") box.addRule(QRectF(margin + ink.width() - pen, top, pen, height));
        return box;
    }
    box.addPath(shape, margin - ink.left(), -box.ascent - ink.top());
    return box;
}

MathBox MathSetter::fence(const MathNode& one, MathLevel level) {
    double reach = 0.5 * em(level);
    std::vector<MathBox> boxes;
    for (const MathList& part : one.parts) {
        boxes.push_back(row(part, level));
        reach = std::max(
            {reach, boxes.back().ascent - axis(level), boxes.back().descent + axis(level)});
    }
    reach += 0.04 * em(level);
    MathBox box = delimiter(one.text, reach, level);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (i > 0) box.append(delimiter(one.middles[static_cast<qsizetype>(i - 1)], reach, level));
        const double lean = boxes[i].italic;
        box.append(std::move(boxes[i]));
        box.width += lean;
    }
    box.append(delimiter(one.right, reach, level));
    box.italic = 0;
    return box;
}

}  // namespace lares::app
