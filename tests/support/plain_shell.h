#pragma once

#include "tools/sandbox/command_runner.h"

#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <sys/wait.h>

namespace lares::test {

/// Runs scripts on the folder it is given, without keeping them in: what the broker does is tested
/// here, the real sandbox in tests/tools/sandbox.
class PlainShell final : public CommandSandbox {
public:
    [[nodiscard]] CommandSupport support() const override {
        ++n_checked;
        return has_support ? CommandSupport{true, {}, {"none"}}
                           : CommandSupport{false, "Commands are off: bubblewrap is missing", {}};
    }
    [[nodiscard]] Result<CommandOutcome> run(const CommandSpec& spec,
                                             const std::stop_token&) const override {
        last = spec;
        ran_in = spec.folders.front().folder->path();
        if (fails) return Error{ErrorCode::Unsupported, "bubblewrap is missing; install it"};
        CommandOutcome outcome;
        const std::string script = "cd '" + ran_in + "' && { " + spec.script + "\n} 2>&1";
        FILE* pipe = ::popen(script.c_str(), "r");
        for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
            outcome.output.push_back(static_cast<char>(c));
        outcome.status = WEXITSTATUS(::pclose(pipe));
        outcome.end = end;
        outcome.layers = {"bubblewrap", "landlock", "seccomp"};
        if (meanwhile) meanwhile();
        return outcome;
    }

    bool has_support = true;
    bool fails = false;
    mutable std::atomic<int> n_checked = 0;
    CommandEnd end = CommandEnd::Exited;
    std::function<void()> meanwhile;
    mutable CommandSpec last;
    mutable std::string ran_in;
};

}  // namespace lares::test
