#include "app/chat/answer_turn.h"

#include "app/chat/call_changes.h"
#include "app/chat/call_notes.h"
#include "app/chat/conversation_model.h"
#include "app/chat/conversation_prompt.h"
#include "app/chat/message_saver.h"
#include "app/chat/prompt_readings.h"
#include "engine/base/json.h"
#include "tools/policy/broker.h"

#include <QJsonDocument>
#include <QtConcurrent>

#include <utility>

namespace lares::app {
namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

CallContext contextOf(const Broker& broker,
                      const ConversationInfo& info,
                      const ChatMessage& message) {
    CallContext context{.conversation = std::to_string(message.conversation),
                        .offered = {},
                        .turn = journalTurnOf(message),
                        .is_temporary = info.isTemporary,
                        .persona = message.personaId.toStdString()};
    for (const Json& tool : broker.definitions(info.isTemporary))
        context.offered.push_back(tool["function"]["name"].get<std::string>());
    return context;
}

GrantDuration durationOf(PermissionAnswer answer) {
    switch (answer) {
        case PermissionAnswer::Always:
            return GrantDuration::Always;
        case PermissionAnswer::Conversation:
            return GrantDuration::Conversation;
        default:
            return GrantDuration::Once;
    }
}

QString nameOf(PermissionAnswer answer) {
    switch (answer) {
        case PermissionAnswer::Always:
            return "always";
        case PermissionAnswer::Conversation:
            return "conversation";
        default:
            return "once";
    }
}

QJsonObject toJson(const Generation& generation) {
    const GenerationStats& stats = generation.stats;
    return {{"promptTokens", stats.prompt_tokens},
            {"cachedTokens", stats.cached_tokens},
            {"generatedTokens", stats.generated_tokens},
            {"promptTps", stats.prompt_tps},
            {"decodeTps", stats.decode_tps},
            {"firstTokenMs", stats.first_token_ms},
            {"finishReason", text(std::string(to_string(generation.finish_reason)))}};
}

}  // namespace

/// What one job on the tools' thread came to.
struct AnswerTurn::ToolsStep {
    enum class Kind { Ran, Ask, NextAnswer, Finished };
    Kind kind = Kind::Ran;
    std::optional<ToolTurn::AskUser> asked;  ///< Ask
    bool hitLimit = false;
};

AnswerTurn::AnswerTurn(Tools tools,
                       Settings settings,
                       std::shared_ptr<ConversationModel> conversation,
                       ChatMessage message,
                       QObject* parent)
    : QObject(parent)
    , m_tools(tools)
    , m_settings(std::move(settings))
    , m_conversation(std::move(conversation))
    , m_message(std::move(message))
    , m_turn(std::make_shared<ToolTurn>(
          *tools.broker, contextOf(*tools.broker, m_conversation->info(), m_message))) {}

AnswerTurn::~AnswerTurn() {
    m_stop.request_stop();
    if (m_isGenerating) m_tools.tokens->stop();
}

void AnswerTurn::start() {
    m_message.state = ChatMessage::State::Generating;
    if (!m_message.parts.empty()) m_step = stepOf(m_message.parts.back());
    if (openCall() < 0) return m_message.parts.empty() ? makeRoom() : generate();
    // Calls that waited when the program ended: the broker decides again, with the grants of now.
    Generation answer;
    for (std::size_t at = static_cast<std::size_t>(openCall()); at < m_message.parts.size(); ++at) {
        const Part& part = m_message.parts[at];
        if (part.kind != Part::Kind::ToolCall) continue;
        answer.tool_calls.push_back(
            {part.toolName.toStdString(), parse_json(part.text.toStdString()).value_or(Json())});
    }
    m_turn->addAnswer(answer);
    runTools();
}

GenerationRequest AnswerTurn::request(const Settings& settings,
                                      const Broker& broker,
                                      const ConversationModel& conversation,
                                      MessageId leaf,
                                      const ChatMessage* unfinished,
                                      std::optional<MessageId> summaryAt) {
    ReadBranch branch = readBranch(conversation, leaf, summaryAt);
    if (unfinished && !unfinished->parts.empty()) branch.messages.push_back(unfinished);
    GenerationRequest request;
    request.conversation.messages = branchMessages(settings.system, branch);
    request.conversation.tools = broker.definitions(conversation.info().isTemporary);
    request.prompt.enable_thinking = settings.isThinking;
    request.sampling = settings.sampling;
    request.max_tokens = settings.maxTokens;
    request.owner = std::to_string(conversation.info().id);
    request.is_temporary = conversation.info().isTemporary;
    return request;
}

/// Another model was chosen while a call ran or waited for the user.
void AnswerTurn::generateWhenLoaded() {
    m_isAwaitingModel = true;
    const auto goOn = [this] {
        if (std::exchange(m_isAwaitingModel, false) && !m_isOver) generate();
    };
    connect(m_tools.tokens, &TokenSource::loaded, this, goOn, Qt::SingleShotConnection);
    connect(m_tools.tokens, &TokenSource::loadFailed, this, goOn, Qt::SingleShotConnection);
}

/// The question may be the one that no longer fits.
void AnswerTurn::makeRoom() {
    const ReadBranch branch = readBranch(*m_conversation, m_message.parent);
    Condensing condensing(request(m_settings, *m_tools.broker, *m_conversation, m_message.parent),
                          branch.condensed(), m_settings.contextLength, Condensing::When::Now);
    m_condenser = new Condenser(m_tools.tokens, std::move(condensing), this);
    connect(m_condenser, &Condenser::writing, this, [this] { emit this->condensing(0, 0); });
    connect(m_condenser, &Condenser::promptProgress, this, &AnswerTurn::condensing);
    connect(m_condenser, &Condenser::deviceFailed, this, &AnswerTurn::problem);
    connect(m_condenser, &Condenser::finished, this, &AnswerTurn::takeRoom);
    m_condenser->start();
}

void AnswerTurn::takeRoom(const Condenser::End& end) {
    std::exchange(m_condenser, nullptr)->deleteLater();
    if (m_isOver) return;
    if (!end) return finish(ChatMessage::State::Stopped);
    using Kind = Condensing::Condensed::Kind;
    if (end->kind == Kind::TooLong) {
        return finish(ChatMessage::State::Failed,
                      tr("This message is too long: with the instructions it takes %1 of the %2 "
                         "tokens that the model can read, and leaves no room for an answer. "
                         "Shorten it, or attach only the part that matters.")
                          .arg(end->nTokens)
                          .arg(m_settings.contextLength));
    }
    if (end->nTurns > 0) {
        const ReadBranch branch = readBranch(*m_conversation, m_message.parent);
        keepSummary(m_conversation, *m_tools.saver, endOfTurns(branch, end->nTurns),
                    branchSummary(end->text));
        emit condensed();
        emit promptProgress(0, 0);  // it is over
    }
    generate();
}

void AnswerTurn::generate() {
    if (m_tools.tokens->isBusy()) return generateWhenLoaded();
    connect(m_tools.tokens, &TokenSource::events, this, &AnswerTurn::takeEvents,
            Qt::UniqueConnection);
    connect(m_tools.tokens, &TokenSource::finished, this, &AnswerTurn::takeAnswer,
            Qt::UniqueConnection);
    connect(m_tools.tokens, &TokenSource::failed, this, &AnswerTurn::takeFailure,
            Qt::UniqueConnection);
    m_isGenerating = true;
    m_summaryAt = readBranch(*m_conversation, m_message.parent).summaryAt();
    m_tools.tokens->generate(
        request(m_settings, *m_tools.broker, *m_conversation, m_message.parent, &m_message));
}

void AnswerTurn::takeEvents(const std::vector<EngineEvent>& batch) {
    if (m_isOver) return;
    for (const EngineEvent& event : batch)
        std::visit([this](const auto& one) { take(one); }, event);
    if (m_thinking.isValid() && !m_message.parts.empty())
        m_message.parts.back().durationMs = m_thinking.elapsed();
    show();
}

void AnswerTurn::take(const PrefillProgress& progress) {
    emit promptProgress(progress.done, progress.total);
}

void AnswerTurn::take(const ThinkingDelta& delta) {
    if (!m_thinking.isValid()) m_thinking.start();
    partToAppendTo(Part::Kind::Thinking).text += text(delta.text);
}

void AnswerTurn::take(const TextDelta& delta) {
    endThinking();
    partToAppendTo(Part::Kind::Text).text += text(delta.text);
}

void AnswerTurn::take(const ToolCall& call) {
    endThinking();
    Part part = newPart(Part::Kind::ToolCall);
    part.toolName = text(call.name);
    part.text = text(json_text(call.arguments));
    m_message.parts.push_back(std::move(part));
}

void AnswerTurn::take(const DeviceNotice& notice) {
    emit problem(text(notice.text));
}

void AnswerTurn::take(const MalformedToolCall& call) {
    endThinking();
    Part part = newPart(Part::Kind::ToolCall);
    part.text = text(call.raw);
    part.callState = Part::CallState::Failed;
    part.summary = tr("The model wrote a tool call that cannot be read");
    m_message.parts.push_back(std::move(part));
    Part result = newPart(Part::Kind::ToolResult);  // the model reads what was wrong
    result.text = text("error: " + call.error.message);
    m_message.parts.push_back(std::move(result));
}

void AnswerTurn::endThinking() {
    if (!m_thinking.isValid()) return;
    m_message.parts.back().durationMs = m_thinking.elapsed();
    m_thinking.invalidate();
}

Part& AnswerTurn::partToAppendTo(Part::Kind kind) {
    std::vector<Part>& parts = m_message.parts;
    if (parts.empty() || parts.back().kind != kind || stepOf(parts.back()) != m_step)
        parts.push_back(newPart(kind));
    return parts.back();
}

Part AnswerTurn::newPart(Part::Kind kind) const {
    Part part;
    part.kind = kind;
    if (m_step > 0) part.data[kStepKey] = m_step;
    return part;
}

void AnswerTurn::takeAnswer(const Generation& generation) {
    if (m_isOver) return;
    m_isGenerating = false;
    endThinking();
    const QJsonValue before = m_message.stats[kReadingsKey];
    m_message.stats = toJson(generation);
    m_message.stats[kReadingsKey] = before;
    noteReading(m_message, m_step, m_settings.isThinking, m_summaryAt, generation.stats);
    emit stats(generation.stats);
    if (!generation.tool_calls.empty() || !generation.malformed_calls.empty()) {
        m_turn->addAnswer(generation);
        runTools();
        return;
    }
    switch (generation.finish_reason) {
        case FinishReason::Length:
            return finish(
                ChatMessage::State::Complete,
                tr("The answer was cut off at %Ln token(s).", nullptr, m_settings.maxTokens));
        case FinishReason::Context:
            return finish(ChatMessage::State::Complete,
                          tr("The answer was cut off: the context is full. Ask it to go on; what "
                             "was said before is condensed first."));
        default:
            return finish(ChatMessage::State::Complete);
    }
}

void AnswerTurn::takeFailure(const Error& error) {
    if (m_isOver) return;
    m_isGenerating = false;
    endThinking();
    if (error.code == ErrorCode::Cancelled) return finish(ChatMessage::State::Stopped);
    if (error.code == ErrorCode::ContextFull && m_step > 0) {
        return finish(ChatMessage::State::Failed,
                      tr("What the tools gave back fills the context, so this answer ends here. "
                         "What was done is kept. Ask it to go on, and what was said before is "
                         "condensed first; or ask for less at a time. (%1)")
                          .arg(text(error.message)));
    }
    if (error.code == ErrorCode::ContextFull) {
        return finish(
            ChatMessage::State::Failed,
            tr("This conversation no longer fits the context. Begin a new one, or edit an "
               "earlier message. (%1)")
                .arg(text(error.message)));
    }
    finish(ChatMessage::State::Failed, text(error.message));
}

void AnswerTurn::runTools(std::optional<PermissionAnswer> answer,
                          const QString& reason,
                          const std::optional<NoteAnswer>& note) {
    const bool isYes = answer && *answer != PermissionAnswer::No;
    const std::vector<std::size_t> open = openCalls();
    for (const std::size_t call : open) {
        Part& part = m_message.parts[call];
        // A yes is for every call that the question showed.
        if (isYes && part.callState == Part::CallState::Waiting)
            part.data["allowedBy"] = nameOf(*answer);
    }
    m_isChanging = false;
    if (!open.empty()) {
        Part& first = m_message.parts[open.front()];
        first.callState = Part::CallState::Running;
        m_isChanging = isChangeTool(first.toolName) || isNoteTool(first.toolName);
    }
    show();
    m_stop = {};
    auto job = [turn = m_turn, broker = m_tools.broker, stop = m_stop.get_token(), answer,
                said = reason.toStdString(), note] {
        if (answer == PermissionAnswer::No) {
            turn->refuse(RefusalCause::User, said);
        } else if (answer && note) {
            turn->approve(*note);
        } else if (answer) {
            turn->approve(durationOf(*answer));
        }
        ToolTurn::Step step = turn->next();
        ToolsStep result;
        if (auto* run = std::get_if<ToolTurn::RunCall>(&step)) {
            turn->addOutcome(broker->run(std::move(run->call), stop));
        } else if (auto* asked = std::get_if<ToolTurn::AskUser>(&step)) {
            result.kind = ToolsStep::Kind::Ask;
            result.asked = std::move(*asked);
        } else if (const auto* end = std::get_if<ToolTurn::TurnFinished>(&step)) {
            result.kind = ToolsStep::Kind::Finished;
            result.hitLimit = end->hit_limit;
        } else {
            result.kind = ToolsStep::Kind::NextAnswer;
        }
        return result;
    };
    QtConcurrent::run(m_tools.toolThread, std::move(job)).then(this, [this](const ToolsStep& step) {
        takeToolsStep(step);
    });
}

void AnswerTurn::takeToolsStep(const ToolsStep& step) {
    if (m_isOver) return;
    m_isChanging = false;
    emit grantsMayHaveChanged();
    takeOutcomes();
    if (m_isStopping) return finish(ChatMessage::State::Stopped);
    switch (step.kind) {
        case ToolsStep::Kind::Ran:
            return runTools();
        case ToolsStep::Kind::Ask:
            return ask(*step.asked);
        case ToolsStep::Kind::NextAnswer:
            ++m_step;
            show();
            return generate();
        case ToolsStep::Kind::Finished:
            return finish(ChatMessage::State::Complete,
                          step.hitLimit
                              ? tr("Stopped after %Ln step(s) with tools. Ask again to go on.",
                                   nullptr, ToolTurn::Limits{}.max_steps)
                              : QString());
    }
}

void AnswerTurn::takeOutcomes() {
    const auto& records = m_turn->records();
    for (; m_outcomes < records.size(); ++m_outcomes) {
        const ToolOutcome& outcome = records[m_outcomes].outcome;
        const int at = openCall();
        if (at < 0) continue;
        Part& call = m_message.parts[static_cast<std::size_t>(at)];
        using State = Part::CallState;
        call.callState = !outcome.is_error                             ? State::Done
                         : outcome.code == ErrorCode::PermissionDenied ? State::Denied
                                                                       : State::Failed;
        call.summary = text(outcome.summary);
        call.durationMs = outcome.duration.count();
        for (const ChangeId change : outcome.changes) addChange(call, change);
        if (outcome.note != 0) setKeptNote(call, outcome.note);
        noteOutcome(call, outcome);
        Part result;
        result.kind = Part::Kind::ToolResult;
        result.text = text(outcome.result);
        if (stepOf(call) > 0) result.data[kStepKey] = stepOf(call);
        m_message.parts.insert(m_message.parts.begin() + at + 1, std::move(result));
    }
}

std::vector<std::size_t> AnswerTurn::openCalls() const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < m_message.parts.size(); ++i) {
        if (m_message.parts[i].kind != Part::Kind::ToolCall) continue;
        const bool hasResult =
            i + 1 < m_message.parts.size() && m_message.parts[i + 1].kind == Part::Kind::ToolResult;
        if (!hasResult) open.push_back(i);
    }
    return open;
}

int AnswerTurn::openCall() const {
    const std::vector<std::size_t> open = openCalls();
    return open.empty() ? -1 : static_cast<int>(open.front());
}

void AnswerTurn::stop() {
    if (m_isOver) return;
    m_stop.request_stop();
    if (m_condenser) return m_condenser->stop();        // takeRoom follows
    if (m_isGenerating) return m_tools.tokens->stop();  // takeFailure follows
    if (m_isChanging) {
        m_isStopping = true;  // takeToolsStep follows
        return;
    }
    finish(ChatMessage::State::Stopped);
}

void AnswerTurn::fail(const QString& sentence) {
    finish(ChatMessage::State::Failed, sentence);
}

void AnswerTurn::show() {
    m_conversation->update(m_message);
    m_tools.saver->put(m_message, m_conversation, MessageSaver::When::Soon);
}

void AnswerTurn::finish(ChatMessage::State state, const QString& notice) {
    if (m_isOver) return;
    m_isOver = true;
    for (Part& part : m_message.parts) {  // calls that will not run any more
        if (part.callState != Part::CallState::Waiting &&
            part.callState != Part::CallState::Running)
            continue;
        part.callState = Part::CallState::Failed;
        part.summary = tr("Stopped before it ran");
        part.data.remove(kEditedNoteKey);
    }
    if (!notice.isEmpty()) {
        Part part = newPart(Part::Kind::Notice);
        part.text = notice;
        m_message.parts.push_back(std::move(part));
    }
    m_message.state = state;
    m_conversation->update(m_message);
    ConversationInfo info = m_conversation->info();
    info.updatedAt = QDateTime::currentDateTimeUtc();
    m_conversation->setInfo(info);
    m_tools.saver->put(m_message, m_conversation, MessageSaver::When::Now);
    const bool hadQuestion = m_question.has_value();
    m_question.reset();
    if (hadQuestion) emit questionChanged();
    const auto n = static_cast<int>(undoableChanges(m_message).size());
    if (n > 0) emit changesMade(n);
    emit finished();
}

}  // namespace lares::app
