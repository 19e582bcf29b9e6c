#pragma once

#include "app/models/download_message.h"
#include "app/models/partial_file.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <vector>

namespace lares::test {

/// Bytes that look like nothing, the same for the same seed.
[[nodiscard]] QByteArray noise(qint64 size, quint32 seed = 1);

/// A folder of models with a catalogue of one file, and lares-download to run on it.
class DownloadRun {
public:
    DownloadRun(const QByteArray& body, const QByteArray& address, const QString& folder = {});

    /// Starts the program; `finish` waits for its end, while this thread's events go on.
    void start();
    void finish();
    void run() {
        start();
        finish();
    }
    void stop();

    QProcess& process() { return m_process; }
    [[nodiscard]] const app::CatalogueEntry& entry() const { return m_entry; }
    [[nodiscard]] const app::DownloadPlace& place() const { return m_place; }
    [[nodiscard]] std::vector<app::DownloadMessage> messages() const;
    /// "done", "stopped", or the code of the error; empty where it ended without a word.
    [[nodiscard]] QString outcome() const;
    [[nodiscard]] QString sentence() const;

    /// The file has its final name and not one byte that differs.
    [[nodiscard]] bool isRight() const;
    [[nodiscard]] bool isThere() const;
    [[nodiscard]] qint64 kept() const;

    /// A second that the program waits takes so long; 0: it is not told that this is a test.
    int secondMs = 10;

private:
    QTemporaryDir m_temporary;
    QByteArray m_body;
    app::CatalogueEntry m_entry;
    app::DownloadPlace m_place;
    QString m_catalogue;
    QProcess m_process;
    QByteArray m_output;
};

}  // namespace lares::test
