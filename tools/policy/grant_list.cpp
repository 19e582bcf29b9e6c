#include "tools/policy/grant_list.h"

#include "tools/policy/call_path.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

Error denied(const FolderHandle& folder, std::string_view why) {
    return {ErrorCode::PermissionDenied, display_text(folder.path()) + ": " + std::string(why)};
}

bool is_in_force(const Grant& grant, std::string_view conversation) {
    return grant.duration == GrantDuration::Always || grant.conversation == conversation;
}

/// Whether `folder` is `path` or contains it: by identity, since a mount can give a folder a second
/// name. A path that does not exist (yet) counts by its parents.
bool is_or_contains(const FolderHandle& folder, std::string path) {
    if (path.empty()) return false;
    if (relative_to(folder.path(), path)) return true;
    while (true) {
        const Result<FileIdentity> identity = identity_of(path);
        if (identity && *identity == folder.identity()) return true;
        if (is_root_path(path)) return false;
        path = parent_path(path);
    }
}

/// Whether `folder` is inside `path`.
bool is_inside(const FolderHandle& folder, const std::string& path) {
    if (path.empty()) return false;
    if (relative_to(path, folder.path())) return true;
    const Result<FileIdentity> outer = identity_of(path);
    if (!outer) return false;
    for (std::string up = folder.path(); !is_root_path(up); up = parent_path(up)) {
        const Result<FileIdentity> identity = identity_of(up);
        if (identity && *identity == *outer) return true;
    }
    return false;
}

/// `named` as paths are compared with it: normalised, and only if it still means the folder then
/// ("link/.." is another place to the system than to the text).
std::string second_name(const std::string& named, const FolderHandle& folder) {
    const auto path = absolute_path(named, {}, {});
    if (!path) return {};
    const Result<FileIdentity> identity = identity_of(*path);
    return identity && *identity == folder.identity() ? *path : std::string();
}

ProtectedFolders plain(ProtectedFolders folders) {
    folders.home = plain_folder(folders.home);
    for (std::string& own : folders.app_data) own = plain_folder(own);
    return folders;
}

}  // namespace

GrantList::GrantList(ProtectedFolders protected_folders)
    : m_protected(plain(std::move(protected_folders))) {}

Result<void> GrantList::check_grantable(const FolderHandle& folder) const {
    if (is_root_path(folder.path()))
        return denied(folder, kNativePaths == PathStyle::Windows
                                  ? "a whole drive cannot be granted; choose a folder"
                                  : "the whole computer cannot be granted; choose a folder");
    if (is_or_contains(folder, m_protected.home))
        return denied(folder, "a whole home folder cannot be granted; choose a folder in it");
    for (const std::string& own : m_protected.app_data) {
        if (is_inside(folder, own))
            return denied(folder, "Lares keeps its own data here, which no tool may read");
        if (is_or_contains(folder, own)) {
            return denied(folder,
                          "this contains the folder with Lares' own data; choose a folder "
                          "that does not");
        }
    }
    return {};
}

bool GrantList::is_home(const FolderHandle& folder) const {
    const Result<FileIdentity> home = identity_of(m_protected.home);
    return home && *home == folder.identity();
}

Result<Grant> GrantList::add(Grant grant) {
    ASSIGN_OR_RETURN(FolderHandle folder, FolderHandle::open(grant.folder));
    if (grant.named.empty()) grant.named = grant.folder;
    return add_open(std::move(grant), std::make_shared<const FolderHandle>(std::move(folder)));
}

Result<Grant> GrantList::restore(Grant grant) {
    ASSIGN_OR_RETURN(FolderHandle folder, FolderHandle::open(grant.folder));
    if (folder.path() != grant.folder) {
        return Error{ErrorCode::PermissionDenied,
                     display_text(grant.folder) + ": this now leads to " +
                         display_text(folder.path()) + "; grant that folder if you mean it"};
    }
    return add_open(std::move(grant), std::make_shared<const FolderHandle>(std::move(folder)));
}

Result<Grant> GrantList::add_open(Grant grant, std::shared_ptr<const FolderHandle> folder) {
    if (grant.duration == GrantDuration::Once)
        return Error{ErrorCode::InvalidArgument, "a yes for one call is no grant"};
    if (grant.duration == GrantDuration::Always) grant.conversation.clear();
    if (grant.duration == GrantDuration::Conversation && grant.conversation.empty())
        return Error{ErrorCode::InvalidArgument, "a grant for a conversation needs its id"};
    RETURN_IF_ERROR(check_grantable(*folder));
    grant.folder = folder->path();
    grant.named = second_name(grant.named, *folder);

    const std::lock_guard lock(m_mutex);
    const auto same = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        return entry.folder->identity() == folder->identity() && !entry.folder->is_removed() &&
               entry.grant.named == grant.named && entry.grant.access == grant.access &&
               entry.grant.duration == grant.duration &&
               entry.grant.conversation == grant.conversation &&
               entry.grant.is_of_library == grant.is_of_library;
    });
    if (same != m_entries.end()) return same->grant;
    grant.id = ++m_last_id;
    ++m_version;
    m_entries.push_back({grant, std::move(folder)});
    return grant;
}

bool GrantList::revoke(GrantId id) {
    const std::lock_guard lock(m_mutex);
    const auto removed =
        std::erase_if(m_entries, [id](const Entry& entry) { return entry.grant.id == id; });
    if (removed > 0) ++m_version;
    return removed > 0;
}

void GrantList::end_conversation(std::string_view conversation) {
    const std::lock_guard lock(m_mutex);
    const auto removed = std::erase_if(m_entries, [&](const Entry& entry) {
        return entry.grant.duration == GrantDuration::Conversation &&
               entry.grant.conversation == conversation;
    });
    if (removed > 0) ++m_version;
}

std::vector<Grant> GrantList::list() const {
    const std::lock_guard lock(m_mutex);
    std::vector<Grant> grants;
    for (const Entry& entry : m_entries) grants.push_back(entry.grant);
    return grants;
}

std::vector<Grant> GrantList::grants_of(std::string_view conversation) const {
    std::vector<Grant> grants = list();
    std::erase_if(grants, [&](const Grant& grant) { return !is_in_force(grant, conversation); });
    return grants;
}

std::uint64_t GrantList::version() const {
    const std::lock_guard lock(m_mutex);
    return m_version;
}

bool GrantList::contains(GrantId id) const {
    const std::lock_guard lock(m_mutex);
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [id](const Entry& entry) { return entry.grant.id == id; });
}

std::optional<GrantList::Found> GrantList::find(std::string_view path,
                                                std::string_view conversation,
                                                Access access) const {
    const std::lock_guard lock(m_mutex);
    std::optional<Found> best;
    for (const Entry& entry : m_entries) {
        if (!is_in_force(entry.grant, conversation) || entry.folder->is_removed()) continue;
        if (access == Access::ReadWrite && entry.grant.access == Access::Read) continue;
        auto relative = relative_to(entry.grant.folder, path);
        if (!relative) relative = relative_to(entry.grant.named, path);
        if (relative && (!best || relative->size() < best->relative.size()))
            best = Found{entry.grant, entry.folder, std::move(*relative)};
    }
    return best;
}

}  // namespace lares
