#include "app/cli/terminal.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace lares::cli {
namespace {

bool isTerminal(std::FILE* file) {
#ifdef _WIN32
    return _isatty(_fileno(file)) != 0;
#else
    return isatty(fileno(file)) != 0;
#endif
}

/// https://no-color.org: present and not empty.
bool coloursAreWanted() {
    const char* noColour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return (!noColour || !*noColour) && (!terminal || std::string_view(terminal) != "dumb");
}

}  // namespace

Terminal::Terminal()
    : m_isInputTerminal(isTerminal(stdin))
    , m_isOutputTerminal(isTerminal(stdout))
    , m_isErrorTerminal(isTerminal(stderr))
    , m_hasOutputColours(m_isOutputTerminal && coloursAreWanted())
    , m_hasErrorColours(m_isErrorTerminal && coloursAreWanted()) {}

void Terminal::write(std::string_view bytes) {
    clearProgress();
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) m_failed = true;
    if (std::fflush(stdout) != 0) m_failed = true;
}

void Terminal::note(std::string_view line) {
    clearProgress();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

void Terminal::writeDim(std::string_view text) {
    clearProgress();
    const char* format = m_hasErrorColours ? "\033[2m%.*s\033[0m" : "%.*s";
    std::fprintf(stderr, format, static_cast<int>(text.size()), text.data());
}

void Terminal::showProgress(std::string_view what, float share) {
    const int percent = static_cast<int>(std::clamp(share, 0.0F, 1.0F) * 100.0F);
    if (!m_isErrorTerminal || percent == m_shownPercent) return;
    m_shownPercent = percent;
    std::fprintf(stderr, "\r%.*s %d %%", static_cast<int>(what.size()), what.data(), percent);
    std::fflush(stderr);
}

void Terminal::clearProgress() {
    if (m_shownPercent < 0) return;
    m_shownPercent = -1;
    std::fputs("\r\033[K", stderr);
}

std::string Terminal::styled(std::string_view text, std::string_view style) const {
    if (!m_hasOutputColours) return std::string(text);
    return "\033[" + std::string(style) + "m" + std::string(text) + "\033[0m";
}

bool Terminal::finish() {
    clearProgress();
    return std::fflush(stdout) == 0 && !m_failed;
}

}  // namespace lares::cli
