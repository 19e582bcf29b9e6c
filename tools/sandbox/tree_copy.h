#pragma once

#include "tools/sandbox/change_beneath.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace lares {

/// What stands at one name of a tree.
struct TreeEntry {
    FileFacts facts;
    std::int64_t status_changed_ns = 0;  ///< no program can set it back
    std::int64_t born_ns = 0;  ///< tells apart what got the number of something removed; 0: unknown
};
/// By the path from the tree's own folder; a folder comes before what is in it.
using Tree = std::map<std::string, TreeEntry>;

/// How much of a tree is looked at.
struct TreeBounds {
    std::size_t max_entry = 5'000;
    std::uint64_t max_bytes = 200'000'000;  ///< of all files
    /// Asked at each entry; true gives up. Never null.
    std::function<bool()> is_expired = [] { return false; };
};

enum class TreeFault {
    NotFound,
    TooManyEntries,
    TooManyBytes,
    Expired,
    DiskFull,
    Unsupported,
    Io,
};

/// A tree, or why there is none.
struct TreeOutcome {
    std::optional<TreeFault> fault;
    Tree tree;
    std::size_t n_left_out = 0;  ///< links, pipes, sockets, devices, other disks, what is closed
};

/// Looks at everything below `folder` without following a link. Thread safe.
[[nodiscard]] TreeOutcome read_tree(const FolderHandle& folder,
                                    const TreeBounds& bounds,
                                    OpenMethod method = OpenMethod::Best);

/// Copies what is in `relative` ("" is the folder itself) below `folder` into the empty folder
/// `target`: folders and plain files with their bytes, permission bits and times. What could not be
/// copied is left out and counted. Not on the disk when it returns: a copy to work on. Thread safe.
struct CopyOutcome {
    std::optional<TreeFault> fault;
    Tree originals;  ///< as they were when they were copied
    Tree copies;     ///< the same names
    std::size_t n_left_out = 0;
};
[[nodiscard]] CopyOutcome copy_tree(const FolderHandle& folder,
                                    const std::string& relative,
                                    const FolderHandle& target,
                                    const TreeBounds& bounds,
                                    OpenMethod method = OpenMethod::Best);

/// Whether two files hold the same bytes. False when one of them cannot be read.
[[nodiscard]] bool has_same_bytes(const PlaceBeneath& one,
                                  const PlaceBeneath& other,
                                  OpenMethod method = OpenMethod::Best);

}  // namespace lares
