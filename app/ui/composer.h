#pragma once

#include <QPlainTextEdit>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace lares::app {

class Appearance;
class Button;

/// The text in the composer: grows with its lines, takes plain text only, tells the keys that mean
/// something here. An input method's Return never sends.
class ComposerText : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit ComposerText(QWidget* parent = nullptr);

    void setEnterSends(bool isSending) { m_enterSends = isSending; }
    [[nodiscard]] int heightOfLines() const;  ///< what all lines need
    void setRoom(int above, int below) { setViewportMargins(0, above, 0, below); }

signals:
    void sendPressed();
    void upPressed();  ///< in the empty field
    void escapePressed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    bool m_enterSends = true;
};

/// Where the user writes: one rounded field of one line up to 40 % of the window, with Send, which
/// is Stop while an answer is written. Keeps nothing: `draftChanged` and `submitted` say what to
/// do. UI thread only.
class Composer : public QWidget {
    Q_OBJECT

public:
    explicit Composer(const Appearance* appearance, QWidget* parent = nullptr);

    void setPersonaName(const QString& name);
    void setAnswering(bool isAnswering);
    void setEnterSends(bool isSending);
    void setTallest(int height);  ///< of the text

    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isEditing() const { return m_isEditing; }
    [[nodiscard]] bool hasTextFocus() const;
    void setText(const QString& text);  ///< no `draftChanged`
    void clear();
    /// Shows an older message for another version of it. What was being written comes back after.
    void beginEditing(const QString& message);
    void endEditing();
    void focusText();
    void setTabOrderAfter(QWidget* widget);
    /// Tab was pressed in it, and not somewhere else.
    [[nodiscard]] bool isLeaving() const { return m_isLeaving; }
    void insertTyped(const QString& text);
    /// Says `draftChanged` now where it still waits for a pause in the typing.
    void flushDraft();

signals:
    void submitted(const QString& text);
    void stopRequested();
    void editLastRequested();
    void editingCancelled();
    void escaped();  ///< and there is nothing to cancel or to stop
    void draftChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void layOut();
    void applyTheme();
    void fitHeight();
    void showButton();
    void submit();
    void pressButton();

    const Appearance* m_appearance;
    QWidget* m_editBar;
    QLabel* m_editLabel;
    Button* m_editCancel;
    ComposerText* m_text;
    QLabel* m_hint;
    Button* m_send;
    QTimer m_draftPause;
    QString m_setAside;  ///< the draft while a message is edited
    int m_tallest = 300;
    bool m_isAnswering = false;
    bool m_isEditing = false;
    bool m_isLeaving = false;
    bool m_enterSends = true;
};

}  // namespace lares::app
