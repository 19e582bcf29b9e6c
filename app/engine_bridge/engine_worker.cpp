#include "app/engine_bridge/engine_worker.h"

#include "app/engine_bridge/idle_work.h"

#include <QThreadPool>
#include <QtConcurrent>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <variant>

namespace lares::app {
namespace {

// Long enough that a conversation that goes on is written once, when it rests.
constexpr int kKeepAfterMs = 30'000;
constexpr int kFetchMs = 33;  // about 30 updates a second: more than an eye needs to read along

ModelInfo infoOf(const Session& session) {
    const Model& model = session.model();
    DeviceInfo device;
    if (session.device_memory()) device.name = QString::fromStdString(session.device());
    device.whyCpu = QString::fromStdString(session.device_notice());
    device.memory = session.device_memory();
    device.library = QString::fromStdString(session.device_library());
    return {QString::fromStdString(model.name()), session.n_ctx(),
            QString::fromStdString(std::string(model.template_notice())), device};
}

}  // namespace

struct EngineWorker::Shared {
    struct Unloaded {};
    using Outcome = std::variant<std::monostate, ModelInfo, Unloaded, Generation, Error>;

    // Set before the thread starts or used by it alone.
    Engine::Options options;
    std::optional<Engine> engine;
    std::function<void()> useChanged;
    std::function<void(std::size_t freeBytes)> cardMeasured;

    std::mutex mutex;
    std::condition_variable wake;
    std::function<void(std::stop_token)> job;  // at most one
    std::stop_source stop;
    bool isLoad = false;
    std::optional<double> progress;
    std::vector<EngineEvent> events;
    Outcome outcome;
    IdleWork idle;
    std::stop_source idleStop;
    bool isReadingAhead = false;
    bool isKeeping = true;
    SnapshotUse use;

    // The engine's thread is busy for as long as an answer is written. What a prompt looks like
    // depends on the model alone, which is immutable: whoever holds the lock may read it.
    std::shared_mutex modelMutex;
    const Model* model = nullptr;  // of `engine`, or null
    int contextLength = 0;

    std::jthread thread;     // it ends before the rest goes
    QThreadPool viewThread;  // the same; of one thread

    void work(const std::stop_token& quit) {
        while (true) {
            std::function<void(std::stop_token)> next;
            std::stop_token stopped;
            bool isJob = true;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return job || idle.isAny() || quit.stop_requested(); });
                if (quit.stop_requested()) break;
                if (!job) {
                    isJob = false;
                    IdleWork work = idle.takeNext();
                    isReadingAhead = work.ahead.has_value();
                    next = [this, todo = std::move(work)](const std::stop_token& stopIdle) {
                        workIdly(todo, stopIdle);
                    };
                    idleStop = {};
                    stopped = idleStop.get_token();
                } else {
                    next = std::move(job);
                    job = nullptr;
                    stopped = stop.get_token();
                }
            }
            // Our code throws nothing, but libraries and the allocator do: the one place that
            // catches, so that the window lives on. Nobody waits for idle work: what it lacked will
            // be lacking again when somebody does.
            try {
                next(stopped);
            } catch (const std::bad_alloc&) {
                if (isJob)
                    end(Error{ErrorCode::OutOfMemory,
                              EngineWorker::tr("there is not enough memory for this; close other "
                                               "programs or choose a smaller model")
                                  .toStdString()});
            } catch (const std::exception& e) {
                if (isJob)
                    end(Error{ErrorCode::Internal, EngineWorker::tr("the engine failed: %1")
                                                       .arg(QString::fromUtf8(e.what()))
                                                       .toStdString()});
            }
            const std::lock_guard lock(mutex);
            isReadingAhead = false;
        }
        // Before the end: what was deleted is gone, and what was read is kept.
        const std::lock_guard lock(mutex);
        idle.ahead.reset();
        idle.keep = true;
        while (idle.isAny())
            idle.takeNext().run(engine ? &*engine : nullptr, options.snapshot_folder, {});
    }

    void workIdly(const IdleWork& work, const std::stop_token& stopped) {
        if (work.isMeasuring) return measureCard();
        work.run(engine ? &*engine : nullptr, options.snapshot_folder, stopped);
        showUse();
    }

    /// A card that was lost says so to whoever computes on it next.
    void measureCard() {
        if (!engine) return;
        if (const auto freeBytes = engine->session().free_card_bytes()) cardMeasured(*freeBytes);
    }

    void showUse() {
        if (!engine && options.snapshot_folder.empty()) return;
        const SnapshotUse now =
            engine ? engine->snapshot_use() : Engine::snapshot_use_on_disk(options.snapshot_folder);
        {
            const std::lock_guard lock(mutex);
            use = now;
        }
        useChanged();
    }

    void end(Outcome result) {
        const std::lock_guard lock(mutex);
        outcome = std::move(result);
    }

    void letGo() {
        {
            const std::unique_lock noViews(modelMutex);
            model = nullptr;
        }
        if (engine) Engine::unload(std::move(*engine));
        engine.reset();
    }

    void unloadModel() {
        {
            const std::lock_guard lock(mutex);
            if (engine) engine->use_disk(isKeeping);
        }
        letGo();
        showUse();
        end(Unloaded());
    }

    void loadModel(const std::filesystem::path& path, const std::stop_token& stopped) {
        letGo();  // two models at once may not fit
        auto loaded = Engine::load(path, options, stopped, [this](float share) {
            const std::lock_guard lock(mutex);
            progress = share;
        });
        if (!loaded) return end(std::move(loaded).error());
        engine.emplace(std::move(*loaded));
        {
            const std::unique_lock noViews(modelMutex);
            model = &engine->model();
            contextLength = engine->session().n_ctx();
        }
        {
            const std::lock_guard lock(mutex);
            engine->use_disk(isKeeping);
        }
        showUse();
        end(infoOf(engine->session()));
    }

    Result<PromptView> view(const GenerationRequest& request) {
        const std::shared_lock lock(modelMutex);
        if (!model)
            return Error{ErrorCode::NotFound, EngineWorker::tr("no model is loaded").toStdString()};
        auto view = view_prompt(*model, request.conversation, request.prompt);
        if (view) view->n_ctx = contextLength;
        return view;
    }

    void answer(const GenerationRequest& request, const std::stop_token& stopped) {
        if (!engine)
            return end(Error{
                ErrorCode::NotFound,
                EngineWorker::tr("no model is loaded; choose one in Settings").toStdString()});
        auto generation = engine->generate(request, stopped, [this](const EngineEvent& event) {
            const std::lock_guard lock(mutex);
            events.push_back(event);
        });
        if (!generation) return end(std::move(generation).error());
        end(std::move(*generation));
    }
};

EngineWorker::EngineWorker(const Engine::Options& options, QObject* parent)
    : TokenSource(parent), m_shared(std::make_unique<Shared>()) {
    m_shared->options = options;
    m_shared->useChanged = [this] {
        QMetaObject::invokeMethod(this, &TokenSource::snapshotUseChanged, Qt::QueuedConnection);
    };
    m_shared->cardMeasured = [this](std::size_t freeBytes) {
        QMetaObject::invokeMethod(
            this, [this, freeBytes] { emit cardMeasured(freeBytes); }, Qt::QueuedConnection);
    };
    m_shared->thread = std::jthread([shared = m_shared.get()](const std::stop_token& quit) {
        const std::stop_callback wakeUp(quit, [shared] {
            const std::lock_guard lock(shared->mutex);
            shared->wake.notify_all();
        });
        shared->work(quit);
    });
    m_shared->viewThread.setMaxThreadCount(1);
    m_fetching.setInterval(kFetchMs);
    m_fetching.setTimerType(Qt::PreciseTimer);
    connect(&m_fetching, &QTimer::timeout, this, &EngineWorker::fetch);
    m_keeping.setInterval(kKeepAfterMs);
    m_keeping.setSingleShot(true);
    connect(&m_keeping, &QTimer::timeout, this,
            [this] { doIdly([](IdleWork& idle) { idle.keep = true; }); });
}

EngineWorker::~EngineWorker() {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->stop.request_stop();
    m_shared->idleStop.request_stop();
}

bool EngineWorker::isBusy() const {
    return m_isBusy;
}

void EngineWorker::load(const std::filesystem::path& path) {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->isLoad = true;
        m_shared->progress.reset();
    }
    begin([shared = m_shared.get(), path](const std::stop_token& stopped) {
        shared->loadModel(path, stopped);
    });
}

void EngineWorker::unload() {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->isLoad = true;  // whose failure there would be
    }
    begin([shared = m_shared.get()](const std::stop_token&) { shared->unloadModel(); });
}

void EngineWorker::generate(const GenerationRequest& request) {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->isLoad = false;
    }
    begin([shared = m_shared.get(), request](const std::stop_token& stopped) {
        shared->answer(request, stopped);
    });
}

void EngineWorker::doIdly(const std::function<void(IdleWork&)>& add) {
    {
        const std::lock_guard lock(m_shared->mutex);
        add(m_shared->idle);
    }
    m_shared->wake.notify_all();
}

void EngineWorker::readAhead(const GenerationRequest& request) {
    doIdly([&](IdleWork& idle) { idle.ahead = request; });
    m_keeping.start();
}

bool EngineWorker::isReadingAhead() const {
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->isReadingAhead || m_shared->idle.ahead.has_value();
}

void EngineWorker::measureCard() {
    doIdly([](IdleWork& idle) { idle.isMeasuring = true; });
}

void EngineWorker::forget(const std::string& owner) {
    doIdly([&](IdleWork& idle) { idle.forget(owner); });
}

void EngineWorker::forgetAll() {
    doIdly([](IdleWork& idle) { idle.forgetAll(); });
}

void EngineWorker::setKeeping(bool isOn) {
    doIdly([&](IdleWork& idle) { idle.isKeeping = m_shared->isKeeping = isOn; });
}

SnapshotUse EngineWorker::snapshotUse() const {
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->use;
}

QFuture<Result<PromptView>> EngineWorker::viewPrompt(const GenerationRequest& request) {
    return QtConcurrent::run(&m_shared->viewThread,
                             [shared = m_shared.get(), request] { return shared->view(request); });
}

void EngineWorker::waitForViews() {
    m_shared->viewThread.waitForDone();
}

void EngineWorker::begin(std::function<void(std::stop_token)> job) {
    Q_ASSERT(!m_isBusy);
    m_isBusy = true;
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->stop = {};
        m_shared->outcome = {};
        m_shared->events.clear();
        m_shared->job = std::move(job);
        m_shared->idle.ahead.reset();
        m_shared->idle.isMeasuring = false;
        m_shared->idleStop.request_stop();
    }
    m_shared->wake.notify_all();
    m_keeping.stop();
    m_fetching.start();
}

void EngineWorker::stop() {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->stop.request_stop();
}

void EngineWorker::fetch() {
    std::vector<EngineEvent> batch;
    Shared::Outcome outcome;
    std::optional<double> progress;
    bool isLoad = false;
    {
        const std::lock_guard lock(m_shared->mutex);
        batch.swap(m_shared->events);
        std::swap(outcome, m_shared->outcome);
        std::swap(progress, m_shared->progress);
        isLoad = m_shared->isLoad;
    }
    if (progress) emit loadProgress(*progress);
    if (!batch.empty()) emit events(batch);
    if (std::holds_alternative<std::monostate>(outcome)) return;
    // Idle before the signals: whoever hears them may ask for the next thing at once.
    m_fetching.stop();
    m_keeping.start();
    m_isBusy = false;
    if (const auto* error = std::get_if<Error>(&outcome)) {
        isLoad ? emit loadFailed(*error) : emit failed(*error);
    } else if (const auto* info = std::get_if<ModelInfo>(&outcome)) {
        emit loaded(*info);
    } else if (std::holds_alternative<Shared::Unloaded>(outcome)) {
        emit unloaded();
    } else {
        emit finished(std::get<Generation>(outcome));
    }
}

}  // namespace lares::app
