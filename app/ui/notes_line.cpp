#include "app/ui/notes_line.h"

#include "app/chat/chat_controller.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>

namespace lares::app {

NotesLine::NotesLine(const Appearance* appearance, ChatController* controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_present(new Button(appearance, Button::Kind::Quiet, tr("Use the present notes here"))) {
    auto* text = new TextLabel(appearance, TextLabel::Kind::Secondary,
                               tr("This conversation began with a note that you forgot. It is "
                                  "read anew without it."),
                               this);
    text->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(text, 1);
    row->addWidget(m_present);
    m_present->setAccessibleDescription(text->text());
    connect(m_present, &Button::clicked, controller, &ChatController::usePresentNotes);
    connect(controller, &ChatController::notesChanged, this, &NotesLine::showState);
    connect(controller, &ChatController::conversationChanged, this, &NotesLine::showState);
    connect(controller, &ChatController::conversationLoaded, this, &NotesLine::showState);
    connect(controller, &ChatController::answeringChanged, this, &NotesLine::showState);
    showState();
}

void NotesLine::showState() {
    setVisible(m_controller->isWithoutForgottenNote());
    m_present->setEnabled(m_controller->canUsePresentNotes());
}

}  // namespace lares::app
