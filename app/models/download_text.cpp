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

struct DownloadText {
    Q_DECLARE_TR_FUNCTIONS(Download)
};

QString hoursLeftText(double minutes) {
    const int rounded = static_cast<int>(std::lround(minutes / 10) * 10);
    if (rounded % 60 == 0 || rounded >= 6 * 60)
        return DownloadText::tr("about %n hour(s) left", nullptr, rounded / 60);
    return DownloadText::tr("about %n hour(s) %1 minutes left", nullptr, rounded / 60)
        .arg(rounded % 60);
}

QString figuresOf(const ModelDownload& download, bool isMoving) {
    const qint64 size = download.entry().size;
    QStringList pieces{
        DownloadText::tr("%1 of %2").arg(sizeText(download.bytesDone()), sizeText(size)),
        DownloadText::tr("%1 %").arg(static_cast<int>(download.share() * 100))};
    if (isMoving && download.bytesPerSecond() >= kSlowest) {
        pieces << DownloadText::tr("%1/s").arg(
            sizeText(static_cast<qint64>(download.bytesPerSecond())));
        const QString left = timeLeftText(size - download.bytesDone(), download.bytesPerSecond());
        if (!left.isEmpty()) pieces << left;
    }
    return pieces.join(QStringLiteral(" · "));
}

QString phaseHeading(Phase phase) {
    switch (phase) {
        case Phase::Checking:
            return DownloadText::tr("Checking what is there of %1");
        case Phase::Connecting:
            return DownloadText::tr("Connecting for %1");
        case Phase::Downloading:
            return DownloadText::tr("Downloading %1");
        case Phase::Waiting:
            return DownloadText::tr("The download of %1 waits");
        case Phase::Verifying:
            return DownloadText::tr("Checking %1");
    }
    return DownloadText::tr("Downloading %1");
}

}  // namespace

QString sizeText(qint64 bytes) {
    const int decimals = bytes < 1'000'000'000 ? 0 : 1;
    return QLocale().formattedDataSize(bytes, decimals, QLocale::DataSizeSIFormat);
}

QString timeLeftText(qint64 bytesLeft, double bytesPerSecond) {
    if (bytesLeft < 0 || !(bytesPerSecond >= kSlowest)) return {};
    const double minutes = static_cast<double>(bytesLeft) / bytesPerSecond / 60;
    if (minutes < 1) return DownloadText::tr("less than a minute left");
    if (minutes < 1.5) return DownloadText::tr("about a minute left");
    if (minutes < 57.5) {
        const auto n = std::lround(minutes < 10 ? minutes : std::round(minutes / 5) * 5);
        return DownloadText::tr("about %n minute(s) left", nullptr, static_cast<int>(n));
    }
    if (minutes < 24 * 60) return hoursLeftText(minutes);
    return DownloadText::tr("more than a day left");
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
            return DownloadText::tr("Stopping the download of %1").arg(name);
        case State::Paused:
            return DownloadText::tr("The download of %1 is paused").arg(name);
        case State::Failed:
            return DownloadText::tr("The download of %1 stopped").arg(name);
        case State::Finished:
            return DownloadText::tr("%1 is on this computer").arg(name);
    }
    return name;
}

QString actionOf(const ModelDownload& download) {
    switch (download.state()) {
        case State::Unavailable:
            return {};
        case State::Offered:
            return DownloadText::tr("Download");
        case State::Running:
        case State::Stopping:
            return DownloadText::tr("Pause");
        case State::Paused:
            return DownloadText::tr("Resume");
        case State::Failed:
            return DownloadText::tr("Try again");
        case State::Finished:
            return DownloadText::tr("Use it now");
    }
    return {};
}

QString detailOf(const ModelDownload& download) {
    switch (download.state()) {
        case State::Unavailable:
        case State::Offered:
            return sizeText(download.entry().size);
        case State::Finished:
            return DownloadText::tr("%1, checked by its SHA-256")
                .arg(sizeText(download.entry().size));
        case State::Failed:
            return download.reason();
        case State::Running:
            if (download.phase() == Phase::Waiting && !download.reason().isEmpty())
                return DownloadText::tr("%1 Next attempt in %2 s.")
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
