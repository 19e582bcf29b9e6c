#include "app/chat/lore_match.h"

#include "app/chat/conversation_model.h"
#include "app/chat/conversation_prompt.h"
#include "app/transcript/visible_text.h"
#include "app/turn/attached_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace lares::app {
namespace {

constexpr const char* kLoreTitle = "title";  // in Part::data
// Entries that bring others: a stranger's book is not followed for ever, nor for a second.
constexpr int kMostLoreRounds = 5;

struct LoreLineText {
    Q_DECLARE_TR_FUNCTIONS(Lore)
};

/// Scripts whose words follow each other without a space.
bool isWithoutSpaces(char32_t character) {
    switch (QChar::script(character)) {
        case QChar::Script_Han:
        case QChar::Script_Hiragana:
        case QChar::Script_Katakana:
        case QChar::Script_Bopomofo:
        case QChar::Script_Thai:
        case QChar::Script_Lao:
        case QChar::Script_Khmer:
        case QChar::Script_Myanmar:
        case QChar::Script_Tibetan:
            return true;
        default:
            return false;
    }
}

char32_t characterBefore(const QString& text, qsizetype at) {
    if (at <= 0) return 0;
    const QChar last = text[at - 1];
    if (last.isLowSurrogate() && at > 1 && text[at - 2].isHighSurrogate())
        return QChar::surrogateToUcs4(text[at - 2], last);
    return last.unicode();
}

char32_t characterAt(const QString& text, qsizetype at) {
    if (at >= text.size()) return 0;
    const QChar first = text[at];
    if (first.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(first, text[at + 1]);
    return first.unicode();
}

/// Whether a word that ends in `inner` goes on in `outer`.
bool goesOn(char32_t inner, char32_t outer) {
    const auto isOfWord = [](char32_t c) {
        return QChar::isLetterOrNumber(c) || QChar::isMark(c) || c == U'_';
    };
    return isOfWord(inner) && isOfWord(outer) && !isWithoutSpaces(inner) && !isWithoutSpaces(outer);
}

/// Through capitals, which have two letters where a small one stands for two (ß).
QString folded(const QString& text) {
    return text.toUpper().toCaseFolded();
}

/// The same for one blank and several, and for either way to write an accent or an apostrophe.
QString compared(const QString& text, Qt::CaseSensitivity letters) {
    QString same = text.normalized(QString::NormalizationForm_C).simplified();
    same.replace(QChar(0x2019), QLatin1Char('\''));
    return letters == Qt::CaseSensitive ? same : folded(same);
}

/// Both arguments as `compared` has them.
bool hasWord(const QString& text, const QString& word) {
    if (word.isEmpty()) return false;
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        const qsizetype end = at + word.size();
        if (!goesOn(characterAt(text, at), characterBefore(text, at)) &&
            !goesOn(characterBefore(text, end), characterAt(text, end)))
            return true;
    }
    return false;
}

/// A text that is looked through, for entries of either kind.
struct ScannedText {
    QString exact;
    QString anyCase;

    explicit ScannedText(const QString& text)
        : exact(compared(text.left(kMaxLoreScanned), Qt::CaseSensitive)), anyCase(folded(exact)) {}
};

bool namesAny(const std::vector<ScannedText>& texts, const QStringList& words, bool isExact) {
    return std::any_of(words.begin(), words.end(), [&](const QString& word) {
        const QString wanted = compared(word, isExact ? Qt::CaseSensitive : Qt::CaseInsensitive);
        return std::any_of(texts.begin(), texts.end(), [&](const ScannedText& text) {
            return hasWord(isExact ? text.exact : text.anyCase, wanted);
        });
    });
}

bool isNamed(const LoreEntry& entry, const std::vector<ScannedText>& texts) {
    return namesAny(texts, entry.words, entry.isCaseSensitive) &&
           (entry.alsoWords.isEmpty() || namesAny(texts, entry.alsoWords, entry.isCaseSensitive));
}

/// Indices of the entries that are named, those among them that others of them name.
std::vector<std::size_t> namedEntries(const LoreBook& book, const QStringList& texts) {
    std::vector<ScannedText> scanned(texts.begin(), texts.end());
    std::vector<std::size_t> named;
    std::vector<char> isTaken(book.entries.size(), 0);
    qsizetype nScanned = 0;
    bool isGrowing = true;
    for (int round = 0; isGrowing && round < kMostLoreRounds; ++round) {
        isGrowing = false;
        for (std::size_t i = 0; i < book.entries.size(); ++i) {
            const LoreEntry& entry = book.entries[i];
            if (isTaken[i] || !entry.isOn || entry.isAlways || !isNamed(entry, scanned)) continue;
            isTaken[i] = 1;
            named.push_back(i);
            if (!book.isRecursive || nScanned > kMaxLoreScanned) continue;
            nScanned += entry.text.size();
            scanned.emplace_back(entry.text);
            isGrowing = true;
        }
    }
    std::sort(named.begin(), named.end());
    return named;
}

}  // namespace

bool isNamedIn(const QString& text, const QString& word, Qt::CaseSensitivity letters) {
    return hasWord(compared(text, letters), compared(word, letters));
}

std::vector<Part> loreFor(const LoreBook& book,
                          const QStringList& texts,
                          const QStringList& known,
                          int mostTokens) {
    std::vector<std::size_t> byPriority = namedEntries(book, texts);
    std::stable_sort(byPriority.begin(), byPriority.end(), [&](std::size_t a, std::size_t b) {
        return book.entries[a].priority > book.entries[b].priority;
    });
    std::vector<std::size_t> taken;
    int nTokens = 0;
    QStringList seen = known;  // a card may say the same twice
    for (const std::size_t i : byPriority) {
        const int n = aboutTokens(book.entries[i].text.toStdString());
        if (nTokens + n > mostTokens || seen.contains(book.entries[i].text)) continue;
        seen << book.entries[i].text;
        nTokens += n;
        taken.push_back(i);
    }
    std::sort(taken.begin(), taken.end());
    std::vector<Part> parts;
    for (const std::size_t i : taken) {
        Part part;
        part.kind = Part::Kind::Lore;
        part.text = book.entries[i].text;
        part.data = {{kLoreTitle, titleOf(book.entries[i])}};
        parts.push_back(std::move(part));
    }
    return parts;
}

void addLore(ChatMessage& message,
             const ConversationModel& conversation,
             const Persona& persona,
             int contextLength) {
    const LoreBook& book = persona.lore;
    if (book.isEmpty()) return;
    QStringList known;
    const ReadBranch branch = readBranch(conversation, message.parent);
    for (const ChatMessage* before : branch.messages) {
        for (const Part& part : before->parts) {
            if (part.kind == Part::Kind::Lore) known << part.text;
        }
    }
    QStringList texts = {markdownOf(message)};
    // The answers before that one were looked through with the question that followed them.
    const ChatMessage* before = conversation.find(message.parent);
    if (before && before->role == Role::Assistant)
        texts << markdownOf(*before).right(kMaxLoreScanned);
    else if (!before)
        texts << persona.greeting;  // to which the user answers
    int most = contextLength > 0 ? std::min(kMaxLoreTokens, contextLength / 8) : kMaxLoreTokens;
    if (book.budget > 0) most = std::min(most, book.budget);
    for (Part& part : loreFor(book, texts, known, most)) message.parts.push_back(std::move(part));
}

QString loreTitle(const Part& part) {
    return visibleText(part.data[kLoreTitle].toString().left(kMaxLoreName)).simplified();
}

QString loreLine(const ChatMessage& message) {
    QStringList titles;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Lore) titles << loreTitle(part);
    }
    return titles.isEmpty() ? QString() : LoreLineText::tr("Lore: %1").arg(titles.join(", "));
}

}  // namespace lares::app
