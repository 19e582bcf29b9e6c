#pragma once

#include <QByteArray>
#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <memory>
#include <vector>

namespace lares::test {

/// What a program asked for.
struct Request {
    int number = 0;  ///< 1 for the first one that the server got
    QByteArray path;
    QHash<QByteArray, QByteArray> headers;  ///< names in lower case

    /// Where its Range begins; 0 where it has none.
    [[nodiscard]] qint64 from() const;
};

/// What goes back: `head` and `body` as they are, byte by byte, and then an end.
struct Answer {
    enum class End { Close, Reset, Hold };
    QByteArray head;
    QByteArray body;
    End end = End::Close;
    bool isDripped = false;  ///< a byte at a time, without an end

    /// With a status line and these header lines.
    [[nodiscard]] static Answer make(const QByteArray& status,
                                     const QByteArrayList& headers,
                                     const QByteArray& body = {});
    [[nodiscard]] Answer cutAt(qint64 size, End how = End::Close) const;
};

/// A server on 127.0.0.1 that answers as it is told, right or wrong. Lives on the thread that made
/// it.
class FaultServer : public QTcpServer {
public:
    using Handler = std::function<Answer(const Request&)>;
    explicit FaultServer(Handler handler);

    [[nodiscard]] QByteArray address(const QByteArray& path = "/model.gguf") const;
    [[nodiscard]] const std::vector<Request>& requests() const { return m_requests; }
    /// Bytes of bodies that the system took to send.
    [[nodiscard]] qint64 bytesSent() const { return m_sent; }

    /// Called whenever bytes went out.
    std::function<void()> onSent;

private:
    void take(QTcpSocket* socket);
    void answer(QTcpSocket* socket, const Request& request);
    void send(QTcpSocket* socket, const std::shared_ptr<Answer>& answer, qint64 at);

    Handler m_handler;
    std::vector<Request> m_requests;
    qint64 m_sent = 0;
};

/// A server that does everything right: whole, or the part that was asked for.
[[nodiscard]] Answer served(const QByteArray& body,
                            const Request& request,
                            const QByteArray& etag = "\"one\"");

}  // namespace lares::test
