#include "app/cli/program_start.h"

#include <csignal>

namespace lares::cli {

ProgramStart::ProgramStart() {
    std::signal(SIGPIPE, SIG_DFL);  // whatever we inherited
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);
#endif
}

ProgramStart::~ProgramStart() = default;

std::vector<std::string> ProgramStart::words(int argc, char** argv) {
    return argc > 0 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

}  // namespace lares::cli
