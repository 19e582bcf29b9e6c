#include "tests/support/folder_tree.h"
#include "tools/policy/broker.h"

#include <QTest>

#include <filesystem>

using namespace lares;
using lares::test::FolderTree;

namespace {

const std::vector<std::string> kAll = {"get_time", "calculate", "list_folder", "read_file",
                                       "find_files"};

LocalTime fixedTime() {
    return {2026, 11, 22, 0, 15, 58};
}

template <class T>
bool is(const Decision& decision) {
    return std::holds_alternative<T>(decision);
}

}  // namespace

class BrokerTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("docs/a.txt", "text of a");
        m_tree->file("docs/b.txt", "text of b");
        m_grants = std::make_unique<GrantList>(ProtectedFolders{m_tree->path("home"), {}});
        Broker::Options options;
        options.local_time = fixedTime;
        options.home = m_tree->path("home");
        m_broker = std::make_unique<Broker>(*m_grants, options);
    }
    void cleanup() {
        m_broker.reset();
        m_grants.reset();  // before its folders are removed: it holds them open
    }

    void harmlessToolsRunAtOnce() {
        QCOMPARE(run(m_broker->prepare("get_time", Json::object(), context())),
                 QString("Sunday 22 November 2026, 15:58"));
        QCOMPARE(run(m_broker->prepare("calculate", {{"expression", "17 * 23"}}, context())),
                 QString("391"));
    }
    void toolsThatAreNotOfferedDoNotExist() {
        const CallContext none{"c1", {}};
        QCOMPARE(refused(m_broker->prepare("get_time", Json::object(), none)),
                 QString("error: no such tool: get_time"));
        QCOMPARE(refused(m_broker->prepare("delete", Json::object(), {"c1", {"delete"}})),
                 QString("error: no such tool: delete"));
        QCOMPARE(refused(m_broker->prepare("a\nb", Json::object(), context())),
                 QString("error: no such tool: a\\u{a}b"));
    }
    void wrongArgumentsAreRefused() {
        QCOMPARE(refused(m_broker->prepare("read_file", Json::object(), context())),
                 QString("error: missing argument: path"));
    }

    void asksForAFolderThatIsNotGranted() {
        const Decision decision = read("docs/a.txt");
        QVERIFY(is<PermissionRequest>(decision));
        const auto& request = std::get<PermissionRequest>(decision);
        QCOMPARE(request.tool, std::string("read_file"));
        QCOMPARE(request.verb, std::string("Read the file"));
        QCOMPARE(request.object, std::string("a.txt"));
        QCOMPARE(request.path, m_tree->path("docs/a.txt"));
        QCOMPARE(request.folders, std::vector<std::string>{m_tree->path("docs")});
        QCOMPARE(request.effect, ToolEffect::ReadFolders);
        QCOMPARE(request.binding.size(), std::size_t{64});
    }
    void asksForTheRealFolderBehindALink() {
        if (!FolderTree::kHasLinks) QSKIP("this system lets no test make links");
        m_tree->link("link", "docs");
        const Decision decision = read("link/a.txt");
        QVERIFY(is<PermissionRequest>(decision));
        QCOMPARE(std::get<PermissionRequest>(decision).path, m_tree->path("docs/a.txt"));
        QCOMPARE(std::get<PermissionRequest>(decision).folders,
                 std::vector<std::string>{m_tree->path("docs")});
    }
    void neverAsksForWhatNoGrantMayCover() {
        m_tree->file("home/x.txt", "x");
        QVERIFY(refused(read("home/x.txt")).startsWith("error: permission denied: "));
        const Decision listing = m_broker->prepare("list_folder", {{"path", "~"}}, context());
        QCOMPARE(refused(listing), QString("error: permission denied: ~"));
        QVERIFY(std::get<Refusal>(listing).reason.find("home folder") != std::string::npos);
        QCOMPARE(refused(m_broker->prepare("list_folder", {{"path", "/"}}, context())),
                 QString("error: permission denied: /"));
        QCOMPARE(
            refused(m_broker->prepare("list_folder", {{"path", "/proc/self/root"}}, context())),
            QString("error: permission denied: /proc/self/root"));
    }
    void whatIsNotThereCannotBeAskedFor() {
        QCOMPARE(refused(m_broker->prepare("read_file", {{"path", "/none/x"}}, context())),
                 QString("error: permission denied: /none/x"));
    }

    void onceIsUsedUp() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        QCOMPARE(run(m_broker->approve(request, GrantDuration::Once)), QString("text of a"));
        QVERIFY(is<Refusal>(m_broker->approve(request, GrantDuration::Once)));
        QVERIFY(is<PermissionRequest>(read("docs/a.txt")));
        QVERIFY(m_grants->list().empty());
    }
    void otherArgumentsAskAgain() {
        auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        const auto other = std::get<PermissionRequest>(read("docs/b.txt"));
        QVERIFY(request.binding != other.binding);
        request.binding = other.binding;  // an answer to another question
        QVERIFY(is<Refusal>(m_broker->approve(request, GrantDuration::Once)));
        QVERIFY(is<PermissionRequest>(read("docs/b.txt")));
    }
    void changedGrantsAskAgain() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        m_tree->folder("other");
        grant("other");
        const Decision decision = m_broker->approve(request, GrantDuration::Once);
        QVERIFY(is<PermissionRequest>(decision));
        QVERIFY(std::get<PermissionRequest>(decision).binding != request.binding);
    }
    void aConversationCoversTheFolderAndItselfOnly() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        QCOMPARE(run(m_broker->approve(request, GrantDuration::Conversation)),
                 QString("text of a"));
        QCOMPARE(run(read("docs/b.txt")), QString("text of b"));
        QVERIFY(is<PermissionRequest>(read("docs/b.txt", "c2")));
        m_grants->end_conversation("c1");
        QVERIFY(is<PermissionRequest>(read("docs/b.txt")));
    }
    void alwaysCoversEveryConversation() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        QVERIFY(is<PreparedCall>(m_broker->approve(request, GrantDuration::Always)));
        QCOMPARE(run(read("docs/b.txt", "c2")), QString("text of b"));
    }
    void noIsToldToTheModel() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        QCOMPARE(QString::fromStdString(m_broker->refuse(request).result),
                 QString("error: refused by the user"));
        QVERIFY(is<Refusal>(m_broker->approve(request, GrantDuration::Always)));
        const auto again = std::get<PermissionRequest>(
            m_broker->prepare("read_file", {{"path", m_tree->path("docs/a.txt")}}, context()));
        QCOMPARE(m_broker->refuse(again, RefusalCause::NobodyToAsk).result,
                 "error: permission denied: " + m_tree->path("docs/a.txt"));
    }
    void whatWasShownIsWhatIsRead() {
        const auto request = std::get<PermissionRequest>(read("docs/a.txt"));
        std::filesystem::rename(m_tree->path("docs"), m_tree->path("moved"));
        m_tree->file("docs/a.txt", "another text");
        QCOMPARE(run(m_broker->approve(request, GrantDuration::Once)), QString("text of a"));
    }

    void aRevokedGrantStopsAPreparedCall() {
        const GrantId id = grant("docs");
        Decision decision = read("docs/a.txt");
        QVERIFY(is<PreparedCall>(decision));
        QVERIFY(m_grants->revoke(id));
        QCOMPARE(run(std::move(decision)),
                 QString::fromStdString("error: permission denied: " + m_tree->path("docs/a.txt")));
    }
    void aCallRunsOnce() {
        Decision decision = m_broker->prepare("get_time", Json::object(), context());
        auto& call = std::get<PreparedCall>(decision);
        QVERIFY(!m_broker->run(std::move(call)).is_error);
        // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tested
        QVERIFY(m_broker->run(std::move(call)).is_error);
    }
    void relativePathsMeanTheOnlyFolder() {
        QCOMPARE(refused(m_broker->prepare("read_file", {{"path", "a.txt"}}, context())),
                 QString("error: permission denied: a.txt"));
        grant("docs");
        QCOMPARE(run(m_broker->prepare("read_file", {{"path", "a.txt"}}, context())),
                 QString("text of a"));
        m_tree->folder("other");
        grant("other");
        QCOMPARE(refused(m_broker->prepare("read_file", {{"path", "a.txt"}}, context())),
                 QString("error: permission denied: a.txt"));
    }
    void tellsTheUserWhatItDid() {
        grant("docs");
        Decision decision =
            m_broker->prepare("list_folder", {{"path", m_tree->path("docs")}}, context());
        const ToolOutcome outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        QCOMPARE(outcome.summary, std::string("Listed docs: 2 entries"));
        QVERIFY(!outcome.layers.empty());
        QCOMPARE(outcome.layers.front(), std::string(sandbox_layer()));
    }
    void keepsTheTimeLimit() {
        Broker::Options options;
        options.time_limit = std::chrono::milliseconds(0);
        Broker hurried(*m_grants, options);
        grant("docs");
        Decision decision =
            hurried.prepare("list_folder", {{"path", m_tree->path("docs")}}, context());
        QCOMPARE(hurried.run(std::move(std::get<PreparedCall>(decision))).result,
                 std::string("error: timed out"));
    }

private:
    static CallContext context(const std::string& conversation = "c1") {
        return {conversation, kAll};
    }
    Decision read(const char* relative, const std::string& conversation = "c1") {
        return m_broker->prepare("read_file", {{"path", m_tree->path(relative)}},
                                 context(conversation));
    }
    GrantId grant(const char* relative) {
        Grant grant;
        grant.folder = m_tree->path(relative);
        grant.conversation = "c1";
        return m_grants->add(grant)->id;
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
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerTest)
#include "tst_broker.moc"
