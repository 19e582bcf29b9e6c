#pragma once

#include "tests/cli/raw_connection.h"
#include "tests/cli/serve_asked.h"

#include <QSet>
#include <QStringList>

#include <mutex>
#include <random>

namespace lares::test {

/// What all clients know of the server and have found out.
class Findings {
public:
    void wrong(const QByteArray& where, const QString& what) {
        const std::lock_guard lock(m_mutex);
        if (m_wrong.size() < 20) m_wrong.append(where + ": " + what);
    }
    /// Of two answers: then one of them was the other's.
    void takeId(const QString& id) {
        const std::lock_guard lock(m_mutex);
        if (m_ids.contains(id)) m_wrong.append("twice: " + id);
        m_ids.insert(id);
    }
    void countAnswer() {
        const std::lock_guard lock(m_mutex);
        ++m_nAnswered;
    }
    [[nodiscard]] const QStringList& all() const { return m_wrong; }
    [[nodiscard]] int nAnswered() const { return m_nAnswered; }

private:
    std::mutex m_mutex;
    QStringList m_wrong;
    QSet<QString> m_ids;
    int m_nAnswered = 0;
};

/// What the server is asked with, and what it answered when nobody else asked.
struct Knowledge {
    int port = 0;
    QByteArray host;
    QByteArray key;
    QList<Asked> asked = sameAnswers();
    QList<QString> answers;
    QList<Refused> refused;
};

[[nodiscard]] QByteArray wholeRequest(const Knowledge& known, const Asked& asked, bool isStream);

/// One of the clients, which does one thing after another.
class RandomClient {
public:
    RandomClient(const Knowledge& known, Findings& findings, unsigned seed)
        : m_known(known), m_findings(findings), m_random(seed) {}

    void act();

private:
    [[nodiscard]] int below(qsizetype n) {
        return static_cast<int>(m_random() % static_cast<unsigned>(n));
    }
    void ask();
    bool sendSomehow(RawConnection& connection, const Asked& asked, const QByteArray& body);
    void sendInPieces(RawConnection& connection, const QByteArray& bytes);
    QByteArray inChunks(const QByteArray& body);
    void askWrongly();
    void look();
    void leave();

    const Knowledge& m_known;
    Findings& m_findings;
    std::mt19937 m_random;
};

}  // namespace lares::test
