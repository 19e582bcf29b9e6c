#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <vector>

namespace lares::app {

/// One file that can be downloaded. Everything in it is checked: the name is a plain file name, the
/// address HTTPS at one of the hosts, size and hash are what a finished file must have.
struct CatalogueEntry {
    QString id;    ///< "nemotron-3-nano-4b-q4_k_m"
    QString name;  ///< for people
    QString file;  ///< its name on disk
    QUrl url;
    qint64 size = 0;    ///< bytes
    QByteArray sha256;  ///< 64 lower-case hexadecimal digits
    QStringList hosts;  ///< where the address may lead: "huggingface.co", "*.hf.co"
    QString page;       ///< where a person can read about it
    QString licence;    ///< of the model, by name
    QString licencePage;
};

/// Plain HTTP to 127.0.0.1 is for tests of the download; the window never allows it.
enum class LocalServer { Refused, Allowed };

/// Whether an address, of the catalogue or of a redirect, may be connected to.
[[nodiscard]] Result<void> checkAddress(const QUrl& url,
                                        const QStringList& hosts,
                                        LocalServer local = LocalServer::Refused);

/// Reads a catalogue; one wrong entry makes all of it wrong. Untrusted input, though ours is
/// compiled in.
[[nodiscard]] Result<std::vector<CatalogueEntry>> parseCatalogue(
    const QByteArray& json, LocalServer local = LocalServer::Refused);

/// The catalogue that is compiled in, or that of a file.
[[nodiscard]] Result<std::vector<CatalogueEntry>> readCatalogue(
    const QString& file = {}, LocalServer local = LocalServer::Refused);

}  // namespace lares::app
