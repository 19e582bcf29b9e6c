#pragma once

#include "tools/sandbox/change_beneath.h"

#include <windows.h>

namespace lares {

/// What a person or a program hung on the file that is replaced, as far as it can be carried over
/// to the one that takes its place: who may use it, whether it is hidden, when it was made. Further
/// streams of it stay behind; the journal keeps the bytes, not these. `to` is open with WRITE_DAC.
void carry_over(NativeHandle from, NativeHandle to);

/// Gives an open file its time and whether it may be written. False with the system's last error.
[[nodiscard]] bool set_facts(NativeHandle file, const NewFileFacts& facts);

}  // namespace lares
