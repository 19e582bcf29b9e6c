#include "tools/sandbox/tree_copy.h"

#include "tools/sandbox/linux/beneath.h"
#include "tools/sandbox/linux/file_facts.h"
#include "tools/sandbox/linux/pseudo_files.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/read_bytes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lares {
namespace {

constexpr int kOpenForReading = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr std::size_t kChunk = 256UL * 1024;

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() || name.empty() ? folder + name : folder + "/" + name;
}

TreeFault fault_from_errno(int error) {
    if (error == ENOSPC || error == EDQUOT) return TreeFault::DiskFull;
    return error == ENOENT ? TreeFault::NotFound : TreeFault::Io;
}

/// Of an open file, folder or name.
std::optional<TreeEntry> entry_of(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return std::nullopt;
    TreeEntry entry;
    entry.facts = facts_from(status);
    entry.status_changed_ns = nanoseconds_from(status.st_ctim);
    struct statx more {};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &more) == 0 &&
        (more.stx_mask & STATX_BTIME) != 0) {
        struct timespec born {};
        born.tv_sec = more.stx_btime.tv_sec;
        born.tv_nsec = more.stx_btime.tv_nsec;
        entry.born_ns = nanoseconds_from(born);
    }
    return entry;
}

/// A walk through a tree, one folder open at a time, that hands each entry on.
class TreeWalk {
public:
    /// What becomes of an entry that was opened (a file or folder) or only looked at: nothing to go
    /// on with, or why the walk ends.
    struct Step {
        std::optional<TreeFault> fault;
        bool is_taken = true;  ///< false: left out, with all below it
    };
    using Visit = std::function<Step(const std::string& path, int fd, const TreeEntry& entry)>;

    TreeWalk(const FolderHandle& folder,
             std::string relative,
             const TreeBounds& bounds,
             OpenMethod method)
        : m_folder(folder), m_relative(std::move(relative)), m_bounds(bounds), m_method(method) {}

    /// Links, pipes and the like are visited too, without a descriptor (-1), where `wants_all`.
    [[nodiscard]] std::optional<TreeFault> run(bool wants_all, const Visit& visit) {
        m_wants_all = wants_all;
        std::vector<std::string> waiting = {""};
        while (!waiting.empty()) {
            const std::string path = std::move(waiting.back());
            waiting.pop_back();
            UniqueNativeHandle folder(open(path, kOpenForReading | O_DIRECTORY));
            if (!folder) {
                if (path.empty()) return fault_from_errno(errno);
                ++m_n_left_out;  // gone meanwhile
                continue;
            }
            if (const auto fault = read(std::move(folder), path, visit, waiting)) return fault;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t n_left_out() const { return m_n_left_out; }

private:
    [[nodiscard]] int open(const std::string& path, int flags) const {
        return open_beneath_fd(m_folder.native(), joined(m_relative, path), flags, Links::None,
                               m_method);
    }

    std::optional<TreeFault> read(UniqueNativeHandle folder,
                                  const std::string& path,
                                  const Visit& visit,
                                  std::vector<std::string>& waiting) {
        const int fd = folder.get();
        FolderReader reader(std::move(folder));  // keeps it open
        while (const auto found = reader.next()) {
            if (m_bounds.is_expired()) return TreeFault::Expired;
            if (++m_n_entry > m_bounds.max_entry) return TreeFault::TooManyEntries;
            const std::string below = joined(path, found->name);
            if (!is_plain_relative(
                    joined(m_relative, below))) {  // a name that is no text, too deep
                ++m_n_left_out;
                continue;
            }
            const bool is_usual =
                found->kind == EntryKind::File || found->kind == EntryKind::Folder;
            if (!is_usual) {
                if (const auto fault = visit_name(fd, found->name, below, visit)) return fault;
                continue;
            }
            // Opened, then looked at: what was checked is what is used.
            const UniqueNativeHandle file(::openat(fd, found->name.c_str(), kOpenForReading));
            const auto entry = file ? entry_of(file.get()) : std::nullopt;
            if (!entry || !is_ours(file.get(), *entry)) {
                ++m_n_left_out;
                continue;
            }
            m_bytes += entry->facts.size_bytes;
            if (m_bytes > m_bounds.max_bytes) return TreeFault::TooManyBytes;
            const Step step = visit(below, file.get(), *entry);
            if (step.fault) return step.fault;
            if (!step.is_taken) {
                ++m_n_left_out;
            } else if (entry->facts.kind == EntryKind::Folder) {
                waiting.push_back(below);
            }
        }
        if (reader.failed()) return TreeFault::Io;
        return std::nullopt;
    }

    std::optional<TreeFault> visit_name(int folder,
                                        const std::string& name,
                                        const std::string& below,
                                        const Visit& visit) {
        struct stat status {};
        if (!m_wants_all || ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            ++m_n_left_out;
            return std::nullopt;
        }
        TreeEntry entry;
        entry.facts = facts_from(status);
        return visit(below, -1, entry).fault;
    }

    [[nodiscard]] bool is_ours(int fd, const TreeEntry& entry) const {
        const bool is_usual =
            entry.facts.kind == EntryKind::File || entry.facts.kind == EntryKind::Folder;
        return is_usual && entry.facts.identity.device == m_folder.identity().device &&
               !is_pseudo_file(fd);
    }

    const FolderHandle& m_folder;
    const std::string m_relative;
    const TreeBounds& m_bounds;
    const OpenMethod m_method;
    bool m_wants_all = false;
    std::size_t m_n_entry = 0;
    std::size_t m_n_left_out = 0;
    std::uint64_t m_bytes = 0;
};

bool set_time(int fd, std::int64_t modified_ns) {
    std::array<struct timespec, 2> times{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1] = time_from(modified_ns);
    return ::futimens(fd, times.data()) == 0;
}

/// All bytes of one open file into another; false with errno. A file system that shares blocks
/// (btrfs, xfs) copies none.
bool copy_bytes(int from, int to, const TreeBounds& bounds) {
    if (::ioctl(to, FICLONE, from) == 0) return true;
    std::vector<char> chunk(kChunk);
    while (!bounds.is_expired()) {
        const ssize_t n = ::read(from, chunk.data(), chunk.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        for (ssize_t at = 0; at < n;) {
            const ssize_t written =
                ::write(to, chunk.data() + at, static_cast<std::size_t>(n - at));
            if (written < 0 && errno != EINTR) return false;
            if (written > 0) at += written;
        }
    }
    return true;  // copy_tree says why it ended
}

/// Copies one entry to the same path below `target`.
class TreeCopy {
public:
    TreeCopy(const FolderHandle& target, const TreeBounds& bounds, OpenMethod method)
        : m_target(target), m_bounds(bounds), m_method(method) {}

    [[nodiscard]] TreeWalk::Step add(const std::string& path, int fd, const TreeEntry& original) {
        const std::size_t slash = path.rfind('/');
        const std::string above = slash == std::string::npos ? "" : path.substr(0, slash);
        const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
        const UniqueNativeHandle parent(open_beneath_fd(
            m_target.native(), above, O_RDONLY | O_DIRECTORY | O_CLOEXEC, Links::None, m_method));
        if (!parent) return {fault_from_errno(errno)};
        const bool is_folder = original.facts.kind == EntryKind::Folder;
        const UniqueNativeHandle made =
            is_folder ? make_folder(parent.get(), name) : make_file(parent.get(), name);
        if (!made) return {fault_from_errno(errno)};
        if (!is_folder && !fill(fd, made.get(), original)) return {fault_from_errno(errno)};
        const auto copy = entry_of(made.get());
        if (!copy) return {TreeFault::Io};
        m_outcome.originals.emplace(path, original);
        m_outcome.copies.emplace(path, *copy);
        return {};
    }

    /// Permission bits and times of folders, when nothing is put into them any more.
    [[nodiscard]] bool finish() {
        // The deepest first: making something in a folder changes the folder's time.
        for (auto it = m_outcome.originals.rbegin(); it != m_outcome.originals.rend(); ++it) {
            const FileFacts& facts = it->second.facts;
            if (facts.kind != EntryKind::Folder) continue;
            const UniqueNativeHandle folder(open_beneath_fd(m_target.native(), it->first,
                                                            O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                                                            Links::None, m_method));
            // Its owner can always look into it and change it: it is a copy to work on.
            if (!folder || ::fchmod(folder.get(), facts.mode | 0700) != 0 ||
                !set_time(folder.get(), facts.modified_ns))
                return false;
            if (const auto copy = entry_of(folder.get())) m_outcome.copies[it->first] = *copy;
        }
        return true;
    }
    [[nodiscard]] CopyOutcome take() { return std::move(m_outcome); }

private:
    static UniqueNativeHandle make_folder(int parent, const std::string& name) {
        if (::mkdirat(parent, name.c_str(), 0700) != 0) return UniqueNativeHandle();
        return UniqueNativeHandle(
            ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    static UniqueNativeHandle make_file(int parent, const std::string& name) {
        return UniqueNativeHandle(::openat(
            parent, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    }
    [[nodiscard]] bool fill(int from, int to, const TreeEntry& original) const {
        return copy_bytes(from, to, m_bounds) && ::fchmod(to, original.facts.mode | 0600) == 0 &&
               set_time(to, original.facts.modified_ns);
    }

    const FolderHandle& m_target;
    const TreeBounds& m_bounds;
    const OpenMethod m_method;
    CopyOutcome m_outcome;
};

UniqueNativeHandle open_plain_file(const PlaceBeneath& place, OpenMethod method) {
    OpenOutcome opened = open_file_beneath(place.folder, place.relative, method);
    return std::move(opened.handle);
}

/// As many bytes as fit; fewer only at the end. Nothing when the system fails.
std::optional<std::size_t> read_full(const UniqueNativeHandle& file, std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const auto n = read_bytes(file, buffer.subspan(filled));
        if (!n) return std::nullopt;
        if (*n == 0) break;
        filled += *n;
    }
    return filled;
}

}  // namespace

TreeOutcome read_tree(const FolderHandle& folder, const TreeBounds& bounds, OpenMethod method) {
    TreeOutcome outcome;
    TreeWalk walk(folder, "", bounds, method);
    outcome.fault = walk.run(true, [&](const std::string& path, int, const TreeEntry& entry) {
        outcome.tree.emplace(path, entry);
        return TreeWalk::Step{};
    });
    outcome.n_left_out = walk.n_left_out();
    return outcome;
}

CopyOutcome copy_tree(const FolderHandle& folder,
                      const std::string& relative,
                      const FolderHandle& target,
                      const TreeBounds& bounds,
                      OpenMethod method) {
    TreeWalk walk(folder, relative, bounds, method);
    TreeCopy copy(target, bounds, method);
    std::optional<TreeFault> fault =
        walk.run(false, [&](const std::string& path, int fd, const TreeEntry& entry) {
            return copy.add(path, fd, entry);
        });
    if (!fault && bounds.is_expired()) fault = TreeFault::Expired;  // in the last file
    if (!fault && !copy.finish()) fault = TreeFault::Io;
    CopyOutcome outcome = copy.take();
    outcome.fault = fault;
    outcome.n_left_out = walk.n_left_out();
    return outcome;
}

bool has_same_bytes(const PlaceBeneath& one, const PlaceBeneath& other, OpenMethod method) {
    const UniqueNativeHandle first = open_plain_file(one, method);
    const UniqueNativeHandle second = open_plain_file(other, method);
    if (!first || !second) return false;
    std::vector<char> chunk(kChunk);
    std::vector<char> against(kChunk);
    while (true) {
        const auto n = read_full(first, chunk);
        const auto m = read_full(second, against);
        if (!n || !m || *n != *m) return false;
        if (*n == 0) return true;
        if (!std::equal(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*n),
                        against.begin()))
            return false;
    }
}

}  // namespace lares
