#include "app/cli/command.h"
#include "app/cli/newest_changes.h"
#include "app/cli/user_folders.h"
#include "engine/base/json.h"
#include "tools/audit/lazy_audit.h"
#include "tools/journal/undo_journal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace lares::cli {
namespace {

constexpr int kListed = 200;

std::string localTime(std::int64_t time_ms) {
    const auto seconds = static_cast<std::time_t>(time_ms / 1000);
    std::array<char, 32> text{};
    if (const std::tm* local = std::localtime(&seconds))  // one thread
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", local);
    return text.data();
}

Json toJson(const FileChange& change) {
    Json json = {{"id", change.id},
                 {"kind", to_string(change.kind)},
                 {"state", to_string(change.state)},
                 {"time_ms", change.time_ms},
                 {"turn", change.turn},
                 {"summary", sentence_of(change)},
                 {"path", change.place.folder + "/" + change.place.relative}};
    if (change.kind == FileChange::Kind::Move)
        json["from"] = change.from.folder + "/" + change.from.relative;
    return json;
}

ExitStatus list(Context& context, const std::vector<FileChange>& changes) {
    if (context.isJson()) {
        Json all = Json::array();
        for (const FileChange& change : changes) all.push_back(toJson(change));
        context.writeJson({{"changes", std::move(all)}});
        return ExitStatus::Done;
    }
    if (changes.empty()) context.terminal.note("No tool has changed anything.");
    for (const FileChange& change : changes) {
        std::string line = std::to_string(change.id);
        line.resize(std::max<std::size_t>(line.size() + 1, 6), ' ');
        line += localTime(change.time_ms) + "  " + sentence_of(change);
        if (change.state != FileChange::State::Done)
            line += "  (" + std::string(to_string(change.state)) + ")";
        context.terminal.write(line + "\n");
    }
    return ExitStatus::Done;
}

Result<ChangeId> idFrom(const std::string& word) {
    ChangeId id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error != std::errc() || end != word.data() + word.size() || id <= 0) {
        return Error{ErrorCode::InvalidArgument,
                     "\"" + word + "\" is no number of a change; lares-cli undo --list shows them"};
    }
    return id;
}

ExitStatus report(Context& context, const UndoReport& undone, std::size_t asked) {
    if (context.isJson()) {
        Json problems = Json::array();
        for (const UndoReport::Problem& problem : undone.problems)
            problems.push_back({{"id", problem.change}, {"message", problem.sentence}});
        context.writeJson({{"undone", undone.undone}, {"problems", std::move(problems)}});
    } else {
        for (const UndoReport::Problem& problem : undone.problems)
            context.terminal.note("lares-cli: " + problem.sentence);
        const bool isNothing = undone.undone.empty() && undone.problems.empty();
        context.terminal.write(isNothing && asked > 0 ? "Undone before.\n"
                               : isNothing            ? "Nothing to undo.\n"
                                           : "Undid " + std::to_string(undone.undone.size()) +
                                                 " of " + std::to_string(asked) + " changes.\n");
    }
    return undone.is_complete() ? ExitStatus::Done : ExitStatus::Failed;
}

/// What cannot be written down is said; it is undone all the same.
void log(Context& context, UndoJournal& journal, const UndoReport& report) {
    if (report.undone.empty()) return;
    UndoneCalls logged{{}, {}, report.undone, report.problems.size()};
    if (const auto known = journal.changes(kListed)) {
        const auto first = std::find_if(known->begin(), known->end(), [&](const FileChange& one) {
            return one.id == report.undone.front();
        });
        if (first != known->end()) {
            logged.conversation = first->conversation;
            logged.turn = first->turn;
        }
    }
    LazyAudit audit(auditFolder());
    const Result<AuditLog*> opened = audit.get();
    const Result<void> written = opened ? (*opened)->undone(logged) : Result<void>(opened.error());
    if (!written) context.terminal.note("lares-cli: " + written.error().message);
    if (const std::string notice = audit.take_notice(); !notice.empty())
        context.terminal.note("lares-cli: " + notice);
}

Result<ExitStatus> undo(Context& context) {
    const auto& words = context.options.positional();
    if (!words.empty() && context.options.has("list"))
        return context.usageError("undo takes an ID or --list, not both");
    ASSIGN_OR_RETURN(const auto journal, UndoJournal::open(undoFolder()));
    if (!journal->notice().empty()) context.terminal.note(journal->notice());
    if (context.options.has("list")) {
        ASSIGN_OR_RETURN(const std::vector<FileChange> changes, journal->changes(kListed));
        return list(context, changes);
    }
    std::vector<ChangeId> ids;
    if (words.empty()) {
        ASSIGN_OR_RETURN(ids, newestChanges(*journal));
    } else {
        ASSIGN_OR_RETURN(const ChangeId id, idFrom(words[0]));
        ids = {id};
    }
    ASSIGN_OR_RETURN(const UndoReport undone, journal->undo(ids));
    log(context, *journal, undone);
    return report(context, undone, ids.size());
}

}  // namespace

Command undoCommand() {
    return {
        "undo",
        "[ID]",
        1,
        "Takes back what tools changed",
        "Without ID: everything that the last turn changed, here or in the window. What somebody "
        "changed since\n"
        "stays as it is, and is named; the exit status is 1 then. With --json "
        "{\"undone\",\"problems\"}; with --list\n"
        "{\"changes\":[{\"id\",\"kind\",\"state\",\"summary\",\"path\",…}]}.",
        {{"list", 0, OptionKind::Flag, "", "the changes of the last 30 days, newest first"}},
        undo};
}

}  // namespace lares::cli
