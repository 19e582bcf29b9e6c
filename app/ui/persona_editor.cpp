#include "app/ui/persona_editor.h"

#include "app/personas/persona_text.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/persona_answers.h"
#include "app/ui/persona_lore.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

#include <chrono>

namespace lares::app {
namespace {

constexpr int kLongestName = 500;  // that can be typed; the reason below says what is too long

using namespace std::chrono_literals;
constexpr auto kPersonaDraftPause = 400ms;

}  // namespace

PersonaEditor::PersonaEditor(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_name(new QLineEdit)
    , m_instructions(new ComposerText)
    , m_greeting(new ComposerText)
    , m_lore(new PersonaLore(appearance))
    , m_answers(new PersonaAnswers(appearance))
    , m_save(new Button(appearance, Button::Kind::Primary, tr("Save")))
    , m_back(new Button(appearance, Button::Kind::Plain, tr("Back")))
    , m_discard(new Button(appearance, Button::Kind::Plain, tr("Discard changes"))) {
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(kPersonaDraftPause);
    layOut();
    m_lastField = m_name;
    for (ComposerText* text : {m_instructions, m_greeting}) {
        text->setEnterSends(false);  // Ctrl+Enter does
        connect(text, &ComposerText::sendPressed, this, &PersonaEditor::save);
        connect(text, &ComposerText::escapePressed, this, &PersonaEditor::leave);
        connect(text, &QPlainTextEdit::textChanged, this, &PersonaEditor::take);
        text->installEventFilter(this);
    }
    connect(m_name, &QLineEdit::textChanged, this, &PersonaEditor::take);
    m_name->installEventFilter(this);
    connect(m_save, &Button::clicked, this, &PersonaEditor::save);
    connect(m_lore, &PersonaLore::changed, this, &PersonaEditor::take);
    connect(m_lore, &PersonaLore::savePressed, this, &PersonaEditor::save);
    connect(m_lore, &PersonaLore::appeared, this, &PersonaEditor::appeared);
    connect(m_answers, &PersonaAnswers::changed, this, &PersonaEditor::take);
    connect(m_back, &Button::clicked, this, &PersonaEditor::leave);
    connect(m_discard, &Button::clicked, this, &PersonaEditor::discard);
    connect(&m_draftPause, &QTimer::timeout, this, &PersonaEditor::draftChanged);
}

TextLabel* PersonaEditor::addText(TextLabel::Kind kind, const QString& text) {
    auto* label = new TextLabel(m_appearance, kind, text, this);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    layout()->addWidget(label);
    return label;
}

void PersonaEditor::layOut() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_heading = addText(TextLabel::Kind::Title, {});
    m_before = addText(TextLabel::Kind::Note,
                       tr("What you wrote here before is not saved yet. Save it, go on with it, or "
                          "discard it below."));
    addFields();
    addButtons();
}

void PersonaEditor::addFields() {
    auto* column = static_cast<QVBoxLayout*>(layout());
    using Kind = TextLabel::Kind;
    const auto add = [&](const QString& name, const QString& help, QWidget* field, QWidget* frame) {
        column->addSpacing(10);
        addText(Kind::Heading, name);
        if (!help.isEmpty()) addText(Kind::Secondary, help);
        field->setAccessibleName(name);
        field->setAccessibleDescription(help);
        column->addWidget(frame);
    };
    m_name->setMaxLength(kLongestName);
    m_name->setContextMenuPolicy(Qt::DefaultContextMenu);
    add(tr("Name"), {}, m_name, new FieldFrame(m_appearance, m_name, this));
    add(tr("Instructions"),
        tr("The model reads these first, before anything that you write: who it is, and how it "
           "answers."),
        m_instructions, new FieldFrame(m_appearance, m_instructions, 5, 16, this));
    m_count = addText(Kind::Caption, {});
    add(tr("Greeting"), tr("Shown in an empty conversation. The model does not read it."),
        m_greeting, new FieldFrame(m_appearance, m_greeting, 2, 6, this));
    column->addSpacing(10);
    addText(Kind::Heading, tr("Lore"));
    addText(Kind::Secondary,
            tr("What it knows beside its instructions: places, people, things. The model reads an "
               "entry once your message, or the answer before it, names one of its words."));
    column->addWidget(m_lore);
    column->addSpacing(10);
    addText(Kind::Heading, tr("How it answers"));
    addText(Kind::Secondary, tr("What is set here is used wherever this persona answers, unless a "
                                "conversation has it its own way."));
    column->addWidget(m_answers);
}

void PersonaEditor::addButtons() {
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addSpacing(8);
    m_reason = addText(TextLabel::Kind::Note, {});
    m_save->setKeyHint(tr("Ctrl+Enter"));
    m_back->setKeyHint(tr("Esc"));
    m_back->setAccessibleName(tr("Back to the personas"));
    m_back->setAccessibleDescription(tr("What you wrote is kept, and not saved."));
    column->addWidget(makeFlowRow(this, 4, {m_save, m_back, m_discard}));
}

void PersonaEditor::begin(const Persona& persona,
                          const QString& heading,
                          const std::optional<Persona>& draft) {
    m_isOpen = true;
    m_isNotSaved = false;
    setSaving(false);
    m_heading->setText(heading);
    m_begun = persona;
    fill(persona);
    m_begun = this->draft();
    if (draft) fill(*draft);
    m_isFromBefore = draft.has_value();
    m_answers->setUnfolded(false);
    m_lastField = m_name;
    showState();
}

void PersonaEditor::fill(const Persona& persona) {
    m_name->setText(persona.name);
    m_instructions->setPlainText(persona.system);
    m_greeting->setPlainText(persona.greeting);
    m_answers->setParameters(persona.parameters);
    m_lore->setBook(persona.lore);
    m_draftPause.stop();
}

void PersonaEditor::end() {
    m_isOpen = false;
    m_begun = {};
    fill({});
}

void PersonaEditor::setUsual(const QJsonObject& usual) {
    m_answers->setUsual(usual);
}

Persona PersonaEditor::draft() const {
    return tidied({m_begun.id, m_name->text(), m_instructions->toPlainText(),
                   m_greeting->toPlainText(), m_answers->parameters(), m_lore->book()});
}

bool PersonaEditor::isChanged() const {
    return draft() != m_begun;
}

void PersonaEditor::take() {
    if (m_isOpen) m_draftPause.start();
    showState();
}

void PersonaEditor::flushDraft() {
    if (!m_draftPause.isActive()) return;
    m_draftPause.stop();
    emit draftChanged();
}

void PersonaEditor::showState() {
    const Persona written = draft();
    const QLocale locale;
    m_count->setText(
        tr("%1 of %2 characters")
            .arg(locale.toString(written.system.size()), locale.toString(kMaxInstructions)));
    const QString fault = faultOf(written);
    const bool isChanged = written != m_begun;
    m_reason->setText(!fault.isEmpty() ? fault
                      : m_isNotSaved   ? tr("Not saved; your text stays here. Try again when the "
                                              "cause is gone.")
                                       : QString());
    m_before->setVisible(m_isFromBefore && isChanged);
    m_reason->setVisible(!m_reason->text().isEmpty());
    m_save->setEnabled(fault.isEmpty() && !m_isSaving);
    m_save->setAccessibleDescription(fault);
    m_discard->setVisible(isChanged);
    m_discard->setEnabled(!m_isSaving);
}

void PersonaEditor::setSaving(bool isSaving) {
    m_isSaving = isSaving;
    if (isSaving) m_isNotSaved = false;
    m_name->setReadOnly(isSaving);
    m_instructions->setReadOnly(isSaving);
    m_greeting->setReadOnly(isSaving);
    m_answers->setReadOnly(isSaving);
    m_lore->setReadOnly(isSaving);
    showState();
}

void PersonaEditor::showNotSaved() {
    m_isNotSaved = true;
    showState();
    emit appeared(m_reason);
}

void PersonaEditor::save() {
    if (m_save->isEnabled()) emit saveRequested(draft());
}

void PersonaEditor::leave() {
    if (m_isSaving) return;
    flushDraft();
    emit left();
}

void PersonaEditor::discard() {
    const Persona draft = this->draft();
    fill(m_begun);
    m_isFromBefore = false;
    showState();
    focusText();
    emit discarded(draft);
}

void PersonaEditor::focusText() {
    if (m_lastField) m_lastField->setFocus(Qt::OtherFocusReason);
}

void PersonaEditor::keyPressEvent(QKeyEvent* event) {
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) return leave();
    if (isReturn && event->modifiers().testFlag(Qt::ControlModifier)) return save();
    QWidget::keyPressEvent(event);
}

bool PersonaEditor::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) m_lastField = static_cast<QWidget*>(watched);
    // A line keeps Return for itself; here it leads on, and with Ctrl it saves.
    if (event->type() == QEvent::KeyPress && watched == m_name) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            key->modifiers().testFlag(Qt::ControlModifier)
                ? save()
                : m_instructions->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lares::app
