#include "engine/constraint/parameter_text.h"

#include "engine/chat/call_tags.h"
#include "engine/chat/tag_match.h"

#include <array>
#include <string>

namespace lares {
namespace {

// States, by name: a letter for where the text stands, and the beginning of a tag that was read.
//   B  only blanks on the line so far        N  other text on it
//   G  behind "</parameter>", on its line    H  the same, blanks of a further line
//   I  the same, a further line with other white space
//   F  behind "</function>" at the beginning of a line; J and K as H and I
constexpr const char* kGoOn = "go on";
constexpr const char* kStop = "stop";
constexpr const char* kCallEnd = "call end";
constexpr std::array<std::string_view, 5> kTagsOfLine = {
    kXmlParameterEnd, kXmlParameter, kXmlFunctionEnd, kXmlCallEnd, kXmlFunction};
constexpr std::array<std::string_view, 3> kTagsBehindValue = {kXmlParameter, kXmlFunctionEnd,
                                                              kXmlCallEnd};

class TextMachine {
public:
    TextMachine(bool may_go_on, bool may_stop) : m_may_go_on(may_go_on), m_may_stop(may_stop) {}

    [[nodiscard]] std::string step(const std::string& state, char byte) const {
        const char place = state.front();
        std::string tag = state.substr(1);
        if (!tag.empty() || byte == '<') tag += byte;
        switch (place) {
            case 'B':
            case 'N':
                return tag.empty() ? after_text(place, byte) : in_text(place, tag);
            case 'G':
            case 'H':
            case 'I':
                return tag.empty() ? in_gap(place, byte, "GHI") : behind_value(place, tag);
            default:
                return tag.empty() ? in_gap(place, byte, "FJK") : behind_function(place, tag);
        }
    }

private:
    [[nodiscard]] static std::string after_text(char place, char byte) {
        if (byte == '\n') return "B";
        return place == 'B' && (byte == ' ' || byte == '\t') ? "B" : "N";
    }

    [[nodiscard]] std::string in_text(char place, const std::string& tag) const {
        if (place == 'B') {
            for (const std::string_view known : kTagsOfLine) {
                if (known.starts_with(tag) && tag.size() < known.size())
                    return std::string(1, place) + tag;
            }
            if (tag == kXmlParameter) return m_may_go_on ? kGoOn : "";
            if (tag == kXmlFunctionEnd) return m_may_stop ? "F" : "";
            if (tag == kXmlCallEnd || tag == kXmlFunction) return "";
        }
        if (tag == kXmlParameterEnd) return "G";
        if (kXmlParameterEnd.starts_with(tag)) return std::string(1, place) + tag;
        return replay("N", tag.substr(1));
    }

    /// White space behind a closing tag; anything else makes both text.
    [[nodiscard]] std::string in_gap(char place, char byte, const std::string& places) const {
        if (byte == '\n') return places.substr(1, 1);
        if (byte == ' ' || byte == '\t') return std::string(1, place);
        if (is_tag_space(byte))
            return place == places[0] ? places.substr(0, 1) : places.substr(2, 1);
        return step(text_behind_gap(place), byte);
    }

    [[nodiscard]] static std::string text_behind_gap(char place) {
        return place == 'H' || place == 'J' ? "B" : "N";
    }

    [[nodiscard]] std::string behind_value(char place, const std::string& tag) const {
        // Where the call may not end yet, or have no further parameter, the tag is not even begun.
        if (!m_may_stop && tag.starts_with("</")) return "";
        if (!m_may_go_on && tag.starts_with("<p")) return "";
        if (tag == kXmlParameter) return kGoOn;
        if (tag == kXmlFunctionEnd) return kStop;
        if (tag == kXmlCallEnd) return "";
        for (const std::string_view known : kTagsBehindValue) {
            if (known.starts_with(tag)) return std::string(1, place) + tag;
        }
        return replay(text_behind_gap(place), tag);
    }

    [[nodiscard]] std::string behind_function(char place, const std::string& tag) const {
        if (tag == kXmlCallEnd) return kCallEnd;
        if (kXmlCallEnd.starts_with(tag)) return std::string(1, place) + tag;
        return replay(text_behind_gap(place), tag);
    }

    /// A tag that was none is text, and is read as text once more.
    [[nodiscard]] std::string replay(std::string state, std::string_view text) const {
        for (const char c : text) {
            if (state.empty()) return state;
            state = step(state, c);
        }
        return state;
    }

    bool m_may_go_on;
    bool m_may_stop;
};

}  // namespace

Grammar::NodeId parameter_text(GrammarBuilder& builder,
                               Grammar::NodeId go_on,
                               Grammar::NodeId stop,
                               Grammar::NodeId call_end) {
    std::string special = "\n \t\r\v\f";
    for (const std::string_view tag : kTagsOfLine) special += tag;
    const TextMachine machine(go_on != Grammar::kNever, stop != Grammar::kNever);
    return builder.machine(
        "B", special,
        [&](const std::string& state, char byte) { return machine.step(state, byte); },
        {{kGoOn, go_on}, {kStop, stop}, {kCallEnd, call_end}});
}

}  // namespace lares
