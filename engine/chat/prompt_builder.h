#pragma once

#include "engine/chat/prompt_format.h"

#include <string_view>

namespace lares {

/// Collects a prompt piece by piece; neighbours of one kind become one segment.
class PromptBuilder {
public:
    /// What the template writes.
    void markup(std::string_view text) { add(TextSegment::Kind::Markup, text); }
    /// What messages and tools contain.
    void plain(std::string_view text) { add(TextSegment::Kind::Plain, text); }
    void add(TextSegment::Kind kind, std::string_view text);
    void add(const std::vector<TextSegment>& segments);

    /// The state after what has been added is worth a snapshot.
    void boundary();

    /// What follows is a part of this kind.
    void mark(PromptMark::Kind kind) { m_prompt.marks.push_back({kind, m_size_bytes}); }

    /// The end is a boundary, too.
    [[nodiscard]] RenderedPrompt finish() &&;

private:
    RenderedPrompt m_prompt;
    std::size_t m_size_bytes = 0;
};

}  // namespace lares
