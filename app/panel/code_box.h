#pragma once

#include <QPlainTextEdit>

namespace lares::app {

class Appearance;

/// Monospaced text to read and to copy from, as high as its lines up to a bound, then it scrolls.
/// Plain text, whatever it holds. UI thread only.
class CodeBox : public QPlainTextEdit {
    Q_OBJECT

public:
    CodeBox(const Appearance* appearance,
            const QString& name,
            const QString& text,
            QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void applyTheme();
    void fitHeight();

    const Appearance* m_appearance;
};

}  // namespace lares::app
