#include "app/store/message_search.h"

#include "app/chat/text_match.h"
#include "app/store/message_names.h"

#include <QRegularExpression>

#include <algorithm>
#include <limits>

namespace lares::app {
namespace {

constexpr qsizetype kMaxPageText = 1'000'000;  // UTF-16 units, two bytes each
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

}  // namespace

Result<SearchPage> searchMessages(Database& database, const QString& words, MessageId before) {
    SearchPage page;
    const QStringList wantedWords = searchWords(words);
    const TextMatcher wanted(wantedWords);
    if (wanted.isEmpty()) return page;
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT m.id, m.conversation, p.text FROM messages m JOIN parts p ON "
                         "p.message = m.id JOIN conversations c ON c.id = m.conversation WHERE "
                         "m.id < ? AND p.kind = ? AND c.deleted_at IS NULL "
                         "ORDER BY m.id DESC, p.position"));
    row.bind(before > 0 ? before : std::numeric_limits<MessageId>::max());
    row.bind(QString(storedName(Part::Kind::Text)));
    MessageId message = 0;
    ConversationId conversation = 0;
    QString text;  // of one message: its parts
    qsizetype looked = 0;
    const auto look = [&] {
        if (message == 0 || !wanted.areAllIn(text)) return;
        // Without marks of Markdown in it, unless one of them is what was searched for.
        static const QRegularExpression kMarks("[*`]+|^#+ ", QRegularExpression::MultilineOption);
        const TextMatcher first(wantedWords.mid(0, 1));
        QString plain = text;
        plain.remove(kMarks);
        std::vector<TextMatch> found = first.allIn(plain);
        if (found.empty()) {
            plain = text;
            found = first.allIn(plain);
        }
        // A first word of accents alone is nowhere.
        const TextMatch at = found.empty() ? TextMatch{} : found.front();
        MessageHit hit = hitAt(plain, at.from, at.length);
        hit.message = message;
        hit.conversation = conversation;
        page.hits.push_back(std::move(hit));
    };
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) break;
        if (row.integer(0) != message) {
            look();
            if (looked > kMaxPageText) {
                page.next = message;
                return page;
            }
            message = row.integer(0);
            conversation = row.integer(1);
            text.clear();
        }
        if (!text.isEmpty()) text += '\n';
        text += row.text(2);
        looked += text.size();
    }
    look();
    return page;
}

}  // namespace lares::app
