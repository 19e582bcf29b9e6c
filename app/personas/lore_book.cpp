#include "app/personas/lore_book.h"

#include "app/personas/imported_persona.h"
#include "app/personas/persona_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace lares::app {
namespace {

struct LoreSentence {
    Q_DECLARE_TR_FUNCTIONS(Lore)
};

qsizetype sizeOf(const QStringList& words) {
    qsizetype size = 0;
    for (const QString& word : words) size += word.size();
    return size;
}

qsizetype sizeOf(const LoreEntry& entry) {
    return entry.name.size() + sizeOf(entry.words) + sizeOf(entry.alsoWords) + entry.text.size();
}

qsizetype wordsIn(const LoreEntry& entry) {
    return entry.words.size() + entry.alsoWords.size();
}

bool isAlwaysRead(const LoreEntry& entry) {
    return entry.isOn && entry.isAlways;
}

QStringList tidiedWords(const QStringList& words) {
    QStringList tidy;
    for (const QString& word : words) {
        const QString one = tidied(word).simplified();
        if (!one.isEmpty() && !tidy.contains(one)) tidy << one;
    }
    return tidy;
}

/// True: something is gone.
bool cutWords(QStringList& words) {
    const auto n = words.size();
    words.removeIf([](const QString& word) { return word.size() > kMaxLoreWord; });
    words = words.mid(0, kMaxLoreWords);
    return words.size() != n;
}

/// Takes entries over as long as there is room, and counts what it leaves.
class LoreTaking {
public:
    void take(LoreEntry entry) {
        entry = tidied(std::move(entry));
        if (entry.text.isEmpty() || (entry.words.isEmpty() && !entry.isAlways))
            return void(++m_nEmpty);
        const bool isTogether = !entry.alsoWords.isEmpty();
        cut(entry);
        // Without the words that it waits for it would come too often.
        if (!hasRoom(entry) || (isTogether && entry.alsoWords.isEmpty()))
            return void(++m_nWithoutRoom);
        m_size += sizeOf(entry);
        m_nWords += wordsIn(entry);
        if (isAlwaysRead(entry)) m_always += entry.text.size();
        m_taken.book.entries.push_back(std::move(entry));
    }

    ReadLore end() {
        const auto say = [&](int n, const char* sentence) {
            if (n > 0) m_taken.leftOut << LoreSentence::tr(sentence, nullptr, n);
        };
        say(m_nEmpty, QT_TRANSLATE_N_NOOP("Lore", "%Ln lore entr(y|ies) without text or words"));
        say(m_nCut, QT_TRANSLATE_N_NOOP("Lore", "the end of %Ln long lore entr(y|ies)"));
        say(m_nWithoutRoom,
            QT_TRANSLATE_N_NOOP("Lore", "%Ln lore entr(y|ies) for which there is no room"));
        return std::move(m_taken);
    }

private:
    void cut(LoreEntry& entry) {
        const QString name = shortened(entry.name, kMaxLoreName);
        const QString text = shortened(entry.text, kMaxLoreText);
        bool isCut = name != entry.name || text != entry.text;
        entry.name = name;
        entry.text = text;
        isCut |= cutWords(entry.words);
        isCut |= cutWords(entry.alsoWords);
        m_nCut += isCut;
    }

    [[nodiscard]] bool hasRoom(const LoreEntry& entry) const {
        // One whose words were all too long would never come.
        if (entry.words.isEmpty() && !entry.isAlways) return false;
        return m_taken.book.entries.size() < kMaxLoreEntries &&
               m_size + sizeOf(entry) <= kMaxLoreInAll &&
               m_nWords + wordsIn(entry) <= kMaxLoreWordsInAll &&
               (!isAlwaysRead(entry) || m_always + entry.text.size() <= kMaxLoreAlways);
    }

    ReadLore m_taken;
    qsizetype m_size = 0;
    qsizetype m_nWords = 0;
    qsizetype m_always = 0;
    int m_nEmpty = 0;
    int m_nCut = 0;
    int m_nWithoutRoom = 0;
};

QStringList wordsIn(const QJsonValue& array) {
    QStringList words;
    for (const QJsonValue word : array.toArray()) words << word.toString();
    return words;
}

QJsonObject entryJson(const LoreEntry& entry) {
    QJsonObject object{{"text", entry.text}};
    if (!entry.name.isEmpty()) object["name"] = entry.name;
    if (!entry.words.isEmpty()) object["words"] = QJsonArray::fromStringList(entry.words);
    if (!entry.alsoWords.isEmpty())
        object["alsoWords"] = QJsonArray::fromStringList(entry.alsoWords);
    if (!entry.isOn) object["isOff"] = true;
    if (entry.isAlways) object["isAlways"] = true;
    if (entry.isCaseSensitive) object["isCaseSensitive"] = true;
    if (entry.priority != 0) object["priority"] = entry.priority;
    return object;
}

}  // namespace

QString titleOf(const LoreEntry& entry) {
    return entry.name.isEmpty() ? entry.words.value(0) : entry.name;
}

QString lineOfWords(const QStringList& words) {
    return words.join(QStringLiteral(", "));
}

QStringList wordsOfLine(const QString& line) {
    // Commas of other scripts, too.
    static const QRegularExpression kComma(QStringLiteral("[,;\\n\u3001\uFF0C\u060C]"));
    return tidiedWords(tidied(line).split(kComma));
}

LoreEntry tidied(LoreEntry entry) {
    entry.name = tidied(entry.name).simplified();
    entry.words = tidiedWords(entry.words);
    entry.alsoWords = tidiedWords(entry.alsoWords);
    entry.text = tidied(entry.text);
    entry.priority = std::clamp(entry.priority, -kMaxLorePriority, kMaxLorePriority);
    return entry;
}

LoreBook tidied(LoreBook book) {
    for (LoreEntry& entry : book.entries) entry = tidied(std::move(entry));
    std::erase(book.entries, LoreEntry{});  // one that was begun and says nothing
    book.budget = std::clamp(book.budget, 0, kMaxLoreBudget);
    return book;
}

QString faultOf(const LoreEntry& entry) {
    const QLocale locale;
    const auto isLong = [](const QString& word) { return word.size() > kMaxLoreWord; };
    const bool hasLong = std::any_of(entry.words.begin(), entry.words.end(), isLong) ||
                         std::any_of(entry.alsoWords.begin(), entry.alsoWords.end(), isLong);
    if (entry.text.isEmpty()) return LoreSentence::tr("It needs a text. Write one, or remove it.");
    if (entry.words.isEmpty() && !entry.isAlways) {
        return LoreSentence::tr(
            "It needs words that bring it. Write some, or have it always read.");
    }
    if (entry.text.size() > kMaxLoreText) {
        return LoreSentence::tr("Its text is too long: %1 of %2 characters. Shorten it.")
            .arg(locale.toString(entry.text.size()), locale.toString(kMaxLoreText));
    }
    if (entry.name.size() > kMaxLoreName) {
        return LoreSentence::tr("Its name is too long: %1 of %2 characters. Shorten it.")
            .arg(locale.toString(entry.name.size()), locale.toString(kMaxLoreName));
    }
    if (hasLong || entry.words.size() > kMaxLoreWords || entry.alsoWords.size() > kMaxLoreWords) {
        return LoreSentence::tr(
                   "There is room for %1 words of up to %2 characters. Shorten the list.")
            .arg(locale.toString(kMaxLoreWords), locale.toString(kMaxLoreWord));
    }
    return {};
}

QString faultOf(const LoreBook& book) {
    const QLocale locale;
    qsizetype size = 0;
    qsizetype nWords = 0;
    qsizetype always = 0;
    for (std::size_t i = 0; i < book.entries.size(); ++i) {
        const LoreEntry& entry = book.entries[i];
        if (const QString fault = faultOf(entry); !fault.isEmpty()) {
            const QString title = titleOf(entry);
            return (title.isEmpty()
                        ? LoreSentence::tr("Lore entry %1:").arg(locale.toString(qlonglong(i + 1)))
                        : LoreSentence::tr("Lore entry “%1”:")
                              .arg(shortened(title, kMaxLoreName))) +
                   ' ' + fault;
        }
        size += sizeOf(entry);
        nWords += wordsIn(entry);
        if (isAlwaysRead(entry)) always += entry.text.size();
    }
    if (always > kMaxLoreAlways) {
        return LoreSentence::tr(
                   "What is always read of the lore is too long: %1 of %2 "
                   "characters. Shorten it, or let words bring some of it.")
            .arg(locale.toString(always), locale.toString(kMaxLoreAlways));
    }
    if (book.entries.size() > kMaxLoreEntries || size > kMaxLoreInAll ||
        nWords > kMaxLoreWordsInAll) {
        return LoreSentence::tr(
                   "The lore is too long: there is room for %1 entries, %2 words and "
                   "%3 characters. Remove or shorten some of it to save.")
            .arg(locale.toString(kMaxLoreEntries), locale.toString(kMaxLoreWordsInAll),
                 locale.toString(kMaxLoreInAll));
    }
    return {};
}

ReadLore boundedLore(LoreBook book) {
    LoreTaking taking;
    for (LoreEntry& entry : book.entries) taking.take(std::move(entry));
    ReadLore taken = taking.end();
    taken.book.budget = std::clamp(book.budget, 0, kMaxLoreBudget);
    taken.book.isRecursive = book.isRecursive && !taken.book.isEmpty();
    if (taken.book.isEmpty()) taken.book.budget = 0;
    return taken;
}

QJsonObject toJson(const LoreBook& book) {
    if (book.isEmpty()) return {};
    QJsonArray entries;
    for (const LoreEntry& entry : book.entries) entries.append(entryJson(entry));
    QJsonObject object{{"entries", entries}};
    if (book.budget > 0) object["budget"] = book.budget;
    if (book.isRecursive) object["isRecursive"] = true;
    return object;
}

LoreBook writtenLore(const QJsonObject& object) {
    LoreBook book;
    for (const QJsonValue value : object["entries"].toArray()) {
        LoreEntry entry;
        entry.name = value["name"].toString();
        entry.words = wordsIn(value["words"]);
        entry.alsoWords = wordsIn(value["alsoWords"]);
        entry.text = value["text"].toString();
        entry.isOn = !value["isOff"].toBool();
        entry.isAlways = value["isAlways"].toBool();
        entry.isCaseSensitive = value["isCaseSensitive"].toBool();
        entry.priority = value["priority"].toInt();
        book.entries.push_back(std::move(entry));
    }
    book.budget = object["budget"].toInt();
    book.isRecursive = object["isRecursive"].toBool();
    return tidied(std::move(book));
}

ReadLore loreFromJson(const QJsonObject& object) {
    return boundedLore(writtenLore(object));
}

QString alwaysText(const LoreBook& book) {
    QStringList texts;
    for (const LoreEntry& entry : book.entries) {
        if (isAlwaysRead(entry)) texts << entry.text;
    }
    return texts.join("\n\n");
}

}  // namespace lares::app
