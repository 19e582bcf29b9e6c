#include "app/panel/prompt_page.h"

#include "app/chat/conversation_model.h"
#include "app/panel/prompt_meter.h"
#include "app/panel/prompt_text.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kPromptInset = 16;

}  // namespace

PromptPage::PromptPage(const Appearance* appearance, ChatController* controller, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_previous(new Button(appearance, Button::Kind::Small, {}, this))
    , m_next(new Button(appearance, Button::Kind::Small, {}, this))
    , m_selector(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_total(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_meter(new PromptMeter(appearance, this))
    , m_origin(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_note(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_copy(new Button(appearance, Button::Kind::Plain, tr("Copy prompt"), this))
    , m_reason(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_figures(new QWidget(this))
    , m_text(new PromptText(appearance, this)) {
    m_previous->setSymbol(Icon::ChevronLeft);
    m_previous->setAccessibleName(tr("The prompt before"));
    m_previous->setToolTip(m_previous->accessibleName());
    m_next->setSymbol(Icon::ChevronRight);
    m_next->setAccessibleName(tr("The next prompt"));
    m_next->setToolTip(m_next->accessibleName());
    layOut();
    connect(m_previous, &Button::clicked, this, [this] { step(-1); });
    connect(m_next, &Button::clicked, this, [this] { step(1); });
    connect(m_copy, &Button::clicked, this, &PromptPage::copy);
    connect(controller, &ChatController::conversationChanged, this,
            &PromptPage::followConversation);
    connect(controller, &ChatController::conversationLoaded, this, &PromptPage::refresh);
    connect(controller, &ChatController::modelStateChanged, this, &PromptPage::refresh);
    connect(controller, &ChatController::personasChanged, this, &PromptPage::refresh);
    followConversation();
}

void PromptPage::layOut() {
    auto* selector = new QHBoxLayout;
    selector->setContentsMargins(0, 0, 0, 0);
    selector->setSpacing(4);
    selector->addWidget(m_previous);
    selector->addWidget(m_selector, 1);
    selector->addWidget(m_next);
    m_selector->setAlignment(Qt::AlignCenter);
    for (Button* button : {m_previous, m_next}) {
        QSizePolicy policy = button->sizePolicy();
        policy.setRetainSizeWhenHidden(true);  // the words between them stay in the middle
        button->setSizePolicy(policy);
    }

    auto* figures = new QVBoxLayout(m_figures);
    // The button carries room for its focus ring.
    figures->setContentsMargins(kPromptInset - kFocusRingRoom, 0, kPromptInset - kFocusRingRoom, 8);
    figures->setSpacing(8);
    for (QLabel* label : {m_total, m_origin, m_note})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    figures->addWidget(m_total);
    figures->addWidget(m_meter);
    figures->addWidget(m_origin);
    figures->addWidget(m_note);
    figures->addWidget(m_copy, 0, Qt::AlignLeft);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(0);
    auto* top = new QWidget(this);
    selector->setContentsMargins(kPromptInset - 8, 0, kPromptInset - 8, 4);
    top->setLayout(selector);
    column->addWidget(top);
    column->addWidget(m_figures);
    m_reason->setContentsMargins(kPromptInset, 8, kPromptInset, 8);
    m_reason->setAlignment(Qt::AlignTop);
    column->addWidget(m_reason, 1);
    column->addWidget(m_text, 1);
}

void PromptPage::followConversation() {
    for (auto& connection : m_changes) disconnect(connection);
    const ConversationModel* model = m_controller->conversation();
    m_changes[0] = connect(model, &ConversationModel::dataChanged, this,
                           [this](const QModelIndex& index) { readingsChanged(index.row()); });
    // Rows come and go one after another; what is there then is looked at once.
    const auto later = [this] {
        QMetaObject::invokeMethod(this, &PromptPage::refresh, Qt::QueuedConnection);
    };
    m_changes[1] = connect(model, &ConversationModel::activeLeafChanged, this, later);
    m_changes[2] = connect(model, &ConversationModel::modelReset, this, later);
    m_isFollowing = true;
    refresh();
}

void PromptPage::readingsChanged(int row) {
    m_isStale = m_isStale || !isVisible();
    if (!isVisible()) return;
    const ChatMessage& message = m_controller->conversation()->messageAt(row);
    // Thirty times a second while an answer is written, and nearly always nothing new.
    std::vector<PromptReading> known;
    for (const PromptReading& reading : m_readings) {
        if (reading.answer == message.id) known.push_back(reading);
    }
    if (known != readingsOf(message)) refresh();
}

void PromptPage::refresh() {
    m_isStale = true;  // unseen it costs nothing
    if (!isVisible()) return;
    const auto same = [](const PromptReading& a, const PromptReading& b) {
        return a.answer == b.answer && a.step == b.step;
    };
    std::optional<PromptReading> chosen;
    if (!m_isFollowing && m_at < m_readings.size()) chosen = m_readings[m_at];
    m_readings = readingsOf(*m_controller->conversation());
    m_at = m_readings.empty() ? 0 : m_readings.size() - 1;
    if (chosen) {
        const auto found =
            std::ranges::find_if(m_readings, [&](const auto& one) { return same(one, *chosen); });
        m_isFollowing = found == m_readings.end();
        if (!m_isFollowing) m_at = static_cast<std::size_t>(found - m_readings.begin());
    }
    ask();
}

const PromptReading* PromptPage::current() const {
    return m_at < m_readings.size() ? &m_readings[m_at] : nullptr;
}

void PromptPage::showAnswer(MessageId answer) {
    m_readings = readingsOf(*m_controller->conversation());
    const auto last = std::find_if(m_readings.rbegin(), m_readings.rend(),
                                   [answer](const auto& one) { return one.answer == answer; });
    if (last == m_readings.rend()) return;
    m_at = static_cast<std::size_t>(m_readings.rend() - last) - 1;
    m_isFollowing = m_at + 1 == m_readings.size();
    ask();
}

void PromptPage::step(int by) {
    const auto to = static_cast<qsizetype>(m_at) + by;
    if (to < 0 || to >= static_cast<qsizetype>(m_readings.size())) return;
    m_at = static_cast<std::size_t>(to);
    m_isFollowing = m_at + 1 == m_readings.size();
    ask();
}

/// Keeps what is shown until the other one is there.
void PromptPage::ask() {
    m_isStale = true;
    if (!isVisible()) return;
    m_isStale = false;
    const int asked = ++m_asked;
    showSelector();
    const PromptReading* reading = current();
    if (!reading || m_controller->modelState() != ChatController::ModelState::Ready) {
        showReason(emptyReason());
        return;
    }
    m_controller->viewPrompt(*reading).then(this, [this, asked](const Result<PromptView>& view) {
        if (asked == m_asked) take(view);
    });
}

void PromptPage::take(const Result<PromptView>& view) {
    const PromptReading* reading = current();
    if (!reading) return;
    if (!view)
        return showReason(tr("The prompt cannot be shown: %1.")
                              .arg(QString::fromStdString(view.error().message)));
    m_view = *view;
    showView(*reading, *view);
    m_reason->hide();
    m_figures->show();
    m_text->show();
    emit shown();
}

QString PromptPage::emptyReason() const {
    const auto state = m_controller->modelState();
    if (state == ChatController::ModelState::Loading)
        return tr("The model is being loaded. What it reads is shown when it is there.");
    if (state == ChatController::ModelState::PutAway)
        return tr(
            "The model is not in memory. A prompt is written in the model's own format, so it is "
            "shown again when the model is loaded: write something, or press Load now.");
    if (state != ChatController::ModelState::Ready)
        return tr(
            "No model is loaded. A prompt is written in the model's own format, so it can be shown "
            "only with one: choose a model in Settings.");
    return tr(
        "Nothing was asked here yet. When the model answers, everything that it read for it stands "
        "here, word for word.");
}

void PromptPage::showReason(const QString& reason) {
    m_view.reset();
    m_figures->hide();
    m_text->hide();
    m_text->setLines({});
    m_reason->setText(reason);
    m_reason->show();
    emit shown();
}

QString PromptPage::selectorText() const {
    const PromptReading* reading = current();
    if (!reading) return {};
    MessageId last = 0;
    int at = 0;
    int n = 0;
    for (const PromptReading& one : m_readings) {
        if (one.answer != last) ++n;
        last = one.answer;
        if (one.answer == reading->answer) at = n;
    }
    if (reading->nSteps == 1) return tr("Answer %1 of %2").arg(at).arg(n);
    return tr("Answer %1 of %2, part %3 of %4")
        .arg(at)
        .arg(n)
        .arg(reading->step + 1)
        .arg(reading->nSteps);
}

void PromptPage::showSelector() {
    // A button that goes away under somebody's fingers hands the focus to the other one.
    const bool canGoBack = m_at > 0;
    const bool canGoOn = m_at + 1 < m_readings.size();
    if (m_previous->hasFocus() && !canGoBack && canGoOn) {
        m_next->show();
        m_next->setFocus();
    } else if (m_next->hasFocus() && !canGoOn && canGoBack) {
        m_previous->show();
        m_previous->setFocus();
    }
    m_previous->setVisible(canGoBack);
    m_next->setVisible(canGoOn);
    m_selector->setText(selectorText());
    m_selector->parentWidget()->setVisible(!m_readings.empty());
}

void PromptPage::showView(const PromptReading& reading, const PromptView& view) {
    const QLocale locale;
    const auto n = static_cast<int>(view.ids.size());
    const bool isSame = reading.key != 0 && reading.key == view.key;
    const std::optional<int> nCached = isSame ? reading.nCached : std::nullopt;
    m_total->setText(
        view.n_ctx > 0
            ? tr("%1 of %2 that the context holds").arg(tokensText(n), locale.toString(view.n_ctx))
            : tokensText(n));
    m_meter->setFigures(n, nCached.value_or(-1), view.n_ctx);
    QString origin;
    if (nCached) {
        origin = *nCached == 0 ? tr("All of it was read anew.")
                 : *nCached >= n
                     ? tr("All of it was restored; nothing was read again.")
                     : tr("%1 restored, %2 read anew")
                           .arg(locale.toString(*nCached), locale.toString(n - *nCached));
    } else if (reading.isRunning) {
        origin = tr("The answer to it is being written.");
    } else if (reading.key != 0) {
        origin =
            tr("Not quite what it read: the instructions, the tools, a tool's result or the model "
               "have changed since. This is what it would read now.");
    } else {
        origin = tr("Put together again from the conversation: what was read then was not noted.");
    }
    m_origin->setText(origin);
    const int nDropped = droppedTokens(view);
    m_note->setText(nDropped == 0 ? QString()
                                  : tr("The next prompt leaves out its thinking: %1, in italics.")
                                        .arg(tokensText(nDropped)));
    m_note->setVisible(nDropped > 0);
    m_meter->setAccessibleName(m_total->text() + QStringLiteral(". ") + origin);
    m_text->setLines(promptLines(view, nCached));
    m_text->setAccessibleDescription(m_total->text());
}

void PromptPage::copy() {
    if (!m_view) return;
    QGuiApplication::clipboard()->setText(QString::fromStdString(m_view->text()));
    emit noted(tr("Copied the prompt."));
}

void PromptPage::focusFirst() {
    if (m_previous->isVisible()) return m_previous->setFocus();
    if (m_copy->isVisible()) m_copy->setFocus();
}

void PromptPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_isStale) refresh();
}

void PromptPage::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_text->isHidden()) return;
    painter.fillRect(m_text->geometry(), m_appearance->theme().code);  // behind its scroll bar too
    paintRule(painter, QRectF(0, 0, width(), m_text->y()), m_appearance->theme().hairline);
}

}  // namespace lares::app
