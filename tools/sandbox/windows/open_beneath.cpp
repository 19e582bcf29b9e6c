#include "tools/sandbox/open_beneath.h"

#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/windows/beneath.h"
#include "tools/sandbox/windows/handle_facts.h"

namespace lares {
namespace {

OpenFault open_fault_from(NtStatus status) {
    switch (status) {
        case nt::kNameNotFound:
        case nt::kPathNotFound:
        case nt::kNoSuchFile:
        case nt::kDeletePending:
            return OpenFault::NotFound;
        case nt::kNotAFolder:
            return OpenFault::NotAFolder;
        case nt::kFileIsFolder:
            return OpenFault::NotAFile;
        case nt::kLinkInTheWay:
        case nt::kStoppedOnLink:
        case nt::kAccessDenied:
        case nt::kSharingViolation:  // a program keeps it to itself
        case nt::kNameInvalid:
        case nt::kPathSyntaxBad:
        case nt::kNameTooLong:
            return OpenFault::Denied;
        default:
            return OpenFault::Io;
    }
}

OpenOutcome not_opened(OpenFault fault) {
    OpenOutcome outcome;
    outcome.fault = fault;
    return outcome;
}

/// Opens and then looks at what it is: what has been checked is what is used.
OpenOutcome open_as(EntryKind kind,
                    const FolderHandle& folder,
                    std::string_view relative,
                    const NtRequest& how) {
    if (!is_plain_relative(relative)) return not_opened(OpenFault::Denied);
    NtOpened opened = open_beneath(folder, relative, how);
    if (!opened.handle) return not_opened(open_fault_from(opened.status));
    const auto facts = facts_of(opened.handle.get());
    if (!facts) return not_opened(OpenFault::Io);
    if (facts->kind != kind)
        return not_opened(kind == EntryKind::Folder ? OpenFault::NotAFolder : OpenFault::NotAFile);
    OpenOutcome outcome;
    outcome.handle = std::move(opened.handle);
    outcome.size_bytes = facts->size_bytes;
    return outcome;
}

}  // namespace

std::string_view sandbox_layer(OpenMethod) {
    return "component walk";
}

bool has_file_sandbox() {
    return true;
}

OpenOutcome open_file_beneath(const FolderHandle& folder, std::string_view relative, OpenMethod) {
    return open_as(EntryKind::File, folder, relative,
                   {FILE_READ_DATA | FILE_READ_ATTRIBUTES, FILE_NON_DIRECTORY_FILE});
}

OpenOutcome open_folder_beneath(const FolderHandle& folder, std::string_view relative, OpenMethod) {
    return open_as(EntryKind::Folder, folder, relative,
                   {FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE});
}

std::optional<EntryStatus> status_beneath(const FolderHandle& folder,
                                          std::string_view relative,
                                          OpenMethod) {
    if (!is_plain_relative(relative)) return std::nullopt;
    const NtOpened opened = open_beneath(folder, relative, {}, LastName::LinkItself);
    if (!opened.handle) {
        const bool is_behind_link = opened.status == nt::kLinkInTheWay;
        return is_behind_link ? std::optional(EntryStatus{EntryKind::Link, 0}) : std::nullopt;
    }
    const auto facts = facts_of(opened.handle.get());
    if (!facts) return std::nullopt;
    return EntryStatus{facts->kind, facts->size_bytes, facts->modified_ns, facts->identity};
}

}  // namespace lares
