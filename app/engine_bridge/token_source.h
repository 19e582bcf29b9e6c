#pragma once

#include "engine/session/engine.h"

#include <QFuture>
#include <QObject>
#include <QString>

#include <filesystem>
#include <optional>
#include <vector>

namespace lares::app {

/// Where a model computes.
struct DeviceInfo {
    QString name;                      ///< of the card; empty: the processor
    QString whyCpu;                    ///< a sentence; empty on a card
    std::optional<MemoryPlan> memory;  ///< of the card, by owner
    QString library;                   ///< Session::device_library
};

/// What the window shows of the model that is loaded.
struct ModelInfo {
    QString name;
    int contextLength = 0;  ///< tokens a conversation may have
    QString notice;         ///< a sentence where something about the file is unusual; else empty
    DeviceInfo device = {};
};

/// Where answers come from: the engine on its own thread (EngineWorker) or a script
/// (ScriptedTokenSource). UI thread only; nothing here waits. One thing at a time: a call to
/// `load`, `unload` or `generate` while busy is our own mistake.
class TokenSource : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void load(const std::filesystem::path& path) = 0;
    /// Gives back what the model takes of the card and of the machine, once what it has read is
    /// kept (`setKeeping`); `unloaded` follows, also where there is none. Cannot be stopped.
    virtual void unload() = 0;
    virtual void generate(const GenerationRequest& request) = 0;
    /// Ends a load or an answer within 100 ms; its last signal still comes. No effect when idle.
    virtual void stop() = 0;
    [[nodiscard]] virtual bool isBusy() const = 0;

    // What may be done while nobody waits: in the background, without being busy, ended within 100
    // ms by a load or an answer. A source that has no model does nothing.
    /// Reads what the next turn of this conversation begins with (Engine::read_ahead). Instead of
    /// an earlier call that has not begun.
    virtual void readAhead(const GenerationRequest& /*request*/) {}
    [[nodiscard]] virtual bool isReadingAhead() const { return false; }
    /// Asks the driver how much of the model's card is free; `cardMeasured` follows where it is on
    /// one, unless something else is asked for before that.
    virtual void measureCard() {}
    /// Deletes what was kept of a conversation (GenerationRequest::owner) so that it need not be
    /// read again, in memory and on the disk; or of all.
    virtual void forget(const std::string& /*owner*/) {}
    virtual void forgetAll() {}
    /// Whether any of it is kept on the disk, beyond this run of the program.
    virtual void setKeeping(bool /*isOn*/) {}
    [[nodiscard]] virtual SnapshotUse snapshotUse() const { return {}; }

    /// The exact prompt of a request, token by token (view_prompt), made in the background:
    /// it neither waits for an answer nor delays one. NotFound where no model is loaded.
    [[nodiscard]] virtual QFuture<Result<PromptView>> viewPrompt(const GenerationRequest& request);
    /// Until those are answered, which takes as long as reading a prompt's text.
    virtual void waitForViews() {}

signals:
    void loadProgress(double share);  ///< 0 to 1
    void loaded(const lares::app::ModelInfo& info);
    void loadFailed(const lares::Error& error);  ///< Cancelled after stop()
    void unloaded();

    /// What came since the last batch, about 30 times a second.
    void events(const std::vector<lares::EngineEvent>& batch);
    void finished(const lares::Generation& generation);
    void failed(const lares::Error& error);  ///< Cancelled after stop()

    void snapshotUseChanged();
    void cardMeasured(quint64 freeBytes);
};

}  // namespace lares::app
