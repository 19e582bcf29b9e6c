#pragma once

#include <QAbstractButton>

namespace lares::app {

class Appearance;

/// A word of the footer that can be pressed, as quiet as the rest until it is pointed at. As wide
/// as its text and a little room on both sides. UI thread only.
class FooterButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit FooterButton(const Appearance* appearance, QWidget* parent = nullptr);

    /// To be seen as something to press.
    void setStrong(bool isStrong);
    /// The room on each side of the text.
    static constexpr int kPadding = 6;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QFont labelFont() const;

    const Appearance* m_appearance;
    bool m_isStrong = false;
};

}  // namespace lares::app
