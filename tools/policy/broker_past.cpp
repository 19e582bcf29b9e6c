// The part of the broker that decides about searches in earlier conversations, and carries them
// out.
#include "tools/policy/prepared_call.h"
#include "tools/sandbox/display_text.h"

#include <utility>

namespace lares {
namespace {

Refusal past_is_off() {
    return call_refusal(ErrorCode::PermissionDenied, "earlier conversations are switched off",
                        "The model may not search earlier conversations here; the settings turn "
                        "that on.");
}

}  // namespace

void Broker::offer_past(bool offers) {
    const std::lock_guard lock(m_mutex);
    m_offers_past = offers;
    if (!offers) {
        m_past_is_off.request_stop();
    } else if (m_past_is_off.stop_requested()) {
        m_past_is_off = std::stop_source();
    }
}

/// The user has turned it on, and that is the permission.
Decision Broker::prepare_past(CallPtr call, const CallContext& context) const {
    if (!offers_past() || context.is_temporary) return past_is_off();
    call->object = "earlier conversations";
    return PreparedCall(std::move(call));
}

ToolText Broker::search_past(const std::string& query,
                             const std::string& asking,
                             const RunLimits& limits) const {
    if (query.empty()) return tool_error(ErrorCode::InvalidArgument, "empty text: query");
    PastSearch search(query);
    std::int64_t before = 0;
    while (!search.is_empty() && !limits.expired()) {
        const Result<PastPage> page = m_options.past->read(asking, before, limits);
        if (!page && page.error().code == ErrorCode::Cancelled) break;
        if (!page) {
            return tool_error(page.error().code,
                              "earlier conversations cannot be searched: " + page.error().message);
        }
        for (const PastText& text : page->texts) {
            if (limits.expired()) break;
            search.look(text);
        }
        before = page->next;
        if (before == 0) break;
    }
    // What was found by then is worth having, unless somebody wants an end of it.
    return limits.stop.stop_requested() ? expired_text(limits) : search.result(limits.expired());
}

ToolOutcome Broker::run_past(const PreparedCall::Impl& call, const std::stop_token& stop) {
    std::stop_token off;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_offers_past) return outcome_of(past_is_off());
        off = m_past_is_off.get_token();
    }
    std::stop_source ending;
    const auto end = [&ending] { ending.request_stop(); };
    const std::stop_callback stopped(stop, end);
    const std::stop_callback turned_off(off, end);
    const auto begin = std::chrono::steady_clock::now();
    const std::string query = argument_text(call.arguments, "query");
    ToolText text =
        search_past(query, call.conversation, {ending.get_token(), begin + m_options.time_limit});
    if (off.stop_requested()) return outcome_of(past_is_off());
    ToolOutcome outcome;
    outcome.summary = text.is_error ? display_text(text.detail)
                                    : "Searched earlier conversations for " + display_text(query) +
                                          ": " + text.detail;
    outcome.result = std::move(text.result);
    outcome.is_error = text.is_error;
    outcome.code = text.code;
    outcome.sources = std::move(text.sources);
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace lares
