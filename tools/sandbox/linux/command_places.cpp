#include "tools/sandbox/linux/command_places.h"

#include "tools/sandbox/linux/beneath.h"
#include "tools/sandbox/path_bounds.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lares {
namespace {

constexpr std::size_t kMaxScriptBytes = std::size_t{256} * 1024;

std::string_view first_name(std::string_view place) {
    return place.substr(1, place.find('/', 1) - 1);
}

/// What the sandbox has of its own, or keeps away.
bool is_of_the_system(std::string_view place) {
    constexpr std::array<std::string_view, 11> kSystem = {
        "usr", "bin",    "sbin",      "etc",     "proc",   "dev",
        "sys", ".lares", "work-home", "newroot", "oldroot"};
    const std::string_view name = first_name(place);
    if (name.starts_with("lib") || std::find(kSystem.begin(), kSystem.end(), name) != kSystem.end())
        return true;
    // Disks of the user's are mounted in /run; everything else there belongs to the session.
    if (name == "run") return !place.starts_with("/run/media/");
    return place == "/tmp";
}

bool is_plain_absolute(std::string_view path) {
    return path.size() > 1 && path[0] == '/' && keeps_path_bounds(path) &&
           is_plain_relative(path.substr(1));
}

/// `path` is `folder` or lies in it: what follows, without a separator in front.
std::optional<std::string_view> below(std::string_view folder, std::string_view path) {
    if (!path.starts_with(folder)) return std::nullopt;
    path.remove_prefix(folder.size());
    if (path.empty()) return path;
    if (path[0] != '/') return std::nullopt;
    return path.substr(1);
}

/// Where an open folder is now: it may have been renamed since it was opened.
Result<std::string> path_now(const CommandFolder& one) {
    const std::string link = "/proc/self/fd/" + std::to_string(one.folder->native());
    std::array<char, kMaxPathBytes + 1> target{};
    const ssize_t n = ::readlink(link.c_str(), target.data(), target.size());
    if (n <= 0 || n == static_cast<ssize_t>(target.size()) || one.folder->is_removed())
        return invalid_argument(one.seen_as + ": the folder is not there any more");
    return std::string(target.data(), static_cast<std::size_t>(n));
}

Result<void> check_place(const std::string& place) {
    if (!is_plain_absolute(place))
        return invalid_argument(place + ": a command sees a folder at a whole and plain path");
    if (is_of_the_system(place))
        return invalid_argument(place + ": this place in the sandbox is the system's");
    return {};
}

/// Bubblewrap makes what is missing in a folder, so a folder inside another one must be there
/// already.
Result<void> check_nesting(const CommandFolder& outer, const CommandFolder& inner) {
    const auto relative = below(outer.seen_as, inner.seen_as);
    if (!relative) return {};
    const UniqueNativeHandle found(open_beneath_fd(outer.folder->native(), *relative,
                                                   O_PATH | O_DIRECTORY | O_CLOEXEC, Links::None,
                                                   OpenMethod::Best));
    struct stat status {};
    const bool is_there = !relative->empty() && found && ::fstat(found.get(), &status) == 0;
    const FileIdentity identity{static_cast<std::uint64_t>(status.st_dev),
                                static_cast<std::uint64_t>(status.st_ino)};
    if (!is_there || identity != inner.folder->identity())
        return invalid_argument(inner.seen_as + ": in " + outer.seen_as +
                                " there is another folder at this place");
    return {};
}

/// The one that holds the other directly: it is what the other's place is made in.
const CommandFolder* holder_or_null(const CommandSpec& spec, const CommandFolder& inner) {
    const CommandFolder* found = nullptr;
    for (const CommandFolder& one : spec.folders) {
        if (&one == &inner || !below(one.seen_as, inner.seen_as)) continue;
        if (!found || one.seen_as.size() > found->seen_as.size()) found = &one;
    }
    return found;
}

Result<void> check_limits(const CommandLimits& limits) {
    const bool makes_sense =
        limits.max_process >= 1 && limits.max_open_file >= 8 && limits.max_resident_bytes > 0 &&
        limits.max_address_space_bytes >= 64ULL << 20 && limits.max_temporary_bytes >= 1ULL << 16 &&
        limits.wall_time.count() > 0 && limits.silent_time.count() > 0 &&
        limits.processor_time.count() >= 1;
    if (!makes_sense) return invalid_argument("a command cannot run within these limits");
    return {};
}

Result<void> check_spec(const CommandSpec& spec) {
    RETURN_IF_ERROR(check_limits(spec.limits));
    if (spec.script.size() > kMaxScriptBytes)
        return invalid_argument("the command is longer than 256 KiB");
    if (spec.folders.size() > kMaxOrderFolders)
        return invalid_argument("a command can use at most 32 folders");
    bool has_working_folder = false;
    for (const CommandFolder& one : spec.folders) {
        RETURN_IF_ERROR(check_place(one.seen_as));
        if (!one.folder) return invalid_argument(one.seen_as + ": no folder was given");
        if (const CommandFolder* holder = holder_or_null(spec, one))
            RETURN_IF_ERROR(check_nesting(*holder, one));
        has_working_folder |= below(one.seen_as, spec.working_folder).has_value();
    }
    if (!is_plain_absolute(spec.working_folder) || !has_working_folder)
        return invalid_argument(spec.working_folder + ": a command starts in one of its folders");
    return {};
}

}  // namespace

Result<std::vector<BoundFolder>> bound_folders(const CommandSpec& spec) {
    RETURN_IF_ERROR(check_spec(spec));
    std::vector<BoundFolder> bound;
    for (const CommandFolder& one : spec.folders) {
        ASSIGN_OR_RETURN(std::string source, path_now(one));
        bound.push_back(
            {std::move(source), {one.seen_as, one.folder->identity(), one.is_writable}});
    }
    std::sort(bound.begin(), bound.end(), [](const BoundFolder& a, const BoundFolder& b) {
        return a.order.place < b.order.place;
    });
    return bound;
}

}  // namespace lares
