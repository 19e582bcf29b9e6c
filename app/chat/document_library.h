#pragma once

#include "tools/library/library_update.h"
#include "tools/policy/grant_list.h"

#include <QFuture>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace lares::app {

/// The folders whose documents the assistant can search, and the index of them, as the window has
/// it: read on a thread of its own that comes after everything else, when the program starts, when
/// a folder is added, when the user asks and when a search found that something was not read. Each
/// folder in it is a grant to read in `grants`, which outlives this. UI thread only; nothing here
/// waits.
class DocumentLibrary : public QObject {
    Q_OBJECT

public:
    /// No file: nothing is kept in this session.
    DocumentLibrary(std::filesystem::path file, GrantList& grants, QObject* parent = nullptr);
    ~DocumentLibrary() override;  ///< stops what is under way

    [[nodiscard]] bool isKept() const { return m_isKept; }
    [[nodiscard]] LibraryIndex& index() { return m_index; }

    struct Folder {
        LibraryFolder facts;
        std::vector<UnreadableFile> unreadable;
        QString problem;  ///< why it cannot be read now: it is gone, …
    };
    /// What is in it, as of the last look.
    [[nodiscard]] const std::vector<Folder>& folders() const { return m_folders; }
    [[nodiscard]] quint64 sizeBytes() const { return m_sizeBytes; }
    /// What is wrong with the index itself; empty: nothing.
    [[nodiscard]] QString problem() const { return m_problem; }

    struct Reading {
        QString folder;
        UpdateProgress progress;
    };
    /// Which folder is read at this moment, and how far.
    [[nodiscard]] const std::optional<Reading>& reading() const { return m_reading; }
    /// Something is under way, or waits for its turn.
    [[nodiscard]] bool isBusy() const { return m_nJobs > 0; }
    /// The user stopped the reading: it goes on with `update`, `add`, or the next start.
    [[nodiscard]] bool isStopped() const { return m_isStopped; }

    /// Grants what is in it, and reads what changed since.
    void start();
    using Reply = QFuture<Result<void>>;
    /// Is in it when this is answered, and read afterwards. Errors are sentences.
    Reply add(const QString& path);
    /// What is being read is stopped for it. Its text is off the disk when this is answered.
    Reply remove(const QString& path);
    /// Reads what changed; `retries`: what could not be read is tried again.
    void update(bool retries = true);
    void stop();
    /// A search found files that were not read yet: they are, unless the user stopped it. Any
    /// thread.
    void readLater();

signals:
    void changed();     ///< of anything above
    void progressed();  ///< of `reading` alone

private:
    /// What the thread of the library looked at when it was done.
    struct Look {
        Result<void> done;
        std::vector<Folder> folders;
        quint64 sizeBytes = 0;
        QString problem;
    };
    Reply run(std::function<Result<void>(const std::stop_token&)> work);
    // On the thread of the library.
    [[nodiscard]] Look look(Result<void> done);
    [[nodiscard]] Result<void> readAll(const std::stop_token& stop, bool retries);
    void tell(const QString& folder, const UpdateProgress& progress);

    const bool m_isKept;
    GrantList& m_grants;
    LibraryIndex m_index;
    QThreadPool m_thread;  ///< of one thread
    std::stop_source m_stop;
    int m_nJobs = 0;
    bool m_isReading = false;  ///< or about to
    bool m_isStopped = false;
    std::vector<Folder> m_folders;
    quint64 m_sizeBytes = 0;
    QString m_problem;
    std::optional<Reading> m_reading;
};

}  // namespace lares::app
