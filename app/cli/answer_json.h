#pragma once

#include "app/cli/answer_turn.h"
#include "app/cli/command.h"
#include "engine/session/engine.h"

namespace lares::cli {

/// {"prompt_tokens","cached_tokens","generated_tokens","drafted_tokens","accepted_tokens",
/// "prompt_tps","decode_tps","first_token_ms"}
[[nodiscard]] Json toJson(const GenerationStats& stats);

/// {"text","thinking","tool_calls":[{"name","arguments"}],"stats","finish_reason"}, and
/// "malformed_calls":[{"raw","error"}] where the model wrote calls that cannot be read.
[[nodiscard]] Json toJson(const Generation& answer);

/// The same with every call's result: "tool_calls":[{"name","arguments","result"}].
[[nodiscard]] Json toJson(const TurnAnswer& answer);

}  // namespace lares::cli
