#include "app/ui/persona_editor.h"

#include "app/personas/persona_text.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kLongestName = 500;  // that can be typed; the reason below says what is too long

}  // namespace

PersonaEditor::PersonaEditor(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_name(new QLineEdit)
    , m_instructions(new ComposerText)
    , m_greeting(new ComposerText)
    , m_save(new Button(appearance, Button::Kind::Primary, tr("Save")))
    , m_cancel(new Button(appearance, Button::Kind::Plain, tr("Cancel"))) {
    layOut();
    m_lastField = m_name;
    for (ComposerText* text : {m_instructions, m_greeting}) {
        text->setEnterSends(false);  // Ctrl+Enter does
        connect(text, &ComposerText::sendPressed, this, &PersonaEditor::save);
        connect(text, &ComposerText::escapePressed, this, &PersonaEditor::cancel);
        connect(text, &QPlainTextEdit::textChanged, this, &PersonaEditor::showState);
        text->installEventFilter(this);
    }
    connect(m_name, &QLineEdit::textChanged, this, &PersonaEditor::showState);
    m_name->installEventFilter(this);
    connect(m_save, &Button::clicked, this, &PersonaEditor::save);
    connect(m_cancel, &Button::clicked, this, &PersonaEditor::cancel);
    connect(m_keep, &Button::clicked, this, [this] {
        ask(false);
        focusText();
    });
    connect(m_discard, &Button::clicked, this, &PersonaEditor::cancelled);
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
}

void PersonaEditor::addButtons() {
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addSpacing(8);
    m_reason = addText(TextLabel::Kind::Note, {});
    m_save->setKeyHint(tr("Ctrl+Enter"));
    m_cancel->setKeyHint(tr("Esc"));
    column->addWidget(makeFlowRow(this, 4, {m_save, m_cancel}));

    m_question = new QWidget(this);
    auto* question = new QVBoxLayout(m_question);
    question->setContentsMargins(0, 8, 0, 0);
    question->setSpacing(6);
    auto* label = new TextLabel(m_appearance, TextLabel::Kind::Note,
                                tr("What you changed is not saved. Discard it?"), m_question);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    question->addWidget(label);
    m_keep = new Button(m_appearance, Button::Kind::Plain, tr("Go on editing"));
    m_keep->setKeyHint(tr("Esc"));
    m_discard = new Button(m_appearance, Button::Kind::Plain, tr("Discard"));
    m_question->setAccessibleName(label->text());
    m_keep->setAccessibleDescription(label->text());
    question->addWidget(makeFlowRow(m_question, 4, {m_keep, m_discard}));
    column->addWidget(m_question);
    m_question->hide();
}

void PersonaEditor::begin(const Persona& persona, const QString& heading) {
    m_isOpen = true;
    m_isNotSaved = false;
    setSaving(false);
    m_heading->setText(heading);
    m_begun = persona;
    m_name->setText(persona.name);
    m_instructions->setPlainText(persona.system);
    m_greeting->setPlainText(persona.greeting);
    m_begun = draft();
    m_lastField = m_name;
    ask(false);
    showState();
}

void PersonaEditor::end() {
    m_isOpen = false;
    m_begun = {};
    m_name->clear();
    m_instructions->clear();
    m_greeting->clear();
}

Persona PersonaEditor::draft() const {
    return tidied(
        {m_begun.id, m_name->text(), m_instructions->toPlainText(), m_greeting->toPlainText()});
}

bool PersonaEditor::isChanged() const {
    return draft() != m_begun;
}

void PersonaEditor::showState() {
    if (!m_question->isHidden()) ask(false);  // someone goes on writing
    const Persona written = draft();
    const QLocale locale;
    m_count->setText(
        tr("%1 of %2 characters")
            .arg(locale.toString(written.system.size()), locale.toString(kMaxInstructions)));
    const QString fault = faultOf(written);
    m_reason->setText(!fault.isEmpty() ? fault
                      : m_isNotSaved   ? tr("Not saved; your text stays here. Try again when the "
                                              "cause is gone.")
                                       : QString());
    m_reason->setVisible(!m_reason->text().isEmpty());
    m_save->setEnabled(fault.isEmpty() && !m_isSaving);
    m_save->setAccessibleDescription(fault);
}

void PersonaEditor::setSaving(bool isSaving) {
    m_isSaving = isSaving;
    if (isSaving) m_isNotSaved = false;
    m_name->setReadOnly(isSaving);
    m_instructions->setReadOnly(isSaving);
    m_greeting->setReadOnly(isSaving);
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

void PersonaEditor::cancel() {
    if (m_isSaving) return;
    if (!m_question->isHidden()) {
        ask(false);
        return focusText();
    }
    if (!isChanged()) return emit cancelled();
    ask(true);
}

void PersonaEditor::ask(bool isAsking) {
    m_question->setVisible(isAsking);
    m_cancel->setKeyHint(isAsking ? QString() : tr("Esc"));
    if (!isAsking) return;
    m_keep->setFocus(Qt::OtherFocusReason);
    emit appeared(m_question);
}

void PersonaEditor::focusText() {
    if (m_lastField) m_lastField->setFocus(Qt::OtherFocusReason);
}

void PersonaEditor::keyPressEvent(QKeyEvent* event) {
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) return cancel();
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
