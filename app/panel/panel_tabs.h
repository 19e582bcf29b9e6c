#pragma once

#include <QTabBar>

namespace lares::app {

class Appearance;

/// The panel's tabs: words on one line, the chosen one underlined. Arrow keys go from one to the
/// next. UI thread only.
class PanelTabs : public QTabBar {
    Q_OBJECT

public:
    explicit PanelTabs(const Appearance* appearance, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    [[nodiscard]] QSize tabSizeHint(int index) const override;
    [[nodiscard]] QSize minimumTabSizeHint(int index) const override;

private:
    void applyTheme();

    const Appearance* m_appearance;
};

}  // namespace lares::app
