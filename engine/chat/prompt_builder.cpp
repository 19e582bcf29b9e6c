#include "engine/chat/prompt_builder.h"

#include <utility>

namespace lares {

void PromptBuilder::add(TextSegment::Kind kind, std::string_view text) {
    if (text.empty()) return;
    m_size_bytes += text.size();
    auto& segments = m_prompt.segments;
    const bool is_after_boundary =
        !m_prompt.boundaries.empty() && m_prompt.boundaries.back() == segments.size();
    if (segments.empty() || segments.back().kind != kind || is_after_boundary) {
        segments.push_back({kind, std::string(text)});
    } else {
        segments.back().text += text;
    }
}

void PromptBuilder::add(const std::vector<TextSegment>& segments) {
    for (const TextSegment& segment : segments) add(segment.kind, segment.text);
}

void PromptBuilder::boundary() {
    const std::size_t here = m_prompt.segments.size();
    if (m_prompt.boundaries.empty() || m_prompt.boundaries.back() != here) {
        m_prompt.boundaries.push_back(here);
    }
}

RenderedPrompt PromptBuilder::finish() && {
    boundary();
    return std::move(m_prompt);
}

}  // namespace lares
