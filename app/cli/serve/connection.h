#pragma once

#include <string>

namespace lares::cli {

/// Whether the client of a request is still there. The library tells a handler nothing but the
/// other end's address (its newer versions do, Debian 12's and Ubuntu 24.04's do not), so this
/// finds the socket that has it. Valid while the handler of the request runs.
class Connection {
public:
    Connection(const std::string& address, int port);

    /// A socket that was not found counts as alive: then writing to it notices.
    [[nodiscard]] bool isAlive() const;

private:
    int m_socket = -1;
};

/// Ends every connection that came to a port of this process. A thread that reads from one, or
/// writes to it, sees the end: the library's own stop waits for it, for ever where a client sends a
/// byte now and then.
void endConnections(int ownPort);

}  // namespace lares::cli
