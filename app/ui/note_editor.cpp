#include "app/ui/note_editor.h"

#include "app/chat/note_text.h"
#include "app/personas/persona.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/note_field.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>

#include <chrono>

namespace lares::app {

using namespace std::chrono_literals;

namespace {

constexpr auto kNoteDraftPause = 400ms;

}  // namespace

NoteEditor::NoteEditor(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_heading(new TextLabel(appearance, TextLabel::Kind::Title, {}, this))
    , m_from(new TextLabel(appearance,
                           TextLabel::Kind::Secondary,
                           tr("Keep what matters, in your own words."),
                           this))
    , m_text(new NoteField(appearance, this))
    , m_reader(new Button(appearance, Button::Kind::Plain, {}))
    , m_save(new Button(appearance, Button::Kind::Primary, tr("Remember")))
    , m_cancel(new Button(appearance, Button::Kind::Plain, tr("Cancel"))) {
    for (TextLabel* label : {m_heading, m_from})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_heading);
    column->addWidget(m_from);
    column->addWidget(m_text);
    column->addWidget(makeFlowRow(this, 4, {m_reader}));
    column->addWidget(makeFlowRow(this, 4, {m_save, m_cancel}));
    m_reader->setHasChevron(true);
    m_save->setKeyHint(tr("Ctrl+Enter"));
    m_cancel->setKeyHint(tr("Esc"));
    connect(m_text, &NoteField::keepPressed, this, &NoteEditor::save);
    connect(m_text, &NoteField::leavePressed, this, [this] { emit left(); });
    connect(m_text, &NoteField::changed, this, &NoteEditor::changed);
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(kNoteDraftPause);
    connect(&m_draftPause, &QTimer::timeout, this, &NoteEditor::draftChanged);
    connect(m_reader, &Button::clicked, this, &NoteEditor::choosePersona);
    connect(m_save, &Button::clicked, this, &NoteEditor::save);
    connect(m_cancel, &Button::clicked, this, &NoteEditor::left);
}

void NoteEditor::begin(const Note& note,
                       const std::vector<Persona>& personas,
                       int nOthers,
                       const std::optional<Note>& draft) {
    const Note& shown = draft ? *draft : note;
    m_isOpen = true;
    m_begun = note;
    m_personas.clear();
    for (const Persona& persona : personas) m_personas.emplace_back(persona.id, persona.name);
    m_personaId = shown.personaId;
    m_heading->setText(note.id == 0 ? tr("Remember this") : tr("Edit the note"));
    m_save->setText(note.id == 0 ? tr("Remember") : tr("Save"));
    m_save->setAccessibleName(m_save->text());
    m_save->updateGeometry();
    m_from->setVisible(note.id == 0 && !shown.text.isEmpty());
    m_text->begin(tidiedNote(shown.text), nOthers);
    if (!draft) m_text->selectAll();
    setSaving(false);
}

void NoteEditor::end() {
    m_isOpen = false;
    m_draftPause.stop();
    m_begun = {};
    m_text->begin({}, 0);
}

Note NoteEditor::note() const {
    Note note = m_begun;
    note.text = m_text->text();
    note.personaId = m_personaId;
    return note;
}

bool NoteEditor::isChanged() const {
    const Note now = note();
    return m_isOpen && (now.text != tidiedNote(m_begun.text) || now.personaId != m_begun.personaId);
}

QString NoteEditor::readerName() const {
    for (const auto& [id, name] : m_personas) {
        if (id == m_personaId) return name;
    }
    return m_personaId.isEmpty() ? tr("every persona") : tr("a removed persona");
}

void NoteEditor::showState() {
    const QString fault = m_text->fault();
    m_reader->setText(tr("Read by %1").arg(readerName()));
    m_reader->setAccessibleName(m_reader->text());
    m_reader->updateGeometry();
    m_save->setEnabled(fault.isEmpty() && !m_isSaving);
    m_save->setAccessibleDescription(fault);
}

void NoteEditor::changed() {
    if (m_isOpen) m_draftPause.start();
    showState();
}

void NoteEditor::flushDraft() {
    if (!m_draftPause.isActive()) return;
    m_draftPause.stop();
    emit draftChanged();
}

void NoteEditor::choosePersona() {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_appearance->theme().secondaryFont);
    const auto add = [&](const QString& id, const QString& name) {
        QAction* action = menu->addAction(name);
        action->setCheckable(true);
        action->setChecked(id == m_personaId);
        connect(action, &QAction::triggered, this, [this, id] {
            m_personaId = id;
            changed();
        });
    };
    add({}, tr("Every persona"));
    menu->addSeparator();
    for (const auto& [id, name] : m_personas) add(id, QString(name).replace('&', "&&"));
    menu->popup(m_reader->mapToGlobal(QPoint(kFocusRingRoom, m_reader->height())));
}

void NoteEditor::setSaving(bool isSaving) {
    m_isSaving = isSaving;
    if (isSaving) m_text->setProblem({});
    m_text->setReadOnly(isSaving);
    m_reader->setEnabled(!isSaving);
    showState();
}

void NoteEditor::showNotSaved(const QString& why) {
    m_text->setProblem(tr("Not saved; your text stays here. %1").arg(why));
}

void NoteEditor::focusText() {
    m_text->focusText();
}

void NoteEditor::save() {
    if (m_save->isEnabled()) emit saveRequested(note());
}

void NoteEditor::keyPressEvent(QKeyEvent* event) {
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) return emit left();
    if (isReturn && event->modifiers().testFlag(Qt::ControlModifier)) return save();
    QWidget::keyPressEvent(event);
}

}  // namespace lares::app
