#include "app/cli/eval/eval_case.h"

#include "app/cli/resources.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <functional>
#include <set>
#include <system_error>
#include <utility>

namespace lares::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxReadBack = std::size_t{1} << 20;

Error wrong(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

/// An object whose fields are all known.
Result<void> checkFields(const Json& object,
                         const std::string& where,
                         const std::set<std::string>& known) {
    if (!object.is_object()) return wrong(where + " has to be a JSON object");
    for (const auto& [key, value] : object.items())
        if (!known.contains(key))
            return wrong(std::string(where).append(" has a field that nobody knows: ").append(key));
    return {};
}

Result<std::string> textField(const Json& object, const char* name) {
    if (!object.contains(name)) return std::string();
    if (!object[name].is_string()) return wrong(std::string("\"") + name + "\" has to be a text");
    return object[name].get<std::string>();
}

Result<std::vector<std::string>> textsField(const Json& object, const char* name) {
    std::vector<std::string> texts;
    if (!object.contains(name)) return texts;
    const Error fault = wrong(std::string("\"") + name + "\" has to be a list of texts");
    if (!object[name].is_array()) return fault;
    for (const Json& text : object[name]) {
        if (!text.is_string() || text.get_ref<const std::string&>().empty()) return fault;
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

/// A name below the case's home, in a folder of it: files in the home itself can be granted to
/// nobody.
Result<void> checkPlace(const std::string& name) {
    const fs::path path = path_from_utf8(name);
    const bool leadsOut = std::any_of(
        path.begin(), path.end(), [](const fs::path& one) { return one == ".." || one == "."; });
    if (path.is_absolute() || path.has_root_path() || leadsOut ||
        name.find('/') == std::string::npos)
        return wrong("\"" + name + "\" has to be a path like Documents/a.txt or Documents/old/");
    return {};
}

Result<std::vector<ExpectedCall>> callsField(const Json& expect) {
    std::vector<ExpectedCall> calls;
    if (!expect.contains("calls")) return calls;
    if (!expect["calls"].is_array()) return wrong("\"calls\" has to be a list");
    for (const Json& one : expect["calls"]) {
        RETURN_IF_ERROR(checkFields(one, "a call", {"name", "arguments"}));
        ExpectedCall call;
        ASSIGN_OR_RETURN(call.name, textField(one, "name"));
        if (call.name.empty()) return wrong("a call needs a \"name\"");
        if (one.contains("arguments")) {
            if (!one["arguments"].is_object()) return wrong("\"arguments\" has to be an object");
            call.arguments = one["arguments"];
        }
        calls.push_back(std::move(call));
    }
    return calls;
}

Result<void> readFilesBefore(const Json& json, EvalCase& read) {
    if (!json.contains("files")) return {};
    if (!json["files"].is_object()) return wrong("\"files\" has to be an object");
    for (const auto& [name, text] : json["files"].items()) {
        RETURN_IF_ERROR(checkPlace(name));
        const bool isFolder = text.is_null() && name.ends_with('/');
        if (!isFolder && (!text.is_string() || name.ends_with('/')))
            return wrong("\"" + name + "\" has to be a text, or null for a folder (old/)");
        read.files[name] =
            isFolder ? std::nullopt : std::optional<std::string>(text.get<std::string>());
    }
    return {};
}

Result<void> readFilesAfter(const Json& expect, EvalCase& read) {
    if (!expect.contains("files")) return {};
    if (!expect["files"].is_object()) return wrong("\"files\" has to be an object");
    for (const auto& [name, state] : expect["files"].items()) {
        RETURN_IF_ERROR(checkPlace(name));
        if (!state.is_boolean() && !state.is_string())
            return wrong("\"" + name + "\" has to be true, false or the file's text");
        ExpectedFile file;
        if (state.is_boolean()) file.isThere = state.get<bool>();
        if (state.is_string()) file.text = state.get<std::string>();
        read.filesAfter[name] = std::move(file);
    }
    return {};
}

Result<void> readExpectations(const Json& json, EvalCase& read) {
    if (!json.contains("expect")) return wrong("a case needs \"expect\"");
    const Json& expect = json["expect"];
    RETURN_IF_ERROR(
        checkFields(expect, "\"expect\"", {"text", "not_text", "calls", "no_calls", "files"}));
    ASSIGN_OR_RETURN(read.texts, textsField(expect, "text"));
    ASSIGN_OR_RETURN(read.notTexts, textsField(expect, "not_text"));
    ASSIGN_OR_RETURN(read.calls, callsField(expect));
    if (expect.contains("no_calls")) {
        if (expect["no_calls"] != Json(true)) return wrong("\"no_calls\" can only be true");
        read.hasNoCalls = true;
    }
    if (read.hasNoCalls && !read.calls.empty())
        return wrong("\"calls\" and \"no_calls\" cannot both hold");
    RETURN_IF_ERROR(readFilesAfter(expect, read));
    if (read.texts.empty() && read.notTexts.empty() && read.calls.empty() && !read.hasNoCalls &&
        read.filesAfter.empty())
        return wrong("\"expect\" expects nothing");
    return {};
}

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

bool contains(std::string_view text, std::string_view part) {
    return lower(text).find(lower(part)) != std::string::npos;
}

bool fits(const ToolCall& call, const ExpectedCall& expected) {
    if (call.name != expected.name) return false;
    const auto& wanted = expected.arguments.items();
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        return call.arguments.contains(one.key()) && call.arguments[one.key()] == one.value();
    });
}

std::string namesOf(const std::vector<ToolCall>& calls) {
    std::string names;
    for (const ToolCall& call : calls) {
        names += names.empty() ? "" : ", ";
        names += call.name + " " + json_text(call.arguments);
    }
    return names.empty() ? "none" : names;
}

std::string whyNotCalls(const EvalCase& expected, const std::vector<ToolCall>& calls) {
    if (expected.hasNoCalls && !calls.empty())
        return "no call was expected; made: " + namesOf(calls);
    auto next = calls.begin();
    for (const ExpectedCall& call : expected.calls) {
        next =
            std::find_if(next, calls.end(), [&](const ToolCall& made) { return fits(made, call); });
        if (next == calls.end())
            return "there is no call " + call.name +
                   (call.arguments.empty() ? "" : " " + json_text(call.arguments)) +
                   "; made: " + namesOf(calls);
        ++next;
    }
    return {};
}

std::string_view withoutLastBreak(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

std::string whyNotFile(const fs::path& path, const std::string& name, const ExpectedFile& file) {
    std::error_code error;
    const bool isThere = fs::exists(fs::symlink_status(path, error));
    if (isThere != file.isThere) return name + (isThere ? " is still there" : " is not there");
    if (!file.text) return {};
    const Result<std::string> text = readFile(path, kMaxReadBack);
    if (!text) return name + ": " + text.error().message;
    if (withoutLastBreak(*text) != withoutLastBreak(*file.text))
        return name + " holds another text: " + json_text(Json(text->substr(0, 200)));
    return {};
}

}  // namespace

Result<EvalCase> evalCaseFromJson(const Json& json) {
    RETURN_IF_ERROR(checkFields(json, "a case", {"name", "prompt", "system", "files", "expect"}));
    EvalCase read;
    ASSIGN_OR_RETURN(read.name, textField(json, "name"));
    ASSIGN_OR_RETURN(read.prompt, textField(json, "prompt"));
    ASSIGN_OR_RETURN(read.system, textField(json, "system"));
    if (read.prompt.empty()) return wrong("a case needs a \"prompt\"");
    RETURN_IF_ERROR(readFilesBefore(json, read));
    RETURN_IF_ERROR(readExpectations(json, read));
    return read;
}

Result<std::vector<EvalCase>> evalCasesFromText(std::string_view text) {
    std::vector<EvalCase> cases;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first == std::string_view::npos || line[first] == '#') continue;
        const std::string where = "line " + std::to_string(number);
        const Result<Json> json = parse_json(line);
        Result<EvalCase> read = json ? evalCaseFromJson(*json) : Result<EvalCase>(json.error());
        if (!read) return std::move(read).error().with_context(where);
        if (read->name.empty()) read->name = where;
        cases.push_back(std::move(*read));
    }
    if (cases.empty()) return wrong("there is no case in it");
    return cases;
}

std::string whyNot(const EvalCase& expected,
                   std::string_view text,
                   const std::vector<ToolCall>& calls,
                   const fs::path& home) {
    if (std::string reason = whyNotCalls(expected, calls); !reason.empty()) return reason;
    for (const auto& [name, file] : expected.filesAfter) {
        std::string reason = whyNotFile(home / path_from_utf8(name), name, file);
        if (!reason.empty()) return reason;
    }
    for (const std::string& part : expected.texts)
        if (!contains(text, part)) return "the answer does not say " + json_text(Json(part));
    for (const std::string& part : expected.notTexts)
        if (contains(text, part)) return "the answer says " + json_text(Json(part));
    return {};
}

}  // namespace lares::cli
