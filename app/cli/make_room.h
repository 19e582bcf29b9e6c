#pragma once

#include "app/cli/command.h"
#include "app/turn/condensed_text.h"
#include "engine/session/engine.h"

namespace lares::cli {

/// Where the question that `request` ends with does not fit the context: has the model condense
/// what was said before, which then stands in `condensed` and, in its place, in the request. Says
/// so on stderr. Waits. ContextFull: the question alone is too long, with what to do; Cancelled
/// after Ctrl-C: nothing changed.
[[nodiscard]] Result<void> makeRoom(Context& context,
                                    Engine& engine,
                                    GenerationRequest& request,
                                    CondensedText& condensed);

}  // namespace lares::cli
