#include "app/personas/card_lore.h"
#include "app/personas/character_card.h"
#include "app/personas/persona_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

ReadLore lore(const char* json) {
    return loreFromCard(QJsonDocument::fromJson(json).object(),
                        [](const QString& text) { return tidied(text); });
}

QStringList titles(const LoreBook& book) {
    QStringList all;
    for (const LoreEntry& entry : book.entries) all << titleOf(entry);
    return all;
}

}  // namespace

class CardLoreTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void readsV2();
    void readsOtherSpellings();
    void keepsTheOrder();
    void namesWhatItLeavesOut_data();
    void namesWhatItLeavesOut();
    void namesWhatTheBookHasBeside();
    void textsThatLookLikeMarkupComeBack();
    void fillsInNames();
    void namesWhatHidesInIt();
    void comesBackAsItWas();
    void hostileBooksStayWithinTheBounds_data();
    void hostileBooksStayWithinTheBounds();
};

void CardLoreTest::readsV2() {
    const ReadLore read = lore(R"({"token_budget": 400, "recursive_scanning": true, "scan_depth": 4,
        "entries": [{"keys": ["sea", "waves"], "secondary_keys": ["pier"], "selective": true,
            "content": "Grey.", "enabled": true, "insertion_order": 1, "case_sensitive": true,
            "name": "The Sea", "priority": 7, "constant": false, "position": "after_char"},
            {"keys": ["gull"], "secondary_keys": ["unused"], "content": "Loud.", "enabled": false,
             "constant": true, "insertion_order": 2}]})");
    QCOMPARE(read.leftOut.join("; "),
             "where 1 lore entry would stand; how far back its lore book looks");
    LoreBook book;
    book.budget = 400;
    book.isRecursive = true;
    book.entries = {{"The Sea", {"sea", "waves"}, {"pier"}, "Grey.", true, false, true, 7},
                    {{}, {"gull"}, {}, "Loud.", false, true, false, 0}};
    QCOMPARE(read.book, book);
}

/// As SillyTavern has them in files of its own.
void CardLoreTest::readsOtherSpellings() {
    const ReadLore read = lore(R"({"entries": {"0": {"key": ["sea"], "keysecondary": ["pier"],
        "selective": true, "selectiveLogic": 0, "comment": "The Sea", "content": "Grey.",
        "disable": true, "order": 3, "caseSensitive": null}}})");
    QCOMPARE(read.book.entries.size(), std::size_t{1});
    QCOMPARE(read.book.entries[0],
             (LoreEntry{"The Sea", {"sea"}, {"pier"}, "Grey.", false, false, false, 0}));
}

void CardLoreTest::keepsTheOrder() {
    QCOMPARE(titles(lore(R"({"entries": [
        {"keys": ["c"], "content": "x", "insertion_order": 30},
        {"keys": ["a"], "content": "x", "insertion_order": -5},
        {"keys": ["b"], "content": "x", "insertion_order": 2.5}]})")
                        .book),
             (QStringList{"a", "b", "c"}));
}

void CardLoreTest::namesWhatItLeavesOut_data() {
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<int>("nTaken");
    QTest::newRow("nothing") << QByteArray(R"({"keys": ["a"], "content": "x"})") << "" << 1;
    QTest::newRow("a pattern") << QByteArray(
                                      R"({"keys": ["a+"], "use_regex": true, "content": "x"})")
                               << "patterns in place of words, of 1 lore entry" << 0;
    QTest::newRow("a pattern beside a word")
        << QByteArray(R"({"keys": ["/a+/i", "b"], "content": "x"})")
        << "patterns in place of words, of 1 lore entry" << 1;
    QTest::newRow("a pattern that it waits for")
        << QByteArray(
               R"({"keys": ["b"], "secondary_keys": ["/a/"], "selective": true, "content": "x"})")
        << "patterns in place of words, of 1 lore entry" << 0;
    QTest::newRow("a decorator") << QByteArray(R"({"keys": ["a"], "content": "@@depth 3\nx"})")
                                 << "the decorators (@@) of 1 lore entry" << 1;
    QTest::newRow("nothing but a decorator")
        << QByteArray(R"({"keys": ["a"], "content": "@@depth 3"})")
        << "the decorators (@@) of 1 lore entry; 1 lore entry without text or words" << 0;
    QTest::newRow("a chance")
        << QByteArray(R"({"keys": ["a"], "content": "x", "extensions": {"probability": 40}})")
        << "the chance with which it comes, of 1 lore entry" << 1;
    QTest::newRow("words that keep it away")
        << QByteArray(R"({"keys": ["a"], "secondary_keys": ["b"], "selective": true, "content": "x",
                          "extensions": {"selectiveLogic": 2}})")
        << "1 lore entry that other words keep away" << 0;
    QTest::newRow("another place")
        << QByteArray(R"({"keys": ["a"], "content": "x", "extensions": {"position": 4}})")
        << "where 1 lore entry would stand" << 1;
    QTest::newRow("another place of what is always read")
        << QByteArray(R"({"constant": true, "content": "x", "position": "after_char"})") << "" << 1;
    QTest::newRow("others' extensions")
        << QByteArray(R"({"keys": ["a"], "content": "x", "extensions": {"sticky": 3}})")
        << "what other programs keep in its lore book" << 1;
    QTest::newRow("others' fields, which say nothing")
        << QByteArray(R"({"keys": ["a"], "content": "x", "group": "", "vectorized": false,
                          "extensions": {"sticky": 0, "depth": 4, "role": null}})")
        << "" << 1;
    QTest::newRow("no words") << QByteArray(R"({"content": "x"})")
                              << "1 lore entry without text or words" << 0;
}

void CardLoreTest::namesWhatItLeavesOut() {
    QFETCH(QByteArray, entry);
    QFETCH(QString, sentence);
    QFETCH(int, nTaken);
    const ReadLore read = lore("{\"entries\": [" + entry + "]}");
    QCOMPARE(read.leftOut.join("; "), sentence);
    QCOMPARE(int(read.book.entries.size()), nTaken);
    if (nTaken > 0) QCOMPARE(read.book.entries[0].text, "x");
}

void CardLoreTest::namesWhatTheBookHasBeside() {
    const char* entries = R"("entries": [{"keys": ["a"], "content": "x"}])";
    const auto said = [&](const char* more) {
        return lore(qPrintable(QString("{%1, %2}").arg(entries, more))).leftOut.join("; ");
    };
    QCOMPARE(said(R"("name": "", "description": "", "scan_depth": null, "extensions": {})"), "");
    QCOMPARE(said(R"("name": "The Sea")"), "the name and description of its lore book");
    QCOMPARE(said(R"("scan_depth": 100)"), "how far back its lore book looks");
    QCOMPARE(said(R"("extensions": {"a": 1})"), "what other programs keep in its lore book");
}

/// What the user wrote means nothing, though it looks like a card's own words.
void CardLoreTest::textsThatLookLikeMarkupComeBack() {
    Persona ada{{}, "Ada", "Never write {{char}}.", "Hello, {{user}}!"};
    ada.lore.entries = {{"The Sea", {"/sea/"}, {}, "@@depth 3\nIt is grey, <user>."}};
    const auto read = fromCharacterCard(QJsonDocument::fromJson(toCharacterCard(ada)).object());
    QVERIFY(read);
    QCOMPARE(read->persona, ada);
    QCOMPARE(read->leftOut, QStringList());
    // And others' programs may fill in what they write into a card of ours.
    const Persona robin{{}, "Robin", "You are Robin.", "Hi."};
    QVERIFY(!toCharacterCard(robin).contains("literal"));
}

void CardLoreTest::fillsInNames() {
    const QJsonObject entry{{"keys", QJsonArray{"{{char}}'s pier"}},
                            {"content", "{{char}} owes {{user}} a chair."}};
    const QJsonObject data{{"name", "Ada"},
                           {"character_book", QJsonObject{{"entries", QJsonArray{entry}}}}};
    const auto read = fromCharacterCard({{"spec", "chara_card_v2"}, {"data", data}});
    QVERIFY(read);
    const LoreEntry& taken = read->persona.lore.entries.at(0);
    QCOMPARE(taken.words, QStringList("Ada's pier"));
    QCOMPARE(taken.text, "Ada owes the user a chair.");
    QVERIFY(read->leftOut.isEmpty());
}

void CardLoreTest::namesWhatHidesInIt() {
    const QJsonObject entry{{"keys", QJsonArray{"sea"}},
                            {"content", QString::fromUtf8("Grey\u202e and cold.")}};
    const QJsonObject data{{"name", "Ada"},
                           {"character_book", QJsonObject{{"entries", QJsonArray{entry}}}}};
    const auto read = fromCharacterCard({{"spec", "chara_card_v2"}, {"data", data}});
    QVERIFY(read);
    QCOMPARE(read->persona.lore.entries.at(0).text, "Grey and cold.");
    QCOMPARE(read->leftOut.join("; "), "characters that nobody sees (U+202E)");
}

void CardLoreTest::comesBackAsItWas() {
    Persona ada{{}, "Ada", "You are Ada.", "Hi."};
    ada.lore.budget = 50;
    ada.lore.isRecursive = true;
    ada.lore.entries = {{"The Sea", {"sea"}, {"pier"}, "Grey.\n\"Cold\".", true, false, true, -2},
                        {{}, {}, {}, "The town.", true, true, false, 0},
                        {{}, {"gull"}, {}, "Loud.", false, false, false, 9}};
    const auto read = fromCharacterCard(QJsonDocument::fromJson(toCharacterCard(ada)).object());
    QVERIFY(read);
    QCOMPARE(read->persona, ada);
    QVERIFY2(read->leftOut.isEmpty(), qPrintable(read->leftOut.join("; ")));
    // None: no empty book that other programs would show.
    ada.lore = {};
    QVERIFY(!QJsonDocument::fromJson(toCharacterCard(ada))
                 .object()["data"]
                 .toObject()
                 .contains("character_book"));
}

void CardLoreTest::hostileBooksStayWithinTheBounds_data() {
    QTest::addColumn<QJsonObject>("book");
    const QString huge(300'000, 'x');
    QJsonArray words;
    for (int i = 0; i < 5'000; ++i) words.append(QString::number(i));
    QJsonArray many;
    for (int i = 0; i < 20'000; ++i)
        many.append(
            QJsonObject{{"keys", QJsonArray{"a"}}, {"content", "x"}, {"constant", i % 2 == 0}});
    QTest::newRow("huge texts") << QJsonObject{
        {"entries", QJsonArray{QJsonObject{
                        {"keys", QJsonArray{huge, "a"}}, {"name", huge}, {"content", huge}}}}};
    QTest::newRow("many words") << QJsonObject{
        {"entries", QJsonArray{QJsonObject{{"keys", words}, {"content", "x"}}}}};
    QTest::newRow("many entries") << QJsonObject{{"entries", many}};
    QTest::newRow("no book at all") << QJsonObject{{"entries", 7}, {"token_budget", huge}};
    QTest::newRow("numbers beyond everything")
        << QJsonObject{{"token_budget", 1e300},
                       {"entries", QJsonArray{QJsonObject{{"keys", QJsonArray{"a"}},
                                                          {"content", "x"},
                                                          {"insertion_order", -1e300},
                                                          {"priority", 1e300}}}}};
    QTest::newRow("a card in a card") << QJsonObject{
        {"entries", QJsonArray{QJsonObject{{"keys", QJsonArray{QJsonArray{"a"}, QJsonObject()}},
                                           {"content", QJsonObject{{"content", "x"}}}}}}};
}

void CardLoreTest::hostileBooksStayWithinTheBounds() {
    QFETCH(QJsonObject, book);
    const QJsonObject data{{"name", "Ada"}, {"character_book", book}};
    const auto read = fromCharacterCard({{"spec", "chara_card_v2"}, {"data", data}});
    QVERIFY(read);
    QCOMPARE(faultOf(read->persona), QString());
    QCOMPARE(tidied(read->persona), read->persona);
}

QTEST_GUILESS_MAIN(CardLoreTest)
#include "tst_card_lore.moc"
