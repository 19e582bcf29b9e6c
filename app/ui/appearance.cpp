#include "app/ui/appearance.h"

#include <QApplication>
#include <QEvent>
#include <QPalette>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

/// Qt 6.4 does not tell the desktop's colour scheme; its palette does.
bool isDesktopDark() {
    const QPalette palette = QApplication::palette();
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

Theme::Scheme schemeFor(const QString& choice) {
    if (choice == "light") return Theme::Scheme::Light;
    if (choice == "dark") return Theme::Scheme::Dark;
    if (choice == "high-contrast") return Theme::Scheme::HighContrast;
    return isDesktopDark() ? Theme::Scheme::Dark : Theme::Scheme::Light;
}

}  // namespace

Appearance::Appearance(QObject* parent) : QObject(parent) {
    m_theme = Theme::make(schemeFor(m_choice));
    QApplication::instance()->installEventFilter(this);
}

void Appearance::setChoice(const QString& choice) {
    const bool isKnown = choice == "light" || choice == "dark" || choice == "high-contrast";
    m_choice = isKnown ? choice : QString("system");
    rebuild(m_theme.scale);
}

void Appearance::setFontScale(double scale) {
    if (!std::isfinite(scale)) scale = 1.0;
    rebuild(std::clamp(scale, kMinScale, kMaxScale));
}

bool Appearance::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ApplicationPaletteChange && watched == QApplication::instance())
        rebuild(m_theme.scale);
    return QObject::eventFilter(watched, event);
}

void Appearance::rebuild(double scale) {
    const Theme::Scheme scheme = schemeFor(m_choice);
    if (scheme == m_theme.scheme && scale == m_theme.scale) return;
    m_theme = Theme::make(scheme, scale);
    emit changed();
}

}  // namespace lares::app
