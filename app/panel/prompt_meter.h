#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;

/// How full a prompt makes the context, and how much of it was restored: one bar. UI thread only.
class PromptMeter : public QWidget {
    Q_OBJECT

public:
    explicit PromptMeter(const Appearance* appearance, QWidget* parent = nullptr);

    /// Tokens. `restored` of `used`; -1: not known. `most` 0: as many as are used.
    void setFigures(int used, int restored, int most);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    int m_used = 0;
    int m_restored = -1;
    int m_most = 0;
};

}  // namespace lares::app
