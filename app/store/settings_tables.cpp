#include "app/store/settings_tables.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace lares::app {

Result<QJsonObject> loadSettings(Database& database) {
    ASSIGN_OR_RETURN(Statement row, database.prepare("SELECT key, value FROM settings"));
    QJsonObject settings;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return settings;
        // Kept as an array of one: a document cannot be a bare value.
        const auto value = QJsonDocument::fromJson(row.text(1).toUtf8()).array();
        if (!value.isEmpty()) settings.insert(row.text(0), value.at(0));
    }
}

Result<QJsonValue> loadSetting(Database& database, const QString& key) {
    ASSIGN_OR_RETURN(Statement row, database.prepare("SELECT value FROM settings WHERE key = ?"));
    ASSIGN_OR_RETURN(const bool hasRow, row.bind(key).step());
    if (!hasRow) return QJsonValue(QJsonValue::Undefined);
    const auto value = QJsonDocument::fromJson(row.text(0).toUtf8()).array();
    return value.isEmpty() ? QJsonValue(QJsonValue::Undefined) : value.at(0);
}

Result<void> saveSetting(Database& database, const QString& key, const QJsonValue& value) {
    if (value.isUndefined()) {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("DELETE FROM settings WHERE key = ?"));
        return statement.bind(key).run();
    }
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("INSERT INTO settings(key, value) VALUES(?, ?) ON "
                                      "CONFLICT(key) DO UPDATE SET value=excluded.value WHERE "
                                      "value IS NOT excluded.value"));
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return statement.bind(key).bind(QString::fromUtf8(json)).run();
}

Result<std::vector<StoredGrant>> loadGrants(Database& database) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT id, folder, access, granted_at FROM grants ORDER BY id"));
    std::vector<StoredGrant> grants;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return grants;
        grants.push_back({row.integer(0), row.text(1), row.text(2),
                          QDateTime::fromMSecsSinceEpoch(row.integer(3))});
    }
}

Result<StoredGrant> saveGrant(Database& database,
                              const QString& folder,
                              const QString& access,
                              const QDateTime& grantedAt) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    StoredGrant grant{0, folder, access, grantedAt};
    {
        ASSIGN_OR_RETURN(
            Statement statement,
            database.prepare("INSERT INTO grants(folder, access, granted_at) VALUES(?, ?, ?) ON "
                             "CONFLICT(folder, access) DO UPDATE SET "
                             "granted_at=excluded.granted_at RETURNING id"));
        statement.bind(folder).bind(access).bind(grantedAt.toMSecsSinceEpoch());
        ASSIGN_OR_RETURN([[maybe_unused]] const bool hasRow, statement.step());
        grant.id = statement.integer(0);
    }
    RETURN_IF_ERROR(transaction.commit());
    return grant;
}

Result<void> deleteGrant(Database& database, qint64 id) {
    ASSIGN_OR_RETURN(Statement statement, database.prepare("DELETE FROM grants WHERE id = ?"));
    return statement.bind(id).run();
}

}  // namespace lares::app
