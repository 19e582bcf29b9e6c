#pragma once

#include "app/cli/command.h"
#include "app/turn/tool_turn.h"
#include "engine/session/engine.h"

#include <string>

namespace lares::cli {

/// How much of an answer is shown.
enum class Shown {
    Answer,   ///< its text as well
    Notes,    ///< stdout is kept for JSON
    Nothing,  ///< but progress
};

/// Shows an answer as it comes: text on stdout, thinking dimmed on a terminal's stderr, calls as
/// notes once they have run.
class AnswerPrinter {
public:
    AnswerPrinter(Terminal& terminal, Shown shown) : m_terminal(terminal), m_shown(shown) {}

    void operator()(const EngineEvent& event);
    /// Another answer of the same turn.
    void beginStep() { m_text.clear(); }
    /// What a call came to, in a line.
    void showCall(const ToolCallRecord& record);
    /// How what the calls changed is taken back.
    void showUndo();
    /// Ends the last line, also after an answer that was stopped.
    void finish();

    /// What came since beginStep, for an answer that was stopped.
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    void show(const PrefillProgress& progress);
    void show(const ThinkingDelta& delta);
    void show(const TextDelta& delta);
    void show(const ToolCall& call);
    void show(const MalformedToolCall& call);
    void show(const DeviceNotice& notice);
    void endThinking();

    Terminal& m_terminal;
    Shown m_shown;
    bool m_isInThinking = false;
    std::string m_text;
};

}  // namespace lares::cli
