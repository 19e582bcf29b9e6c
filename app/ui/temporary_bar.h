#pragma once

#include <QWidget>

class QLabel;

namespace lares::app {

class Appearance;
class Button;

/// Below the header while a temporary conversation is shown: that nothing of it is kept, what stays
/// all the same, and both ways out.
class TemporaryBar : public QWidget {
    Q_OBJECT

public:
    explicit TemporaryBar(const Appearance* appearance, QWidget* parent = nullptr);

    /// Whether tools changed files in it: these stay.
    void setHasChanges(bool hasChanges);

signals:
    void keepRequested();
    void throwAwayRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    QLabel* m_label;
    Button* m_keep;
    Button* m_throwAway;
};

}  // namespace lares::app
