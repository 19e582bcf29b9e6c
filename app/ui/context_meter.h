#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;

/// How much of the model's context the conversation takes: "8.3k of 49k" and a thin bar, in which
/// what is attached to the next message is a lighter piece. Empty until there are figures.
class ContextMeter : public QWidget {
    Q_OBJECT

public:
    explicit ContextMeter(const Appearance* appearance, QWidget* parent = nullptr);

    void setFigures(int used, int most);
    void setAttached(int about);
    void setCondensed(bool isCondensed);  ///< what was said first is read as a summary
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showFigures();

    const Appearance* m_appearance;
    int m_used = 0;
    int m_most = 0;
    int m_attached = 0;
    bool m_isCondensed = false;
    QString m_text;
};

/// "812", "8.3k", "49k"
[[nodiscard]] QString shortCount(int tokens);

}  // namespace lares::app
