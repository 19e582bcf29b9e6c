#include "app/approval/approval_card.h"

#include "app/approval/change_list.h"
#include "app/chat/permission_title.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/note_field.h"
#include "app/ui/painting.h"
#include "app/ui/path_text.h"
#include "app/ui/text_label.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kApprovalInset = 17;
constexpr int kTile = 26;
constexpr int kMaxReason = 300;

/// "A", "A and B", "A, B and C".
QString listOf(const QStringList& folders) {
    if (folders.size() < 2) return folders.join(QString());
    const QStringList before = folders.first(folders.size() - 1);
    return ApprovalCard::tr("%1 and %2").arg(before.join(QStringLiteral(", ")), folders.last());
}

QString coverageSentence(const PermissionQuestion& question) {
    if (question.note)
        return ApprovalCard::tr("Each note is asked about. Settings → Memory has what is kept.");
    if (!question.server.isEmpty()) {
        return ApprovalCard::tr("A longer permission is for this tool of %1, and for no other.")
            .arg(question.server);
    }
    if (!question.command.isEmpty()) return ApprovalCard::tr("Each command is asked about.");
    if (!question.canLast()) return ApprovalCard::tr("This can be allowed for this once only.");
    const QString folders = listOf(question.folders);
    return question.changes.empty()
               ? ApprovalCard::tr("A longer permission covers %1 and everything inside.")
                     .arg(folders)
               : ApprovalCard::tr(
                     "A longer permission covers %1 and everything inside, for reading "
                     "and changing.")
                     .arg(folders);
}

QString whoAsks(const PermissionQuestion& question) {
    if (question.note) return question.note->origin;
    return question.server.isEmpty()
               ? ApprovalCard::tr("The model asked for this. Lares looked up the real paths.")
               : ApprovalCard::tr("The model asked for this. Above is all that it hands over.");
}

QString yesText(const PermissionQuestion& question) {
    if (question.note) return ApprovalCard::tr("Remember");
    return question.command.isEmpty() || !question.server.isEmpty() ? ApprovalCard::tr("Allow once")
                                                                    : ApprovalCard::tr("Run it");
}

/// Everything that the card shows in mono, for a screen reader.
QString subjectOf(const PermissionQuestion& question) {
    if (question.note) return question.note->text + '\n' + question.note->origin;
    if (!question.server.isEmpty()) return question.command.join('\n');
    if (!question.command.isEmpty())
        return QString("%1\n%2").arg(question.path, question.command.join('\n'));
    return question.changes.empty() ? question.path : ChangeList::spoken(question.changes);
}

}  // namespace

ApprovalCard::ApprovalCard(const Appearance* appearance,
                           const PermissionQuestion& question,
                           std::chrono::milliseconds armingDelay,
                           QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_question(question)
    , m_head(new QWidget(this))
    , m_title(new TextLabel(appearance, TextLabel::Kind::Heading, titleOf(question), m_head))
    , m_effect(new TextLabel(appearance, TextLabel::Kind::Secondary, question.effect, this))
    , m_paths(new QWidget(this))
    , m_reason(new TextLabel(appearance, TextLabel::Kind::Secondary, whoAsks(question), this))
    , m_coverage(
          new TextLabel(appearance, TextLabel::Kind::Secondary, coverageSentence(question), this))
    , m_once(new Button(appearance, Button::Kind::Primary, yesText(question), this))
    , m_conversation(
          new Button(appearance, Button::Kind::Plain, tr("Allow for this conversation"), this))
    , m_always(new Button(appearance, Button::Kind::Plain, tr("Always allow"), this))
    , m_deny(new Button(appearance, Button::Kind::Plain, tr("Deny"), this))
    , m_denyWhy(new Button(appearance, Button::Kind::Plain, tr("Deny and say why…"), this))
    , m_why(new QLineEdit(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Permission needed: %1").arg(m_title->text()));
    setAccessibleDescription(QString("%1. %2").arg(subjectOf(question), question.effect));
    m_arming.setSingleShot(true);
    m_arming.setInterval(armingDelay);
    connect(&m_arming, &QTimer::timeout, this, [this] { m_isArmed = true; });
    layOut();
    applyTheme();
    connect(appearance, &Appearance::changed, this, &ApprovalCard::applyTheme);
    disarm();
}

void ApprovalCard::layOut() {
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(kApprovalInset + kTile + 10, 12, kApprovalInset, 12);
    head->addWidget(m_title);

    auto* paths = new QVBoxLayout(m_paths);
    paths->setContentsMargins(kApprovalInset - 3, 9, kApprovalInset - 3, 9);
    if (m_question.note) {
        layOutNote(paths);
    } else if (!m_question.server.isEmpty()) {
        paths->setSpacing(0);
        for (const QString& line : m_question.command)
            paths->addWidget(new PathText(m_appearance, line, m_paths));
        if (m_question.command.isEmpty())
            paths->addWidget(new PathText(m_appearance, tr("Without arguments"), m_paths));
    } else if (!m_question.command.isEmpty()) {
        paths->setSpacing(0);
        paths->addWidget(makePlaceLine(m_appearance, tr("In"), m_question.path, m_paths));
        paths->addSpacing(8);
        // All of it, however long: what is not shown is not agreed to.
        for (const QString& line : m_question.command)
            paths->addWidget(new PathText(m_appearance, line, m_paths));
    } else if (m_question.changes.empty()) {
        paths->addWidget(new PathText(m_appearance, m_question.path, m_paths));
    } else {
        paths->addWidget(new ChangeList(m_appearance, m_question.changes, m_paths));
    }

    auto* choices = new FlowLayout(2);
    choices->addWidget(addChoice(m_once, "Y", PermissionAnswer::Once));
    choices->addWidget(addChoice(m_conversation, "A", PermissionAnswer::Conversation));
    choices->addWidget(addChoice(m_always, {}, PermissionAnswer::Always));
    m_conversation->setVisible(m_question.canLast());
    m_always->setVisible(m_question.canLast());
    choices->addWidget(addChoice(m_deny, "N", PermissionAnswer::No));
    choices->addWidget(m_denyWhy);
    m_denyWhy->setKeyHint("W");
    connect(m_denyWhy, &Button::clicked, this, &ApprovalCard::askWhy);
    m_why->setPlaceholderText(tr("What should it do instead? Enter denies and says so."));
    m_why->setAccessibleName(tr("Why not"));
    m_why->setMaxLength(kMaxReason);
    m_whyFrame = new FieldFrame(m_appearance, m_why, this);
    m_whyFrame->hide();
    connect(m_why, &QLineEdit::returnPressed, this,
            [this] { answer(PermissionAnswer::No, m_why->text().simplified()); });
    // The buttons carry room for their focus ring.
    choices->setContentsMargins(0, 0, 0, 0);

    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(kApprovalInset - 3, 10, kApprovalInset - 3, 10);
    foot->setSpacing(3);
    for (QLabel* label : {m_effect, m_reason, m_coverage}) {
        label->setContentsMargins(3, 0, 3, 0);
        foot->addWidget(label);
    }
    foot->addSpacing(4);
    if (m_question.note) foot->addWidget(makeReaders());
    foot->addLayout(choices);
    foot->addWidget(m_whyFrame);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_paths);
    column->addLayout(foot);
}

/// The note can be changed before it is kept: the field holds what will be, to the letter.
void ApprovalCard::layOutNote(QLayout* into) {
    m_note = new NoteField(m_appearance, m_paths);
    m_note->begin(m_question.note->text, 0);
    m_once->setEnabled(m_note->fault().isEmpty());  // of what was written before
    into->addWidget(m_note);
    connect(m_note, &NoteField::changed, this, &ApprovalCard::showNote);
    connect(m_note, &NoteField::keepPressed, this, [this] { answer(PermissionAnswer::Once); });
    connect(m_note, &NoteField::leavePressed, this, [this] { setFocus(Qt::OtherFocusReason); });
}

QWidget* ApprovalCard::makeReaders() {
    m_everyone = new Button(m_appearance, Button::Kind::Choice, tr("For every persona"), this);
    m_oneReader = new Button(m_appearance, Button::Kind::Choice,
                             tr("For %1 only").arg(m_question.note->personaName), this);
    for (Button* button : {m_everyone, m_oneReader}) {
        const bool isForAll = button == m_everyone;
        button->setCheckable(true);
        button->setChecked(isForAll == m_question.note->isForAll);
        connect(button, &Button::clicked, this, [this, isForAll] {
            m_question.note->isForAll = isForAll;
            m_everyone->setChecked(isForAll);
            m_oneReader->setChecked(!isForAll);
            showNote();
        });
    }
    return makeFlowRow(this, 2, {m_everyone, m_oneReader});
}

void ApprovalCard::showNote() {
    m_question.note->text = m_note->text();
    m_once->setEnabled(m_note->fault().isEmpty());
    m_once->setAccessibleDescription(m_note->fault());
    emit noteEdited(m_question.note->text, m_question.note->isForAll);
}

Button* ApprovalCard::addChoice(Button* button, const QString& key, PermissionAnswer given) {
    button->setKeyHint(key);
    connect(button, &Button::clicked, this, [this, given] { answer(given); });
    return button;
}

void ApprovalCard::applyTheme() {
    m_head->setMinimumHeight(kTile + 24);
    updateGeometry();
    update();
}

void ApprovalCard::disarm() {
    m_isArmed = false;
    m_arming.start();
}

void ApprovalCard::askWhy() {
    m_whyFrame->show();
    updateGeometry();
    m_why->setFocus(Qt::OtherFocusReason);
}

void ApprovalCard::answer(PermissionAnswer given, const QString& reason) {
    if (m_isAnswered) return;
    if (given != PermissionAnswer::No && (!m_isArmed || !m_once->isEnabled())) return;
    m_isAnswered = true;
    for (Button* button : {m_once, m_conversation, m_always, m_deny, m_denyWhy})
        button->setEnabled(false);
    m_why->setEnabled(false);
    if (m_note) m_note->setReadOnly(true);
    emit answered(given, reason);
}

void ApprovalCard::keyPressEvent(QKeyEvent* event) {
    const auto modifiers = event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    if (modifiers != Qt::NoModifier || event->isAutoRepeat()) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
        case Qt::Key_N:
            answer(PermissionAnswer::No);
            return;
        case Qt::Key_W:
            askWhy();
            return;
        case Qt::Key_Escape:
            if (m_whyFrame->isHidden()) break;
            m_whyFrame->hide();
            updateGeometry();
            setFocus(Qt::OtherFocusReason);
            return;
        case Qt::Key_Y:
        case Qt::Key_A:
            if (event->key() == Qt::Key_A && !m_question.canLast()) return;
            if (m_isArmed) {
                answer(event->key() == Qt::Key_Y ? PermissionAnswer::Once
                                                 : PermissionAnswer::Conversation);
            } else {
                disarm();  // someone is typing: what follows is not meant for the card either
            }
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            return;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void ApprovalCard::focusInEvent(QFocusEvent* event) {
    disarm();
    update();
    QWidget::focusInEvent(event);
}

void ApprovalCard::focusOutEvent(QFocusEvent* event) {
    update();
    QWidget::focusOutEvent(event);
}

void ApprovalCard::showEvent(QShowEvent* event) {
    disarm();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    QWidget::showEvent(event);
}

void ApprovalCard::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
    const QRectF paths = m_paths->geometry();
    painter.fillRect(paths, theme.code);
    paintRule(painter, QRectF(paths.left(), paths.top() - 1, paths.width(), 2), theme.hairline);
    paintRule(painter, paths, theme.hairline);

    const QRectF tile(kApprovalInset, QRectF(m_head->geometry()).center().y() - kTile / 2.0, kTile,
                      kTile);
    paintSurface(painter, tile, 6, theme.removedGround);
    const bool isFolder = m_question.folders.contains(m_question.path);
    paintIcon(painter,
              m_question.note                 ? Icon::Pin
              : !m_question.server.isEmpty()  ? Icon::Plug
              : !m_question.command.isEmpty() ? Icon::Terminal
              : !m_question.changes.empty()   ? Icon::Edit
              : isFolder                      ? Icon::Folder
                                              : Icon::File,
              tile.adjusted(5, 5, -5, -5), theme.accent);
    if (hasFocus()) paintFocusRing(painter, rect(), Theme::kCardRadius, theme.focusRing);
}

}  // namespace lares::app
