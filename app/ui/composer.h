#pragma once

#include "app/chat/attachment.h"

#include <QPlainTextEdit>
#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;

namespace lares::app {

class Appearance;
class AttachmentRow;
struct ReadingFile;
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
    /// Files, images and long texts that are pasted are told instead of inserted.
    void setTakesFiles(bool isTaking) { m_takesFiles = isTaking; }
    static constexpr int kLongPaste = 8000;  ///< characters

signals:
    void filesPasted(const QStringList& paths);
    void imagePasted();
    void longTextPasted(const QString& text);
    void sendPressed();
    void upPressed();  ///< in the empty field
    void escapePressed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;

private:
    bool m_enterSends = true;
    bool m_takesFiles = false;
};

/// Where the user writes: one rounded field of one line up to 40 % of the window, with Send, which
/// is Stop while an answer is written, and above the text what is attached to it. Keeps nothing and
/// reads no file: its signals say what to do. UI thread only.
class Composer : public QWidget {
    Q_OBJECT

public:
    explicit Composer(const Appearance* appearance, QWidget* parent = nullptr);

    void setPersonaName(const QString& name);
    void setAnswering(bool isAnswering);
    void setEnterSends(bool isSending);
    void setTallest(int height);  ///< of the text
    /// False: no clip; files are not taken, and a long text that is pasted is text.
    void setTakesFiles(bool isTaking);

    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isEditing() const { return m_isEditing; }
    [[nodiscard]] bool hasTextFocus() const;
    void setText(const QString& text);  ///< no `draftChanged`
    /// What is shown now: of the message that is edited, else of the draft.
    [[nodiscard]] const Attachments& attachments() const;
    /// Of the draft, which is set aside while a message is edited. No `attachmentsChanged`.
    void setDraftAttachments(const Attachments& attachments);
    void attach(const Attachment& attachment);
    /// Files that will be attached once they are read.
    void setReadings(const std::vector<ReadingFile>& files);
    [[nodiscard]] AttachmentRow* row() const { return m_row; }
    void clear();  ///< neither signal
    /// Shows an older message for another version of it. What was being written comes back after.
    void beginEditing(const QString& message, const Attachments& attachments = {});
    void endEditing();
    void focusText();
    /// The last one in it.
    QWidget* setTabOrderAfter(QWidget* widget);
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
    void typed();    ///< the text was changed by the user
    void draftChanged(const QString& text);
    /// What is shown has changed, by the user.
    void attachmentsChanged();
    void readingCancelled(int id);
    void attachRequested();  ///< the clip was pressed
    void filesPasted(const QStringList& paths);
    void imagePasted();
    void longTextPasted(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void layOut();
    void applyTheme();
    void fitHeight();
    void showRow();
    void showButton();
    void submit();
    void pressButton();

    const Appearance* m_appearance;
    QWidget* m_editBar;
    QLabel* m_editLabel;
    Button* m_editCancel;
    AttachmentRow* m_row;
    Button* m_attach;
    ComposerText* m_text;
    QLabel* m_hint;
    Button* m_send;
    QTimer m_draftPause;
    QString m_setAside;  ///< the draft while a message is edited
    Attachments m_setAsideAttachments;
    int m_tallest = 300;
    bool m_isAnswering = false;
    bool m_isEditing = false;
    bool m_isSetting = false;  ///< the text is changed by the program
    bool m_isLeaving = false;
    bool m_enterSends = true;
};

}  // namespace lares::app
