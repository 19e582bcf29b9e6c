#pragma once

#include "app/cli/answer_printer.h"
#include "app/cli/tool_session.h"
#include "engine/session/engine.h"

namespace lares::cli {

/// A turn of the model: all its answers until it wanted no more tools.
struct TurnAnswer {
    Generation generation;  ///< texts one after the other, counts summed, the last finish reason
    std::vector<ToolCallRecord> calls;
    bool hitLimit = false;  ///< it still wanted tools after the last step
};

/// Lets the model answer, runs its calls, and again until it is done. What was said goes behind
/// `request.conversation.messages`, also what came before an error. Cancelled after Ctrl-C.
[[nodiscard]] Result<TurnAnswer> answerTurn(Context& context,
                                            Engine& engine,
                                            ToolSession& tools,
                                            GenerationRequest& request,
                                            AnswerPrinter& printer);

}  // namespace lares::cli
