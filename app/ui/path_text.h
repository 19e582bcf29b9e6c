#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;

/// A path or command, monospaced, whole: broken anywhere rather than elided.
class PathText : public QWidget {
    Q_OBJECT

public:
    PathText(const Appearance* appearance, const QString& text, QWidget* parent = nullptr);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// Paints where there is a painter; returns the height.
    int layOut(int width, QPainter* painter) const;

    const Appearance* m_appearance;
    QString m_text;
};

}  // namespace lares::app
