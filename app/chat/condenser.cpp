#include "app/chat/condenser.h"

#include "app/chat/conversation_model.h"
#include "app/chat/message_saver.h"

#include <utility>

namespace lares::app {

Condenser::Condenser(TokenSource* tokens, Condensing condensing, QObject* parent)
    : QObject(parent), m_tokens(tokens), m_condensing(std::move(condensing)) {
    connect(&m_measuring, &QFutureWatcherBase::finished, this, [this] {
        if (m_isOver) return;
        const Result<PromptView> view = m_measuring.result();
        view ? m_condensing.addSizes(*view) : m_condensing.addFailure();
        goOn();
    });
    connect(tokens, &TokenSource::events, this, &Condenser::takeEvents);
    connect(tokens, &TokenSource::finished, this, &Condenser::takeAnswer);
    connect(tokens, &TokenSource::failed, this, &Condenser::takeFailure);
}

Condenser::~Condenser() {
    if (m_isWriting) m_tokens->stop();
}

void Condenser::start() {
    goOn();
}

void Condenser::stop() {
    if (m_isOver) return;
    if (m_isWriting) return m_tokens->stop();  // takeFailure follows
    finish({});
}

void Condenser::goOn() {
    Condensing::Step step = m_condensing.next();
    if (auto* measure = std::get_if<Condensing::MeasurePrompt>(&step)) {
        m_measuring.setFuture(m_tokens->viewPrompt(measure->request));
    } else if (auto* write = std::get_if<Condensing::WriteSummary>(&step)) {
        if (m_tokens->isBusy()) return finish({});
        m_isWriting = true;
        emit writing();
        m_tokens->generate(write->request);
    } else {
        finish(std::get<Condensing::Condensed>(step));
    }
}

void Condenser::takeEvents(const std::vector<EngineEvent>& batch) {
    if (!m_isWriting) return;
    for (const EngineEvent& event : batch) {
        if (const auto* progress = std::get_if<PrefillProgress>(&event))
            emit promptProgress(progress->done, progress->total);
        if (const auto* notice = std::get_if<DeviceNotice>(&event))
            emit deviceFailed(QString::fromStdString(notice->text));
    }
}

void Condenser::takeAnswer(const Generation& generation) {
    if (!m_isWriting) return;
    m_isWriting = false;
    m_condensing.addAnswer(generation);
    goOn();
}

void Condenser::takeFailure(const Error& error) {
    if (!m_isWriting) return;
    m_isWriting = false;
    if (error.code == ErrorCode::Cancelled) return finish({});
    m_condensing.addFailure();
    goOn();
}

void Condenser::finish(const End& end) {
    m_isOver = true;
    emit finished(end);
}

void keepSummary(const std::shared_ptr<ConversationModel>& conversation,
                 MessageSaver& saver,
                 MessageId message,
                 const std::optional<BranchSummary>& summary) {
    const ChatMessage* found = conversation->find(message);
    if (!found || found->summary == summary) return;
    ChatMessage changed = *found;
    changed.summary = summary;
    conversation->update(changed);
    saver.put(changed, conversation, MessageSaver::When::Now);
}

BranchSummary branchSummary(const CondensedText& text) {
    return {QString::fromStdString(text.summary), text.isLeavingOut};
}

}  // namespace lares::app

#include "moc_condenser.cpp"
