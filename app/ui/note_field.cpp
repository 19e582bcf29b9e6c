#include "app/ui/note_field.h"

#include "app/chat/note_text.h"
#include "app/ui/appearance.h"
#include "app/ui/composer.h"
#include "app/ui/field_frame.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QLocale>
#include <QVBoxLayout>

namespace lares::app {

NoteField::NoteField(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_text(new ComposerText)
    , m_count(new TextLabel(appearance, TextLabel::Kind::Caption, {}, this))
    , m_reason(new TextLabel(appearance, TextLabel::Kind::Note, {}, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(new FieldFrame(appearance, m_text, 3, 12, this));
    for (TextLabel* label : {m_count, m_reason}) {
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
        column->addWidget(label);
    }
    m_text->setAccessibleName(tr("Note"));
    m_text->setEnterSends(false);  // Ctrl+Enter does
    connect(m_text, &ComposerText::sendPressed, this, &NoteField::keepPressed);
    connect(m_text, &ComposerText::escapePressed, this, &NoteField::leavePressed);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        showState();
        emit changed();
    });
}

void NoteField::begin(const QString& text, int nOthers) {
    m_nOthers = nOthers;
    m_problem.clear();
    m_text->setPlainText(text);
    showState();
}

void NoteField::selectAll() {
    m_text->selectAll();
}

void NoteField::setReadOnly(bool isReadOnly) {
    m_text->setReadOnly(isReadOnly);
}

void NoteField::setProblem(const QString& sentence) {
    m_problem = sentence;
    showState();
}

void NoteField::focusText() {
    m_text->setFocus(Qt::OtherFocusReason);
}

QString NoteField::text() const {
    return tidiedNote(m_text->toPlainText());
}

QString NoteField::fault() const {
    return faultOfNote(text(), m_nOthers);
}

void NoteField::showState() {
    const QString note = text();
    const QLocale locale;
    m_count->setText(
        tr("%1 of %2 characters").arg(locale.toString(note.size()), locale.toString(kMaxNote)));
    // An empty field says itself what it needs.
    const QString reason = note.isEmpty() && m_nOthers < kMaxNotes ? QString() : fault();
    m_reason->setText(!reason.isEmpty() ? reason : m_problem);
    m_reason->setVisible(!m_reason->text().isEmpty());
}

}  // namespace lares::app
