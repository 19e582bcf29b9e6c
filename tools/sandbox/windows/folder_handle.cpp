#include "tools/sandbox/folder_handle.h"

#include "tools/sandbox/windows/handle_facts.h"
#include "tools/sandbox/windows/named_path.h"

namespace lares {

Result<FolderHandle> FolderHandle::open(const std::string& path) {
    FolderHandle folder;
    ASSIGN_OR_RETURN(folder.m_handle, open_named(path, FILE_TRAVERSE | FILE_READ_ATTRIBUTES));
    const auto facts = facts_of(folder.native());
    if (!facts) return Error{ErrorCode::Io, path + ": the system does not say what this is"};
    if (facts->kind != EntryKind::Folder)
        return Error{ErrorCode::InvalidArgument, path + ": this is not a folder"};
    folder.m_identity = facts->identity;
    ASSIGN_OR_RETURN(folder.m_path, path_of(folder.native(), path));
    const Result<FileIdentity> named = identity_of(folder.m_path);
    if (!named || *named != folder.m_identity) {  // removed, renamed or hidden at this moment
        return Error{ErrorCode::Io, path + ": the system does not say where this folder is"};
    }
    return folder;
}

bool FolderHandle::is_removed() const {
    FILE_STANDARD_INFO info{};
    return !::GetFileInformationByHandleEx(native(), FileStandardInfo, &info, sizeof info) ||
           info.DeletePending || info.NumberOfLinks == 0;
}

Result<FileIdentity> identity_of(const std::string& path) {
    ASSIGN_OR_RETURN(const UniqueNativeHandle opened, open_named(path, FILE_READ_ATTRIBUTES));
    const auto identity = identity_from(opened.get());
    if (!identity) return Error{ErrorCode::Io, path + ": the system does not say which this is"};
    return *identity;
}

}  // namespace lares
