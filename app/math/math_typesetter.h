#pragma once

#include "app/math/math_box.h"
#include "app/math/math_fonts.h"
#include "app/math/math_layout.h"

#include <QCache>
#include <QStringView>

#include <map>
#include <memory>
#include <vector>

namespace lares::app {

/// A formula ready to be drawn, in one piece or, where there is no room for it, in several.
struct SetMath {
    /// Inline: a line may break between two of them. Display: lines below each other.
    std::vector<MathBox> pieces;
    double width = 0;  ///< Display: of the widest line; the others begin where it does

    [[nodiscard]] std::size_t cost() const;
};

/// Sets formulas from their source and remembers those that it set last: a paragraph that grows is
/// laid out again for each token. UI thread only.
class MathTypesetter {
public:
    explicit MathTypesetter(const QFont& code) : m_code(code) {}

    /// The formula among words of this font, in a column of this width. Null where it cannot be
    /// parsed, or stays too wide when it is broken and made smaller: show its text.
    [[nodiscard]] std::shared_ptr<const SetMath> set(const QString& latex,
                                                     MathStyle style,
                                                     const QFont& font,
                                                     double width);

private:
    [[nodiscard]] MathFonts& fontsFor(const QFont& font);
    [[nodiscard]] std::shared_ptr<const SetMath> make(const QString& latex,
                                                      MathStyle style,
                                                      const QFont& font,
                                                      double width);

    using Remembered = std::shared_ptr<const SetMath>;
    QFont m_code;
    std::map<QString, MathFonts> m_fonts;
    QCache<QString, Remembered> m_set{20'000};  ///< by items that are drawn
};

}  // namespace lares::app
