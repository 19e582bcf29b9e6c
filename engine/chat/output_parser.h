#pragma once

#include "engine/chat/message.h"
#include "engine/chat/prompt_format.h"

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lares {

/// What the model's text turned out to be, in order.
struct ThinkingDelta {
    std::string text;
    friend bool operator==(const ThinkingDelta&, const ThinkingDelta&) = default;
};
struct TextDelta {
    std::string text;
    friend bool operator==(const TextDelta&, const TextDelta&) = default;
};
/// A call that could not be read. `raw` is the model's text, for display; `error` says what is
/// wrong, in words that can also be given back to the model as the call's result.
struct MalformedToolCall {
    std::string raw;
    Error error;
};
using OutputEvent = std::variant<ThinkingDelta, TextDelta, ToolCall, MalformedToolCall>;

/// Splits an answer, as it streams, into thinking, text and tool calls (spec: chat-template.md §3).
/// However the text is cut into pieces, the concatenated deltas and the calls are the same. Nothing
/// that could still become a tag is emitted, nor white space before it. Memory and time are linear
/// in the text; the text is untrusted. One thread at a time.
class OutputParser {
public:
    struct Options {
        PromptFormat format = PromptFormat::Nemotron3;
        bool starts_in_thinking = true;  ///< the prompt ended with an open <think>
        bool continues_text = false;  ///< the prompt ended inside an answer: its white space counts
        /// Parameter types come from these schemas; the arguments of unknown tools stay strings.
        std::vector<Json> tools;
        bool is_plain = false;  ///< nothing but text, to the byte; the other options are moot
    };
    explicit OutputParser(Options options);
    OutputParser(OutputParser&&) noexcept;
    OutputParser& operator=(OutputParser&&) noexcept;
    ~OutputParser();

    /// Valid UTF-8 in pieces of any size.
    [[nodiscard]] std::vector<OutputEvent> push(std::string_view text);
    /// End of the answer. A call that lacks only </tool_call> (or </TOOLCALL>) is a call; one that
    /// could still have gone on is MalformedToolCall.
    [[nodiscard]] std::vector<OutputEvent> finish();

    /// Inside the thinking right now: what a thinking budget counts.
    [[nodiscard]] bool is_thinking() const;
    /// Behind the opening tag of a call, and not behind its end: in text from the next "<" on, in
    /// thinking from where it is certain that it is one.
    [[nodiscard]] bool is_in_call() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
