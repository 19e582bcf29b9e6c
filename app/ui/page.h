#pragma once

#include "app/ui/text_label.h"

#include <QScrollArea>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;

/// A page of text and controls in one centred column that scrolls. Base of settings, keys and the
/// first run.
class Page : public QScrollArea {
    Q_OBJECT

public:
    Page(const Appearance* appearance, const QString& name, QWidget* parent = nullptr);

    void focusFirst();  ///< the first control, and the top of the page

protected:
    TextLabel* addText(TextLabel::Kind kind, const QString& text);
    void addSpace(int pixels);
    void addWidget(QWidget* widget);
    /// Side by side, in more lines where it is narrow.
    QWidget* addRow(const std::vector<QWidget*>& widgets);
    [[nodiscard]] QWidget* column() const { return m_column; }
    [[nodiscard]] QVBoxLayout* columnLayout() const { return m_layout; }
    [[nodiscard]] const Appearance* appearance() const { return m_appearance; }
    void setCentred();  ///< in the middle of the height too

    void paintEvent(QPaintEvent* event) override;

private:
    void applyTheme();

    const Appearance* m_appearance;
    QWidget* m_column;
    QVBoxLayout* m_outer;
    QVBoxLayout* m_layout;
};

/// Empties a layout and deletes the widgets in it.
void clearLayout(QLayout* layout);

}  // namespace lares::app
