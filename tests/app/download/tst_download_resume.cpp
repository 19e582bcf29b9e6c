#include "tests/app/download/download_run.h"
#include "tests/app/download/fault_server.h"
#include "tests/support/small_disk.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

#include <array>
#include <cstdio>

using namespace lares;
using namespace lares::test;

namespace {

constexpr qint64 kMiB = 1024 * 1024;
constexpr qint64 kMostWaste = 16 * kMiB;  // that one interruption may cost
const QByteArray kBody = noise(6 * kMiB + 5);

Answer right(const Request& request) {
    return served(kBody, request);
}

void flipBit(const QString& name, qint64 at) {
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at));
    const char byte = static_cast<char>(file.peek(1)[0] ^ 1);
    QVERIFY(file.write(&byte, 1) == 1);
}

void writeFile(const QString& name, const QByteArray& bytes) {
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

QByteArray readFile(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Runs until the server sent so much, and then `then`.
void runUntil(DownloadRun& download,
              FaultServer& server,
              qint64 sent,
              const std::function<void()>& then) {
    bool isDone = false;
    server.onSent = [&, sent] {
        if (!isDone && server.bytesSent() >= sent) {
            isDone = true;
            then();
        }
    };
    download.run();
    server.onSent = {};
}

/// Runs until so much lies on the disk, and then `then`: what a server sent may still be on its
/// way.
void runUntilWritten(DownloadRun& download, qint64 written, const std::function<void()>& then) {
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] {
        if (QFileInfo(download.place().part).size() < written) return;
        look.stop();
        then();
    });
    look.start(1);
    download.run();
}

/// All of the file, but at first no more than so much of it; then the server says nothing.
FaultServer::Handler holdsFirst(qint64 sent) {
    return [sent](const Request& request) {
        return request.from() > 0 ? right(request) : right(request).cutAt(sent, Answer::End::Hold);
    };
}

/// What is wrong with how a disk that fills up is dealt with; runs on such a disk.
QString problemOnSmallDisk(const QString& folder) {
    // At a checkpoint, so that going on and not keeping what is there meets the full disk.
    FaultServer server{holdsFirst(4 * kMiB)};
    const QString filler = folder + "/filler";
    DownloadRun download(kBody, server.address(), folder + "/models");
    download.secondMs = 50;
    runUntilWritten(download, 4 * kMiB, [&] { fill_disk(filler.toStdString()); });
    if (download.outcome() != "disk_full") return "the outcome is " + download.outcome();
    if (!download.sentence().contains("are needed")) return "it says " + download.sentence();
    if (download.isThere()) return "half a file has the final name";
    if (download.kept() < 4 * kMiB) return "only " + QString::number(download.kept()) + " are kept";
    const auto n_request = server.requests().size();
    download.run();
    if (download.outcome() != "disk_full") return "then it is " + download.outcome();
    if (server.requests().size() != n_request) return "it asked, though there is no room";
    QFile::remove(filler);
    download.run();
    return download.isRight() ? QString() : "and then it did not go on: " + download.sentence();
}

}  // namespace

/// A download that is interrupted goes on, costs little, and never mixes two files.
class DownloadResumeTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnAfterAStop();
    void stopsWhenItsStdinEnds();
    void aKillCostsLittle();
    void startsAgainWhereTheDiskLost_data();
    void startsAgainWhereTheDiskLost();
    void writesThroughNoLink();
    void secondOneIsLockedOut();
    void takesTheFileThatIsThere();
    void leavesAnotherFileOfThatName();
    void saysThatTheDiskIsFull();
    void saysThatTheFolderCannotBeMade();
    void refusesPlainHttp();
    void goesThroughTheProxyOfTheSystem();
};

void DownloadResumeTest::goesOnAfterAStop() {
    FaultServer server{holdsFirst(3 * kMiB)};
    DownloadRun download(kBody, server.address());
    download.secondMs = 60'000;  // it would wait long
    runUntilWritten(download, 3 * kMiB, [&] { download.stop(); });
    QCOMPARE(download.outcome(), "stopped");
    QCOMPARE(download.messages().back().done, download.kept());
    const qint64 kept = download.kept();
    QVERIFY(kept > 0 && !download.isThere());
    download.run();
    QCOMPARE(download.outcome(), "done");
    QVERIFY(download.isRight());
    QCOMPARE(server.requests().size(), std::size_t{2});
    QCOMPARE(server.requests()[1].from(), kept);
    QCOMPARE(server.requests()[1].headers["if-range"], "\"one\"");
}

void DownloadResumeTest::stopsWhenItsStdinEnds() {
    FaultServer server(
        [](const Request& request) { return right(request).cutAt(3 * kMiB, Answer::End::Hold); });
    DownloadRun download(kBody, server.address());
    download.secondMs = 60'000;  // it would wait long
    runUntilWritten(download, 3 * kMiB, [&] { download.process().closeWriteChannel(); });
    QCOMPARE(download.outcome(), "stopped");
    QVERIFY(download.kept() > 0);
}

void DownloadResumeTest::aKillCostsLittle() {
    const QByteArray body = noise(40 * kMiB + 1);
    FaultServer server([&](const Request& request) { return served(body, request); });
    DownloadRun download(body, server.address());
    QRandomGenerator random(7);
    constexpr int kKills = 6;
    for (int i = 0; i < kKills; ++i) {
        const qint64 more = random.bounded(1, static_cast<int>(12 * kMiB));
        runUntil(download, server, server.bytesSent() + more, [&] { download.process().kill(); });
        if (download.outcome() == "done") break;
        QVERIFY(!download.isThere());
    }
    download.run();
    QCOMPARE(download.outcome(), "done");
    QVERIFY(download.isRight());
    const qint64 wasted = server.bytesSent() - body.size();
    const auto n_interruption = static_cast<qint64>(server.requests().size()) - 1;
    qInfo("%lld interruptions wasted %.1f MiB", n_interruption,
          static_cast<double>(wasted) / static_cast<double>(kMiB));
    QVERIFY(n_interruption > 0 && wasted <= n_interruption * kMostWaste);
}

void DownloadResumeTest::startsAgainWhereTheDiskLost_data() {
    using Damage = std::function<void(const app::DownloadPlace&)>;
    QTest::addColumn<Damage>("damage");
    QTest::newRow("a bit") << Damage([](const auto& place) { flipBit(place.part, 1000); });
    QTest::newRow("the end") << Damage([](const auto& place) { QFile::resize(place.part, 1000); });
    QTest::newRow("the part") << Damage([](const auto& place) { QFile::remove(place.part); });
    QTest::newRow("the notes") << Damage([](const auto& place) { QFile::remove(place.notes); });
    QTest::newRow("the notes' end")
        << Damage([](const auto& place) { QFile::resize(place.notes, 20); });
    QTest::newRow("the notes, which are of another file") << Damage([](const auto& place) {
        writeFile(place.notes, readFile(place.notes).replace("\"sha256\": \"", "\"sha256\": \"0"));
    });
    QTest::newRow("nothing, but there is more than was put down") << Damage([](const auto& place) {
        QFile part(place.part);
        QVERIFY(part.open(QIODevice::Append) && part.write(noise(5000, 3)) == 5000);
    });
}

void DownloadResumeTest::startsAgainWhereTheDiskLost() {
    using Damage = std::function<void(const app::DownloadPlace&)>;
    QFETCH(Damage, damage);
    FaultServer server(right);
    DownloadRun download(kBody, server.address());
    runUntil(download, server, 3 * kMiB, [&] { download.stop(); });
    QCOMPARE(download.outcome(), "stopped");
    damage(download.place());
    if (QTest::currentTestFailed()) return;
    download.run();
    QCOMPARE(download.outcome(), "done");
    QVERIFY(download.isRight());
}

void DownloadResumeTest::writesThroughNoLink() {
    FaultServer server(right);
    DownloadRun download(kBody, server.address());
    QVERIFY(QDir().mkpath(download.place().folder));
    const QString precious = download.place().folder + "/precious";
    writeFile(precious, "mine");
    QVERIFY(QFile::link(precious, download.place().part));
    download.run();
    QVERIFY(download.isRight());
    QCOMPARE(readFile(precious), "mine");
}

void DownloadResumeTest::secondOneIsLockedOut() {
    FaultServer server(
        [](const Request& request) { return right(request).cutAt(kMiB, Answer::End::Hold); });
    DownloadRun first(kBody, server.address());
    DownloadRun second(kBody, server.address(), first.place().folder);
    first.secondMs = 60'000;
    runUntil(first, server, kMiB, [&] {
        second.run();
        first.stop();
    });
    QCOMPARE(second.outcome(), "locked");
    QVERIFY(second.sentence().contains("Another Lares"));
    QCOMPARE(first.outcome(), "stopped");
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void DownloadResumeTest::takesTheFileThatIsThere() {
    FaultServer server(right);
    DownloadRun download(kBody, server.address());
    QVERIFY(QDir().mkpath(download.place().folder));
    writeFile(download.place().file, kBody);
    download.run();
    QCOMPARE(download.outcome(), "done");
    QVERIFY(server.requests().empty());
}

void DownloadResumeTest::leavesAnotherFileOfThatName() {
    FaultServer server(right);
    DownloadRun download(kBody, server.address());
    QVERIFY(QDir().mkpath(download.place().folder));
    writeFile(download.place().file, "something else");
    download.run();
    QCOMPARE(download.outcome(), "cannot_write");
    QCOMPARE(readFile(download.place().file), "something else");
    writeFile(download.place().file, noise(kBody.size(), 2));
    download.run();
    QCOMPARE(download.outcome(), "wrong_file");
    QCOMPARE(readFile(download.place().file), noise(kBody.size(), 2));
    QVERIFY(server.requests().empty());
}

void DownloadResumeTest::saysThatTheDiskIsFull() {
    const QTemporaryDir folder;
    const QByteArray self = QCoreApplication::applicationFilePath().toLocal8Bit();
    const auto check = [&]() -> std::string {
        // A program of its own: this process was forked, and its event loop is another's.
        const QByteArray command = self + " --small-disk " + folder.path().toLocal8Bit();
        FILE* out = ::popen(command.constData(), "r");
        if (out == nullptr) return "the test could not start itself";
        std::string said;
        std::array<char, 1000> line{};
        while (std::fgets(line.data(), line.size(), out) != nullptr) said += line.data();
        return ::pclose(out) == 0 ? std::string() : "problem: " + said;
    };
    const auto problem = on_small_disk(folder.path().toStdString(), 32 * kMiB, check);
    if (!problem) QSKIP("this system lets no test mount a disk");
    QVERIFY2(problem->empty(), problem->c_str());
}

void DownloadResumeTest::saysThatTheFolderCannotBeMade() {
    FaultServer server(right);
    const QTemporaryDir folder;
    writeFile(folder.filePath("file"), "not a folder");
    DownloadRun download(kBody, server.address(), folder.filePath("file/models"));
    download.run();
    QCOMPARE(download.outcome(), "cannot_write");
    QVERIFY(server.requests().empty());
}

void DownloadResumeTest::refusesPlainHttp() {
    FaultServer server(right);
    DownloadRun download(kBody, server.address());
    download.secondMs = 0;
    download.run();
    QCOMPARE(download.outcome(), "wrong_file");
    QVERIFY2(download.sentence().contains("HTTPS"), qPrintable(download.sentence()));
    QVERIFY(server.requests().empty());
}

void DownloadResumeTest::goesThroughTheProxyOfTheSystem() {
    FaultServer proxy([](const Request&) { return Answer::make("403 Forbidden", {}); });
    DownloadRun download(kBody, "https://models.example.org/model.gguf");
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY"})
        environment.insert(name, proxy.address(""));
    for (const char* name : {"no_proxy", "NO_PROXY"}) environment.remove(name);
    download.process().setProcessEnvironment(environment);
    download.run();
    QVERIFY(!proxy.requests().empty());
    QCOMPARE(proxy.requests().front().path, "models.example.org:443");
    QVERIFY(download.outcome() != "done" && !download.isThere());
    qInfo("%s: %s", qPrintable(download.outcome()), qPrintable(download.sentence()));
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--small-disk") {
        const QString problem = problemOnSmallDisk(QString::fromLocal8Bit(argv[2]));
        std::printf("%s", qPrintable(problem));
        return problem.isEmpty() ? 0 : 1;
    }
    DownloadResumeTest test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}
#include "tst_download_resume.moc"
