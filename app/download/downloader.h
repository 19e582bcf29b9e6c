#pragma once

#include "app/download/fetch.h"
#include "app/download/part_file.h"
#include "app/models/download_message.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <optional>

namespace lares::download {

/// Gets one file of the catalogue into a folder: looks at what is there, asks for the rest, tries
/// again what may pass, and gives the file its name when size and hash are right. At most one per
/// place: the caller holds its lock. Lives on the main thread and never blocks it for long.
class Downloader : public QObject {
    Q_OBJECT

public:
    struct Options {
        app::LocalServer local = app::LocalServer::Refused;
        int secondMs = 1000;  ///< how long a second of waiting takes; tests have less time
    };
    Downloader(const app::CatalogueEntry& entry,
               const app::DownloadPlace& place,
               const Options& options,
               QObject* parent = nullptr);

    void start();
    /// Keeps what is there. `finished` follows, unless it did already.
    void stop();

signals:
    void said(const lares::app::DownloadMessage& message);
    void finished(bool isThere);

private:
    void check();
    void checkFinished();
    void attempt();
    void accept(qint64 from, const QByteArray& etag, bool isKnown);
    void take(const QByteArray& bytes);
    void bodyEnded();
    void complete();
    void succeed();
    void attemptFailed(Failure failure);
    void writingFailed(const Error& error);
    void end(const Failure& failure);
    void sayProgress();
    void sayPhase(app::DownloadMessage::Phase phase);
    [[nodiscard]] std::optional<Failure> lackOfSpace() const;

    app::CatalogueEntry m_entry;
    app::DownloadPlace m_place;
    Options m_options;
    PartFile m_part;
    Fetch m_fetch;
    QTimer m_next;  ///< the next slice to check, or the next attempt
    QFile m_whole;  ///< a file that has the final name already
    FileHash m_wholeHash;
    QElapsedTimer m_sinceProgress;
    qint64 m_furthest = 0;  ///< bytes; only getting further counts as progress
    int m_nFailure = 0;     ///< in a row, without progress
    bool m_hasEnded = false;
};

}  // namespace lares::download
