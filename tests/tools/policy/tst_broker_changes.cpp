#include "tests/support/folder_tree.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"
#include "tools/policy/change_plan.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kOffered = {"read_file", "make_folder", "move", "write_file",
                                           "edit_file"};

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
bool is(const Decision& decision) {
    return std::holds_alternative<T>(decision);
}

}  // namespace

/// Which calls that change something run, which are asked about, and that nothing else happens.
class BrokerChangesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("home/docs/a.txt", "text of a");
        m_tree->file("home/docs/b.txt", "text of b");
        m_tree->file("home/down/c.pdf", "pdf");
        m_tree->file("home/.local/share/lares/lares.db", "database");
        m_tree->file("home/top.txt", "top");
        m_journal =
            std::move(UndoJournal::open(m_tree->path("home/.local/share/lares/undo")).value());
        m_grants = std::make_unique<GrantList>(
            ProtectedFolders{m_tree->path("home"), {m_tree->path("home/.local/share/lares")}});
        m_broker = std::make_unique<Broker>(*m_grants, options(m_journal.get()));
    }
    void cleanup() {
        m_broker.reset();
        m_journal.reset();
        m_grants.reset();  // before its folders are removed: it holds them open
    }

    void nothingChangesWithoutAJournal() {
        Broker broker(*m_grants, options(nullptr));
        grant("home/docs", Access::ReadWrite);
        QCOMPARE(broker.definitions().size(), std::size_t{7});
        QCOMPARE(refused(broker.prepare("make_folder", {{"path", "~/docs/x"}}, context())),
                 QString("error: file changes are not available on this system"));
        QCOMPARE(m_broker->definitions().size(), std::size_t{11});
    }
    void aFolderThatMayBeReadIsNotChanged() {
        grant("home/docs", Access::Read);
        QVERIFY(is<PreparedCall>(
            m_broker->prepare("read_file", {{"path", "~/docs/a.txt"}}, context())));
        QVERIFY(is<PermissionRequest>(write("~/docs/a.txt")));
        QVERIFY(is<PermissionRequest>(
            m_broker->prepare("make_folder", {{"path", "~/docs/n"}}, context())));
        QVERIFY(is<PermissionRequest>(move("~/docs/a.txt", "~/docs/z.txt")));
    }
    void aFolderThatMayBeChangedIsChangedUnasked() {
        grant("home/docs", Access::ReadWrite);
        QCOMPARE(run(write("~/docs/new.txt")), QString("wrote 4 bytes to ~/docs/new.txt"));
        QCOMPARE(run(move("new.txt", "old.txt")), QString("moved new.txt to old.txt"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/old.txt")), std::string("text"));
        QVERIFY(is<PermissionRequest>(move("~/docs/a.txt", "~/down")));
        QVERIFY(is<PermissionRequest>(move("~/down/c.pdf", "~/docs")));
    }
    void aQuestionShowsWhatWillHappen() {
        const PermissionRequest request = asked(move("~/down/c.pdf", "~/docs"));
        QCOMPARE(request.verb + " " + request.object, std::string("Move c.pdf to docs"));
        QCOMPARE(request.effect, ToolEffect::ChangeFiles);
        QCOMPARE(request.change->before, m_tree->path("home/down/c.pdf"));
        QCOMPARE(request.change->after, m_tree->path("home/docs/c.pdf"));
        QCOMPARE(request.folders,
                 (std::vector<std::string>{m_tree->path("home/down"), m_tree->path("home/docs")}));
        const PermissionRequest renamed = asked(move("~/docs/a.txt", "~/docs/z.txt"));
        QCOMPARE(renamed.verb + " " + renamed.object, std::string("Rename a.txt to z.txt"));
        const PermissionRequest replaced = asked(write("~/docs/a.txt"));
        QCOMPARE(replaced.verb + " " + replaced.object, std::string("Replace the file a.txt"));
        QCOMPARE(replaced.change->note, std::string("replaces 9 B by 4 B"));
        QCOMPARE(asked(write("~/docs/n.txt")).change->note, std::string("new, 4 B"));
    }
    void aQuestionShowsTheLinesThatChange() {
        m_tree->file("home/docs/list.txt", "one\ntwo\nthree\nfour\nfive\nsix\n");
        const auto drawn = [](const PermissionRequest& request) {
            QString text;
            for (const DiffLine& line : request.change->diff.lines)
                text += " -+~"[static_cast<int>(line.kind)] + QString::fromStdString(line.text);
            return text;
        };
        const PermissionRequest edited = asked(edit("~/docs/list.txt", "two", "2"));
        QCOMPARE(edited.verb + " " + edited.object, std::string("Edit the file list.txt"));
        QCOMPARE(edited.change->note, std::string("replaces one passage"));
        QCOMPARE(drawn(edited), QString(" one-two+2 three four"));
        QCOMPARE(drawn(asked(write("~/docs/list.txt"))),
                 QString("-one-two-three-four-five-six+text"));
        QCOMPARE(drawn(asked(write("~/docs/n.txt"))), QString("+text"));
        // What will stand there by then is not known yet.
        QCOMPARE(drawn(asked(edit("~/docs/list.txt", "not in it\n", "new"))),
                 QString("-not in it+new"));
        m_tree->file("home/docs/picture.png", std::string("\0\1", 2));
        QVERIFY(asked(write("~/docs/picture.png")).change->diff.lines.empty());
    }
    void editsWhereChangesAreGranted() {
        QCOMPARE(refused(edit("~/docs/none.txt", "a", "b")),
                 QString("error: permission denied: ~/docs/none.txt"));
        grant("home/docs", Access::ReadWrite);
        QCOMPARE(run(edit("~/docs/a.txt", "text of", "letters of")),
                 QString("edited ~/docs/a.txt"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/a.txt")), std::string("letters of a"));
        QCOMPARE(run(edit("~/docs/none.txt", "a", "b")),
                 QString("error: no such file: ~/docs/none.txt"));
    }
    void aPlanKnowsWhatItsOwnCallsMake() {
        const std::vector<RequestedCall> calls = {
            {"make_folder", {{"path", "~/docs/Bills/2026"}}},
            {"move", {{"source", "~/docs/a.txt"}, {"destination", "~/docs/Bills/2026"}}},
            {"move", {{"source", "~/docs/Bills/2026/a.txt"}, {"destination", "~/docs/b2.txt"}}}};
        std::vector<PermissionRequest> requests;
        for (Decision& decision : m_broker->prepare_all(calls, context()))
            requests.push_back(asked(std::move(decision)));
        QCOMPARE(requests[1].change->after, m_tree->path("home/docs/Bills/2026/a.txt"));
        const PermissionPlan plan = plan_of(requests);
        QCOMPARE(plan.verb + " " + plan.object, std::string("Move 2 items, making 1 folder"));
        QCOMPARE(plan.folders, std::vector<std::string>{m_tree->path("home/docs")});
        for (Decision& decision : m_broker->approve_all(requests, GrantDuration::Once))
            QVERIFY(!run(std::move(decision)).startsWith("error"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/b2.txt")), std::string("text of a"));
        QVERIFY(m_grants->list().empty());  // once is once
    }
    void oneYesGrantsEveryFolderOfThePlan() {
        const std::vector<RequestedCall> calls = {
            {"move", {{"source", "~/down/c.pdf"}, {"destination", "~/docs"}}},
            {"write_file", {{"path", "~/docs/n.txt"}, {"content", "n"}}}};
        std::vector<PermissionRequest> requests;
        for (Decision& decision : m_broker->prepare_all(calls, context()))
            requests.push_back(asked(std::move(decision)));
        for (Decision& decision : m_broker->approve_all(requests, GrantDuration::Conversation))
            QVERIFY(!run(std::move(decision)).startsWith("error"));
        QCOMPARE(m_grants->list().size(), std::size_t{2});
        for (const Grant& one : m_grants->list()) QCOMPARE(one.access, Access::ReadWrite);
        QVERIFY(is<PreparedCall>(write("~/down/d.txt")));
        QVERIFY(is<PermissionRequest>(m_broker->prepare("write_file",
                                                        {{"path", "~/down/d"}, {"content", ""}},
                                                        {"another conversation", kOffered})));
    }
    void aYesIsForOneQuestion() {
        const PermissionRequest request = asked(write("~/docs/a.txt"));
        QVERIFY(!run(m_broker->approve(request, GrantDuration::Once)).startsWith("error"));
        QVERIFY(is<Refusal>(m_broker->approve(request, GrantDuration::Once)));
        PermissionRequest forged = asked(write("~/docs/b.txt"));
        forged.binding = request.binding;
        QVERIFY(is<Refusal>(m_broker->approve(forged, GrantDuration::Once)));
    }
    void whatMayRunIsAskedForEachTime_data() {
        QTest::addColumn<QString>("path");
        for (const char* path : {"docs/.git/hooks/pre-commit", "docs/.git/config", "docs/Makefile",
                                 "docs/x/.envrc", "docs/a.desktop", "docs/.BASHRC", "docs/run.sh",
                                 "docs/.vscode/tasks.json", "docs/setup.exe"})
            QTest::newRow(path) << QString(path);
#ifndef _WIN32  // there it is no name
        QTest::newRow("as Windows reads it") << QString("docs/run.bat. ");
#endif
    }
    void whatMayRunIsAskedForEachTime() {
        QFETCH(QString, path);
        grant("home/docs", Access::ReadWrite);
        m_tree->folder("home/docs/.git/hooks");
        const std::string called = "~/" + path.toStdString();
        const PermissionRequest request = asked(write(called));
        QVERIFY(request.folders.empty());
        QVERIFY(request.change->note.find("may run as a program") != std::string::npos);
        QVERIFY(is<PermissionRequest>(move("~/docs/a.txt", called)));
        QVERIFY(is<PermissionRequest>(move(called, "~/docs/harmless.txt")));
    }
    void aProgramIsReplacedOnlyWhenThatWasShown() {
#ifdef _WIN32
        QSKIP("a program is one by its name here: whatMayRunIsAskedForEachTime");
#endif
        grant("home/docs", Access::ReadWrite);
        fs::permissions(m_tree->path("home/docs/a.txt"), fs::perms::owner_all);
        const PermissionRequest request = asked(write("~/docs/a.txt"));
        QVERIFY(!run(m_broker->approve(request, GrantDuration::Once)).startsWith("error"));
        // It becomes one after the call was let through.
        Decision decision = write("~/docs/b.txt");
        fs::permissions(m_tree->path("home/docs/b.txt"), fs::perms::owner_all);
        QCOMPARE(run(std::move(decision)), QString("error: permission denied: ~/docs/b.txt"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/b.txt")), std::string("text of b"));
    }
    void aFileThatCameAfterTheQuestionIsNotReplaced() {
        const PermissionRequest request = asked(write("~/docs/n.txt"));
        m_tree->file("home/docs/n.txt", "somebody's");
        QCOMPARE(run(m_broker->approve(request, GrantDuration::Once)),
                 QString("error: already exists: ~/docs/n.txt"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/n.txt")), std::string("somebody's"));
    }
    void aFolderThatCameAfterTheQuestionIsNotMovedInto() {
        const PermissionRequest request = asked(move("~/docs/a.txt", "~/docs/new"));
        m_tree->folder("home/docs/new");
        QCOMPARE(run(m_broker->approve(request, GrantDuration::Once)),
                 QString("error: already exists: ~/docs/new"));
    }
    void whatLiesInTheHomeFolderMayBeAllowedOnce() {
        const PermissionRequest request = asked(move("~/top.txt", "~/docs"));
        QVERIFY(request.folders.empty());
        // "For longer" is no answer to it, and grants nothing.
        QVERIFY(!run(m_broker->approve(request, GrantDuration::Always)).startsWith("error"));
        QVERIFY(m_grants->list().empty());
        const PermissionRequest back = asked(move("~/docs/top.txt", "~"));
        QVERIFY(!run(m_broker->approve(back, GrantDuration::Once)).startsWith("error"));
        QCOMPARE(bytes_of(m_tree->path("home/top.txt")), std::string("top"));
    }
    void ownDataAndWholeFoldersStay_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("destination");
        QTest::newRow("own data") << "~/.local/share/lares/lares.db"
                                  << "~/docs/x.db";
        QTest::newRow("into own data") << "~/docs/a.txt"
                                       << "~/.local/share/lares/lares.db";
        QTest::newRow("the folder above it") << "~/.local"
                                             << "~/docs/local";
        QTest::newRow("home") << "~"
                              << "~/docs";
        QTest::newRow("root") << "/"
                              << "~/docs";
        QTest::newRow("hidden in home") << "~/docs/a.txt"
                                        << "~/.profile";
        QTest::newRow("into home, hidden") << "~/docs/.hidden"
                                           << "~";
    }
    void ownDataAndWholeFoldersStay() {
        QFETCH(QString, source);
        QFETCH(QString, destination);
        m_tree->file("home/docs/.hidden", "h");
        QVERIFY(refused(move(source.toStdString(), destination.toStdString()))
                    .startsWith("error: permission denied: "));
    }
    void theGrantedFolderItselfStays() {
        grant("home/docs", Access::ReadWrite);
        QVERIFY(is<Refusal>(move("~/docs", "~/docs/inside")));
        QVERIFY(is<Refusal>(m_broker->prepare("make_folder", {{"path", "~/docs"}}, context())));
        QVERIFY(is<Refusal>(
            m_broker->prepare("write_file", {{"path", "~/docs"}, {"content", ""}}, context())));
    }
    void aGrantThatWasTakenBackStopsTheCall() {
        const GrantId id = grant("home/docs", Access::ReadWrite);
        Decision decision = write("~/docs/a.txt");
        m_grants->revoke(id);
        QCOMPARE(run(std::move(decision)), QString("error: permission denied: ~/docs/a.txt"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/a.txt")), std::string("text of a"));
    }
    void linksAreNotChangedThrough() {
        if (!FolderTree::kHasLinks) QSKIP("this system lets no test make links");
        m_tree->file("outside/secret.txt", "secret");
        m_tree->link("home/docs/out", m_tree->path("outside"));
        m_tree->link("home/docs/in", ".");
        m_tree->link("home/docs/file", m_tree->path("outside/secret.txt"));
        grant("home/docs", Access::ReadWrite);
        for (const char* path : {"~/docs/out/n.txt", "~/docs/in/n.txt", "~/docs/file"})
            QVERIFY2(run(write(path)).startsWith("error: permission denied"), path);
        QVERIFY(run(move("~/docs/a.txt", "~/docs/out/a.txt")).startsWith("error: "));
        QVERIFY(run(move("~/docs/file", "~/docs/file2")).startsWith("error: "));
        QCOMPARE(bytes_of(m_tree->path("outside/secret.txt")), std::string("secret"));
        QVERIFY(!fs::exists(m_tree->path("outside/n.txt")));
    }
    void theJournalKnowsConversationAndTurn() {
        grant("home/docs", Access::ReadWrite);
        CallContext one = context();
        one.turn = "turn-7";
        Decision decision =
            m_broker->prepare("write_file", {{"path", "~/docs/n"}, {"content", "n"}}, one);
        const ToolOutcome outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        QCOMPARE(outcome.summary, std::string("Wrote n (1 B)"));
        QCOMPARE(outcome.changes.size(), std::size_t{1});
        const auto changes = m_journal->changes_of_turn("turn-7");
        QCOMPARE(changes->size(), std::size_t{1});
        QCOMPARE(changes->front().id, outcome.changes.front());
        QCOMPARE(changes->front().conversation, std::string("c1"));
        QVERIFY(m_journal->undo(outcome.changes)->is_complete());
        QVERIFY(!fs::exists(m_tree->path("home/docs/n")));
    }

private:
    Broker::Options options(ChangeLog* log) const {
        Broker::Options options;
        options.home = m_tree->path("home");
        options.changes = log;
        return options;
    }
    static CallContext context() {
        return {"c1", kOffered};
    }
    GrantId grant(const char* relative, Access access) {
        Grant grant;
        grant.folder = m_tree->path(relative);
        grant.conversation = "c1";
        grant.access = access;
        return m_grants->add(grant)->id;
    }
    Decision edit(const std::string& path, const std::string& before, const std::string& after) {
        return m_broker->prepare(
            "edit_file", {{"path", path}, {"old_text", before}, {"new_text", after}}, context());
    }
    Decision write(const std::string& path) {
        return m_broker->prepare("write_file", {{"path", path}, {"content", "text"}}, context());
    }
    Decision move(const std::string& source, const std::string& destination) {
        return m_broker->prepare("move", {{"source", source}, {"destination", destination}},
                                 context());
    }
    PermissionRequest asked(Decision decision) {
        const auto* request = std::get_if<PermissionRequest>(&decision);
        if (request) return *request;
        const auto* refusal = std::get_if<Refusal>(&decision);
        QTest::qFail(refusal ? (refusal->result + ": " + refusal->reason).c_str() : "not asked",
                     __FILE__, __LINE__);
        PermissionRequest nothing;
        nothing.change.emplace();
        return nothing;
    }
    QString run(Decision decision) {
        auto* call = std::get_if<PreparedCall>(&decision);
        return call ? QString::fromStdString(m_broker->run(std::move(*call)).result)
                    : QString("(not prepared)");
    }
    static QString refused(const Decision& decision) {
        const auto* refusal = std::get_if<Refusal>(&decision);
        return refusal ? QString::fromStdString(refusal->result) : QString("(not refused)");
    }

    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<UndoJournal> m_journal;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerChangesTest)
#include "tst_broker_changes.moc"
