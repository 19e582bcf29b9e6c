#include "app/models/model_download.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr int kSpeedIntervalMs = 1000;
constexpr double kNewest = 0.3;    // the share that the last second has in the speed
constexpr int kLastWaitMs = 2000;  // for the program to put down what it has, at our end
constexpr qint64 kMostLine = 65'536;

using Event = DownloadMessage::Event;
using Phase = DownloadMessage::Phase;

}  // namespace

ModelDownload::ModelDownload(const DownloadOptions& options, QObject* parent)
    : QObject(parent)
    , m_program(options.program)
    , m_arguments(options.arguments)
    , m_entry(options.entry.value_or(CatalogueEntry()))
    , m_place(options.folder, m_entry) {
    if (options.entry && QFileInfo(m_program).isExecutable()) lookAtDisk();
}

ModelDownload::~ModelDownload() {
    if (!m_process) return;
    // The end of its stdin stops it; waiting spares the last bytes a second journey.
    m_process->disconnect(this);
    m_process->closeWriteChannel();
    m_process->waitForFinished(kLastWaitMs);
}

void ModelDownload::lookAtDisk() {
    m_speed = 0;
    m_waitSeconds = 0;
    if (isFinished(m_place, m_entry)) {
        m_done = m_entry.size;
        return setState(State::Finished);
    }
    m_done = bytesKept(m_place, m_entry);
    setState(m_done > 0 ? State::Paused : State::Offered);
}

double ModelDownload::share() const {
    if (m_entry.size <= 0) return 0;
    return std::clamp(static_cast<double>(m_done) / static_cast<double>(m_entry.size), 0.0, 1.0);
}

void ModelDownload::start() {
    if (m_process || m_state == State::Unavailable || m_state == State::Finished) return;
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &ModelDownload::readLines);
    connect(m_process.get(), &QProcess::finished, this, &ModelDownload::ended);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) ended();
    });
    m_reason.clear();
    m_hasFailed = false;
    m_speed = 0;
    m_sinceSpeed.invalidate();
    m_phase = Phase::Checking;
    m_isRemoving = false;
    setState(State::Running);
    m_process->start(m_program,
                     m_arguments + QStringList{"--model", m_entry.id, "--folder", m_place.folder});
}

void ModelDownload::pause() {
    if (m_state != State::Running) return;
    setState(State::Stopping);
    if (!m_process) return ended();
    m_process->write(stopLine());
    m_process->closeWriteChannel();
}

void ModelDownload::cancel() {
    if (m_state == State::Finished) return;
    m_isRemoving = true;
    if (m_state == State::Running) return pause();
    if (m_state == State::Paused || m_state == State::Failed) ended();
}

void ModelDownload::acknowledge() {
    if (!m_hasArrived) return;
    m_hasArrived = false;
    emit changed();
}

void ModelDownload::readLines() {
    while (m_process && m_process->canReadLine()) receive(m_process->readLine(kMostLine));
}

void ModelDownload::receive(const QByteArray& line) {
    const auto message = readMessage(line);
    if (!message) return;
    switch (message->event) {
        case Event::State:
            m_phase = message->phase;
            m_waitSeconds = message->seconds;
            m_reason = message->message;
            if (m_phase != Phase::Downloading) {
                m_speed = 0;
                m_sinceSpeed.invalidate();
            }
            setState(m_state == State::Stopping ? State::Stopping : State::Running);
            break;
        case Event::Progress:
            showProgress(*message);
            break;
        case Event::Stopped:
            m_done = std::min(message->done, m_entry.size);
            break;
        case Event::Done:
            m_hasArrived = true;
            if (!m_process) setState(State::Finished);
            break;
        case Event::Error:
            m_reason = message->message;
            m_hasFailed = true;
            if (!m_process) ended();
            break;
    }
}

void ModelDownload::showProgress(const DownloadMessage& message) {
    m_done = std::min(message.done, m_entry.size);
    if (!m_sinceSpeed.isValid()) {
        m_sinceSpeed.start();
        m_doneAtSpeed = m_done;
    } else if (const qint64 ms = m_sinceSpeed.elapsed(); ms >= kSpeedIntervalMs) {
        const double now = 1000.0 *
                           static_cast<double>(std::max<qint64>(0, m_done - m_doneAtSpeed)) /
                           static_cast<double>(ms);
        m_speed = m_speed > 0 ? m_speed + kNewest * (now - m_speed) : now;
        m_sinceSpeed.start();
        m_doneAtSpeed = m_done;
    }
    emit progressed();
}

void ModelDownload::fail(const QString& reason) {
    m_reason = reason;
    setState(State::Failed);
}

/// What is on disk counts, not what the program said last.
void ModelDownload::ended() {
    readLines();
    if (m_process) m_process.release()->deleteLater();  // it may be its signal that brought us here
    if (m_isRemoving) {
        m_isRemoving = false;
        if (auto removed = removePartial(m_place); !removed)
            return fail(QString::fromStdString(removed.error().message) + '.');
        m_reason.clear();
        return lookAtDisk();
    }
    if (std::exchange(m_hasFailed, false)) {
        m_done = bytesKept(m_place, m_entry);
        return fail(m_reason);
    }
    const bool wasAsked = m_state == State::Stopping;
    lookAtDisk();
    if (m_state == State::Finished) return;
    m_hasArrived = false;  // whatever it said
    if (wasAsked) return;
    fail(
        tr("The program that downloads ended unexpectedly. What it has is kept: try again, and if "
           "that fails too, install Lares again."));
}

void ModelDownload::setState(State state) {
    m_state = state;
    emit changed();
}

}  // namespace lares::app
