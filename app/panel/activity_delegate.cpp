#include "app/panel/activity_delegate.h"

#include "app/panel/activity_model.h"
#include "app/transcript/icons.h"
#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QPainter>

#include <utility>

namespace lares::app {
namespace {

using State = ActivityEntry::State;

constexpr int kActivityInset = 12;
constexpr int kActivityIcon = 16;

std::pair<TranscriptIcon, QColor> signOf(State state, const Theme& theme) {
    switch (state) {
        case State::Waiting:
            return {TranscriptIcon::Waiting, theme.accent};
        case State::Running:
            return {TranscriptIcon::Running, theme.accent};
        case State::Refused:
            return {TranscriptIcon::Denied, theme.removed};
        case State::Failed:
            return {TranscriptIcon::Cross, theme.removed};
        case State::Undone:
            return {TranscriptIcon::Regenerate, theme.secondaryText};
        case State::Done:
            break;
    }
    return {TranscriptIcon::Check, theme.good};
}

}  // namespace

ActivityDelegate::ActivityDelegate(const Appearance* appearance, QObject* parent)
    : QStyledItemDelegate(parent), m_appearance(appearance) {}

QSize ActivityDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {0, m_appearance->theme().scaled(52)};
}

void ActivityDelegate::paint(QPainter* painter,
                             const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const Theme& theme = m_appearance->theme();
    const QRectF row = option.rect;
    const bool isChosen = option.state.testFlag(QStyle::State_Selected);
    if (isChosen || option.state.testFlag(QStyle::State_MouseOver)) {
        paintSurface(*painter, row, Theme::kControlRadius,
                     isChosen ? theme.selectedRow : theme.hoveredRow);
    }
    if (option.state.testFlag(QStyle::State_HasFocus))
        paintFocusRing(*painter, row, Theme::kControlRadius, theme.focusRing);

    const auto state = static_cast<State>(index.data(ActivityModel::StateRole).toInt());
    const auto [icon, colour] = signOf(state, theme);
    const double side = theme.scaled(kActivityIcon);
    const QRectF text =
        row.adjusted(kActivityInset + side + 8, theme.scaled(7), -kActivityInset, -theme.scaled(7));
    const QRectF upper(text.left(), text.top(), text.width(), text.height() / 2);
    drawIcon(*painter, icon,
             QRectF(row.left() + kActivityInset, upper.center().y() - side / 2, side, side),
             colour);
    paintLine(*painter, upper, weighted(theme.secondaryFont, QFont::Medium), theme.text,
              index.data(Qt::DisplayRole).toString());
    paintLine(*painter, upper.translated(0, upper.height()), theme.captionFont, theme.secondaryText,
              index.data(ActivityModel::DetailRole).toString());
}

}  // namespace lares::app
