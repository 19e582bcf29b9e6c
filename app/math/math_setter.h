#pragma once

#include "app/math/math_box.h"
#include "app/math/math_fonts.h"
#include "app/math/math_node.h"

#include <vector>

namespace lares::app {

/// TeX's styles: display, text, script and scriptscript, each also cramped (exponents are lower).
struct MathLevel {
    enum class Depth { Display, Text, Script, ScriptScript };
    Depth depth = Depth::Text;
    bool isCramped = false;

    [[nodiscard]] bool isDisplay() const { return depth == Depth::Display; }
    [[nodiscard]] bool isScript() const { return depth >= Depth::Script; }
    [[nodiscard]] MathSize size() const;
    [[nodiscard]] MathLevel cramped() const { return {depth, true}; }
    [[nodiscard]] MathLevel superscript() const;
    [[nodiscard]] MathLevel subscript() const { return superscript().cramped(); }
    [[nodiscard]] MathLevel numerator() const;
    [[nodiscard]] MathLevel denominator() const { return numerator().cramped(); }
};

/// Lays out the nodes of a formula: math_layout.h's other half. One use, one formula.
class MathSetter {
public:
    explicit MathSetter(MathFonts& fonts) : m_fonts(fonts) {}

    /// One atom of a list, and the space before it.
    struct Atom {
        MathBox box;
        MathClass cls = MathClass::Ord;
        double spaceBefore = 0;
    };
    [[nodiscard]] std::vector<Atom> atoms(const MathList& list, MathLevel level);
    [[nodiscard]] MathBox row(const MathList& list, MathLevel level);

private:
    [[nodiscard]] MathBox node(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox letters(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox bigOperator(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox fraction(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox root(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox scripts(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox limits(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox fence(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox delimiter(const QString& text, double reach, MathLevel level);
    [[nodiscard]] MathBox accent(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox decorated(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox arrow(const MathNode& node, MathLevel level);
    [[nodiscard]] MathBox grid(const MathNode& node, MathLevel level);
    [[nodiscard]] double em(MathLevel level) const { return m_fonts.em(level.size()); }
    [[nodiscard]] double axis(MathLevel level) const { return m_fonts.axis(level.size()); }

    MathFonts& m_fonts;
};

}  // namespace lares::app
