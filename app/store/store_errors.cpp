#include "app/store/store_errors.h"

#include "tools/storage/disk_space.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <sqlite3.h>

namespace lares::app {
namespace {

struct StoreSentence {
    Q_DECLARE_TR_FUNCTIONS(Store)
};

Error error(ErrorCode code, const QString& message) {
    return {code, message.toStdString()};
}

QString shownReason(const std::error_code& why) {
    return QString::fromStdString(why.message());
}

QString detail(sqlite3* connection, int code) {
    const char* text = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    return QStringLiteral("%1, %2").arg(QString::fromUtf8(text)).arg(code);
}

}  // namespace

QString shownPath(const std::filesystem::path& path) {
    return QDir::toNativeSeparators(QFileInfo(path).filePath());
}

Error databaseError(sqlite3* connection, int code, const std::filesystem::path& file) {
    if (is_out_of_space(connection, code)) {
        return error(
            ErrorCode::Io,
            StoreSentence::tr("The disk with your conversations is full (%1). Free some space and "
                              "try again; what was saved before is safe.")
                .arg(shownPath(file.parent_path())));
    }
    switch (code & 0xff) {
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return readOnlyDatabase(file);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return error(ErrorCode::Io,
                         StoreSentence::tr("Another program uses your conversations (%1). "
                                           "Is Lares already running? Close it and try "
                                           "again.")
                             .arg(shownPath(file)));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return error(
                ErrorCode::Corrupt,
                StoreSentence::tr("The database of your conversations is damaged (%1). Quit Lares "
                                  "and start it again: it then puts it together again from its "
                                  "copies and from what can still be read.")
                    .arg(shownPath(file)));
        case SQLITE_CANTOPEN:
            return error(
                ErrorCode::Io,
                StoreSentence::tr("The database of your conversations cannot be opened (%1). Check "
                                  "that the folder is there and that you may write into it.")
                    .arg(shownPath(file)));
        case SQLITE_NOMEM:
            return error(
                ErrorCode::OutOfMemory,
                StoreSentence::tr("There is not enough memory to save. Close other programs and "
                                  "try again."));
        case SQLITE_TOOBIG:
            return error(
                ErrorCode::InvalidArgument,
                StoreSentence::tr("This text is too long to be saved (over 1 GB). Shorten it and "
                                  "try again."));
        case SQLITE_IOERR:
            return error(ErrorCode::Io,
                         StoreSentence::tr("The disk with your conversations reports an "
                                           "error (%1: %2). Make sure that it is connected "
                                           "and try again.")
                             .arg(shownPath(file), detail(connection, code)));
        default:
            return error(
                ErrorCode::Internal,
                StoreSentence::tr("Your conversations could not be read or saved (%1: %2). Restart "
                                  "Lares; if it happens again, please report it.")
                    .arg(shownPath(file), detail(connection, code)));
    }
}

Error folderError(const std::filesystem::path& folder, const std::error_code& why) {
    return error(ErrorCode::Io,
                 StoreSentence::tr("The folder for your conversations cannot be made: %1 "
                                   "(%2). Check what is in its place and whether you may "
                                   "write there.")
                     .arg(shownPath(folder), shownReason(why)));
}

Error readOnlyDatabase(const std::filesystem::path& file) {
    return error(ErrorCode::Io,
                 StoreSentence::tr("Your conversations can only be read, not saved (%1). "
                                   "Give yourself the right to write to this file and its "
                                   "folder, then start Lares again.")
                     .arg(shownPath(file)));
}

Error newerDatabase(const std::filesystem::path& file, qint64 found, qint64 known) {
    return error(
        ErrorCode::Unsupported,
        StoreSentence::tr("Your conversations were saved by a newer Lares (%1 has format %2, this "
                          "program knows up to %3). Start the newer Lares; nothing was changed.")
            .arg(shownPath(file))
            .arg(found)
            .arg(known));
}

Error foreignDatabase(const std::filesystem::path& file) {
    return error(
        ErrorCode::Unsupported,
        StoreSentence::tr("%1 is a database of another program. Move it to another place and start "
                          "Lares again; nothing was changed.")
            .arg(shownPath(file)));
}

Error cannotSetAside(const std::filesystem::path& file, const std::error_code& why) {
    return error(
        ErrorCode::Corrupt,
        StoreSentence::tr("The database of your conversations is damaged and cannot be renamed: %1 "
                          "(%2). Move it to another place and start Lares again.")
            .arg(shownPath(file), shownReason(why)));
}

Error cannotErase(const std::filesystem::path& copy, const std::error_code& why) {
    return error(
        ErrorCode::Io,
        StoreSentence::tr("It is deleted, but still in a copy of your conversations, which "
                          "cannot be deleted: %1 (%2). Delete that file yourself.")
            .arg(shownPath(copy), shownReason(why)));
}

Error unexpectedError(const char* what) {
    return error(
        ErrorCode::Internal,
        StoreSentence::tr("Your conversations could not be read or saved (%1). Try again; if it "
                          "happens again, restart Lares.")
            .arg(QString::fromUtf8(what)));
}

QString damagedDatabaseKept(const std::filesystem::path& kept) {
    return StoreSentence::tr(
               "The database of your conversations was damaged, and nothing in it could be read, "
               "so Lares started a new one. The old one is kept as %1; restore it from a backup "
               "if you have one.")
        .arg(shownPath(kept));
}

QString recoveredFromBackup(const QDate& day,
                            qint64 nConversations,
                            qint64 nNewerMessages,
                            const std::filesystem::path& kept) {
    return StoreSentence::tr(
               "The database of your conversations was damaged. Lares has put it together again "
               "from its copy of %1 and from what could still be read. Conversations: %2; messages "
               "newer than the copy: %3. Look whether the last ones are whole. Permissions for "
               "folders and commands are asked for again. The damaged file is kept as %4.")
        .arg(QLocale().toString(day, QLocale::LongFormat))
        .arg(nConversations)
        .arg(nNewerMessages)
        .arg(shownPath(kept));
}

QString recoveredFromRest(qint64 nConversations,
                          qint64 nMessages,
                          const std::filesystem::path& kept) {
    return StoreSentence::tr(
               "The database of your conversations was damaged. Lares has put together again what "
               "could still be read of it. Conversations: %1; messages: %2. Some may be missing. "
               "Permissions for folders and commands are asked for again. The damaged file is "
               "kept as %3.")
        .arg(nConversations)
        .arg(nMessages)
        .arg(shownPath(kept));
}

QString lostTextSentence() {
    return StoreSentence::tr("What stood here was lost when the database was damaged.");
}

QString recoveredTitle() {
    return StoreSentence::tr("Recovered conversation");
}

}  // namespace lares::app
