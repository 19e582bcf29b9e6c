#include "app/transcript/message_content.h"

#include "app/chat/attachment.h"
#include "app/chat/call_changes.h"
#include "app/chat/lore_match.h"
#include "app/transcript/answer_sources.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QLocale>

#include <algorithm>

namespace lares::app {
namespace {

struct ContentText {
    Q_DECLARE_TR_FUNCTIONS(MessageContent)
};

bool isLast(const ChatMessage& message, std::size_t index) {
    return index + 1 == message.parts.size();
}

MarkdownBlock plainBlock(const QString& text) {
    MarkdownBlock block;
    block.text = visibleText(text);
    return block;
}

MarkdownBlock codeBlock(const QString& label, const QString& text) {
    MarkdownBlock block = plainBlock(text);
    block.kind = MarkdownBlock::Kind::Code;
    block.language = label;
    return block;
}

QString thinkingLine(const Part& part, qint64 elapsedMs, bool isLive) {
    const qint64 ms = part.durationMs > 0 ? part.durationMs : elapsedMs;
    const qint64 seconds = (ms + 500) / 1000;
    if (isLive)
        return seconds > 0 ? ContentText::tr("Thinking… %1 s").arg(seconds)
                           : ContentText::tr("Thinking…");
    if (ms <= 0) return ContentText::tr("Thought");
    if (seconds < 1) return ContentText::tr("Thought for less than a second");
    return seconds < 60
               ? ContentText::tr("Thought for %1 s").arg(seconds)
               : ContentText::tr("Thought for %1 min %2 s").arg(seconds / 60).arg(seconds % 60);
}

QString allowedBy(const Part& call) {
    const QString how = call.data["allowedBy"].toString();
    if (how == u"once") return ContentText::tr("allowed once");
    if (how == u"conversation") return ContentText::tr("allowed for this conversation");
    if (how == u"always") return ContentText::tr("always allowed");
    if (how == u"grant") return ContentText::tr("allowed earlier");
    return {};
}

const ChangeRun* runAt(const std::vector<ChangeRun>& runs, std::size_t part) {
    const auto found = std::find_if(runs.begin(), runs.end(), [part](const ChangeRun& run) {
        return run.calls.front() <= part && part <= run.last;
    });
    return found == runs.end() ? nullptr : &*found;
}

/// The last line of a message's changes takes back all of them, when the message is finished.
void offerUndo(std::vector<ContentBlock>& blocks,
               const ChatMessage& message,
               const TranscriptState& state) {
    if (state.live == message.id) return;
    const auto n = static_cast<int>(undoableChanges(message).size());
    if (n == 0) return;
    const auto line = std::find_if(blocks.rbegin(), blocks.rend(), [&](const ContentBlock& block) {
        return block.kind == ContentBlock::Kind::ToolLine && block.part >= 0 &&
               isChangeTool(message.parts[static_cast<std::size_t>(block.part)].toolName);
    });
    if (line == blocks.rend()) return;
    line->undo =
        n == 1 ? ContentText::tr("Undo") : ContentText::tr("Undo %Ln change(s)", nullptr, n);
}

}  // namespace

QString callDetail(const Part& call) {
    QStringList details;
    switch (call.callState) {
        case Part::CallState::Waiting:
            details << ContentText::tr("waiting for you");
            break;
        case Part::CallState::Running:
            details << ContentText::tr("running");
            break;
        case Part::CallState::Failed:
            details << ContentText::tr("failed");
            break;
        case Part::CallState::Denied:
            details << ContentText::tr("not allowed");
            break;
        default:
            break;
    }
    if (call.durationMs > 0) details << durationText(call.durationMs);
    if (const QString allowed = allowedBy(call); !allowed.isEmpty()) details << allowed;
    if (isUndone(call)) details << ContentText::tr("undone");
    return details.join(QStringLiteral(" · "));
}

QString thoughtLine(const Part& thinking) {
    return thinkingLine(thinking, 0, false);
}

QString durationText(qint64 ms) {
    if (ms < 1000) return ContentText::tr("%1 ms").arg(ms);
    if (ms < 60'000)
        return ContentText::tr("%1 s").arg(
            QLocale().toString(static_cast<double>(ms) / 1000, 'f', 1));
    return ContentText::tr("%1 min %2 s").arg(ms / 60'000).arg(ms / 1000 % 60);
}

QString indentedJson(const QString& json) {
    const QJsonDocument document = QJsonDocument::fromJson(json.toUtf8());
    return document.isNull() ? json : QString::fromUtf8(document.toJson()).trimmed();
}

bool isPartOpen(const ChatMessage& message, std::size_t index, const TranscriptState& state) {
    const TranscriptState::PartKey key(message.id, static_cast<int>(index));
    return state.isAllOpen || state.opened.value(key, false) || state.openedByFind.contains(key);
}

int openerOf(const ChatMessage& message, int part) {
    const auto isLore = [&](int at) {
        return at >= 0 && static_cast<std::size_t>(at) < message.parts.size() &&
               message.parts[static_cast<std::size_t>(at)].kind == Part::Kind::Lore;
    };
    if (isLore(part)) {
        while (isLore(part - 1)) --part;
        return part;
    }
    const bool isResult =
        part > 0 && static_cast<std::size_t>(part) < message.parts.size() &&
        message.parts[static_cast<std::size_t>(part)].kind == Part::Kind::ToolResult;
    return isResult ? part - 1 : part;
}

std::vector<BlockPlace> placesOf(const std::vector<ContentBlock>& blocks) {
    std::vector<BlockPlace> places;
    places.reserve(blocks.size());
    for (const ContentBlock& block : blocks) {
        // Blocks of one part and kind stand together.
        const bool goesOn =
            !places.empty() && places.back().part == block.part && places.back().kind == block.kind;
        places.push_back({block.part, block.kind, goesOn ? places.back().number + 1 : 0});
    }
    return places;
}

/// Where the messages begin that the model reads word by word.
void MessageContent::addSummary(const ChatMessage& message, const TranscriptState& state) {
    const bool isEmpty = state.summary.text.isEmpty();
    ContentBlock line;
    line.kind = ContentBlock::Kind::SummaryLine;
    line.part = kSummaryPart;
    line.block.text =
        state.isRewriting ? ContentText::tr("The summary of what is above is being written again")
        : isEmpty ? ContentText::tr("What is above is left out: the model could not sum it up")
        : state.summary.isLeavingOut
            ? ContentText::tr("What is above is read as a summary; some of it is left out")
            : ContentText::tr("What is above is read as a summary");
    line.isOpen = state.opened.value({message.id, kSummaryPart}, false);
    const bool isOpen = line.isOpen;
    m_blocks.push_back(std::move(line));
    if (!isOpen) return;
    ContentBlock text;
    text.kind = ContentBlock::Kind::SummaryText;
    text.part = kSummaryPart;
    text.block = plainBlock(
        isEmpty
            ? ContentText::tr("All of it stays here and is found by a search. The model no longer "
                              "reads it, since it is longer than the model's context.")
            : state.summary.text);
    text.block.containers = {{.kind = MarkdownContainer::Kind::Quote, .id = -1}};
    m_blocks.push_back(std::move(text));
    ContentBlock actions;
    actions.kind = ContentBlock::Kind::SummaryActions;
    actions.part = kSummaryPart;
    actions.buttons << (state.isRewriting ? ContentText::tr("Stop")
                        : isEmpty         ? ContentText::tr("Try again")
                                          : ContentText::tr("Write it again"));
    if (state.canReadEverything && !state.isRewriting)
        actions.buttons << ContentText::tr("Read everything again");
    m_blocks.push_back(std::move(actions));
}

std::size_t MessageContent::update(const ChatMessage& message, const TranscriptState& state) {
    const std::vector<ContentBlock> before = std::exchange(m_blocks, {});
    if (state.summaryAbove == message.id) addSummary(message, state);
    if (message.role == Role::Assistant) {
        ContentBlock name;
        name.kind = ContentBlock::Kind::Name;
        name.block.text = state.personaName ? state.personaName(message.personaId) : QString();
        if (name.block.text.isEmpty()) name.block.text = ContentText::tr("Assistant");
        m_blocks.push_back(std::move(name));
    }
    m_sections.resize(message.parts.size());
    m_runs = changeRunsOf(message);
    for (std::size_t i = 0; i < message.parts.size(); ++i) addPart(message, i, state);
    offerUndo(m_blocks, message, state);
    if (state.live != message.id) {
        MarkdownBlock sources = sourcesBlock(message);
        if (!sources.links.isEmpty())
            m_blocks.push_back({.kind = ContentBlock::Kind::Sources, .block = std::move(sources)});
    }
    if (state.live == message.id && !state.progress.isEmpty()) {
        ContentBlock progress;
        progress.kind = ContentBlock::Kind::Progress;
        progress.block.text = state.progress;
        m_blocks.push_back(std::move(progress));
    }
    const auto differs =
        std::mismatch(before.begin(), before.end(), m_blocks.begin(), m_blocks.end());
    return static_cast<std::size_t>(differs.first - before.begin());
}

void MessageContent::addPart(const ChatMessage& message,
                             std::size_t index,
                             const TranscriptState& state) {
    const Part& part = message.parts[index];
    const auto number = static_cast<int>(index);
    switch (part.kind) {
        case Part::Kind::Text:
            addText(part, index, message.role);
            break;
        case Part::Kind::Thinking:
            addThinking(message, index, state);
            break;
        case Part::Kind::ToolCall:
            if (const ChangeRun* run = runAt(m_runs, index)) {
                if (run->calls.front() == index) addRun(message, *run, state);
            } else {
                addCall(message, index, state);
            }
            break;
        case Part::Kind::ToolResult:
            if (runAt(m_runs, index)) break;  // its line tells
            if (index > 0 && isPartOpen(message, index - 1, state)) {
                m_blocks.push_back({.kind = ContentBlock::Kind::ToolText,
                                    .part = number,
                                    .block = codeBlock(ContentText::tr("Result"), part.text)});
            }
            break;
        case Part::Kind::Attachment:
            addAttachment(message, index, state);
            break;
        case Part::Kind::Lore:
            addLore(message, index, state);
            break;
        case Part::Kind::Notice:
            m_blocks.push_back({.kind = ContentBlock::Kind::Notice,
                                .part = number,
                                .block = plainBlock(part.text),
                                .isOpen = message.state == ChatMessage::State::Failed});
            break;
    }
    if (const auto card = state.cards.constFind({message.id, number}); card != state.cards.cend())
        m_blocks.push_back(
            {.kind = ContentBlock::Kind::Card, .part = number, .height = card.value()});
}

/// The first one brings the chips of all; what is open follows below them.
void MessageContent::addAttachment(const ChatMessage& message,
                                   std::size_t index,
                                   const TranscriptState& state) {
    const auto isAttachment = [](const Part& part) { return part.kind == Part::Kind::Attachment; };
    if (index == 0 || !isAttachment(message.parts[index - 1])) {
        ContentBlock row;
        row.kind = ContentBlock::Kind::Chips;
        row.part = static_cast<int>(index);
        for (std::size_t i = index; i < message.parts.size() && isAttachment(message.parts[i]);
             ++i) {
            const Attachment attachment = attachmentOf(message.parts[i]);
            row.chips.push_back({shownName(attachment), attachedSizeText(attachment),
                                 static_cast<int>(i), isPartOpen(message, i, state)});
        }
        m_blocks.push_back(std::move(row));
    }
    if (!isPartOpen(message, index, state)) return;
    const Attachment attachment = attachmentOf(message.parts[index]);
    QString contents = attachment.text;
    if (contents.endsWith(u'\n')) contents.chop(1);
    m_blocks.push_back({.kind = ContentBlock::Kind::ToolText,
                        .part = static_cast<int>(index),
                        .block = codeBlock(shownName(attachment), contents)});
}

/// The first one brings the line of all, which opens them together.
void MessageContent::addLore(const ChatMessage& message,
                             std::size_t index,
                             const TranscriptState& state) {
    const auto first = static_cast<std::size_t>(openerOf(message, static_cast<int>(index)));
    const bool isOpen = isPartOpen(message, first, state);
    if (index == first) {
        ContentBlock row;
        row.kind = ContentBlock::Kind::Chips;
        row.part = static_cast<int>(index);
        row.chips.push_back({loreLine(message), {}, row.part, isOpen, true});
        m_blocks.push_back(std::move(row));
    }
    if (!isOpen) return;
    ContentBlock text;
    text.kind = ContentBlock::Kind::ThinkingText;
    text.part = static_cast<int>(index);
    const Part& part = message.parts[index];
    text.block = plainBlock(loreTitle(part) + '\n' + part.text);
    text.block.containers = {{.kind = MarkdownContainer::Kind::Quote, .id = -1}};
    m_blocks.push_back(std::move(text));
}

void MessageContent::addText(const Part& part, std::size_t index, Role role) {
    const auto number = static_cast<int>(index);
    if (role == Role::User) {
        m_blocks.push_back(
            {.kind = ContentBlock::Kind::UserText, .part = number, .block = plainBlock(part.text)});
        return;
    }
    Section& section = m_sections[index];
    if (!section.stream) section.stream = std::make_unique<MarkdownStream>();
    section.stream->update(part.text);
    for (const MarkdownBlock& block : section.stream->blocks())
        m_blocks.push_back({.kind = ContentBlock::Kind::Text, .part = number, .block = block});
}

void MessageContent::addThinking(const ChatMessage& message,
                                 std::size_t index,
                                 const TranscriptState& state) {
    const Part& part = message.parts[index];
    const auto number = static_cast<int>(index);
    const bool isLive = state.live == message.id && isLast(message, index);
    const qint64 since = state.thinkingSince.value({message.id, number}, state.now);
    const bool isOpen = isPartOpen(message, index, state);
    ContentBlock line;
    line.kind = ContentBlock::Kind::ThinkingLine;
    line.part = number;
    line.block.text = thinkingLine(part, state.now - since, isLive);
    line.isOpen = isOpen;
    line.isLive = isLive;
    m_blocks.push_back(std::move(line));
    if (!isOpen || part.text.isEmpty()) return;
    ContentBlock text;
    text.kind = ContentBlock::Kind::ThinkingText;
    text.part = number;
    text.block = plainBlock(part.text);
    text.block.containers = {{.kind = MarkdownContainer::Kind::Quote, .id = -1}};
    m_blocks.push_back(std::move(text));
}

void MessageContent::addRun(const ChatMessage& message,
                            const ChangeRun& run,
                            const TranscriptState& state) {
    const std::size_t first = run.calls.front();
    const auto number = static_cast<int>(first);
    ContentBlock line;
    line.kind = ContentBlock::Kind::ToolLine;
    line.part = number;
    line.block.text = sentenceOf(run, message);
    line.detail = detailOf(run, message);
    line.callState = stateOf(run, message);
    line.isOpen = isPartOpen(message, first, state);
    const bool isOpen = line.isOpen;
    m_blocks.push_back(std::move(line));
    if (!isOpen) return;
    m_blocks.push_back({.kind = ContentBlock::Kind::ToolText,
                        .part = number,
                        .block = codeBlock(ContentText::tr("Changes"), linesOf(run, message))});
}

void MessageContent::addCall(const ChatMessage& message,
                             std::size_t index,
                             const TranscriptState& state) {
    const Part& part = message.parts[index];
    const auto number = static_cast<int>(index);
    ContentBlock line;
    line.kind = ContentBlock::Kind::ToolLine;
    line.part = number;
    line.block.text = visibleText(part.summary.isEmpty() ? part.toolName : part.summary);
    line.detail = callDetail(part);
    line.callState = part.callState;
    line.isOpen = isPartOpen(message, index, state);
    if (const NoteId note = keptNote(part); state.notes.contains(note)) {
        line.undo = ContentText::tr("Forget");
        line.note = note;
    } else if (note != 0) {
        line.detail += QStringLiteral(" · ") + ContentText::tr("forgotten");
    }
    const bool isOpen = line.isOpen;
    m_blocks.push_back(std::move(line));
    if (!isOpen) return;
    m_blocks.push_back({.kind = ContentBlock::Kind::ToolText,
                        .part = number,
                        .block = codeBlock(ContentText::tr("Arguments"), indentedJson(part.text))});
}

}  // namespace lares::app
