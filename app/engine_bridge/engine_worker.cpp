#include "app/engine_bridge/engine_worker.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

namespace lares::app {
namespace {

constexpr int kFetchMs = 33;  // about 30 updates a second: more than an eye needs to read along

using Outcome = std::variant<std::monostate, ModelInfo, Generation, Error>;

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
    // Set before the thread starts or used by it alone.
    SessionOptions options;
    std::optional<Engine> engine;

    std::mutex mutex;
    std::condition_variable wake;
    std::function<void(std::stop_token)> job;  // at most one
    std::stop_source stop;
    bool isLoad = false;
    std::optional<double> progress;
    std::vector<EngineEvent> events;
    Outcome outcome;

    std::jthread thread;  // last: it ends before the rest goes

    void work(const std::stop_token& quit) {
        while (true) {
            std::function<void(std::stop_token)> next;
            std::stop_token stopped;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return job || quit.stop_requested(); });
                if (quit.stop_requested()) return;
                next = std::move(job);
                job = nullptr;
                stopped = stop.get_token();
            }
            // Our code throws nothing, but libraries and the allocator do: the one place that
            // catches, so that the window lives on.
            try {
                next(stopped);
            } catch (const std::bad_alloc&) {
                end(Error{ErrorCode::OutOfMemory,
                          "there is not enough memory for this; close other programs or choose a "
                          "smaller model"});
            } catch (const std::exception& e) {
                end(Error{ErrorCode::Internal, std::string("the engine failed: ") + e.what()});
            }
        }
    }

    void end(Outcome result) {
        const std::lock_guard lock(mutex);
        outcome = std::move(result);
    }

    void loadModel(const std::filesystem::path& path, const std::stop_token& stopped) {
        engine.reset();  // two models at once may not fit
        Engine::Options all;
        all.session = options;
        auto loaded = Engine::load(path, all, stopped, [this](float share) {
            const std::lock_guard lock(mutex);
            progress = share;
        });
        if (!loaded) return end(std::move(loaded).error());
        engine.emplace(std::move(*loaded));
        end(infoOf(engine->session()));
    }

    void answer(const GenerationRequest& request, const std::stop_token& stopped) {
        if (!engine)
            return end(Error{ErrorCode::NotFound, "no model is loaded; choose one in Settings"});
        auto generation = engine->generate(request, stopped, [this](const EngineEvent& event) {
            const std::lock_guard lock(mutex);
            events.push_back(event);
        });
        if (!generation) return end(std::move(generation).error());
        end(std::move(*generation));
    }
};

EngineWorker::EngineWorker(const SessionOptions& options, QObject* parent)
    : TokenSource(parent), m_shared(std::make_unique<Shared>()) {
    m_shared->options = options;
    m_shared->thread = std::jthread([shared = m_shared.get()](const std::stop_token& quit) {
        const std::stop_callback wakeUp(quit, [shared] {
            const std::lock_guard lock(shared->mutex);
            shared->wake.notify_all();
        });
        shared->work(quit);
    });
    m_fetching.setInterval(kFetchMs);
    m_fetching.setTimerType(Qt::PreciseTimer);
    connect(&m_fetching, &QTimer::timeout, this, &EngineWorker::fetch);
}

EngineWorker::~EngineWorker() {
    stop();
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

void EngineWorker::generate(const GenerationRequest& request) {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->isLoad = false;
    }
    begin([shared = m_shared.get(), request](const std::stop_token& stopped) {
        shared->answer(request, stopped);
    });
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
    }
    m_shared->wake.notify_all();
    m_fetching.start();
}

void EngineWorker::stop() {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->stop.request_stop();
}

void EngineWorker::fetch() {
    std::vector<EngineEvent> batch;
    Outcome outcome;
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
    m_isBusy = false;
    if (const auto* error = std::get_if<Error>(&outcome)) {
        isLoad ? emit loadFailed(*error) : emit failed(*error);
    } else if (const auto* info = std::get_if<ModelInfo>(&outcome)) {
        emit loaded(*info);
    } else {
        emit finished(std::get<Generation>(outcome));
    }
}

}  // namespace lares::app
