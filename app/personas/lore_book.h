#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <vector>

namespace lares::app {

/// A text that the model reads once the conversation names one of its words.
struct LoreEntry {
    QString name;           ///< empty: the first of its words stands for it (titleOf)
    QStringList words;      ///< any of them brings it
    QStringList alsoWords;  ///< where there are some, one of them has to be named as well
    QString text;
    bool isOn = true;
    bool isAlways = false;  ///< part of the persona's instructions; its words say nothing
    bool isCaseSensitive = false;
    int priority = 0;  ///< of those that a message brings, the lowest go where there is no room

    bool operator==(const LoreEntry&) const = default;
};

/// What a persona knows. A plain value; any thread.
struct LoreBook {
    std::vector<LoreEntry> entries;  ///< in the order in which the model reads them
    int budget = 0;                  ///< tokens of one message, guessed; 0: as usual
    bool isRecursive = false;        ///< the text of an entry brings others, as a message does

    [[nodiscard]] bool isEmpty() const { return entries.empty(); }
    bool operator==(const LoreBook&) const = default;
};

// Bounds, in characters as QString counts them.
inline constexpr int kMaxLoreEntries = 200;
inline constexpr int kMaxLoreName = 80;
inline constexpr int kMaxLoreWord = 80;
inline constexpr int kMaxLoreWords = 30;          ///< of an entry, and as many that go with them
inline constexpr int kMaxLoreWordsInAll = 2'000;  ///< each is looked for as a message is sent
inline constexpr int kMaxLoreText = 4'000;
inline constexpr int kMaxLoreInAll = 200'000;  ///< all that a book says
inline constexpr int kMaxLoreAlways = 10'000;  ///< what is always read, of the entries that are on
inline constexpr int kMaxLorePriority = 10'000;  ///< and as far below 0
inline constexpr int kMaxLoreBudget = 100'000;

[[nodiscard]] QString titleOf(const LoreEntry& entry);

/// Words as they are written in one line, and back: "gulls, the sea".
[[nodiscard]] QString lineOfWords(const QStringList& words);
[[nodiscard]] QStringList wordsOfLine(const QString& line);

/// As it is kept: no blanks around any text, no hidden characters, no word twice.
[[nodiscard]] LoreEntry tidied(LoreEntry entry);
[[nodiscard]] LoreBook tidied(LoreBook book);
/// Why this book (tidied) cannot be kept, as a sentence with the next step; empty: it can.
[[nodiscard]] QString faultOf(const LoreBook& book);
[[nodiscard]] QString faultOf(const LoreEntry& entry);

/// A book out of a stranger's file, and what else the file held.
struct ReadLore {
    LoreBook book;        ///< tidied and within the bounds
    QStringList leftOut;  ///< as ImportedPersona has it
    QStringList read;     ///< every text as it stood there: to tell what hides in it
};
/// As much of it as there is room for.
[[nodiscard]] ReadLore boundedLore(LoreBook book);

/// As the store and a persona's file keep it; {} for none. Anything may come in.
[[nodiscard]] QJsonObject toJson(const LoreBook& book);
[[nodiscard]] ReadLore loreFromJson(const QJsonObject& object);
/// The same with all that cannot be kept yet, for what the user has not finished.
[[nodiscard]] LoreBook writtenLore(const QJsonObject& object);

/// What of it the model reads from the beginning; empty: nothing.
[[nodiscard]] QString alwaysText(const LoreBook& book);

}  // namespace lares::app
