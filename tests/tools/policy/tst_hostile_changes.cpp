#include "tests/support/folder_tree.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sys/stat.h>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

constexpr int kCalls = 10'000;

/// Every name below a folder with its kind, permission bits and bytes or target.
std::map<std::string, std::string> tree_of(const std::string& folder) {
    std::map<std::string, std::string> tree;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        std::string what = std::to_string(static_cast<int>(entry.symlink_status().type())) + " " +
                           std::to_string(static_cast<int>(entry.symlink_status().permissions()));
        if (entry.is_symlink()) {
            what += " " + fs::read_symlink(entry).string();
        } else if (entry.is_regular_file()) {
            std::ifstream file(entry.path(), std::ios::binary);
            what.append(" ").append(std::istreambuf_iterator<char>(file), {});
        }
        tree[entry.path().string()] = what;
    }
    return tree;
}

}  // namespace

/// A model in an attacker's hands that wants to change something, straight into the broker.
class HostileChangesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("home/grant/notes.txt", "inside");
        m_tree->file("home/grant/sub/deep.txt", "inside");
        m_tree->file("home/outside/secret.txt", "secret");
        m_tree->file("home/outside/sub/deep.txt", "secret");
        m_tree->file("home/grant-twin/secret.txt", "secret");
        m_tree->file("home/.ssh/authorized_keys", "key");
        m_tree->link("home/grant/file-link", m_tree->path("home/outside/secret.txt"));
        m_tree->link("home/grant/folder-link", "../outside");
        m_tree->link("home/grant/sub/up-link", "../..");
        m_tree->link("home/grant/root-link", "/");
        m_tree->link("home/grant/cwd-link", "/proc/self/cwd");
        m_tree->link("home/outside/back-link", "../grant");
        fs::create_hard_link(m_tree->path("home/outside/secret.txt"),
                             m_tree->path("home/grant/hard-link"));
        QCOMPARE(::mkfifo(m_tree->path("home/grant/pipe").c_str(), 0600), 0);
        m_journal = std::move(UndoJournal::open(m_tree->path("data/undo")).value());
    }
    void cleanup() { m_journal.reset(); }

    /// Ten thousand calls, and not one runs: the folder may be read only, and nobody says yes.
    void nothingRunsWithoutAYes() {
        GrantList grants({m_tree->path("home"), {m_tree->path("data")}});
        Broker broker(grants, options());
        QVERIFY(grants.add(grantOf(Access::Read)));
        const auto before = tree_of(m_tree->path("home"));
        std::mt19937 random(11);
        int n_asked = 0, n_refused = 0;
        for (int i = 0; i < kCalls; ++i) {
            const auto [name, arguments] = randomCall(random);
            const Decision decision = broker.prepare(name, arguments, context());
            QVERIFY2(!std::holds_alternative<PreparedCall>(decision),
                     (name + json_text(arguments)).c_str());
            n_asked += std::holds_alternative<PermissionRequest>(decision) ? 1 : 0;
            n_refused += std::holds_alternative<Refusal>(decision) ? 1 : 0;
        }
        qInfo("%d asked, %d refused", n_asked, n_refused);
        QVERIFY(n_asked > 1000 && n_refused > 1000);
        QVERIFY(tree_of(m_tree->path("home")) == before);
        QVERIFY(m_journal->changes(1)->empty());
    }

    void nothingOutsideAGrantIsEverChanged_data() {
        QTest::addColumn<int>("method");
        QTest::newRow("best") << static_cast<int>(OpenMethod::Best);
        QTest::newRow("component walk") << static_cast<int>(OpenMethod::Walk);
    }
    /// The same calls where the folder may be changed: they run, and what is outside stays. Then
    /// all of it is undone.
    void nothingOutsideAGrantIsEverChanged() {
        QFETCH(int, method);
        GrantList grants({m_tree->path("home"), {m_tree->path("data")}});
        Broker::Options with = options();
        with.open_method = static_cast<OpenMethod>(method);
        Broker broker(grants, with);
        QVERIFY(grants.add(grantOf(Access::ReadWrite)));
        const auto before = tree_of(m_tree->path("home"));
        const auto others = [this] {
            auto all = tree_of(m_tree->path("home"));
            std::erase_if(all, [this](const auto& one) {
                return one.first.starts_with(m_tree->path("home/grant/"));
            });
            return all;
        };
        const auto outside = others();
        std::mt19937 random(12);
        std::vector<ChangeId> changes;
        int n_worked = 0;
        for (int i = 0; i < kCalls / 10; ++i) {
            const auto [name, arguments] = randomCall(random);
            Decision decision = broker.prepare(name, arguments, context());
            auto* call = std::get_if<PreparedCall>(&decision);
            if (!call) continue;
            const ToolOutcome outcome = broker.run(std::move(*call));
            changes.insert(changes.end(), outcome.changes.begin(), outcome.changes.end());
            n_worked += outcome.is_error ? 0 : 1;
        }
        qInfo("%d worked", n_worked);
        QVERIFY(n_worked >= 20);  // what is inside can be changed: the refusals mean something
        QVERIFY(others() == outside);
        const auto report = m_journal->undo(changes);
        for (const auto& problem : report->problems) qWarning("%s", problem.sentence.c_str());
        QVERIFY(report->is_complete());
        QVERIFY(tree_of(m_tree->path("home")) == before);
    }

private:
    Broker::Options options() const {
        Broker::Options options;
        options.home = m_tree->path("home");
        options.changes = m_journal.get();
        return options;
    }
    Grant grantOf(Access access) const {
        Grant grant;
        grant.folder = m_tree->path("home/grant");
        grant.conversation = "c1";
        grant.access = access;
        return grant;
    }
    static CallContext context() {
        return {"c1", {"make_folder", "move", "write_file", "edit_file"}, "t"};
    }
    std::string randomPath(std::mt19937& random) const {
        static const std::vector<std::string> kParts = {
            "..",          ".",       "grant",     "outside",   "sub",       "notes.txt",
            "folder-link", "up-link", "root-link", "cwd-link",  "file-link", "hard-link",
            "secret.txt",  "new",     "new.txt",   "back-link", "pipe",      "deep.txt",
            "grant-twin",  "%2e%2e",  "\\",        ":",         "...",       " "};
        const std::string grant = m_tree->path("home/grant");
        const std::vector<std::string> roots = {grant,
                                                grant,
                                                grant,
                                                "~",
                                                "~/grant",
                                                "",
                                                "/",
                                                m_tree->path("home/outside"),
                                                m_tree->path("data")};
        std::string path = roots[random() % roots.size()];
        for (unsigned n = random() % 4; n > 0; --n) path += "/" + kParts[random() % kParts.size()];
        return path;
    }
    std::pair<std::string, Json> randomCall(std::mt19937& random) const {
        switch (random() % 4) {
            case 0:
                return {"make_folder", {{"path", randomPath(random)}}};
            case 1:
                return {"move",
                        {{"source", randomPath(random)}, {"destination", randomPath(random)}}};
            case 2: {
                static const std::vector<std::string> kOld = {"inside", "secret", "key", "1"};
                return {"edit_file",
                        {{"path", randomPath(random)},
                         {"old_text", kOld[random() % kOld.size()]},
                         {"new_text", std::to_string(random() % 9)}}};
            }
            default:
                return {"write_file",
                        {{"path", randomPath(random)}, {"content", std::to_string(random() % 9)}}};
        }
    }

    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<UndoJournal> m_journal;
};

QTEST_GUILESS_MAIN(HostileChangesTest)
#include "tst_hostile_changes.moc"
