#pragma once

#include "app/engine_bridge/token_source.h"

#include <QTimer>

#include <nlohmann/json.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lares::app {

/// Answers from a file instead of a model, for people who work on the window and for its tests
/// (`lares --scripted FILE`). UI thread only. The file is a JSON list, one answer after another,
/// from the beginning again after the last:
///
///     [{"when": "time",                      only if the last user message contains this; optional
///       "steps": [{"thinking": "…"},         a piece of thinking
///                 {"text": "…"},             a piece of text, cut into words when "words": true
///                 {"call": "get_time", "arguments": {}},
///                 {"wait_ms": 40},           before the next step
///                 {"prompt": [200, 800]},    tokens read, tokens in all
///                 {"lost": "sentence"},        the card fails, and the answer goes on
///                 {"fail": "sentence"},      the answer ends with this error
///                 {"hold": true}]}]          goes on only after stop()
class ScriptedTokenSource : public TokenSource {
    Q_OBJECT

public:
    /// NotFound, or InvalidArgument that names what is wrong with the file.
    [[nodiscard]] static Result<std::unique_ptr<ScriptedTokenSource>> open(
        const std::filesystem::path& file);
    explicit ScriptedTokenSource(Json answers, QObject* parent = nullptr);

    void load(const std::filesystem::path& path) override;
    void unload() override;
    void generate(const GenerationRequest& request) override;
    void stop() override;
    [[nodiscard]] bool isBusy() const override { return m_job != Job::None; }

    void readAhead(const GenerationRequest& request) override { m_ahead.push_back(request); }
    [[nodiscard]] bool isReadingAhead() const override { return m_isReadingAhead; }
    void measureCard() override;
    void forget(const std::string& owner) override { m_forgotten.push_back(owner); }
    void forgetAll() override { m_forgotten.emplace_back("all"); }
    void setKeeping(bool isOn) override { m_isKeeping = isOn; }
    [[nodiscard]] SnapshotUse snapshotUse() const override { return m_use; }
    /// In the format of the model that was given; nothing is computed with it.
    [[nodiscard]] QFuture<Result<PromptView>> viewPrompt(const GenerationRequest& request) override;
    void setPromptModel(std::shared_ptr<const Model> model) { m_promptModel = std::move(model); }
    /// From the next load on.
    void setContextLength(int tokens) { m_contextLength = tokens; }
    /// What it says that it keeps.
    void setSnapshotUse(const SnapshotUse& use);
    /// Where the next load says that it computes.
    void setDevice(const DeviceInfo& device) { m_device = device; }
    /// What it says that the card has free.
    void setFreeCardBytes(quint64 bytes) { m_freeCardBytes = bytes; }
    void setReadingAhead(bool isReading) { m_isReadingAhead = isReading; }
    /// True: a load or an unload lasts until `goOn`, or fails with an error.
    void setHolding(bool isHolding) { m_isHolding = isHolding; }
    void goOn();
    void failLoad(const Error& error);

    // What was asked for, for tests.
    [[nodiscard]] const GenerationRequest& lastRequest() const { return m_request; }
    [[nodiscard]] const std::vector<GenerationRequest>& readAhead() const { return m_ahead; }
    [[nodiscard]] const std::vector<std::string>& forgotten() const { return m_forgotten; }
    [[nodiscard]] bool isKeeping() const { return m_isKeeping; }
    [[nodiscard]] bool isLoaded() const { return m_isLoaded; }
    [[nodiscard]] const std::vector<std::filesystem::path>& loads() const { return m_loads; }
    [[nodiscard]] int measurings() const { return m_measurings; }

private:
    enum class Job { None, Load, Unload, Answer };
    void begin(Job job);
    void soon(const std::function<void()>& end);
    void chooseAnswer();
    void next();
    void play(const Json& step);
    void end();
    void send(EngineEvent event);

    Json m_answers;
    int m_contextLength = 4096;
    std::size_t m_at = 0;
    GenerationRequest m_request;
    std::vector<GenerationRequest> m_ahead;
    std::vector<std::string> m_forgotten;
    bool m_isKeeping = true;
    SnapshotUse m_use;
    std::shared_ptr<const Model> m_promptModel;
    std::deque<Json> m_steps;
    Generation m_generation;
    QTimer m_timer;
    Job m_job = Job::None;
    int m_jobs = 0;  // begun so far
    bool m_isLoaded = false;
    bool m_isHolding = false;
    bool m_isReadingAhead = false;
    DeviceInfo m_device;
    quint64 m_freeCardBytes = 0;
    int m_measurings = 0;
    std::vector<std::filesystem::path> m_loads;
    bool m_isStopped = false;
};

}  // namespace lares::app
