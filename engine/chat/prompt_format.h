#pragma once

#include "engine/base/result.h"
#include "engine/chat/message.h"
#include "engine/tokenizer/text_segment.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// The prompt formats that are rendered natively; a template in a model file is never executed.
enum class PromptFormat {
    Nemotron3,           ///< generation A: ChatML turns, XML tool calls (4B, Lares Mini)
    NemotronV2,          ///< generation B, line breaks of the model card (9B v2)
    NemotronV2LlamaCpp,  ///< generation B with llama.cpp's line breaks, for comparison only
};

/// "nemotron3", "nemotron-v2", "nemotron-v2-llamacpp"
[[nodiscard]] std::string_view to_string(PromptFormat format);
[[nodiscard]] std::optional<PromptFormat> prompt_format_from_name(std::string_view name);

/// Which known format an embedded template is, and whether it is one of the known texts to the byte
/// or only carries their markers (then the caller says so). Nothing when it carries none.
struct RecognisedTemplate {
    PromptFormat format;
    bool is_exact;
};
[[nodiscard]] std::optional<RecognisedTemplate> recognise_template(std::string_view jinja);

/// Where a part of a prompt begins, for whoever shows it. Nothing that a message holds can make
/// one.
struct PromptMark {
    enum class Kind {
        System,
        Tools,  ///< their definitions, in the system turn
        User,
        Assistant,
        Thinking,    ///< of the assistant turn that it is in
        Reply,       ///< what follows the thinking
        ToolResult,  ///< one for each result
        Other,       ///< a turn with a role of its own
        Answer,      ///< what opens the answer that is asked for
    };
    Kind kind;
    std::size_t offset;  ///< in bytes of RenderedPrompt::text()

    friend bool operator==(const PromptMark&, const PromptMark&) = default;
};

/// A prompt as segments. `boundaries` are indices into `segments`: the state after segments
/// [0, boundary) is worth a snapshot (after the system turn, before each assistant turn and at the
/// end), in increasing order. (design: state.md)
struct RenderedPrompt {
    std::vector<TextSegment> segments;
    std::vector<std::size_t> boundaries;
    std::vector<PromptMark> marks;    ///< in increasing order, the first at 0
    bool starts_in_thinking = false;  ///< it ends inside an open <think> (OutputParser::Options)
    bool continues_text = false;      ///< it ends inside the assistant's answer (the same)

    /// All segments joined: the exact prompt.
    [[nodiscard]] std::string text() const;
};

/// Renders byte for byte what the model's own template would (spec: chat-template.md §1, §2).
/// InvalidArgument where the template would fail (no message, arguments it cannot print) and for
/// JSON beyond the bounds of bounded_json.h or text that is not UTF-8. Pure, thread safe.
///
/// Markup is what the template writes. Everything from messages and tools is Plain, with one
/// exception: content of an assistant message that is raw output of the model, "<think>…</think>…"
/// from its first character on, keeps these two tags as Markup, because they were tokens when the
/// model wrote them. All other tags in content are Plain: an answer may speak about tags.
[[nodiscard]] Result<RenderedPrompt> render_prompt(PromptFormat format,
                                                   const Conversation& conversation,
                                                   const PromptOptions& options);

}  // namespace lares
