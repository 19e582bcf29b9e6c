#include "app/cli/command.h"
#include "app/cli/program_start.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace lares::cli {
namespace {

const std::vector<Command>& commands() {
    static const std::vector<Command> kCommands = {
        chatCommand(),   runCommand(),      toolCommand(),       undoCommand(),
        mcpCommand(),    libraryCommand(),  verifyCommand(),     inspectCommand(),
        planCommand(),   tokenizeCommand(), detokenizeCommand(), renderCommand(),
        logitsCommand(), generateCommand(), benchCommand(),      perplexityCommand(),
        evalCommand(),   synthCommand(),    imatrixCommand(),    quantizeCommand(),
        serveCommand(),
    };
    return kCommands;
}

std::string programHelp() {
    std::string text =
        "lares-cli: the engine of Lares in a terminal and for scripts\n\n"
        "Usage: lares-cli COMMAND [OPTIONS]\n\n";
    for (const Command& command : commands()) {
        std::string line = "  " + std::string(command.name);
        line.resize(15, ' ');
        text.append(line).append(command.summary).append("\n");
    }
    text +=
        "\nlares-cli COMMAND --help says more. Results go to stdout, everything else to stderr.\n"
        "Exit status: 0 done, 1 the work failed, 2 wrong usage, 130 interrupted.\n";
    return text;
}

std::vector<OptionSpec> allOptions(const Command& command) {
    std::vector<OptionSpec> options = command.options;
    options.push_back(
        {"json", 0, OptionKind::Flag, "", "stdout is one JSON value; errors are JSON too"});
    options.push_back({"help", 'h', OptionKind::Flag, "", "this text"});
    return options;
}

std::string commandHelp(const Command& command) {
    std::string text = "Usage: lares-cli " + std::string(command.name) + " [OPTIONS]";
    if (!command.arguments.empty()) text.append(" ").append(command.arguments);
    text.append("\n\n").append(command.summary).append(".\n");
    if (!command.details.empty()) text.append(command.details).append("\n");
    return text + "\nOptions:\n" + describe(allOptions(command));
}

ExitStatus report(Context& context, const Error& error) {
    if (context.isJson() || context.options.has("jsonl")) context.writeJson(toJson(error));
    context.terminal.note("lares-cli: " + error.message);
    return error.code == ErrorCode::Cancelled ? ExitStatus::Interrupted : ExitStatus::Failed;
}

ExitStatus runCommandLine(const Command& command, const std::vector<std::string>& words) {
    Terminal terminal;
    Interrupt interrupt;
    const std::vector<OptionSpec> specs = allOptions(command);
    const Result<Options> options = Options::parse(specs, words, command.maxPositional);
    if (!options) {
        const Options none;
        const bool wantsJson = std::any_of(words.begin(), words.end(), [](const auto& word) {
            return word == "--json" || word == "--jsonl";
        });
        if (wantsJson) terminal.write(toLine(toJson(options.error())));
        return Context{none, terminal, interrupt}.usageError(
            options.error().message + " (lares-cli " + std::string(command.name) + " --help)");
    }
    Context context{*options, terminal, interrupt};
    if (options->has("help")) {
        terminal.write(commandHelp(command));
        return ExitStatus::Done;
    }
    const Result<ExitStatus> status = command.run(context);
    if (!status) return report(context, status.error());
    if (!terminal.finish()) {
        return report(context, {ErrorCode::Io, "stdout could not be written: is the disk full?"});
    }
    return *status;
}

ExitStatus runProgram(const std::vector<std::string>& words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        std::fputs(programHelp().c_str(), words.empty() ? stderr : stdout);
        return words.empty() ? ExitStatus::Usage : ExitStatus::Done;
    }
    if (words[0] == "--version") {
        std::puts("lares-cli " LARES_VERSION);
        return ExitStatus::Done;
    }
    for (const Command& command : commands()) {
        if (command.name == words[0])
            return runCommandLine(command, {words.begin() + 1, words.end()});
    }
    std::fprintf(stderr, "lares-cli: there is no command '%s' (lares-cli --help)\n",
                 words[0].c_str());
    return ExitStatus::Usage;
}

}  // namespace
}  // namespace lares::cli

int main(int argc, char** argv) {
    using lares::cli::ExitStatus;
    const lares::cli::ProgramStart start;
    try {
        return static_cast<int>(
            lares::cli::runProgram(lares::cli::ProgramStart::words(argc, argv)));
    } catch (const std::exception& error) {  // of the libraries; our own code throws nothing
        std::fprintf(stderr, "lares-cli: %s\n", error.what());
        return static_cast<int>(ExitStatus::Failed);
    }
}
