#pragma once

#include "engine/chat/prompt_format.h"

namespace lares {

// One renderer per generation of templates. Precondition of both: render_prompt() has checked the
// JSON and the UTF-8 of the conversation.

/// Generation A (spec: chat-template.md §1).
[[nodiscard]] Result<RenderedPrompt> render_nemotron3(const Conversation& conversation,
                                                      const PromptOptions& options);

/// The places where the two known texts of generation B differ.
struct NemotronV2Layout {
    std::string_view after_system;
    std::string_view before_calls;   ///< between an assistant's text and its calls
    std::string_view after_results;  ///< after </TOOL_RESPONSE>
    bool prints_final_calls;  ///< the calls of a final assistant message, in a turn of their own
};
inline constexpr NemotronV2Layout kModelCardLayout{"\n", "\n\n", "\n", false};
inline constexpr NemotronV2Layout kLlamaCppLayout{"\n\n", "\n", "", true};

/// Generation B (spec: chat-template.md §2).
[[nodiscard]] Result<RenderedPrompt> render_nemotron_v2(const NemotronV2Layout& layout,
                                                        const Conversation& conversation,
                                                        const PromptOptions& options);

}  // namespace lares
