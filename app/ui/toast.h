#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;

namespace lares::app {

class Appearance;
class Button;

/// A short note above the composer that goes by itself, with at most one action ("Undo"). It waits
/// while the pointer or the focus is on it.
class Toast : public QWidget {
    Q_OBJECT

public:
    explicit Toast(const Appearance* appearance, QWidget* parent);

    void showNote(const QString& note,
                  const QString& actionText = {},
                  const std::function<void()>& action = {});
    void setBottomCentre(const QPoint& point);
    [[nodiscard]] QString note() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void applyTheme();
    void place();
    void goUnlessUsed();

    const Appearance* m_appearance;
    QLabel* m_label;
    Button* m_action;
    QTimer m_life;
    QPoint m_bottomCentre;
    std::function<void()> m_run;
};

}  // namespace lares::app
