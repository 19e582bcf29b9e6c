#include "app/ui/persona_lore.h"

#include "app/personas/imported_persona.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/lore_form.h"
#include "app/ui/lore_row.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

/// "12 entries, 2 of them always read, 1 turned off."
QString summaryOfLore(const LoreBook& book) {
    if (book.isEmpty()) return PersonaLore::tr("No entries.");
    const auto count = [&](auto&& isOne) {
        return static_cast<int>(std::count_if(book.entries.begin(), book.entries.end(), isOne));
    };
    const int nAlways = count([](const LoreEntry& one) { return one.isOn && one.isAlways; });
    const int nOff = count([](const LoreEntry& one) { return !one.isOn; });
    QStringList said = {
        PersonaLore::tr("%Ln entr(y|ies)", nullptr, static_cast<int>(book.entries.size()))};
    if (nAlways > 0) said << PersonaLore::tr("%Ln always read", nullptr, nAlways);
    if (nOff > 0) said << PersonaLore::tr("%Ln turned off", nullptr, nOff);
    return said.join(QStringLiteral(" · "));
}

}  // namespace

PersonaLore::PersonaLore(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_summary(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_fold(new Button(appearance, Button::Kind::Plain, {}, this))
    , m_list(new QWidget(this))
    , m_column(new QVBoxLayout(m_list))
    , m_form(new LoreForm(appearance, m_list))
    , m_add(new Button(appearance, Button::Kind::Plain, tr("Add an entry"), this))
    , m_bringBack(new Button(appearance, Button::Kind::Plain, {}, this))
    , m_recursive(new Button(
          appearance, Button::Kind::Choice, tr("An entry brings others that it names"), m_list)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    column->addWidget(m_summary);
    column->addWidget(m_fold, 0, Qt::AlignLeft);
    column->addWidget(m_list);
    column->addWidget(makeFlowRow(this, 4, {m_add, m_bringBack}));
    m_column->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_column->setSpacing(8);
    m_column->addWidget(m_form);
    m_column->addWidget(m_recursive, 0, Qt::AlignLeft);
    m_form->hide();
    m_recursive->setCheckable(true);
    connect(m_fold, &Button::clicked, this, [this] { setUnfolded(m_list->isHidden()); });
    connect(m_add, &Button::clicked, this, &PersonaLore::add);
    connect(m_recursive, &Button::clicked, this, [this] {
        m_book.isRecursive = m_recursive->isChecked();
        emit changed();
    });
    connect(m_bringBack, &Button::clicked, this, [this] {
        if (!m_removed) return;
        const std::size_t at = std::min(m_removedFrom, m_book.entries.size());
        endEditing();
        m_book.entries.insert(m_book.entries.begin() + static_cast<std::ptrdiff_t>(at),
                              *std::exchange(m_removed, std::nullopt));
        setUnfolded(true);
        if (LoreRow* row = rowOf(at)) row->buttons().front()->setFocus(Qt::OtherFocusReason);
        emit changed();
    });
    connect(m_form, &LoreForm::donePressed, this, &PersonaLore::endEditing);
    connect(m_form, &LoreForm::savePressed, this, &PersonaLore::savePressed);
    connect(m_form, &LoreForm::changed, this, [this] {
        if (!m_edited) return;
        m_book.entries[*m_edited] = m_form->entry();
        showSummary();
        emit changed();
    });
    setUnfolded(false);
}

void PersonaLore::setBook(const LoreBook& book) {
    m_book = book;
    m_edited.reset();
    m_removed.reset();
    setUnfolded(false);
}

void PersonaLore::setUnfolded(bool isUnfolded) {
    m_list->setVisible(isUnfolded);
    m_fold->setText(isUnfolded ? tr("Hide the entries") : tr("Show the entries"));
    m_fold->setAccessibleName(m_fold->text());
    if (!isUnfolded) m_edited.reset();
    showRows();
}

void PersonaLore::placeRow(std::size_t entry) {
    if (m_edited == entry) {
        m_column->insertWidget(static_cast<int>(entry), m_form);
        m_form->show();
        return;
    }
    const auto place = entry == 0 ? LoreRow::Place::First : LoreRow::Place::Below;
    auto* row = new LoreRow(m_appearance, m_book.entries[entry], place, m_list);
    row->setReadOnly(m_isReadOnly);
    m_column->insertWidget(static_cast<int>(entry), row);
    row->show();  // at once: it may get the focus
    m_rows.push_back(row);
    connect(row, &LoreRow::editRequested, this, [this, entry] { edit(entry); });
    connect(row, &LoreRow::removeRequested, this, [this, entry] { removeEntry(entry); });
    connect(row, &LoreRow::moveUpRequested, this, [this, entry] { moveUp(entry); });
    connect(row, &LoreRow::toggled, this, [this, entry] {
        m_book.entries[entry].isOn = !m_book.entries[entry].isOn;
        showRows();
        if (LoreRow* shown = rowOf(entry)) shown->buttons()[1]->setFocus(Qt::OtherFocusReason);
        emit changed();
    });
}

LoreRow* PersonaLore::rowOf(std::size_t entry) const {
    if (m_edited == entry) return nullptr;
    const std::size_t at = m_edited && *m_edited < entry ? entry - 1 : entry;
    return at < m_rows.size() ? m_rows[at] : nullptr;
}

/// Rows are made anew, since each says all of its entry; none while they are folded away.
void PersonaLore::showRows() {
    for (LoreRow* row : m_rows) {
        m_column->removeWidget(row);
        row->hide();
        row->deleteLater();  // it may be the one that was pressed
    }
    m_rows.clear();
    m_column->removeWidget(m_form);
    m_form->hide();
    if (!m_list->isHidden()) {
        for (std::size_t i = 0; i < m_book.entries.size(); ++i) placeRow(i);
    }
    QWidget* before = m_fold;
    const auto chain = [&](QWidget* next) {
        setTabOrder(before, next);
        before = next;
    };
    for (LoreRow* row : m_rows) {
        for (Button* button : row->buttons()) chain(button);
    }
    chain(m_recursive);
    chain(m_add);
    showSummary();
}

void PersonaLore::showSummary() {
    m_summary->setText(summaryOfLore(m_book));
    m_fold->setVisible(!m_book.isEmpty());
    m_recursive->setVisible(m_book.entries.size() > 1);
    m_recursive->setChecked(m_book.isRecursive);
    m_recursive->setEnabled(!m_isReadOnly);
    m_add->setEnabled(!m_isReadOnly && m_book.entries.size() < kMaxLoreEntries);
    m_bringBack->setVisible(m_removed.has_value());
    m_bringBack->setEnabled(m_add->isEnabled());
    if (m_removed)
        m_bringBack->setText(tr("Bring “%1” back").arg(shortened(titleOf(*m_removed), 40)));
    m_bringBack->setAccessibleName(m_bringBack->text());
}

void PersonaLore::edit(std::size_t entry) {
    if (m_isReadOnly || entry >= m_book.entries.size()) return;
    m_edited = entry;
    m_form->begin(m_book.entries[entry]);
    setUnfolded(true);
    m_form->focusText();
    emit appeared(m_form);
}

void PersonaLore::add() {
    // One that was begun and says nothing is gone on with.
    if (m_book.isEmpty() || m_book.entries.back() != LoreEntry{}) m_book.entries.emplace_back();
    edit(m_book.entries.size() - 1);
    emit changed();
}

void PersonaLore::endEditing() {
    if (!m_edited) return;
    const std::size_t entry = *std::exchange(m_edited, std::nullopt);
    if (m_book.entries[entry] == LoreEntry{}) {
        m_book.entries.erase(m_book.entries.begin() + static_cast<std::ptrdiff_t>(entry));
        showRows();
        m_add->setFocus(Qt::OtherFocusReason);
        return emit changed();
    }
    showRows();
    if (LoreRow* row = rowOf(entry)) row->buttons().front()->setFocus(Qt::OtherFocusReason);
}

void PersonaLore::removeEntry(std::size_t entry) {
    m_edited.reset();
    m_removed = m_book.entries[entry];
    m_removedFrom = entry;
    m_book.entries.erase(m_book.entries.begin() + static_cast<std::ptrdiff_t>(entry));
    showRows();
    m_bringBack->setFocus(Qt::OtherFocusReason);
    emit changed();
}

/// The model reads them in this order.
void PersonaLore::moveUp(std::size_t entry) {
    std::swap(m_book.entries[entry], m_book.entries[entry - 1]);
    if (m_edited == entry - 1) m_edited = entry;
    showRows();
    // Pressed again, it goes on; at the top the last button would be another one.
    if (LoreRow* row = rowOf(entry - 1))
        (entry == 1 ? row->buttons().front() : row->buttons().back())
            ->setFocus(Qt::OtherFocusReason);
    emit changed();
}

void PersonaLore::setReadOnly(bool isReadOnly) {
    m_isReadOnly = isReadOnly;
    m_form->setReadOnly(isReadOnly);
    for (LoreRow* row : m_rows) row->setReadOnly(isReadOnly);
    showSummary();
}

}  // namespace lares::app
