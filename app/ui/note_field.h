#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;
class ComposerText;
class TextLabel;

/// Where the text of a note is written: the field, how long it is, and why it cannot be kept. UI
/// thread only.
class NoteField : public QWidget {
    Q_OBJECT

public:
    explicit NoteField(const Appearance* appearance, QWidget* parent = nullptr);

    /// As it is; `nOthers`: how many there are beside it.
    void begin(const QString& text, int nOthers);
    void selectAll();
    void setReadOnly(bool isReadOnly);
    void setProblem(const QString& sentence);  ///< in place of a fault, while there is none
    void focusText();

    [[nodiscard]] QString text() const;   ///< tidied, as it would be kept (chat/note_text.h)
    [[nodiscard]] QString fault() const;  ///< why not; empty: it can be

signals:
    void changed();
    void keepPressed();  ///< Ctrl+Enter
    void leavePressed();

private:
    void showState();

    ComposerText* m_text;
    TextLabel* m_count;
    TextLabel* m_reason;
    QString m_problem;
    int m_nOthers = 0;
};

}  // namespace lares::app
