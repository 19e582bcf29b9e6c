#include "tools/policy/library_grants.h"

#include "tools/sandbox/display_text.h"

#include <algorithm>

namespace lares {
namespace {

Grant library_grant(const std::string& path) {
    Grant grant;
    grant.folder = grant.named = path;
    grant.duration = GrantDuration::Always;
    grant.is_of_library = true;
    return grant;
}

void revoke_library_grant(GrantList& grants, const std::string& path) {
    for (const Grant& grant : grants.list()) {
        if (grant.is_of_library && grant.folder == path) grants.revoke(grant.id);
    }
}

}  // namespace

Result<LibraryFolder> add_to_library(LibraryIndex& index,
                                     GrantList& grants,
                                     const std::string& path) {
    ASSIGN_OR_RETURN(const FolderHandle folder, FolderHandle::open(path));
    RETURN_IF_ERROR(grants.check_grantable(folder));
    ASSIGN_OR_RETURN(LibraryFolder added, index.add_folder(folder.path()));
    if (Result<Grant> granted = grants.add(library_grant(folder.path())); !granted) {
        (void)index.remove_folder(folder.path());
        return granted.error();
    }
    // Those below it that it took in have no grant of their own any more.
    RETURN_IF_ERROR(restore_library_grants(index, grants));
    return added;
}

Result<void> remove_from_library(LibraryIndex& index, GrantList& grants, const std::string& path) {
    revoke_library_grant(grants, path);
    return index.remove_folder(path);
}

Result<std::vector<std::string>> restore_library_grants(LibraryIndex& index, GrantList& grants) {
    ASSIGN_OR_RETURN(const std::vector<LibraryFolder> folders, index.folders());
    std::vector<std::string> problems;
    for (const Grant& grant : grants.list()) {
        const bool is_kept =
            std::any_of(folders.begin(), folders.end(),
                        [&](const LibraryFolder& folder) { return folder.path == grant.folder; });
        if (grant.is_of_library && !is_kept) grants.revoke(grant.id);
    }
    for (const LibraryFolder& folder : folders) {
        if (Result<Grant> restored = grants.restore(library_grant(folder.path)); !restored)
            problems.push_back(restored.error().message);
    }
    return problems;
}

Result<LibraryUpdate> update_library_folder(LibraryIndex& index,
                                            const GrantList& grants,
                                            const LibraryFolder& folder,
                                            const UpdateOptions& options) {
    const auto found = grants.find(folder.path, {});
    if (!found || !found->relative.empty()) {
        return Error{
            ErrorCode::PermissionDenied,
            display_text(folder.path) + ": cannot be read: it is gone, or leads elsewhere now"};
    }
    const LibraryPlace place{folder.id, {}, {*found->folder, {}, folder.path}};
    ASSIGN_OR_RETURN(LibraryUpdate update, update_library(index, place, options));
    if (update.error) {
        constexpr std::string_view kPrefix = "error: ";
        std::string message = update.error->result;
        if (message.starts_with(kPrefix)) message.erase(0, kPrefix.size());
        return Error{update.error->code, std::move(message)};
    }
    return update;
}

}  // namespace lares
