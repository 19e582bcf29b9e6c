#include "tools/sandbox/confinement.h"

namespace lares {

// Windows confines processes, not threads. What keeps a file tool in its folders is how names are
// resolved (open_beneath.h) and nothing else, and that is what this says.
Result<std::vector<std::string>> confine_this_thread(std::span<const ConfinedFolder>) {
    return std::vector<std::string>();
}

}  // namespace lares
