#pragma once

#include "app/engine_bridge/token_source.h"

#include <QTimer>

#include <nlohmann/json.hpp>

#include <deque>
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
    void generate(const GenerationRequest& request) override;
    void stop() override;
    [[nodiscard]] bool isBusy() const override { return m_isBusy; }

    void readAhead(const GenerationRequest& request) override { m_ahead.push_back(request); }
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

    // What was asked for, for tests.
    [[nodiscard]] const GenerationRequest& lastRequest() const { return m_request; }
    [[nodiscard]] const std::vector<GenerationRequest>& readAhead() const { return m_ahead; }
    [[nodiscard]] const std::vector<std::string>& forgotten() const { return m_forgotten; }
    [[nodiscard]] bool isKeeping() const { return m_isKeeping; }

private:
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
    bool m_isBusy = false;
    bool m_isStopped = false;
};

}  // namespace lares::app
