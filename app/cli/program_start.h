#pragma once

#include <string>
#include <vector>

namespace lares::cli {

/// What the system does otherwise for a program in a terminal, put right for as long as this lives:
/// Linux: a reader that went away ends us silently; a file at its limit is an error like a full
/// disk. Windows: streams carry our bytes unchanged, the console shows UTF-8 and understands
/// styles. One at a time, in main.
class ProgramStart {
public:
    ProgramStart();
    ~ProgramStart();
    ProgramStart(const ProgramStart&) = delete;
    ProgramStart& operator=(const ProgramStart&) = delete;

    /// The words after the program's name, in UTF-8.
    [[nodiscard]] static std::vector<std::string> words(int argc, char** argv);

private:
    [[maybe_unused]] unsigned m_codePage = 0;  // of the console before, Windows only; 0: no console
};

}  // namespace lares::cli
