#include "app/transcript/change_run.h"

#include "app/chat/call_changes.h"

#include <QCoreApplication>

#include <algorithm>

namespace lares::app {
namespace {

struct RunText {
    Q_DECLARE_TR_FUNCTIONS(ChangeRun)
};

using CallState = Part::CallState;

int countOf(const ChangeRun& run, const ChatMessage& message, CallState state) {
    return static_cast<int>(
        std::count_if(run.calls.begin(), run.calls.end(),
                      [&](std::size_t call) { return message.parts[call].callState == state; }));
}

/// The tool that every call that was made used; empty: more than one.
QString commonTool(const ChangeRun& run, const ChatMessage& message) {
    QString tool;
    for (const std::size_t call : run.calls) {
        const Part& part = message.parts[call];
        if (part.callState != CallState::Done) continue;
        if (!tool.isEmpty() && tool != part.toolName) return {};
        tool = part.toolName;
    }
    return tool;
}

}  // namespace

std::vector<ChangeRun> changeRunsOf(const ChatMessage& message) {
    std::vector<ChangeRun> runs;
    ChangeRun run;
    const auto end = [&] {
        if (run.calls.size() > 1) runs.push_back(run);
        run = {};
    };
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const Part& part = message.parts[i];
        if (part.kind == Part::Kind::ToolCall && isChangeTool(part.toolName)) {
            run.calls.push_back(i);
            run.last = i;
        } else if (part.kind == Part::Kind::ToolResult && !run.calls.empty()) {
            run.last = i;
        } else {
            end();
        }
    }
    end();
    return runs;
}

CallState stateOf(const ChangeRun& run, const ChatMessage& message) {
    for (const CallState state :
         {CallState::Running, CallState::Waiting, CallState::Done, CallState::Failed}) {
        if (countOf(run, message, state) > 0) return state;
    }
    return CallState::Denied;
}

QString sentenceOf(const ChangeRun& run, const ChatMessage& message) {
    const auto n = static_cast<int>(run.calls.size());
    const int nDone = countOf(run, message, CallState::Done);
    switch (stateOf(run, message)) {
        case CallState::Running:
            return RunText::tr("Changing files: %1 of %2").arg(nDone).arg(n);
        case CallState::Done:
            break;
        default:
            return RunText::tr("%Ln change(s) to files", nullptr, n);
    }
    const QString tool = commonTool(run, message);
    if (tool == u"move") return RunText::tr("Moved %Ln item(s)", nullptr, nDone);
    if (tool == u"make_folder") return RunText::tr("Made %Ln folder(s)", nullptr, nDone);
    if (tool == u"write_file") return RunText::tr("Wrote %Ln file(s)", nullptr, nDone);
    if (tool == u"edit_file") return RunText::tr("Edited %Ln file(s)", nullptr, nDone);
    return RunText::tr("Made %Ln change(s) to files", nullptr, nDone);
}

QString detailOf(const ChangeRun& run, const ChatMessage& message) {
    QStringList details;
    const int nFailed = countOf(run, message, CallState::Failed);
    const int nDenied = countOf(run, message, CallState::Denied);
    if (stateOf(run, message) == CallState::Waiting) details << RunText::tr("waiting for you");
    if (nFailed > 0) details << RunText::tr("%Ln failed", nullptr, nFailed);
    if (nDenied > 0) details << RunText::tr("%Ln not allowed", nullptr, nDenied);
    int nUndone = 0;
    for (const std::size_t call : run.calls) nUndone += isUndone(message.parts[call]) ? 1 : 0;
    if (nUndone > 0) {
        details << (nUndone == countOf(run, message, CallState::Done)
                        ? RunText::tr("undone")
                        : RunText::tr("%Ln undone", nullptr, nUndone));
    }
    return details.join(QStringLiteral(" · "));
}

QString linesOf(const ChangeRun& run, const ChatMessage& message) {
    QStringList lines;
    for (const std::size_t call : run.calls) {
        const Part& part = message.parts[call];
        QString line = part.summary.isEmpty() ? part.toolName : part.summary;
        if (part.callState == CallState::Failed) line = RunText::tr("failed: %1").arg(line);
        if (part.callState == CallState::Denied) line = RunText::tr("not allowed: %1").arg(line);
        if (isUndone(part)) line = RunText::tr("%1 (undone)").arg(line);
        lines << line;
    }
    return lines.join('\n');
}

}  // namespace lares::app
