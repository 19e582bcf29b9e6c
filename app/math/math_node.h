#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace lares::app {

/// TeX's kinds of atoms (The TeXbook, chapter 17): they decide the space between two of them.
enum class MathClass { Ord, Op, Bin, Rel, Open, Close, Punct, Inner };

enum class MathFace {
    Upright,
    Italic,
    Bold,
    BoldItalic,
    Blackboard,
    Calligraphic,
    Fraktur,
    Mono,
};

/// Whether scripts stand above and below instead of beside.
enum class MathLimits { InDisplay, Always, Never };

struct MathNode;
using MathList = std::vector<MathNode>;

/// A piece of a formula: what the parser makes and the layout reads. Nesting is bounded
/// (kMostMathNesting), so recursion over it is.
struct MathNode {
    enum class Kind {
        Symbol,     ///< `text`, one character (or a character with marks that combine)
        Words,      ///< `text`, several characters as in prose: a function's name, \text
        Group,      ///< parts[0] as one atom
        Fraction,   ///< parts: above, below
        Root,       ///< parts: of what, its degree (empty: 2)
        Scripts,    ///< parts: the base, above, below; empty where there is none
        Fence,      ///< parts between delimiters that grow: `text`, `middles`, `right` ("" for ".")
        Delimiter,  ///< `text` of a `size`
        Accent,     ///< parts[0] below the mark `text`
        Line,       ///< parts[0] with a line over or under it
        Brace,      ///< parts[0] with a brace over or under it
        Arrow,      ///< an arrow `text` as long as what stands on it: parts: above, below
        Grid,       ///< parts: the cells, row by row
        Frame,      ///< parts[0] in a box
        Phantom,    ///< the room of parts[0]
        Space,      ///< `width`
        Style,      ///< what follows in the list is set in `style`
    };
    enum class Style { Text, Display, Script };
    enum class Grid { Matrix, Small, Cases, Aligned, Gathered };

    Kind kind = Kind::Symbol;
    MathClass cls = MathClass::Ord;
    MathFace face = MathFace::Upright;
    QString text = {};
    QString right = {};
    QStringList middles = {};  ///< Fence: between two parts (\middle)
    std::vector<MathList> parts = {};
    MathLimits limits = MathLimits::Never;  ///< of scripts on this atom
    bool hasBar = true;                     ///< Fraction: false for \binom
    bool hasStyle = false;                  ///< Fraction: set in `style` whatever is around
    bool isAbove = true;                    ///< Line, Brace
    bool isWide = false;                    ///< Accent: as wide as what it stands on
    Style style = Style::Text;
    int size = 1;      ///< Delimiter: 1 to 4 (\big to \Bigg)
    double width = 0;  ///< Space: in em
    Grid grid = Grid::Matrix;
    int nColumn = 0;       ///< Grid
    QString columns = {};  ///< Grid: "lcr", for each column; the last one goes on
};

}  // namespace lares::app
