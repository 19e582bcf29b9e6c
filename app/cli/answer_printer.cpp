#include "app/cli/answer_printer.h"

namespace lares::cli {

void AnswerPrinter::operator()(const EngineEvent& event) {
    std::visit([this](const auto& one) { show(one); }, event);
}

void AnswerPrinter::show(const PrefillProgress& progress) {
    if (progress.total > 0) {
        m_terminal.showProgress("Reading the prompt", static_cast<float>(progress.done) /
                                                          static_cast<float>(progress.total));
    }
}

void AnswerPrinter::show(const ThinkingDelta& delta) {
    if (m_shown != Shown::Answer || !m_terminal.isErrorTerminal()) return;
    m_isInThinking = true;
    m_terminal.writeDim(delta.text);
}

void AnswerPrinter::show(const TextDelta& delta) {
    endThinking();
    m_text += delta.text;
    if (m_shown == Shown::Answer) m_terminal.write(delta.text);
}

void AnswerPrinter::show(const ToolCall&) {
    finish();
}

void AnswerPrinter::show(const MalformedToolCall& call) {
    finish();
    if (m_shown == Shown::Nothing) return;
    m_terminal.note("The model wrote a tool call that cannot be read: " + call.error.message);
}

void AnswerPrinter::show(const DeviceNotice& notice) {
    finish();
    m_terminal.note(notice.text);
}

void AnswerPrinter::showCall(const ToolCallRecord& record) {
    if (m_shown == Shown::Nothing) return;
    const std::string name = record.outcome.is_error ? record.call.name + ": " : "";
    m_terminal.writeDim("- " + name + record.outcome.summary + "\n");
}

void AnswerPrinter::showUndo() {
    if (m_shown != Shown::Nothing)
        m_terminal.note("lares-cli undo takes these changes back, in a chat /undo.");
}

void AnswerPrinter::endThinking() {
    if (m_isInThinking) m_terminal.writeDim("\n\n");
    m_isInThinking = false;
}

void AnswerPrinter::finish() {
    endThinking();
    if (m_shown == Shown::Answer && !m_text.empty() && !m_text.ends_with('\n')) {
        m_terminal.write("\n");
        m_text += '\n';
    }
}

}  // namespace lares::cli
