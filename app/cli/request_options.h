#pragma once

#include "app/cli/command.h"
#include "engine/session/engine.h"

#include <vector>

namespace lares::cli {

/// --persona, --system, --no-thinking, --thinking-budget, --max-tokens, --tools.
[[nodiscard]] std::vector<OptionSpec> answerOptions();
/// The same with those of folders (tool_session.h) and of sampling.
[[nodiscard]] std::vector<OptionSpec> requestOptions();

/// A request that begins as the options say: the persona's system message, the tools that are
/// offered, how to draw. The caller adds what the user says.
[[nodiscard]] Result<GenerationRequest> requestFromOptions(const Context& context);

/// A message without thinking and calls.
[[nodiscard]] Message plainMessage(std::string role, std::string content);

/// Only how to draw and how much: for requests whose messages come from elsewhere.
[[nodiscard]] GenerationRequest limitsFromOptions(const Options& options);

}  // namespace lares::cli
