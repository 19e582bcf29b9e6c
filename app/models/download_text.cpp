#include "app/models/download_text.h"

#include "app/models/model_download.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

using State = ModelDownload::State;
using Phase = DownloadMessage::Phase;

constexpr double kSlowest = 1000;  // bytes/s; below that a time left means nothing

QString downloadText(const char* text) {
    return QCoreApplication::translate("Download", text);
}

QString hoursText(double minutes) {
    const int rounded = static_cast<int>(std::lround(minutes / 10) * 10);
    QString hours =
        rounded < 120 ? downloadText("1 hour") : downloadText("%1 hours").arg(rounded / 60);
    if (rounded % 60 == 0 || rounded >= 6 * 60) return hours;
    return downloadText("%1 %2 minutes").arg(hours).arg(rounded % 60);
}

QString figuresOf(const ModelDownload& download, bool isMoving) {
    const qint64 size = download.entry().size;
    QStringList pieces{downloadText("%1 of %2").arg(sizeText(download.bytesDone()), sizeText(size)),
                       downloadText("%1 %").arg(static_cast<int>(download.share() * 100))};
    if (isMoving && download.bytesPerSecond() >= kSlowest) {
        pieces << downloadText("%1/s").arg(
            sizeText(static_cast<qint64>(download.bytesPerSecond())));
        const QString left = timeLeftText(size - download.bytesDone(), download.bytesPerSecond());
        if (!left.isEmpty()) pieces << left;
    }
    return pieces.join(QStringLiteral(" · "));
}

QString phaseHeading(Phase phase) {
    switch (phase) {
        case Phase::Checking:
            return downloadText("Checking what is there of %1");
        case Phase::Connecting:
            return downloadText("Connecting for %1");
        case Phase::Downloading:
            return downloadText("Downloading %1");
        case Phase::Waiting:
            return downloadText("The download of %1 waits");
        case Phase::Verifying:
            return downloadText("Checking %1");
    }
    return downloadText("Downloading %1");
}

}  // namespace

QString sizeText(qint64 bytes) {
    const int decimals = bytes < 1'000'000'000 ? 0 : 1;
    return QLocale().formattedDataSize(bytes, decimals, QLocale::DataSizeSIFormat);
}

QString timeLeftText(qint64 bytesLeft, double bytesPerSecond) {
    if (bytesLeft < 0 || !(bytesPerSecond >= kSlowest)) return {};
    const double minutes = static_cast<double>(bytesLeft) / bytesPerSecond / 60;
    if (minutes < 1) return downloadText("less than a minute left");
    if (minutes < 1.5) return downloadText("about a minute left");
    if (minutes < 10) return downloadText("about %1 minutes left").arg(std::lround(minutes));
    if (minutes < 57.5)
        return downloadText("about %1 minutes left").arg(std::lround(minutes / 5) * 5);
    if (minutes < 24 * 60) return downloadText("about %1 left").arg(hoursText(minutes));
    return downloadText("more than a day left");
}

QString headingOf(const ModelDownload& download) {
    QString name = download.entry().name;
    switch (download.state()) {
        case State::Unavailable:
        case State::Offered:
            return name;
        case State::Running:
            return phaseHeading(download.phase()).arg(name);
        case State::Stopping:
            return downloadText("Stopping the download of %1").arg(name);
        case State::Paused:
            return downloadText("The download of %1 is paused").arg(name);
        case State::Failed:
            return downloadText("The download of %1 stopped").arg(name);
        case State::Finished:
            return downloadText("%1 is on this computer").arg(name);
    }
    return name;
}

QString actionOf(const ModelDownload& download) {
    switch (download.state()) {
        case State::Unavailable:
            return {};
        case State::Offered:
            return downloadText("Download");
        case State::Running:
        case State::Stopping:
            return downloadText("Pause");
        case State::Paused:
            return downloadText("Resume");
        case State::Failed:
            return downloadText("Try again");
        case State::Finished:
            return downloadText("Use it now");
    }
    return {};
}

QString detailOf(const ModelDownload& download) {
    switch (download.state()) {
        case State::Unavailable:
        case State::Offered:
            return sizeText(download.entry().size);
        case State::Finished:
            return downloadText("%1, checked by its SHA-256").arg(sizeText(download.entry().size));
        case State::Failed:
            return download.reason();
        case State::Running:
            if (download.phase() == Phase::Waiting && !download.reason().isEmpty())
                return downloadText("%1 Next attempt in %2 s.")
                    .arg(download.reason())
                    .arg(std::max(1, download.waitSeconds()));
            return figuresOf(download, download.phase() == Phase::Downloading);
        case State::Stopping:
        case State::Paused:
            return figuresOf(download, false);
    }
    return {};
}

}  // namespace lares::app
