#include "tests/tools/journal/random_changes.h"
#include "tests/tools/journal/undo_ground.h"

#include <QTest>

#include <random>

using namespace lares;
using namespace lares::test;

class UndoRandomTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { work_in_memory(); }
    void undoingAllGivesTheSameTree();
};

void UndoRandomTest::undoingAllGivesTheSameTree() {
    const std::uint32_t n_sequence = is_wine() ? 25 : 250;  // Wine takes its time
    std::size_t n_change = 0;
    for (std::uint32_t seed = 1; seed <= n_sequence; ++seed) {
        UndoGround ground;
        std::mt19937 random(seed);
        make_sample_tree(ground.grant(), random);
        ground.begin();
        const TreeSnapshot before = ground.snapshot();
        const auto grant = FolderHandle::open(ground.grant());
        QVERIFY(grant);
        const auto journal = UndoJournal::open(ground.journal());
        QVERIFY(journal);

        RandomChanges changes(*grant, **journal, seed);
        std::size_t n_made = 0;
        const std::size_t n_call = 1 + random() % 50;
        for (std::size_t i = 0; i < n_call; ++i) n_made += changes.make_one().size();
        QVERIFY(n_made == 0 || !difference(before, ground.snapshot()).empty());
        const std::string differs = ground.undo_all(**journal) + ground.problem_of(**journal);
        QVERIFY2(differs.empty(), ("seed " + std::to_string(seed) + ": " + differs).c_str());
        n_change += n_made;
    }
    qInfo("%zu changes in %u sequences", n_change, n_sequence);
    QVERIFY(n_change > 10 * n_sequence);
}

QTEST_GUILESS_MAIN(UndoRandomTest)
#include "tst_undo_random.moc"
