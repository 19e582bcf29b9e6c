#include "tests/app/download/fault_server.h"

#include <QHostAddress>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <sys/socket.h>

namespace lares::test {
namespace {

constexpr qint64 kPiece = 64 * 1024;  // little in flight, so that an end comes where it was meant

void reset(QTcpSocket* socket) {
    const linger now{1, 0};
    ::setsockopt(static_cast<int>(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now,
                 sizeof now);
    socket->abort();
}

void finish(QTcpSocket* socket, Answer::End end) {
    if (end == Answer::End::Close) socket->disconnectFromHost();
    if (end == Answer::End::Reset) reset(socket);
}

Request parse(const QByteArray& text, int number) {
    Request request;
    request.number = number;
    const QList<QByteArray> lines = text.split('\n');
    request.path = lines.front().split(' ').value(1);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        if (colon > 0)
            request.headers[lines[i].left(colon).toLower()] = lines[i].mid(colon + 1).trimmed();
    }
    return request;
}

}  // namespace

qint64 Request::from() const {
    const QByteArray range = headers["range"];
    if (!range.startsWith("bytes=")) return 0;
    return range.mid(6, range.indexOf('-') - 6).toLongLong();
}

Answer Answer::make(const QByteArray& status,
                    const QByteArrayList& headers,
                    const QByteArray& body) {
    Answer answer;
    answer.head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n";
    for (const QByteArray& header : headers) answer.head += header + "\r\n";
    answer.head += "\r\n";
    answer.body = body;
    return answer;
}

Answer Answer::cutAt(qint64 size, End how) const {
    Answer cut = *this;
    cut.body = body.left(size);
    cut.end = how;
    return cut;
}

FaultServer::FaultServer(Handler handler) : m_handler(std::move(handler)) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = nextPendingConnection()) take(socket);
    });
}

QByteArray FaultServer::address(const QByteArray& path) const {
    return "http://127.0.0.1:" + QByteArray::number(serverPort()) + path;
}

void FaultServer::take(QTcpSocket* socket) {
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        if (!socket->peek(64 * 1024).contains("\r\n\r\n")) return;
        socket->disconnect(this);
        m_requests.push_back(parse(socket->readAll(), static_cast<int>(m_requests.size()) + 1));
        answer(socket, m_requests.back());
    });
}

void FaultServer::answer(QTcpSocket* socket, const Request& request) {
    auto answer = std::make_shared<Answer>(m_handler(request));
    socket->write(answer->head);
    if (answer->isDripped) {
        auto* drops = new QTimer(socket);
        connect(drops, &QTimer::timeout, socket, [socket, answer, at = qint64{0}]() mutable {
            socket->write(answer->body.mid(at++, 1));
        });
        drops->start(5);
        return;
    }
    if (answer->body.isEmpty()) return finish(socket, answer->end);
    send(socket, answer, 0);
}

void FaultServer::send(QTcpSocket* socket, const std::shared_ptr<Answer>& answer, qint64 at) {
    const QByteArray piece = answer->body.mid(at, kPiece);
    const qint64 next = at + piece.size();
    const auto once = std::make_shared<QMetaObject::Connection>();
    *once = connect(socket, &QTcpSocket::bytesWritten, this, [=, this] {
        if (socket->bytesToWrite() > 0) return;
        QObject::disconnect(*once);
        m_sent += piece.size();
        const QPointer<QTcpSocket> stillThere = socket;
        if (onSent) onSent();
        if (!stillThere) return;
        if (next >= answer->body.size()) return finish(socket, answer->end);
        send(socket, answer, next);
    });
    socket->write(piece);
}

Answer served(const QByteArray& body, const Request& request, const QByteArray& etag) {
    const qint64 from = request.from();
    const QByteArray condition = request.headers["if-range"];
    const bool isWhole = from == 0 || (!condition.isEmpty() && condition != etag);
    const QByteArray part = isWhole ? body : body.mid(from);
    QByteArrayList headers{"Content-Type: application/octet-stream", "ETag: " + etag,
                           "Content-Length: " + QByteArray::number(part.size())};
    if (isWhole) return Answer::make("200 OK", headers, part);
    headers << "Content-Range: bytes " + QByteArray::number(from) + '-' +
                   QByteArray::number(body.size() - 1) + '/' + QByteArray::number(body.size());
    return Answer::make("206 Partial Content", headers, part);
}

}  // namespace lares::test
