#pragma once

#include "app/personas/lore_book.h"

#include <QWidget>

class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class ComposerText;
class TextLabel;

/// Where one entry of a lore book is written. It keeps nothing: whoever has it takes `entry` at
/// every `changed`. UI thread only.
class LoreForm : public QWidget {
    Q_OBJECT

public:
    explicit LoreForm(const Appearance* appearance, QWidget* parent = nullptr);

    void begin(const LoreEntry& entry);  ///< no `changed`
    [[nodiscard]] LoreEntry entry() const;
    void setReadOnly(bool isReadOnly);
    void focusText();  ///< what is empty, or the text

signals:
    void changed();  ///< by the user
    void donePressed();
    void savePressed();  ///< Ctrl+Enter: of the whole persona

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addField(const QString& name, const QString& help, QWidget* field, QWidget* frame);
    Button* addChoice(QWidget* row, const QString& text, const QString& help);
    void take();
    void showState();

    const Appearance* m_appearance;
    LoreEntry m_begun;
    QLineEdit* m_name;
    QLineEdit* m_words;
    QLineEdit* m_alsoWords;
    ComposerText* m_text;
    TextLabel* m_count;
    Button* m_byWords = nullptr;
    Button* m_always = nullptr;
    Button* m_letters = nullptr;
    TextLabel* m_reason;
    Button* m_done;
    bool m_isFilling = false;
};

}  // namespace lares::app
