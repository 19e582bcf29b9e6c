#include "app/store/message_search.h"

#include "app/chat/attachment.h"
#include "app/chat/text_match.h"
#include "app/store/said_messages.h"

#include <QRegularExpression>

#include <algorithm>
#include <optional>
#include <vector>

namespace lares::app {
namespace {

constexpr qsizetype kBefore = 16;
constexpr qsizetype kSnippet = 120;

/// One line around the first word, with room before it.
MessageHit hitAt(const QString& text, qsizetype at, qsizetype length) {
    MessageHit hit;
    qsizetype begin = std::max<qsizetype>(0, at - kBefore);
    // From the beginning of a word, where one is near.
    const qsizetype space = begin == 0 ? -1 : text.indexOf(' ', begin);
    if (space >= 0 && space < at) begin = space + 1;
    QString head = text.mid(begin, at - begin);
    QString tail = text.mid(at, kSnippet);
    for (QString* piece : {&head, &tail}) {
        for (QChar& c : *piece) {
            if (c.isSpace()) c = ' ';
        }
    }
    if (begin > 0) head.prepend(QChar(0x2026));
    hit.snippet = head + tail;
    hit.matchStart = static_cast<int>(head.size());
    hit.matchLength = static_cast<int>(length);
    return hit;
}

/// The words of a message, or what is attached to it.
struct SearchedText {
    QString name;  ///< of an attachment; empty: the message's own words
    QString text;
    FoldedText foldedName{name};  // once for all words
    FoldedText foldedText{text};

    [[nodiscard]] bool holds(const TextMatcher& word) const {
        return word.areAllIn(foldedText) || word.areAllIn(foldedName);
    }
};

/// In words: without marks of Markdown, unless one of them is what was searched for.
MessageHit hitInWords(const QString& text, const TextMatcher& word) {
    static const QRegularExpression kMarks("[*`]+|^#+ ", QRegularExpression::MultilineOption);
    QString plain = text;
    plain.remove(kMarks);
    std::vector<TextMatch> found = word.allIn(plain);
    if (found.empty()) {
        plain = text;
        found = word.allIn(plain);
    }
    // A first word of accents alone is nowhere.
    const TextMatch at = found.empty() ? TextMatch{} : found.front();
    return hitAt(plain, at.from, at.length);
}

MessageHit hitInAttachment(const SearchedText& attachment, const TextMatcher& word) {
    const std::vector<TextMatch> found = word.allIn(attachment.text);
    if (found.empty()) {
        const std::vector<TextMatch> named = word.allIn(attachment.name);
        const TextMatch at = named.empty() ? TextMatch{} : named.front();
        return hitAt(attachment.name, at.from, at.length);
    }
    MessageHit hit = hitAt(attachment.text, found.front().from, found.front().length);
    const QString where = attachment.name + QStringLiteral(": ");
    hit.snippet.prepend(where);
    hit.matchStart += static_cast<int>(where.size());
    return hit;
}

/// Nothing where one of the words is missing.
std::optional<MessageHit> hitIn(const std::vector<SearchedText>& texts,
                                const std::vector<TextMatcher>& words) {
    const bool holdsAll = std::all_of(words.begin(), words.end(), [&](const TextMatcher& word) {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const SearchedText& text) { return text.holds(word); });
    });
    if (!holdsAll || texts.empty()) return std::nullopt;
    // What was said tells more about a message than what went with it.
    const TextMatcher& first = words.front();
    for (const SearchedText& text : texts) {
        if (text.name.isEmpty() && text.holds(first)) return hitInWords(text.text, first);
    }
    const auto attachment = std::find_if(
        texts.begin(), texts.end(), [&](const SearchedText& text) { return text.holds(first); });
    return hitInAttachment(*attachment, first);
}

}  // namespace

Result<SearchPage> searchMessages(Database& database, const QString& words, MessageId before) {
    SearchPage page;
    std::vector<TextMatcher> wanted;  // a word each
    for (const QString& word : searchWords(words)) {
        TextMatcher matcher({word});
        if (!matcher.isEmpty()) wanted.push_back(std::move(matcher));
    }
    if (wanted.empty()) return page;
    const auto look = [&](const SaidMessage& message) {
        std::vector<SearchedText> texts;
        for (const Part& part : message.parts) {
            const bool isAttached = part.kind == Part::Kind::Attachment;
            texts.push_back({isAttached ? shownName(attachmentOf(part)) : QString(), part.text});
        }
        std::optional<MessageHit> hit = hitIn(texts, wanted);
        if (!hit) return;
        hit->message = message.id;
        hit->conversation = message.conversation;
        page.hits.push_back(std::move(*hit));
    };
    ASSIGN_OR_RETURN(page.next,
                     walkSaid(database, before, /*without=*/0, WithAttachments::Yes, look));
    return page;
}

}  // namespace lares::app
