// <tool_call> <function=NAME> <parameter=KEY> VALUE </parameter> … </function> </tool_call>
//
// Values are raw text, so they may contain what looks like these tags, and models forget some of
// them. A value ends
//   1. at a </parameter> that <parameter= or </function> follows, or
//   2. where </parameter> is missing: at a <parameter=, or at a </function> that </tool_call>
//   follows.
//      A value that begins on its own line, as the format asks, ends so only at the beginning of a
//      line; one that begins right behind its tag ends so anywhere.
// Whatever could be read in two ways with different arguments is malformed rather than guessed.

#include "engine/chat/argument_types.h"
#include "engine/chat/call_reader.h"
#include "engine/chat/call_tags.h"
#include "engine/chat/tag_match.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

namespace lares {
namespace {

bool is_partial(std::string_view text, std::initializer_list<std::string_view> tags) {
    return std::any_of(tags.begin(), tags.end(), [text](std::string_view tag) {
        return match_tag(text, tag) == TagMatch::Partial;
    });
}

bool is_full(std::string_view text, std::string_view tag) {
    return match_tag(text, tag) == TagMatch::Full;
}

// Exactly one line break at each end belongs to the format.
std::string_view without_outer_line_breaks(std::string_view value) {
    if (!value.empty() && value.front() == '\n') value.remove_prefix(1);
    if (!value.empty() && value.back() == '\n') value.remove_suffix(1);
    return value;
}

class XmlCallReader final : public CallReader {
public:
    XmlCallReader(std::string opening, const std::vector<Json>& tools)
        : m_tools(tools), m_raw(std::move(opening)) {}

    std::size_t take(std::string_view text) override {
        std::size_t n_taken = 0;
        while (m_state != State::Done && n_taken < text.size()) {
            const auto rest = text.substr(n_taken);
            const auto n_step = step(rest);
            if (!n_step) break;
            m_raw += rest.substr(0, *n_step);
            n_taken += *n_step;
            if (m_state == State::Done) end_block();
        }
        return n_taken;
    }

    bool is_done() const override { return m_state == State::Done; }

    void finish(std::string_view rest) override {
        if (m_state == State::Done) return;
        const bool is_between = m_state == State::AfterCall;
        if (is_between && match_tag(rest, kXmlCallEnd) == TagMatch::Partial) return;
        m_raw += rest;
        if (m_problem.empty())
            m_problem = described("was cut off before " + std::string(kXmlFunctionEnd));
        m_state = State::Done;
        end_block();
    }

private:
    enum class State {
        Opening,         // before <function=
        Name,            // of the function
        Between,         // before a parameter or the end of the function
        Key,             // name of a parameter
        Value,           // of a parameter
        ValueClosed,     // behind a </parameter> that may be text
        FunctionClosed,  // behind a </function> that may be text
        AfterCall,       // behind a certain </function>
        Broken,          // the call is malformed: up to its end
        Done,
    };

    // Takes a run of bytes, or nothing when more text is needed. Zero bytes: only the state
    // changed.
    std::optional<std::size_t> step(std::string_view text) {
        switch (m_state) {
            case State::Opening:
                return at_opening(text);
            case State::Name:
                return in_name(text);
            case State::Between:
                return between(text);
            case State::Key:
                return in_name(text);
            case State::Value:
                return in_value(text);
            case State::ValueClosed:
                return behind_value(text);
            case State::FunctionClosed:
                return behind_function(text);
            case State::AfterCall:
                return after_call(text);
            case State::Broken:
                return in_broken(text);
            case State::Done:
                break;
        }
        return 0;
    }

    std::size_t go(State state, std::size_t n_taken = 0) {
        m_state = state;
        return n_taken;
    }

    std::size_t fail(const std::string& what,
                     State state = State::Broken,
                     std::size_t n_taken = 0) {
        m_problem = described(what);
        return go(state, n_taken);
    }

    std::string described(const std::string& what) const {
        return m_call.name.empty() ? "The tool call " + what + "."
                                   : "The call of '" + m_call.name + "' " + what + ".";
    }

    std::optional<std::size_t> at_opening(std::string_view text) {
        if (is_tag_space(text.front())) return 1;
        if (is_full(text, kXmlFunction)) return go(State::Name, kXmlFunction.size());
        if (is_partial(text, {kXmlFunction})) return std::nullopt;
        return fail("does not begin with <function=name>");
    }

    // Names of functions and parameters: the characters before ">".
    std::optional<std::size_t> in_name(std::string_view text) {
        const std::size_t n = std::min(text.find('>'), text.size());
        if (m_name.size() + n > kMaxNameBytes) return fail("has a name that is too long");
        m_name += text.substr(0, n);
        if (n == text.size()) return n;
        const std::string name = std::exchange(m_name, {});
        if (!is_call_name(name))
            return fail("has a name that is empty or no name", State::Broken, n + 1);
        return m_state == State::Name ? begin_function(name, n + 1) : begin_value(name, n + 1);
    }

    std::size_t begin_function(const std::string& name, std::size_t n_taken) {
        m_call = {name, Json::object()};
        return go(State::Between, n_taken);
    }

    std::size_t begin_value(const std::string& key, std::size_t n_taken) {
        if (m_call.arguments.contains(key)) return fail("has the parameter '" + key + "' twice");
        if (m_call.arguments.size() >= kMaxParameters) return fail("has too many parameters");
        m_key = key;
        m_value.clear();
        m_line_is_blank = true;
        return go(State::Value, n_taken);
    }

    std::optional<std::size_t> between(std::string_view text) {
        if (is_tag_space(text.front())) return 1;
        if (is_full(text, kXmlParameter)) return go(State::Key, kXmlParameter.size());
        if (is_full(text, kXmlFunctionEnd))
            return end_function(State::AfterCall, kXmlFunctionEnd.size());
        if (is_full(text, kXmlCallEnd)) return fail_unclosed();
        if (is_partial(text, {kXmlParameter, kXmlFunctionEnd, kXmlCallEnd})) return std::nullopt;
        return fail("has text between its parameters");
    }

    std::size_t fail_unclosed() {
        return fail("is missing " + std::string(kXmlFunctionEnd), State::Done, kXmlCallEnd.size());
    }

    std::optional<std::size_t> in_value(std::string_view text) {
        const std::size_t n_plain = std::min(text.find('<'), text.size());
        if (n_plain > 0) return add_to_value(text.substr(0, n_plain));

        if (is_full(text, kXmlParameterEnd)) return begin_gap(State::ValueClosed, kXmlParameterEnd);
        const bool is_inline = !m_value.empty() && m_value.front() != '\n';
        if (is_inline || m_line_is_blank) {
            if (is_full(text, kXmlParameter)) return end_unclosed_value(State::Between);
            if (is_full(text, kXmlFunctionEnd))
                return begin_gap(State::FunctionClosed, kXmlFunctionEnd);
            if (is_partial(text, {kXmlParameter, kXmlFunctionEnd})) return std::nullopt;
        }
        if (m_line_is_blank) {
            if (is_full(text, kXmlCallEnd)) return fail_unclosed();
            if (is_full(text, kXmlFunction)) return fail("has another call inside '" + m_key + "'");
            if (is_partial(text, {kXmlCallEnd, kXmlFunction})) return std::nullopt;
        }
        if (is_partial(text, {kXmlParameterEnd})) return std::nullopt;
        return add_to_value(text.substr(0, 1));
    }

    std::size_t add_to_value(std::string_view text) {
        const auto line_break = text.rfind('\n');
        const auto line = line_break == std::string_view::npos ? text : text.substr(line_break + 1);
        const bool is_new_line = line_break != std::string_view::npos;
        m_line_is_blank = (m_line_is_blank || is_new_line) &&
                          line.find_first_not_of(" \t") == std::string_view::npos;
        m_value += text;
        return text.size();
    }

    // A closing tag that is certain only when the right tag follows; till then it waits in m_gap.
    std::size_t begin_gap(State state, std::string_view tag) {
        m_gap = tag;
        return go(state, tag.size());
    }

    std::size_t add_to_gap(char c) {
        m_gap += c;
        return 1;
    }

    std::size_t gap_was_text() {
        add_to_value(std::exchange(m_gap, {}));
        return go(State::Value);
    }

    std::optional<std::size_t> behind_value(std::string_view text) {
        if (is_tag_space(text.front())) return add_to_gap(text.front());
        if (is_full(text, kXmlParameter) || is_full(text, kXmlFunctionEnd))
            return end_value(State::Between);
        if (is_full(text, kXmlCallEnd)) return fail_unclosed();
        if (is_partial(text, {kXmlParameter, kXmlFunctionEnd, kXmlCallEnd})) return std::nullopt;
        return gap_was_text();
    }

    std::optional<std::size_t> behind_function(std::string_view text) {
        if (is_tag_space(text.front())) return add_to_gap(text.front());
        if (is_full(text, kXmlCallEnd)) {
            end_unclosed_value(State::Between);
            return end_function(State::Done, kXmlCallEnd.size());
        }
        if (is_partial(text, {kXmlCallEnd})) return std::nullopt;
        return gap_was_text();
    }

    std::size_t end_value(State next) {
        const Json* schema = find_parameter_schema(m_tools, m_call.name, m_key);
        m_call.arguments[m_key] = typed_argument(schema, without_outer_line_breaks(m_value));
        m_value.clear();
        return go(next);
    }

    // Without </parameter>, what stands before the next tag on its line is that tag's indentation.
    std::size_t end_unclosed_value(State next) {
        const auto last = m_value.find_last_not_of(" \t");
        if (last != std::string::npos && m_value[last] == '\n') m_value.resize(last + 1);
        return end_value(next);
    }

    std::size_t end_function(State next, std::size_t n_taken) {
        add_event(std::exchange(m_call, {}));
        m_raw.clear();
        return go(next, n_taken);
    }

    // The end tag may be missing, and another function may follow before it.
    std::optional<std::size_t> after_call(std::string_view text) {
        if (is_tag_space(text.front())) return 1;
        if (is_full(text, kXmlCallEnd)) return go(State::Done, kXmlCallEnd.size());
        if (is_full(text, kXmlFunction)) return go(State::Opening);
        if (is_partial(text, {kXmlCallEnd, kXmlFunction})) return std::nullopt;
        return go(State::Done);
    }

    std::optional<std::size_t> in_broken(std::string_view text) {
        const std::size_t n_plain = std::min(text.find('<'), text.size());
        if (n_plain > 0) return n_plain;
        if (is_full(text, kXmlCallEnd)) return go(State::Done, kXmlCallEnd.size());
        if (is_partial(text, {kXmlCallEnd})) return std::nullopt;
        return 1;
    }

    void end_block() {
        if (m_problem.empty()) return;
        add_event(MalformedToolCall{std::exchange(m_raw, {}), {ErrorCode::Corrupt, m_problem}});
    }

    const std::vector<Json>& m_tools;
    State m_state = State::Opening;
    std::string m_raw;      // of the current call, in case it turns out to be malformed
    std::string m_problem;  // not empty: the call is malformed
    ToolCall m_call;
    std::string m_name;
    std::string m_key;
    std::string m_value;
    std::string m_gap;
    bool m_line_is_blank = true;  // only blanks since the value's last line break, or its beginning
};

}  // namespace

bool is_call_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxNameBytes) return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '<';
    });
}

std::unique_ptr<CallReader> make_xml_call_reader(std::string opening,
                                                 const std::vector<Json>& tools) {
    return std::make_unique<XmlCallReader>(std::move(opening), tools);
}

}  // namespace lares
