#include "tools/builtin/run_command/command_text.h"

#include "tools/builtin/run_command/printed_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxFirst = 3'000;  // characters, as read_file shows 8,000 in all
constexpr std::size_t kMaxLast = 5'000;   // where the errors are
constexpr std::size_t kMaxNamed = 10;

std::string counted(std::size_t n, const std::string& one) {
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string seconds_of(std::chrono::milliseconds time) {
    return std::to_string(time.count() / 1000) + " s";
}

/// How it ended: "exit status 0".
std::string end_text(const CommandReport& report) {
    const CommandOutcome& outcome = report.outcome;
    const CommandLimits& limits = report.limits;
    switch (outcome.end) {
        case CommandEnd::Exited:
            return "exit status " + std::to_string(outcome.status);
        case CommandEnd::Signalled:
            return "ended by signal " + std::to_string(outcome.status);
        case CommandEnd::TimedOut:
            return "ended after " + seconds_of(limits.wall_time);
        case CommandEnd::Silent:
            return "ended after " + seconds_of(limits.silent_time) + " without output";
        case CommandEnd::TooMuchMemory:
            return "ended: more than " + size_text(limits.max_resident_bytes) + " of memory";
        case CommandEnd::TooMuchWritten:
            return "ended: more than " + size_text(limits.max_written_bytes) + " written";
        case CommandEnd::Stopped:
            break;
    }
    return "stopped by the user";
}

/// The first and the last of a long output.
std::string shown_output(const CommandOutcome& outcome, const CommandLimits& limits) {
    std::string text;
    if (outcome.left_out_bytes == 0) {
        text = printed_text(outcome.output);
    } else {
        const auto cut = static_cast<std::size_t>(limits.kept_first_bytes);
        const std::string_view output = outcome.output;
        text = printed_text(output.substr(0, cut)) + "\n[... " + size_text(outcome.left_out_bytes) +
               " left out ...]\n" + printed_text(output.substr(std::min(cut, output.size())));
    }
    while (text.ends_with('\n')) text.pop_back();
    const std::size_t n = characters_in(text);
    if (n <= kMaxFirst + kMaxLast) return text;
    std::size_t first = 0;
    for (std::size_t seen = 0; first < text.size(); ++first) {
        if (begins_character(text[first]) && seen++ == kMaxFirst) break;
    }
    std::size_t last = text.size();
    for (std::size_t seen = 0; seen < kMaxLast;) {
        if (begins_character(text[--last])) ++seen;
    }
    return text.substr(0, first) + "\n[... " + std::to_string(n - kMaxFirst - kMaxLast) +
           " characters left out ...]\n" + text.substr(last);
}

std::string named(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kMaxNamed; ++i)
        text += (text.empty() ? "" : ", ") + names[i];
    if (names.size() > kMaxNamed)
        text += ", ... " + std::to_string(names.size() - kMaxNamed) + " more";
    return text;
}

std::string changed_text(const AppliedChanges& applied) {
    std::string text;
    const auto add = [&](std::size_t n, const char* done, const char* one) {
        if (n > 0) text += (text.empty() ? "" : ", ") + (done + counted(n, one));
    };
    add(applied.n_folder, "made ", "folder");
    add(applied.n_move, "moved ", "item");
    add(applied.n_write, "wrote ", "file");
    return text;
}

std::string_view reason_text(LeftOut reason) {
    switch (reason) {
        case LeftOut::Removed:
            return "not deleted";
        case LeftOut::NotAFile:
            return "no plain file";
        case LeftOut::Sensitive:
            return "could run as a program";
        case LeftOut::InTheWay:
            return "in place of something else";
        case LeftOut::TooLarge:
            return "too large to keep";
    }
    return "";
}

std::string notes_of(const CommandReport& report) {
    std::string notes;
    const auto add = [&notes](const std::string& note) { notes += "\n[" + note + "]"; };
    if (report.is_too_large)
        add("the folder is too large to work in a copy of it, so it could only be read");
    if (!report.fault.empty()) add("what it changed was not kept: " + report.fault);
    if (report.n_not_copied > 0)
        add(counted(report.n_not_copied, "link or special file") + " not seen by the command");
    if (!report.applied) return notes;
    if (const std::string changed = changed_text(*report.applied); !changed.empty()) add(changed);
    constexpr std::array kReasons = {LeftOut::Removed, LeftOut::NotAFile, LeftOut::Sensitive,
                                     LeftOut::InTheWay, LeftOut::TooLarge};
    for (const LeftOut reason : kReasons) {
        std::vector<std::string> names;
        for (const LeftOutChange& one : report.left_out) {
            if (one.reason == reason) names.push_back(name_text(one.path));
        }
        if (!names.empty())
            add("left as it was, " + std::string(reason_text(reason)) + ": " + named(names));
    }
    if (!report.applied->programs.empty())
        add("cannot be run yet: " + named(report.applied->programs));
    if (!report.applied->faults.empty()) add("not done: " + named(report.applied->faults));
    return notes;
}

}  // namespace

ToolText command_text(const CommandReport& report) {
    ToolText text;
    const std::string end = end_text(report);
    const CommandEnd how = report.outcome.end;
    text.is_error = how != CommandEnd::Exited && how != CommandEnd::Signalled;
    text.code = ErrorCode::Cancelled;
    text.result = text.is_error ? "error: " + end : end;
    const std::string output = shown_output(report.outcome, report.limits);
    if (!output.empty()) text.result += "\n" + output;
    text.result += notes_of(report);
    text.detail = end;
    if (report.applied) {
        text.changes = report.applied->changes;
        if (!text.changes.empty()) text.detail += ", " + counted(text.changes.size(), "change");
        if (!report.applied->faults.empty()) text.detail += ", some of it not done";
    }
    return text;
}

}  // namespace lares
