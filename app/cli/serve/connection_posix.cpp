#include "app/cli/serve/connection.h"

#include <array>
#include <cerrno>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace lares::cli {
namespace {

constexpr int kMostDescriptors = 1024;

/// Numbers for the name of a socket's other end.
bool isPeer(int socket, const std::string& address, int port) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    auto* const name = reinterpret_cast<sockaddr*>(&peer);
    if (::getpeername(socket, name, &size) != 0) return false;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (::getnameinfo(name, size, host.data(), host.size(), service.data(), service.size(),
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    return address == host.data() && std::to_string(port) == service.data();
}

/// Whether it is a connection that came to this port.
bool isOfPort(int socket, int port) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    auto* const name = reinterpret_cast<sockaddr*>(&storage);
    if (::getpeername(socket, name, &size) != 0) return false;
    size = sizeof(storage);
    if (::getsockname(socket, name, &size) != 0) return false;
    if (name->sa_family == AF_INET)
        return ntohs(reinterpret_cast<sockaddr_in*>(name)->sin_port) == port;
    return name->sa_family == AF_INET6 &&
           ntohs(reinterpret_cast<sockaddr_in6*>(name)->sin6_port) == port;
}

}  // namespace

Connection::Connection(const std::string& address, int port) {
    for (int socket = 3; socket < kMostDescriptors; ++socket) {
        if (isPeer(socket, address, port)) {
            m_socket = socket;
            return;
        }
    }
}

bool Connection::isAlive() const {
    if (m_socket < 0) return true;
#ifdef POLLRDHUP
    // Says it also where bytes that nobody reads stand before the end.
    pollfd looked = {m_socket, POLLRDHUP, 0};
    if (::poll(&looked, 1, 0) > 0) return false;
#endif
    char byte = 0;
    const auto n = ::recv(m_socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

void endConnections(int ownPort) {
    for (int socket = 3; socket < kMostDescriptors; ++socket) {
        if (isOfPort(socket, ownPort)) ::shutdown(socket, SHUT_RDWR);
    }
}

}  // namespace lares::cli
