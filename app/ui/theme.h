#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace lares::app {

/// Colours, spacing and type of the window, by role. Widgets and painters take every colour and
/// size from here. UI thread only.
struct Theme {
    enum class Scheme { Light, Dark, HighContrast };
    Scheme scheme = Scheme::Light;

    QColor window, sidebar, card;
    QColor code;        ///< ground of code blocks and trees
    QColor userBubble;  ///< ground of the user's messages
    QColor selectedRow, hoveredRow, hairline;
    QColor text, secondaryText, quietText;
    QColor accent, textOnAccent;
    QColor good, addedGround, removed, removedGround;
    QColor codeKeyword, codeString, codeNumber, codeComment, codeName;  ///< on `code`
    QColor selection;            ///< ground of selected text; the text keeps its colour
    QColor match, currentMatch;  ///< grounds of what was found; on them stands `text`
    QColor focusRing;
    QColor fieldFocus;  ///< line around the field that holds the caret

    QFont bodyFont;       ///< 15 px times the scale
    QFont rowFont;        ///< 14 px: rows of lists, titles
    QFont secondaryFont;  ///< 13 px
    QFont captionFont;    ///< 12 px: headings of groups, the footer, hints
    QFont codeFont;       ///< 13 px, monospaced
    double scale = 1.0;

    static constexpr int kGrid = 4;
    static constexpr int kInside = 8;  ///< space inside controls
    static constexpr int kBetweenBlocks = 16;
    static constexpr int kBetweenTurns = 28;
    static constexpr int kControlRadius = 8;
    static constexpr int kCardRadius = 12;
    static constexpr int kComposerRadius = 20;
    static constexpr int kReadingColumn = 740;
    static constexpr double kLineHeight = 1.5;
    static constexpr double kCodeLineHeight = 1.45;

    /// Length in device-independent pixels at the current font scale.
    [[nodiscard]] int scaled(int pixels) const;
    [[nodiscard]] QPalette palette() const;
    /// What Qt's own widgets need beside the palette: text fields, menus, scroll bars, tool tips.
    [[nodiscard]] QString styleSheet() const;

    [[nodiscard]] static Theme make(Scheme scheme, double fontScale = 1.0);
};

/// 1 to 21: the contrast of two opaque colours as WCAG 2.1 defines it.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);
/// The same font, heavier.
[[nodiscard]] QFont weighted(QFont font, QFont::Weight weight);

}  // namespace lares::app
