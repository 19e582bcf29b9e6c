#include "app/engine_bridge/scripted_token_source.h"

#include "engine/base/json.h"

#include <QFile>

namespace lares::app {
namespace {

Result<void> check(const Json& answers) {
    const Error shape{ErrorCode::InvalidArgument,
                      "a script is a JSON list of answers, each with a list \"steps\""};
    if (!answers.is_array() || answers.empty()) return shape;
    for (const Json& answer : answers) {
        if (!answer.is_object() || !answer.contains("steps") || !answer["steps"].is_array())
            return shape;
        for (const Json& step : answer["steps"]) {
            if (!step.is_object()) return shape;
        }
    }
    return {};
}

std::string textOf(const Json& step, const char* key) {
    return step.contains(key) && step[key].is_string() ? step[key].get<std::string>() : "";
}

/// Each word with the space behind it.
std::vector<std::string> wordsOf(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t space = text.find(' ', begin);
        const std::size_t end = space == std::string::npos ? text.size() : space + 1;
        words.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

}  // namespace

Result<std::unique_ptr<ScriptedTokenSource>> ScriptedTokenSource::open(
    const std::filesystem::path& file) {
    QFile in(file);
    const std::string name = in.fileName().toStdString();
    if (!in.open(QIODevice::ReadOnly)) {
        return Error{ErrorCode::NotFound, name + ": " + in.errorString().toStdString()};
    }
    const QByteArray bytes = in.readAll();
    auto answers = parse_json({bytes.data(), static_cast<std::size_t>(bytes.size())});
    if (!answers) return std::move(answers).error().with_context(name);
    if (auto checked = check(*answers); !checked)
        return std::move(checked).error().with_context(name);
    return std::make_unique<ScriptedTokenSource>(std::move(*answers));
}

ScriptedTokenSource::ScriptedTokenSource(Json answers, QObject* parent)
    : TokenSource(parent), m_answers(std::move(answers)) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ScriptedTokenSource::next);
}

void ScriptedTokenSource::begin(Job job) {
    Q_ASSERT(m_job == Job::None);
    m_job = job;
    ++m_jobs;
    m_isStopped = false;
}

/// Unless another job has begun by then.
void ScriptedTokenSource::soon(const std::function<void()>& end) {
    QTimer::singleShot(0, this, [this, end, job = m_jobs] {
        if (job == m_jobs) end();
    });
}

void ScriptedTokenSource::load(const std::filesystem::path& path) {
    begin(Job::Load);
    m_isLoaded = false;
    m_loads.push_back(path);
    if (!m_isHolding) soon([this] { goOn(); });
}

void ScriptedTokenSource::unload() {
    begin(Job::Unload);
    m_isLoaded = false;
    if (!m_isHolding) soon([this] { goOn(); });
}

void ScriptedTokenSource::goOn() {
    const Job ended = m_job;
    if (ended != Job::Load && ended != Job::Unload) return;
    m_job = Job::None;
    if (ended == Job::Unload) {
        emit unloaded();
    } else {
        m_isLoaded = true;
        emit loaded({tr("Script"), m_contextLength, {}, m_device});
    }
}

void ScriptedTokenSource::failLoad(const Error& error) {
    if (m_job != Job::Load) return;
    m_job = Job::None;
    emit loadFailed(error);
}

void ScriptedTokenSource::measureCard() {
    ++m_measurings;
    QTimer::singleShot(0, this, [this] {
        if (m_job == Job::None && m_isLoaded) emit cardMeasured(m_freeCardBytes);
    });
}

void ScriptedTokenSource::generate(const GenerationRequest& request) {
    begin(Job::Answer);
    m_request = request;
    m_generation = {};
    m_generation.stats.prompt_tokens = 100;
    chooseAnswer();
    m_timer.start(0);
}

void ScriptedTokenSource::chooseAnswer() {
    const auto& messages = m_request.conversation.messages;
    std::string asked;
    for (const Message& message : messages) {
        if (message.role == "user") asked = message.content;
    }
    for (std::size_t tried = 0; tried < m_answers.size(); ++tried) {
        const Json& answer = m_answers[m_at];
        m_at = (m_at + 1) % m_answers.size();
        if (asked.find(textOf(answer, "when")) == std::string::npos) continue;
        m_steps.assign(answer["steps"].begin(), answer["steps"].end());
        return;
    }
    m_steps = {Json{{"text", "The script has no answer to this."}}};
}

QFuture<Result<PromptView>> ScriptedTokenSource::viewPrompt(const GenerationRequest& request) {
    if (!m_promptModel) return TokenSource::viewPrompt(request);
    auto view = view_prompt(*m_promptModel, request.conversation, request.prompt);
    if (view) view->n_ctx = m_contextLength;
    return QtFuture::makeReadyFuture(std::move(view));
}

void ScriptedTokenSource::setSnapshotUse(const SnapshotUse& use) {
    m_use = use;
    emit snapshotUseChanged();
}

void ScriptedTokenSource::stop() {
    if (m_job == Job::Load)
        return soon([this] { failLoad(Error{ErrorCode::Cancelled, "stopped"}); });
    if (m_job != Job::Answer || m_isStopped) return;
    m_isStopped = true;
    m_timer.start(0);
}

void ScriptedTokenSource::next() {
    if (m_isStopped) {
        m_job = Job::None;
        emit failed(Error{ErrorCode::Cancelled, "stopped"});
        return;
    }
    if (m_steps.empty()) return end();
    const Json step = m_steps.front();
    m_steps.pop_front();
    play(step);
}

void ScriptedTokenSource::play(const Json& step) {
    int wait = 0;
    if (step.contains("wait_ms") && step["wait_ms"].is_number_integer())
        wait = step["wait_ms"].get<int>();
    if (step.contains("thinking")) {
        m_generation.thinking += textOf(step, "thinking");
        send(ThinkingDelta{textOf(step, "thinking")});
    } else if (step.contains("text")) {
        if (step.value("words", false)) {
            const auto words = wordsOf(textOf(step, "text"));
            for (auto word = words.rbegin(); word != words.rend(); ++word)
                m_steps.push_front(Json{{"text", *word}, {"wait_ms", wait}});
            wait = 0;
        } else {
            ++m_generation.stats.generated_tokens;
            m_generation.text += textOf(step, "text");
            send(TextDelta{textOf(step, "text")});
        }
    } else if (step.contains("call")) {
        ToolCall call{textOf(step, "call"), step.value("arguments", Json::object())};
        m_generation.tool_calls.push_back(call);
        send(call);
    } else if (step.contains("prompt") && step["prompt"].is_array() && step["prompt"].size() == 2) {
        send(PrefillProgress{step["prompt"][0].get<int>(), step["prompt"][1].get<int>()});
    } else if (step.contains("lost")) {
        send(DeviceNotice{textOf(step, "lost")});
    } else if (step.contains("fail")) {
        m_job = Job::None;
        emit failed(Error{ErrorCode::Internal, textOf(step, "fail")});
        return;
    } else if (step.contains("hold")) {
        return;  // stop() starts the timer again
    }
    m_timer.start(wait);
}

void ScriptedTokenSource::send(EngineEvent event) {
    emit events({std::move(event)});
}

void ScriptedTokenSource::end() {
    m_job = Job::None;
    m_generation.finish_reason =
        m_generation.tool_calls.empty() ? FinishReason::Stop : FinishReason::ToolCalls;
    m_generation.stats.decode_tps = 40.0;
    m_generation.stats.first_token_ms = 80.0;
    emit finished(m_generation);
}

}  // namespace lares::app
