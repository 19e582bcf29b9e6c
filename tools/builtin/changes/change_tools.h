#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/journal/change_log.h"
#include "tools/sandbox/change_beneath.h"

#include <functional>
#include <string>
#include <string_view>

namespace lares {

/// What a tool that changes files works with. Borrowed: valid while the tool runs.
struct ChangeTools {
    ChangeLog& log;
    std::string conversation;
    std::string turn;
    OpenMethod method = OpenMethod::Best;
};

/// A change of this kind at this place, with where it comes from filled in.
[[nodiscard]] FileChange change_at(FileChange::Kind kind,
                                   const ToolPath& path,
                                   const ChangeTools& tools);
[[nodiscard]] RecordedPlace recorded(const ToolPath& path);

/// Writes the change down, makes it, and writes down what came of it. The id is 0 when it was not
/// made; the text is then the error.
struct RecordedOutcome {
    ChangeId id = 0;
    ToolText error;
};
[[nodiscard]] RecordedOutcome make_recorded(const ChangeTools& tools,
                                            const FileChange& change,
                                            std::string_view replaced_bytes,
                                            const std::string& as_called,
                                            const std::function<ChangeOutcome()>& make);

/// Why `as_called` was not changed, as the model reads it.
[[nodiscard]] ToolText change_fault_text(ChangeFault fault, const std::string& as_called);

/// A name that nobody has: ".lares-3f9c…".
[[nodiscard]] std::string temporary_name();

}  // namespace lares
