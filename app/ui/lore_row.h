#pragma once

#include "app/personas/lore_book.h"

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;
class Button;

/// One entry of a lore book in its list: what it is called, what brings it, how it begins. UI
/// thread only.
class LoreRow : public QWidget {
    Q_OBJECT

public:
    LoreRow(const Appearance* appearance, const LoreEntry& entry, QWidget* parent = nullptr);

    /// In the order of Tab.
    [[nodiscard]] const std::vector<Button*>& buttons() const { return m_buttons; }
    void setReadOnly(bool isReadOnly);

signals:
    void editRequested();
    void toggled();
    void removeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Button* addButton(const QString& text, const QString& name);

    const Appearance* m_appearance;
    QString m_title;
    QLayout* m_flow = nullptr;
    std::vector<Button*> m_buttons;
};

}  // namespace lares::app
