#include "app/ui/attachment_row.h"

#include "app/ui/appearance.h"
#include "app/ui/flow_layout.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr int kMostChipLines = 3;
constexpr int kBetweenChips = 2;  // beside the room for their focus rings
constexpr int kFarStep = 1000;

}  // namespace

AttachmentButton::AttachmentButton(const Appearance* appearance,
                                   const Attachment& attachment,
                                   QWidget* parent)
    : QAbstractButton(parent), m_appearance(appearance) {
    m_chip.name = shownName(attachment);
    m_chip.detail = attachedSizeText(attachment);
    setAccessibleName(tr("Attached: %1, %2").arg(m_chip.name, m_chip.detail));
    setAccessibleDescription(tr("Delete removes it, Enter shows what else can be done"));
    m_crossTip = tr("Remove (Delete)");
    setUp();
}

AttachmentButton::AttachmentButton(const Appearance* appearance,
                                   const ReadingFile& file,
                                   QWidget* parent)
    : QAbstractButton(parent), m_appearance(appearance) {
    m_chip.name = file.name;
    m_chip.detail = tr("Reading…");
    setAccessibleName(tr("Being read: %1").arg(m_chip.name));
    setAccessibleDescription(tr("Delete stops reading it"));
    m_crossTip = tr("Stop reading (Delete)");
    setUp();
}

void AttachmentButton::setUp() {
    setToolTip(QStringLiteral("%1\n%2").arg(m_chip.name, m_chip.detail).toHtmlEscaped());
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
}

int AttachmentButton::tail() const {
    return m_appearance->theme().scaled(20);
}

QSize AttachmentButton::sizeHint() const {
    return chipSize(m_chip, m_appearance->theme(), tail()) +
           QSize(2 * kFocusRingRoom, 2 * kFocusRingRoom);
}

QRect AttachmentButton::crossRect() const {
    const int side = m_appearance->theme().scaled(22);
    return {width() - kFocusRingRoom - side - m_appearance->theme().scaled(4),
            (height() - side) / 2, side, side};
}

void AttachmentButton::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    const QRectF area =
        QRectF(rect()).adjusted(kFocusRingRoom, kFocusRingRoom, -kFocusRingRoom, -kFocusRingRoom);
    paintChip(painter, area, m_chip, theme, underMouse() && !m_isOnCross, tail());
    if (hasFocus()) paintFocusRing(painter, rect(), theme.scaled(10) + 2, theme.focusRing);
    const QRectF cross = crossRect();
    if (m_isOnCross) paintSurface(painter, cross, Theme::kControlRadius, theme.selectedRow);
    const double inset = theme.scaled(5);
    paintIcon(painter, Icon::Close, cross.adjusted(inset, inset, -inset, -inset),
              m_isOnCross ? theme.text : theme.secondaryText);
}

void AttachmentButton::mouseMoveEvent(QMouseEvent* event) {
    const bool isOnCross = crossRect().contains(event->pos());
    if (std::exchange(m_isOnCross, isOnCross) != isOnCross) {
        setToolTip(isOnCross
                       ? m_crossTip
                       : QStringLiteral("%1\n%2").arg(m_chip.name, m_chip.detail).toHtmlEscaped());
        update();
    }
    QAbstractButton::mouseMoveEvent(event);
}

void AttachmentButton::mousePressEvent(QMouseEvent* event) {
    m_isCrossPressed = event->button() == Qt::LeftButton && crossRect().contains(event->pos());
    if (!m_isCrossPressed) QAbstractButton::mousePressEvent(event);
}

void AttachmentButton::mouseReleaseEvent(QMouseEvent* event) {
    if (!std::exchange(m_isCrossPressed, false)) return QAbstractButton::mouseReleaseEvent(event);
    if (crossRect().contains(event->pos())) emit removePressed();
}

void AttachmentButton::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            return emit removePressed();
        case Qt::Key_Left:
        case Qt::Key_Up:
            return emit stepRequested(-1);
        case Qt::Key_Right:
        case Qt::Key_Down:
            return emit stepRequested(1);
        case Qt::Key_Home:
            return emit stepRequested(-kFarStep);
        case Qt::Key_End:
            return emit stepRequested(kFarStep);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!event->isAutoRepeat()) click();
            return;
        default:
            QAbstractButton::keyPressEvent(event);
    }
}

void AttachmentButton::contextMenuEvent(QContextMenuEvent*) {
    emit menuRequested();
}

void AttachmentButton::focusInEvent(QFocusEvent* event) {
    QAbstractButton::focusInEvent(event);
    update();
    emit focused();
}

bool AttachmentButton::event(QEvent* event) {
    if (event->type() == QEvent::Leave || event->type() == QEvent::HoverLeave) m_isOnCross = false;
    return QAbstractButton::event(event);
}

AttachmentRow::AttachmentRow(const Appearance* appearance, QWidget* parent)
    : QScrollArea(parent)
    , m_appearance(appearance)
    , m_inside(new QWidget)
    , m_flow(new FlowLayout(kBetweenChips, m_inside)) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setWidget(m_inside);
    viewport()->setAutoFillBackground(false);
    m_inside->setAutoFillBackground(false);
    setCursor(Qt::ArrowCursor);
    setAccessibleName(tr("Attached to your message"));
    connect(appearance, &Appearance::changed, this, &AttachmentRow::fitHeight);
    hide();
}

void AttachmentRow::setAttachments(const Attachments& attachments) {
    if (m_attachments == attachments) return;
    m_attachments = attachments;
    rebuild();
}

void AttachmentRow::setReadings(const std::vector<ReadingFile>& files) {
    if (m_readings == files) return;
    const bool hadFocus = m_inside->focusWidget() != nullptr && m_inside->focusWidget()->hasFocus();
    m_readings = files;
    rebuild();
    if (hadFocus) emit left();
}

void AttachmentRow::add(const Attachment& attachment) {
    m_attachments.push_back(attachment);
    rebuild();
    QTimer::singleShot(0, this, [this] {
        if (!m_buttons.empty()) ensureWidgetVisible(m_buttons.back(), 0, 0);
    });
    emit changed();
}

void AttachmentRow::removeAt(int index) {
    const int nAttached = static_cast<int>(m_attachments.size());
    if (index < 0 || index >= static_cast<int>(m_buttons.size())) return;
    if (index >= nAttached) {
        const auto reading = static_cast<std::size_t>(index - nAttached);
        return emit readingCancelled(m_readings[reading].id);
    }
    const bool hadFocus = m_buttons[static_cast<std::size_t>(index)]->hasFocus();
    m_attachments.erase(m_attachments.begin() + index);
    rebuild();
    emit changed();
    if (!hadFocus) return;
    if (m_buttons.empty()) return emit left();
    focusButton(std::min(index, static_cast<int>(m_buttons.size()) - 1));
}

void AttachmentRow::useAsText(int index) {
    if (index < 0 || index >= static_cast<int>(m_attachments.size())) return;
    const QString text = m_attachments[static_cast<std::size_t>(index)].text;
    removeAt(index);
    emit textWanted(text);
}

void AttachmentRow::rebuild() {
    for (AttachmentButton* button : m_buttons) {
        button->hide();
        button->deleteLater();
        m_flow->removeWidget(button);
    }
    m_buttons.clear();
    std::vector<AttachmentButton*> made;
    for (const Attachment& attachment : m_attachments)
        made.push_back(new AttachmentButton(m_appearance, attachment, m_inside));
    for (const ReadingFile& file : m_readings)
        made.push_back(new AttachmentButton(m_appearance, file, m_inside));
    for (AttachmentButton* button : made) {
        connect(button, &AttachmentButton::removePressed, this,
                [this, button] { removeAt(indexOf(button)); });
        connect(button, &AttachmentButton::stepRequested, this, [this, button](int by) {
            const int last = static_cast<int>(m_buttons.size()) - 1;
            focusButton(std::clamp(indexOf(button) + by, 0, last));
        });
        connect(button, &AttachmentButton::focused, this,
                [this, button] { ensureWidgetVisible(button, 0, 0); });
        connect(button, &AttachmentButton::menuRequested, this,
                [this, button] { showMenu(indexOf(button)); });
        connect(button, &AttachmentButton::clicked, this,
                [this, button] { showMenu(indexOf(button)); });
        m_flow->addWidget(button);
        m_buttons.push_back(button);
        // Tab reaches the first; the arrows go on from there.
        if (m_buttons.size() > 1) button->setFocusPolicy(Qt::NoFocus);
        button->show();
    }
    setVisible(!m_buttons.empty());
    m_flow->invalidate();
    fitHeight();
}

int AttachmentRow::indexOf(const AttachmentButton* button) const {
    return static_cast<int>(std::find(m_buttons.begin(), m_buttons.end(), button) -
                            m_buttons.begin());
}

void AttachmentRow::focusButton(int index) {
    for (AttachmentButton* button : m_buttons) button->setFocusPolicy(Qt::NoFocus);
    AttachmentButton* to = m_buttons[static_cast<std::size_t>(index)];
    to->setFocusPolicy(Qt::TabFocus);
    to->setFocus(Qt::OtherFocusReason);
}

void AttachmentRow::showMenu(int index) {
    if (index < 0 || index >= static_cast<int>(m_buttons.size())) return;
    AttachmentButton* button = m_buttons[static_cast<std::size_t>(index)];
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool isAttached = index < static_cast<int>(m_attachments.size());
    if (isAttached) {
        menu->addAction(tr("Put it into the message as text"), this,
                        [this, button] { useAsText(indexOf(button)); });
    }
    menu->addAction(isAttached ? tr("Remove") : tr("Stop reading"), this,
                    [this, button] { removeAt(indexOf(button)); });
    menu->popup(button->mapToGlobal(QPoint(kFocusRingRoom, button->height())));
}

void AttachmentRow::setTallest(int height) {
    m_tallest = height;
    fitHeight();
}

void AttachmentRow::fitHeight() {
    if (m_buttons.empty()) return;
    const int line = m_buttons.front()->sizeHint().height();
    // A part of the next line tells that there are more.
    const int lines = kMostChipLines * line + (kMostChipLines - 1) * kBetweenChips + line / 3;
    const int most = std::clamp(m_tallest, line, lines);
    const int wanted = m_flow->heightForWidth(std::max(1, width()));
    setVerticalScrollBarPolicy(wanted > most ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    setFixedHeight(std::min(wanted, most));
}

void AttachmentRow::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    fitHeight();
}

}  // namespace lares::app
