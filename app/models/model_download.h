#pragma once

#include "app/models/download_message.h"
#include "app/models/model_catalogue.h"
#include "app/models/partial_file.h"

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>

#include <memory>
#include <optional>

namespace lares::app {

/// What the window needs to offer a download.
struct DownloadOptions {
    QString program;  ///< lares-download; one that is not there: nothing can be downloaded
    QStringList arguments = {};                ///< before our own, for tests
    std::optional<CatalogueEntry> entry = {};  ///< what would be downloaded; none: nothing
    QString folder;                            ///< of models
};

/// One download of one model. The network is another program's (lares-download, app/download): this
/// starts it, reads what it says, and asks it to stop; that program ends with this object or with
/// the process, whatever happens to it. What is on disk decides what a new object begins with: a
/// download that was interrupted is Paused. UI thread only; nothing waits.
class ModelDownload : public QObject {
    Q_OBJECT

public:
    enum class State {
        Unavailable,  ///< there is no program for it, or nothing to download
        Offered,      ///< nothing is there yet
        Running,      ///< phase() says at what
        Stopping,     ///< asked to; Paused or Offered follows
        Paused,
        Failed,  ///< failure() says why; start() tries again
        Finished,
    };

    explicit ModelDownload(const DownloadOptions& options, QObject* parent = nullptr);
    ~ModelDownload() override;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] DownloadMessage::Phase phase() const { return m_phase; }
    [[nodiscard]] const CatalogueEntry& entry() const { return m_entry; }
    [[nodiscard]] QString folder() const { return m_place.folder; }
    [[nodiscard]] QString filePath() const { return m_place.file; }

    [[nodiscard]] qint64 bytesDone() const { return m_done; }
    [[nodiscard]] double share() const;  ///< 0 to 1
    /// Of the last seconds; 0: not known yet.
    [[nodiscard]] double bytesPerSecond() const { return m_speed; }
    /// Why it waits, or why it failed: a sentence with the next step.
    [[nodiscard]] QString reason() const { return m_reason; }
    [[nodiscard]] int waitSeconds() const { return m_waitSeconds; }
    /// It ended while this object looked on: offer to use it.
    [[nodiscard]] bool hasArrived() const { return m_hasArrived; }

    /// One line of the program's; pictures and tests say it themselves.
    void receive(const QByteArray& line);

public slots:
    void start();        ///< also goes on, and tries again
    void pause();        ///< what is there stays
    void cancel();       ///< and removes what is there
    void acknowledge();  ///< that it arrived

signals:
    void changed();     ///< state, phase or reason
    void progressed();  ///< bytes and speed

private:
    void readLines();
    void ended();
    void showProgress(const DownloadMessage& message);
    void fail(const QString& reason);
    void setState(State state);
    void lookAtDisk();

    QString m_program;
    QStringList m_arguments;
    CatalogueEntry m_entry;
    DownloadPlace m_place;
    std::unique_ptr<QProcess> m_process;
    QElapsedTimer m_sinceSpeed;
    State m_state = State::Unavailable;
    DownloadMessage::Phase m_phase = DownloadMessage::Phase::Checking;
    qint64 m_done = 0;
    qint64 m_doneAtSpeed = 0;
    double m_speed = 0;
    QString m_reason;
    int m_waitSeconds = 0;
    bool m_hasFailed = false;
    bool m_isRemoving = false;
    bool m_hasArrived = false;
};

}  // namespace lares::app
