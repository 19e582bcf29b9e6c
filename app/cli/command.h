#pragma once

#include "app/cli/interrupt.h"
#include "app/cli/options.h"
#include "app/cli/terminal.h"
#include "engine/base/result.h"
#include "engine/chat/message.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// How the program ends, as scripts see it.
enum class ExitStatus {
    Done = 0,
    Failed = 1,         ///< the work failed; stderr has one line
    Usage = 2,          ///< the command line makes no sense
    Interrupted = 130,  ///< Ctrl-C
};

/// What every command works with.
struct Context {
    const Options& options;
    Terminal& terminal;
    Interrupt& interrupt;

    /// `--json`: stdout is one JSON value.
    [[nodiscard]] bool isJson() const { return options.has("json"); }
    /// Prints one JSON value and a line break.
    void writeJson(const Json& value) const;
    /// Says what is wrong with the command line; the command returns what this returns.
    [[nodiscard]] ExitStatus usageError(std::string_view message) const;
};

/// A command as the program's table of commands has it.
struct Command {
    std::string_view name;
    std::string_view arguments;  ///< after the name in the usage line: "[PROMPT]"
    int maxPositional;
    std::string_view summary;  ///< one line
    std::string_view details;  ///< the paragraphs of --help
    std::vector<OptionSpec> options;
    /// Errors end the program with status 1; Cancelled with 130.
    Result<ExitStatus> (*run)(Context& context);
};

[[nodiscard]] Command chatCommand();
[[nodiscard]] Command runCommand();
[[nodiscard]] Command toolCommand();
[[nodiscard]] Command undoCommand();
[[nodiscard]] Command mcpCommand();
[[nodiscard]] Command libraryCommand();
[[nodiscard]] Command verifyCommand();
[[nodiscard]] Command inspectCommand();
[[nodiscard]] Command planCommand();
[[nodiscard]] Command tokenizeCommand();
[[nodiscard]] Command detokenizeCommand();
[[nodiscard]] Command renderCommand();
[[nodiscard]] Command logitsCommand();
[[nodiscard]] Command generateCommand();
[[nodiscard]] Command benchCommand();
[[nodiscard]] Command perplexityCommand();
[[nodiscard]] Command evalCommand();
[[nodiscard]] Command synthCommand();
[[nodiscard]] Command imatrixCommand();
[[nodiscard]] Command quantizeCommand();
[[nodiscard]] Command serveCommand();

/// {"error":{"code":…,"message":…}}
[[nodiscard]] Json toJson(const Error& error);
/// One line of JSON; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string toLine(const Json& value);

/// Several lists of options as one.
[[nodiscard]] std::vector<OptionSpec> joined(std::initializer_list<std::vector<OptionSpec>> lists);

}  // namespace lares::cli
