#pragma once

#include "app/cli/user_folders.h"
#include "engine/base/json.h"

#include <string>
#include <vector>

namespace lares::cli {

/// What one look at a part of the user's data found.
struct Check {
    std::string name;  ///< as --json has it: "conversations", "grants", "undo", "tool_log", …
    bool isOk = true;
    std::string detail = {};      ///< a sentence, with the next step where something is wrong
    Json facts = Json::object();  ///< figures, for --json
};

/// Looks at everything that the window and lares-cli keep. Reads alone: nothing is changed or made
/// in `places`, and what is open in a window is looked at as of one moment. What is not there yet
/// is in order.
[[nodiscard]] std::vector<Check> checkAll(const DataPlaces& places);

}  // namespace lares::cli
