#pragma once

#include "app/store/database.h"

namespace lares::app {

/// Takes over what can be read of `from`, a damaged database of ours (a copy: it may be changed),
/// into `to`, a sound one of the current format: all of a new one, or what a backup lacks. What
/// `to` has stays, but for what changes in a conversation that is the same one (its title, its
/// place, the end of an answer that went on). Rows are read one by one; those on damaged pages are
/// passed over, and so are rows that say what no row of ours says. A message whose conversation is
/// lost gets one, and one whose text is lost says so. Permissions are not taken over. How many
/// messages `to` lacked. Errors: those of writing to `to`, which is then as it was.
[[nodiscard]] Result<qint64> salvage(Database& from, Database& to);

}  // namespace lares::app
