// The part of the broker that decides about notes that a model proposes, and has them kept.
#include "tools/policy/prepared_call.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <utility>

namespace lares {

/// Never without a question, and so never with a grant.
Decision Broker::prepare_note(CallPtr call, const CallContext& context) {
    if (!offers_notes() || context.is_temporary) {
        return call_refusal(ErrorCode::Unsupported, "notes are switched off",
                            "The model may propose no notes here; the settings turn that on.");
    }
    Result<std::string> text =
        m_options.notes->check(argument_text(call->arguments, "note"), context.persona);
    if (!text) {
        return call_refusal(text.error().code, text.error().message,
                            "The model proposed a note: " + text.error().message);
    }
    call->object = "a note";
    call->note.text = std::move(*text);
    PermissionRequest request;
    request.verb = "Remember";
    request.object = call->object;
    request.note = call->note.text;
    return pend(std::move(call), std::move(request), context);
}

Decision Broker::approve_note(const PermissionRequest& request, const NoteAnswer& note) {
    {
        const std::lock_guard lock(m_mutex);
        const auto pending = m_pending.find(request.id);
        if (pending != m_pending.end() && pending->second->request.note) {
            PreparedCall::Impl& call = *pending->second->call;
            call.is_note_changed = call.note.text != note.text;
            call.note = note;
        }
    }
    return approve(request, GrantDuration::Once);
}

ToolOutcome Broker::run_note(const PreparedCall::Impl& call) const {
    const auto begin = std::chrono::steady_clock::now();
    const Result<std::int64_t> kept =
        m_options.notes->keep({call.note.text, call.note.persona, call.conversation, call.turn});
    ToolOutcome outcome;
    std::string line = call.note.text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (kept) {
        outcome.note = *kept;
        outcome.result = call.is_note_changed
                             ? "remembered as the user changed it: " + call.note.text
                             : "remembered";
        outcome.summary = "Remembered: " + display_text(line);
    } else {
        // The user's words stand where they can be copied.
        outcome.is_error = true;
        outcome.code = kept.error().code;
        outcome.result = "error: not remembered: " + kept.error().message;
        outcome.summary = "Not remembered (" + kept.error().message + "): " + display_text(line);
    }
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace lares
