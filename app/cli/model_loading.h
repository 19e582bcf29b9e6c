#pragma once

#include "app/cli/command.h"
#include "app/cli/options.h"
#include "engine/session/engine.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace lares::cli {

/// --model, for commands that read only a file's header.
[[nodiscard]] std::vector<OptionSpec> fileOptions();
/// --model, --threads, --device, --ctx, --exact, --kv-type, for commands that compute.
[[nodiscard]] std::vector<OptionSpec> modelOptions();

/// The file that --model names, or the bundled Lares Mini.
[[nodiscard]] Result<std::filesystem::path> modelPath(const Options& options);

/// The header of that file and its vocabulary; no weights are needed.
[[nodiscard]] Result<std::shared_ptr<const ModelFile>> openFile(const Context& context);

/// Loads the model with a progress line. Unsupported when --device asks for a GPU.
[[nodiscard]] Result<std::shared_ptr<const Model>> loadModel(Context& context);

/// The same of another file, with the same options.
[[nodiscard]] Result<std::shared_ptr<const Model>> loadModel(Context& context,
                                                             const std::filesystem::path& path);

/// What --threads, --ctx, --exact and --kv-type say.
[[nodiscard]] SessionOptions sessionOptions(const Options& options);

/// Loads the model and makes an engine with those options; says when its template is unknown.
[[nodiscard]] Result<Engine> loadEngine(Context& context);

}  // namespace lares::cli
