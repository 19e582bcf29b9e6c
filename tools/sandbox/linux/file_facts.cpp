#include "tools/sandbox/linux/file_facts.h"

#include <ctime>
#include <limits>

namespace lares {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

}  // namespace

/// A file's time may be anything that an archive said.
std::int64_t nanoseconds_from(const struct timespec& time) {
    constexpr std::int64_t kMaxSeconds =
        std::numeric_limits<std::int64_t>::max() / kNanoseconds - 1;
    const auto seconds = static_cast<std::int64_t>(time.tv_sec);
    if (seconds > kMaxSeconds || seconds < -kMaxSeconds)
        return (seconds < 0 ? -kMaxSeconds : kMaxSeconds) * kNanoseconds;
    return seconds * kNanoseconds + time.tv_nsec;
}

struct timespec time_from(std::int64_t nanoseconds) {
    std::int64_t seconds = nanoseconds / kNanoseconds;
    std::int64_t rest = nanoseconds % kNanoseconds;
    if (rest < 0) {  // before 1970: the rest counts forward all the same
        rest += kNanoseconds;
        --seconds;
    }
    struct timespec time {};
    time.tv_sec = seconds;
    time.tv_nsec = rest;
    return time;
}

FileFacts facts_from(const struct stat& status) {
    FileFacts facts;
    facts.kind = S_ISREG(status.st_mode)   ? EntryKind::File
                 : S_ISDIR(status.st_mode) ? EntryKind::Folder
                 : S_ISLNK(status.st_mode) ? EntryKind::Link
                                           : EntryKind::Other;
    facts.identity = {static_cast<std::uint64_t>(status.st_dev),
                      static_cast<std::uint64_t>(status.st_ino)};
    facts.size_bytes = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    facts.modified_ns = nanoseconds_from(status.st_mtim);
    facts.mode = status.st_mode & kPermissionBits;
    facts.n_name = status.st_nlink;
    return facts;
}

}  // namespace lares
