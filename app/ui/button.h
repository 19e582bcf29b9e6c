#pragma once

#include "app/ui/icons.h"

#include <QAbstractButton>

#include <optional>

namespace lares::app {

class Appearance;

/// Every button of the window, painted from the theme. Focus comes by Tab and not by a click, so
/// that a click does not take the caret away from the composer. Return presses it as Space does.
class Button : public QAbstractButton {
    Q_OBJECT

public:
    enum class Kind {
        Primary,  ///< filled with the accent: the one thing to do here
        Plain,    ///< a card with a hairline
        Quiet,    ///< text alone, until it is hovered
        Chip,     ///< a pill of the header; checked: filled
        Choice,   ///< one of several side by side; checked: the chosen one
        Row,      ///< as wide as the column, text on the left
        Round,    ///< an icon in a disc of the accent
        Small,    ///< an icon alone
    };

    Button(const Appearance* appearance, Kind kind, const QString& text, QWidget* parent = nullptr);

    void setSymbol(std::optional<Icon> icon);
    /// A key that does the same, shown small after the text.
    void setKeyHint(const QString& key);
    /// Shows the persona's mark before the text and a chevron after it.
    void setMark(const QString& name);
    void setHasChevron(bool hasChevron);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Look;
    [[nodiscard]] Look look() const;
    [[nodiscard]] QFont labelFont() const;
    [[nodiscard]] QFont hintFont() const;
    [[nodiscard]] QRectF ground() const;  ///< without the room for the focus ring
    [[nodiscard]] int padding() const;
    [[nodiscard]] int leadWidth() const;  ///< of icon or mark with the gap behind it
    [[nodiscard]] int tailWidth() const;  ///< of key hint and chevron with the gap before them

    const Appearance* m_appearance;
    Kind m_kind;
    std::optional<Icon> m_icon;
    QString m_keyHint;
    QString m_mark;
    bool m_hasChevron = false;
};

}  // namespace lares::app
