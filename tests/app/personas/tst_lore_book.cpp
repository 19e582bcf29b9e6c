#include "app/personas/lore_book.h"
#include "app/personas/persona_file.h"
#include "app/personas/persona_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

LoreEntry entry(const QStringList& words, const QString& text) {
    LoreEntry made;
    made.words = words;
    made.text = text;
    return made;
}

LoreBook bookOf(const std::vector<LoreEntry>& entries) {
    LoreBook book;
    book.entries = entries;
    return book;
}

QString taken(const LoreBook& book) {
    return boundedLore(book).leftOut.join("; ");
}

}  // namespace

class LoreBookTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void comesBackAsItWas_data();
    void comesBackAsItWas();
    void theLargestFitsIntoAPersonasFile();
    void takesWhatThereIsRoomFor();
    void saysWhatCannotBeKept_data();
    void saysWhatCannotBeKept();
    void readsAnything_data();
    void readsAnything();
    void wordsStandInOneLine();
    void holdsNothingThatNobodySees();
    void whatIsAlwaysReadBelongsToTheInstructions();
};

void LoreBookTest::comesBackAsItWas_data() {
    QTest::addColumn<LoreBook>("book");
    QTest::newRow("none") << LoreBook{};
    QTest::newRow("one") << bookOf({entry({"sea"}, "Grey.\n\n\"Cold\".")});
    LoreBook all = bookOf({entry({"sea", "the waves"}, "Grey."), entry({"gull"}, "Loud.")});
    all.budget = 300;
    all.isRecursive = true;
    all.entries[0].name = "The Sea";
    all.entries[0].alsoWords = {"pier", "rail"};
    all.entries[0].isCaseSensitive = true;
    all.entries[0].priority = -3;
    all.entries[1].isOn = false;
    all.entries[1].isAlways = true;
    QTest::newRow("all of it") << all;
}

void LoreBookTest::comesBackAsItWas() {
    QFETCH(LoreBook, book);
    const ReadLore read = loreFromJson(toJson(book));
    QCOMPARE(read.book, book);
    QVERIFY(read.leftOut.isEmpty());
    QCOMPARE(toJson(book).isEmpty(), book.isEmpty());  // an empty one takes no place in the store
    Persona persona{"ada", "Ada", "You are Ada.", "Hi."};
    persona.lore = book;
    const auto again = parsePersona(QJsonDocument(toPersonaObject(persona)).toJson());
    QVERIFY(again);
    QCOMPARE(*again, persona);
}

void LoreBookTest::theLargestFitsIntoAPersonasFile() {
    LoreBook book;
    while (true) {
        LoreEntry one = entry({}, QString(600, QChar(0x5bb6)));
        for (int i = 0; i < 10; ++i)
            one.words << QString::number(book.entries.size() * 100 + std::size_t(i))
                             .leftJustified(30, QChar(0x5bb6));
        book.entries.push_back(one);
        if (!faultOf(book).isEmpty()) break;
    }
    book.entries.pop_back();
    QVERIFY(book.entries.size() >= 190);
    Persona persona{QString(kMaxPersonaId, 'a'), QString(kMaxPersonaName, QChar(0x5bb6)),
                    QString(kMaxInstructions, QChar(0x5bb6)), QString(kMaxGreeting, QChar(0x5bb6))};
    persona.lore = book;
    QCOMPARE(faultOf(persona), QString());
    const QByteArray file = QJsonDocument(toPersonaObject(persona)).toJson();
    QVERIFY(file.size() < kMaxPersonaFileSize);
    const auto read = parsePersona(file);
    QVERIFY(read);
    QCOMPARE(*read, persona);
}

void LoreBookTest::takesWhatThereIsRoomFor() {
    std::vector<LoreEntry> many(kMaxLoreEntries + 3, entry({"a"}, "x"));
    QCOMPARE(taken(bookOf(many)), "3 lore entries for which there is no room");
    QCOMPARE(boundedLore(bookOf(many)).book.entries.size(), std::size_t{kMaxLoreEntries});
    QCOMPARE(taken(bookOf({entry({"a"}, " "), entry({" "}, "x")})),
             "2 lore entries without text or words");
    const ReadLore longOne = boundedLore(bookOf({entry({"a"}, QString(kMaxLoreText + 1, 'x'))}));
    QCOMPARE(longOne.leftOut.join("; "), "the end of 1 long lore entry");
    QCOMPARE(longOne.book.entries.at(0).text.size(), kMaxLoreText);
    // Without the word that it waits for, it would come too often.
    LoreEntry together = entry({"a"}, "x");
    together.alsoWords = {QString(kMaxLoreWord + 1, 'b')};
    QVERIFY(boundedLore(bookOf({together})).book.isEmpty());
    LoreEntry always = entry({}, QString(kMaxLoreText, 'x'));
    always.isAlways = true;
    QCOMPARE(boundedLore(bookOf({always, always, always})).book.entries.size(), std::size_t{2});
    for (const LoreBook& book : {bookOf(many), bookOf({always, always, always})})
        QCOMPARE(faultOf(boundedLore(book).book), QString());
}

void LoreBookTest::saysWhatCannotBeKept_data() {
    QTest::addColumn<LoreBook>("book");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a good one") << bookOf({entry({"sea"}, "Grey.")}) << "";
    QTest::newRow("no text") << bookOf({entry({"sea"}, {})})
                             << "Lore entry “sea”: It needs a text. Write one, or remove it.";
    QTest::newRow("no words") << bookOf({entry({"a"}, "b"), entry({}, "Grey.")})
                              << "Lore entry 2: It needs words that bring it. Write some, or have "
                                 "it always read.";
    QTest::newRow("a long text")
        << bookOf({entry({"sea"}, QString(kMaxLoreText + 1, 'x'))})
        << "Lore entry “sea”: Its text is too long: 4001 of 4000 characters. Shorten it.";
    QTest::newRow("a long word")
        << bookOf({entry({"sea", QString(kMaxLoreWord + 1, 'x')}, "Grey.")})
        << "Lore entry “sea”: There is room for 30 words of up to 80 characters. Shorten the list.";
    QTest::newRow("too many") << bookOf(
                                     std::vector<LoreEntry>(kMaxLoreEntries + 1, entry({"a"}, "x")))
                              << "The lore is too long: there is room for 200 entries, 2000 words "
                                 "and 200000 characters. Remove or shorten some of it to save.";
}

void LoreBookTest::saysWhatCannotBeKept() {
    QFETCH(LoreBook, book);
    QFETCH(QString, sentence);
    QCOMPARE(faultOf(book), sentence);
    Persona persona{"a", "A", {}, {}};
    persona.lore = book;
    QCOMPARE(faultOf(persona), sentence);
}

void LoreBookTest::readsAnything_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("entries are a text") << QByteArray(R"({"entries": "x"})");
    QTest::newRow("an entry is a number") << QByteArray(R"({"entries": [1, null, []]})");
    QTest::newRow("fields of other kinds")
        << QByteArray(R"({"entries": [{"text": [1], "words": {"a": 1}}], "budget": "x"})");
    QTest::newRow("numbers beyond everything") << QByteArray(
        R"({"entries": [{"text": "x", "words": ["a"], "priority": 1e300}], "budget": -1e300})");
}

void LoreBookTest::readsAnything() {
    QFETCH(QByteArray, json);
    const LoreBook book = loreFromJson(QJsonDocument::fromJson(json).object()).book;
    QCOMPARE(faultOf(book), QString());
    QCOMPARE(tidied(book), book);
}

void LoreBookTest::wordsStandInOneLine() {
    QCOMPARE(wordsOfLine(" sea ,, the  waves;sea, 海、鸥"),
             (QStringList{"sea", "the waves", "海", "鸥"}));
    QCOMPARE(lineOfWords({"sea", "the waves"}), "sea, the waves");
}

void LoreBookTest::holdsNothingThatNobodySees() {
    const QString hidden = QString::fromUtf8("a\u202e\u200bb");
    LoreEntry one = entry({hidden}, hidden);
    one.name = hidden;
    const LoreBook book = tidied(bookOf({one, LoreEntry{}}));
    QCOMPARE(book.entries.size(), std::size_t{1});  // one that says nothing is gone
    QCOMPARE(book.entries[0].words, QStringList("ab"));
    QCOMPARE(book.entries[0].text, "ab");
    QCOMPARE(book.entries[0].name, "ab");
}

void LoreBookTest::whatIsAlwaysReadBelongsToTheInstructions() {
    Persona ada{"ada", "Ada", "You are Ada.", {}};
    QCOMPARE(instructionsOf(ada), "You are Ada.");
    LoreEntry town = entry({}, "The town is Marrow.");
    town.isAlways = true;
    LoreEntry off = entry({}, "Not this.");
    off.isAlways = true;
    off.isOn = false;
    ada.lore.entries = {town, off, entry({"sea"}, "Grey.")};
    QCOMPARE(instructionsOf(ada), "You are Ada.\n\nThe town is Marrow.");
    ada.system.clear();
    QCOMPARE(instructionsOf(ada), "The town is Marrow.");
}

QTEST_GUILESS_MAIN(LoreBookTest)
#include "tst_lore_book.moc"
