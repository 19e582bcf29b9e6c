#include "app/ui/conversation_delegate.h"

#include "app/chat/folder_name.h"
#include "app/transcript/visible_text.h"
#include "app/ui/appearance.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/found_line.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QLineEdit>
#include <QLocale>
#include <QPainter>

namespace lares::app {
namespace {

constexpr int kRowInset = 10;
constexpr int kSnippetHeight = 20;
constexpr int kChevron = 14;
constexpr int kIndent = kChevron + 4;  // of what is in a folder: under the folder's name
constexpr int kMaxTitle = 200;

bool startsGroup(const QModelIndex& index) {
    return index.data(ConversationRows::StartsGroupRole).toBool();
}

bool isFolder(const QModelIndex& index) {
    return index.data(ConversationRows::IsFolderRole).toBool();
}

}  // namespace

ConversationDelegate::ConversationDelegate(const Appearance* appearance, QObject* parent)
    : QStyledItemDelegate(parent), m_appearance(appearance) {}

void ConversationDelegate::setShown(ConversationId id, const QString& folder) {
    m_shown = id;
    m_shownFolder = folder;
}

bool ConversationDelegate::isShown(const QModelIndex& index) const {
    if (!isFolder(index)) return index.data(ConversationListModel::IdRole).toLongLong() == m_shown;
    return index.data(ConversationRows::IsFoldedRole).toBool() && !m_shownFolder.isEmpty() &&
           index.data().toString() == m_shownFolder;
}

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

    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    if (isShown(index) || isHovered) {
        paintSurface(*painter, row, Theme::kControlRadius,
                     isShown(index) ? theme.selectedRow : theme.hoveredRow);
    }
    const bool isTarget = isFolder(index) && !m_target.isEmpty() && index.data() == m_target;
    if (option.state.testFlag(QStyle::State_HasFocus) || isTarget)
        paintFocusRing(*painter, row, Theme::kControlRadius, theme.focusRing);
    isFolder(index) ? paintFolder(*painter, row, index) : paintConversation(*painter, row, index);
}

void ConversationDelegate::paintFolder(QPainter& painter,
                                       const QRectF& row,
                                       const QModelIndex& index) const {
    const Theme& theme = m_appearance->theme();
    const int inset = theme.scaled(kRowInset);
    const bool isFolded = index.data(ConversationRows::IsFoldedRole).toBool();
    QRectF text = row.adjusted(inset, 0, -inset, 0);
    const QRectF chevron(text.left() - theme.scaled(2), text.top(), theme.scaled(kChevron),
                         text.height());
    paintIcon(painter, isFolded ? Icon::ChevronRight : Icon::ChevronDown, chevron,
              theme.secondaryText);
    const QString count = QLocale().toString(index.data(ConversationRows::CountRole).toInt());
    const double countWidth = QFontMetricsF(theme.captionFont).horizontalAdvance(count);
    paintLine(painter, text, theme.captionFont, theme.quietText, count, Qt::AlignRight);
    text.adjust(theme.scaled(kIndent), 0, -countWidth - Theme::kInside, 0);
    paintLine(painter, text, weighted(theme.rowFont, QFont::Medium), theme.text,
              visibleText(index.data().toString()));
}

void ConversationDelegate::paintConversation(QPainter& painter,
                                             const QRectF& row,
                                             const QModelIndex& index) const {
    const Theme& theme = m_appearance->theme();
    const int inset = theme.scaled(kRowInset);
    const bool isInFolder = !index.data(ConversationListModel::FolderRole).toString().isEmpty();
    QRectF text = row.adjusted(inset + (isInFolder ? theme.scaled(kIndent) : 0), 0, -inset, 0);
    if (index.data(ConversationListModel::IsBusyRole).toBool()) {
        const double dot = theme.scaled(7);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accent);
        painter.drawEllipse(QRectF(text.right() - dot, row.center().y() - dot / 2, dot, dot));
        painter.restore();
        text.adjust(0, 0, -dot - Theme::kInside, 0);
    }
    if (index.data(ConversationListModel::IsTemporaryRole).toBool()) {
        const double side = theme.scaled(kChevron);
        paintIcon(painter, Icon::Temporary, QRectF(text.left(), text.top(), side, text.height()),
                  theme.accent);
        text.adjust(side + Theme::kInside, 0, 0, 0);
    }
    const QString snippet = index.data(ConversationRows::SnippetRole).toString();
    if (!snippet.isEmpty()) {
        const QRectF below(text.left(), text.top() + rowHeight() - theme.scaled(7), text.width(),
                           theme.scaled(kSnippetHeight));
        paintFoundLine(painter, below, theme, snippet,
                       index.data(ConversationRows::MatchStartRole).toInt(),
                       index.data(ConversationRows::MatchLengthRole).toInt());
        text.setHeight(rowHeight() - theme.scaled(2));
    }
    paintLine(painter, text,
              weighted(theme.rowFont, isShown(index) ? QFont::Medium : QFont::Normal), theme.text,
              visibleText(index.data(Qt::DisplayRole).toString()));
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const bool hasSnippet = !index.data(ConversationRows::SnippetRole).toString().isEmpty();
    return {0, rowHeight() + (startsGroup(index) ? headingHeight() : 0) +
                   (hasSnippet ? m_appearance->theme().scaled(kSnippetHeight) : 0)};
}

QWidget* ConversationDelegate::createEditor(QWidget* parent,
                                            const QStyleOptionViewItem&,
                                            const QModelIndex& index) const {
    auto* editor = new QLineEdit(parent);
    const Theme& theme = m_appearance->theme();
    editor->setFont(theme.rowFont);
    editor->setAccessibleName(isFolder(index) ? tr("Name of the folder")
                                              : tr("Title of the conversation"));
    editor->setMaxLength(isFolder(index) ? kMaxFolderName : kMaxTitle);
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
    // What stands before the text stays in sight.
    const bool isIndented = !index.data(ConversationListModel::FolderRole).toString().isEmpty();
    const int indent = isIndented ? m_appearance->theme().scaled(kIndent + 4) : 0;
    editor->setGeometry(rowRect(option.rect, index).adjusted(indent, 0, 0, 0));
}

}  // namespace lares::app
