#pragma once

#include "app/chat/attachment.h"
#include "app/transcript/attachment_chips.h"

#include <QAbstractButton>
#include <QScrollArea>

#include <vector>

namespace lares::app {

class Appearance;
class FlowLayout;

/// A file that is being read, to be attached then.
struct ReadingFile {
    int id = 0;
    QString name;  ///< escaped for display

    bool operator==(const ReadingFile&) const = default;
};

/// One text that is attached: icon, name, size, and a cross that takes it away. Pressing it shows
/// what else can be done with it. Or a file that is being read, where the cross stops that. UI
/// thread only.
class AttachmentButton : public QAbstractButton {
    Q_OBJECT

public:
    AttachmentButton(const Appearance* appearance, const Attachment& attachment, QWidget* parent);
    AttachmentButton(const Appearance* appearance, const ReadingFile& file, QWidget* parent);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QRect crossRect() const;

signals:
    void removePressed();
    void stepRequested(int by);  ///< to a neighbour; far beyond the ends: to the last one
    void menuRequested();
    void focused();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void setUp();
    [[nodiscard]] int tail() const;

    const Appearance* m_appearance;
    AttachmentChip m_chip;
    QString m_crossTip;
    bool m_isOnCross = false;
    bool m_isCrossPressed = false;
};

/// What goes with the message that is being written, as chips in as many lines as they need; more
/// than three lines, or than there is room for, scroll. Tab reaches one chip, the arrows go to the
/// others, Delete takes one away; what is being read stands at the end. Hidden while there is none.
/// UI thread only.
class AttachmentRow : public QScrollArea {
    Q_OBJECT

public:
    explicit AttachmentRow(const Appearance* appearance, QWidget* parent = nullptr);

    [[nodiscard]] const Attachments& attachments() const { return m_attachments; }
    void setAttachments(const Attachments& attachments);      ///< no `changed`
    void setReadings(const std::vector<ReadingFile>& files);  ///< no `changed`
    void setTallest(int height);                              ///< but one line at least
    void add(const Attachment& attachment);
    void removeAt(int index);
    /// Takes it away and asks for its text in the field.
    void useAsText(int index);
    [[nodiscard]] const std::vector<AttachmentButton*>& buttons() const { return m_buttons; }

signals:
    void changed();
    void textWanted(const QString& text);
    void readingCancelled(int id);
    void left();  ///< the last one is gone, and it had the focus

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    void fitHeight();
    void focusButton(int index);
    void showMenu(int index);
    [[nodiscard]] int indexOf(const AttachmentButton* button) const;

    const Appearance* m_appearance;
    QWidget* m_inside;
    FlowLayout* m_flow;
    Attachments m_attachments;
    std::vector<ReadingFile> m_readings;
    std::vector<AttachmentButton*> m_buttons;  ///< of the attachments, then of what is being read
    int m_tallest = 300;
};

}  // namespace lares::app
