#include "tests/support/folder_tree.h"
#include "tests/tools/audit/audit_support.h"

#include <QProcess>

#include <chrono>
#include <random>
#include <thread>

using namespace lares;
using namespace lares::test;

namespace {

constexpr int kRounds = 12;
constexpr int kKillsPerRound = 20;

/// Starts the program and kills it after that time. The last entry that it said was written; -1:
/// none was, or it failed by itself.
EntryNumber runAndKill(const std::string& folder, int microseconds) {
    QProcess program;
    program.start(APPEND_UNTIL_KILLED, {QString::fromStdString(folder), "1", "0"});
    if (!program.waitForStarted()) return -1;
    if (microseconds >= 0 && !program.waitForReadyRead()) return -1;
    std::this_thread::sleep_for(std::chrono::microseconds(std::abs(microseconds)));
    program.kill();
    if (!program.waitForFinished() || program.exitStatus() != QProcess::CrashExit) return -1;
    EntryNumber last = 0;
    // A line without its end was not said.
    QByteArray said = program.readAllStandardOutput();
    said.truncate(said.lastIndexOf('\n') + 1);
    for (const QByteArray& line : said.split('\n'))
        if (!line.isEmpty()) last = line.toLongLong();
    return last;
}

}  // namespace

class AuditKillTest : public QObject {
    Q_OBJECT

private slots:
    /// Kills at random moments while entries are written, what is private in them is taken out and
    /// the oldest are cut off: the chain is whole, and every entry that was said to be written was.
    void nothingThatWasWrittenIsLost() {
        workInMemory();
        std::mt19937 random(20261128);
        EntryNumber n_entry = 0;
        for (int round = 0; round < kRounds; ++round) {
            const FolderTree tree;
            const std::string folder = tree.path("audit");
            EntryNumber last = 0;
            for (int kill = 0; kill < kKillsPerRound; ++kill) {
                // One in five while it starts.
                const int microseconds = random() % 5 == 0 ? -static_cast<int>(random() % 6'000) - 1
                                                           : static_cast<int>(random() % 12'000);
                const EntryNumber said = runAndKill(folder, microseconds);
                QVERIFY(said >= 0);
                last = std::max(last, said);
                if (kill % 3 == 2) continue;  // the next run finds what this one left
                if (last == 0 && !std::filesystem::exists(folder)) continue;
                const auto log = openedLog(folder);
                QVERIFY(log);
                const std::string notice = log->take_notice();
                QVERIFY2(notice.empty(), notice.c_str());
                const auto report = log->check();
                QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
                QVERIFY2(report->newest >= last, qPrintable(QString::number(report->newest)));
            }
            n_entry += last;
        }
        qInfo("%d kills, %lld entries", kRounds * kKillsPerRound, static_cast<long long>(n_entry));
        QVERIFY(n_entry > 0);
    }
};

QTEST_GUILESS_MAIN(AuditKillTest)
#include "tst_audit_kill.moc"
