#pragma once

#include "app/store/conversation_store.h"
#include "app/store/database.h"

namespace lares::app {

/// Settings and grants as rows. On the store's thread.

[[nodiscard]] Result<QJsonObject> loadSettings(Database& database);
/// Undefined where there is none.
[[nodiscard]] Result<QJsonValue> loadSetting(Database& database, const QString& key);
/// Undefined removes the setting.
[[nodiscard]] Result<void> saveSetting(Database& database,
                                       const QString& key,
                                       const QJsonValue& value);

[[nodiscard]] Result<std::vector<StoredGrant>> loadGrants(Database& database);
/// One folder with one access is one grant: asking again keeps its id and renews its time.
[[nodiscard]] Result<StoredGrant> saveGrant(Database& database,
                                            const QString& folder,
                                            const QString& access,
                                            const QDateTime& grantedAt);
[[nodiscard]] Result<void> deleteGrant(Database& database, qint64 id);

}  // namespace lares::app
