#include "tools/journal/reversal.h"

#include "tools/journal/sha256.h"
#include "tools/sandbox/display_text.h"

#include <limits>
#include <optional>
#include <utility>

namespace lares {
namespace {

/// What may be compared with the bytes that a tool wrote: those were few.
constexpr std::uint64_t kMaxCompared = 64'000'000;

std::string shown_path(const RecordedPlace& place) {
    return display_text(place.folder + "/" + place.relative);
}

std::string shown_name(const RecordedPlace& place) {
    return display_text(place.relative.substr(place.relative.rfind('/') + 1));
}

/// The granted folder, if it still is the one in which the change was made. Devices get new numbers
/// when a computer starts, so its inode has to do.
Result<FolderHandle> reopen(const RecordedPlace& place) {
    ASSIGN_OR_RETURN(FolderHandle folder, FolderHandle::open(place.folder));
    if (folder.path() != place.folder || folder.identity().file != place.folder_file) {
        return Error{ErrorCode::NotFound,
                     display_text(place.folder) + " is another folder now"};
    }
    return folder;
}

Error stays(const FileChange& change, const std::string& why) {
    return {ErrorCode::InvalidArgument, shown_name(change.place) + " stays as it is: " + why};
}

std::string reason_of(ChangeFault fault, const FileChange& change) {
    switch (fault) {
        case ChangeFault::NotFound:
            return "it is not in its place any more";
        case ChangeFault::NoFolder:
            return "the folder that it came from is gone";
        case ChangeFault::Exists:
            return "something else is at " + shown_path(change.from);
        case ChangeFault::NotEmpty:
            return "there is something in it";
        case ChangeFault::Changed:
            return "it was changed since";
        case ChangeFault::DiskFull:
            return "the disk is full; free some space and undo again";
        case ChangeFault::OtherDisk:
            return "the folder that it came from is on another disk now";
        default:
            return "the system does not let Lares change it";
    }
}

Result<void> made(const ChangeOutcome& outcome, const FileChange& change) {
    if (outcome.fault && !outcome.is_made) return stays(change, reason_of(*outcome.fault, change));
    return {};
}

std::uint64_t file_at(const FolderHandle& folder, const std::string& relative, OpenMethod method) {
    const auto facts = facts_beneath({folder, relative}, method);
    return facts ? facts->identity.file : 0;
}

std::string beside(const FileChange& change) {
    const std::string& relative = change.place.relative;
    return relative.substr(0, relative.rfind('/') + 1) + change.temporary;
}

ChangeSight sight_of_write(const FileChange& change, const FolderHandle& folder, OpenMethod method) {
    const FileBytes now = read_beneath({folder, change.place.relative}, kMaxCompared, method);
    const std::string hash = now.fault ? std::string() : sha256_hex(now.bytes);
    const bool is_missing = now.fault == ChangeFault::NotFound;
    const bool is_new = !now.fault && hash == change.new_sha256;
    const bool is_old = change.old_sha256.empty() ? is_missing : hash == change.old_sha256;

    // What an interrupted write left beside it. Until the two were exchanged it is our own, whole or
    // not; after that it is what stood here, which was either kept or is somebody's newer file.
    const PlaceBeneath left{folder, beside(change)};
    const FileBytes rest = read_beneath(left, kMaxCompared, method);
    if (!rest.fault) {
        const bool was_undoing = change.state == FileChange::State::Undoing;
        const bool is_exchanged = was_undoing ? is_old : is_new;
        const std::string& known = was_undoing ? change.new_sha256 : change.old_sha256;
        const bool is_ours = is_exchanged ? sha256_hex(rest.bytes) == known : is_old || is_new;
        if (!is_ours) return ChangeSight::Neither;
        (void)remove_beneath(left, rest.facts, change.temporary + "-gone", method);
    }
    return is_new ? ChangeSight::After : is_old ? ChangeSight::Before : ChangeSight::Neither;
}

Result<void> reverse_move(const FileChange& change, const FolderHandle& folder, OpenMethod method) {
    Result<FolderHandle> from = reopen(change.from);
    if (!from) return stays(change, from.error().message);
    return made(move_beneath({folder, change.place.relative}, {*from, change.from.relative}, method),
                change);
}

Result<void> reverse_write(const FileChange& change,
                           const FolderHandle& folder,
                           const std::function<Result<std::string>()>& old_bytes,
                           OpenMethod method) {
    const PlaceBeneath place{folder, change.place.relative};
    const FileBytes now = read_beneath(place, kMaxCompared, method);
    const bool is_missing = now.fault == ChangeFault::NotFound;
    if (now.fault && !is_missing) return stays(change, reason_of(*now.fault, change));
    if (!is_missing && sha256_hex(now.bytes) != change.new_sha256)
        return stays(change, "it was changed since");
    if (change.old_sha256.empty()) {
        if (is_missing) return {};
        return made(remove_beneath(place, now.facts, change.temporary, method), change);
    }
    ASSIGN_OR_RETURN(const std::string bytes, old_bytes());
    const NewFileFacts facts{change.old_mode, change.old_modified_ns};
    return made(write_beneath(place, bytes, is_missing ? nullptr : &now.facts, facts,
                              change.temporary, method),
                change);
}

}  // namespace

ChangeSight sight_of(const FileChange& change, OpenMethod method) {
    const Result<FolderHandle> folder = reopen(change.place);
    if (!folder) return ChangeSight::Neither;
    if (change.kind == FileChange::Kind::Write) return sight_of_write(change, *folder, method);
    const std::uint64_t file = file_at(*folder, change.place.relative, method);
    if (change.kind == FileChange::Kind::MakeFolder)
        return file != 0 ? ChangeSight::After : ChangeSight::Before;
    if (file == change.file) return ChangeSight::After;
    const Result<FolderHandle> from = reopen(change.from);
    const bool is_back = from && file_at(*from, change.from.relative, method) == change.file;
    return is_back ? ChangeSight::Before : ChangeSight::Neither;
}

Result<void> reverse(const FileChange& change,
                     const std::function<Result<std::string>()>& old_bytes,
                     OpenMethod method) {
    const Result<FolderHandle> folder = reopen(change.place);
    if (!folder) return stays(change, folder.error().message);
    switch (change.kind) {
        case FileChange::Kind::MakeFolder: {
            const ChangeOutcome outcome =
                remove_folder_beneath({*folder, change.place.relative}, method);
            if (outcome.fault == ChangeFault::NotFound) return {};
            return made(outcome, change);
        }
        case FileChange::Kind::Move:
            return reverse_move(change, *folder, method);
        case FileChange::Kind::Write:
            break;
    }
    return reverse_write(change, *folder, old_bytes, method);
}

}  // namespace lares
