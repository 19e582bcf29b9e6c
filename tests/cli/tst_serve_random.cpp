// What clients of lares-cli serve may do in any order, and at once: who stays gets the answer that
// the request always has, who is wrong hears why, and who leaves costs nothing. LARES_SEED=N plays
// other orders.
#include "tests/cli/cli_program.h"
#include "tests/cli/serve_client.h"
#include "tests/cli/serve_random_client.h"
#include "tests/support/seeds.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <atomic>
#include <csignal>
#include <memory>
#include <random>
#include <thread>
#include <vector>

using namespace Qt::Literals;
using namespace lares::test;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kClients = 6;
constexpr int kSteps = 32;

/// How much work the process did so far, in the system's ticks; nobody's clock.
qint64 workOf(qint64 pid) {
    QFile file(QString("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QByteArray all = file.readAll();
    const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
    return fields[11].toLongLong() + fields[12].toLongLong();
}

qint64 memoryOf(qint64 pid) {
    QFile file(QString("/proc/%1/statm").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    return file.readAll().split(' ')[1].toLongLong() * 4096;
}

qsizetype nDescriptors(qint64 pid) {
    return QDir(QString("/proc/%1/fd").arg(pid))
        .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)
        .size();
}

}  // namespace

class ServeRandomTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void largeBodiesLeaveNoMemoryBehind();
    void everybodyGetsTheirOwn_data();
    void everybodyGetsTheirOwn();

private:
    void learn();
    void playAll(unsigned seed);
    void leaveAnEndlessOne(std::mt19937& random);
    void endInTheMiddle(std::mt19937& random);
    void readLog();
    [[nodiscard]] qint64 pid() const { return m_server->process().processId(); }

    QTemporaryFile m_keyFile;
    std::unique_ptr<ServeProgram> m_server;
    Knowledge m_known;
    Findings m_findings;
};

void ServeRandomTest::initTestCase() {
    const auto mini = source_file("resources/mini_model/lares-mini.gguf");
    if (!QFileInfo::exists(QString::fromStdString(mini.string()))) QSKIP("Lares Mini is not here");
    if (!QFileInfo::exists("/proc/self/fd")) QSKIP("this system tells nothing of its processes");
    if (runCli({"serve", "--host", "999.0.0.1", "--api-key-file", "/dev/null", "--json"})
            .errorCode() == "unsupported")
        QSKIP("this build has no server");
    QVERIFY(m_keyFile.open());
    m_keyFile.write("sesame");
    QVERIFY(m_keyFile.flush());
}

/// Several at once: each of the server's threads has a heap.
void ServeRandomTest::largeBodiesLeaveNoMemoryBehind() {
    ServeProgram server({});
    QVERIFY(server.isReady());
    const qint64 id = server.process().processId();
    const QByteArray host = "Host: localhost:" + QByteArray::number(server.port()) + "\r\n";
    const QByteArray request = "POST /v1/chat/completions HTTP/1.1\r\n" + host +
                               "Content-Type: application/json\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n800000\r\n" +
                               QByteArray(8 << 20, ' ') + "\r\n0\r\n\r\n";
    const qint64 before = memoryOf(id);
    std::atomic<int> nRefused = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 6; ++i) {
        clients.emplace_back([&] {
            for (int j = 0; j < 6; ++j) {
                RawConnection connection(server.port());
                connection.send(request);
                if (answerIn(connection.readAll()).errorCode() == "invalid_json") ++nRefused;
            }
        });
    }
    for (std::thread& client : clients) client.join();
    QCOMPARE(nRefused, 36);
    const qint64 more = memoryOf(id) - before;
    QVERIFY2(more < qint64{48} << 20, qPrintable(QString::number(more)));
}

void ServeRandomTest::everybodyGetsTheirOwn_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("withKey");
    for (const unsigned seed : lares::test::seeds(2)) {
        QTest::addRow("%u", seed) << seed << false;
        QTest::addRow("%u, with a key", seed) << seed << true;
    }
}

/// Nobody else asks: what each request's answer is.
void ServeRandomTest::learn() {
    m_known.host = "Host: 127.0.0.1:" + QByteArray::number(m_known.port) + "\r\n";
    m_known.refused = refusedRequests(m_known.host, m_known.key);
    m_known.answers.clear();
    for (const Asked& asked : m_known.asked) {
        RawConnection connection(m_known.port);
        connection.send(wholeRequest(m_known, asked, false));
        const HttpAnswer answer = answerIn(connection.readAll());
        const Said said = saidIn(answer, false);
        QVERIFY2(said.problem.isEmpty(), asked.name + answer.body);
        m_known.answers.append(said.text);
    }
}

void ServeRandomTest::playAll(unsigned seed) {
    std::vector<std::thread> clients;
    for (unsigned i = 0; i < kClients; ++i) {
        clients.emplace_back([this, seed, i] {
            RandomClient client(m_known, m_findings, seed * kClients + i);
            for (int step = 0; step < kSteps; ++step) client.act();
        });
    }
    for (std::thread& client : clients) client.join();
    QVERIFY2(m_findings.all().isEmpty(), qPrintable(m_findings.all().join('\n')));
    QVERIFY(m_findings.nAnswered() > kClients * kSteps / 4);
}

/// The model does not go on for it: by far less work than the whole answer would be.
void ServeRandomTest::leaveAnEndlessOne(std::mt19937& random) {
    const bool isStream = random() % 2 == 0;
    const QByteArray bytes = wholeRequest(m_known, endlessAnswer(), isStream);
    const qint64 before = workOf(pid());
    RawConnection staying(m_known.port);
    staying.send(bytes);
    QVERIFY(staying.readAll().size() > 1500);
    const qint64 whole = workOf(pid()) - before;
    for (const int nBehind : {0, 9000}) {
        const qint64 start = workOf(pid());
        RawConnection going(m_known.port);
        going.send(bytes + QByteArray(nBehind, '\n'));
        QVERIFY(m_server->waitUntil(true, 0));
        if (isStream) (void)going.read(1);
        going.leave(random() % 2 == 0);
        QVERIFY(m_server->waitUntil(false, 0));
        const qint64 work = workOf(pid()) - start;
        QVERIFY2(work < whole * 2 / 3, qPrintable(QString("%1 of %2").arg(work).arg(whole)));
    }
}

/// While one is answered and others wait, are sent slowly, or never whole.
void ServeRandomTest::endInTheMiddle(std::mt19937& random) {
    struct Staying {
        std::unique_ptr<RawConnection> connection;
        bool isStream;
    };
    std::vector<Staying> staying;
    for (int i = 0; i < 4; ++i) {
        const bool isStream = random() % 2 == 0;
        const Asked asked = i == 0 ? endlessAnswer() : m_known.asked[i];
        auto connection = std::make_unique<RawConnection>(m_known.port);
        connection->send(wholeRequest(m_known, asked, isStream));
        QVERIFY(m_server->waitUntil(true, i));
        staying.push_back({std::move(connection), isStream});
    }
    const QByteArray half = wholeRequest(m_known, endlessAnswer(), false);
    RawConnection slow(m_known.port);
    slow.send(half.left(static_cast<qsizetype>(random() % 300)));
    RawConnection silent(m_known.port);
    ::kill(static_cast<pid_t>(pid()), random() % 2 == 0 ? SIGINT : SIGTERM);
    for (const auto& [connection, isStream] : staying) {
        const HttpAnswer answer = answerIn(connection->readAll());
        QVERIFY2(answer.isWhole, answer.head + answer.body);
        QVERIFY2(answer.body.contains("shutting_down"), answer.body);
        QVERIFY(answer.status == 503 || answer.events().last() == "[DONE]");
    }
    // Who sends a byte now and then does not keep it.
    for (int i = 0; i < 200 && !m_server->process().waitForFinished(100); ++i) slow.send("a");
    QCOMPARE(m_server->process().state(), QProcess::NotRunning);
    QCOMPARE(m_server->process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_server->process().exitCode(), 130);
}

/// A line for each request and nothing else, and nothing on stdout but where it listened.
void ServeRandomTest::readLog() {
    QCOMPARE(m_server->process().readAllStandardOutput(), QByteArray());
    static const QRegularExpression line(
        R"(^[ -~]* [1-5][0-9][0-9](, [0-9]+\+[0-9]+ tokens)?, [0-9]+ ms$)");
    const QByteArray log = m_server->process().readAllStandardError();
    for (const QByteArray& one : log.split('\n'))
        QVERIFY2(one.isEmpty() || line.match(one).hasMatch(), one);
    QVERIFY(log.count('\n') > kClients * kSteps / 2);
}

void ServeRandomTest::everybodyGetsTheirOwn() {
    QFETCH(const unsigned, seed);
    QFETCH(const bool, withKey);
    m_known.key = withKey ? "Authorization: Bearer sesame\r\n" : "";
    // However many leave at once, nobody who stays finds the queue full.
    QStringList arguments = {"--queue", "64"};
    if (withKey) arguments += {"--api-key-file", m_keyFile.fileName(), "--unload-after", "1"};
    m_server = std::make_unique<ServeProgram>(arguments);
    QVERIFY(m_server->isReady());
    m_server->setHeaders(m_known.key);
    m_known.port = m_server->port();
    const qsizetype nOpen = nDescriptors(pid());
    learn();
    if (QTest::currentTestFailed()) return;
    std::mt19937 random(seed);
    qint64 memory = 0;
    for (unsigned round = 0; round < 2; ++round) {
        playAll(seed * 2 + round);
        if (QTest::currentTestFailed()) return;
        QTRY_COMPARE_WITH_TIMEOUT(nDescriptors(pid()), nOpen, kPatienceMs);
        QVERIFY(m_server->waitUntil(false, 0));
        if (round == 0) memory = memoryOf(pid());
    }
    QVERIFY2(memoryOf(pid()) < memory * 3 / 2 + (qint64{64} << 20),
             qPrintable(QString("%1 after %2").arg(memoryOf(pid())).arg(memory)));
    leaveAnEndlessOne(random);
    if (QTest::currentTestFailed()) return;
    endInTheMiddle(random);
    if (QTest::currentTestFailed()) return;
    readLog();
}

QTEST_APPLESS_MAIN(ServeRandomTest)
#include "tst_serve_random.moc"
