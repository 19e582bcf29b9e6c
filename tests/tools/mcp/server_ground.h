#pragma once

#include "tests/support/folder_tree.h"
#include "tests/tools/sandbox/command_ground.h"
#include "tools/mcp/server_set.h"

#include <filesystem>
#include <memory>
#include <string>

namespace lares::test {

/// A home with a data folder of ours, and the tests' tool server in a folder of its own.
struct ServerGround {
    ServerGround() {
        tree.folder("home/.local/share/lares");
        tree.file("home/vault/note.txt", "a note\n");
        tree.file("home/secret.txt", "the secret\n");
        tree.folder("home/server");
        std::filesystem::copy_file(LARES_FAKE_SERVER, tree.path("home/server") + "/server.py");
        book = tree.path("home/.local/share/lares") + "/servers.db";
        data = tree.path("home/.local/share/lares") + "/servers";
        set = make_set();
    }

    [[nodiscard]] std::unique_ptr<ServerSet> make_set() const {
        ServerSet::Options options;
        options.book = book;
        options.data_folder = data;
        options.sandbox = sandbox.get();
        options.check_folder = [home = tree.path("home")](const FolderHandle& folder) {
            return folder.path() == home ? Result<void>(Error{ErrorCode::PermissionDenied,
                                                              "the home folder as a whole"})
                                         : Result<void>();
        };
        options.client = client;
        return std::make_unique<ServerSet>(std::move(options));
    }
    [[nodiscard]] McpServerConfig config(const std::string& mode = "plain") const {
        McpServerConfig config;
        config.name = "fake";
        config.words = {"python3", tree.path("home/server") + "/server.py", mode};
        config.environment = {{"GREETING", "it's me"}};
        config.folders = {tree.path("home/server"), tree.path("home/vault")};
        return config;
    }
    /// The set with that server, looked at and on.
    void turn_on(const std::string& mode = "plain") const {
        require(set->add(config(mode)));
        require(set->look("fake", {}));
        require(set->set_on("fake", true));
    }
    static void require(const Result<void>& result) {
        if (!result) qFatal("%s", result.error().message.c_str());
    }
    [[nodiscard]] std::shared_ptr<const ServerTool> tool(const std::string& name) const {
        return set->find_or_null("fake__" + name);
    }
    [[nodiscard]] std::string called(const std::string& name,
                                     const Json& arguments = Json::object()) const {
        const auto found = tool(name);
        return found ? set->call(*found, arguments, {}).result : "(no such tool)";
    }

    FolderTree tree;
    std::filesystem::path book;
    std::filesystem::path data;
    McpClient client;
    std::unique_ptr<CommandSandbox> sandbox = std::make_unique<CommandRunner>(built_options());
    std::unique_ptr<ServerSet> set;
};

}  // namespace lares::test
