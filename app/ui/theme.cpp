#include "app/ui/theme.h"

#include <QFontDatabase>

#include <algorithm>
#include <cmath>
#include <utility>

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
    t.codeKeyword = "#9c4421";
    t.codeString = "#2c6e49";
    t.codeNumber = "#7a4a86";
    t.codeComment = "#6f6961";
    t.codeName = "#2f5f86";
    t.selection = "#f2d3c4";
    t.match = "#f9e29a";
    t.currentMatch = "#f3b33f";
    t.focusRing = "#b4532a";
    t.fieldFocus = "#c9c2b7";
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
    t.codeKeyword = "#e5936b";
    t.codeString = "#8cc79a";
    t.codeNumber = "#c7a3d6";
    t.codeComment = "#948e84";
    t.codeName = "#93b8d8";
    t.selection = "#5a3626";
    t.match = "#594914";
    t.currentMatch = "#8a5a0c";
    t.focusRing = "#e07b4c";
    t.fieldFocus = "#4a463f";
    return t;
}

Theme highContrast() {
    Theme t = dark();
    t.scheme = Theme::Scheme::HighContrast;
    for (QColor* ground : {&t.window, &t.sidebar, &t.card, &t.code, &t.userBubble})
        *ground = Qt::black;
    for (QColor* text : {&t.text, &t.secondaryText, &t.quietText, &t.hairline}) *text = Qt::white;
    t.accent = t.focusRing = t.codeKeyword = "#ffd24a";
    t.codeComment = "#d8d8d8";
    t.fieldFocus = t.accent;
    t.textOnAccent = Qt::black;
    t.selectedRow = t.hoveredRow = t.selection = "#3a3a00";
    t.match = "#5c4a00";
    t.currentMatch = "#0b57d0";
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

QFont codeFamily() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
#ifdef Q_OS_WIN
    // Qt's answer there is Courier New, which is hard to read in this size. The first has come with
    // Windows since 11, the second since Vista, the third comes with us.
    for (const char* family : {"Cascadia Mono", "Consolas", "DejaVu Sans Mono"}) {
        if (!QFontDatabase::hasFamily(family)) continue;
        font.setFamily(family);
        break;
    }
#endif
    return font;
}

QColor mixed(const QColor& over, const QColor& ground, double share) {
    const auto channel = [share](int a, int b) {
        return static_cast<int>(std::lround(a * share + b * (1 - share)));
    };
    return {channel(over.red(), ground.red()), channel(over.green(), ground.green()),
            channel(over.blue(), ground.blue())};
}

double luminance(const QColor& colour) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
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
    p.setColor(QPalette::Light, hairline);
    p.setColor(QPalette::Dark, hairline);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, quietText);
    return p;
}

Theme Theme::make(Scheme scheme, double fontScale) {
    Theme t = scheme == Scheme::Light ? light() : scheme == Scheme::Dark ? dark() : highContrast();
    t.scale = fontScale;
    t.bodyFont = sized(bodyFamily(), 15 * fontScale);
    t.rowFont = sized(bodyFamily(), 14 * fontScale);
    t.secondaryFont = sized(bodyFamily(), 13 * fontScale);
    t.captionFont = sized(bodyFamily(), 12 * fontScale);
    t.codeFont = sized(codeFamily(), 13 * fontScale);
    return t;
}

QString Theme::styleSheet() const {
    const auto px = [this](int pixels) { return QString::number(scaled(pixels)) + "px"; };
    const QColor thumb = scheme == Scheme::HighContrast ? text : mixed(text, window, 0.25);
    QString sheet = R"(
        QLineEdit, QPlainTextEdit { background: transparent; border: none; padding: 0; color: @text;
            selection-background-color: @selection; selection-color: @text; }
        QLabel { background: transparent; }
        QMenu { background: @card; color: @text; border: 1px solid @hairline; padding: @4; }
        QMenu::item { padding: @6 @24 @6 @12; border-radius: @4; }
        QMenu::item:selected { background: @selectedRow; }
        QMenu::item:disabled { color: @quiet; }
        QMenu::item:checked { font-weight: 600; }
        QMenu::separator { height: 1px; background: @hairline; margin: @4 @8; }
        QToolTip { background: @card; color: @text; border: 1px solid @hairline; padding: @4; }
        QScrollArea, QListView { background: transparent; border: none; }
        QSplitter::handle { background: @hairline; }
        QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
        QScrollBar::handle:vertical { background: @thumb; border-radius: 4px; margin: 2px; min-height: 32px; }
        QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
        QScrollBar::handle:horizontal { background: @thumb; border-radius: 4px; margin: 2px; min-width: 32px; }
        QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
            background: none; border: none; width: 0; height: 0; })";
    const std::pair<const char*, QString> values[] = {{"@selectedRow", selectedRow.name()},
                                                      {"@selection", selection.name()},
                                                      {"@hairline", hairline.name()},
                                                      {"@quiet", quietText.name()},
                                                      {"@thumb", thumb.name()},
                                                      {"@text", text.name()},
                                                      {"@card", card.name()},
                                                      {"@24", px(24)},
                                                      {"@12", px(12)},
                                                      {"@4", px(4)},
                                                      {"@6", px(6)},
                                                      {"@8", px(8)}};
    for (const auto& [name, value] : values) sheet.replace(QLatin1String(name), value);
    return sheet;
}

double contrast(const QColor& a, const QColor& b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QFont weighted(QFont font, QFont::Weight weight) {
    font.setWeight(weight);
    return font;
}

}  // namespace lares::app
