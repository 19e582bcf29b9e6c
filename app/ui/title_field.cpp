#include "app/ui/title_field.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kTitleInset = 8;

}  // namespace

TitleField::TitleField(const Appearance* appearance, QWidget* parent)
    : QLineEdit(parent), m_appearance(appearance) {
    setMaxLength(200);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setContextMenuPolicy(Qt::NoContextMenu);
    connect(appearance, &Appearance::changed, this, &TitleField::applyTheme);
    connect(this, &QLineEdit::textChanged, this, [this] { updateGeometry(); });
    applyTheme();
}

void TitleField::setTitle(const QString& title) {
    m_title = title;
    if (!hasFocus()) setText(title);
}

QSize TitleField::sizeHint() const {
    const QString& shown = hasFocus() ? text() : m_title;
    return {fontMetrics().horizontalAdvance(shown) + 2 * kTitleInset + 6,
            m_appearance->theme().scaled(32)};
}

QSize TitleField::minimumSizeHint() const {
    return {std::min(sizeHint().width(), m_appearance->theme().scaled(80)), sizeHint().height()};
}

void TitleField::applyTheme() {
    setFont(weighted(m_appearance->theme().rowFont, QFont::DemiBold));
    setTextMargins(kTitleInset - 2, 0, kTitleInset - 2, 0);
    updateGeometry();
    update();
}

void TitleField::paintEvent(QPaintEvent* event) {
    const Theme& theme = m_appearance->theme();
    if (hasFocus()) {
        {
            QPainter painter(this);
            paintSurface(painter, rect(), Theme::kControlRadius, theme.card, theme.hairline);
            paintFocusRing(painter, rect(), Theme::kControlRadius, theme.focusRing);
        }
        QLineEdit::paintEvent(event);
        return;
    }
    QPainter painter(this);
    if (underMouse()) paintSurface(painter, rect(), Theme::kControlRadius, theme.hoveredRow);
    paintLine(painter, QRectF(rect()).adjusted(kTitleInset, 0, -kTitleInset + 2, 0), font(),
              theme.text, m_title);
}

void TitleField::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            keep();
            emit editingEnded();
            return;
        case Qt::Key_Escape:
            setText(m_title);
            emit editingEnded();
            return;
        default:
            QLineEdit::keyPressEvent(event);
    }
}

void TitleField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        keep();
    updateGeometry();
}

void TitleField::keep() {
    const QString edited = text().simplified();
    if (edited.isEmpty() || edited == m_title) {
        setText(m_title);
        return;
    }
    m_title = edited;
    emit titleEdited(edited);
}

}  // namespace lares::app
