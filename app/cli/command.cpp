#include "app/cli/command.h"

#include "engine/base/json.h"

namespace lares::cli {

void Context::writeJson(const Json& value) const {
    terminal.write(toLine(value));
}

ExitStatus Context::usageError(std::string_view message) const {
    if (isJson() || options.has("jsonl")) {
        writeJson(toJson({ErrorCode::InvalidArgument, std::string(message)}));
    }
    terminal.note("lares-cli: " + std::string(message));
    return ExitStatus::Usage;
}

Json toJson(const Error& error) {
    return {{"error", {{"code", to_string(error.code)}, {"message", error.message}}}};
}

std::string toLine(const Json& value) {
    return json_text(value) + "\n";
}

std::vector<OptionSpec> joined(std::initializer_list<std::vector<OptionSpec>> lists) {
    std::vector<OptionSpec> all;
    for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
}

}  // namespace lares::cli
