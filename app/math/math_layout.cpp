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

std::vector<MathBox> layOutMathPieces(const MathList& list,
                                      MathStyle style,
                                      MathBreaks breaks,
                                      MathFonts& fonts) {
    std::vector<MathBox> pieces(1);
    const bool isBefore = style == MathStyle::Display;
    bool mayBreak = false;
    // What stands between brackets stays together.
    int nOpen = 0;
    bool isFirst = true;
    for (MathSetter::Atom& atom : MathSetter(fonts).atoms(list, levelOf(style))) {
        const bool isPlace =
            nOpen == 0 && (atom.cls == MathClass::Rel ||
                           (breaks == MathBreaks::Operators && atom.cls == MathClass::Bin));
        if (atom.cls == MathClass::Open) ++nOpen;
        if (atom.cls == MathClass::Close && nOpen > 0) --nOpen;
        if ((isBefore ? isPlace : mayBreak && !isPlace) && !isFirst) {
            // The space stays at the end of the line.
            if (!isBefore) pieces.back().width += atom.spaceBefore;
            pieces.emplace_back();
            pieces.back().append(std::move(atom.box));
        } else {
            pieces.back().width += atom.spaceBefore;
            pieces.back().append(std::move(atom.box));
        }
        mayBreak = isPlace;
        isFirst = false;
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        MathBox box = enclosed(std::move(pieces[i]));
        pieces[i] = std::move(box);
    }
    return pieces;
}

}  // namespace lares::app
