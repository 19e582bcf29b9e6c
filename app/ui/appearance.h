#pragma once

#include "app/ui/theme.h"

#include <QObject>
#include <QString>

namespace lares::app {

/// The theme that is shown now: the user's choice, or what the desktop says, followed while the
/// program runs. The application's palette is left to the desktop (it is how we learn of a change);
/// the window sets its own. UI thread only.
class Appearance : public QObject {
    Q_OBJECT

public:
    static constexpr double kMinScale = 0.8;
    static constexpr double kMaxScale = 2.0;

    explicit Appearance(QObject* parent = nullptr);

    [[nodiscard]] const Theme& theme() const { return m_theme; }
    /// "system", "light", "dark", "high-contrast"
    [[nodiscard]] const QString& choice() const { return m_choice; }
    [[nodiscard]] double fontScale() const { return m_theme.scale; }

    /// Anything else than the four names is "system".
    void setChoice(const QString& choice);
    void setFontScale(double scale);  ///< kept within the limits

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void changed();

private:
    void rebuild(double scale);

    QString m_choice = "system";
    Theme m_theme;
};

}  // namespace lares::app
