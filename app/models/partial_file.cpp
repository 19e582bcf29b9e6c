#include "app/models/partial_file.h"

#include "app/files/whole_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>

#include <algorithm>

namespace lares::app {
namespace {

constexpr qint64 kMostNotes = 16'384;
constexpr qsizetype kMostEtag = 256;

}  // namespace

DownloadPlace::DownloadPlace(const QString& in, const CatalogueEntry& entry)
    : folder(in)
    , file(QDir(in).filePath(entry.file))
    , part(file + ".part")
    , notes(file + ".part.json")
    , lock(file + ".lock") {}

std::optional<DownloadNotes> readNotes(const DownloadPlace& place, const CatalogueEntry& entry) {
    QFile file(place.notes);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QJsonObject object = QJsonDocument::fromJson(file.read(kMostNotes)).object();
    if (object["sha256"].toString().toLatin1() != entry.sha256) return {};
    DownloadNotes notes;
    notes.kept = object["kept"].toInteger(-1);
    notes.keptHash = object["kept_sha256"].toString().toLatin1();
    notes.etag = object["etag"].toString().left(kMostEtag).toLatin1();
    if (notes.kept < 0 || notes.kept > entry.size || notes.keptHash.size() != 64) return {};
    return notes;
}

Result<void> writeNotes(const DownloadPlace& place,
                        const CatalogueEntry& entry,
                        const DownloadNotes& notes) {
    const QJsonObject object{{"sha256", QString::fromLatin1(entry.sha256)},
                             {"kept", notes.kept},
                             {"kept_sha256", QString::fromLatin1(notes.keptHash)},
                             {"etag", QString::fromLatin1(notes.etag.left(kMostEtag))}};
    const auto written = writeWholeFile(place.notes, QJsonDocument(object).toJson());
    if (written) return {};
    return Error{ErrorCode::Io,
                 "cannot write " + place.notes.toStdString() + ": " + written.error().message};
}

qint64 bytesKept(const DownloadPlace& place, const CatalogueEntry& entry) {
    const auto notes = readNotes(place, entry);
    const QFileInfo part(place.part);
    if (!notes || !part.isFile() || part.isSymLink() || part.size() < notes->kept) return 0;
    return notes->kept;
}

bool isFinished(const DownloadPlace& place, const CatalogueEntry& entry) {
    const QFileInfo file(place.file);
    return file.isFile() && file.size() == entry.size;
}

Result<void> removePartial(const DownloadPlace& place) {
    if (!QDir(place.folder).exists()) return {};
    QLockFile lock(place.lock);
    lock.setStaleLockTime(0);
    if (!lock.tryLock(0))
        return Error{
            ErrorCode::Io,
            QCoreApplication::translate(
                "Download", "another Lares is downloading this file; what it has was not removed")
                .toStdString()};
    for (const QString& name : {place.notes, place.part}) {
        if (QFile::exists(name) && !QFile::remove(name))
            return Error{ErrorCode::Io, QCoreApplication::translate("Download", "cannot remove %1")
                                            .arg(name)
                                            .toStdString()};
    }
    return {};
}

}  // namespace lares::app
