#include "tools/toolhost/bait.h"

#include "engine/base/result.h"
#include "tools/sandbox/linux/bait.h"
#include "tools/sandbox/native_handle.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace lares::toolhost {
namespace {

constexpr int kPatience = 2000;
constexpr std::string_view kSecret = "nobody else's\n";

Error no_bait(const char* what) {
    return {ErrorCode::Io, std::string("the self-test could not set out ") + what + ": " +
                               std::generic_category().message(errno)};
}

struct LocalAddress {
    sockaddr_un address{};
    socklen_t size = 0;
};

LocalAddress local_address(const std::string& name) {
    LocalAddress local;
    local.address.sun_family = AF_UNIX;
    const std::size_t n = std::min(name.size(), sizeof local.address.sun_path - 1);
    std::memcpy(local.address.sun_path, name.data(), n);
    if (name.starts_with('@')) local.address.sun_path[0] = '\0';
    local.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + n);
    return local;
}

sockaddr_in loopback(unsigned port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

UniqueNativeHandle new_socket(int family, int type) {
    return UniqueNativeHandle(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

UniqueNativeHandle listening(const std::string& name) {
    UniqueNativeHandle socket = new_socket(AF_UNIX, SOCK_STREAM);
    const LocalAddress local = local_address(name);
    const auto* address = reinterpret_cast<const sockaddr*>(&local.address);
    const bool works =
        socket && ::bind(socket.get(), address, local.size) == 0 && ::listen(socket.get(), 8) == 0;
    return works ? std::move(socket) : UniqueNativeHandle();
}

UniqueNativeHandle bound_port(int type, unsigned& port) {
    UniqueNativeHandle socket = new_socket(AF_INET, type);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool works = socket && ::bind(socket.get(), any, size) == 0 &&
                       ::getsockname(socket.get(), any, &size) == 0 &&
                       (type != SOCK_STREAM || ::listen(socket.get(), 8) == 0);
    port = ntohs(address.sin_port);
    return works ? std::move(socket) : UniqueNativeHandle();
}

bool is_waiting(const UniqueNativeHandle& socket, int patience) {
    pollfd waiting{socket.get(), POLLIN, 0};
    return ::poll(&waiting, 1, patience) == 1;
}

/// Connects to `socket`, and takes the connection from its queue again.
bool answers(const UniqueNativeHandle& socket, const sockaddr* address, socklen_t size) {
    const UniqueNativeHandle caller = new_socket(address->sa_family, SOCK_STREAM);
    const int returned = ::connect(caller.get(), address, size);
    if (returned != 0 && errno != EINPROGRESS) return false;
    if (!is_waiting(socket, kPatience)) return false;
    return static_cast<bool>(
        UniqueNativeHandle(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC)));
}

bool answers_local(const UniqueNativeHandle& socket, const std::string& name) {
    const LocalAddress local = local_address(name);
    return answers(socket, reinterpret_cast<const sockaddr*>(&local.address), local.size);
}

std::string text_of(const std::string& path) {
    const UniqueNativeHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 256> block;
    const ssize_t n = ::read(file.get(), block.data(), block.size());
    return {block.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
}

bool write_file(const std::string& path, std::string_view text) {
    const UniqueNativeHandle file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    return file &&
           ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// What a command must not reach: a secret file and listening sockets of each kind, all on this
/// machine, in a folder that goes with it.
class Bait {
public:
    Bait() = default;
    ~Bait() {
        std::error_code ignored;
        if (!m_folder.empty()) std::filesystem::remove_all(m_folder, ignored);
    }
    Bait(const Bait&) = delete;
    Bait& operator=(const Bait&) = delete;

    Result<void> set_out(const std::string& parent) {
        std::string folder = parent + "/lares-XXXXXX";
        if (!::mkdtemp(folder.data())) return no_bait("a folder");
        m_folder = folder;
        errno = ENAMETOOLONG;
        if (abstract_socket().size() + 16 > sizeof(sockaddr_un::sun_path))
            return no_bait("a socket");
        const std::string inside = m_folder + "/inside";
        if (!write_file(secret(), kSecret) || ::mkdir(inside.c_str(), 0700) != 0 ||
            !write_file(inside + "/file", "for everybody\n"))
            return no_bait("a file");
        m_socket = listening(socket());
        m_abstract = listening(abstract_socket());
        if (!m_socket || !m_abstract) return no_bait("a local socket");
        m_tcp = bound_port(SOCK_STREAM, m_tcp_port);
        m_udp = bound_port(SOCK_DGRAM, m_udp_port);
        if (!m_tcp || !m_udp) return no_bait("a port");
        return {};
    }

    [[nodiscard]] bool is_alive() const {
        if (text_of(secret()) != kSecret || !answers_local(m_socket, socket()) ||
            !answers_local(m_abstract, abstract_socket()))
            return false;
        const sockaddr_in tcp = loopback(m_tcp_port), udp = loopback(m_udp_port);
        if (!answers(m_tcp, reinterpret_cast<const sockaddr*>(&tcp), sizeof tcp)) return false;
        const UniqueNativeHandle sender = new_socket(AF_INET, SOCK_DGRAM);
        char byte = 'x';
        return ::sendto(sender.get(), &byte, 1, 0, reinterpret_cast<const sockaddr*>(&udp),
                        sizeof udp) == 1 &&
               is_waiting(m_udp, kPatience) && ::recv(m_udp.get(), &byte, 1, 0) == 1;
    }
    [[nodiscard]] bool was_taken() const {
        return is_waiting(m_socket, 0) || is_waiting(m_abstract, 0) || is_waiting(m_tcp, 0) ||
               is_waiting(m_udp, 0) || text_of(secret()) != kSecret;
    }
    [[nodiscard]] std::string described() const {
        return m_folder + " " + std::to_string(m_tcp_port) + " " + std::to_string(m_udp_port);
    }

private:
    [[nodiscard]] std::string secret() const { return m_folder + "/secret"; }
    [[nodiscard]] std::string socket() const { return m_folder + "/socket"; }
    [[nodiscard]] std::string abstract_socket() const { return "@" + m_folder; }

    std::string m_folder;
    UniqueNativeHandle m_socket;
    UniqueNativeHandle m_abstract;
    UniqueNativeHandle m_tcp;
    UniqueNativeHandle m_udp;
    unsigned m_tcp_port = 0;
    unsigned m_udp_port = 0;
};

void answer(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

}  // namespace

int hold_bait(const std::string& parent) {
    Bait bait;
    if (const Result<void> out = bait.set_out(parent); !out) {
        answer("failed " + out.error().message);
        return 1;
    }
    answer("bait " + bait.described());
    for (int asked = std::getchar(); asked != EOF; asked = std::getchar()) {
        if (asked == kAskAlive) answer(bait.is_alive() ? "alive" : "dead");
        if (asked == kAskTaken) answer(bait.was_taken() ? "taken" : "untaken");
    }
    return 0;
}

}  // namespace lares::toolhost
