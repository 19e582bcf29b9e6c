#include "engine/chat/output_parser.h"

#include "engine/chat/call_reader.h"
#include "engine/chat/call_tags.h"
#include "engine/chat/tag_match.h"
#include "engine/chat/think_tags.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

constexpr std::string_view kRunEnd = " \t\n\r\v\f<";  // white space, or what may begin a tag

}  // namespace

// A state machine over the front of the text: each step takes a run of bytes for good, or waits
// because what is there may be the beginning of a tag. White space waits in m_space until what
// follows is known, so that nothing is looked at twice and time stays linear.
struct OutputParser::Impl {
    explicit Impl(Options given)
        : options(std::move(given))
        , is_xml(options.format == PromptFormat::Nemotron3)
        , state(first_state())
        , keeps_space(state == State::Content) {}

    std::vector<OutputEvent> push(std::string_view text) {
        if (options.is_plain) return plain(text);
        pending += text;
        std::size_t n_taken = 0;
        while (n_taken < pending.size()) {
            const auto n_step = step(std::string_view(pending).substr(n_taken));
            if (!n_step) break;
            n_taken += *n_step;
        }
        pending.erase(0, n_taken);
        return std::exchange(events, {});
    }

    std::vector<OutputEvent> finish() {
        const std::string rest = std::exchange(pending, {});
        if (state == State::Call) {
            reader->finish(rest);
            take_call_events();
        } else if (state == State::MaybeCall) {
            events.push_back(MalformedToolCall{
                std::string(call_tag()) + gap + rest,
                {ErrorCode::Corrupt, "The tool call was cut off behind its opening tag."}});
        } else {
            emit(rest);
            if (!is_thinking() && keeps_space) emit_delta(std::exchange(space, {}));
        }
        return std::exchange(events, {});
    }

    [[nodiscard]] bool is_in_call() const {
        const bool begins = state == State::MaybeCall && !was_thinking && pending.starts_with('<');
        return state == State::Call || begins;
    }

    [[nodiscard]] bool is_thinking() const {
        return state == State::ThinkingStart || state == State::Thinking ||
               (state == State::MaybeCall && was_thinking);
    }

private:
    enum class State {
        ThinkingStart,  // an opening tag may be repeated here
        Thinking,
        ContentStart,  // a closing tag may be repeated here
        Content,
        MaybeCall,  // behind the opening tag of a call, which may be text
        Call,       // the reader has it
    };

    [[nodiscard]] static std::vector<OutputEvent> plain(std::string_view text) {
        if (text.empty()) return {};
        return {TextDelta{std::string(text)}};
    }

    [[nodiscard]] State first_state() const {
        if (options.is_plain) return State::Content;
        if (options.starts_in_thinking) return State::ThinkingStart;
        return options.continues_text ? State::Content : State::ContentStart;
    }

    [[nodiscard]] std::string_view call_tag() const { return is_xml ? kXmlCall : kJsonCall; }

    // Takes a run of bytes, or nothing when more text is needed. Zero bytes: only the state
    // changed.
    std::optional<std::size_t> step(std::string_view text) {
        switch (state) {
            case State::ThinkingStart:
                return skip_repeated(kThinkOpen, State::Thinking, text);
            case State::Thinking:
                return in_thinking(text);
            case State::ContentStart:
                return skip_repeated(kThinkClose, State::Content, text);
            case State::Content:
                return in_text(text);
            case State::MaybeCall:
                return behind_call_tag(text);
            case State::Call:
                break;
        }
        return in_call(text);
    }

    std::size_t go(State next, std::size_t n_taken = 0) {
        state = next;
        return n_taken;
    }

    std::optional<std::size_t> skip_repeated(std::string_view tag,
                                             State next,
                                             std::string_view text) {
        if (is_tag_space(text.front())) return 1;
        switch (match_tag(text, tag)) {
            case TagMatch::Full:
                return go(next, tag.size());
            case TagMatch::Partial:
                return std::nullopt;
            case TagMatch::None:
                break;
        }
        return go(next);
    }

    std::optional<std::size_t> in_thinking(std::string_view text) {
        switch (match_tag(text, kThinkClose)) {
            case TagMatch::Full:
                begin_section();
                return go(State::ContentStart, kThinkClose.size());
            case TagMatch::Partial:
                return std::nullopt;
            case TagMatch::None:
                break;
        }
        return in_text(text);
    }

    std::optional<std::size_t> in_text(std::string_view text) {
        if (is_tag_space(text.front())) {
            space += text.front();
            return 1;
        }
        switch (match_tag(text, call_tag())) {
            case TagMatch::Full:
                return begin_call_tag();
            case TagMatch::Partial:
                return std::nullopt;
            case TagMatch::None:
                break;
        }
        const std::size_t n = text.substr(1).find_first_of(kRunEnd);
        const std::size_t n_run = n == std::string_view::npos ? text.size() : n + 1;
        emit(text.substr(0, n_run));
        return n_run;
    }

    std::size_t begin_call_tag() {
        was_thinking = state == State::Thinking;
        gap.clear();
        return go(State::MaybeCall, call_tag().size());
    }

    // Models think and write about calls: an opening tag counts only when a call follows. In text,
    // what looks like another format's call counts, too, so that it is reported and not shown.
    std::optional<std::size_t> behind_call_tag(std::string_view text) {
        if (is_tag_space(text.front())) {
            gap += text.front();
            return 1;
        }
        switch (is_xml ? xml_call_follows(text) : json_call_follows(text)) {
            case TagMatch::Full:
                return begin_call();
            case TagMatch::Partial:
                return std::nullopt;
            case TagMatch::None:
                break;
        }
        emit(call_tag());
        space = std::exchange(gap, {});
        return go(was_thinking ? State::Thinking : State::Content);
    }

    [[nodiscard]] TagMatch xml_call_follows(std::string_view text) const {
        if (was_thinking) return match_tag(text, kXmlFunction);
        for (const std::string_view tag : {kXmlCall, kXmlCallEnd}) {
            switch (match_tag(text, tag)) {
                case TagMatch::Full:
                    return TagMatch::None;
                case TagMatch::Partial:
                    return TagMatch::Partial;
                case TagMatch::None:
                    break;
            }
        }
        const bool is_call = std::string_view("<{[").find(text.front()) != std::string_view::npos;
        return is_call ? TagMatch::Full : TagMatch::None;
    }

    [[nodiscard]] TagMatch json_call_follows(std::string_view text) const {
        const bool is_call = text.front() == '[' || (text.front() == '{' && !was_thinking);
        return is_call ? TagMatch::Full : TagMatch::None;
    }

    std::size_t begin_call() {
        begin_section();
        std::string opening = std::string(call_tag()) + std::exchange(gap, {});
        reader = is_xml ? make_xml_call_reader(std::move(opening), options.tools)
                        : make_json_call_reader(std::move(opening));
        return go(State::Call);
    }

    std::optional<std::size_t> in_call(std::string_view text) {
        const std::size_t n_taken = reader->take(text);
        take_call_events();
        if (reader->is_done()) {
            reader.reset();
            return go(State::Content, n_taken);
        }
        if (n_taken == 0) return std::nullopt;
        return n_taken;
    }

    void take_call_events() {
        for (OutputEvent& event : reader->events()) events.push_back(std::move(event));
    }

    // White space around thinking, text and calls belongs to none of them.
    void begin_section() {
        space.clear();
        keeps_space = false;
    }

    // Text that is certain, with the white space before it.
    void emit(std::string_view text) {
        if (text.empty()) return;
        if (keeps_space) emit_delta(space);
        space.clear();
        keeps_space = true;
        emit_delta(text);
    }

    void emit_delta(std::string_view text) {
        if (text.empty()) return;
        if (is_thinking()) {
            append<ThinkingDelta>(text);
        } else {
            append<TextDelta>(text);
        }
    }

    template <class Delta>
    void append(std::string_view text) {
        if (events.empty() || !std::holds_alternative<Delta>(events.back()))
            events.emplace_back(Delta{});
        std::get<Delta>(events.back()).text += text;
    }

    const Options options;
    const bool is_xml;
    State state;
    bool keeps_space;  // of this section something was emitted, so that white space counts
    bool was_thinking = false;
    std::string pending;  // text that is not taken yet: at most the beginning of a tag
    std::string space;    // white space before what comes next
    std::string gap;      // white space behind the opening tag of a call
    std::unique_ptr<CallReader> reader;
    std::vector<OutputEvent> events;
};

OutputParser::OutputParser(Options options) : m_impl(std::make_unique<Impl>(std::move(options))) {}
OutputParser::OutputParser(OutputParser&&) noexcept = default;
OutputParser& OutputParser::operator=(OutputParser&&) noexcept = default;
OutputParser::~OutputParser() = default;

std::vector<OutputEvent> OutputParser::push(std::string_view text) {
    return m_impl->push(text);
}

std::vector<OutputEvent> OutputParser::finish() {
    return m_impl->finish();
}

bool OutputParser::is_thinking() const {
    return m_impl->is_thinking();
}

bool OutputParser::is_in_call() const {
    return m_impl->is_in_call();
}

}  // namespace lares
