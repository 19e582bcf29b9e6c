#pragma once

#include <QFileSystemWatcher>
#include <QObject>

#include <chrono>

namespace lares::app {

/// How a second start speaks to the Lares that runs: it leaves a file in a folder that the first
/// one watches, and the first one takes it away. No socket, nothing that listens: the folder is
/// closed to other users, a wish is one of a few words, and what else lies there is ignored. UI
/// thread only.
class Wishes : public QObject {
    Q_OBJECT

public:
    enum class Wish { Show, Quick };

    /// Watches from the next turn of the event loop on; what lay there for long is dropped.
    /// `folder` is made, closed to others.
    explicit Wishes(const QString& folder, QObject* parent = nullptr);

    /// From a second start. True: the first one has taken it. Waits that long at most.
    [[nodiscard]] static bool leave(const QString& folder,
                                    Wish wish,
                                    std::chrono::milliseconds patience);

signals:
    void came(lares::app::Wishes::Wish wish);

private:
    void take();

    QString m_folder;
    QFileSystemWatcher m_watcher;
};

}  // namespace lares::app
