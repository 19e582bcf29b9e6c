#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a fuzz target defines: one run over untrusted bytes, which must return and leave nothing
/// behind (libFuzzer's entry point)…
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lares::fuzz {

/// …and good inputs to damage. Only fuzz_main uses them; libFuzzer takes a folder of files.
[[nodiscard]] std::vector<std::string> seeds();

}  // namespace lares::fuzz
