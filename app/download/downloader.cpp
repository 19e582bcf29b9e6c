#include "app/download/downloader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStorageInfo>

#include <algorithm>
#include <utility>

namespace lares::download {
namespace {

using app::DownloadMessage;
using Phase = DownloadMessage::Phase;

constexpr int kMostFailures = 6;
constexpr int kLongestPause = 32;  // seconds
constexpr int kStallSeconds = 30;
constexpr qint64 kProgress = 262'144;       // bytes that make up for a failure
constexpr qint64 kSpareBytes = 16'777'216;  // that a disk keeps beside the file
constexpr qint64 kProgressMs = 250;

struct LoaderText {
    Q_DECLARE_TR_FUNCTIONS(Downloader)
};

QString sizeText(qint64 bytes) {
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

/// 1, 2, 4 … seconds, or as long as the server asks for.
int pauseOf(int nFailure, const Failure& failure) {
    const int usual = std::min(kLongestPause, 1 << std::min(nFailure - 1, 10));
    return std::max(usual, failure.retryAfterSeconds);
}

}  // namespace

Downloader::Downloader(const app::CatalogueEntry& entry,
                       const app::DownloadPlace& place,
                       const Options& options,
                       QObject* parent)
    : QObject(parent)
    , m_entry(entry)
    , m_place(place)
    , m_options(options)
    , m_part(place, entry)
    , m_fetch(entry, {options.local, kStallSeconds * options.secondMs})
    , m_whole(place.file) {
    m_next.setSingleShot(true);
    connect(&m_fetch, &Fetch::accepted, this, &Downloader::accept);
    connect(&m_fetch, &Fetch::received, this, &Downloader::take);
    connect(&m_fetch, &Fetch::ended, this, &Downloader::bodyEnded);
    connect(&m_fetch, &Fetch::failed, this, &Downloader::attemptFailed);
}

void Downloader::start() {
    if (m_hasEnded) return;  // stopped before it began
    sayPhase(Phase::Checking);
    if (QFileInfo::exists(m_place.file)) {
        if (!m_whole.open(QIODevice::ReadOnly) || m_whole.size() != m_entry.size)
            return end(
                {Failure::Code::CannotWrite,
                 LoaderText::tr("%1 is there already and is another file. Move it away, then try "
                                "again.")
                     .arg(QDir::toNativeSeparators(m_place.file))});
        m_wholeHash.begin(m_whole, m_entry.size);
        connect(&m_next, &QTimer::timeout, this, &Downloader::checkFinished);
        m_next.start(0);
        return;
    }
    if (auto opened = m_part.open(); !opened) return writingFailed(opened.error());
    connect(&m_next, &QTimer::timeout, this, &Downloader::check);
    m_next.start(0);
}

void Downloader::checkFinished() {
    if (m_wholeHash.readSlice(m_whole)) return m_next.start(0);
    if (m_wholeHash.isComplete() && m_wholeHash.digest() == m_entry.sha256) {
        return succeed();
    }
    end({Failure::Code::WrongFile,
         LoaderText::tr("%1 is there already, and its contents are not those of the model. Move it "
                        "away, then try again.")
             .arg(QDir::toNativeSeparators(m_place.file))});
}

void Downloader::check() {
    if (m_part.check()) return m_next.start(0);
    m_next.disconnect(this);
    connect(&m_next, &QTimer::timeout, this, &Downloader::attempt);
    m_furthest = m_part.size();
    sayProgress();
    if (m_part.isComplete()) return complete();
    if (const auto lack = lackOfSpace()) return end(*lack);
    attempt();
}

void Downloader::attempt() {
    sayPhase(Phase::Connecting);
    m_fetch.begin({m_part.size(), m_entry.size, m_part.etag()});
}

void Downloader::accept(qint64 from, const QByteArray& etag, bool isKnown) {
    if (from != m_part.size()) {  // all of it, though a part was asked for
        if (auto restarted = m_part.restart(); !restarted) return writingFailed(restarted.error());
    }
    if (from == 0) m_part.setSource(etag, isKnown);
    sayPhase(Phase::Downloading);
    sayProgress();
}

void Downloader::take(const QByteArray& bytes) {
    if (m_part.size() + bytes.size() > m_entry.size) {
        m_part.discard();
        return end(
            {Failure::Code::WrongFile,
             LoaderText::tr("More bytes came than the file has, so it is not the model and was "
                            "removed. Try again later.")});
    }
    if (auto written = m_part.append(bytes); !written) return writingFailed(written.error());
    if (m_part.size() >= m_furthest + kProgress) {
        m_furthest = m_part.size();
        m_nFailure = 0;
    }
    if (!m_sinceProgress.isValid() || m_sinceProgress.elapsed() >= kProgressMs) sayProgress();
}

void Downloader::bodyEnded() {
    if (m_part.isComplete()) return complete();
    attemptFailed(brokenOff(m_entry.url.host()));
}

void Downloader::complete() {
    sayProgress();
    sayPhase(Phase::Verifying);
    if (auto done = m_part.finish(); !done) {
        if (done.error().code != ErrorCode::Corrupt) return writingFailed(done.error());
        return end(
            {Failure::Code::WrongFile,
             LoaderText::tr("What arrived is not the model: its SHA-256 is another one, so it "
                            "was removed. Something on the way changes files; try again, or in "
                            "another network.")});
    }
    succeed();
}

void Downloader::succeed() {
    m_hasEnded = true;
    DownloadMessage done;
    done.event = DownloadMessage::Event::Done;
    emit said(done);
    emit finished(true);
}

void Downloader::attemptFailed(Failure failure) {
    if (auto kept = m_part.checkpoint(); !kept) return writingFailed(kept.error());
    if (failure.mayPass && ++m_nFailure < kMostFailures) {
        if (failure.needsRestart) {
            if (auto restarted = m_part.restart(); !restarted)
                return writingFailed(restarted.error());
        }
        const int seconds = pauseOf(m_nFailure, failure);
        DownloadMessage waiting;
        waiting.phase = Phase::Waiting;
        waiting.seconds = seconds;
        waiting.message = failure.message;
        emit said(waiting);
        m_next.start(seconds * m_options.secondMs);
        return;
    }
    if (failure.mayPass)
        failure.message +=
            ' ' + LoaderText::tr("It was tried %n time(s). What is there is kept: try again later.",
                                 nullptr, m_nFailure);
    end(failure);
}

std::optional<Failure> Downloader::lackOfSpace() const {
    const QStorageInfo disk(m_place.folder);
    const qint64 needed = m_entry.size - m_part.size() + kSpareBytes;
    if (!disk.isValid() || disk.bytesAvailable() >= needed) return {};
    return Failure{
        Failure::Code::DiskFull,
        LoaderText::tr("There is not enough room for the model in %1: %2 more are needed, "
                       "%3 are free. What is there is kept: make room, then go on.")
            .arg(QDir::toNativeSeparators(m_place.folder), sizeText(needed),
                 sizeText(disk.bytesAvailable()))};
}

void Downloader::writingFailed(const Error& error) {
    m_fetch.abort();
    if (const auto lack = lackOfSpace()) return end(*lack);
    end({Failure::Code::CannotWrite,
         LoaderText::tr(
             "The file could not be written: %1. Look whether the folder can be written to, "
             "then try again.")
             .arg(QString::fromStdString(error.message))});
}

void Downloader::stop() {
    if (m_hasEnded) return;
    m_fetch.abort();
    m_next.stop();
    (void)m_part.checkpoint();  // what it cannot keep is fetched once more
    m_hasEnded = true;
    DownloadMessage stopped;
    stopped.event = DownloadMessage::Event::Stopped;
    stopped.done = m_part.size();
    emit said(stopped);
    emit finished(false);
}

void Downloader::end(const Failure& failure) {
    if (std::exchange(m_hasEnded, true)) return;
    m_fetch.abort();
    m_next.stop();
    DownloadMessage message;
    message.event = DownloadMessage::Event::Error;
    message.code = nameOf(failure.code);
    message.message = failure.message;
    emit said(message);
    emit finished(false);
}

void Downloader::sayProgress() {
    m_sinceProgress.start();
    DownloadMessage progress;
    progress.event = DownloadMessage::Event::Progress;
    progress.done = m_part.size();
    progress.total = m_entry.size;
    emit said(progress);
}

void Downloader::sayPhase(Phase phase) {
    DownloadMessage message;
    message.phase = phase;
    emit said(message);
}

}  // namespace lares::download
