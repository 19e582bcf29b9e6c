#pragma once

#include "app/chat/chat_message.h"

#include <QWidget>

class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;
class TranscriptView;

/// Finds words in the shown conversation: a quiet bar over the upper right of the reading column,
/// with a field, "3 of 41" and ways to step. It looks while one types, from what is in sight on.
/// Places itself; the transcript paints. UI thread only.
class FindBar : public QWidget {
    Q_OBJECT

public:
    /// Both stand in `parent`; the transcript outlives the bar.
    FindBar(const Appearance* appearance, TranscriptView* transcript, QWidget* parent);

    /// With what is selected in the transcript, else with what was last looked for.
    void open();
    /// For words that a search of all conversations found in this message. The focus stays.
    void openFor(MessageId message, const QString& words);
    void step(bool isForward);  ///< opens it where it is closed
    void endFind();             ///< `closed` follows if it had the focus

    /// Tab was pressed in it, and not somewhere else.
    [[nodiscard]] bool isLeaving() const { return m_isLeaving; }
    [[nodiscard]] QLineEdit* field() const { return m_field; }
    [[nodiscard]] QString countText() const;

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void layOut();
    void applyTheme();
    void place();
    void appear();
    void look();
    void showCount();

    const Appearance* m_appearance;
    TranscriptView* m_transcript;
    QLineEdit* m_field;
    TextLabel* m_count;
    Button* m_previous;
    Button* m_next;
    Button* m_close;
    bool m_isLeaving = false;
};

}  // namespace lares::app
