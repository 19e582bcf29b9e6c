#include "app/cli/json_lines.h"

#include "engine/base/json.h"

#include <iostream>
#include <limits>
#include <string>

namespace lares::cli {

Result<ExitStatus> answerJsonLines(Context& context,
                                   const std::function<Result<Json>(const Json&)>& answer) {
    std::string line;
    while (!context.interrupt.wasRequested() && std::getline(std::cin, line)) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        Result<Json> input = parse_json(line);
        Result<Json> output = input ? answer(*input) : std::move(input).error();
        if (!output && output.error().code == ErrorCode::Cancelled)
            return std::move(output).error();
        context.writeJson(output ? *output : toJson(output.error()));
    }
    if (context.interrupt.wasRequested()) return ExitStatus::Interrupted;
    return ExitStatus::Done;
}

OptionSpec jsonLinesOption(std::string_view help) {
    return {"jsonl", 0, OptionKind::Flag, "", help};
}

OptionSpec tokensOptionSpec() {
    return {"tokens",
            0,
            OptionKind::IntegerList,
            "1,2,3",
            "token ids",
            0,
            std::numeric_limits<TokenId>::max()};
}

std::vector<TokenId> tokensOption(const Options& options) {
    const std::vector<std::int64_t> ids = options.integersOr("tokens", {});
    return {ids.begin(), ids.end()};
}

Result<std::vector<TokenId>> tokensFromJson(const Json& object) {
    const Error wrong{ErrorCode::InvalidArgument, "this needs the form {\"tokens\":[1,2,3]}"};
    if (!object.is_object() || !object.contains("tokens") || !object["tokens"].is_array())
        return wrong;
    std::vector<TokenId> tokens;
    for (const Json& id : object["tokens"]) {
        if (!id.is_number_integer()) return wrong;
        const auto value = id.get<std::int64_t>();
        if (value < 0 || value > std::numeric_limits<TokenId>::max()) return wrong;
        tokens.push_back(static_cast<TokenId>(value));
    }
    return tokens;
}

}  // namespace lares::cli
