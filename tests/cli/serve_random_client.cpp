#include "tests/cli/serve_random_client.h"

#include <array>

using namespace Qt::Literals;

namespace lares::test {
namespace {

constexpr int kPatienceMs = 60'000;

QByteArray headOf(const Knowledge& known, const Asked& asked, const QByteArray& more) {
    return "POST " + QByteArray(asked.path) + " HTTP/1.1\r\n" + known.host + known.key +
           "Content-Type: application/json\r\n" + more;
}

QByteArray lengthOf(const QByteArray& body) {
    return "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
}

}  // namespace

QByteArray wholeRequest(const Knowledge& known, const Asked& asked, bool isStream) {
    const QByteArray body = bodyOf(asked, isStream);
    return headOf(known, asked, "") + lengthOf(body) + body;
}

void RandomClient::act() {
    const int what = below(100);
    if (what < 45) return ask();
    if (what < 65) return askWrongly();
    if (what < 75) return look();
    leave();
}

void RandomClient::sendInPieces(RawConnection& connection, const QByteArray& bytes) {
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype n = 1 + below(bytes.size());
        connection.send(bytes.mid(at, n));
        at += n;
        (void)connection.waitForAnswer(below(4));  // a slow client
    }
}

QByteArray RandomClient::inChunks(const QByteArray& body) {
    QByteArray chunks;
    for (qsizetype at = 0; at < body.size();) {
        const QByteArray part = body.mid(at, 1 + below(body.size()));
        chunks += QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n";
        at += part.size();
    }
    return chunks + "0\r\n\r\n";
}

/// In one of the ways in which clients send a request.
bool RandomClient::sendSomehow(RawConnection& connection,
                               const Asked& asked,
                               const QByteArray& body) {
    const auto head = [&](const QByteArray& more) { return headOf(m_known, asked, more); };
    const QByteArray plain = head("") + lengthOf(body) + body;
    switch (below(8)) {
        case 0:
            sendInPieces(connection, plain);
            return true;
        case 1:
            sendInPieces(connection, head("Transfer-Encoding: chunked\r\n\r\n") + inChunks(body));
            return true;
        case 2: {
            connection.send(head("Expect: 100-continue\r\n") + lengthOf(body));
            const bool isAsked = connection.waitForAnswer(kPatienceMs);
            return connection.send(body) && isAsked;
        }
        case 3:  // the next request comes along, and has to come again
            return connection.send(plain + "GET /health HTTP/1.1\r\n" + m_known.host + "\r\n");
        case 4:
            return connection.send(plain + QByteArray("\r\n").repeated(1 + below(5000)));
        case 5:
            return connection.send(
                head("Connection: keep-alive\r\nRange: bytes=2-9\r\nX-Stainless-OS: Linux\r\n") +
                lengthOf(body) + body);
        default:
            return connection.send(plain);
    }
}

void RandomClient::ask() {
    const int which = below(m_known.asked.size());
    const Asked& asked = m_known.asked[which];
    const bool isStream = below(2) == 0;
    RawConnection connection(m_known.port);
    const QByteArray body = bodyOf(asked, isStream);
    if (!sendSomehow(connection, asked, body)) return m_findings.wrong(asked.name, "not taken");
    const HttpAnswer answer = answerIn(connection.readAll());
    const Said said = saidIn(answer, isStream);
    m_findings.takeId(said.id);
    m_findings.countAnswer();
    if (!said.problem.isEmpty())
        return m_findings.wrong(asked.name, said.problem + ": " + answer.head + answer.body);
    if (said.text != m_known.answers[which])
        m_findings.wrong(asked.name, said.text + "\n  and not " + m_known.answers[which]);
}

void RandomClient::askWrongly() {
    const Refused& refused = m_known.refused[below(m_known.refused.size())];
    RawConnection connection(m_known.port);
    connection.send(refused.bytes);  // it may say no before it has all of them
    const HttpAnswer answer = answerIn(connection.readAll());
    const QString message = answer.json()["error"_L1]["message"_L1].toString();
    if (answer.status != refused.status || !answer.isWhole || !message.contains(refused.says))
        m_findings.wrong(refused.name, QString(answer.head + answer.body));
}

void RandomClient::look() {
    constexpr std::array kPages = {"/health", "/v1/models", "/v1/models/lares-mini"};
    const QByteArray method = below(3) == 0 ? "HEAD" : "GET";
    RawConnection connection(m_known.port);
    sendInPieces(connection, method + " " + kPages[static_cast<std::size_t>(below(3))] +
                                 " HTTP/1.1\r\n" + m_known.host + m_known.key + "\r\n");
    const HttpAnswer answer = answerIn(connection.readAll());
    const bool isWhole =
        method == "HEAD" ? answer.body.isEmpty() : answer.isWhole && !answer.json().isEmpty();
    if (answer.status != 200 || !isWhole)
        m_findings.wrong(method, QString(answer.head + answer.body));
}

/// At any byte of the request or of the answer, or before either.
void RandomClient::leave() {
    const bool isEndless = below(3) == 0;
    const Asked asked = isEndless ? endlessAnswer() : m_known.asked[below(m_known.asked.size())];
    const QByteArray bytes = wholeRequest(m_known, asked, below(2) == 0);
    RawConnection connection(m_known.port);
    switch (below(3)) {
        case 0:
            connection.send(bytes.left(below(bytes.size())));
            break;
        case 1:
            connection.send(bytes);
            (void)connection.waitForAnswer(below(6));
            break;
        default:
            connection.send(bytes + (below(2) == 0 ? QByteArray(9000, '\n') : ""));
            if (!isEndless || bytes.contains("\"stream\"")) (void)connection.read(1 + below(3000));
    }
    connection.leave(below(2) == 0);
}

}  // namespace lares::test
