#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QStringList>
#include <QTcpSocket>

#include <memory>

namespace lares::test {

struct HttpAnswer {
    int status = 0;  ///< 0: there was none
    QByteArray head;
    QByteArray body;       ///< chunks joined
    bool isWhole = false;  ///< as long as the head says, or with the last chunk

    [[nodiscard]] QJsonObject json() const;
    [[nodiscard]] QString errorCode() const;
    /// The data of each server-sent event.
    [[nodiscard]] QList<QByteArray> events() const;
};

/// lares-cli serve on a free port, until it is destroyed.
class ServeProgram {
public:
    /// `arguments` behind "serve --port 0 --json --verbose".
    explicit ServeProgram(const QStringList& arguments);
    ~ServeProgram();

    [[nodiscard]] bool isReady() const { return m_port > 0; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QProcess& process() { return m_process; }
    /// Lines that every request of `waitUntil` carries.
    void setHeaders(const QByteArray& headers) { m_headers = headers; }
    [[nodiscard]] const QString& model() const { return m_model; }

    /// A connection that has sent its request. `headers` end with a line break each.
    [[nodiscard]] std::unique_ptr<QTcpSocket> send(const QByteArray& method,
                                                   const QByteArray& path,
                                                   const QByteArray& body = {},
                                                   const QByteArray& headers = {}) const;
    [[nodiscard]] std::unique_ptr<QTcpSocket> sendRaw(const QByteArray& bytes) const;
    [[nodiscard]] HttpAnswer get(const QByteArray& path, const QByteArray& headers = {}) const;
    [[nodiscard]] HttpAnswer chat(const QByteArray& body, const QByteArray& headers = {}) const;
    /// Until /health says so.
    [[nodiscard]] bool waitUntil(bool isAnswering, int nWaiting) const;

private:
    QProcess m_process;
    QString m_model;
    QByteArray m_headers;
    int m_port = 0;
};

/// What these bytes say, behind a "100 Continue".
[[nodiscard]] HttpAnswer answerIn(QByteArray all);
/// Everything that comes until the other end closes.
[[nodiscard]] HttpAnswer readAnswer(QTcpSocket& socket);

}  // namespace lares::test
