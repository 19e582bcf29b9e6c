#include "app/cli/command.h"
#include "app/cli/verify_checks.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <filesystem>

namespace lares::cli {
namespace {

Json toJson(const Check& check) {
    Json json = {{"name", check.name}, {"ok", check.isOk}, {"detail", check.detail}};
    for (const auto& [name, value] : check.facts.items()) json[name] = value;
    return json;
}

std::string lineOf(const Check& check) {
    std::string line = check.isOk ? "ok       " : "NOT OK   ";
    line += check.name;
    line.resize(std::max<std::size_t>(line.size() + 2, 25), ' ');
    return line + check.detail + "\n";
}

Result<ExitStatus> verify(Context& context) {
    const auto chosen = context.options.text("data-dir");
    const std::filesystem::path folder = chosen ? path_from_utf8(*chosen) : dataFolder();
    const std::vector<Check> checks = checkAll(placesIn(folder));
    std::string wrong;
    Json list = Json::array();
    for (const Check& check : checks) {
        if (!check.isOk) wrong += (wrong.empty() ? "" : ", ") + check.name;
        if (context.isJson())
            list.push_back(toJson(check));
        else
            context.terminal.write(lineOf(check));
    }
    if (context.isJson()) context.writeJson({{"ok", wrong.empty()}, {"checks", std::move(list)}});
    if (wrong.empty()) return ExitStatus::Done;
    context.terminal.note("lares-cli: " + utf8_from_path(folder) + ": not in order: " + wrong +
                          "; make a copy of the folder before anything else");
    return ExitStatus::Failed;
}

}  // namespace

Command verifyCommand() {
    return {
        "verify",
        "",
        0,
        "Checks what Lares keeps: conversations, permissions, changes, tool log, tool servers, "
        "library, snapshots",
        "Reads alone, and changes nothing; Lares may run meanwhile. The exit status is 1 where "
        "something is not in\n"
        "order. Damaged snapshots are named and harmless: they are computed again. The tool log "
        "is a chain of hashes:\n"
        "an entry that was changed, removed or added by something else than Lares is found. "
        "With --json\n"
        "{\"ok\",\"checks\":[{\"name\",\"ok\",\"detail\",…}]}.",
        {{"data-dir", 0, OptionKind::Text, "DIR",
          "where the window keeps its data, as in lares --data-dir"}},
        verify};
}

}  // namespace lares::cli
