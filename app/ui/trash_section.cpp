#include "app/ui/trash_section.h"

#include "app/transcript/visible_text.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/page.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr auto kFewRows = std::size_t{5};
constexpr int kLongestTitle = 80;

QString titleOf(const TrashedConversation& trashed) {
    const QString title = visibleText(trashed.title.left(kLongestTitle).simplified());
    return title.isEmpty() ? TrashSection::tr("New conversation") : title;
}

}  // namespace

TrashSection::TrashSection(const Appearance* appearance,
                           ChatController* controller,
                           QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_text(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_result(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_more(makeButton({}, {}, this))
    , m_deleteAll(makeButton(
          tr("Delete all for good…"), tr("Delete all of it for good, after a question"), this))
    , m_confirm(makeButton({}, {}, this))
    , m_keep(makeButton(tr("Keep them"), tr("Keep them"), this)) {
    auto* list = new QWidget(this);
    m_rows = new QVBoxLayout(list);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(list);
    layout->addWidget(makeFlowRow(this, 2, {m_more, m_deleteAll, m_confirm, m_keep}));
    layout->addWidget(m_result);
    for (TextLabel* label : {m_text, m_result}) label->setContentsMargins(3, 0, 3, 0);

    connect(m_more, &Button::clicked, this, [this] {
        m_isWhole = true;
        showRows();
    });
    connect(m_deleteAll, &Button::clicked, this, [this] {
        for (Button* button : {m_confirm, m_keep}) button->show();
        m_keep->setFocus();
        for (Button* button : {m_more, m_deleteAll}) button->hide();
    });
    connect(m_keep, &Button::clicked, this, [this] {
        showRows();
        m_deleteAll->setFocus();
    });
    connect(m_confirm, &Button::clicked, this, [this] {
        std::vector<ConversationId> all;
        for (const TrashedConversation& one : m_trash) all.push_back(one.id);
        erase(all);
    });
    connect(controller, &ChatController::trashChanged, this, &TrashSection::look);
    showRows();
}

Button* TrashSection::makeButton(const QString& text, const QString& name, QWidget* parent) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, parent);
    button->setAccessibleName(name);
    return button;
}

void TrashSection::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_isWhole = false;
    m_asked = 0;
    m_result->hide();
    look();
}

void TrashSection::look() {
    if (!isVisible()) return;  // then when it is
    m_controller->trash().then(this, [this](const Result<std::vector<TrashedConversation>>& trash) {
        m_trash = trash ? *trash : std::vector<TrashedConversation>();
        if (!trash) {
            m_result->setText(QString::fromStdString(trash.error().message));
            m_result->show();
        }
        showRows();
    });
}

void TrashSection::showRows() {
    clearLayout(m_rows);
    const std::size_t count = m_trash.size();
    const std::size_t shown = m_isWhole ? count : std::min(count, kFewRows);
    for (std::size_t i = 0; i < shown; ++i) addRow(m_trash[i]);
    m_text->setText(count == 0
                        ? tr("None. A conversation that you delete stays here for 30 days.")
                        : tr("A conversation that you delete stays here for 30 days, and is then "
                             "overwritten on the disk."));
    const QString number = QLocale().toString(static_cast<qulonglong>(count));
    m_more->setText(tr("Show all %1").arg(number));
    m_more->setAccessibleName(tr("Show all %1 deleted conversations").arg(number));
    m_more->setVisible(shown < count);
    m_deleteAll->setVisible(count > 1);
    m_confirm->setText(tr("Delete these %1 for good").arg(number));
    m_confirm->setAccessibleName(m_confirm->text());
    for (Button* button : {m_confirm, m_keep}) button->hide();
}

void TrashSection::addRow(const TrashedConversation& trashed) {
    const ConversationId id = trashed.id;
    const QString title = titleOf(trashed);
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(3, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Note, title, line), 1);
    const QDate day = trashed.deletedAt.toLocalTime().date();
    auto* when = new TextLabel(m_appearance, TextLabel::Kind::Caption,
                               QLocale().toString(day, QLocale::ShortFormat), line);
    when->setWordWrap(false);
    when->setToolTip(tr("When it was deleted"));
    row->addWidget(when);
    if (id == m_asked) {
        Button* erase =
            makeButton(tr("Delete for good"), tr("Delete %1 for good").arg(title), line);
        Button* keep = makeButton(tr("Keep it"), tr("Keep %1").arg(title), line);
        connect(erase, &Button::clicked, this, [this, id] { this->erase({id}); });
        connect(keep, &Button::clicked, this, [this] { ask(0); });
        row->addWidget(erase);
        row->addWidget(keep);
        m_rows->addWidget(line);
        line->show();  // now: what is not shown takes no focus
        keep->setFocus();
        return;
    }
    Button* back = makeButton(tr("Restore"), tr("Restore %1").arg(title), line);
    Button* erase =
        makeButton(tr("Delete…"), tr("Delete %1 for good, after a question").arg(title), line);
    connect(back, &Button::clicked, this, [this, id] { restore(id); });
    connect(erase, &Button::clicked, this, [this, id] { ask(id); });
    row->addWidget(back);
    row->addWidget(erase);
    m_rows->addWidget(line);
    line->show();
}

void TrashSection::ask(ConversationId id) {
    const ConversationId before = std::exchange(m_asked, id);
    showRows();
    // The button that was pressed is gone: its row has the focus all the same.
    for (std::size_t i = 0; id == 0 && i < m_trash.size(); ++i) {
        if (m_trash[i].id != before || static_cast<int>(i) >= m_rows->count()) continue;
        m_rows->itemAt(static_cast<int>(i))->widget()->findChild<Button*>()->setFocus();
    }
}

void TrashSection::restore(ConversationId id) {
    m_controller->restoreConversation(id);  // `trashChanged` follows
}

void TrashSection::erase(const std::vector<ConversationId>& ids) {
    m_asked = 0;
    m_result->hide();
    m_controller->deleteForGood(ids).then(this, [this](const Result<void>& erased) {
        if (erased) return;  // `trashChanged` came
        m_result->setText(QString::fromStdString(erased.error().message));
        m_result->show();
        showRows();
    });
}

}  // namespace lares::app
