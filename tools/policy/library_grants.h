#pragma once

#include "tools/library/library_update.h"
#include "tools/policy/grant_list.h"

#include <string>
#include <vector>

namespace lares {

/// Puts a folder into the library: what the user does to let the assistant read it from then on, in
/// every conversation. The grant stands in `grants`. Errors: those of GrantList::add (a folder that
/// nobody may grant, or that is not there) and of LibraryIndex::add_folder. Any thread.
[[nodiscard]] Result<LibraryFolder> add_to_library(LibraryIndex& index,
                                                   GrantList& grants,
                                                   const std::string& path);
/// Takes it out, with its grant and its text. NotFound.
[[nodiscard]] Result<void> remove_from_library(LibraryIndex& index,
                                               GrantList& grants,
                                               const std::string& path);

/// Makes the grants of the library's folders those that the index names now: another program may
/// have added one or taken it out. Why some are not in force, a sentence each: gone, or led
/// elsewhere since. Errors: those of the index; the grants stay as they are.
[[nodiscard]] Result<std::vector<std::string>> restore_library_grants(LibraryIndex& index,
                                                                      GrantList& grants);

/// Brings a folder of the library up to date, beneath its grant. Errors: PermissionDenied where
/// none is in force, NotFound and others where it cannot be opened, those of update_library.
[[nodiscard]] Result<LibraryUpdate> update_library_folder(LibraryIndex& index,
                                                          const GrantList& grants,
                                                          const LibraryFolder& folder,
                                                          const UpdateOptions& options);

}  // namespace lares
