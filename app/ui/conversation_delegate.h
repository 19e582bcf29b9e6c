#pragma once

#include "app/chat/chat_message.h"

#include <QStyledItemDelegate>

namespace lares::app {

class Appearance;

/// Paints a row of the conversation list (a conversation, or a folder), with the heading of its
/// group above the group's first row, and edits a title or a name in place. UI thread only.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ConversationDelegate(const Appearance* appearance, QObject* parent = nullptr);

    /// The row painted as selected: the conversation, or its folder where that is folded.
    void setShown(ConversationId id, const QString& folder);
    void setTarget(const QString& folder) { m_target = folder; }  ///< what is dragged goes there
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
    [[nodiscard]] bool isShown(const QModelIndex& index) const;
    void paintFolder(QPainter& painter, const QRectF& row, const QModelIndex& index) const;
    void paintConversation(QPainter& painter, const QRectF& row, const QModelIndex& index) const;

    const Appearance* m_appearance;
    ConversationId m_shown = 0;
    QString m_shownFolder;
    QString m_target;
};

}  // namespace lares::app
