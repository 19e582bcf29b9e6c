#include "tools/journal/file_change.h"

#include "tools/sandbox/display_text.h"

namespace lares {
namespace {

std::string name_of(const RecordedPlace& place) {
    return display_text(place.relative.substr(place.relative.rfind('/') + 1));
}

/// The folder that a place is in, by its name.
std::string folder_of(const RecordedPlace& place) {
    const std::size_t slash = place.relative.rfind('/');
    const std::string folder =
        slash == std::string::npos ? place.folder : place.relative.substr(0, slash);
    return display_text(folder.substr(folder.rfind('/') + 1));
}

}  // namespace

std::string_view to_string(FileChange::Kind kind) {
    switch (kind) {
        case FileChange::Kind::MakeFolder:
            return "make_folder";
        case FileChange::Kind::Move:
            return "move";
        case FileChange::Kind::Write:
            return "write";
    }
    return "make_folder";
}

std::string_view to_string(FileChange::State state) {
    switch (state) {
        case FileChange::State::Intent:
            return "intent";
        case FileChange::State::Done:
            return "done";
        case FileChange::State::Undoing:
            return "undoing";
        case FileChange::State::Undone:
            return "undone";
        case FileChange::State::Unclear:
            return "unclear";
    }
    return "unclear";
}

std::string sentence_of(const FileChange& change) {
    switch (change.kind) {
        case FileChange::Kind::MakeFolder:
            return "Made the folder " + name_of(change.place);
        case FileChange::Kind::Move: {
            const RecordedPlace& from = change.from;
            const bool is_same_folder =
                from.folder == change.place.folder &&
                from.relative.substr(0, from.relative.rfind('/') + 1) ==
                    change.place.relative.substr(0, change.place.relative.rfind('/') + 1);
            if (is_same_folder) return "Renamed " + name_of(from) + " to " + name_of(change.place);
            std::string moved = "Moved " + name_of(from) + " to " + folder_of(change.place);
            if (name_of(from) != name_of(change.place)) moved += "/" + name_of(change.place);
            return moved;
        }
        case FileChange::Kind::Write:
            break;
    }
    return (change.old_sha256.empty() ? "Wrote " : "Replaced ") + name_of(change.place);
}

}  // namespace lares
