#pragma once

#include <QByteArray>

namespace lares::test {

/// A connection to a port of this machine whose client may do anything at any byte. For any one
/// thread, unlike a QTcpSocket.
class RawConnection {
public:
    explicit RawConnection(int port);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    [[nodiscard]] bool isOpen() const { return m_socket >= 0; }
    /// False: the other end takes no more. What it has said by then is still there to read.
    bool send(const QByteArray& bytes);
    /// Waits so long for something to read; true: something came, or the end.
    [[nodiscard]] bool waitForAnswer(int ms) const;
    /// What came, until it is so much, or the other end closes.
    [[nodiscard]] QByteArray read(qsizetype atLeast);
    [[nodiscard]] QByteArray readAll();
    /// As a program that ends does, or one that is killed with something unread (a reset).
    void leave(bool isAbrupt);

private:
    int m_socket = -1;
};

}  // namespace lares::test
