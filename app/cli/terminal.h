#pragma once

#include <string>
#include <string_view>

namespace lares::cli {

/// Where the program's words go. Results go to stdout, everything else to stderr. One thread at a
/// time.
class Terminal {
public:
    Terminal();

    [[nodiscard]] bool isInputTerminal() const { return m_isInputTerminal; }
    [[nodiscard]] bool isOutputTerminal() const { return m_isOutputTerminal; }
    [[nodiscard]] bool isErrorTerminal() const { return m_isErrorTerminal; }

    /// Bytes of the result, at once on their way to a reader.
    void write(std::string_view bytes);
    /// A line about what happened, on stderr.
    void note(std::string_view line);
    /// Text on stderr that is not the answer itself (thinking): dimmed where colours are.
    void writeDim(std::string_view text);
    /// "Reading the model 40 %" on one line that replaces itself; nothing without a terminal.
    void showProgress(std::string_view what, float share);
    void clearProgress();

    /// `text` between the codes of a style ("1" bold, "2" dim, "31" red), where stdout shows
    /// colours.
    [[nodiscard]] std::string styled(std::string_view text, std::string_view style) const;

    /// False when stdout could not take everything (a full disk).
    [[nodiscard]] bool finish();

private:
    bool m_isInputTerminal;
    bool m_isOutputTerminal;
    bool m_isErrorTerminal;
    bool m_hasOutputColours;
    bool m_hasErrorColours;
    int m_shownPercent = -1;  // of the progress line; -1: there is none
    bool m_failed = false;
};

}  // namespace lares::cli
