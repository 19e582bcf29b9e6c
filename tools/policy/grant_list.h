#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

enum class Access {
    Read,
    ReadWrite,  ///< and change
};

/// How far a yes reaches.
enum class GrantDuration {
    Once,          ///< one call with exactly these arguments; never stands in a GrantList
    Conversation,  ///< until the conversation ends
    Always,        ///< until it is revoked
};

using GrantId = std::int64_t;

/// A folder, with everything below it, that the user gave to the assistant.
struct Grant {
    GrantId id = 0;      ///< from the list; 0 before it is in one
    std::string folder;  ///< the real path, without links, as FolderHandle::path has it
    std::string named;   ///< another path to it, as the user named it; may be empty
    Access access = Access::Read;
    GrantDuration duration = GrantDuration::Conversation;
    std::string conversation;  ///< which one; empty for Always
    /// Given by putting the folder into the document library, which keeps it: it ends with that.
    bool is_of_library = false;
};

/// What no grant may reach.
struct ProtectedFolders {
    std::string home;  ///< refused itself, as is what contains it; below it is fine
    std::vector<std::string> app_data;  ///< refused with everything below and above them
};

/// The grants in force. Each holds its folder open (security: paths are never looked up by name
/// again). Thread safe.
class GrantList {
public:
    explicit GrantList(ProtectedFolders protected_folders);

    /// Adds a grant for the existing folder `grant.folder` (absolute; links are followed) and
    /// returns it as it stands in the list, with its id and real path. The same folder with the
    /// same reach is not added twice.
    /// Errors, each with which folder and why: NotFound, InvalidArgument (not a folder, Once, no
    /// conversation), PermissionDenied (a protected folder, or the system refuses), Unsupported.
    [[nodiscard]] Result<Grant> add(Grant grant);
    /// The same for a grant that was kept on disk: PermissionDenied as well when its path leads to
    /// another place than the real path that was kept.
    [[nodiscard]] Result<Grant> restore(Grant grant);
    /// False when there is none of that id. Calls that are prepared on it fail from now on.
    bool revoke(GrantId id);
    /// Revokes what was granted for this conversation.
    void end_conversation(std::string_view conversation);

    [[nodiscard]] std::vector<Grant> list() const;
    /// Changes whenever the list does.
    [[nodiscard]] std::uint64_t version() const;
    [[nodiscard]] bool contains(GrantId id) const;

    /// A grant as a call uses it.
    struct Found {
        Grant grant;
        std::shared_ptr<const FolderHandle> folder;
        std::string relative;  ///< from the folder to what was asked for; "" is the folder itself
    };
    /// The grant that covers `path` (absolute, normalised), the deepest one. By its name alone:
    /// whether links lead out is for open_beneath to find out.
    [[nodiscard]] std::optional<Found> find(std::string_view path,
                                            std::string_view conversation,
                                            Access access = Access::Read) const;
    /// The folders that a conversation may use.
    [[nodiscard]] std::vector<Grant> grants_of(std::string_view conversation) const;

    /// PermissionDenied with the reason when no grant may cover this folder.
    [[nodiscard]] Result<void> check_grantable(const FolderHandle& folder) const;
    /// The home folder itself, which is refused as a whole but holds what a user may point at.
    [[nodiscard]] bool is_home(const FolderHandle& folder) const;

private:
    friend class Broker;
    struct Entry {
        Grant grant;
        std::shared_ptr<const FolderHandle> folder;
    };
    /// `add` for a folder that is open already: what the user saw is what is granted.
    [[nodiscard]] Result<Grant> add_open(Grant grant, std::shared_ptr<const FolderHandle> folder);

    const ProtectedFolders m_protected;
    mutable std::mutex m_mutex;
    std::vector<Entry> m_entries;
    GrantId m_last_id = 0;
    std::uint64_t m_version = 1;
};

}  // namespace lares
