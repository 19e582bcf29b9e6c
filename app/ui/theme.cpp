#include "app/ui/theme.h"

#include <QFontDatabase>

#include <cmath>

namespace lares::app {
namespace {

Theme light() {
    Theme t;
    t.window = "#fbfaf8";
    t.sidebar = "#f3f1ed";
    t.card = "#ffffff";
    t.code = "#f4f2ee";
    t.userBubble = "#ece8e1";
    t.selectedRow = "#e7e2d9";
    t.hoveredRow = "#edeae3";
    t.hairline = "#e4e0d9";
    t.text = "#23211e";
    t.secondaryText = "#6b665f";
    t.quietText = "#706a62";
    t.accent = "#b4532a";
    t.textOnAccent = "#ffffff";
    t.good = "#2f7d4f";
    t.addedGround = "#e3f1e6";
    t.removed = "#a3352a";
    t.removedGround = "#f9e4e1";
    t.selection = "#f2d3c4";
    t.focusRing = "#b4532a";
    return t;
}

Theme dark() {
    Theme t;
    t.scheme = Theme::Scheme::Dark;
    t.window = "#1b1a18";
    t.sidebar = "#161513";
    t.card = "#22201e";
    t.code = "#151412";
    t.userBubble = "#2a2825";
    t.selectedRow = "#2b2926";
    t.hoveredRow = "#211f1d";
    t.hairline = "#2f2d29";
    t.text = "#e9e6e0";
    t.secondaryText = "#a39d93";
    t.quietText = "#928c82";
    t.accent = "#e07b4c";
    t.textOnAccent = "#1b1a18";
    t.good = "#6cc08b";
    t.addedGround = "#1d3325";
    t.removed = "#ee8f83";
    t.removedGround = "#3a211e";
    t.selection = "#5a3626";
    t.focusRing = "#e07b4c";
    return t;
}

Theme highContrast() {
    Theme t = dark();
    t.scheme = Theme::Scheme::HighContrast;
    for (QColor* ground : {&t.window, &t.sidebar, &t.card, &t.code, &t.userBubble})
        *ground = Qt::black;
    for (QColor* text : {&t.text, &t.secondaryText, &t.quietText, &t.hairline}) *text = Qt::white;
    t.accent = t.focusRing = "#ffd24a";
    t.textOnAccent = Qt::black;
    t.selectedRow = t.hoveredRow = t.selection = "#3a3a00";
    return t;
}

QFont sized(QFont font, double pixels) {
    font.setPixelSize(static_cast<int>(std::lround(pixels)));
    return font;
}

QFont bodyFamily() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (QFontDatabase::hasFamily("Inter")) font.setFamily("Inter");
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

}  // namespace

int Theme::scaled(int pixels) const {
    return static_cast<int>(std::lround(pixels * scale));
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, card);
    p.setColor(QPalette::AlternateBase, sidebar);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, quietText);
    p.setColor(QPalette::Button, card);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::ToolTipBase, card);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, selection);
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::Mid, hairline);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, quietText);
    return p;
}

Theme Theme::make(Scheme scheme, double fontScale) {
    Theme t = scheme == Scheme::Light ? light() : scheme == Scheme::Dark ? dark() : highContrast();
    t.scale = fontScale;
    t.bodyFont = sized(bodyFamily(), 15 * fontScale);
    t.secondaryFont = sized(bodyFamily(), 13 * fontScale);
    t.codeFont = sized(QFontDatabase::systemFont(QFontDatabase::FixedFont), 13 * fontScale);
    return t;
}

}  // namespace lares::app
