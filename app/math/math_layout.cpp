#include "app/math/math_layout.h"

#include "app/math/math_setter.h"

#include <utility>

namespace lares::app {
namespace {

MathLevel levelOf(MathStyle style) {
    return {style == MathStyle::Display ? MathLevel::Depth::Display : MathLevel::Depth::Text};
}

}  // namespace

MathBox layOutMath(const MathList& list, MathStyle style, MathFonts& fonts) {
    return enclosed(MathSetter(fonts).row(list, levelOf(style)));
}

std::vector<MathPiece> layOutMathPieces(const MathList& list,
                                        MathStyle style,
                                        MathBreaks breaks,
                                        MathFonts& fonts) {
    std::vector<MathPiece> pieces(1);
    const bool isBefore = style == MathStyle::Display;
    bool mayBreak = false;
    int nOpen = 0;  // what stands between brackets stays together
    bool isFirst = true;
    for (MathSetter::Atom& atom : MathSetter(fonts).atoms(list, levelOf(style))) {
        const bool isPlace =
            nOpen == 0 && (atom.cls == MathClass::Rel ||
                           (breaks == MathBreaks::Operators && atom.cls == MathClass::Bin));
        if (atom.cls == MathClass::Open) ++nOpen;
        if (atom.cls == MathClass::Close && nOpen > 0) --nOpen;
        if ((isBefore ? isPlace : mayBreak && !isPlace) && !isFirst) {
            pieces.emplace_back();
            pieces.back().spaceBefore = atom.spaceBefore;
        } else {
            pieces.back().box.width += atom.spaceBefore;
        }
        pieces.back().box.append(std::move(atom.box));
        mayBreak = isPlace;
        isFirst = false;
    }
    for (MathPiece& piece : pieces) piece.box = enclosed(std::move(piece.box));
    return pieces;
}

}  // namespace lares::app
