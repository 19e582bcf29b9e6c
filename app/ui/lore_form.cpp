#include "app/ui/lore_form.h"

#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kLongestLoreLine = 6'000;  // that can be typed; the reason says what is too long

}  // namespace

LoreForm::LoreForm(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_name(new QLineEdit)
    , m_words(new QLineEdit)
    , m_alsoWords(new QLineEdit)
    , m_text(new ComposerText)
    , m_count(new TextLabel(appearance, TextLabel::Kind::Caption, {}, this))
    , m_reason(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_done(new Button(appearance, Button::Kind::Plain, tr("Done with this entry"), this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 8);
    column->setSpacing(5);
    for (QLineEdit* field : {m_name, m_words, m_alsoWords}) {
        field->setMaxLength(kLongestLoreLine);
        field->setContextMenuPolicy(Qt::DefaultContextMenu);
        connect(field, &QLineEdit::textChanged, this, &LoreForm::take);
    }
    m_text->setEnterSends(false);
    connect(m_text, &QPlainTextEdit::textChanged, this, &LoreForm::take);
    connect(m_text, &ComposerText::sendPressed, this, &LoreForm::savePressed);
    connect(m_text, &ComposerText::escapePressed, this, &LoreForm::donePressed);
    connect(m_done, &Button::clicked, this, &LoreForm::donePressed);
    addField(tr("Name of the entry"), tr("Shown with the messages that bring it."), m_name,
             new FieldFrame(appearance, m_name, this));
    auto* row = new QWidget(this);
    auto* flow = new FlowLayout(4, row);
    flow->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_byWords =
        addChoice(row, tr("When a word is named"),
                  tr("The model reads it from the message on that names one of its words."));
    m_always = addChoice(row, tr("Always"),
                         tr("The model reads it from the beginning, with the instructions."));
    column->addSpacing(4);
    column->addWidget(row);
    addField(tr("Words"), tr("With commas between them. Any of them brings the entry."), m_words,
             new FieldFrame(appearance, m_words, this));
    addField(
        tr("Only together with"),
        tr("With commas between them. It then comes only where one of these is named as well."),
        m_alsoWords, new FieldFrame(appearance, m_alsoWords, this));
    auto* letters = new QWidget(this);
    auto* lettersFlow = new FlowLayout(4, letters);
    lettersFlow->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_letters =
        addChoice(letters, tr("Capitals count"), tr("“May” is then another word than “may”."));
    column->addWidget(letters);
    addField(tr("What the model reads"), {}, m_text,
             new FieldFrame(appearance, m_text, 3, 12, this));
    for (TextLabel* label : {m_count, m_reason}) {
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
        column->addWidget(label);
    }
    column->addWidget(makeFlowRow(this, 4, {m_done}));
    const auto choose = [this](Button* chosen, Button* other) {
        connect(chosen, &Button::clicked, this, [this, chosen, other] {
            chosen->setChecked(true);
            other->setChecked(false);
            take();
        });
    };
    choose(m_byWords, m_always);
    choose(m_always, m_byWords);
    connect(m_letters, &Button::clicked, this, &LoreForm::take);
    begin({});
}

void LoreForm::addField(const QString& name, const QString& help, QWidget* field, QWidget* frame) {
    auto* column = static_cast<QVBoxLayout*>(layout());
    auto* label = new TextLabel(m_appearance, TextLabel::Kind::Secondary,
                                help.isEmpty() ? name : name + QStringLiteral(" · ") + help, this);
    label->setWordWrap(true);
    label->setContentsMargins(kFocusRingRoom, 4, kFocusRingRoom, 0);
    field->setAccessibleName(name);
    field->setAccessibleDescription(help);
    column->addWidget(label);
    column->addWidget(frame);
}

Button* LoreForm::addChoice(QWidget* row, const QString& text, const QString& help) {
    auto* button = new Button(m_appearance, Button::Kind::Choice, text, row);
    button->setCheckable(true);
    button->setAccessibleDescription(help);
    button->setToolTip(help);
    row->layout()->addWidget(button);
    return button;
}

void LoreForm::begin(const LoreEntry& entry) {
    m_isFilling = true;
    m_begun = entry;
    m_name->setText(entry.name);
    m_words->setText(lineOfWords(entry.words));
    m_alsoWords->setText(lineOfWords(entry.alsoWords));
    m_text->setPlainText(entry.text);
    m_always->setChecked(entry.isAlways);
    m_byWords->setChecked(!entry.isAlways);
    m_letters->setChecked(entry.isCaseSensitive);
    m_isFilling = false;
    showState();
}

LoreEntry LoreForm::entry() const {
    LoreEntry entry = m_begun;  // with what cannot be changed here
    entry.name = m_name->text();
    // A word of a card may hold a comma; who writes none here keeps it.
    if (m_words->text() != lineOfWords(m_begun.words)) entry.words = wordsOfLine(m_words->text());
    if (m_alsoWords->text() != lineOfWords(m_begun.alsoWords))
        entry.alsoWords = wordsOfLine(m_alsoWords->text());
    entry.text = m_text->toPlainText();
    entry.isAlways = m_always->isChecked();
    entry.isCaseSensitive = m_letters->isChecked();
    return tidied(std::move(entry));
}

void LoreForm::take() {
    if (m_isFilling) return;
    showState();
    emit changed();
}

void LoreForm::showState() {
    const LoreEntry written = entry();
    const QLocale locale;
    m_count->setText(tr("%1 of %2 characters")
                         .arg(locale.toString(written.text.size()), locale.toString(kMaxLoreText)));
    // Of one that is just begun nothing is missing yet.
    m_reason->setText(written == LoreEntry{} ? QString() : faultOf(written));
    m_reason->setVisible(!m_reason->text().isEmpty());
    for (QWidget* field : {static_cast<QWidget*>(m_words), static_cast<QWidget*>(m_alsoWords),
                           static_cast<QWidget*>(m_letters)})
        field->setEnabled(!written.isAlways);
}

void LoreForm::setReadOnly(bool isReadOnly) {
    for (QLineEdit* field : {m_name, m_words, m_alsoWords}) field->setReadOnly(isReadOnly);
    m_text->setReadOnly(isReadOnly);
    for (Button* button : {m_byWords, m_always, m_letters, m_done}) button->setEnabled(!isReadOnly);
    if (!isReadOnly) showState();
}

void LoreForm::focusText() {
    const bool isNew = m_name->text().isEmpty() && m_words->text().isEmpty();
    (isNew ? static_cast<QWidget*>(m_name) : m_text)->setFocus(Qt::OtherFocusReason);
}

void LoreForm::keyPressEvent(QKeyEvent* event) {
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) return emit donePressed();
    if (isReturn && event->modifiers().testFlag(Qt::ControlModifier)) return emit savePressed();
    // A line of the form leads on.
    if (isReturn && qobject_cast<QLineEdit*>(focusWidget())) return void(focusNextChild());
    QWidget::keyPressEvent(event);
}

}  // namespace lares::app
