#pragma once

#include "app/ui/text_label.h"

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;

/// One of a list of things that the user wrote: lines of text, and below them what can be done with
/// it. UI thread only.
class EntryCard : public QWidget {
    Q_OBJECT

public:
    /// In the order of Tab.
    [[nodiscard]] const std::vector<Button*>& buttons() const { return m_buttons; }
    void setReadOnly(bool isReadOnly);  ///< nothing can be done with it

protected:
    explicit EntryCard(const Appearance* appearance, QWidget* parent = nullptr);
    /// Below the lines that are there, and above the buttons. Belongs to the card, as do those.
    TextLabel* addLine(TextLabel::Kind kind, const QString& text);
    /// `name`: to a screen reader, which does not see what the card is about.
    Button* addButton(const QString& text, const QString& name);
    void paintEvent(QPaintEvent* event) override;

private:
    const Appearance* m_appearance;
    QVBoxLayout* m_lines;
    QLayout* m_flow;
    std::vector<Button*> m_buttons;
};

}  // namespace lares::app
