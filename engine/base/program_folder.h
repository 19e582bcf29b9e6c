#pragma once

#include <filesystem>

namespace lares {

/// The folder of the running program, absolute; empty where the system does not say.
[[nodiscard]] std::filesystem::path program_folder();

}  // namespace lares
