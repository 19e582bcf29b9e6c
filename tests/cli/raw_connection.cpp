#include "tests/cli/raw_connection.h"

#include <QDeadlineTimer>

#include <array>
#include <limits>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lares::test {
namespace {

constexpr int kPatienceMs = 60'000;

}  // namespace

RawConnection::RawConnection(int port) {
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
        ::close(m_socket);
        m_socket = -1;
        return;
    }
    const int yes = 1;  // so that every piece goes alone
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

RawConnection::~RawConnection() {
    leave(false);
}

bool RawConnection::send(const QByteArray& bytes) {
    for (qsizetype at = 0; at < bytes.size();) {
        const auto n = ::send(m_socket, bytes.constData() + at,
                              static_cast<std::size_t>(bytes.size() - at), MSG_NOSIGNAL);
        if (n <= 0) return false;
        at += n;
    }
    return true;
}

bool RawConnection::waitForAnswer(int ms) const {
    pollfd looked = {m_socket, POLLIN, 0};
    return ::poll(&looked, 1, ms) > 0;
}

QByteArray RawConnection::read(qsizetype atLeast) {
    const QDeadlineTimer deadline(kPatienceMs);
    QByteArray all;
    std::array<char, 16384> part{};
    while (all.size() < atLeast && waitForAnswer(static_cast<int>(deadline.remainingTime()))) {
        const auto n = ::recv(m_socket, part.data(), part.size(), 0);
        if (n <= 0) break;
        all.append(part.data(), n);
    }
    return all;
}

QByteArray RawConnection::readAll() {
    return read(std::numeric_limits<qsizetype>::max());
}

void RawConnection::leave(bool isAbrupt) {
    if (m_socket < 0) return;
    const linger reset = {1, 0};
    if (isAbrupt) ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    ::close(m_socket);
    m_socket = -1;
}

}  // namespace lares::test
