#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;

/// A thin line that fills.
class ProgressLine : public QWidget {
    Q_OBJECT

public:
    explicit ProgressLine(const Appearance* appearance, QWidget* parent = nullptr);

    void setShare(double share);  ///< 0 to 1

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    double m_share = 0;
};

}  // namespace lares::app
