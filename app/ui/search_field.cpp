#include "app/ui/search_field.h"

#include "app/ui/appearance.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QKeyEvent>
#include <QPainter>

namespace lares::app {

SearchField::SearchField(const Appearance* appearance, QWidget* parent)
    : QLineEdit(parent), m_appearance(appearance) {
    connect(appearance, &Appearance::changed, this, &SearchField::applyTheme);
    applyTheme();
}

void SearchField::applyTheme() {
    const Theme& theme = m_appearance->theme();
    setFont(theme.secondaryFont);
    setFixedHeight(theme.scaled(34));
    setTextMargins(theme.scaled(32), 0, theme.scaled(8), 0);
    update();
}

void SearchField::paintEvent(QPaintEvent* event) {
    const Theme& theme = m_appearance->theme();
    {
        QPainter painter(this);
        paintSurface(painter, rect(), Theme::kControlRadius, theme.card, theme.hairline);
        if (hasFocus()) paintFocusRing(painter, rect(), Theme::kControlRadius, theme.focusRing);
        paintIcon(painter, Icon::Search,
                  QRectF(theme.scaled(10), (height() - theme.scaled(14)) / 2.0, theme.scaled(14),
                         theme.scaled(14)),
                  theme.secondaryText);
    }
    QLineEdit::paintEvent(event);
}

void SearchField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

}  // namespace lares::app
