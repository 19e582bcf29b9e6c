#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"
#include "engine/chat/message.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// A call that an answer has to hold: its name, and arguments of these values among others.
struct ExpectedCall {
    std::string name;
    Json arguments = Json::object();
};

/// What has to stand in a file of the case's home afterwards.
struct ExpectedFile {
    bool isThere = true;
    std::optional<std::string> text;  ///< nothing: any
};

/// One question of an eval file, and how its answer is judged. As JSON, on one line; a `?` marks
/// what may be left out:
///
///   {"name"?: "sorts a bill", "prompt": "Move ~/Documents/a.txt to …", "system"?: "…",
///    "files"?: {"Documents/a.txt": "its text", "Documents/old/": null},
///    "expect": {"text"?: ["391"], "not_text"?: […], "calls"?: [{"name", "arguments"?}],
///               "no_calls"?: true, "files"?: {"Documents/b.txt": true | false | "its text"}}}
///
/// "~" is a folder that is made for the case. Texts are looked for in the answer without regard to
/// the case of ASCII letters; calls have to come in this order, with others between them.
struct EvalCase {
    std::string name;
    std::string prompt;
    std::string system;
    std::map<std::string, std::optional<std::string>> files;  ///< nothing: a folder
    std::vector<std::string> texts;
    std::vector<std::string> notTexts;
    std::vector<ExpectedCall> calls;
    bool hasNoCalls = false;
    std::map<std::string, ExpectedFile> filesAfter;
};

/// InvalidArgument names the field that is missing, wrong or unknown: a misspelt expectation must
/// not pass for one that holds.
[[nodiscard]] Result<EvalCase> evalCaseFromJson(const Json& json);

/// The cases of a file, one a line; empty lines and those that begin with # are left out. Errors
/// name the line. InvalidArgument where there is no case.
[[nodiscard]] Result<std::vector<EvalCase>> evalCasesFromText(std::string_view text);

/// Why an answer with these calls, in `home` afterwards, is not as expected: one sentence, the
/// first reason. Empty: it is.
[[nodiscard]] std::string whyNot(const EvalCase& expected,
                                 std::string_view text,
                                 const std::vector<ToolCall>& calls,
                                 const std::filesystem::path& home);

}  // namespace lares::cli
