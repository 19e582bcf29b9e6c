#include "engine/base/json.h"
#include "tests/support/folder_tree.h"
#include "tools/policy/broker.h"

#include <QTest>

#include <random>
#include <sys/stat.h>

using namespace lares;
using lares::test::FolderTree;

namespace {

/// Stands in every file and every file name outside the grant, and nowhere inside.
const std::string kCanary = "CANARY-7f3a";

std::vector<Json> wrongValues() {
    return {nullptr,
            true,
            42,
            -1,
            1e300,
            Json::array(),
            Json::object(),
            {{"path", "x"}},
            std::string(1'000'000, 'a'),
            std::string("a\0b", 3),
            "\xff\xfe",
            "",
            "\n",
            "\u202e"};
}

}  // namespace

Q_DECLARE_METATYPE(lares::OpenMethod)

/// A model in an attacker's hands, straight into the broker.
class HostileCallsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_tree.file("grant/notes.txt", "inside");
        m_tree.file("grant/sub/deep.txt", "inside");
        m_tree.file("outside/" + kCanary + ".txt", kCanary);
        m_tree.file("grant-twin/" + kCanary + ".txt", kCanary);
        m_tree.file("home/.ssh/" + kCanary, kCanary);
        const std::string secret = m_tree.path("outside/" + kCanary + ".txt");
        m_tree.link("grant/file-link", secret);
        m_tree.link("grant/relative-link", "../outside/" + kCanary + ".txt");
        m_tree.link("grant/folder-link", "../outside");
        m_tree.link("grant/sub/up-link", "../..");
        m_tree.link("grant/root-link", "/");
        m_tree.link("grant/magic-link", "/proc/self/root" + secret);
        m_tree.link("grant/cwd-link", "/proc/self/cwd");
        m_tree.link("grant/fd-link", "/proc/self/fd/0");
        m_tree.link("grant/chain-link", "folder-link");
        m_tree.link("grant/ring-link", "ring-link");
        m_tree.link("outside/back-link", "../grant");
        QCOMPARE(::mkfifo(m_tree.path("grant/pipe").c_str(), 0600), 0);
    }

    void nothingOutsideIsEverRead_data() {
        QTest::addColumn<OpenMethod>("method");
        QTest::newRow("best") << OpenMethod::Best;
        QTest::newRow("component walk") << OpenMethod::Walk;
    }
    void nothingOutsideIsEverRead() {
        QFETCH(OpenMethod, method);
        GrantList grants({m_tree.path("home"), {}});
        Grant grant;
        grant.folder = m_tree.path("grant");
        grant.conversation = "c1";
        QVERIFY(grants.add(grant));
        Broker::Options options;
        options.open_method = method;
        options.home = m_tree.path("home");
        Broker broker(grants, options);

        int n_run = 0, n_refused = 0, n_asked = 0, n_worked = 0;
        const auto attempt = [&](const std::string& name, const Json& arguments) {
            Decision decision = broker.prepare(
                name, arguments,
                {"c1",
                 {"list_folder", "read_file", "find_files", "find_text", "search_documents"}});
            std::string result;
            if (auto* call = std::get_if<PreparedCall>(&decision)) {
                ++n_run;
                const ToolOutcome outcome = broker.run(std::move(*call));
                n_worked += outcome.is_error ? 0 : 1;
                result = outcome.result + outcome.summary;
            } else if (const auto* refusal = std::get_if<Refusal>(&decision)) {
                ++n_refused;
                result = refusal->result;
                QVERIFY(result.starts_with("error: ") && result.find('\n') == std::string::npos);
                QVERIFY(!refusal->reason.empty());
            } else {
                ++n_asked;  // nobody says yes
                result = broker.refuse(std::get<PermissionRequest>(decision)).result;
            }
            const bool names_it_itself = json_text(arguments).find(kCanary) != std::string::npos;
            if (!result.starts_with("error: ") || !names_it_itself)
                QVERIFY2(result.find(kCanary) == std::string::npos, result.c_str());
        };
        for (const std::string& path : hostilePaths()) {
            attempt("read_file", {{"path", path}});
            attempt("list_folder", {{"path", path}});
            attempt("read_file", {{"path", path}, {"part", "2"}});
            attempt("find_files", {{"folder", path}, {"pattern", "*"}});
            attempt("find_text", {{"folder", path}, {"text", "e"}});
            attempt("search_documents", {{"folder", path}, {"query", "canary"}});
        }
        for (const Json& value : wrongValues()) {
            for (const char* name :
                 {"read_file", "list_folder", "find_files", "find_text", "search_documents",
                  "write_file", "edit_file", "get_time", "", "../read_file", "Read_File"}) {
                attempt(name, value);
                attempt(name, {{"path", value}});
                attempt(name, {{"folder", value}, {"pattern", value}});
                attempt(name, {{"folder", m_tree.path("grant")}, {"text", value}});
                attempt(name, {{"folder", m_tree.path("grant")}, {"query", value}});
                attempt(name, {{"path", m_tree.path("grant/notes.txt")}, {"part", value}});
                attempt(name, {{"path", m_tree.path("grant")}, {"extra", value}});
            }
        }
        qInfo("%d ran (%d worked), %d refused, %d asked", n_run, n_worked, n_refused, n_asked);
        QVERIFY(n_run + n_refused + n_asked >= 600);
        QVERIFY(n_worked >= 5);  // what is inside can be read: the refusals mean something
    }

    /// Ten thousand paths put together at random from what attacks are made of.
    void randomPathsReadNothingOutside() {
        GrantList grants({m_tree.path("home"), {}});
        Grant grant;
        grant.folder = m_tree.path("grant");
        grant.conversation = "c1";
        QVERIFY(grants.add(grant));
        Broker::Options options;
        options.home = m_tree.path("home");
        Broker broker(grants, options);
        const std::vector<std::string> parts = {"..",
                                                ".",
                                                "/",
                                                "//",
                                                "grant",
                                                "outside",
                                                "sub",
                                                "notes.txt",
                                                "folder-link",
                                                "up-link",
                                                "root-link",
                                                "cwd-link",
                                                "chain-link",
                                                kCanary + ".txt",
                                                "~",
                                                m_tree.path(),
                                                m_tree.path("grant"),
                                                "back-link",
                                                "%2e%2e",
                                                "\\",
                                                ":"};
        std::mt19937 random(7);
        int n_asked = 0;
        for (int i = 0; i < 10'000; ++i) {
            std::string path = random() % 2 ? m_tree.path("grant") : parts[random() % parts.size()];
            for (unsigned n = random() % 7; n > 0; --n)
                path += "/" + parts[random() % parts.size()];
            const char* name = random() % 2 ? "read_file" : "list_folder";
            Decision decision = broker.prepare(name, {{"path", path}}, {"c1", {name}});
            n_asked += std::holds_alternative<PermissionRequest>(decision) ? 1 : 0;
            auto* call = std::get_if<PreparedCall>(&decision);
            if (!call) continue;
            const ToolOutcome outcome = broker.run(std::move(*call));
            if (!outcome.is_error)
                QVERIFY2(outcome.result.find(kCanary) == std::string::npos, path.c_str());
        }
        QVERIFY(n_asked > 0);
    }

private:
    std::vector<std::string> hostilePaths() const {
        const std::string grant = m_tree.path("grant");
        const std::string secret = m_tree.path("outside/" + kCanary + ".txt");
        const std::string name = "/" + kCanary + ".txt";
        std::vector<std::string> paths = {secret,
                                          m_tree.path("outside"),
                                          m_tree.path("grant-twin"),
                                          m_tree.path(),
                                          "/",
                                          "//",
                                          "~",
                                          "~/",
                                          "~/.ssh",
                                          "~/.ssh/" + kCanary,
                                          "~/../outside" + name,
                                          "~root",
                                          "~root/.ssh/id_rsa",
                                          "",
                                          "/etc/passwd",
                                          "/etc/shadow",
                                          "/proc/self/root" + secret,
                                          "/proc/self/environ",
                                          "/proc/self/fd/0",
                                          "/proc/self/cwd/x",
                                          "/proc/1/environ",
                                          "/proc/self/mem",
                                          "/dev/stdin",
                                          "/dev/tty",
                                          "/dev/zero",
                                          "/dev/mem",
                                          "/sys/kernel",
                                          "file://" + secret,
                                          "\\\\?\\C:\\",
                                          "C:\\Windows",
                                          "CON",
                                          "..",
                                          "../outside" + name,
                                          ".",
                                          "notes.txt",
                                          "sub/../../outside" + name,
                                          "./././../outside" + name,
                                          m_tree.path("outside/back-link"),
                                          m_tree.path("outside/back-link/notes.txt"),
                                          m_tree.path("outside/back-link/../") + kCanary + ".txt"};
        for (const std::string link :
             {"file-link", "relative-link", "folder-link", "sub/up-link", "root-link", "magic-link",
              "cwd-link", "fd-link", "chain-link", "ring-link", "pipe"}) {
            for (const std::string& tail : {std::string(), std::string("/"), name, "/." + name,
                                            "/outside" + name, "/.." + name, secret}) {
                paths.push_back(grant + "/" + link + tail);
                paths.push_back(link + tail);
            }
        }
        for (const std::string form :
             {"/../outside", "/sub/../../outside", "/./../outside", "//..//outside",
              "/sub/./.././../outside", "/..", "/../", "/...", "/.. /outside", "/%2e%2e/outside",
              "/..%2foutside", "/\xc0\xae\xc0\xae/outside", "/..\\outside", "-twin",
              "/\u2025/outside", "/sub/\xe2\x80\xae../outside", "/notes.txt/../../outside"}) {
            paths.push_back(grant + form);
            paths.push_back(grant + form + name);
        }
        for (const std::string& odd :
             {std::string("\0", 1), std::string("\n"), std::string("\x7f"), std::string("\xff"),
              std::string(300, 'a'), std::string(5000, 'a'), std::string(1'000'000, 'a')})
            paths.push_back(grant + "/" + odd);
        std::string deep = grant;
        for (int i = 0; i < 100; ++i) deep += "/sub";
        paths.push_back(deep);
        std::string up = grant;
        for (int i = 0; i < 60; ++i) up += "/..";
        paths.push_back(up + secret);
        return paths;
    }

    FolderTree m_tree;
};

QTEST_GUILESS_MAIN(HostileCallsTest)
#include "tst_hostile_calls.moc"
