#pragma once

#include <QStyledItemDelegate>

namespace lares::app {

class Appearance;

/// Paints a line of the activity: a sign for its state, what was done, and how it went.
class ActivityDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ActivityDelegate(const Appearance* appearance, QObject* parent = nullptr);

    void paint(QPainter* painter,
               const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

private:
    const Appearance* m_appearance;
};

}  // namespace lares::app
