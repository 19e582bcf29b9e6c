#pragma once

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace lares::app {

class Appearance;
class Button;

/// A sentence above the transcript about something that failed, or would be lost, with what can be
/// done about it. Stays until it is closed or replaced; never a dialog.
class Banner : public QWidget {
    Q_OBJECT

public:
    explicit Banner(const Appearance* appearance, QWidget* parent = nullptr);

    struct Action {
        QString text;
        std::function<void()> run;
    };
    /// `details` that are not empty add "Copy details".
    void showSentence(const QString& sentence,
                      const QString& details,
                      const std::vector<Action>& actions = {});
    [[nodiscard]] QString sentence() const;
    /// To the first action, which the keys then reach at once; Esc closes it.
    void focusFirst();

signals:
    void dismissed();  ///< by the user, with Esc

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    QLabel* m_label;
    QWidget* m_buttons;
    QHBoxLayout* m_row;
    Button* m_close;
};

}  // namespace lares::app
