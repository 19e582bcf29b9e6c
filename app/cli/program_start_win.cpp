#include "app/cli/program_start.h"
#include "engine/base/wide_text.h"

#include <cstdio>
#include <fcntl.h>
#include <io.h>
#include <windows.h>
// After windows.h, whose types it needs.
#include <shellapi.h>

namespace lares::cli {
namespace {

void understandStyles(DWORD stream) {
    const HANDLE console = ::GetStdHandle(stream);
    DWORD mode = 0;
    if (::GetConsoleMode(console, &mode))
        ::SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

}  // namespace

ProgramStart::ProgramStart() {
    // A line ends with one byte here as everywhere else: what we print is read by programs.
    for (std::FILE* stream : {stdin, stdout, stderr}) _setmode(_fileno(stream), _O_BINARY);
    m_codePage = ::GetConsoleOutputCP();
    if (m_codePage != 0) ::SetConsoleOutputCP(CP_UTF8);
    understandStyles(STD_OUTPUT_HANDLE);
    understandStyles(STD_ERROR_HANDLE);
}

ProgramStart::~ProgramStart() {
    // The code page belongs to the console, which stays when we go.
    if (m_codePage != 0) ::SetConsoleOutputCP(m_codePage);
}

// Not argv: it has lost what the system's old code page cannot write.
std::vector<std::string> ProgramStart::words(int, char**) {
    std::vector<std::string> words;
    int count = 0;
    wchar_t** wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    if (!wide) return words;
    for (int i = 1; i < count; ++i) words.push_back(utf8_from_wide(wide[i]));
    ::LocalFree(wide);
    return words;
}

}  // namespace lares::cli
