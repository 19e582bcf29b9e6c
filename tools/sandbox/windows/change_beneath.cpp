#include "tools/sandbox/change_beneath.h"

#include "engine/base/wide_text.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/read_bytes.h"
#include "tools/sandbox/windows/beneath.h"
#include "tools/sandbox/windows/handle_facts.h"
#include "tools/sandbox/windows/new_file_facts.h"

#include <algorithm>
#include <array>

namespace lares {
namespace {

// A name is on the disk when the call that gave it returns (MOVEFILE_WRITE_THROUGH means the same).
constexpr ULONG kOnDisk = FILE_WRITE_THROUGH;

ChangeOutcome fault_of(ChangeFault fault) {
    ChangeOutcome outcome;
    outcome.fault = fault;
    return outcome;
}

ChangeFault fault_from_status(NtStatus status) {
    switch (status) {
        case nt::kNameNotFound:
        case nt::kNoSuchFile:
        case nt::kDeletePending:
            return ChangeFault::NotFound;
        case nt::kPathNotFound:
        case nt::kNotAFolder:
            return ChangeFault::NoFolder;
        case nt::kNameCollision:
            return ChangeFault::Exists;
        case nt::kNotEmpty:
            return ChangeFault::NotEmpty;
        case nt::kNotSameDevice:
            return ChangeFault::OtherDisk;
        case nt::kDiskFull:
        case nt::kQuotaExceeded:
            return ChangeFault::DiskFull;
        case nt::kNameTooLong:
        case nt::kNameInvalid:  // every other reason was looked for before: is_plain_relative
            return ChangeFault::NameTooLong;
        case nt::kFileTooLarge:
            return ChangeFault::TooLarge;
        case nt::kAccessDenied:
        case nt::kSharingViolation:
        case nt::kCannotDelete:
        case nt::kWriteProtected:
        case nt::kFileIsFolder:
        case nt::kLinkInTheWay:
        case nt::kStoppedOnLink:
            return ChangeFault::Denied;
        default:
            return ChangeFault::Io;
    }
}

/// Of something new in an open folder: nothing is missing but the folder, which was removed.
ChangeFault fault_in(NtStatus status) {
    const ChangeFault fault = fault_from_status(status);
    return fault == ChangeFault::NotFound ? ChangeFault::NoFolder : fault;
}

ChangeFault fault_from_last_error() {
    constexpr DWORD kDiskQuotaExceeded = 1295;  // MinGW's headers do not know it
    switch (::GetLastError()) {
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case kDiskQuotaExceeded:
            return ChangeFault::DiskFull;
        case ERROR_FILE_TOO_LARGE:
            return ChangeFault::TooLarge;
        case ERROR_ACCESS_DENIED:
        case ERROR_WRITE_PROTECT:
            return ChangeFault::Denied;
        default:
            return ChangeFault::Io;
    }
}

/// The folder that holds a place, open, and the place's name in it: nothing is looked up twice.
struct Parent {
    std::optional<ChangeFault> fault;
    UniqueNativeHandle folder;
    std::wstring name;

    [[nodiscard]] NativeHandle handle() const { return folder.get(); }
};

Parent parent_fault(ChangeFault fault) {
    Parent parent;
    parent.fault = fault;
    return parent;
}

Parent open_parent(const PlaceBeneath& place) {
    constexpr std::size_t kMaxNameLetters = 255;  // of NTFS, in UTF-16
    if (place.relative.empty() || !is_plain_relative(place.relative))
        return parent_fault(ChangeFault::Denied);
    const std::size_t slash = place.relative.rfind('/');
    const std::string_view above = slash == std::string::npos
                                       ? std::string_view()
                                       : std::string_view(place.relative).substr(0, slash);
    NtOpened opened = open_beneath(place.folder, above,
                                   {FILE_TRAVERSE | FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE});
    if (!opened.handle) return parent_fault(fault_in(opened.status));
    Parent parent;
    parent.folder = std::move(opened.handle);
    parent.name = wide_from_utf8(std::string_view(place.relative).substr(slash + 1));
    if (parent.name.size() > kMaxNameLetters) return parent_fault(ChangeFault::NameTooLong);
    return parent;
}

/// What stands at a place, open, with what it is. A short name of something else is Denied.
struct Standing {
    std::optional<ChangeFault> fault;
    UniqueNativeHandle handle;
    FileFacts facts;
};

Standing open_standing(const PlaceBeneath& place, const Parent& parent, const NtRequest& how) {
    Standing standing;
    NtOpened opened = open_in(parent.handle(), parent.name, how);
    const auto facts = opened.handle ? facts_of(opened.handle.get()) : std::nullopt;
    if (!opened.handle) {
        standing.fault = fault_from_status(opened.status);
    } else if (!facts) {
        standing.fault = ChangeFault::Io;
    } else if (!is_beneath(place.folder, place.relative, opened.handle.get())) {
        standing.fault = ChangeFault::Denied;
    } else {
        standing.handle = std::move(opened.handle);
        standing.facts = *facts;
    }
    return standing;
}

/// The outcome of a change to what is open.
ChangeOutcome made(NativeHandle opened) {
    ChangeOutcome outcome;
    outcome.is_made = true;
    if (const auto facts = facts_of(opened)) outcome.facts = *facts;
    return outcome;
}

/// Whether a folder is, or lies in, what is open. By where the two are now.
bool is_inside(NativeHandle folder, NativeHandle outer) {
    const std::wstring outside = final_path(outer, FinalPath::WithoutDrive);
    const std::wstring inside = final_path(folder, FinalPath::WithoutDrive);
    if (outside.empty() || inside.size() < outside.size()) return false;
    if (inside.size() > outside.size() && inside[outside.size()] != L'\\') return false;
    return is_same_name(std::wstring_view(inside).substr(0, outside.size()), outside);
}

bool write_bytes(NativeHandle file, std::string_view bytes) {
    constexpr std::size_t kMaxWrite = std::size_t{1} << 24;
    while (!bytes.empty()) {
        DWORD n = 0;
        const auto size = static_cast<DWORD>(std::min(bytes.size(), kMaxWrite));
        if (!::WriteFile(file, bytes.data(), size, &n, nullptr)) return false;
        bytes.remove_prefix(n);
    }
    return true;
}

/// Puts a written file in the place of what stands there, which is open and cannot be written
/// meanwhile. Windows knows no exchange of two files: who puts another file there in this very
/// moment loses it.
NtStatus replace(const UniqueNativeHandle& file, const Parent& parent, UniqueNativeHandle old) {
    const NtStatus status = replace_open_file(file.get(), parent.handle(), parent.name);
    if (status != nt::kNotSupported) return status;
    old = UniqueNativeHandle();  // such a disk replaces nothing that is open
    return rename_into(file.get(), parent.handle(), parent.name, OnTaken::Replace);
}

}  // namespace

std::optional<FileFacts> facts_beneath(const PlaceBeneath& place, OpenMethod) {
    const Parent parent = open_parent(place);
    if (parent.fault) return std::nullopt;
    const Standing standing = open_standing(place, parent, {});
    if (standing.fault) return std::nullopt;
    return standing.facts;
}

ChangeOutcome make_folder_beneath(const PlaceBeneath& place, OpenMethod) {
    const Parent parent = open_parent(place);
    if (parent.fault) return fault_of(*parent.fault);
    const NtOpened opened =
        open_in(parent.handle(), parent.name,
                {FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE | kOnDisk, FILE_CREATE});
    if (!opened.handle) return fault_of(fault_in(opened.status));
    return made(opened.handle.get());
}

ChangeOutcome remove_folder_beneath(const PlaceBeneath& place, OpenMethod) {
    const Parent parent = open_parent(place);
    if (parent.fault) return fault_of(*parent.fault);
    const Standing standing =
        open_standing(place, parent, {DELETE | FILE_READ_ATTRIBUTES, kOnDisk});
    if (standing.fault) return fault_of(*standing.fault);
    if (standing.facts.kind != EntryKind::Folder) return fault_of(ChangeFault::Changed);
    const NtStatus status = remove_opened(standing.handle.get());
    if (status < 0) return fault_of(fault_from_status(status));
    ChangeOutcome outcome;
    outcome.is_made = true;
    return outcome;
}

ChangeOutcome move_beneath(const PlaceBeneath& from, const PlaceBeneath& to, OpenMethod) {
    const Parent source = open_parent(from);
    if (source.fault)
        return fault_of(source.fault == ChangeFault::NoFolder ? ChangeFault::NotFound
                                                              : *source.fault);
    const Parent target = open_parent(to);
    if (target.fault) return fault_of(*target.fault);
    const Standing moved = open_standing(from, source, {DELETE | FILE_READ_ATTRIBUTES, kOnDisk});
    if (moved.fault) return fault_of(*moved.fault);
    if (moved.facts.kind != EntryKind::File && moved.facts.kind != EntryKind::Folder)
        return fault_of(ChangeFault::Denied);
    const Standing taken = open_standing(to, target, {});
    // A name may become the same one in other letters, and nothing else that is there.
    const bool is_other_case = !taken.fault && taken.facts.identity == moved.facts.identity &&
                               source.name != target.name && is_same_name(source.name, target.name);
    if (taken.fault != ChangeFault::NotFound && !is_other_case)
        return fault_of(taken.fault && taken.fault != ChangeFault::Denied ? *taken.fault
                                                                          : ChangeFault::Exists);
    if (moved.facts.kind == EntryKind::Folder && is_inside(target.handle(), moved.handle.get()))
        return fault_of(ChangeFault::IntoItself);
    const NtStatus status =
        rename_into(moved.handle.get(), target.handle(), target.name, OnTaken::Refuse);
    if (status < 0) return fault_of(fault_from_status(status));
    return made(moved.handle.get());
}

FileBytes read_beneath(const PlaceBeneath& place, std::uint64_t max_bytes, OpenMethod) {
    FileBytes read;
    const auto failed = [&](ChangeFault fault) {
        read.fault = fault;
        return std::move(read);
    };
    const Parent parent = open_parent(place);
    if (parent.fault)
        return failed(parent.fault == ChangeFault::NoFolder ? ChangeFault::NotFound
                                                            : *parent.fault);
    const Standing file = open_standing(place, parent, {FILE_READ_DATA | FILE_READ_ATTRIBUTES});
    if (file.fault) return failed(*file.fault);
    if (file.facts.kind != EntryKind::File) return failed(ChangeFault::Denied);
    read.facts = file.facts;
    std::array<char, 65536> chunk{};
    while (true) {
        const auto n = read_bytes(file.handle, chunk);
        if (!n) return failed(ChangeFault::Io);
        if (*n == 0) break;
        read.bytes.append(chunk.data(), *n);
        if (read.bytes.size() > max_bytes) return failed(ChangeFault::TooLarge);
    }
    // It may have grown while it was read: then what was read is not what stands there.
    const auto after = facts_of(file.handle.get());
    if (!after) return failed(ChangeFault::Io);
    if (!after->is_same_content(read.facts)) return failed(ChangeFault::Changed);
    return read;
}

ChangeOutcome write_beneath(const PlaceBeneath& place,
                            std::string_view bytes,
                            const FileFacts* replaces,
                            const NewFileFacts& facts,
                            const std::string& temporary,
                            OpenMethod) {
    const Parent parent = open_parent(place);
    if (parent.fault) return fault_of(*parent.fault);
    // A hard link would let a write in here change a file that lies elsewhere.
    if (replaces && (replaces->kind != EntryKind::File || replaces->n_name != 1))
        return fault_of(ChangeFault::Denied);
    if (!replaces) {
        const Standing taken = open_standing(place, parent, {});
        if (taken.fault != ChangeFault::NotFound)
            return fault_of(taken.fault && taken.fault != ChangeFault::Denied
                                ? *taken.fault
                                : ChangeFault::Exists);
    }
    constexpr ACCESS_MASK kAccess = FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES |
                                    READ_CONTROL | WRITE_DAC | DELETE;
    const NtOpened opened = open_in(
        parent.handle(), wide_from_utf8(temporary),
        {kAccess, FILE_NON_DIRECTORY_FILE, FILE_CREATE, FILE_SHARE_READ | FILE_SHARE_DELETE});
    if (!opened.handle) return fault_of(fault_in(opened.status));
    const UniqueNativeHandle& file = opened.handle;
    const auto discarded = [&](ChangeFault fault) {
        (void)set_facts(file.get(), {0666, {}});  // what may not be written may not be removed
        (void)remove_opened(file.get());
        return fault_of(fault);
    };
    // From here on nobody writes to what is replaced, and what was looked at stays what it is.
    Standing old;
    if (replaces) {
        old = open_standing(place, parent,
                            {FILE_READ_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL, 0, FILE_OPEN,
                             FILE_SHARE_READ | FILE_SHARE_DELETE});
        if (old.fault)
            return discarded(old.fault == ChangeFault::NotFound ? ChangeFault::Changed
                                                                : *old.fault);
        if (old.facts.kind != EntryKind::File || old.facts.n_name != 1 ||
            !old.facts.is_same_content(*replaces))
            return discarded(ChangeFault::Changed);
        carry_over(old.handle.get(), file.get());
    }
    if (!write_bytes(file.get(), bytes) || !set_facts(file.get(), facts) ||
        !::FlushFileBuffers(file.get()))
        return discarded(fault_from_last_error());
    const NtStatus status =
        replaces ? replace(file, parent, std::move(old.handle))
                 : rename_into(file.get(), parent.handle(), parent.name, OnTaken::Refuse);
    if (status < 0) return discarded(fault_from_status(status));
    ChangeOutcome outcome = made(file.get());
    if (!::FlushFileBuffers(file.get())) outcome.fault = fault_from_last_error();
    return outcome;
}

// By the handle that was looked at, so that no name beside it is needed.
ChangeOutcome remove_beneath(const PlaceBeneath& place,
                             const FileFacts& expected,
                             const std::string& /*temporary*/,
                             OpenMethod) {
    const Parent parent = open_parent(place);
    if (parent.fault) return fault_of(*parent.fault);
    const Standing file = open_standing(place, parent,
                                        {DELETE | FILE_READ_DATA | FILE_READ_ATTRIBUTES, kOnDisk,
                                         FILE_OPEN, FILE_SHARE_READ | FILE_SHARE_DELETE});
    if (file.fault) return fault_of(*file.fault);
    if (file.facts.kind != EntryKind::File || !file.facts.is_same_content(expected))
        return fault_of(ChangeFault::Changed);
    const NtStatus status = remove_opened(file.handle.get());
    if (status < 0) return fault_of(fault_from_status(status));
    ChangeOutcome outcome;
    outcome.is_made = true;
    return outcome;
}

}  // namespace lares
