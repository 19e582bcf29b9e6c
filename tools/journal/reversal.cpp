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
        return Error{ErrorCode::NotFound, display_text(place.folder) + " is another folder now"};
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

bool is_undoing(const FileChange& change) {
    return change.state == FileChange::State::Undoing;
}

std::string beside(const FileChange& change, const std::string& name) {
    const std::string& relative = change.place.relative;
    return relative.substr(0, relative.rfind('/') + 1) + name;
}

/// What stands where a write was made.
struct WriteSight {
    FileBytes now;
    bool is_missing = false;
    bool is_new = false;
    bool is_old = false;
};

WriteSight look_at_write(const FileChange& change, const FolderHandle& folder, OpenMethod method) {
    WriteSight sight{read_beneath({folder, change.place.relative}, kMaxCompared, method)};
    const std::string hash = sight.now.fault ? std::string() : sha256_hex(sight.now.bytes);
    sight.is_missing = sight.now.fault == ChangeFault::NotFound;
    sight.is_new = !hash.empty() && hash == change.new_sha256;
    sight.is_old = change.old_sha256.empty() ? sight.is_missing : hash == change.old_sha256;
    return sight;
}

/// Whether what an interrupted write left beside its place can go. Until the two were exchanged it
/// is our own, whole or not; after that it is what stood there: kept by the journal, or somebody's
/// newer file.
bool is_our_rest(const FileChange& change, const WriteSight& sight, const std::string& rest) {
    const std::string hash = sha256_hex(rest);
    if (hash == change.new_sha256 || hash == change.old_sha256) return true;
    if (change.old_sha256 == change.new_sha256)  // nobody can see whether they were exchanged
        return sight.is_new && sight.now.bytes.starts_with(rest);
    return is_undoing(change) ? sight.is_new : sight.is_old;
}

ChangeSight sight_of_write(const FileChange& change,
                           const FolderHandle& folder,
                           OpenMethod method) {
    const WriteSight sight = look_at_write(change, folder, method);
    // Under a second name while it is removed, which may have been interrupted as well.
    const std::string second = change.temporary + "-gone";
    for (const std::string& name : {change.temporary, second}) {
        const PlaceBeneath left{folder, beside(change, name)};
        const FileBytes rest = read_beneath(left, kMaxCompared, method);
        if (rest.fault) continue;
        if (!is_our_rest(change, sight, rest.bytes)) {
            // Taken away to be removed, and not looked at any more.
            if (sight.is_missing) (void)move_beneath(left, {folder, change.place.relative}, method);
            return ChangeSight::Neither;
        }
        (void)remove_beneath(left, rest.facts, name == second ? change.temporary : second, method);
    }
    return sight.is_new   ? ChangeSight::After
           : sight.is_old ? ChangeSight::Before
                          : ChangeSight::Neither;
}

ChangeSight sight_of_move(const FileChange& change, const FolderHandle& folder, OpenMethod method) {
    const Result<FolderHandle> from = reopen(change.from);
    if (!from) return ChangeSight::Away;
    const std::uint64_t here = file_at(folder, change.place.relative, method);
    const std::uint64_t there = file_at(*from, change.from.relative, method);
    const bool is_here = here == change.file;
    const bool is_there = there == change.file;
    if (is_here != is_there) return is_here ? ChangeSight::After : ChangeSight::Before;
    // At both: two names of one file, or a move onto itself. Nothing was moved just now.
    if (is_here) return is_undoing(change) ? ChangeSight::After : ChangeSight::Before;
    // At neither: a later change to it that was undone has left another file with the old bytes.
    if (is_undoing(change) && (here != 0) != (there != 0))
        return here != 0 ? ChangeSight::After : ChangeSight::Before;
    return ChangeSight::Neither;
}

Result<void> reverse_move(const FileChange& change, const FolderHandle& folder, OpenMethod method) {
    Result<FolderHandle> from = reopen(change.from);
    if (!from) return stays(change, from.error().message);
    return made(
        move_beneath({folder, change.place.relative}, {*from, change.from.relative}, method),
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
    if (!folder) return ChangeSight::Away;
    if (change.kind == FileChange::Kind::Write) return sight_of_write(change, *folder, method);
    if (change.kind == FileChange::Kind::Move) return sight_of_move(change, *folder, method);
    const bool is_there = file_at(*folder, change.place.relative, method) != 0;
    return is_there ? ChangeSight::After : ChangeSight::Before;
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
            // With the folder that it was in, or by itself.
            if (outcome.fault == ChangeFault::NotFound || outcome.fault == ChangeFault::NoFolder)
                return {};
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
