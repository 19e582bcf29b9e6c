#include "app/ui/chat_page.h"

#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/chat/note_book.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/appearance.h"
#include "app/ui/composer.h"
#include "app/ui/find_bar.h"
#include "app/ui/footer_bar.h"
#include "app/ui/notes_line.h"
#include "app/ui/open_source.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>

#include <utility>

namespace lares::app {
namespace {

constexpr double kComposerShare = 0.4;  // of the window's height

}  // namespace

ChatPage::ChatPage(const Appearance* appearance, ChatController* controller, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_transcript(new TranscriptView(this))
    , m_composer(new Composer(appearance, this))
    , m_footer(new FooterBar(appearance, this))
    , m_notesLine(new NotesLine(appearance, controller, this))
    , m_find(new FindBar(appearance, m_transcript, this))
    , m_armingDelay(ApprovalCard::kArmingDelay) {
    layOut();
    connectController();
    connectTranscript();
    connectAttachments();
    connect(m_composer, &Composer::submitted, this,
            [this](const QString& text) { submit(text, Attachments(m_composer->attachments())); });
    connect(m_composer, &Composer::stopRequested, controller, &ChatController::stop);
    connect(m_composer, &Composer::editLastRequested, this, &ChatPage::editLast);
    connect(m_composer, &Composer::editingCancelled, this, &ChatPage::cancelEditing);
    connect(m_composer, &Composer::draftChanged, controller, &ChatController::saveDraft);
    connect(controller, &ChatController::draftWanted, m_composer, &Composer::flushDraft);
    connect(m_composer, &Composer::escaped, this, &ChatPage::escape);
    connect(m_find, &FindBar::closed, m_composer, &Composer::focusText);
    connect(appearance, &Appearance::changed, this, &ChatPage::applyTheme);
    applyTheme();
    showConversation();
    showModel();
}

void ChatPage::layOut() {
    auto* middle = new QHBoxLayout;
    auto* notes = new QHBoxLayout;
    // The column stands below the transcript's, which leaves room for its scroll bar.
    const auto leaveRoom = [this, middle, notes] {
        const QScrollBar* bar = m_transcript->verticalScrollBar();
        const int width = bar->minimum() < bar->maximum() ? bar->sizeHint().width() : 0;
        for (QHBoxLayout* row : {middle, notes}) row->setContentsMargins(20, 0, 20 + width, 0);
    };
    connect(m_transcript->verticalScrollBar(), &QScrollBar::rangeChanged, this, leaveRoom);
    leaveRoom();
    for (const auto& [row, widget] : {std::pair<QHBoxLayout*, QWidget*>{middle, m_composer},
                                      std::pair<QHBoxLayout*, QWidget*>{notes, m_notesLine}}) {
        row->addStretch(1);
        row->addWidget(widget, 1000);
        row->addStretch(1);
    }

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_transcript, 1);
    column->addSpacing(8);
    column->addLayout(notes);
    column->addLayout(middle);
    column->addWidget(m_footer);
}

void ChatPage::connectController() {
    using Controller = ChatController;
    connect(m_controller, &Controller::conversationChanged, this, &ChatPage::showConversation);
    connect(m_controller, &Controller::conversationLoaded, this, &ChatPage::showLoadedConversation);
    connect(m_controller, &Controller::messageFound, this,
            [this](MessageId message, const QString& words) {
                if (words.isEmpty()) return m_transcript->scrollToMessage(message);
                m_find->openFor(message, words);
            });
    connect(m_controller, &Controller::personaChanged, this, &ChatPage::showPersona);
    connect(m_controller, &Controller::answeringChanged, this, &ChatPage::showAnswering);
    connect(m_controller, &Controller::questionChanged, this, &ChatPage::showQuestion);
    connect(m_controller, &Controller::notSent, this, &ChatPage::giveBack);
    connect(m_controller, &Controller::statsChanged, m_footer, &FooterBar::setStats);
    connect(m_controller, &Controller::modelStateChanged, this, &ChatPage::showModel);
    connect(m_controller, &Controller::modelStateChanged, this, &ChatPage::showPersona);
    connect(m_controller, &Controller::answeringChanged, this, &ChatPage::showModel);
    connect(m_controller, &Controller::modelProgress, this, [this](double share) {
        if (m_controller->isComingBack()) m_footer->setComingBack(share);
    });
    connect(m_footer, &FooterBar::freeRequested, m_controller, &Controller::freeMemory);
    connect(m_footer, &FooterBar::loadRequested, m_controller, &Controller::bringModelBack);
    connect(m_footer, &FooterBar::cancelRequested, m_controller, &Controller::cancelLoading);
    connect(m_composer, &Composer::typed, m_controller, &Controller::bringModelBack);
    connect(m_controller, &Controller::summaryChanged, this, &ChatPage::showSummary);
    connect(m_controller, &Controller::modelStateChanged, this, &ChatPage::showSummary);
    connect(m_controller, &Controller::condensing, this, [this](int done, int total) {
        const QLocale locale;
        m_transcript->setProgress(total <= 0 || done >= total
                                      ? tr("Condensing what was said before…")
                                      : tr("Condensing what was said before: %1 of %2 tokens read")
                                            .arg(locale.toString(done), locale.toString(total)));
    });
    connect(m_controller, &Controller::promptProgress, this, [this](int done, int total) {
        const QLocale locale;
        m_transcript->setProgress(total <= 0 || done >= total
                                      ? QString()
                                      : tr("Reading the conversation: %1 of %2 tokens")
                                            .arg(locale.toString(done), locale.toString(total)));
    });
}

void ChatPage::connectTranscript() {
    showPersonaNames();
    connect(m_controller, &ChatController::personasChanged, this, &ChatPage::showPersonaNames);
    connect(m_transcript, &TranscriptView::editRequested, this, &ChatPage::beginEditing);
    connect(m_transcript, &TranscriptView::regenerateRequested, m_controller,
            &ChatController::regenerate);
    connect(m_transcript, &TranscriptView::versionRequested, m_controller,
            &ChatController::showVersion);
    connect(m_transcript, &TranscriptView::undoRequested, m_controller,
            &ChatController::undoChanges);
    connect(m_transcript, &TranscriptView::forgetRequested, this, [this](NoteId note) {
        m_controller->notes()->forget(note).then(this, [this](const Result<Note>& gone) {
            if (!gone) emit noted(QString::fromStdString(gone.error().message));
        });
    });
    connect(m_controller, &ChatController::notesChanged, this, &ChatPage::showKeptNotes);
    connect(m_transcript, &TranscriptView::summaryRewriteRequested, m_controller,
            &ChatController::rewriteSummary);
    connect(m_transcript, &TranscriptView::summaryStopRequested, m_controller,
            &ChatController::stopRewriting);
    connect(m_transcript, &TranscriptView::readEverythingRequested, m_controller,
            &ChatController::readEverything);
    connect(m_transcript, &TranscriptView::exampleChosen, this,
            [this](const QString& text) { submit(text, {}); });
    connect(m_transcript, &TranscriptView::sourceActivated, this, [this](const QString& path) {
        if (const QString problem = openSource(path); !problem.isEmpty()) emit noted(problem);
    });
    connect(m_transcript, &TranscriptView::messageActivated, this,
            [this](ConversationId conversation, MessageId message) {
                const QString problem =
                    openSourceMessage(*m_controller, conversation, message, [this] { leave(); });
                if (!problem.isEmpty()) emit noted(problem);
            });
    // Nothing else is opened from here: a link of a model's answer is copied for the user to judge.
    connect(m_transcript, &TranscriptView::linkActivated, this, [this](const QUrl& link) {
        QGuiApplication::clipboard()->setText(link.toString());
        emit noted(tr("Copied the address. Lares opens no links itself."));
    });
}

const QWidget* ChatPage::lowerPart() const {
    if (m_notesLine->isVisible()) return m_notesLine;
    return m_composer;
}

void ChatPage::applyTheme() {
    const Theme& theme = m_appearance->theme();
    m_transcript->setTheme(theme);
    for (QWidget* widget : {static_cast<QWidget*>(m_composer), static_cast<QWidget*>(m_notesLine)})
        widget->setMaximumWidth(theme.scaled(Theme::kReadingColumn));
    update();
}

void ChatPage::showConversation() {
    m_edited = 0;
    m_composer->endEditing();
    removeCard();
    m_find->endFind();
    m_transcript->setModel(m_controller->conversation());
    m_transcript->setProgress({});
    m_composer->setText(m_controller->conversation()->info().draft);
    showDraftAttachments();
    cancelReadingsOfOthers();
    m_footer->setStats(0, 0, 0, 0);
    showPersona();
    showAnswering();
    showQuestion();
    showSummary();
}

/// What can be done about the summary of the shown conversation. Whether all of it would fit is
/// looked at only where there is one.
void ChatPage::showSummary() {
    const bool isThere = m_controller->summaryAt() != 0;
    m_transcript->setSummaryOffer(isThere && m_controller->mayReadEverything(),
                                  m_controller->rewrittenSummary() != 0);
}

void ChatPage::showLoadedConversation() {
    showSummary();
    if (m_composer->text().isEmpty())
        m_composer->setText(m_controller->conversation()->info().draft);
}

void ChatPage::showPersona() {
    const Persona& persona = m_controller->persona();
    m_composer->setPersonaName(persona.name);
    m_transcript->setGreeting(persona.name, persona.greeting, m_controller->examples());
}

void ChatPage::showKeptNotes() {
    QSet<NoteId> kept;
    for (const Note& note : m_controller->notes()->notes()) kept.insert(note.id);
    m_transcript->setKeptNotes(kept);
}

void ChatPage::showPersonaNames() {
    m_transcript->setPersonaName([this](const QString& id) {
        for (const Persona& persona : m_controller->personas()) {
            if (persona.id == id) return persona.name;
        }
        return tr("Removed persona");
    });
}

void ChatPage::showAnswering() {
    m_composer->setAnswering(m_controller->isAnswering());
    m_transcript->setAnswering(m_controller->isAnswering());
    if (!m_controller->isAnswering()) m_transcript->setProgress({});
    showSummary();  // more was said
}

void ChatPage::showQuestion() {
    const PermissionQuestion* question = m_controller->question();
    const bool isSame = question != nullptr && m_card != nullptr &&
                        m_card->question().message == question->message &&
                        m_card->question().part == question->part;
    if (isSame) return;
    removeCard();
    if (question == nullptr) return;
    m_card = new ApprovalCard(m_appearance, *question, m_armingDelay);
    connect(m_card, &ApprovalCard::answered, m_controller, &ChatController::answerQuestion);
    connect(m_card, &ApprovalCard::noteEdited, m_controller, &ChatController::editProposedNote);
    m_transcript->setCard(question->message, question->part, m_card);
    // Someone who is writing, or is elsewhere, keeps the caret; otherwise the card's keys work at
    // once.
    if (isVisible() && (m_composer->text().isEmpty() || !m_composer->hasTextFocus()))
        m_card->setFocus(Qt::OtherFocusReason);
}

void ChatPage::removeCard() {
    if (m_card == nullptr) return;
    const bool hadFocus = m_card->isAncestorOf(window()->focusWidget());
    m_transcript->setCard(m_card->question().message, m_card->question().part, nullptr);
    m_card->deleteLater();
    m_card = nullptr;
    if (hadFocus) m_composer->focusText();
}

QString ChatPage::reasonNotToSend() const {
    if (m_controller->isAnswering())
        return tr("An answer is still being written. Stop it with Esc, or wait; your text stays.");
    if (m_controller->isConversationLoading())
        return tr("The conversation is still being opened; your text stays.");
    if (m_nReading > 0) return tr("A file is still being read; your text stays.");
    const auto state = m_controller->modelState();
    if (state == ChatController::ModelState::None || state == ChatController::ModelState::Failed)
        return tr(
            "No model is loaded, so nobody can answer. Choose a model file or try the demo "
            "model; your text stays.");
    return {};
}

void ChatPage::submit(const QString& text, const Attachments& attachments) {
    if (const QString reason = reasonNotToSend(); !reason.isEmpty())
        return emit sendRefused(reason);
    if (m_composer->isEditing() && m_edited != 0) {
        const MessageId edited = std::exchange(m_edited, 0);
        m_composer->endEditing();
        countAttached();
        m_controller->edit(edited, text, attachments);
        return;
    }
    const bool isWritten =
        m_composer->text().trimmed() == text && m_composer->attachments() == attachments;
    if (isWritten) m_composer->clear();
    countAttached();
    m_controller->send(text, attachments,
                       isWritten ? ChatController::Draft::Sent : ChatController::Draft::Kept);
}

void ChatPage::beginEditing(MessageId message) {
    const ChatMessage* found = m_controller->conversation()->find(message);
    if (found == nullptr || found->role != Role::User || m_controller->isAnswering()) return;
    m_edited = message;
    m_composer->beginEditing(markdownOf(*found), attachmentsOf(*found));
    countAttached();
}

void ChatPage::editLast() {
    const ConversationModel* model = m_controller->conversation();
    for (int row = model->rowCount() - 1; row >= 0; --row) {
        if (model->messageAt(row).role == Role::User) return beginEditing(model->messageAt(row).id);
    }
}

void ChatPage::regenerateLast() {
    const ConversationModel* model = m_controller->conversation();
    const int last = model->rowCount() - 1;
    if (last < 0 || m_controller->isAnswering()) return;
    if (model->messageAt(last).role == Role::Assistant)
        m_controller->regenerate(model->messageAt(last).id);
}

void ChatPage::showCard() {
    if (m_card == nullptr) return;
    m_transcript->scrollToEnd();
    m_card->setFocus(Qt::OtherFocusReason);
}

void ChatPage::cancelEditing() {
    m_edited = 0;
    m_composer->endEditing();
    countAttached();
    m_composer->focusText();
}

void ChatPage::showModel() {
    using State = ChatController::ModelState;
    const State state = m_controller->modelState();
    if (state == State::Ready) m_footer->setDevice(m_controller->device());
    m_footer->setModel(state == State::Ready ? m_controller->modelName() : QString());
    m_footer->setCanFree(m_controller->canFreeMemory());
    const bool isForOthers = m_controller->whyPutAway() == ChatController::WhyPutAway::Card;
    m_footer->setPutAway(state != State::PutAway ? QString()
                         : isForOthers ? tr("Another program needs the card's memory: the model "
                                            "was put away")
                                       : tr("Model not in memory"));
    m_footer->setComingBack(m_controller->isComingBack() ? 0 : -1);
}

void ChatPage::setDownloading(bool isDownloading) {
    m_footer->setDownloading(isDownloading);
}

void ChatPage::leave() {
    if (m_composer->isEditing()) cancelEditing();
    m_composer->flushDraft();
}

void ChatPage::escape() {
    if (m_composer->isEditing()) return cancelEditing();
    if (m_controller->isAnswering()) return m_controller->stop();
    if (m_controller->rewrittenSummary() != 0) return m_controller->stopRewriting();
    if (m_nReading > 0) return cancelReadings();
    m_find->endFind();
}

void ChatPage::copyLastAnswer() {
    const ConversationModel* model = m_controller->conversation();
    for (int row = model->rowCount() - 1; row >= 0; --row) {
        const ChatMessage& message = model->messageAt(row);
        const QString answer = markdownOf(message);
        if (message.role != Role::Assistant || answer.isEmpty()) continue;
        QGuiApplication::clipboard()->setText(answer);
        return emit noted(tr("Copied the last answer."));
    }
    emit noted(tr("There is no answer to copy yet."));
}

void ChatPage::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_appearance->theme().window);
}

bool ChatPage::focusNextPrevChild(bool next) {
    // A message that is left hides its actions, and with them the focus moved here already.
    if (next && m_composer->hasTextFocus() && !m_composer->isLeaving()) return true;
    if (next && m_find->field()->hasFocus() && !m_find->isLeaving()) return true;
    // What the transcript adds while it is shown stands at the end of the window's Tab chain: the
    // composer goes behind it again, and the footer behind that.
    QWidget* last = m_transcript;
    for (QWidget* w = last->nextInFocusChain(); w != m_transcript; w = w->nextInFocusChain()) {
        if (m_transcript->isAncestorOf(w)) last = w;
    }
    m_footer->setTabOrderAfter(m_composer->setTabOrderAfter(last));
    return QWidget::focusNextPrevChild(next);
}

void ChatPage::resizeEvent(QResizeEvent* event) {
    m_composer->setTallest(static_cast<int>(height() * kComposerShare));
    QWidget::resizeEvent(event);
}

}  // namespace lares::app
