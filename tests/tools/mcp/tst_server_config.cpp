#include "tests/support/folder_tree.h"
#include "tools/mcp/server_config.h"

#include <QTest>

using namespace lares;
using lares::test::FolderTree;

namespace {

using Words = std::vector<std::string>;

McpServerConfig example() {
    McpServerConfig config;
    config.name = "my-notes";
    config.words = {"python3", "/srv/notes/server.py", "--root", "it's \"here\""};
    config.environment = {{"LEVEL", "2 $HOME"}};
    config.folders = {"/srv/notes"};
    return config;
}

}  // namespace

/// How a tool server is described, and what is refused before it ever starts.
class ServerConfigTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatItWrites() {
        const auto read = server_config_from_json(json_text(json_of(example())));
        QVERIFY(read);
        QVERIFY(*read == example());
        const auto damaged = server_config_from_json(R"({"name":"a"})");
        QVERIFY(!damaged);
        QCOMPARE(damaged.error().code, ErrorCode::Corrupt);
        QVERIFY(!server_config_from_json("["));
    }
    void refusesWhatCannotBe_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        for (const char* name :
             {"", "A", "a_b", "-a", "a-", "a b", "aaaaaaaaaaaaaaaaaaaaaaaaa", "a\xc3\xa9"})
            QTest::addRow("name %s", name) << "name" << name;
        for (const char* program :
             {"", "-c", "npx", "/usr/bin/npx", "uvx", "docker", "a\nb", "a\x01"})
            QTest::addRow("program %s", program) << "program" << program;
        for (const char* variable : {"", "A B", "1A", "A=B", "A;rm"})
            QTest::addRow("variable %s", variable) << "variable" << variable;
        for (const char* folder : {"", "srv", "/", "/a\nb"})
            QTest::addRow("folder %s", folder) << "folder" << folder;
    }
    void refusesWhatCannotBe() {
        QFETCH(QString, field);
        QFETCH(QString, value);
        McpServerConfig config = example();
        const std::string text = value.toStdString();
        if (field == "name") config.name = text;
        if (field == "program") config.words.front() = text;
        if (field == "variable") config.environment.front().first = text;
        if (field == "folder") config.folders.front() = text;
        const auto checked = check_server_config(config);
        QVERIFY(!checked);
        QVERIFY(!checked.error().message.empty());
    }
    void saysWhatToDoInsteadOfFetching() {
        McpServerConfig config = example();
        config.words = {"npx", "-y", "@modelcontextprotocol/server-memory"};
        const auto checked = check_server_config(config);
        QVERIFY(!checked);
        QVERIFY(checked.error().message.find("npm install --prefix") != std::string::npos);
    }
    void takesOverOtherProgramsSettings() {
        const FolderTree tree;
        tree.file("venv/bin/notes");
        const Json notes = {{"command", tree.path("venv/bin/notes")},
                            {"args", Json::array({"--quiet"})},
                            {"env", {{"KEY", "v"}}}};
        const std::string text = json_text({{"mcpServers", {{"My Notes!", notes}}}});
        const auto servers = servers_from_settings(text);
        QVERIFY2(servers, servers ? "" : servers.error().message.c_str());
        QCOMPARE(servers->size(), 1U);
        const McpServerConfig& config = servers->front();
        QCOMPARE(config.name, std::string("my-notes"));
        QCOMPARE(config.words, (Words{tree.path("venv/bin/notes"), "--quiet"}));
        QVERIFY(config.environment.front() == std::pair(std::string("KEY"), std::string("v")));
        QCOMPARE(config.folders, (Words{tree.path("venv")}));
    }
    void saysWhyAServerCannotBeTakenOver() {
        const auto problem = [](const char* text) {
            const auto servers = servers_from_settings(text);
            return servers ? QString() : QString::fromStdString(servers.error().message);
        };
        QVERIFY(problem("{}").contains("mcpServers"));
        QVERIFY(problem(R"({"mcpServers":{}})").contains("mcpServers"));
        QVERIFY(problem(R"({"mcpServers":{"a":{"url":"https:x"}}})").contains("network"));
        QVERIFY(problem(R"({"mcpServers":{"a":{"command":"npx"}}})").contains("the server a"));
        QVERIFY(problem(R"({"mcpServers":{"a":{"command":"x","args":[1]}}})").contains("args"));
        QVERIFY(problem(R"({"mcpServers":{"a b":{"command":"x"},"a-b":{"command":"y"}}})")
                    .contains("a-b"));
    }
    void findsTheFoldersOfACommandLine() {
        const FolderTree tree;
        tree.file("app/server.js");
        tree.folder("vault/deep");
        QCOMPARE(folders_of({"/usr/bin/node", tree.path("app/server.js"),
                             "--root=" + tree.path("vault"), tree.path("vault/deep"),
                             tree.path("missing"), "/etc/passwd", "relative/path", "--x"}),
                 (Words{tree.path("app"), tree.path("vault")}));
    }
    void followsAnEnvironmentsProgram() {
        const FolderTree tree;
        tree.file("python/bin/python3.12");
        tree.link("venv/bin/python", tree.path("python/bin/python3.12"));
        const Words folders = {tree.path("venv"), tree.path("python")};
        QCOMPARE(folders_of({tree.path("venv/bin/python"), "-m", "notes"}), folders);
        tree.file("venv/bin/notes", "#!" + tree.path("venv/bin/python") + " -s\nimport notes\n");
        QCOMPARE(folders_of({tree.path("venv/bin/notes")}), folders);
        tree.file("venv/bin/odd", "#! ");
        QCOMPARE(folders_of({tree.path("venv/bin/odd")}), Words{tree.path("venv")});
    }
    void readsAndWritesCommandLines() {
        const auto words = words_of_line("python3  -m notes 'a b' \"c \\\"d\\\"\" e\\ f ''");
        QVERIFY(words);
        QCOMPARE(*words, (Words{"python3", "-m", "notes", "a b", "c \"d\"", "e f", ""}));
        QCOMPARE(words_of_line(line_of_words(*words)).value(), *words);
        const Words odd = {"it's", "$(rm)", "\\", "é", "--a=b", "new`line`"};
        QCOMPARE(words_of_line(line_of_words(odd)).value(), odd);
        QVERIFY(!words_of_line("a 'b"));
        QVERIFY(words_of_line("  ").value().empty());
    }
    void theScriptQuotesEverything() {
        const std::string script = start_script(example());
        QCOMPARE(script, std::string("export HOME=/server-data\n"
                                     "export LEVEL='2 $HOME'\n"
                                     "exec 'python3' '/srv/notes/server.py' '--root' "
                                     "'it'\\''s \"here\"'\n"));
    }
};

QTEST_APPLESS_MAIN(ServerConfigTest)
#include "tst_server_config.moc"
