#include "tools/sandbox/native_handle.h"
#include "tools/toolhost/layers.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace lares::toolhost {
namespace {

Error missing(const std::string& layer) {
    return {ErrorCode::Unsupported, layer};
}

Error failed(const std::string& what) {
    return missing(what + ": " + std::generic_category().message(errno));
}

/// All of /proc/self/status.
std::string own_status() {
    std::ifstream file("/proc/self/status");
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One of its fields, as text; empty when it has none of that name.
std::string field_of(const std::string& status, const std::string& name) {
    const std::string start = "\n" + name + ":\t";
    const std::size_t at = status.find(start);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + start.size();
    return status.substr(begin, status.find('\n', begin) - begin);
}

bool is_read_only(const std::string& path) {
    struct statvfs status {};
    return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

/// The folder at `path`, reached through no link at all.
Result<FileIdentity> identity_without_links(const std::string& path) {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const UniqueNativeHandle folder(
        static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
    struct stat status {};
    if (!folder || ::fstat(folder.get(), &status) != 0) return failed("the folder " + path);
    return FileIdentity{static_cast<std::uint64_t>(status.st_dev),
                        static_cast<std::uint64_t>(status.st_ino)};
}

/// To `value`, or to less where somebody has set less for all of us.
Result<void> set_limit(__rlimit_resource which, const char* name, std::uint64_t value) {
    rlimit now{};
    if (::getrlimit(which, &now) != 0) return failed(std::string("the limit ") + name);
    value = std::min<std::uint64_t>(value, now.rlim_max);
    const rlimit wanted{value, value};
    if (::setrlimit(which, &wanted) != 0 || ::getrlimit(which, &now) != 0)
        return failed(std::string("the limit ") + name);
    if (now.rlim_cur != value || now.rlim_max != value)
        return missing(std::string("the limit ") + name + " is not in force");
    return {};
}

}  // namespace

Result<void> check_isolation(const CommandOrder& order) {
    for (std::size_t i = 0; i < kOwnNamespaces.size(); ++i) {
        const std::string name = kOwnNamespaces[i];
        struct stat status {};
        if (::stat(("/proc/self/ns/" + name).c_str(), &status) != 0)
            return failed("the namespace " + name);
        if (status.st_ino == order.host_namespaces[i])
            return missing("bubblewrap gave no namespace of its own (" + name + ")");
    }
    if (::getpid() != 1) return missing("bubblewrap gave no list of processes of its own");
    const std::string status = own_status();
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
        const std::string bits = field_of(status, set);
        if (bits.empty() || bits.find_first_not_of('0') != std::string::npos)
            return missing(std::string("bubblewrap left capabilities (") + set + ")");
    }
    if (field_of(status, "NoNewPrivs") != "1") return missing("no_new_privs is not set");
    for (const char* place : {"/", "/usr", "/proc", "/dev", kOwnPlace}) {
        if (!is_read_only(place)) return missing(std::string(place) + " can be written");
    }
    return {};
}

Result<void> check_folders(const CommandOrder& order) {
    ASSIGN_OR_RETURN(const FileIdentity system, identity_without_links("/usr"));
    if (system != order.system) return missing("/usr is not the system's own");
    for (const OrderFolder& one : order.folders) {
        ASSIGN_OR_RETURN(const FileIdentity found, identity_without_links(one.place));
        if (found != one.identity)
            return missing("another folder stands where " + one.place + " was granted");
        if (!one.is_writable && !is_read_only(one.place))
            return missing(one.place + " can be written");
    }
    return {};
}

Result<void> set_limits(const OrderLimits& limits) {
    RETURN_IF_ERROR(set_limit(RLIMIT_CORE, "core", 0));
    // Itself too is a process.
    RETURN_IF_ERROR(set_limit(RLIMIT_NPROC, "processes", limits.process + 1));
    RETURN_IF_ERROR(set_limit(RLIMIT_FSIZE, "file size", limits.file_bytes));
    RETURN_IF_ERROR(set_limit(RLIMIT_CPU, "processor time", limits.processor_seconds));
    RETURN_IF_ERROR(set_limit(RLIMIT_AS, "address space", limits.address_space_bytes));
    RETURN_IF_ERROR(set_limit(RLIMIT_MSGQUEUE, "message queues", 0));
    RETURN_IF_ERROR(set_limit(RLIMIT_NOFILE, "open files", limits.open_file));
    // What the system says of its limits and what it does could differ: one is tried.
    rlimit files{};
    (void)::getrlimit(RLIMIT_NOFILE, &files);
    const UniqueNativeHandle beyond(
        ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(files.rlim_cur)));
    if (beyond) return missing("the limit open files is not in force");
    return {};
}

}  // namespace lares::toolhost
