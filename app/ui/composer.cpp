#include "app/ui/composer.h"

#include "app/ui/appearance.h"
#include "app/ui/attachment_row.h"
#include "app/ui/button.h"
#include "app/ui/file_drop.h"
#include "app/ui/painting.h"

#include <QAbstractTextDocumentLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace lares::app {
namespace {

using namespace std::chrono_literals;
constexpr auto kDraftPause = 400ms;

}  // namespace

ComposerText::ComposerText(QWidget* parent) : QPlainTextEdit(parent) {
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
}

int ComposerText::heightOfLines() const {
    // The layout of a plain text document counts in lines.
    const double lines = std::max(1.0, document()->documentLayout()->documentSize().height());
    return static_cast<int>(std::ceil(lines * QFontMetricsF(font()).lineSpacing())) + 4;
}

void ComposerText::keyPressEvent(QKeyEvent* event) {
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (isReturn && modifiers == (m_enterSends ? Qt::NoModifier : Qt::ControlModifier)) {
        if (!event->isAutoRepeat()) emit sendPressed();
        return;
    }
    if (isReturn && modifiers != Qt::ControlModifier) {
        textCursor().insertBlock();
        ensureCursorVisible();
        return;
    }
    if (event->key() == Qt::Key_Up && modifiers == Qt::NoModifier && document()->isEmpty()) {
        emit upPressed();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        emit escapePressed();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ComposerText::insertFromMimeData(const QMimeData* source) {
    if (m_takesFiles) {
        // File managers put the paths beside the files, as text.
        if (const QStringList files = localFiles(source); !files.isEmpty())
            return emit filesPasted(files);
        if (!source->hasText() && source->hasImage()) return emit imagePasted();
        if (source->text().size() > kLongPaste)
            return emit longTextPasted(source->text().remove(QChar::Null));
    }
    if (!source->hasText()) return;
    QString text = source->text();
    text.remove(QChar::Null);
    insertPlainText(text);
    ensureCursorVisible();
}

// Files go to the window, as everywhere else in it.

void ComposerText::dragEnterEvent(QDragEnterEvent* event) {
    if (m_takesFiles && !localFiles(event->mimeData()).isEmpty()) return event->ignore();
    QPlainTextEdit::dragEnterEvent(event);
}

void ComposerText::dragMoveEvent(QDragMoveEvent* event) {
    if (m_takesFiles && !localFiles(event->mimeData()).isEmpty()) return event->ignore();
    QPlainTextEdit::dragMoveEvent(event);
}

Composer::Composer(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_editBar(new QWidget(this))
    , m_editLabel(
          new QLabel(tr("Editing your message. The answers so far stay as a version."), m_editBar))
    , m_editCancel(new Button(appearance, Button::Kind::Quiet, tr("Cancel"), m_editBar))
    , m_row(new AttachmentRow(appearance, this))
    , m_attach(new Button(appearance, Button::Kind::Small, {}, this))
    , m_text(new ComposerText(this))
    , m_hint(new QLabel(this))
    , m_send(new Button(appearance, Button::Kind::Round, {}, this)) {
    m_editCancel->setKeyHint(tr("Esc"));
    m_editCancel->setAccessibleName(tr("Cancel editing"));
    m_editBar->hide();
    m_text->setAccessibleName(tr("Your message"));
    m_text->setTakesFiles(true);
    m_attach->setSymbol(Icon::Clip);
    m_attach->setAccessibleName(tr("Attach files"));
    m_attach->setToolTip(tr("Attach documents or text files (Ctrl+O), or drop them here"));
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(kDraftPause);
    layOut();
    applyTheme();
    showButton();
    setPersonaName({});

    m_text->installEventFilter(this);
    connect(m_text, &ComposerText::sendPressed, this, &Composer::submit);
    connect(m_text, &ComposerText::upPressed, this, &Composer::editLastRequested);
    connect(m_text, &ComposerText::escapePressed, this, [this] {
        if (m_isEditing) return emit editingCancelled();
        if (m_isAnswering) return emit stopRequested();
        emit escaped();
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        showButton();
        if (!m_isEditing) m_draftPause.start();
        if (!m_isSetting) emit typed();
    });
    connect(m_text->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged,
            this, &Composer::fitHeight);
    connect(m_text, &ComposerText::filesPasted, this, &Composer::filesPasted);
    connect(m_text, &ComposerText::imagePasted, this, &Composer::imagePasted);
    connect(m_text, &ComposerText::longTextPasted, this, &Composer::longTextPasted);
    connect(m_attach, &Button::clicked, this, &Composer::attachRequested);
    connect(m_row, &AttachmentRow::changed, this, [this] {
        showRow();
        emit attachmentsChanged();
    });
    connect(m_row, &AttachmentRow::textWanted, this, &Composer::insertTyped);
    connect(m_row, &AttachmentRow::readingCancelled, this, &Composer::readingCancelled);
    connect(m_row, &AttachmentRow::left, this, &Composer::focusText);
    connect(m_send, &Button::clicked, this, &Composer::pressButton);
    connect(m_editCancel, &Button::clicked, this, &Composer::editingCancelled);
    connect(&m_draftPause, &QTimer::timeout, this, [this] { emit draftChanged(text()); });
    connect(appearance, &Appearance::changed, this, &Composer::applyTheme);
}

void Composer::layOut() {
    auto* bar = new QHBoxLayout(m_editBar);
    bar->setContentsMargins(9, 0, 0, 4);
    bar->addWidget(m_editLabel, 1);
    bar->addWidget(m_editCancel);

    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_attach, 0, Qt::AlignBottom);
    row->addWidget(m_text, 1);
    row->addWidget(m_hint, 0, Qt::AlignBottom);
    row->addWidget(m_send, 0, Qt::AlignBottom);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(9, 9, 9, 9);
    column->setSpacing(0);
    column->addWidget(m_editBar);
    column->addWidget(m_row);
    column->addLayout(row);
    setCursor(Qt::IBeamCursor);
}

void Composer::applyTheme() {
    const Theme& theme = m_appearance->theme();
    m_text->setFont(theme.bodyFont);
    m_hint->setFont(theme.captionFont);
    m_hint->setFixedHeight(m_send->sizeHint().height());
    m_attach->setFixedSize(m_send->sizeHint());  // in the middle of one line, as Send
    m_editLabel->setFont(theme.captionFont);
    QPalette palette = m_hint->palette();
    palette.setColor(QPalette::WindowText, theme.quietText);
    m_hint->setPalette(palette);
    palette.setColor(QPalette::WindowText, theme.secondaryText);
    m_editLabel->setPalette(palette);
    palette = m_text->palette();
    palette.setColor(QPalette::PlaceholderText, theme.quietText);
    m_text->setPalette(palette);
    fitHeight();
    update();
}

void Composer::fitHeight() {
    const int line = static_cast<int>(std::ceil(QFontMetricsF(m_text->font()).lineSpacing())) + 4;
    const int wanted = m_text->heightOfLines();
    // What is attached and the text share the room; three lines are always to be seen.
    const int most =
        m_row->isHidden() ? m_tallest : std::max(3 * line, m_tallest - m_row->height());
    const int height = std::clamp(wanted, line, std::max(line, most));
    m_text->setVerticalScrollBarPolicy(wanted > height ? Qt::ScrollBarAsNeeded
                                                       : Qt::ScrollBarAlwaysOff);
    // One line stands in the middle of the button's height, more of them grow upwards.
    const int room = std::max(0, m_send->sizeHint().height() - line);
    m_text->setRoom(room / 2, room - room / 2);
    m_text->setFixedHeight(height + room);
}

void Composer::showRow() {
    fitHeight();
    showButton();
}

void Composer::setPersonaName(const QString& name) {
    m_text->setPlaceholderText(name.isEmpty() ? tr("Write a message")
                                              : tr("Write to %1").arg(name));
}

void Composer::setAnswering(bool isAnswering) {
    m_isAnswering = isAnswering;
    showButton();
}

void Composer::setEnterSends(bool isSending) {
    m_enterSends = isSending;
    m_text->setEnterSends(isSending);
    showButton();
}

void Composer::setTallest(int height) {
    m_tallest = height;
    m_row->setTallest(height);
    fitHeight();
}

void Composer::showButton() {
    const bool isEmpty = m_text->toPlainText().trimmed().isEmpty() && m_row->attachments().empty();
    m_send->setSymbol(m_isAnswering ? Icon::Stop : Icon::Send);
    m_send->setAccessibleName(m_isAnswering ? tr("Stop") : tr("Send"));
    m_send->setToolTip(m_isAnswering ? tr("Stop (Esc)") : tr("Send"));
    m_send->setEnabled(m_isAnswering || !isEmpty);
    m_hint->setText(m_isAnswering  ? tr("Esc stops")
                    : m_enterSends ? tr("Enter sends")
                                   : tr("Ctrl+Enter sends"));
}

void Composer::setTakesFiles(bool isTaking) {
    m_attach->setVisible(isTaking);
    m_text->setTakesFiles(isTaking);
}

QString Composer::text() const {
    return m_text->toPlainText();
}

bool Composer::hasTextFocus() const {
    return m_text->hasFocus();
}

void Composer::setText(const QString& text) {
    m_isSetting = true;
    m_text->setPlainText(text);
    m_isSetting = false;
    m_text->moveCursor(QTextCursor::End);
    m_draftPause.stop();
}

const Attachments& Composer::attachments() const {
    return m_row->attachments();
}

void Composer::setDraftAttachments(const Attachments& attachments) {
    if (m_isEditing) {
        m_setAsideAttachments = attachments;
        return;
    }
    m_row->setAttachments(attachments);
    showRow();
}

void Composer::attach(const Attachment& attachment) {
    m_row->add(attachment);
}

void Composer::setReadings(const std::vector<ReadingFile>& files) {
    m_row->setReadings(files);
    showRow();
}

void Composer::clear() {
    m_row->setAttachments({});
    setText({});
    showRow();
}

void Composer::beginEditing(const QString& message, const Attachments& attachments) {
    if (!m_isEditing) {
        flushDraft();
        m_setAside = text();
        m_setAsideAttachments = m_row->attachments();
    }
    m_isEditing = true;
    m_editBar->show();
    m_row->setAttachments(attachments);
    setText(message);
    showRow();
    focusText();
}

void Composer::endEditing() {
    if (!m_isEditing) return;
    m_isEditing = false;
    m_editBar->hide();
    m_row->setAttachments(std::exchange(m_setAsideAttachments, {}));
    setText(std::exchange(m_setAside, {}));
    showRow();
}

void Composer::focusText() {
    m_text->setFocus(Qt::OtherFocusReason);
}

QWidget* Composer::setTabOrderAfter(QWidget* widget) {
    setTabOrder(widget, m_editCancel);
    QWidget* last = m_editCancel;
    for (AttachmentButton* button : m_row->buttons()) {
        setTabOrder(last, button);
        last = button;
    }
    setTabOrder(last, m_text);
    setTabOrder(m_text, m_attach);
    setTabOrder(m_attach, m_send);
    return m_send;
}

void Composer::insertTyped(const QString& text) {
    focusText();
    m_text->insertPlainText(text);
}

void Composer::flushDraft() {
    if (!m_draftPause.isActive()) return;
    m_draftPause.stop();
    emit draftChanged(text());
}

void Composer::submit() {
    const QString message = text().trimmed();
    if (!message.isEmpty() || !m_row->attachments().empty()) emit submitted(message);
}

void Composer::pressButton() {
    if (m_isAnswering) return emit stopRequested();
    submit();
}

void Composer::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kComposerRadius, theme.card,
                 m_text->hasFocus() ? theme.fieldFocus : theme.hairline);
}

void Composer::mousePressEvent(QMouseEvent* event) {
    focusText();
    QWidget::mousePressEvent(event);
}

bool Composer::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    return QWidget::eventFilter(watched, event);
}

bool Composer::focusNextPrevChild(bool next) {
    m_isLeaving = true;
    const bool hasMoved = QWidget::focusNextPrevChild(next);
    m_isLeaving = false;
    return hasMoved;
}

}  // namespace lares::app
