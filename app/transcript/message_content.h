#pragma once

#include "app/chat/chat_message.h"
#include "app/chat/note.h"
#include "app/transcript/attachment_chips.h"
#include "app/transcript/change_run.h"
#include "app/transcript/markdown_blocks.h"
#include "app/transcript/markdown_stream.h"
#include "app/transcript/transcript_state.h"

#include <memory>
#include <vector>

namespace lares::app {

/// One thing that a message shows, in order.
struct ContentBlock {
    enum class Kind {
        Name,          ///< the assistant's mark and name
        Chips,         ///< what goes with the user's message: chips, which open; its lore
        UserText,      ///< exactly as it was typed
        Text,          ///< Markdown
        ThinkingLine,  ///< "Thought for 2 s", opens
        ThinkingText,
        ToolLine,  ///< "Listed Documents · 12 ms", opens
        ToolText,  ///< arguments, result; what a chip opened
        Notice,
        Sources,      ///< "Sources: lease.pdf, page 3 · …", each a link that opens its file
        Card,         ///< a widget of the window
        Progress,     ///< "Reading… 40 %"
        SummaryLine,  ///< "What is above is read as a summary", opens
        SummaryText,
        SummaryActions,  ///< buttons below it
    };
    Kind kind = Kind::Text;
    int part = -1;  ///< index in the message; -1: none
    MarkdownBlock block = {};
    QString detail = {};       ///< ToolLine: the quiet half
    QStringList buttons = {};  ///< SummaryActions: what they say
    QString undo = {};         ///< ToolLine: what its button says, "Undo 12 changes"; empty: none
    NoteId note = 0;           ///< ToolLine: that the button forgets; 0: it undoes changes to files
    Part::CallState callState = Part::CallState::None;
    bool isOpen = false;
    bool isLive = false;  ///< still being written
    int height = 0;       ///< Card: in pixels
    std::vector<AttachmentChip> chips = {};

    /// Not part of the answer: never copied with it.
    [[nodiscard]] bool isAside() const { return kind != Kind::UserText && kind != Kind::Text; }
    /// Whether it is looked through for words: texts, and what a tool's line says.
    [[nodiscard]] bool isSearchable() const { return isSelectable() || kind == Kind::ToolLine; }
    /// Whether the mouse can select in it.
    [[nodiscard]] bool isSelectable() const {
        return !isAside() || kind == Kind::ThinkingText || kind == Kind::ToolText ||
               kind == Kind::Notice || kind == Kind::SummaryText;
    }
    bool operator==(const ContentBlock&) const = default;
};

/// The blocks of one message, kept up to date while it grows. UI thread only.
class MessageContent {
public:
    /// Returns the index of the first block that differs from before.
    std::size_t update(const ChatMessage& message, const TranscriptState& state);
    [[nodiscard]] const std::vector<ContentBlock>& blocks() const { return m_blocks; }

private:
    struct Section {
        std::size_t first = 0;  ///< index of the part's first block
        Part part;
        std::unique_ptr<MarkdownStream> stream;
    };
    void addSummary(const ChatMessage& message, const TranscriptState& state);
    void addPart(const ChatMessage& message, std::size_t index, const TranscriptState& state);
    void addThinking(const ChatMessage& message, std::size_t index, const TranscriptState& state);
    void addRun(const ChatMessage& message, const ChangeRun& run, const TranscriptState& state);
    void addCall(const ChatMessage& message, std::size_t index, const TranscriptState& state);
    void addText(const Part& part, std::size_t index, Role role);
    void addLore(const ChatMessage& message, std::size_t index, const TranscriptState& state);
    void addAttachment(const ChatMessage& message, std::size_t index, const TranscriptState& state);

    std::vector<ContentBlock> m_blocks;
    std::vector<Section> m_sections;
    std::vector<ChangeRun> m_runs;
};

/// In place of a part's index: the line about the summary above a message.
inline constexpr int kSummaryPart = -2;

/// Whether the part's line is open, for the reader or to show what is looked for.
[[nodiscard]] bool isPartOpen(const ChatMessage& message,
                              std::size_t index,
                              const TranscriptState& state);
/// The part whose line opens what this one shows: a result is below its call, lore below the first
/// of a message.
[[nodiscard]] int openerOf(const ChatMessage& message, int part);

/// Names a text of a message whatever is open in it: the how manieth block of this kind that a part
/// shows. The order of places is that of reading.
struct BlockPlace {
    int part = -1;
    ContentBlock::Kind kind = ContentBlock::Kind::Text;
    int number = 0;

    auto operator<=>(const BlockPlace&) const = default;
};
/// Of each block, in order.
[[nodiscard]] std::vector<BlockPlace> placesOf(const std::vector<ContentBlock>& blocks);

/// "failed · 12 ms · allowed once": the quiet half of a call's line.
[[nodiscard]] QString callDetail(const Part& call);
/// "Thought for 2 s", of one that has ended.
[[nodiscard]] QString thoughtLine(const Part& thinking);
/// "12 ms", "1.4 s", "2 min 3 s".
[[nodiscard]] QString durationText(qint64 milliseconds);
/// JSON on several lines, or the text as it is when it is no JSON.
[[nodiscard]] QString indentedJson(const QString& json);

}  // namespace lares::app
