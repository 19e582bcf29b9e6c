#pragma once

#include "app/math/math_node.h"

#include <QFont>
#include <QHash>
#include <QRectF>

#include <array>

namespace lares::app {

/// The sizes of a formula: scripts are smaller than what they stand at, and scripts of scripts.
enum class MathSize { Text, Script, ScriptScript };

/// The window's fonts as a formula needs them, with their measures. Lengths in pixels. UI thread
/// only.
class MathFonts {
public:
    /// The font of the text around, and that of code. Sizes are in pixels.
    MathFonts(const QFont& text, const QFont& code);

    struct Glyph {
        QString text;  ///< what is drawn, which may be another character of the same letter
        QFont font;
        double width = 0;  ///< to the next one
        QRectF ink;        ///< from the origin on the baseline
    };
    /// `grow` is 1 but for large operators.
    [[nodiscard]] const Glyph& glyph(const QString& text,
                                     MathFace face,
                                     MathSize size,
                                     double grow = 1);
    [[nodiscard]] double em(MathSize size) const { return m_em[static_cast<std::size_t>(size)]; }
    [[nodiscard]] double xHeight(MathSize size) const { return m_xHeight * em(size); }
    /// Where fractions have their bar: the height of a minus over the baseline.
    [[nodiscard]] double axis(MathSize size) const { return m_axis * em(size); }
    /// Of bars, in every size that of the text: thinner ones would be grey.
    [[nodiscard]] double rule() const { return m_rule; }

private:
    QFont m_text;
    QFont m_code;
    std::array<double, 3> m_em = {};
    double m_xHeight = 0;  ///< in em
    double m_axis = 0;     ///< in em
    double m_rule = 0;
    QHash<QString, Glyph> m_glyphs;
};

}  // namespace lares::app
