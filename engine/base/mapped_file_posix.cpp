#include "engine/base/mapped_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

/// Closes a descriptor when its scope ends; a mapping stays valid after that.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

Error system_error(const std::filesystem::path& path, std::string_view what, int code) {
    const bool missing = code == ENOENT || code == ENOTDIR;
    return {
        missing ? ErrorCode::NotFound : ErrorCode::Io,
        path.string() + ": " + std::string(what) + ": " + std::generic_category().message(code)};
}

Error not_a_file(const std::filesystem::path& path, const struct stat& status) {
    const char* kind = S_ISDIR(status.st_mode) ? "a directory" : "a device, pipe or socket";
    return {ErrorCode::Io, path.string() + ": this is " + kind + ", not a file"};
}

std::shared_ptr<const void> owning_mapping(void* address, std::size_t size) {
    return {address, [size](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); }};
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    // Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return system_error(path, "cannot open the file", errno);

    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return system_error(path, "cannot read the file's size", errno);
    if (!S_ISREG(status.st_mode)) return not_a_file(path, status);

    MappedFile mapped;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return mapped;  // mmap refuses a length of zero

    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address == MAP_FAILED) return system_error(path, "cannot map the file", errno);
    mapped.m_mapping = owning_mapping(address, size);
    mapped.m_bytes = {static_cast<const std::byte*>(address), size};
    return mapped;
}

}  // namespace lares
