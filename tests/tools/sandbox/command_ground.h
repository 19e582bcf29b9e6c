#pragma once

#include "tests/support/folder_tree.h"
#include "tools/sandbox/command_runner.h"

#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace lares::test {

/// Where the build put the programs: beside the folder of the tests.
inline std::string built_toolhost() {
    const std::filesystem::path test = std::filesystem::read_symlink("/proc/self/exe");
    return (test.parent_path().parent_path() / "bin" / "lares-toolhost").string();
}

inline CommandRunner::Options built_options() {
    return {built_toolhost(), "/usr/bin/bwrap"};
}

/// Why commands cannot be kept in here; empty where they can. Tried once for all tests of a
/// program.
inline const std::string& why_no_sandbox() {
    static const std::string kReason = [] {
        const CommandSupport support = CommandRunner(built_options()).support();
        return support.is_available ? std::string() : support.reason;
    }();
    return kReason;
}

/// Two granted folders, seen as /desk (for changing) and /notes (for reading), and one that is not.
struct CommandGround {
    CommandGround() {
        tree.file("work/inside.txt", "inside\n");
        tree.file("notes/note.txt", "a note\n");
        tree.file("other/secret.txt", "the secret\n");
        work = std::make_unique<FolderHandle>(FolderHandle::open(tree.path("work")).value());
        notes = std::make_unique<FolderHandle>(FolderHandle::open(tree.path("notes")).value());
    }

    [[nodiscard]] CommandSpec spec(std::string script) const {
        CommandSpec spec;
        spec.script = std::move(script);
        spec.folders = {{work.get(), "/desk", true}, {notes.get(), "/notes", false}};
        spec.working_folder = "/desk";
        return spec;
    }

    FolderTree tree;
    std::unique_ptr<FolderHandle> work;
    std::unique_ptr<FolderHandle> notes;
};

}  // namespace lares::test
