#pragma once

#include "app/cli/options.h"
#include "app/turn/attached_text.h"

#include <stop_token>
#include <string>
#include <vector>

namespace lares::cli {

/// --file, for what takes a prompt.
[[nodiscard]] OptionSpec fileOption();

/// Reads one more file to go with a message, until `stop`. The errors of readAttachedText and
/// checkAttached.
[[nodiscard]] Result<void> attachFile(std::vector<AttachedText>& attached,
                                      const std::string& path,
                                      const std::stop_token& stop);
/// All that --file names, in their order.
[[nodiscard]] Result<std::vector<AttachedText>> attachedFiles(const Options& options,
                                                              const std::stop_token& stop);

}  // namespace lares::cli
