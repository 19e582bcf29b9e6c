// The part of the controller that condenses what was said before while nobody waits. Where a
// question waits that does not fit, AnswerTurn does it.
#include "app/chat/chat_controller_impl.h"
#include "app/turn/condensing.h"

#include <QLocale>
#include <QTimer>

#include <utility>

namespace lares::app {

/// False: it is not needed, which is known at once for nearly all conversations.
bool ChatController::Impl::condenseAhead(const GenerationRequest& request) {
    if (readWhole.contains(shown->info().id)) return false;
    const MessageId leaf = shown->activeLeaf();
    const ReadBranch branch = readBranch(*shown, leaf);
    Condensing condensing(request, branch.condensed(), contextLength, Condensing::When::Ahead);
    if (std::holds_alternative<Condensing::Condensed>(condensing.next())) return false;
    auto work = std::make_unique<Condenser>(tokens, std::move(condensing));
    connect(work.get(), &Condenser::finished, &controller,
            [this, leaf](const Condenser::End& end) { condensedAside(leaf, end); });
    condenseAside(shown, 0, std::move(work));
    return true;
}

void ChatController::Impl::condenseAside(std::shared_ptr<ConversationModel> model,
                                         MessageId rewritten,
                                         std::unique_ptr<Condenser> work) {
    Condenser* started = work.get();
    connect(started, &Condenser::deviceFailed, &controller,
            [this](const QString& sentence) { deviceFailed(sentence); });
    condensingAside = CondensingAside{std::move(model), rewritten, std::move(work)};
    started->start();
}

void ChatController::Impl::condensedAside(MessageId leaf, const Condenser::End& end) {
    CondensingAside ended = std::move(*std::exchange(condensingAside, std::nullopt));
    ended.work.release()->deleteLater();  // it is in the middle of its signal
    const bool isWritten = end && end->nTurns > 0;
    const MessageId at = !isWritten ? 0
                         : ended.rewritten != 0
                             ? ended.rewritten
                             : endOfTurns(readBranch(*ended.model, leaf), end->nTurns);
    if (at != 0) {
        setSummary(ended.model, at, branchSummary(end->text));
        if (ended.model == shown && ended.rewritten == 0) {
            emit controller.statsChanged(lastStats.decode_tps, lastStats.first_token_ms,
                                         end->nTokens, contextLength);
        }
    } else if (end && ended.rewritten != 0) {
        emit controller.problem(
            tr("The model wrote no summary that can be used, so the one that stands stays."), {});
    }
    emit controller.summaryChanged();
    lastAhead.clear();
    QTimer::singleShot(0, &controller, [this] {
        goOn();
        if (const MessageId next = std::exchange(nextRewritten, 0); next != 0)
            return controller.rewriteSummary(next);
        readAhead();  // what the next question follows now
    });
}

/// Something else needs the source, or what was to be condensed is gone. Where the model writes
/// already, it ends within a token, and condensedAside follows.
void ChatController::Impl::stopCondensing() {
    if (!condensingAside) return;
    if (condensingAside->work->isWriting()) return condensingAside->work->stop();
    condensingAside.reset();
    lastAhead.clear();
    emit controller.summaryChanged();
}

void ChatController::Impl::setSummary(const std::shared_ptr<ConversationModel>& model,
                                      MessageId message,
                                      const std::optional<BranchSummary>& summary) {
    keepSummary(model, saver, message, summary);
    // Opened again meanwhile, it is another model.
    if (shown != model && shown->info().id == model->info().id)
        keepSummary(shown, saver, message, summary);
}

MessageId ChatController::summaryAt() const {
    const ConversationModel& model = *m_impl->shown;
    return readBranch(model, model.activeLeaf()).summaryAt();
}

MessageId ChatController::rewrittenSummary() const {
    const auto& aside = m_impl->condensingAside;
    return aside && aside->model == m_impl->shown ? aside->rewritten : 0;
}

bool ChatController::mayReadEverything() const {
    const Impl& impl = *m_impl;
    if (impl.contextLength <= 0) return false;
    const ConversationModel& model = *impl.shown;
    const AnswerTurn::Settings settings = impl.turnSettings(persona().id, model);
    const GenerationRequest all =
        AnswerTurn::request(settings, impl.broker, model, model.activeLeaf(), nullptr, 0);
    std::int64_t tokens = answerRoom(impl.contextLength, settings.maxTokens);
    for (const Message& message : all.conversation.messages) tokens += aboutTokens(message.content);
    for (const Json& tool : all.conversation.tools) tokens += aboutTokens(json_text(tool));
    return tokens <= impl.contextLength;
}

void ChatController::rewriteSummary(MessageId at) {
    Impl& impl = *m_impl;
    const ChatMessage* message = impl.shown->find(at);
    if (!message || !message->summary || rewrittenSummary() == at) return;
    if (!impl.turns.empty())
        return emit problem(tr("An answer is being written. Try again when it has ended."), {});
    if (impl.modelState != ModelState::Ready) {
        bringModelBack();  // where it was only put away
        emit problem(impl.modelState == ModelState::Loading
                         ? tr("The model is being loaded. Try again in a moment.")
                         : tr("No model is loaded that could write a summary. Choose one in "
                              "Settings."),
                     {});
        return;
    }
    impl.stopCondensing();
    if (impl.tokens->isBusy()) {  // another summary, which ends within a token
        impl.nextRewritten = at;
        return;
    }
    const ReadBranch before = readBranch(*impl.shown, message->parent);
    const AnswerTurn::Settings settings = impl.turnSettings(persona().id, *impl.shown);
    GenerationRequest request =
        AnswerTurn::request(settings, impl.broker, *impl.shown, at, nullptr, before.summaryAt());
    auto work = std::make_unique<Condenser>(
        impl.tokens, Condensing(std::move(request), before.condensed(), impl.contextLength,
                                Condensing::When::Again));
    connect(work.get(), &Condenser::finished, this,
            [&impl, at](const Condenser::End& end) { impl.condensedAside(at, end); });
    impl.condenseAside(impl.shown, at, std::move(work));
    emit summaryChanged();
}

void ChatController::stopRewriting() {
    if (rewrittenSummary() != 0) m_impl->stopCondensing();
}

void ChatController::readEverything() {
    Impl& impl = *m_impl;
    if (isAnswering() || summaryAt() == 0) return;
    const std::shared_ptr<ConversationModel> model = impl.shown;
    const AnswerTurn::Settings settings = impl.turnSettings(persona().id, *model);
    const GenerationRequest all =
        AnswerTurn::request(settings, impl.broker, *model, model->activeLeaf(), nullptr, 0);
    impl.tokens->viewPrompt(all).then(this, [this, &impl, model,
                                             settings](const Result<PromptView>& view) {
        if (model != impl.shown || isAnswering()) return;
        const int room = answerRoom(impl.contextLength, settings.maxTokens);
        if (view && static_cast<int>(view->ids.size()) + room > impl.contextLength) {
            const QLocale locale;
            emit problem(tr("All of it no longer fits: it takes %1 of the %2 tokens that the model "
                            "can read, and an answer needs room. A larger context can be chosen "
                            "with a model that has one.")
                             .arg(locale.toString(static_cast<qlonglong>(view->ids.size())),
                                  locale.toString(impl.contextLength)),
                         {});
            return;
        }
        if (!view) {
            const QString why = QString::fromStdString(view.error().message);
            emit problem(tr("It cannot be told whether all of it fits: %1").arg(why), why);
            return;
        }
        impl.stopCondensing();
        impl.readWhole.insert(model->info().id);
        for (int row = 0; row < model->rowCount(); ++row)
            impl.setSummary(model, model->messageAt(row).id, std::nullopt);
        emit statsChanged(impl.lastStats.decode_tps, impl.lastStats.first_token_ms,
                          static_cast<int>(view->ids.size()), impl.contextLength);
        emit summaryChanged();
        impl.lastAhead.clear();
        impl.readAhead();
    });
}

}  // namespace lares::app
