#include "app/ui/palette_delegate.h"

#include "app/ui/appearance.h"
#include "app/ui/found_line.h"
#include "app/ui/painting.h"
#include "app/ui/palette_model.h"

#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kPaletteRow = 34;
constexpr int kPaletteLine = 20;
constexpr int kPaletteHeading = 30;

bool beginsPaletteGroup(const QModelIndex& index) {
    return index.row() == 0 || index.siblingAtRow(index.row() - 1).data(PaletteModel::GroupRole) !=
                                   index.data(PaletteModel::GroupRole);
}

}  // namespace

PaletteDelegate::PaletteDelegate(const Appearance* appearance, QObject* parent)
    : QStyledItemDelegate(parent), m_appearance(appearance) {}

void PaletteDelegate::paint(QPainter* painter,
                            const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const Theme& theme = m_appearance->theme();
    const int inset = theme.scaled(10);
    QRectF row = option.rect;
    if (beginsPaletteGroup(index)) {
        row.setTop(row.top() + theme.scaled(kPaletteHeading));
        paintLine(*painter,
                  QRectF(row.left() + inset, option.rect.top() + theme.scaled(4),
                         row.width() - 2 * inset, theme.scaled(kPaletteHeading - 4)),
                  weighted(theme.captionFont, QFont::Medium), theme.quietText,
                  index.data(PaletteModel::GroupRole).toString());
    }
    const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
    if (isCurrent || option.state.testFlag(QStyle::State_MouseOver)) {
        paintSurface(*painter, row, Theme::kControlRadius,
                     isCurrent ? theme.selectedRow : theme.hoveredRow);
    }
    if (isCurrent && theme.scheme == Theme::Scheme::HighContrast)
        paintFocusRing(*painter, row, Theme::kControlRadius, theme.focusRing);

    QRectF text = row.adjusted(inset, 0, -inset, 0);
    const QString line = index.data(PaletteModel::LineRole).toString();
    if (!line.isEmpty()) {
        const QRectF below(text.left(), text.top() + theme.scaled(kPaletteRow - 6), text.width(),
                           theme.scaled(kPaletteLine));
        paintFoundLine(*painter, below, theme, line,
                       index.data(PaletteModel::MatchStartRole).toInt(),
                       index.data(PaletteModel::MatchLengthRole).toInt());
        text.setHeight(theme.scaled(kPaletteRow - 2));
    }
    const QString keys = index.data(PaletteModel::KeysRole).toString();
    if (!keys.isEmpty()) {
        const double width = std::min(QFontMetricsF(theme.captionFont).horizontalAdvance(keys) + 1,
                                      text.width() / 2);
        const QRectF right(text.right() - width, text.top(), width, text.height());
        paintLine(*painter, right, theme.captionFont,
                  isCurrent ? theme.secondaryText : theme.quietText, keys, Qt::AlignRight);
        text.setRight(right.left() - inset);
    }
    paintLine(*painter, text, theme.rowFont, theme.text, index.data().toString());
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const bool hasLine = !index.data(PaletteModel::LineRole).toString().isEmpty();
    return {0, m_appearance->theme().scaled(kPaletteRow + (hasLine ? kPaletteLine : 0) +
                                            (beginsPaletteGroup(index) ? kPaletteHeading : 0))};
}

}  // namespace lares::app
