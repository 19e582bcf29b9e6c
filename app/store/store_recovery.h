#pragma once

#include "engine/base/result.h"

#include <QDate>
#include <QString>

#include <filesystem>
#include <optional>

namespace lares::app {

/// What a damaged database was made again of.
struct Recovered {
    std::optional<QDate> backup;  ///< whose copy it began with
    qint64 nConversations = 0;    ///< that there are now
    qint64 nSalvaged = 0;         ///< messages that the damaged one had besides
};

/// Makes the database again beside the damaged one, as the file `recoveredFile`: from the newest
/// copy that is sound, and from what can still be read of the damaged one, which stays as it is.
/// What lets the assistant do something (granted folders, commands) is not taken over: it is asked
/// for again. Errors: Io; nothing has changed then.
[[nodiscard]] Result<Recovered> recoverDatabase(const std::filesystem::path& damaged);

/// Where that is: complete once it is there.
[[nodiscard]] std::filesystem::path recoveredFile(const std::filesystem::path& database);

/// A sentence for the user; `kept`: where the damaged file is now.
[[nodiscard]] QString recoveredSentence(const Recovered& recovered,
                                        const std::filesystem::path& kept);

}  // namespace lares::app
