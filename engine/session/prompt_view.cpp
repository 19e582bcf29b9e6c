#include "engine/session/prompt_view.h"

#include "engine/base/xxhash64.h"
#include "engine/model/model.h"
#include "engine/session/prompt_tokens.h"

#include <algorithm>
#include <new>
#include <set>
#include <utility>

namespace lares {
namespace {

/// Which of the assistant's turns, counted from the first, show thinking.
std::set<std::size_t> turns_with_thinking(const RenderedPrompt& prompt) {
    std::set<std::size_t> turns;
    std::size_t n_turns = 0;
    for (const PromptMark& mark : prompt.marks) {
        if (mark.kind == PromptMark::Kind::Assistant) ++n_turns;
        if (mark.kind == PromptMark::Kind::Thinking) turns.insert(n_turns);
    }
    return turns;
}

/// What the prompt of the next turn shows, whatever the user writes then.
Result<std::set<std::size_t>> thinking_of_next_turn(PromptFormat format,
                                                    const Conversation& conversation,
                                                    const PromptOptions& options) {
    Conversation next = conversation;
    next.messages.emplace_back().role = "user";
    ASSIGN_OR_RETURN(const RenderedPrompt prompt, render_prompt(format, next, options));
    return turns_with_thinking(prompt);
}

/// Cuts a rendered prompt at the borders of its segments, of its parts and of its special tokens.
class PieceCutter {
public:
    PieceCutter(const BpeTokenizer& tokenizer, const RenderedPrompt& prompt, PromptView& view)
        : m_tokenizer(tokenizer), m_prompt(prompt), m_view(view) {}

    void cut() {
        for (const TextSegment& segment : m_prompt.segments) {
            const std::size_t end = m_offset + segment.text.size();
            const std::size_t begin = m_offset;
            while (m_offset < end) {
                begin_sections();
                add_piece(segment, m_offset - begin, next_stop(end) - m_offset);
            }
        }
        begin_sections();
        finish_sections();
    }

private:
    [[nodiscard]] int token_count() const { return static_cast<int>(m_view.ids.size()); }
    [[nodiscard]] bool is_special_here() const {
        return m_token < m_view.ids.size() && m_token_offset == m_offset &&
               is_markup_token(m_tokenizer, m_view.ids[m_token]);
    }

    /// The next border of a part or of a special token behind here, at most `end`.
    [[nodiscard]] std::size_t next_stop(std::size_t end) const {
        std::size_t stop = end;
        if (m_mark < m_prompt.marks.size()) stop = std::min(stop, m_prompt.marks[m_mark].offset);
        std::size_t offset = m_token_offset;
        for (std::size_t at = m_token; at < m_view.ids.size() && offset < stop; ++at) {
            if (is_markup_token(m_tokenizer, m_view.ids[at])) {
                if (offset > m_offset) return offset;
                return std::min(stop, offset + static_cast<std::size_t>(m_view.token_bytes[at]));
            }
            offset += static_cast<std::size_t>(m_view.token_bytes[at]);
        }
        return stop;
    }

    void begin_sections() {
        while (m_mark < m_prompt.marks.size() && m_prompt.marks[m_mark].offset <= m_offset) {
            PromptSection section;
            section.kind = m_prompt.marks[m_mark++].kind;
            section.first_piece = m_view.pieces.size();
            section.first_token = static_cast<int>(m_token);
            m_view.sections.push_back(section);
        }
    }

    void add_piece(const TextSegment& segment, std::size_t from, std::size_t size) {
        PromptPiece piece;
        piece.kind = is_special_here()                           ? PromptPiece::Kind::Special
                     : segment.kind == TextSegment::Kind::Markup ? PromptPiece::Kind::Markup
                                                                 : PromptPiece::Kind::Plain;
        piece.text = segment.text.substr(from, size);
        m_offset += size;
        while (m_token < m_view.ids.size() && m_token_offset < m_offset) {
            m_token_offset += static_cast<std::size_t>(m_view.token_bytes[m_token++]);
            ++piece.n_tokens;
        }
        m_view.pieces.push_back(std::move(piece));
    }

    void finish_sections() {
        auto& sections = m_view.sections;
        for (std::size_t i = 0; i < sections.size(); ++i) {
            const int end = i + 1 < sections.size() ? sections[i + 1].first_token : token_count();
            sections[i].n_tokens = end - sections[i].first_token;
        }
    }

    const BpeTokenizer& m_tokenizer;
    const RenderedPrompt& m_prompt;
    PromptView& m_view;
    std::size_t m_offset = 0;        // in the text
    std::size_t m_mark = 0;          // the next one
    std::size_t m_token = 0;         // the first that begins at or behind m_offset
    std::size_t m_token_offset = 0;  // where that is
};

Result<PromptView> make_view(const Model& model,
                             const Conversation& conversation,
                             const PromptOptions& options) {
    const BpeTokenizer& tokenizer = model.tokenizer();
    ASSIGN_OR_RETURN(const RenderedPrompt prompt,
                     render_prompt(model.prompt_format(), conversation, options));
    ASSIGN_OR_RETURN(const auto stays,
                     thinking_of_next_turn(model.prompt_format(), conversation, options));
    PromptView view;
    view.ids = encode_prompt(tokenizer, prompt).ids;
    view.key = prompt_key(view.ids);
    std::string bytes;
    for (const TokenId id : view.ids) {
        view.token_bytes.push_back(static_cast<int>(tokenizer.token_bytes(id).size()));
        bytes.append(tokenizer.token_bytes(id));
    }
    if (bytes != prompt.text())
        return Error{ErrorCode::Internal,
                     "this model's tokens do not give the prompt's text; it cannot be shown"};
    PieceCutter(tokenizer, prompt, view).cut();
    std::size_t n_turns = 0;
    for (PromptSection& section : view.sections) {
        if (section.kind == PromptMark::Kind::Assistant) ++n_turns;
        section.is_dropped_next =
            section.kind == PromptMark::Kind::Thinking && !stays.contains(n_turns);
    }
    return view;
}

}  // namespace

std::string PromptView::text() const {
    std::string joined;
    for (const PromptPiece& piece : pieces) joined += piece.text;
    return joined;
}

std::uint64_t prompt_key(std::span<const TokenId> ids) {
    const std::uint64_t key = xxhash64(std::as_bytes(ids));
    return key == 0 ? 1 : key;
}

Result<PromptView> view_prompt(const Model& model,
                               const Conversation& conversation,
                               const PromptOptions& options) {
    try {
        return make_view(model, conversation, options);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "not enough memory to show the prompt"};
    }
}

}  // namespace lares
