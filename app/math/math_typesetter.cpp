#include "app/math/math_typesetter.h"

#include "app/math/math_parser.h"

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

/// An inline formula that takes more of a line than this may be broken.
constexpr double kWholeShare = 0.4;
/// A displayed formula that fits no other way is made smaller, by these factors.
constexpr double kSmaller[] = {0.88, 0.76, 0.66};

bool fits(const std::vector<MathPiece>& pieces, double width) {
    return std::all_of(pieces.begin(), pieces.end(),
                       [&](const MathPiece& piece) { return piece.box.width <= width; });
}

/// Pieces behind each other while there is room, lines after the first moved in.
std::vector<MathBox> linesOf(std::vector<MathPiece> pieces, double width, double indent) {
    std::vector<MathBox> lines;
    for (MathPiece& piece : pieces) {
        const bool isBehind =
            !lines.empty() && lines.back().width + piece.spaceBefore + piece.box.width <= width;
        if (!isBehind) {
            MathBox line;
            if (!lines.empty()) line.width = indent;
            lines.push_back(std::move(line));
        } else {
            lines.back().width += piece.spaceBefore;
        }
        lines.back().append(std::move(piece.box));
    }
    return lines;
}

SetMath setInline(const MathList& list, MathFonts& fonts, double width) {
    SetMath set;
    set.pieces.push_back(layOutMath(list, MathStyle::Inline, fonts));
    if (set.pieces.front().width <= width * kWholeShare) return set;
    for (const MathBreaks breaks : {MathBreaks::Relations, MathBreaks::Operators}) {
        std::vector<MathPiece> pieces = layOutMathPieces(list, MathStyle::Inline, breaks, fonts);
        if (!fits(pieces, width) && breaks == MathBreaks::Relations) continue;
        if (!fits(pieces, width)) return {};
        if (pieces.size() == 1) return set;
        set.pieces.clear();
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            // The space is at the end of the piece before: nothing is seen of it where a line ends.
            if (i + 1 < pieces.size()) pieces[i].box.width += pieces[i + 1].spaceBefore;
            set.pieces.push_back(std::move(pieces[i].box));
        }
        break;
    }
    return set;
}

SetMath setDisplay(const MathList& list, MathFonts& fonts, double width) {
    SetMath set;
    set.pieces.push_back(layOutMath(list, MathStyle::Display, fonts));
    const double indent = 2 * fonts.em(MathSize::Text);
    for (const MathBreaks breaks : {MathBreaks::Relations, MathBreaks::Operators}) {
        if (set.pieces.front().width <= width) break;
        std::vector<MathPiece> pieces = layOutMathPieces(list, MathStyle::Display, breaks, fonts);
        if (fits(pieces, width - indent)) {
            set.pieces = linesOf(std::move(pieces), width, indent);
            break;
        }
        if (breaks == MathBreaks::Operators) return {};
    }
    for (const MathBox& line : set.pieces) set.width = std::max(set.width, line.width);
    return set;
}

}  // namespace

std::size_t SetMath::cost() const {
    std::size_t n = 1;
    for (const MathBox& piece : pieces) n += piece.items.size();
    return n;
}

MathFonts& MathTypesetter::fontsFor(const QFont& font) {
    const QString key = QString::number(font.pixelSize()) + u':' + QString::number(font.weight());
    return m_fonts.try_emplace(key, font, m_code).first->second;
}

std::shared_ptr<const SetMath> MathTypesetter::set(const QString& latex,
                                                   MathStyle style,
                                                   const QFont& font,
                                                   double width) {
    const QString key = QString::number(font.pixelSize()) + u':' + QString::number(font.weight()) +
                        u':' + QString::number(std::floor(std::min(width, 1e6))) +
                        (style == MathStyle::Display ? u'D' : u'I') + latex;
    if (const Remembered* known = m_set.object(key)) return *known;
    Remembered made = make(latex, style, font, width);
    m_set.insert(key, new Remembered(made), made ? static_cast<qsizetype>(made->cost()) : 1);
    return made;
}

std::shared_ptr<const SetMath> MathTypesetter::make(const QString& latex,
                                                    MathStyle style,
                                                    const QFont& font,
                                                    double width) {
    const auto list = parseMath(latex);
    if (!list) return nullptr;
    SetMath set = style == MathStyle::Display ? setDisplay(*list, fontsFor(font), width)
                                              : setInline(*list, fontsFor(font), width);
    for (const double factor : kSmaller) {
        if (!set.pieces.empty() || style == MathStyle::Inline) break;
        QFont smaller = font;
        smaller.setPixelSize(static_cast<int>(std::lround(font.pixelSize() * factor)));
        set = setDisplay(*list, fontsFor(smaller), width);
    }
    if (set.pieces.empty()) return nullptr;
    return std::make_shared<const SetMath>(std::move(set));
}

}  // namespace lares::app
