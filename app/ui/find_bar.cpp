#include "app/ui/find_bar.h"

#include "app/transcript/transcript_view.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"
#include "app/ui/window_commands.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kBarWidth = 400;
constexpr int kAboveBar = 12;
constexpr int kBesideBar = 8;        // at least
constexpr qsizetype kLongest = 200;  // selected text that is more is no word to look for

}  // namespace

FindBar::FindBar(const Appearance* appearance, TranscriptView* transcript, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_transcript(transcript)
    , m_field(new QLineEdit(this))
    , m_count(new TextLabel(appearance, TextLabel::Kind::Caption, {}, this))
    , m_previous(new Button(appearance, Button::Kind::Small, {}, this))
    , m_next(new Button(appearance, Button::Kind::Small, {}, this))
    , m_close(new Button(appearance, Button::Kind::Small, {}, this)) {
    m_field->setPlaceholderText(tr("Find in this conversation"));
    m_field->setAccessibleName(tr("Find in this conversation"));
    const auto name = [](Button* button, Icon icon, const QString& text, const QString& keys) {
        button->setSymbol(icon);
        button->setAccessibleName(text);
        button->setToolTip(tr("%1 (%2)").arg(text, keys));
    };
    name(m_previous, Icon::ChevronUp, tr("Previous place"), keysOf(WindowCommand::FindPrevious));
    name(m_next, Icon::ChevronDown, tr("Next place"), keysOf(WindowCommand::FindNext));
    name(m_close, Icon::Close, tr("End finding"), tr("Esc"));
    layOut();
    hide();
    m_field->installEventFilter(this);
    m_transcript->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &FindBar::look);
    connect(m_previous, &Button::clicked, this, [this] { step(false); });
    connect(m_next, &Button::clicked, this, [this] { step(true); });
    connect(m_close, &Button::clicked, this, &FindBar::endFind);
    connect(m_transcript->finder(), &TranscriptFinder::changed, this, &FindBar::showCount);
    connect(appearance, &Appearance::changed, this, &FindBar::applyTheme);
    applyTheme();
}

void FindBar::layOut() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 5, 6, 5);
    row->setSpacing(2);
    row->addWidget(m_field, 1);
    row->addSpacing(6);
    row->addWidget(m_count);
    row->addSpacing(4);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_close);
}

void FindBar::applyTheme() {
    m_field->setFont(m_appearance->theme().rowFont);
    m_field->setMinimumWidth(m_appearance->theme().scaled(60));
    showCount();
    // When its buttons have their new size, and the transcript its new column.
    QMetaObject::invokeMethod(this, &FindBar::place, Qt::QueuedConnection);
    update();
}

/// The transcript has its new width before its metrics follow: the column is asked for later.
bool FindBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_transcript && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(this, &FindBar::place, Qt::QueuedConnection);
    if (watched == m_field &&
        (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut))
        update();
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            step(!key->modifiers().testFlag(Qt::ShiftModifier));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FindBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return endFind();
    QWidget::keyPressEvent(event);
}

void FindBar::place() {
    const Theme& theme = m_appearance->theme();
    const QRect column = m_transcript->columnRect();
    const int room = m_transcript->viewport()->width() - 2 * kBesideBar;
    const int width = std::min(theme.scaled(kBarWidth), room);
    const int right = std::max(column.right() + 1, width + kBesideBar);
    const QPoint corner = m_transcript->mapTo(parentWidget(), QPoint(right - width, 0));
    setGeometry(corner.x(), corner.y() + theme.scaled(kAboveBar), width, sizeHint().height());
    if (!isHidden()) m_transcript->setCoveredAbove(height() + 2 * theme.scaled(kAboveBar));
}

bool FindBar::focusNextPrevChild(bool next) {
    m_isLeaving = true;
    const bool hasMoved = QWidget::focusNextPrevChild(next);
    m_isLeaving = false;
    return hasMoved;
}

void FindBar::appear() {
    show();
    raise();
    place();
}

void FindBar::open() {
    const QString selected = m_transcript->selectedText().trimmed();
    appear();
    if (!selected.isEmpty() && selected.size() <= kLongest && !selected.contains(u'\n'))
        m_field->setText(selected);
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    if (!m_transcript->finder()->isActive()) look();
}

void FindBar::openFor(MessageId message, const QString& words) {
    appear();
    const QSignalBlocker quiet(m_field);  // each word for itself, until somebody types
    m_field->setText(words);
    m_transcript->findIn(message, TextMatcher(searchWords(words)));
    showCount();
}

void FindBar::look() {
    const QString text = m_field->text();
    m_transcript->find(text.trimmed().isEmpty() ? TextMatcher() : TextMatcher({text}));
    showCount();
}

void FindBar::step(bool isForward) {
    if (isHidden()) return open();
    m_transcript->finder()->step(isForward);
}

void FindBar::endFind() {
    if (isHidden()) return;
    const bool hadFocus = isAncestorOf(window()->focusWidget());
    hide();
    m_transcript->endFind();
    m_transcript->setCoveredAbove(0);
    if (hadFocus) emit closed();
}

QString FindBar::countText() const {
    const TranscriptFinder& finder = *m_transcript->finder();
    const QLocale locale;
    const QString count = locale.toString(finder.count());
    if (!finder.isActive()) return {};
    // While it looks, the number of the current one is not known.
    if (finder.isSearching()) return tr("%1…").arg(count);
    if (finder.count() == 0) return tr("Nothing found");
    const int number = finder.currentNumber();
    return number == 0 ? tr("%1 found").arg(count)
                       : tr("%1 of %2").arg(locale.toString(number), count);
}

void FindBar::showCount() {
    const QString count = countText();
    m_count->setText(count);
    m_field->setAccessibleDescription(count);
    const bool canStep = m_transcript->finder()->count() > 0;
    m_previous->setEnabled(canStep);
    m_next->setEnabled(canStep);
}

void FindBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card,
                 m_field->hasFocus() ? theme.fieldFocus : theme.hairline);
}

}  // namespace lares::app
