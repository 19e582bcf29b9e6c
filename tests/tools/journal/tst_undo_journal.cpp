#include "tests/tools/journal/undo_ground.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"

#include <QTest>

#include <filesystem>
#include <functional>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

using State = FileChange::State;

/// What somebody does with the tools, and what is done behind their back.
struct Hands {
    const UndoGround& ground;
    const FolderHandle& grant;
    const FolderHandle& other;
    ChangeLog& log;

    [[nodiscard]] ChangeTools tools() const { return {log, "chat", "turn"}; }
    [[nodiscard]] ToolPath at(const std::string& name) const { return {grant, name, name}; }
    void make(const std::string& name) const { verify(make_folder(at(name), tools())); }
    void rename(const std::string& from, const std::string& to) const {
        verify(move(at(from), at(to), tools()));
    }
    void moveOut(const std::string& from, const std::string& to) const {
        verify(move(at(from), {other, to, to}, tools()));
    }
    void write(const std::string& name, const std::string& bytes) const {
        verify(write_file(at(name), bytes, Replacing::AnyFile, tools()));
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return ground.grant() + "/" + name;
    }
    void file(const std::string& name, const std::string& bytes) const {
        ground.tree.file("grant/" + name, bytes);
    }
    static void verify(const ToolText& text) { QVERIFY2(!text.is_error, text.result.c_str()); }
};
using Work = std::function<void(const Hands&)>;
Q_DECLARE_METATYPE(Work)

class UndoJournalTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { work_in_memory(); }
    void init();

    void keepsWhatWasWrittenDown();
    void undoesEachKind_data();
    void undoesEachKind();
    void undoesTheNewestFirst();
    void whatIsUndoneIsPassedOver();
    void whatSomebodyMadeSinceStays_data();
    void whatSomebodyMadeSinceStays();
    void whatIsGoneAlreadyCountsAsUndone();
    void aReplacedFileThatIsGoneComesBack();
    void saysWhatIsNotUndone();
    void aFolderThatIsAwayIsLookedAtLater();
    void oneProblemKeepsNothingElse();

private:
    [[nodiscard]] Hands hands() const { return {*m_ground, *m_grant, *m_other, *m_journal}; }
    [[nodiscard]] std::vector<ChangeId> ids() const;
    void open();

    std::unique_ptr<UndoGround> m_ground;
    std::optional<FolderHandle> m_grant;
    std::optional<FolderHandle> m_other;
    std::unique_ptr<UndoJournal> m_journal;
};

void UndoJournalTest::init() {
    m_journal.reset();
    m_ground = std::make_unique<UndoGround>();
    m_ground->tree.file("grant/old.txt", "the old bytes");
    m_ground->tree.file("grant/folder/deep.txt", "deep");
    m_ground->tree.folder("other");
    fs::permissions(m_ground->tree.path("grant/old.txt"), fs::perms{0640});
    fs::last_write_time(m_ground->tree.path("grant/old.txt"),
                        fs::file_time_type::clock::now() - std::chrono::hours(1000));
    m_ground->begin();
    for (const auto& [handle, name] :
         {std::pair{&m_grant, "grant"}, std::pair{&m_other, "other"}}) {
        auto folder = FolderHandle::open(m_ground->tree.path(name));
        QVERIFY(folder);
        handle->emplace(std::move(*folder));
    }
    open();
}

void UndoJournalTest::open() {
    m_journal.reset();
    auto journal = UndoJournal::open(m_ground->journal());
    QVERIFY2(journal, journal ? "" : journal.error().message.c_str());
    m_journal = std::move(*journal);
}

std::vector<ChangeId> UndoJournalTest::ids() const {
    std::vector<ChangeId> ids;
    for (const FileChange& change : all_changes(*m_journal)) ids.push_back(change.id);
    return ids;
}

void UndoJournalTest::keepsWhatWasWrittenDown() {
    FileChange change;
    change.kind = FileChange::Kind::Write;
    change.conversation = "chat \u00e4";
    change.turn = "turn 1";
    change.place = {"/a b", 0xFFFF'FFFF'FFFF'FFFE, "c/d.txt"};
    change.from = {"/e", 7, "f"};
    change.file = 0x8000'0000'0000'0001;
    change.temporary = ".lares-1";
    change.new_sha256 = "new";
    change.old_sha256 = "old";
    change.old_mode = 0640;
    change.old_modified_ns = -5;
    const auto first = m_journal->begin(change, std::string("\0bytes", 6));
    change.turn = "turn 2";
    const auto second = m_journal->begin(change, std::string("\0bytes", 6));
    const auto third = m_journal->begin(change, std::string("\0bytes", 6));
    QVERIFY(first && second && third && *first < *second);
    m_journal->done(*second);
    m_journal->drop(*third);

    const auto all = m_journal->changes(10);
    QVERIFY(all);
    QCOMPARE(all->size(), std::size_t{2});
    QCOMPARE((*all)[0].id, *second);
    QCOMPARE((*all)[0].state, State::Done);
    const FileChange& kept = (*all)[1];
    QCOMPARE(kept.id, *first);
    QCOMPARE(kept.state, State::Intent);
    QCOMPARE(kept.kind, change.kind);
    QCOMPARE(kept.conversation, change.conversation);
    QCOMPARE(kept.place.folder, change.place.folder);
    QCOMPARE(kept.place.folder_file, change.place.folder_file);
    QCOMPARE(kept.place.relative, change.place.relative);
    QCOMPARE(kept.from.folder, change.from.folder);
    QCOMPARE(kept.from.folder_file, change.from.folder_file);
    QCOMPARE(kept.from.relative, change.from.relative);
    QCOMPARE(kept.file, change.file);
    QCOMPARE(kept.temporary, change.temporary);
    QCOMPARE(kept.new_sha256 + kept.old_sha256, change.new_sha256 + change.old_sha256);
    QCOMPARE(kept.old_mode, change.old_mode);
    QCOMPARE(kept.old_modified_ns, change.old_modified_ns);
    const auto age_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count() -
                        kept.time_ms;
    QVERIFY(age_ms >= 0 && age_ms < 600'000);

    QCOMPARE(m_journal->changes(1)->size(), std::size_t{1});
    const auto of_turn = m_journal->changes_of_turn("turn 1");
    QVERIFY(of_turn && of_turn->size() == 1);
    QCOMPARE(of_turn->front().id, *first);
    QVERIFY(m_journal->changes_of_turn("turn 3")->empty());
}

void UndoJournalTest::undoesEachKind_data() {
    QTest::addColumn<Work>("work");
    const auto row = [](const char* name, const Work& work) { QTest::newRow(name) << work; };
    row("folder", [](const Hands& hands) { hands.make("new"); });
    row("folders", [](const Hands& hands) { hands.make("folder/a/b/c"); });
    row("renamed file", [](const Hands& hands) { hands.rename("old.txt", "new.txt"); });
    row("moved folder", [](const Hands& hands) { hands.rename("folder", "new"); });
    row("to another granted folder", [](const Hands& hands) {
        hands.moveOut("old.txt", "new.txt");
        hands.moveOut("folder", "old.txt");
    });
    row("new file", [](const Hands& hands) { hands.write("new.txt", "new"); });
    row("new empty file", [](const Hands& hands) { hands.write("new.txt", ""); });
    row("replaced file", [](const Hands& hands) { hands.write("old.txt", "new"); });
    row("replaced by the same",
        [](const Hands& hands) { hands.write("old.txt", "the old bytes"); });
    row("replaced twice", [](const Hands& hands) {
        hands.write("old.txt", "new");
        hands.write("old.txt", "newer");
    });
    row("written into what was moved", [](const Hands& hands) {
        hands.make("a");
        hands.rename("folder", "a/b");
        hands.write("a/b/deep.txt", "new");
        hands.rename("a/b/deep.txt", "deep.txt");
        hands.write("a/b/deep.txt", "other");
    });
}

void UndoJournalTest::undoesEachKind() {
    QFETCH(Work, work);
    work(hands());
    open();  // a later start can do it as well
    const std::size_t n_change = ids().size();
    QVERIFY(n_change > 0);
    const auto report = m_journal->undo(ids());
    QVERIFY(report);
    for (const auto& problem : report->problems) QFAIL(problem.sentence.c_str());
    QCOMPARE(report->undone.size(), n_change);
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
    QVERIFY(fs::is_empty(m_ground->tree.path("other")));
    for (const FileChange& change : all_changes(*m_journal)) QCOMPARE(change.state, State::Undone);
}

void UndoJournalTest::undoesTheNewestFirst() {
    hands().rename("old.txt", "new.txt");
    hands().make("old.txt");  // in the way of the first
    std::vector<ChangeId> oldest_first = ids();
    std::reverse(oldest_first.begin(), oldest_first.end());
    const auto report = m_journal->undo(oldest_first);
    QVERIFY(report && report->is_complete());
    QCOMPARE(report->undone, ids());
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
}

void UndoJournalTest::whatIsUndoneIsPassedOver() {
    hands().write("old.txt", "new");
    const std::vector<ChangeId> twice = {ids()[0], ids()[0]};
    QCOMPARE(m_journal->undo(twice)->undone.size(), std::size_t{1});
    hands().file("old.txt", "mine");
    const auto again = m_journal->undo(twice);
    QVERIFY(again && again->is_complete() && again->undone.empty());
    const auto old = read_beneath({*m_grant, "old.txt"}, 100);
    QCOMPARE(old.bytes, std::string("mine"));
}

void UndoJournalTest::whatSomebodyMadeSinceStays_data() {
    QTest::addColumn<Work>("work");
    QTest::addColumn<Work>("meddle");
    QTest::addColumn<QString>("sentence");  // %1: the folder in which all lies
    const auto row = [](const char* name, const Work& work, const Work& meddle,
                        const char* sentence) {
        QTest::newRow(name) << work << meddle << sentence;
    };
    const Work make = [](const Hands& hands) { hands.make("made"); };
    const Work move_it = [](const Hands& hands) { hands.rename("folder/deep.txt", "moved.txt"); };
    const Work write = [](const Hands& hands) { hands.write("new.txt", "new"); };
    const Work replace = [](const Hands& hands) { hands.write("old.txt", "new"); };

    row(
        "new file changed", write, [](const Hands& hands) { hands.file("new.txt", "mine"); },
        "new.txt stays as it is: it was changed since");
    row(
        "replaced file changed", replace, [](const Hands& hands) { hands.file("old.txt", "mine"); },
        "old.txt stays as it is: it was changed since");
    row(
        "hard link to a replaced file", replace,
        [](const Hands& hands) {
            fs::create_hard_link(hands.path("old.txt"), hands.ground.tree.path("other/name"));
        },
        "old.txt stays as it is: the system does not let Lares change it");
    row(
        "folder of a replaced file gone",
        [](const Hands& hands) { hands.write("folder/deep.txt", "new"); },
        [](const Hands& hands) { fs::remove_all(hands.path("folder")); },
        "deep.txt stays as it is: the folder that it came from is gone");
    row(
        "something in a folder", make, [](const Hands& hands) { hands.file("made/mine", "mine"); },
        "made stays as it is: there is something in it");
    row(
        "a file in place of a folder", make,
        [](const Hands& hands) {
            fs::remove(hands.path("made"));
            hands.file("made", "mine");
        },
        "made stays as it is: it was changed since");
    row(
        "something at the old place", move_it,
        [](const Hands& hands) { hands.file("folder/deep.txt", "mine"); },
        "moved.txt stays as it is: something else is at %1/grant/folder/deep.txt");
    row(
        "moved away", move_it,
        [](const Hands& hands) { fs::rename(hands.path("moved.txt"), hands.path("mine.txt")); },
        "moved.txt stays as it is: it is not in its place any more");
    row(
        "old folder gone", move_it, [](const Hands& hands) { fs::remove(hands.path("folder")); },
        "moved.txt stays as it is: the folder that it came from is gone");
    row(
        "granted folder gone", write,
        [](const Hands& hands) { fs::rename(hands.ground.grant(), hands.ground.grant() + "-2"); },
        "new.txt stays as it is: %1/grant: there is no such folder");
    row(
        "another granted folder", write,
        [](const Hands& hands) {
            fs::rename(hands.ground.grant(), hands.ground.grant() + "-2");
            hands.file("new.txt", "new");
        },
        "new.txt stays as it is: %1/grant is another folder now");
    if (!FolderTree::kHasLinks) return;
    row(
        "link in place of a file", replace,
        [](const Hands& hands) {
            fs::rename(hands.path("old.txt"), hands.path("kept.txt"));
            hands.ground.tree.link("grant/old.txt", "kept.txt");
        },
        "old.txt stays as it is: the system does not let Lares change it");
    row(
        "a link to the granted folder", write,
        [](const Hands& hands) {
            fs::rename(hands.ground.grant(), hands.ground.grant() + "-2");
            hands.ground.tree.link("grant", "grant-2");
        },
        "new.txt stays as it is: %1/grant is another folder now");
}

void UndoJournalTest::whatSomebodyMadeSinceStays() {
    QFETCH(Work, work);
    QFETCH(Work, meddle);
    QFETCH(QString, sentence);
    work(hands());
    meddle(hands());
    TreeSnapshot before = snapshot_of(m_ground->tree.path());
    const auto report = m_journal->undo(ids());
    QVERIFY(report);
    QVERIFY(report->undone.empty());
    QCOMPARE(report->problems.size(), std::size_t{1});
    QCOMPARE(report->problems[0].change, ids()[0]);
    QCOMPARE(QString::fromStdString(report->problems[0].sentence),
             sentence.contains("%1") ? sentence.arg(m_ground->tree.path().c_str()) : sentence);
    TreeSnapshot after = snapshot_of(m_ground->tree.path());
    for (TreeSnapshot* tree : {&before, &after}) tree->erase("journal/journal.db");
    QCOMPARE(QString::fromStdString(difference(before, after)), QString());
    QCOMPARE(all_changes(*m_journal)[0].state, State::Done);  // to be tried again
}

void UndoJournalTest::whatIsGoneAlreadyCountsAsUndone() {
    hands().write("new.txt", "new");
    hands().make("a/b/c");
    hands().write("a/new.txt", "new");
    fs::remove(m_ground->tree.path("grant/new.txt"));
    fs::remove_all(m_ground->tree.path("grant/a"));
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
}

void UndoJournalTest::aReplacedFileThatIsGoneComesBack() {
    hands().write("old.txt", "new");
    fs::remove(m_ground->tree.path("grant/old.txt"));
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
}

void UndoJournalTest::saysWhatIsNotUndone() {
    FileChange change;
    change.place = {m_ground->grant(), m_grant->identity().file, "new"};
    const ChangeId under_way = *m_journal->begin(change, {});
    const std::vector<ChangeId> both = {under_way, under_way + 1};
    const auto report = m_journal->undo(both);
    QVERIFY(report);
    QCOMPARE(report->problems.size(), std::size_t{2});
    QCOMPARE(report->problems[0].sentence, std::string("This change is no longer remembered."));
    QCOMPARE(report->problems[1].sentence,
             std::string("Made the folder new: this is still under way; try again"));
    change.place.relative = "gone/new.txt";
    change.kind = FileChange::Kind::Write;
    change.old_sha256 = "of other bytes";  // neither the old nor the new ones are there
    const ChangeId unclear = *m_journal->begin(change, "x");
    open();
    const auto after = m_journal->undo({&unclear, 1});
    QCOMPARE(after->problems[0].sentence,
             std::string("Replaced new.txt: the program ended in the middle, and the file was "
                         "changed since"));
}

/// A disk that was not plugged in when the program started again.
void UndoJournalTest::aFolderThatIsAwayIsLookedAtLater() {
    FileChange change;
    change.place = {m_ground->grant(), m_grant->identity().file, "made"};
    QVERIFY(m_journal->begin(change, {}));
    m_ground->tree.folder("grant/made");  // and there the program ended
    fs::rename(m_ground->grant(), m_ground->tree.path("away"));
    open();
    QCOMPARE(all_changes(*m_journal)[0].state, State::Intent);
    fs::rename(m_ground->tree.path("away"), m_ground->grant());
    open();
    QCOMPARE(all_changes(*m_journal)[0].state, State::Done);
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
}

void UndoJournalTest::oneProblemKeepsNothingElse() {
    hands().write("old.txt", "new");
    hands().make("made");
    hands().file("made/mine", "mine");
    const auto report = m_journal->undo(ids());
    QCOMPARE(report->problems.size(), std::size_t{1});
    QCOMPARE(report->undone.size(), std::size_t{1});
    fs::remove(m_ground->tree.path("grant/made/mine"));
    QCOMPARE(m_ground->undo_all(*m_journal), std::string());
}

QTEST_GUILESS_MAIN(UndoJournalTest)
#include "tst_undo_journal.moc"
