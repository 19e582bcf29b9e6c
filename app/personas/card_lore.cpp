#include "app/personas/card_lore.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <vector>

namespace lares::app {
namespace {

struct CardLoreText {
    Q_DECLARE_TR_FUNCTIONS(Lore)
};

/// What stands under the first of these names that is there.
QJsonValue firstOf(const QJsonObject& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
        const QJsonValue value = object.value(QLatin1String(key));
        if (!value.isUndefined() && !value.isNull()) return value;
    }
    return QJsonValue::Undefined;
}

QStringList wordsUnder(const QJsonValue& value) {
    if (value.isString()) return wordsOfLine(value.toString());
    QStringList words;
    for (const QJsonValue word : value.toArray()) words << word.toString();
    return words;
}

bool isPattern(const QString& word) {
    static const QRegularExpression kPattern(QStringLiteral("\\A/.+/[a-z]*\\z"));
    return kPattern.match(word).hasMatch();
}

/// Whether a value is what programs write where nothing was chosen.
bool saysNothing(const QJsonValue& value) {
    return value.isUndefined() || value.isNull() || value == QJsonValue(false) ||
           value == QJsonValue(0) || value == QJsonValue(QString()) ||
           value == QJsonValue(QJsonArray()) || value == QJsonValue(QJsonObject());
}

/// Whether something is said under other names than these.
template <std::size_t n>
bool saysMore(const QJsonObject& object, const std::array<const char*, n>& known) {
    for (auto field = object.begin(); field != object.end(); ++field) {
        const bool isKnown = std::any_of(known.begin(), known.end(), [&](const char* name) {
            return field.key() == QLatin1String(name);
        });
        if (!isKnown && !saysNothing(field.value())) return true;
    }
    return false;
}

// What is read or named, and what only numbers an entry.
constexpr std::array kBookFields = {"name",         "description",        "scan_depth",
                                    "token_budget", "recursive_scanning", "entries"};
constexpr std::array kEntryFields = {
    "id",           "uid",           "name",           "comment",         "keys",
    "key",          "keysecondary",  "secondary_keys", "selective",       "selectiveLogic",
    "content",      "enabled",       "disable",        "constant",        "case_sensitive",
    "priority",     "caseSensitive", "use_regex",      "insertion_order", "order",
    "position",     "probability",   "useProbability", "depth",           "groupWeight",
    "displayIndex", "extensions",    "addMemo"};
constexpr std::array kEntryExtensions = {"case_sensitive", "selectiveLogic", "probability",
                                         "useProbability", "position",       "depth",
                                         "display_index",  "group_weight"};

struct OrderedEntry {
    LoreEntry entry;
    double order = 0;
};

class CardBookReading {
public:
    CardBookReading(const std::function<QString(const QString&)>& filledIn, CardMarkup markup)
        : m_filledIn(filledIn), m_isPlain(markup == CardMarkup::Plain) {}

    ReadLore read(const QJsonObject& object) {
        const QJsonValue entries = object.value("entries");
        for (const QJsonValue entry : entries.toArray()) take(entry.toObject());
        const QJsonObject named = entries.toObject();
        for (const QJsonValue entry : named) take(entry.toObject());
        std::stable_sort(m_entries.begin(), m_entries.end(),
                         [](const auto& a, const auto& b) { return a.order < b.order; });
        LoreBook book;
        for (OrderedEntry& one : m_entries) book.entries.push_back(std::move(one.entry));
        book.budget = object.value("token_budget").toInt();
        book.isRecursive = object.value("recursive_scanning").toBool();
        if (!m_entries.empty()) lookAtTheRest(object);
        ReadLore lore = boundedLore(std::move(book));
        lore.leftOut = sentences() + lore.leftOut;
        lore.read = std::move(m_read);
        return lore;
    }

private:
    void take(const QJsonObject& object) {
        const QJsonObject others = object.value("extensions").toObject();
        LoreEntry entry;
        entry.name = said(firstOf(object, {"name", "comment"}).toString());
        entry.words = words(firstOf(object, {"keys", "key"}));
        entry.alsoWords = words(firstOf(object, {"secondary_keys", "keysecondary"}));
        entry.text = withoutDecorators(said(object.value("content").toString()), entry);
        entry.isOn &= object.value("enabled").toBool(true) && !object.value("disable").toBool();
        entry.isAlways = object.value("constant").toBool();
        entry.isCaseSensitive = firstOf(object, {"case_sensitive", "caseSensitive"}).toBool() ||
                                others.value("case_sensitive").toBool();
        entry.priority = object.value("priority").toInt();
        if (!object.value("selective").toBool()) entry.alsoWords.clear();
        if (leavesOutPatterns(object, entry)) return;
        const QJsonValue logic = object.contains("selectiveLogic") ? object.value("selectiveLogic")
                                                                   : others.value("selectiveLogic");
        if (!entry.isAlways && !entry.alsoWords.isEmpty() && logic.toInt() != 0)
            return void(++m_nOtherLogic);
        const QJsonValue chance = object.contains("probability") ? object.value("probability")
                                                                 : others.value("probability");
        if (chance.toDouble(100) < 100) ++m_nChances;
        if (!entry.isAlways && isElsewhere(object.value("position"), others.value("position")))
            ++m_nElsewhere;
        m_hasMore |= saysMore(object, kEntryFields) || saysMore(others, kEntryExtensions);
        m_entries.push_back(
            {std::move(entry), firstOf(object, {"insertion_order", "order"}).toDouble(100)});
    }

    void lookAtTheRest(const QJsonObject& book) {
        m_isNamed = !saysNothing(book.value("name")) || !saysNothing(book.value("description"));
        m_hasDepth = !book.value("scan_depth").isUndefined() && !book.value("scan_depth").isNull();
        m_hasMore |= saysMore(book, kBookFields);
    }

    /// Behind the character, or deep in the conversation: V2's word, or others' number.
    static bool isElsewhere(const QJsonValue& place, const QJsonValue& number) {
        const QString word = place.toString();
        return (!word.isEmpty() && word != QLatin1String("before_char")) || place.toInt() != 0 ||
               number.toInt() != 0;
    }

    /// Remembers it as it stood there.
    QString said(const QString& text) {
        if (!text.isEmpty()) m_read << text;
        return m_filledIn(text);
    }

    QStringList words(const QJsonValue& value) {
        QStringList words = wordsUnder(value);
        for (QString& word : words) word = said(word);
        return words;
    }

    /// Lines that begin with @@ say in V3 how an entry is used.
    QString withoutDecorators(QString text, LoreEntry& entry) {
        bool hasSome = false;
        while (!m_isPlain && text.startsWith(QLatin1String("@@"))) {
            const qsizetype end = text.indexOf('\n');
            const QString line = end < 0 ? text : text.left(end);
            if (line.startsWith(QLatin1String("@@dont_activate"))) entry.isOn = false;
            text = end < 0 ? QString() : text.mid(end + 1);
            hasSome = true;
        }
        m_nDecorated += hasSome;
        return text;
    }

    /// True: nothing is left that could bring the entry.
    bool leavesOutPatterns(const QJsonObject& object, LoreEntry& entry) {
        if (entry.isAlways || m_isPlain) return false;
        const bool areAll = object.value("use_regex").toBool();
        const auto isOne = [areAll](const QString& word) { return areAll || isPattern(word); };
        const auto nAlso = entry.alsoWords.size();
        const auto n = entry.words.removeIf(isOne) + entry.alsoWords.removeIf(isOne);
        if (n == 0) return false;
        ++m_nPatterns;
        // Without the words that it waits for it would come too often.
        return entry.words.isEmpty() || (nAlso > 0 && entry.alsoWords.isEmpty());
    }

    [[nodiscard]] QStringList sentences() const {
        QStringList leftOut;
        if (m_nPatterns > 0)
            leftOut << CardLoreText::tr("patterns in place of words, of %Ln lore entr(y|ies)",
                                        nullptr, m_nPatterns);
        if (m_nOtherLogic > 0)
            leftOut << CardLoreText::tr("%Ln lore entr(y|ies) that other words keep away", nullptr,
                                        m_nOtherLogic);
        if (m_nDecorated > 0)
            leftOut << CardLoreText::tr("the decorators (@@) of %Ln lore entr(y|ies)", nullptr,
                                        m_nDecorated);
        if (m_nChances > 0)
            leftOut << CardLoreText::tr("the chance with which it comes, of %Ln lore entr(y|ies)",
                                        nullptr, m_nChances);
        if (m_nElsewhere > 0)
            leftOut << CardLoreText::tr("where %Ln lore entr(y|ies) would stand", nullptr,
                                        m_nElsewhere);
        if (m_hasDepth) leftOut << CardLoreText::tr("how far back its lore book looks");
        if (m_isNamed) leftOut << CardLoreText::tr("the name and description of its lore book");
        if (m_hasMore) leftOut << CardLoreText::tr("what other programs keep in its lore book");
        return leftOut;
    }

    const std::function<QString(const QString&)>& m_filledIn;
    bool m_isPlain;
    std::vector<OrderedEntry> m_entries;
    QStringList m_read;
    int m_nPatterns = 0;
    int m_nOtherLogic = 0;
    int m_nDecorated = 0;
    int m_nChances = 0;
    int m_nElsewhere = 0;
    bool m_isNamed = false;
    bool m_hasDepth = false;
    bool m_hasMore = false;
};

}  // namespace

ReadLore loreFromCard(const QJsonObject& book,
                      const std::function<QString(const QString&)>& filledIn,
                      CardMarkup markup) {
    return CardBookReading(filledIn, markup).read(book);
}

QJsonObject toCardBook(const LoreBook& book) {
    QJsonArray entries;
    for (const LoreEntry& entry : book.entries) {
        const int number = static_cast<int>(entries.size());
        entries.append(QJsonObject{{"id", number},
                                   {"name", entry.name},
                                   {"comment", entry.name},
                                   {"keys", QJsonArray::fromStringList(entry.words)},
                                   {"secondary_keys", QJsonArray::fromStringList(entry.alsoWords)},
                                   {"selective", !entry.alsoWords.isEmpty()},
                                   {"content", entry.text},
                                   {"enabled", entry.isOn},
                                   {"constant", entry.isAlways},
                                   {"case_sensitive", entry.isCaseSensitive},
                                   {"insertion_order", number},
                                   {"priority", entry.priority},
                                   {"position", "before_char"},
                                   {"extensions", QJsonObject()}});
    }
    QJsonObject object{{"name", ""}, {"extensions", QJsonObject()}, {"entries", entries}};
    if (book.budget > 0) object["token_budget"] = book.budget;
    object["recursive_scanning"] = book.isRecursive;
    return object;
}

}  // namespace lares::app
