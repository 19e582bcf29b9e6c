#include "app/ui/personas_page.h"

#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/persona_editor.h"
#include "app/ui/persona_row.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

PersonaRow::Origin originOf(const ChatController& controller, const QString& id) {
    if (controller.isOwnPersona(id)) return PersonaRow::Origin::Own;
    return controller.isChangedPersona(id) ? PersonaRow::Origin::Changed
                                           : PersonaRow::Origin::BuiltIn;
}

}  // namespace

PersonasPage::PersonasPage(const Appearance* appearance,
                           ChatController* controller,
                           QWidget* parent)
    : EditorPage(appearance, tr("Personas"), parent)
    , m_controller(controller)
    , m_drafts(controller)
    , m_editor(new PersonaEditor(appearance, column())) {
    setEditor(m_editor);
    buildList();
    connect(controller, &ChatController::personasChanged, this, &PersonasPage::showRows);
    connect(m_editor, &PersonaEditor::saveRequested, this, &PersonasPage::save);
    connect(m_editor, &PersonaEditor::left, this, &PersonasPage::leaveEditor);
    connect(m_editor, &PersonaEditor::draftChanged, this, &PersonasPage::keepDraft);
    connect(m_editor, &PersonaEditor::discarded, this, &PersonasPage::discardDraft);
    // Later, when the layout has given it its place.
    connect(m_editor, &PersonaEditor::appeared, this, [this](QWidget* widget) {
        QTimer::singleShot(0, widget, [this, widget] { ensureWidgetVisible(widget, 0, 32); });
    });
    // Where a file is dropped: the scroll area hands on what its viewport is asked.
    setAcceptDrops(true);
    viewport()->setAcceptDrops(true);
    showRows();
}

void PersonasPage::buildList() {
    addToList(
        TextLabel::Kind::Secondary,
        tr("Who answers. A persona is a name, instructions that the model reads first, and a "
           "greeting. Each conversation can have another one; a change counts from the next answer "
           "on."));
    m_new = new Button(appearance(), Button::Kind::Primary, tr("New persona"), list());
    m_import = new Button(appearance(), Button::Kind::Plain, tr("Import…"), list());
    m_import->setAccessibleName(tr("Import a persona"));
    connect(m_new, &Button::clicked, this, &PersonasPage::editNew);
    connect(m_import, &Button::clicked, this, &PersonasPage::chooseImport);

    auto* make = new QHBoxLayout;
    make->setSpacing(4);
    make->addWidget(m_new);
    make->addWidget(m_import);
    make->addStretch(1);
    listLayout()->addSpacing(4);
    listLayout()->addLayout(make);
    listLayout()->addSpacing(4);
    m_back = addRowsAndBack();
    connect(m_back, &Button::clicked, this, &PersonasPage::closeRequested);
}

void PersonasPage::showRows() {
    // What has the focus is made anew: the same row, or the one that is there now, gets it again.
    const int at = focusedRow();
    m_rows.clear();
    clearRows();
    for (const Persona& persona : m_controller->personas()) addRow(persona);
    m_new->setText(m_drafts.has({}) ? tr("Go on with the new persona") : tr("New persona"));
    m_new->setAccessibleName(m_new->text());
    chainTabs();
    if (at >= 0 && isListShown()) {
        const int last = static_cast<int>(m_rows.size()) - 1;
        focusRow(m_rows[static_cast<std::size_t>(std::min(at, last))]->id());
    }
}

void PersonasPage::addRow(const Persona& persona) {
    const PersonaRow::State state{originOf(*m_controller, persona.id), m_drafts.has(persona.id),
                                  m_notices.value(persona.id)};
    auto* row = new PersonaRow(appearance(), persona, state, list());
    connect(row, &PersonaRow::editRequested, this, &PersonasPage::edit);
    connect(row, &PersonaRow::exportRequested, this, &PersonasPage::chooseExport);
    connect(row, &PersonaRow::removeRequested, m_controller, &ChatController::removePersona);
    connect(row, &PersonaRow::duplicateRequested, this, [this](const QString& id) {
        m_controller->duplicatePersona(id).then(
            this, [this](const Result<Persona>& made) { takeMade(made, tr("Made “%1”")); });
    });
    placeRow(row);
    m_rows.push_back(row);
}

/// Rows are made after the buttons around them, and Tab goes as they stand.
void PersonasPage::chainTabs() {
    QWidget* before = m_import;
    for (const PersonaRow* row : m_rows) {
        for (Button* button : row->buttons()) {
            setTabOrder(before, button);
            before = button;
        }
    }
    setTabOrder(before, m_back);
}

void PersonasPage::focusRow(const QString& id) {
    for (PersonaRow* row : m_rows) {
        if (row->id() != id) continue;
        return focusOn(row, row->buttons().front());
    }
    m_new->setFocus(Qt::OtherFocusReason);
}

void PersonasPage::focusFirst() {
    if (m_editor->isOpen()) return m_editor->focusText();
    Page::focusFirst();
}

const Persona* PersonasPage::find(const QString& id) const {
    const std::vector<Persona>& all = m_controller->personas();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Persona& persona) { return persona.id == id; });
    return found == all.end() ? nullptr : &*found;
}

void PersonasPage::edit(const QString& id) {
    if (const Persona* persona = find(id)) beginEditing(*persona, m_drafts.of(id));
}

void PersonasPage::editNew() {
    beginEditing({}, m_drafts.of({}));
}

void PersonasPage::beginEditing(const Persona& persona, const std::optional<Persona>& draft) {
    m_editor->flushDraft();  // of the one before
    m_editor->setUsual(m_controller->usualParameters());
    m_editor->begin(persona,
                    persona.id.isEmpty() ? tr("New persona") : tr("Edit “%1”").arg(persona.name),
                    draft);
    showEditor();
    m_editor->focusText();
}

void PersonasPage::endEditing() {
    m_editor->end();
    showRows();
    showList();
}

void PersonasPage::leaveEditor() {
    const Persona draft = m_editor->draft();
    const bool isChanged = m_editor->isChanged();
    endEditing();
    focusRow(draft.id);
    if (isChanged) emit noted(tr("What you wrote is kept. It is used when you save it."));
}

void PersonasPage::keepDraft() {
    m_editor->isChanged() ? m_drafts.keep(m_editor->draft()) : m_drafts.drop(m_editor->draft().id);
}

void PersonasPage::discardDraft(const Persona& draft) {
    m_drafts.drop(draft.id);
    emit undoOffered(tr("Discarded your changes"), [this, draft] {
        m_drafts.keep(draft);
        draft.id.isEmpty() ? editNew() : edit(draft.id);
    });
}

void PersonasPage::save(const Persona& persona) {
    m_editor->setSaving(true);
    m_controller->savePersona(persona).then(this,
                                            [this, id = persona.id](const Result<Persona>& saved) {
                                                m_editor->setSaving(false);
                                                if (!saved) return m_editor->showNotSaved();
                                                m_drafts.drop(id);
                                                endEditing();
                                                takeMade(saved, tr("Saved “%1”"));
                                            });
}

void PersonasPage::takeMade(const Result<Persona>& made, const QString& note) {
    if (!made) return;  // the controller says why
    if (isListShown()) focusRow(made->id);
    emit noted(note.arg(made->name));
}

void PersonasPage::keyPressEvent(QKeyEvent* event) {
    // Wherever the focus is on this page: the editor first.
    if (event->key() == Qt::Key_Escape && m_editor->isOpen()) return m_editor->leave();
    Page::keyPressEvent(event);
}

void PersonasPage::flushDraft() {
    m_editor->flushDraft();
}

void PersonasPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_areNoticesOld = !m_notices.isEmpty();
}

void PersonasPage::showEvent(QShowEvent* event) {
    // Not when it is hidden, which is also what the end of the window does.
    if (m_areNoticesOld) {
        m_areNoticesOld = false;
        m_notices.clear();
        showRows();
    }
    Page::showEvent(event);
}

}  // namespace lares::app
