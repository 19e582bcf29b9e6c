#include "tests/cli/serve_client.h"

#include "tests/support/test_data.h"

#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QUrl>

using namespace Qt::Literals;

namespace lares::test {
namespace {

constexpr int kTimeoutMs = 60'000;

/// Takes the chunks out of an answer's body; it is whole where the empty one came.
void joinChunks(HttpAnswer& answer) {
    QByteArray joined;
    qsizetype at = 0;
    while (true) {
        const qsizetype line = answer.body.indexOf("\r\n", at);
        const int size = line < 0 ? 0 : answer.body.mid(at, line - at).toInt(nullptr, 16);
        if (size == 0) break;
        joined += answer.body.mid(line + 2, size);
        at = line + 2 + size + 2;
    }
    answer.isWhole = answer.body.mid(at) == "0\r\n\r\n";
    answer.body = joined;
}

int lengthIn(const QByteArray& head) {
    const qsizetype at = head.toLower().indexOf("content-length: ");
    if (at < 0) return -1;
    return head.mid(at + 16, head.indexOf('\r', at) - at - 16).toInt();
}

}  // namespace

QJsonObject HttpAnswer::json() const {
    return QJsonDocument::fromJson(body).object();
}

QString HttpAnswer::errorCode() const {
    return json()["error"_L1]["code"_L1].toString();
}

QList<QByteArray> HttpAnswer::events() const {
    QList<QByteArray> events;
    QByteArray rest = body;
    for (qsizetype end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        events.append(rest.left(end).mid(static_cast<qsizetype>(sizeof("data: ") - 1)));
        rest = rest.mid(end + 2);
    }
    return events;
}

HttpAnswer answerIn(QByteArray all) {
    const QByteArray interim = "HTTP/1.1 100 Continue\r\n\r\n";
    if (all.startsWith(interim)) all.remove(0, interim.size());
    const qsizetype end = all.indexOf("\r\n\r\n");
    if (end < 0) return {};
    HttpAnswer answer{all.mid(9, 3).toInt(), all.left(end + 2), all.mid(end + 4)};
    if (answer.head.toLower().contains("transfer-encoding: chunked")) {
        joinChunks(answer);
    } else {
        answer.isWhole = answer.body.size() == lengthIn(answer.head);
    }
    return answer;
}

HttpAnswer readAnswer(QTcpSocket& socket) {
    const QDeadlineTimer deadline(kTimeoutMs);
    while (socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired())
        socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()));
    return answerIn(socket.readAll());
}

ServeProgram::ServeProgram(const QStringList& arguments) {
    m_process.start(QString::fromStdString(program("lares-cli").string()),
                    QStringList{"serve", "--port", "0", "--json", "--verbose"} + arguments);
    const QDeadlineTimer deadline(kTimeoutMs);
    while (!m_process.canReadLine() && m_process.state() != QProcess::NotRunning &&
           !deadline.hasExpired())
        m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime()));
    const QJsonObject ready = QJsonDocument::fromJson(m_process.readLine()).object();
    m_port = QUrl(ready["url"_L1].toString()).port(0);
    m_model = ready["model"_L1].toString();
}

ServeProgram::~ServeProgram() {
    m_process.kill();
    m_process.waitForFinished();
}

std::unique_ptr<QTcpSocket> ServeProgram::sendRaw(const QByteArray& bytes) const {
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost("127.0.0.1", static_cast<quint16>(m_port));
    if (!socket->waitForConnected(kTimeoutMs)) return socket;
    socket->write(bytes);
    while (socket->bytesToWrite() > 0 && socket->waitForBytesWritten(kTimeoutMs)) {
    }
    return socket;
}

std::unique_ptr<QTcpSocket> ServeProgram::send(const QByteArray& method,
                                               const QByteArray& path,
                                               const QByteArray& body,
                                               const QByteArray& headers) const {
    QByteArray head = method + " " + path + " HTTP/1.1\r\n" + headers;
    if (!headers.contains("Host:"))
        head += "Host: 127.0.0.1:" + QByteArray::number(m_port) + "\r\n";
    if (method == "POST")
        head +=
            "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) +
            "\r\n";
    return sendRaw(head + "\r\n" + body);
}

HttpAnswer ServeProgram::get(const QByteArray& path, const QByteArray& headers) const {
    return readAnswer(*send("GET", path, {}, headers));
}

HttpAnswer ServeProgram::chat(const QByteArray& body, const QByteArray& headers) const {
    return readAnswer(*send("POST", "/v1/chat/completions", body, headers));
}

bool ServeProgram::waitUntil(bool isAnswering, int nWaiting) const {
    const QDeadlineTimer deadline(kTimeoutMs);
    while (!deadline.hasExpired()) {
        const QJsonObject load = get("/health", m_headers).json();
        if (load["answering"_L1].toBool() == isAnswering &&
            load["waiting"_L1].toInt(-1) == nWaiting)
            return true;
    }
    return false;
}

}  // namespace lares::test
