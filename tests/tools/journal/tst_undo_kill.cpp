#include "tests/tools/journal/random_changes.h"
#include "tests/tools/journal/undo_ground.h"

#include <QProcess>
#include <QTest>

#include <chrono>
#include <random>
#include <thread>

using namespace lares;
using namespace lares::test;

namespace {

constexpr int kRounds = 25;
constexpr int kKillsPerRound = 20;

/// Starts the program and kills it after that time; a negative one: while it starts. What went
/// wrong; the program may come to its end before.
QString runAndKill(const UndoGround& ground,
                   std::uint32_t seed,
                   const char* mode,
                   int microseconds) {
    QProcess program;
    program.start(CHANGE_UNTIL_KILLED,
                  {QString::fromStdString(ground.journal()), QString::fromStdString(ground.grant()),
                   QString::number(seed), mode});
    if (!program.waitForStarted()) return program.errorString();
    if (microseconds >= 0 && !program.waitForReadyRead()) return program.readAllStandardError();
    std::this_thread::sleep_for(std::chrono::microseconds(std::abs(microseconds)));
    program.kill();
    if (!program.waitForFinished()) return program.errorString();
    const bool is_killed = program.exitStatus() == QProcess::CrashExit;
    return is_killed || program.exitCode() == 0 ? QString()
                                                : program.readAllStandardError() + "it failed";
}

}  // namespace

class UndoKillTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { work_in_memory(); }
    void whatWasKilledCanBeUndone();

private:
    void openAndVerify(const UndoGround& ground, bool with_undo);

    std::size_t m_changes = 0;
    std::size_t m_undone = 0;
};

void UndoKillTest::openAndVerify(const UndoGround& ground, bool with_undo) {
    const auto journal = UndoJournal::open(ground.journal());
    QVERIFY2(journal, journal ? "" : journal.error().message.c_str());
    const std::string problem = ground.problem_of(**journal);
    QVERIFY2(problem.empty(), problem.c_str());
    if (!with_undo) return;
    const std::vector<FileChange> changes = all_changes(**journal);
    m_changes = changes.size();
    m_undone = 0;
    for (const FileChange& change : changes)
        m_undone += change.state == FileChange::State::Undone ? 1 : 0;
    const std::string differs = ground.undo_all(**journal);
    QVERIFY2(differs.empty(), differs.c_str());
}

/// Kills at random moments while files are changed and while changes are undone. Two times in three
/// the journal is opened and looked at after it; else the next run finds what the last one left.
void UndoKillTest::whatWasKilledCanBeUndone() {
    std::mt19937 random(20261128);
    std::size_t n_change = 0, n_undone = 0;
    for (int round = 0; round < kRounds; ++round) {
        UndoGround ground;
        make_sample_tree(ground.grant(), random);
        ground.begin();
        for (int kill = 0; kill < kKillsPerRound; ++kill) {
            const char* mode = random() % 3 == 0 ? "undo" : "change";
            // One in five while it starts, and settles what the last one left.
            const int microseconds = random() % 5 == 0 ? -static_cast<int>(random() % 6'000) - 1
                                                       : static_cast<int>(random() % 12'000);
            const QString failed = runAndKill(ground, random(), mode, microseconds);
            QVERIFY2(failed.isEmpty(), qPrintable(failed));
            if (kill % 3 != 2) openAndVerify(ground, kill % 4 == 0);
            if (QTest::currentTestFailed()) return;
        }
        openAndVerify(ground, /*with_undo=*/true);
        if (QTest::currentTestFailed()) return;
        n_change += m_changes;
        n_undone += m_undone;
    }
    qInfo("%d kills, %zu changes, %zu of them undone before the end", kRounds * kKillsPerRound,
          n_change, n_undone);
    QVERIFY(n_change > 0 && n_undone > 0);  // how many depends on the machine
}

QTEST_GUILESS_MAIN(UndoKillTest)
#include "tst_undo_kill.moc"
