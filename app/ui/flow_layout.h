#pragma once

#include <QLayout>

#include <vector>

namespace lares::app {

/// Widgets side by side, in more lines where one is too narrow for them.
class FlowLayout : public QLayout {
public:
    explicit FlowLayout(int gap, QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    [[nodiscard]] int count() const override;
    [[nodiscard]] QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    void setGeometry(const QRect& area) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSize() const override;

private:
    /// Returns the height; moves the items only when told to.
    int arrange(const QRect& area, bool isMoving) const;

    std::vector<QLayoutItem*> m_items;
    int m_gap;
};

/// A row of controls that takes several lines where it is narrow; without margins. The row becomes
/// their parent.
[[nodiscard]] QWidget* makeFlowRow(QWidget* parent,
                                   int gap,
                                   const std::vector<QWidget*>& widgets = {});

}  // namespace lares::app
