#pragma once

#include <QWidget>

class QLineEdit;

namespace lares::app {

class Appearance;
class ComposerText;

/// A rounded frame around a field of a form, which tells when the field has the focus. It takes
/// fonts and sizes from the theme. Owns the field, and nothing of its text.
class FieldFrame : public QWidget {
    Q_OBJECT

public:
    /// One line.
    FieldFrame(const Appearance* appearance, QLineEdit* field, QWidget* parent = nullptr);
    /// Grows with its lines up to `mostLines`, then scrolls.
    FieldFrame(const Appearance* appearance,
               ComposerText* field,
               int fewestLines,
               int mostLines,
               QWidget* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void layOut(int above);
    void applyTheme();
    void fitHeight();

    const Appearance* m_appearance;
    QWidget* m_field;
    ComposerText* m_text = nullptr;  ///< null: one line
    int m_fewestLines = 1;
    int m_mostLines = 1;
};

}  // namespace lares::app
