#pragma once

#include <QStyledItemDelegate>

namespace lares::app {

class Appearance;

/// Paints a row of the palette: what it is, its keys on the right, the found line below; above the
/// first row of a group the group's heading. UI thread only.
class PaletteDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit PaletteDelegate(const Appearance* appearance, QObject* parent = nullptr);

    void paint(QPainter* painter,
               const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

private:
    const Appearance* m_appearance;
};

}  // namespace lares::app
