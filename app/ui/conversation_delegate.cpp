#include "app/ui/conversation_delegate.h"

#include "app/chat/conversation_list_model.h"
#include "app/transcript/visible_text.h"
#include "app/ui/appearance.h"
#include "app/ui/conversation_filter.h"
#include "app/ui/found_line.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QLineEdit>
#include <QPainter>

namespace lares::app {
namespace {

constexpr int kRowInset = 10;
constexpr int kSnippetHeight = 20;

/// The first row of a group carries the group's heading.
bool startsGroup(const QModelIndex& index) {
    if (index.row() == 0) return true;
    const QModelIndex above = index.siblingAtRow(index.row() - 1);
    return above.data(ConversationListModel::GroupRole) !=
           index.data(ConversationListModel::GroupRole);
}

}  // namespace

ConversationDelegate::ConversationDelegate(const Appearance* appearance, QObject* parent)
    : QStyledItemDelegate(parent), m_appearance(appearance) {}

int ConversationDelegate::rowHeight() const {
    return m_appearance->theme().scaled(33);
}

int ConversationDelegate::headingHeight() const {
    return m_appearance->theme().scaled(36);
}

QRect ConversationDelegate::rowRect(const QRect& item, const QModelIndex& index) const {
    return startsGroup(index) ? item.adjusted(0, headingHeight(), 0, 0) : item;
}

void ConversationDelegate::paint(QPainter* painter,
                                 const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    const Theme& theme = m_appearance->theme();
    const QRectF row = rowRect(option.rect, index);
    const int inset = theme.scaled(kRowInset);
    if (startsGroup(index)) {
        const QRectF heading(option.rect.left() + inset, option.rect.top() + theme.scaled(4),
                             option.rect.width() - 2 * inset, headingHeight() - theme.scaled(4));
        paintLine(*painter, heading, weighted(theme.captionFont, QFont::Medium), theme.quietText,
                  index.data(ConversationListModel::GroupRole).toString());
    }

    const bool isShown = index.data(ConversationListModel::IdRole).toLongLong() == m_shown;
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    if (isShown || isHovered) {
        paintSurface(*painter, row, Theme::kControlRadius,
                     isShown ? theme.selectedRow : theme.hoveredRow);
    }
    if (option.state.testFlag(QStyle::State_HasFocus))
        paintFocusRing(*painter, row, Theme::kControlRadius, theme.focusRing);

    QRectF text = row.adjusted(inset, 0, -inset, 0);
    if (index.data(ConversationListModel::IsBusyRole).toBool()) {
        const double dot = theme.scaled(7);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.accent);
        painter->drawEllipse(QRectF(text.right() - dot, row.center().y() - dot / 2, dot, dot));
        painter->restore();
        text.adjust(0, 0, -dot - Theme::kInside, 0);
    }
    const QString snippet = index.data(ConversationFilter::kSnippetRole).toString();
    if (!snippet.isEmpty()) {
        const QRectF below(text.left(), text.top() + rowHeight() - theme.scaled(7), text.width(),
                           theme.scaled(kSnippetHeight));
        paintFoundLine(*painter, below, theme, snippet,
                       index.data(ConversationFilter::kMatchStartRole).toInt(),
                       index.data(ConversationFilter::kMatchLengthRole).toInt());
        text.setHeight(rowHeight() - theme.scaled(2));
    }
    paintLine(*painter, text, weighted(theme.rowFont, isShown ? QFont::Medium : QFont::Normal),
              theme.text, visibleText(index.data(Qt::DisplayRole).toString()));
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const bool hasSnippet = !index.data(ConversationFilter::kSnippetRole).toString().isEmpty();
    return {0, rowHeight() + (startsGroup(index) ? headingHeight() : 0) +
                   (hasSnippet ? m_appearance->theme().scaled(kSnippetHeight) : 0)};
}

QWidget* ConversationDelegate::createEditor(QWidget* parent,
                                            const QStyleOptionViewItem&,
                                            const QModelIndex&) const {
    auto* editor = new QLineEdit(parent);
    const Theme& theme = m_appearance->theme();
    editor->setFont(theme.rowFont);
    editor->setAccessibleName(tr("Title of the conversation"));
    editor->setMaxLength(200);
    // Opaque, so that the row's text does not show through.
    editor->setStyleSheet(QString("background: %1; border: 1px solid %2; border-radius: %3px; "
                                  "padding-left: %4px;")
                              .arg(theme.card.name(), theme.focusRing.name())
                              .arg(Theme::kControlRadius)
                              .arg(theme.scaled(kRowInset) - 3));
    return editor;
}

void ConversationDelegate::updateEditorGeometry(QWidget* editor,
                                                const QStyleOptionViewItem& option,
                                                const QModelIndex& index) const {
    editor->setGeometry(rowRect(option.rect, index));
}

}  // namespace lares::app
