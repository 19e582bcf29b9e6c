#include "app/ui/palette.h"

#include "app/chat/message_finder.h"
#include "app/ui/appearance.h"
#include "app/ui/painting.h"
#include "app/ui/palette_delegate.h"
#include "app/ui/text_label.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kPaletteWidth = 560;
constexpr int kPaletteBeside = 16;  // at least
constexpr int kPaletteField = 34;   // its height
constexpr int kPaletteListHeight = 380;
constexpr double kPaletteTopShare = 0.12;  // of the window's height
constexpr int kPaletteTypingPause = 200;
constexpr int kPalettePage = 8;
constexpr qsizetype kMostMessages = 30;

}  // namespace

Palette::Palette(const Appearance* appearance, MessageFinder* finder, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_finder(finder)
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_empty(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_model(new PaletteModel(this)) {
    m_field->setPlaceholderText(tr("A command, or words of a conversation"));
    m_field->setAccessibleName(tr("A command, or words of a conversation"));
    m_list->setAccessibleName(tr("Commands and conversations"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(appearance, this));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);  // the field keeps it, and takes the arrows
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kPaletteTypingPause);
    layOut();
    hide();

    connect(m_field, &QLineEdit::textChanged, this, &Palette::look);
    connect(&m_typing, &QTimer::timeout, this, [this] { m_finder->search(m_field->text()); });
    connect(m_finder, &MessageFinder::changed, this, &Palette::showMessages);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &Palette::showState);
    connect(appearance, &Appearance::changed, this, &Palette::applyTheme);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (now != nullptr && now != this && !isAncestorOf(now)) dismiss();
    });
    m_field->installEventFilter(this);
    parent->installEventFilter(this);
    applyTheme();
}

void Palette::layOut() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(0);
    column->addWidget(m_field);
    column->addSpacing(9);
    column->addWidget(m_empty);
    column->addWidget(m_list, 1);
}

void Palette::applyTheme() {
    const Theme& theme = m_appearance->theme();
    m_field->setFont(theme.bodyFont);
    m_field->setFixedHeight(theme.scaled(kPaletteField));
    m_field->setTextMargins(theme.scaled(10), 0, theme.scaled(10), 0);
    m_empty->setContentsMargins(theme.scaled(12), theme.scaled(10), theme.scaled(12),
                                theme.scaled(10));
    m_list->doItemsLayout();
    place();
    update();
}

void Palette::open(std::vector<PaletteEntry> commands,
                   std::vector<PaletteEntry> conversations,
                   std::function<QString(ConversationId)> titleOf) {
    m_titleOf = std::move(titleOf);
    m_focusBefore = QApplication::focusWidget();
    const QSignalBlocker quiet(m_field);
    m_field->clear();
    m_model->setEntries(std::move(commands), std::move(conversations));
    m_finder->search({});
    m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
    show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
    qApp->installEventFilter(this);
    showState();
}

void Palette::dismiss() {
    if (isHidden()) return;
    qApp->removeEventFilter(this);
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    hide();
    m_typing.stop();
    m_finder->search({});
    m_model->setEntries({}, {});
    if (!hadFocus) return;
    // What had it may have been hidden meanwhile, by a key that the palette lets through.
    if (m_focusBefore != nullptr && m_focusBefore->isVisible())
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    else
        emit leftWithoutFocus();
}

void Palette::place() {
    const Theme& theme = m_appearance->theme();
    const QSize room = parentWidget()->size();
    const int width = std::min(theme.scaled(kPaletteWidth), room.width() - 2 * kPaletteBeside);
    const int top = static_cast<int>(room.height() * kPaletteTopShare);
    const int field = theme.scaled(kPaletteField) + 25;  // and what is around it
    const int most =
        std::min(theme.scaled(kPaletteListHeight), room.height() - top - field - kPaletteBeside);
    int below = 0;
    for (int row = 0; row < m_model->rowCount() && below < most; ++row)
        below += m_list->sizeHintForRow(row);
    if (below == 0) below = m_empty->sizeHint().height();
    setGeometry((room.width() - width) / 2, top, width, field + std::min(below, most));
}

void Palette::look() {
    m_model->setQuery(m_field->text());
    m_finder->search({});  // what was found for other words
    m_typing.start();
    m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
    showState();
}

void Palette::showMessages() {
    if (isHidden()) return;
    std::vector<MessageHit> hits;
    for (const MessageHit& hit : m_finder->found()) hits.push_back(hit);
    // The search goes from new to old, so that more of them stand behind those that are shown.
    std::sort(hits.begin(), hits.end(),
              [](const MessageHit& a, const MessageHit& b) { return a.message > b.message; });
    std::vector<PaletteEntry> entries;
    const QString words = m_field->text().simplified();
    for (const MessageHit& hit : hits) {
        if (static_cast<qsizetype>(entries.size()) == kMostMessages) break;
        PaletteEntry entry;
        entry.title = m_titleOf(hit.conversation);
        entry.line = hit.snippet;
        entry.matchStart = hit.matchStart;
        entry.matchLength = hit.matchLength;
        entry.run = [this, hit, words] {
            emit messageRequested(hit.conversation, hit.message, words);
        };
        entries.push_back(std::move(entry));
    }
    const bool wasEmpty = m_model->rowCount() == 0;
    m_model->setMessages(std::move(entries));
    if (wasEmpty) m_list->setCurrentIndex(m_model->index(0));
    showState();
}

void Palette::showState() {
    const bool isLooking = m_typing.isActive() || m_finder->isSearching();
    m_empty->setText(isLooking ? tr("Searching…") : tr("Nothing holds “%1”.").arg(m_field->text()));
    m_empty->setVisible(m_model->rowCount() == 0);
    m_list->setVisible(m_model->rowCount() > 0);
    place();
    const QModelIndex current = m_list->currentIndex();
    m_field->setAccessibleDescription(
        current.isValid() ? current.data(Qt::AccessibleTextRole).toString() : m_empty->text());
}

void Palette::choose(int row) {
    if (row < 0 || row >= m_model->rowCount()) return;
    const std::function<void()> run = m_model->at(row).run;
    dismiss();
    run();
}

void Palette::move(int rows) {
    const int last = m_model->rowCount() - 1;
    if (last < 0) return;
    const int row = std::clamp(m_list->currentIndex().row() + rows, 0, last);
    m_list->setCurrentIndex(m_model->index(row));
    if (row == 0) m_list->scrollToTop();  // with its heading
}

bool Palette::takeKey(int key) {
    switch (key) {
        case Qt::Key_Down:
        case Qt::Key_Tab:
            move(1);
            return true;
        case Qt::Key_Up:
        case Qt::Key_Backtab:
            move(-1);
            return true;
        case Qt::Key_PageDown:
            move(kPalettePage);
            return true;
        case Qt::Key_PageUp:
            move(-kPalettePage);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose(m_list->currentIndex().row());
            return true;
        case Qt::Key_Escape:
            dismiss();
            return true;
        default:
            return false;
    }
}

bool Palette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize) place();
    if (event->type() == QEvent::KeyPress && watched == m_field) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const auto modifiers = key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
        if (modifiers == Qt::NoModifier && takeKey(key->key())) return true;
    }
    if (event->type() == QEvent::MouseButtonPress && !isHidden()) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (widget != nullptr && widget != this && !isAncestorOf(widget)) dismiss();
    }
    return QWidget::eventFilter(watched, event);
}

void Palette::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card,
                 theme.scheme == Theme::Scheme::HighContrast ? theme.text : theme.fieldFocus);
    paintRule(painter, QRectF(0, m_field->geometry().bottom() + 1, width(), 5), theme.hairline);
}

}  // namespace lares::app
