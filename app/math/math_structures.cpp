#include "app/math/math_setter.h"
#include "app/math/math_shapes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lares::app {

// The part of MathSetter that puts things over, under and into each other.

namespace {

constexpr double kBesideFraction = 0.08;  // \nulldelimiterspace, in em

void centre(MathBox& box, MathBox part, double width, double y) {
    const double x = (width - part.width) / 2;
    box.add(std::move(part), x, y);
}

}  // namespace

/// Rules 15 to 15e.
MathBox MathSetter::fraction(const MathNode& one, MathLevel level) {
    if (one.hasStyle)
        level.depth = one.style == MathNode::Style::Display ? MathLevel::Depth::Display
                                                            : MathLevel::Depth::Text;
    const double e = em(level);
    const double bar = m_fonts.rule();
    MathBox above = row(one.parts[0], level.numerator());
    MathBox below = row(one.parts[1], level.denominator());
    above.width += above.italic;
    double up = e * (level.isDisplay() ? 0.677 : one.hasBar ? 0.394 : 0.444);
    double down = e * (level.isDisplay() ? 0.686 : 0.345);
    const double a = axis(level);
    if (one.hasBar) {  // 15d
        const double clear = level.isDisplay() ? 3 * bar : 1.6 * bar;
        up = std::max(up, a + bar / 2 + clear + above.descent);
        down = std::max(down, below.ascent + clear - (a - bar / 2));
    } else {  // 15c
        const double clear = level.isDisplay() ? 7 * bar : 3 * bar;
        const double between = (up - above.descent) - (below.ascent - down);
        if (between < clear) {
            up += (clear - between) / 2;
            down += (clear - between) / 2;
        }
    }
    MathBox box;
    const double overhang = one.hasBar ? 0.1 * e : 0;
    const double width = std::max(above.width, below.width) + 2 * overhang;
    box.width = width;
    centre(box, std::move(above), width, -up);
    centre(box, std::move(below), width, down);
    if (one.hasBar) box.addRule(QRectF(0, -a - bar / 2, width, bar));
    if (!one.hasBar) {  // 15e
        const double reach = std::max(box.ascent - a, box.descent + a);
        MathBox whole = delimiter(QStringLiteral("("), reach, level);
        whole.append(std::move(box));
        whole.append(delimiter(QStringLiteral(")"), reach, level));
        return whole;
    }
    MathBox spaced;
    spaced.width = kBesideFraction * e;
    spaced.append(std::move(box));
    spaced.width += kBesideFraction * e;
    return spaced;
}

/// Rule 11.
MathBox MathSetter::root(const MathNode& one, MathLevel level) {
    const double e = em(level);
    const double bar = m_fonts.rule();
    MathBox of = row(one.parts[0], level.cramped());
    of.width += of.italic;
    // As high as a letter at least, so that roots beside each other are alike.
    of.ascent = std::max(of.ascent, 0.75 * e);
    const double clear = bar + (level.isDisplay() ? m_fonts.xHeight(level.size()) : bar) / 4;
    const double height = of.ascent + of.descent + clear + bar;
    const double top = -(of.ascent + clear + bar);
    const double signWidth = rootWidth(height, e);
    MathBox sign;
    sign.addPath(rootShape(height, e, bar * 1.1), 0, top);
    const double room = 0.04 * e;
    sign.width = signWidth + of.width + 2 * room;
    sign.addRule(QRectF(signWidth - bar, top, of.width + 2 * room + bar, bar));
    sign.add(std::move(of), signWidth + room, 0);
    if (one.parts[1].empty()) return sign;
    MathBox degree = row(one.parts[1], {MathLevel::Depth::ScriptScript});
    const double raise = -(sign.descent - 0.6 * (sign.ascent + sign.descent)) + 0.06 * e;
    // Over the hook, from which the degree may stand out to the left.
    const double inside = signWidth * 0.42;
    MathBox box;
    const double shift = std::max(0.0, degree.width - inside);
    const double x = std::max(0.0, inside - degree.width);
    const double width = sign.width + shift;
    box.add(std::move(degree), x, -raise);
    box.add(std::move(sign), shift, 0);
    box.width = width;
    return box;
}

/// Rules 18 to 18f.
MathBox MathSetter::scripts(const MathNode& one, MathLevel level) {
    const double e = em(level);
    const double x = m_fonts.xHeight(level.size());
    MathBox box = row(one.parts[0], level);
    const bool isLetter = one.parts[0].size() == 1 &&
                          (one.parts[0][0].kind == MathNode::Kind::Symbol ||
                           one.parts[0][0].kind == MathNode::Kind::Accent ||
                           one.parts[0][0].kind == MathNode::Kind::Words) &&
                          one.cls != MathClass::Op;
    const double lean = box.italic;
    double up = isLetter ? 0 : box.ascent - 0.386 * m_fonts.em(level.superscript().size());
    double down = isLetter ? 0 : box.descent + 0.05 * m_fonts.em(level.superscript().size());
    const double behind = box.width;
    const double room = 0.05 * e;
    double width = behind;
    MathBox above = row(one.parts[1], level.superscript());
    MathBox below = row(one.parts[2], level.subscript());
    const bool hasAbove = !one.parts[1].empty();
    const bool hasBelow = !one.parts[2].empty();
    if (hasAbove) {  // 18c
        const double least = level.isCramped ? 0.289 : level.isDisplay() ? 0.413 : 0.363;
        up = std::max({up, least * e * 1.08, above.descent + x / 4});
    }
    if (hasBelow)  // 18b
        down = std::max({down, (hasAbove ? 0.247 : 0.15) * e, below.ascent - 0.8 * x});
    if (hasAbove && hasBelow) {  // 18e
        const double between = (up - above.descent) - (below.ascent - down);
        const double least = 4 * m_fonts.rule() * 0.7;
        if (between < least) down += least - between;
        const double rise = 0.8 * x - (up - above.descent);
        if (rise > 0 && between < least) {
            up += std::min(rise, least);
            down -= std::min(rise, least);
        }
    }
    if (hasAbove) {
        // An exponent stands clear of what leans; a subscript stands below it.
        const double at = behind + lean + room * 0.6;
        width = std::max(width, at + above.width + room);
        box.add(std::move(above), at, -up);
    }
    if (hasBelow) {
        const double at = behind + (one.cls == MathClass::Op ? -lean : room * 0.4);
        width = std::max(width, at + below.width + room);
        box.add(std::move(below), at, down);
    }
    box.width = width;
    box.italic = 0;
    return box;
}

/// Rule 13a.
MathBox MathSetter::limits(const MathNode& one, MathLevel level) {
    const double e = em(level);
    MathBox base = row(one.parts[0], level);
    MathBox above = row(one.parts[1], level.superscript());
    MathBox below = row(one.parts[2], level.subscript());
    const double width = std::max({base.width, above.width, below.width});
    const double lean = base.italic / 2;
    const double up = base.ascent + std::max(0.111 * e, 0.2 * e - above.descent) + above.descent;
    const double down = base.descent + std::max(0.14 * e, 0.5 * e - below.ascent) + below.ascent;
    MathBox box;
    box.width = width;
    centre(box, std::move(base), width, 0);
    if (!one.parts[1].empty()) {
        centre(box, std::move(above), width + 2 * lean, -up);
        box.ascent += 0.05 * e;
    }
    if (!one.parts[2].empty()) {
        centre(box, std::move(below), width - 2 * lean, down);
        box.descent += 0.05 * e;
    }
    return box;
}

/// Rule 12.
MathBox MathSetter::accent(const MathNode& one, MathLevel level) {
    const double e = em(level);
    MathBox box = row(one.parts[0], level.cramped());
    const double letter = box.width;
    const bool isSingle = one.parts[0].size() == 1;
    const double widest = one.isWide || !isSingle ? letter : std::min(letter, 0.5 * e);
    const double width = one.text == u">"   ? std::max(widest, 0.42 * e)
                         : one.text == u"-" ? std::max(widest * 0.85, 0.3 * e)
                                            : std::max(widest * 0.9, 0.34 * e);
    // Marks follow the slant of their letter.
    const double slant =
        box.italic > 0 || (isSingle && one.parts[0][0].face == MathFace::Italic) ? 0.06 * e : 0.0;
    const double y = -(box.ascent + 0.1 * e);
    const QPainterPath mark = accentShape(one.text, width, e, m_fonts.rule());
    const QRectF ink = mark.boundingRect();
    const double x = (letter - width) / 2 + slant;
    box.addPath(mark, x, y);
    // An exponent stands clear of the mark.
    if (isSingle) box.italic = std::max(box.italic, x + ink.right() - letter);
    box.ascent = std::max(box.ascent, -y - ink.top());
    return box;
}

/// Rules 9 and 10, braces and frames.
MathBox MathSetter::decorated(const MathNode& one, MathLevel level) {
    const double e = em(level);
    const double bar = m_fonts.rule();
    MathBox box = row(one.parts[0], one.kind == MathNode::Kind::Line ? level.cramped() : level);
    box.width += box.italic;
    box.italic = 0;
    if (one.kind == MathNode::Kind::Frame) {
        const double room = 0.34 * e;
        MathBox framed;
        framed.width = box.width + 2 * room;
        const double top = -(box.ascent + room);
        const double bottom = box.descent + room;
        const double width = framed.width;
        framed.add(std::move(box), room, 0);
        framed.addRule(QRectF(0, top, width, bar));
        framed.addRule(QRectF(0, bottom - bar, width, bar));
        framed.addRule(QRectF(0, top, bar, bottom - top));
        framed.addRule(QRectF(width - bar, top, bar, bottom - top));
        return framed;
    }
    if (one.kind == MathNode::Kind::Line) {
        const double y = one.isAbove ? -(box.ascent + 3 * bar) : box.descent + 2 * bar;
        box.addRule(QRectF(0, y, box.width, bar));
        return box;
    }
    const QPainterPath brace = braceShape(std::max(box.width, e), one.isAbove, e, bar);
    const QRectF ink = brace.boundingRect();
    const double y = one.isAbove ? -(box.ascent + 0.12 * e + ink.height()) : box.descent + 0.12 * e;
    box.addPath(brace, (box.width - ink.width()) / 2, y);
    box.ascent = std::max(box.ascent, -y);
    box.descent = std::max(box.descent, y + ink.height());
    return box;
}

MathBox MathSetter::arrow(const MathNode& one, MathLevel level) {
    const double e = em(level);
    MathBox above = row(one.parts[0], level.superscript());
    MathBox below = row(one.parts[1], level.subscript());
    const double width = std::max({above.width, below.width, 0.8 * e}) + 0.6 * e;
    const double y = -axis(level);
    MathBox box;
    box.width = width;
    const QPainterPath line = arrowShape(one.text, width, e, m_fonts.rule());
    const double reach = line.boundingRect().height() / 2;
    box.addPath(line, 0, y);
    box.ascent = reach - y;
    box.descent = std::max(0.0, reach + y);
    const double up = -y + 0.16 * e + above.descent;
    const double down = y + 0.2 * e + below.ascent;
    if (!one.parts[0].empty()) centre(box, std::move(above), width, -up);
    if (!one.parts[1].empty()) centre(box, std::move(below), width, down);
    return box;
}

MathBox MathSetter::grid(const MathNode& one, MathLevel level) {
    using Grid = MathNode::Grid;
    const auto n = static_cast<std::size_t>(one.nColumn);
    const bool isEquations = one.grid == Grid::Aligned || one.grid == Grid::Gathered;
    MathLevel inside = level;
    if (isEquations)
        inside.depth = MathLevel::Depth::Display;
    else if (one.grid == Grid::Small)
        inside.depth = MathLevel::Depth::Script;
    else
        inside.depth = std::max(level.depth, MathLevel::Depth::Text);
    const double e = em(inside);
    std::vector<MathBox> cells;
    std::vector<double> widths(n, 0);
    for (std::size_t i = 0; i < one.parts.size(); ++i) {
        // "& = b": the space before a relation stands there as between two terms.
        const MathList& cell = one.parts[i];
        MathBox box;
        if (one.grid == Grid::Aligned && i % n % 2 == 1 && !cell.empty() &&
            (cell.front().cls == MathClass::Rel || cell.front().cls == MathClass::Bin)) {
            MathList padded(1);
            padded.front().kind = MathNode::Kind::Group;
            padded.front().parts.emplace_back();
            padded.insert(padded.end(), cell.begin(), cell.end());
            box = row(padded, inside);
        } else {
            box = row(cell, inside);
        }
        box.width += box.italic;
        widths[i % n] = std::max(widths[i % n], box.width);
        cells.push_back(std::move(box));
    }
    const double between = one.grid == Grid::Small   ? 0.5 * e
                           : one.grid == Grid::Cases ? 1.2 * e
                                                     : 0.95 * e;
    std::vector<double> lefts(n, 0);
    const double beside = isEquations ? 0 : 0.12 * e;  // to the delimiters
    double width = beside;
    for (std::size_t i = 0; i < n; ++i) {
        // A pair of "a &= b" has no space inside, and much to the next pair.
        if (i > 0) width += one.grid == Grid::Aligned ? (i % 2 == 1 ? 0 : 2 * e) : between;
        lefts[i] = width;
        width += widths[i];
    }
    const double least = one.grid == Grid::Small ? 1.1 * e : 1.5 * e;  // between baselines
    const double gap = isEquations ? 0.6 * e : 0.28 * e;               // between what is seen
    MathBox box;
    double y = 0;
    double depthBefore = 0;
    MathBox all;
    for (std::size_t first = 0; first < cells.size(); first += n) {
        double ascent = 0;
        double descent = 0;
        for (std::size_t i = 0; i < n; ++i) {
            ascent = std::max(ascent, cells[first + i].ascent);
            descent = std::max(descent, cells[first + i].descent);
        }
        // A row of low letters is as high as one with a capital.
        ascent = std::max(ascent, 0.7 * e);
        descent = std::max(descent, 0.2 * e);
        if (first > 0) y += std::max(least, depthBefore + gap + ascent);
        depthBefore = descent;
        for (std::size_t i = 0; i < n; ++i) {
            const QChar align = one.columns[static_cast<qsizetype>(
                one.grid == Grid::Aligned
                    ? i % static_cast<std::size_t>(one.columns.size())
                    : std::min(i, static_cast<std::size_t>(one.columns.size()) - 1))];
            MathBox& cell = cells[first + i];
            const double room = widths[i] - cell.width;
            const double x = lefts[i] + (align == u'c' ? room / 2 : align == u'r' ? room : 0);
            all.add(std::move(cell), x, y);
        }
        if (first == 0) all.ascent = std::max(all.ascent, ascent);
        all.descent = std::max(all.descent, y + descent);
    }
    // Its middle is on the axis.
    const double middle = (all.descent - all.ascent) / 2;
    const double shift = -axis(level) - middle;
    box.add(std::move(all), 0, shift);
    box.width = width + beside;
    return box;
}

}  // namespace lares::app
