#pragma once

#include <QString>
#include <QStringList>

namespace lares::app {

/// A folder of conversations is a name, and it is there while a conversation is in it. Folders do
/// not lie in each other.
inline constexpr int kMaxFolderName = 60;  // UTF-16 units

/// What was typed as a name: one line, no longer than that. Empty: it is none.
[[nodiscard]] QString folderName(const QString& typed);

/// "New folder", or the first of "New folder 2", "New folder 3"… that is not taken.
[[nodiscard]] QString freshFolderName(const QStringList& taken);

/// As people sort names: without regard to case, 2 before 10. A total order.
[[nodiscard]] bool folderComesBefore(const QString& a, const QString& b);

}  // namespace lares::app
