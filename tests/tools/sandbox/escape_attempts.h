#pragma once

#include <vector>

namespace lares::test {

/// Something that a command in the sandbox must not be able to do, as lines of shell.
/// They know $WORK (may be changed, where they start), $NOTES (read), $OUT (neither) with $SECRET
/// in it, $SOCKET, $ABSTRACT, $TCP, $UDP and $INNER_SOCKET (somebody listens, the last one in
/// $WORK), $PARENT (our process), $TWIN (beside $WORK, with a name that begins the same),
/// $USER_HOME, and $A, the program command_attempts.
struct EscapeAttempt {
    const char* name;                              ///< class of attack, then what it is
    const char* escape;                            ///< exit status 0 where it worked
    const char* control = "cat $WORK/inside.txt";  ///< the same inside, which must work
    /// It works without a sandbox, for everybody, and harms nothing then: tried too.
    bool works_outside = false;
};

[[nodiscard]] const std::vector<EscapeAttempt>& escape_attempts();

}  // namespace lares::test
