#include "app/ui/note_row.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kNoteInset = 16;
constexpr int kNoteNameLength = 60;  // of the text, where a button is named by it

}  // namespace

NoteRow::NoteRow(const Appearance* appearance,
                 const Note& note,
                 const QString& about,
                 bool canShow,
                 QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_note(note) {
    setAccessibleName(note.text);
    setAccessibleDescription(about);
    auto* text = new TextLabel(appearance, TextLabel::Kind::Body, note.text, this);
    text->setWordWrap(true);
    text->setEnabled(note.isOn);
    auto* line = new TextLabel(appearance, TextLabel::Kind::Caption, about, this);
    line->setWordWrap(true);
    auto* buttons = new QWidget(this);
    auto* flow = new FlowLayout(2, buttons);
    flow->setContentsMargins(0, 0, 0, 0);
    m_flow = flow;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kNoteInset - kFocusRingRoom, 12, kNoteInset - kFocusRingRoom, 8);
    column->setSpacing(4);
    column->addWidget(text);
    column->addWidget(line);
    column->addWidget(buttons);
    for (TextLabel* label : {text, line})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);

    connect(addButton(tr("Edit"), tr("Edit the note %1")), &Button::clicked, this,
            [this] { emit editRequested(m_note.id); });
    Button* on = note.isOn ? addButton(tr("Turn off"), tr("Turn off the note %1"))
                           : addButton(tr("Turn on"), tr("Turn on the note %1"));
    connect(on, &Button::clicked, this, [this] { emit toggled(m_note.id, !m_note.isOn); });
    if (canShow) {
        connect(addButton(tr("Where it comes from"), tr("Where the note %1 comes from")),
                &Button::clicked, this, [this] { emit showRequested(m_note.id); });
    }
    connect(addButton(tr("Forget"), tr("Forget the note %1")), &Button::clicked, this,
            [this] { emit forgetRequested(m_note.id); });
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
}

Button* NoteRow::addButton(const QString& text, const QString& name) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, this);
    button->setAccessibleName(name.arg(m_note.text.simplified().left(kNoteNameLength)));
    m_flow->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

void NoteRow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
