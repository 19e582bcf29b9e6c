#include "app/ui/text_label.h"

#include "app/ui/appearance.h"

namespace lares::app {
namespace {

QFont fontOf(const Theme& theme, TextLabel::Kind kind) {
    switch (kind) {
        case TextLabel::Kind::Title: {
            QFont font = weighted(theme.bodyFont, QFont::DemiBold);
            font.setPixelSize(theme.scaled(22));
            return font;
        }
        case TextLabel::Kind::Heading:
            return weighted(theme.bodyFont, QFont::DemiBold);
        case TextLabel::Kind::Body:
            return theme.bodyFont;
        case TextLabel::Kind::Note:
        case TextLabel::Kind::Secondary:
            return theme.secondaryFont;
        case TextLabel::Kind::Caption:
            return theme.captionFont;
    }
    return theme.bodyFont;
}

}  // namespace

TextLabel::TextLabel(const Appearance* appearance, Kind kind, const QString& text, QWidget* parent)
    : QLabel(text, parent), m_appearance(appearance), m_kind(kind) {
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    connect(appearance, &Appearance::changed, this, &TextLabel::applyTheme);
    applyTheme();
}

void TextLabel::applyTheme() {
    const Theme& theme = m_appearance->theme();
    setFont(fontOf(theme, m_kind));
    const QColor& colour = m_kind == Kind::Secondary ? theme.secondaryText
                           : m_kind == Kind::Caption ? theme.quietText
                                                     : theme.text;
    // Not the palette: the window's style sheet puts its own over a child that comes later.
    setStyleSheet("color: " + colour.name());
}

}  // namespace lares::app
