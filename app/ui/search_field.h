#pragma once

#include <QLineEdit>

namespace lares::app {

class Appearance;

/// A one-line field in a rounded frame, with a search icon. Esc empties it.
class SearchField : public QLineEdit {
    Q_OBJECT

public:
    explicit SearchField(const Appearance* appearance, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void applyTheme();

    const Appearance* m_appearance;
};

}  // namespace lares::app
