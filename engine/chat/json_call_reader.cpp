// <TOOLCALL>[{"name": NAME, "arguments": {…}}, …]</TOOLCALL>

#include "engine/chat/bounded_json.h"
#include "engine/chat/call_reader.h"
#include "engine/chat/call_tags.h"
#include "engine/chat/python_text.h"
#include "engine/chat/tag_match.h"

#include <optional>

namespace lares {
namespace {

constexpr std::size_t kMaxCalls = 64;

Error malformed(std::string message) {
    return {ErrorCode::Corrupt, std::move(message)};
}

Result<Json> call_arguments(const Json& call) {
    const auto found = call.find("arguments");
    if (found == call.end() || found->is_null()) return Json::object();
    if (found->is_object()) return *found;
    if (found->is_string()) {
        auto parsed = parse_bounded_json(found->get_ref<const std::string&>());
        if (parsed && parsed->is_object()) return parsed;
    }
    return malformed("Its arguments are not a JSON object.");
}

Result<ToolCall> call_from_json(const Json& json) {
    const auto name = json.is_object() ? json.find("name") : json.end();
    if (!json.is_object() || name == json.end() || !name->is_string()) {
        return malformed("A tool call is not an object with a name.");
    }
    ToolCall call;
    call.name = name->get_ref<const std::string&>();
    if (!is_call_name(call.name))
        return malformed("A tool call has a name that is empty or no name.");
    auto arguments = call_arguments(json);
    if (!arguments)
        return std::move(arguments).error().with_context("The call of '" + call.name + "'");
    call.arguments = std::move(*arguments);
    return call;
}

class JsonCallReader final : public CallReader {
public:
    explicit JsonCallReader(std::string opening) : m_opening(std::move(opening)) {}

    std::size_t take(std::string_view text) override {
        std::size_t n_taken = 0;
        while (!m_is_done && n_taken < text.size()) {
            const auto rest = text.substr(n_taken);
            const TagMatch end =
                m_state == State::Text ? match_tag(rest, kJsonCallEnd) : TagMatch::None;
            if (end == TagMatch::Partial) break;
            if (end == TagMatch::Full) {
                n_taken += kJsonCallEnd.size();
                end_block(kJsonCallEnd);
            } else {
                m_json += rest.front();
                follow(rest.front());
                ++n_taken;
            }
        }
        return n_taken;
    }

    bool is_done() const override { return m_is_done; }

    // A list that can be read is complete: no beginning of a JSON list is one itself.
    void finish(std::string_view rest) override {
        if (!m_is_done) end_block(rest);
    }

private:
    enum class State { Text, String, Escape };

    // Only as much of JSON as tells whether an end tag stands inside a string. A line break cannot,
    // so a missing quote does not swallow the rest of the answer.
    void follow(char c) {
        if (m_state == State::Escape) {
            m_state = State::String;
        } else if (m_state == State::String) {
            if (c == '\\') m_state = State::Escape;
            if (c == '"' || c == '\n') m_state = State::Text;
        } else if (c == '"') {
            m_state = State::String;
        }
    }

    void end_block(std::string_view tag) {
        m_is_done = true;
        const auto json = parse_bounded_json(m_json);
        if (!json) {
            add_malformed(tag, "The tool call cannot be read: " + json.error().message + ".");
        } else if (json->is_array() && (json->empty() || json->size() > kMaxCalls)) {
            add_malformed(tag, "The list of tool calls is empty or too long.");
        } else if (json->is_array()) {
            for (const Json& call : *json) add_call(call);
        } else {
            add_call(*json);
        }
    }

    void add_call(const Json& json) {
        auto call = call_from_json(json);
        if (call) {
            add_event(std::move(*call));
        } else {
            add_event(MalformedToolCall{python_json(json), std::move(call).error()});
        }
    }

    void add_malformed(std::string_view tag, std::string message) {
        add_event(MalformedToolCall{m_opening + m_json + std::string(tag),
                                    malformed(std::move(message))});
    }

    State m_state = State::Text;
    bool m_is_done = false;
    std::string m_opening;
    std::string m_json;
};

}  // namespace

std::unique_ptr<CallReader> make_json_call_reader(std::string opening) {
    return std::make_unique<JsonCallReader>(std::move(opening));
}

}  // namespace lares
