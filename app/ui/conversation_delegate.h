#pragma once

#include "app/chat/chat_message.h"

#include <QStyledItemDelegate>

namespace lares::app {

class Appearance;

/// Paints a row of the conversation list, with the heading of its group above the group's first
/// row, and edits a title in place. UI thread only.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ConversationDelegate(const Appearance* appearance, QObject* parent = nullptr);

    void setShown(ConversationId id) { m_shown = id; }  ///< the row painted as selected
    /// The row without the heading above it.
    [[nodiscard]] QRect rowRect(const QRect& item, const QModelIndex& index) const;

    void paint(QPainter* painter,
               const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent,
                          const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor,
                              const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int headingHeight() const;

    const Appearance* m_appearance;
    ConversationId m_shown = 0;
};

}  // namespace lares::app
