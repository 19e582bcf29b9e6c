#include "app/ui/quick_window.h"

#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/open_source.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QClipboard>
#include <QCursor>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>
#include <QWindow>

namespace lares::app {
namespace {

constexpr int kQuickWidth = 640;
constexpr int kAnswerHeight = 360;
constexpr double kFromTop = 0.22;  // of the screen

}  // namespace

QuickWindow::QuickWindow(const Appearance* appearance, ChatController* controller)
    : QWidget(nullptr, Qt::Window | Qt::FramelessWindowHint | Qt::WindowStaysOnTopHint)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_composer(new Composer(appearance, this))
    , m_transcript(new TranscriptView(this))
    , m_note(new TextLabel(appearance, TextLabel::Kind::Caption, {}, this))
    , m_open(new Button(appearance, Button::Kind::Quiet, tr("Open in Lares"), this))
    , m_close(new Button(appearance, Button::Kind::Quiet, tr("Close"), this)) {
    setWindowTitle(tr("Quick question"));
    setAccessibleName(tr("Quick question"));
    layOut();
    connectParts();
    applyTheme();
    connect(appearance, &Appearance::changed, this, &QuickWindow::applyTheme);
    begin();
}

QuickWindow::~QuickWindow() {
    m_transcript->setModel(nullptr);
}

void QuickWindow::layOut() {
    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(m_note, 1);
    line->addWidget(m_open);
    line->addWidget(m_close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 14, 14, 8);
    column->setSpacing(6);
    column->addWidget(m_composer);
    column->addWidget(m_transcript, 1);
    column->addLayout(line);
}

void QuickWindow::connectParts() {
    m_composer->setTakesFiles(false);  // there is room for them in the main window
    connect(m_composer, &Composer::submitted, this, &QuickWindow::submit);
    connect(m_composer, &Composer::typed, m_controller, &ChatController::bringModelBack);
    // Queued: Esc stops what is written, and closes only where nothing is.
    connect(
        m_composer, &Composer::stopRequested, this,
        [this] {
            if (m_conversation) m_controller->stopIn(m_conversation->info().id);
        },
        Qt::QueuedConnection);
    connect(m_composer->findChild<ComposerText*>(), &ComposerText::escapePressed, this, [this] {
        if (!isAnswering()) close();
    });
    connect(m_open, &Button::clicked, this, &QuickWindow::openInLares);
    connect(m_close, &Button::clicked, this, &QuickWindow::close);
    // There is room for all this in the main window.
    for (auto signal : {&TranscriptView::editRequested, &TranscriptView::regenerateRequested,
                        &TranscriptView::undoRequested, &TranscriptView::promptRequested})
        connect(m_transcript, signal, this, &QuickWindow::openInLares);
    connect(m_transcript, &TranscriptView::versionRequested, this, &QuickWindow::openInLares);
    connect(m_transcript, &TranscriptView::forgetRequested, this, &QuickWindow::openInLares);
    connect(m_transcript, &TranscriptView::sourceActivated, this, [this](const QString& path) {
        if (const QString problem = openSource(path); !problem.isEmpty()) m_note->setText(problem);
    });
    // Where there is room for it.
    connect(m_transcript, &TranscriptView::messageActivated, this,
            [this](ConversationId conversation, MessageId message) {
                // First: the last window that closes ends the program.
                const QString problem =
                    openSourceMessage(*m_controller, conversation, message,
                                      [&] { emit openRequested(conversation); });
                problem.isEmpty() ? (void)close() : m_note->setText(problem);
            });
    connect(m_transcript, &TranscriptView::linkActivated, this, [this](const QUrl& link) {
        QGuiApplication::clipboard()->setText(link.toString());
        m_note->setText(tr("Copied the address. Lares opens no links itself."));
    });
    connect(m_controller, &ChatController::answeringChanged, this, &QuickWindow::showState);
    connect(m_controller, &ChatController::questionChanged, this, &QuickWindow::showState);
    connect(m_controller, &ChatController::modelStateChanged, this, &QuickWindow::showState);
    connect(m_controller, &ChatController::settingChanged, this, [this](const QString& key) {
        if (key == "enterSends") m_composer->setEnterSends(m_controller->setting(key).toBool(true));
    });
    connect(m_controller, &ChatController::notAsked, this, [this](const QString& question) {
        m_composer->setText(question);
        m_note->setText(tr("The question could not be stored, so it was not asked."));
    });
    m_composer->setEnterSends(m_controller->setting("enterSends").toBool(true));
    m_transcript->setPersonaName([this](const QString& id) {
        for (const Persona& persona : m_controller->personas()) {
            if (persona.id == id) return persona.name;
        }
        return tr("Removed persona");
    });
}

void QuickWindow::applyTheme() {
    const Theme& theme = m_appearance->theme();
    setPalette(theme.palette());
    setFont(theme.bodyFont);
    setStyleSheet(theme.styleSheet());
    m_transcript->setTheme(theme);
    fit();
    update();
}

bool QuickWindow::isAnswering() const {
    return m_conversation && m_controller->isAnsweringIn(m_conversation->info().id);
}

/// A conversation that nobody has begun: nothing of it is anywhere yet.
void QuickWindow::begin() {
    m_transcript->setModel(nullptr);
    m_conversation.reset();
    m_composer->setPersonaName(m_controller->persona().name);
    showState();
}

void QuickWindow::comeUp() {
    m_controller->bringModelBack();
    if (!isVisible() && !isAnswering()) begin();
    if (!isVisible()) {
        fit();
        const QScreen* screen = QGuiApplication::screenAt(QCursor::pos());
        if (screen == nullptr) screen = QGuiApplication::primaryScreen();
        const QRect area = screen->availableGeometry();
        move(area.x() + (area.width() - width()) / 2,
             area.y() + static_cast<int>(area.height() * kFromTop));
        show();
    }
    raise();
    activateWindow();
    m_composer->focusText();
}

void QuickWindow::submit(const QString& text) {
    const auto state = m_controller->modelState();
    if (state == ChatController::ModelState::None || state == ChatController::ModelState::Failed)
        return showState();  // it says why; the text stays
    if (isAnswering()) {
        m_note->setText(tr("An answer is still being written; your text stays."));
        return;
    }
    m_composer->clear();
    const std::shared_ptr<ConversationModel> before = m_conversation;
    m_conversation = m_controller->ask(text, m_conversation);
    if (m_conversation != before) m_transcript->setModel(m_conversation.get());
    showState();
}

void QuickWindow::showState() {
    const bool hasAny = m_conversation != nullptr;
    m_composer->setAnswering(isAnswering());
    m_transcript->setAnswering(isAnswering());
    if (m_transcript->isHidden() == hasAny) {
        m_transcript->setVisible(hasAny);
        fit();
    }
    m_open->setVisible(hasAny);
    m_close->setKeyHint(isAnswering() ? QString() : tr("Esc"));
    const auto state = m_controller->modelState();
    QString note;
    if (hasAny && m_controller->isWaitingIn(m_conversation->info().id))
        note = tr("A permission is needed to go on: open the conversation in Lares.");
    else if (state == ChatController::ModelState::Loading)
        note = tr("The model is being loaded; it answers then.");
    else if (state == ChatController::ModelState::None ||
             state == ChatController::ModelState::Failed)
        note = tr("No model is loaded, so nobody can answer. Choose one in Lares.");
    else
        note = m_controller->isDemoModel() ? tr("Demo model") : m_controller->modelName();
    m_note->setText(note);
}

void QuickWindow::fit() {
    const Theme& theme = m_appearance->theme();
    m_composer->setTallest(theme.scaled(160));
    m_transcript->setMinimumHeight(theme.scaled(kAnswerHeight));
    setFixedWidth(theme.scaled(kQuickWidth));
    layout()->activate();
    resize(width(), layout()->totalHeightForWidth(width()) > 0
                        ? layout()->totalHeightForWidth(width())
                        : layout()->totalSizeHint().height());
}

void QuickWindow::openInLares() {
    if (!m_conversation || m_conversation->rowCount() == 0) return;
    const ConversationId id = m_conversation->info().id;
    emit openRequested(id);  // first: the last window that closes ends the program
    close();
}

void QuickWindow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.window);
    paintSurface(painter, rect(), 0, theme.window, theme.fieldFocus);
}

void QuickWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        close();
        return;
    }
    QWidget::keyPressEvent(event);
}

/// There is no frame to hold it by.
void QuickWindow::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && windowHandle() != nullptr)
        windowHandle()->startSystemMove();
}

}  // namespace lares::app
