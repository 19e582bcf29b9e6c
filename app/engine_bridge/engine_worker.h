#pragma once

#include "app/engine_bridge/token_source.h"

#include <QTimer>

#include <memory>

namespace lares::app {

struct IdleWork;

/// The engine on a thread of its own. The model, the engine and all computing live there; the UI
/// thread only hands over requests and fetches events, every 33 ms while there is work.
/// A stop is honoured within one token, or one prefill step of a prompt.
class EngineWorker : public TokenSource {
    Q_OBJECT

public:
    explicit EngineWorker(const Engine::Options& options, QObject* parent = nullptr);
    /// Stops what runs and waits for it to end, and for the disk to have what should be kept there.
    ~EngineWorker() override;

    void load(const std::filesystem::path& path) override;
    void unload() override;
    void generate(const GenerationRequest& request) override;
    void stop() override;
    [[nodiscard]] bool isBusy() const override;

    void readAhead(const GenerationRequest& request) override;
    [[nodiscard]] bool isReadingAhead() const override;
    void measureCard() override;
    void forget(const std::string& owner) override;
    void forgetAll() override;
    void setKeeping(bool isOn) override;
    [[nodiscard]] SnapshotUse snapshotUse() const override;
    [[nodiscard]] QFuture<Result<PromptView>> viewPrompt(const GenerationRequest& request) override;
    void waitForViews() override;

    /// Without anything to do for so long, what the model has read goes to the disk.
    void setKeepDelay(int ms) { m_keeping.setInterval(ms); }

private:
    struct Shared;  // what both threads touch, under its mutex
    void begin(std::function<void(std::stop_token)> job);
    void doIdly(const std::function<void(IdleWork&)>& add);
    void fetch();

    std::unique_ptr<Shared> m_shared;
    QTimer m_fetching;
    QTimer m_keeping;
    bool m_isBusy = false;
};

}  // namespace lares::app
