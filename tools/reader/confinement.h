#pragma once

#include "engine/base/result.h"

#include <cstdint>

namespace lares::reader {

// How this process gives up everything, before it looks at a byte of a document. For good, and each
// layer is tried afterwards, not believed. An error is a predicate that says what is missing; then
// nothing may be read.

/// What a process may use of the machine.
struct ReaderLimits {
    std::uint64_t address_space_bytes = 0;
    std::uint64_t processor_seconds = 0;
    std::uint64_t written_file_bytes = 0;  ///< of each file; pipes do not count
    std::uint64_t first_refused_file = 0;  ///< descriptors from this number on cannot be opened
};

/// Nothing but computing, and reading and writing what is open: no file, no socket, no program, no
/// process, no thread, no memory that runs. seccomp, as a list of what stays; Landlock where the
/// kernel has it.
[[nodiscard]] Result<void> confine_to_computing();

/// The same for a program that is started next, `program`, which needs its libraries: it reads
/// them and the tables beside them, and runs nothing else. Landlock and seccomp, both.
[[nodiscard]] Result<void> confine_to_program(const char* program);

}  // namespace lares::reader
