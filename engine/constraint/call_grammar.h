#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"
#include "engine/chat/prompt_format.h"
#include "engine/constraint/grammar.h"

#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// What may stand behind the opening tag of a call, up to and with the closing one, so that it is a
/// call of one of `tools` that OutputParser reads: a name and parameters that there are, every
/// required one, values of their types (spec: chat-template.md §1.5, §2, §3.2). Parameters come in
/// any order up to five of them, else in the tools' order. A text is as free as its reader allows.
/// What of a parameter's schema is not understood (json_grammar.h) leaves the value open.
/// Only `function` where it is not empty. Ends the rule that is being written. InvalidArgument
/// where there is no such tool.
[[nodiscard]] Result<Grammar::NodeId> add_call(GrammarBuilder& builder,
                                               PromptFormat format,
                                               const std::vector<Json>& tools,
                                               const std::string& function = {});

/// The tag that opens a call, and what follows one.
[[nodiscard]] std::string_view call_tag(PromptFormat format);

}  // namespace lares
