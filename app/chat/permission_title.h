#pragma once

#include <QString>

namespace lares::app {

struct PermissionQuestion;

/// What is asked, as the head of its card: "List the folder Documents". In the window's language
/// where it is about one thing; a plan of many changes is named by the broker, in English.
[[nodiscard]] QString titleOf(const PermissionQuestion& question);

}  // namespace lares::app
