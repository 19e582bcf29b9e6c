#pragma once

#include "app/cli/options.h"
#include "app/turn/attached_text.h"

#include <string>
#include <vector>

namespace lares::cli {

/// --file, for what takes a prompt.
[[nodiscard]] OptionSpec fileOption();

/// Reads one more file to go with a message. The errors of readAttachedText and checkAttached.
[[nodiscard]] Result<void> attachFile(std::vector<AttachedText>& attached, const std::string& path);
/// All that --file names, in their order.
[[nodiscard]] Result<std::vector<AttachedText>> attachedFiles(const Options& options);

}  // namespace lares::cli
