#include "app/chat/conversation_model.h"
#include "app/chat/lore_match.h"

#include <QElapsedTimer>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

LoreEntry entry(const QString& word, const QString& text, int priority = 0) {
    LoreEntry made;
    made.words = QStringList{word};
    made.text = text;
    made.priority = priority;
    return made;
}

LoreBook bookOf(const std::vector<LoreEntry>& entries) {
    LoreBook book;
    book.entries = entries;
    return book;
}

QStringList textsOf(const std::vector<Part>& parts) {
    QStringList texts;
    for (const Part& part : parts) {
        if (part.kind == Part::Kind::Lore) texts << part.text;
    }
    return texts;
}

QStringList brought(const LoreBook& book, const QString& said) {
    return textsOf(loreFor(book, {said}, {}, kMaxLoreTokens));
}

ConversationInfo endingAt(MessageId leaf) {
    ConversationInfo info;
    info.id = 1;
    info.activeLeaf = leaf;
    return info;
}

Persona who(const LoreBook& book) {
    Persona persona{"ada", "Ada", {}, {}};
    persona.lore = book;
    return persona;
}

ChatMessage message(MessageId id, MessageId parent, Role role, const QString& text) {
    ChatMessage made;
    made.id = id;
    made.parent = parent;
    made.conversation = 1;
    made.role = role;
    Part part;
    part.text = text;
    made.parts = {part};
    return made;
}

}  // namespace

class LoreMatchTest : public QObject {
    Q_OBJECT

private slots:
    void wordsAreNamedWhole_data();
    void wordsAreNamedWhole();
    void onlyWhatIsOnComes();
    void oneOfTheOtherWordsIsNamedAsWell();
    void theBooksOrderIsThePrompts();
    void theLowestPriorityStaysAway();
    void theSameIsNotBroughtTwice();
    void anEntryBringsOthersWhereTheBookSaysSo();
    void looksAtTheMessageAndTheAnswerBefore();
    void theFirstMessageAnswersTheGreeting();
    void whatABranchReadsIsNotBroughtAgain();
    void whatWasCondensedAwayIsBroughtAgain();
    void takesAnEighthOfASmallContext();
    void aLineNamesWhatCame();
    void aHostileBookCostsNoSecond();
};

void LoreMatchTest::wordsAreNamedWhole_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isNamed");
    QTest::addColumn<bool>("isNamedExactly");
    QTest::newRow("alone") << "sea"
                           << "sea" << true << true;
    QTest::newRow("among others") << "How is the sea?"
                                  << "sea" << true << true;
    QTest::newRow("capitals") << "THE SEA"
                              << "sea" << true << false;
    QTest::newRow("inside another word") << "a seat, overseas"
                                         << "sea" << false << false;
    QTest::newRow("behind one inside another") << "a seat by the sea"
                                               << "sea" << true << true;
    QTest::newRow("beside a number") << "sea2"
                                     << "sea" << false << false;
    QTest::newRow("with a mark on it") << QString("sea\u0301 x") << "sea" << false << false;
    QTest::newRow("of several, broken over lines") << "the\n  grey sea"
                                                   << "grey sea" << true << true;
    QTest::newRow("an accent in two characters")
        << QString("cafe\u0301!") << QString("caf\u00e9") << true << true;
    QTest::newRow("an apostrophe") << QString("Ada\u2019s chair") << "Ada's" << true << true;
    QTest::newRow("signs") << "C++ or C"
                           << "C++" << true << true;
    QTest::newRow("a full fold") << "STRASSE" << QString("stra\u00dfe") << true << false;
    QTest::newRow("Cyrillic") << QString::fromUtf8("Море!") << QString::fromUtf8("море") << true
                              << false;
    QTest::newRow("inside of Cyrillic")
        << QString::fromUtf8("морем") << QString::fromUtf8("море") << false << false;
    QTest::newRow("Chinese") << QString::fromUtf8("今天大海很灰") << QString::fromUtf8("大海")
                             << true << true;
    QTest::newRow("Japanese") << QString::fromUtf8("カモメはどこ") << QString::fromUtf8("カモメ")
                              << true << true;
    QTest::newRow("Thai") << QString::fromUtf8("ฉันชอบทะเลมาก") << QString::fromUtf8("ทะเล") << true
                          << true;
    QTest::newRow("Latin in Chinese") << QString::fromUtf8("和Ada说") << "Ada" << true << true;
    QTest::newRow("beyond the first plane")
        << QString::fromUtf8("𐐨𐐩 x") << QString::fromUtf8("𐐨") << false << false;
    QTest::newRow("nothing") << "sea"
                             << "" << false << false;
}

void LoreMatchTest::wordsAreNamedWhole() {
    QFETCH(QString, text);
    QFETCH(QString, word);
    QFETCH(bool, isNamed);
    QFETCH(bool, isNamedExactly);
    QCOMPARE(isNamedIn(text, word, Qt::CaseInsensitive), isNamed);
    QCOMPARE(isNamedIn(text, word, Qt::CaseSensitive), isNamedExactly);
    LoreBook book = bookOf({entry(word, "x")});
    QCOMPARE(brought(book, text).size(), isNamed ? 1 : 0);
    book.entries[0].isCaseSensitive = true;
    QCOMPARE(brought(book, text).size(), isNamedExactly ? 1 : 0);
}

void LoreMatchTest::onlyWhatIsOnComes() {
    LoreBook book = bookOf({entry("sea", "on"), entry("sea", "off"), entry("sea", "always")});
    book.entries[1].isOn = false;
    book.entries[2].isAlways = true;  // it is in the instructions
    QCOMPARE(brought(book, "the sea"), QStringList("on"));
}

void LoreMatchTest::oneOfTheOtherWordsIsNamedAsWell() {
    LoreBook book = bookOf({entry("gull", "x")});
    book.entries[0].alsoWords = {"pier", "rail"};
    QVERIFY(brought(book, "a gull").isEmpty());
    QVERIFY(brought(book, "a pier").isEmpty());
    QCOMPARE(brought(book, "a gull on the rail"), QStringList("x"));
}

void LoreMatchTest::theBooksOrderIsThePrompts() {
    const LoreBook book = bookOf({entry("a", "1", 1), entry("b", "2", 3), entry("c", "3", 2)});
    QCOMPARE(brought(book, "c b a"), (QStringList{"1", "2", "3"}));
}

void LoreMatchTest::theLowestPriorityStaysAway() {
    const QString text = QString("word ").repeated(100).trimmed();
    const LoreBook book = bookOf(
        {entry("a", text + " 1", 1), entry("b", text + " 2", 3), entry("c", text + " 3", 2)});
    QCOMPARE(textsOf(loreFor(book, {"a b c"}, {}, 250)), (QStringList{text + " 2", text + " 3"}));
    QVERIFY(loreFor(book, {"a b c"}, {}, 50).empty());
}

void LoreMatchTest::theSameIsNotBroughtTwice() {
    const LoreBook book = bookOf({entry("a", "x"), entry("b", "x"), entry("b", "y")});
    QCOMPARE(brought(book, "a b"), (QStringList{"x", "y"}));
    QCOMPARE(textsOf(loreFor(book, {"a b"}, {"x"}, kMaxLoreTokens)), QStringList("y"));
}

void LoreMatchTest::anEntryBringsOthersWhereTheBookSaysSo() {
    LoreBook book = bookOf({entry("pier", "The gulls sit here."),
                            entry("gulls", "Loud as the sea."), entry("sea", "Grey.")});
    QCOMPARE(brought(book, "the pier").size(), 1);
    book.isRecursive = true;
    QCOMPARE(brought(book, "the pier").size(), 3);
}

void LoreMatchTest::looksAtTheMessageAndTheAnswerBefore() {
    const LoreBook book =
        bookOf({entry("sea", "Grey."), entry("gull", "Loud."), entry("rail", "Old.")});
    ConversationModel conversation;
    conversation.setMessages(endingAt(12),
                             {message(11, 0, Role::User, "The rail?"),
                              message(12, 11, Role::Assistant, "A gull sits on it.")});
    ChatMessage asked = message(13, 12, Role::User, "And the sea?");
    addLore(asked, conversation, who(book), 0);
    // The rail was named before; what its question brought then is not looked for again.
    QCOMPARE(textsOf(asked.parts), (QStringList{"Grey.", "Loud."}));
    QCOMPARE(asked.parts[0].text, "And the sea?");
}

void LoreMatchTest::theFirstMessageAnswersTheGreeting() {
    Persona ada = who(bookOf({entry("sea", "Grey.")}));
    ada.greeting = "Sit down by the sea.";
    ChatMessage first = message(11, 0, Role::User, "Thank you.");
    ConversationModel conversation;
    addLore(first, conversation, ada, 0);
    QCOMPARE(textsOf(first.parts), QStringList("Grey."));
    ada.lore.entries[0].text = "Blue.";
    conversation.setMessages(endingAt(12), {first, message(12, 11, Role::Assistant, "Well?")});
    ChatMessage second = message(13, 12, Role::User, "Thank you.");
    addLore(second, conversation, ada, 0);
    QVERIFY(textsOf(second.parts).isEmpty());
}

void LoreMatchTest::whatABranchReadsIsNotBroughtAgain() {
    LoreBook book = bookOf({entry("sea", "Grey.")});
    ChatMessage first = message(11, 0, Role::User, "The sea?");
    ConversationModel conversation;
    addLore(first, conversation, who(book), 0);
    QCOMPARE(textsOf(first.parts), QStringList("Grey."));
    conversation.setMessages(endingAt(12), {first, message(12, 11, Role::Assistant, "Yes.")});
    ChatMessage below = message(13, 12, Role::User, "The sea!");
    addLore(below, conversation, who(book), 0);
    QVERIFY(textsOf(below.parts).isEmpty());
    // Another version of the first message is on another branch.
    ChatMessage edited = message(14, 0, Role::User, "Once more, the sea.");
    addLore(edited, conversation, who(book), 0);
    QCOMPARE(textsOf(edited.parts), QStringList("Grey."));
    // What was written anew since is another text.
    book.entries[0].text = "Blue.";
    addLore(below, conversation, who(book), 0);
    QCOMPARE(textsOf(below.parts), QStringList("Blue."));
}

void LoreMatchTest::whatWasCondensedAwayIsBroughtAgain() {
    const LoreBook book = bookOf({entry("sea", "Grey.")});
    ChatMessage first = message(11, 0, Role::User, "The sea?");
    ConversationModel conversation;
    addLore(first, conversation, who(book), 0);
    ChatMessage said = message(12, 11, Role::Assistant, "Yes.");
    said.summary = BranchSummary{"They spoke.", false};
    conversation.setMessages(endingAt(12), {first, said});
    ChatMessage asked = message(13, 12, Role::User, "The sea!");
    addLore(asked, conversation, who(book), 0);
    QCOMPARE(textsOf(asked.parts), QStringList("Grey."));
}

void LoreMatchTest::takesAnEighthOfASmallContext() {
    LoreBook book = bookOf({entry("sea", QString("word ").repeated(100).trimmed())});
    const ConversationModel conversation;
    const auto isBrought = [&](int contextLength) {
        ChatMessage asked = message(11, 0, Role::User, "The sea?");
        addLore(asked, conversation, who(book), contextLength);
        return asked.parts.size() > 1;
    };
    QVERIFY(isBrought(0));
    QVERIFY(isBrought(4096));
    QVERIFY(!isBrought(512));
    book.budget = 20;
    QVERIFY(!isBrought(4096));
}

void LoreMatchTest::aLineNamesWhatCame() {
    LoreBook book = bookOf({entry("sea", "Grey."), entry("gull", "Loud.")});
    book.entries[0].name = QString("The\u202e Sea");
    ChatMessage asked = message(11, 0, Role::User, "sea, gull");
    QCOMPARE(loreLine(asked), QString());
    addLore(asked, ConversationModel(), who(book), 0);
    QCOMPARE(loreLine(asked), QString("Lore: The[U+202E] Sea, gull"));
}

void LoreMatchTest::aHostileBookCostsNoSecond() {
    // All bounds filled, each entry naming the next, none of the words found until the end.
    LoreBook book;
    book.isRecursive = true;
    for (int i = 0; i < kMaxLoreEntries; ++i) {
        LoreEntry one = entry(QString("aaaa%1").arg(i), QString("aaaa%1 ").arg(i + 1).repeated(40));
        for (int j = 0; j < 9; ++j) one.words << QString("aaaaaaaaaaaaaaaaaaaaaab%1").arg(j);
        book.entries.push_back(one);
    }
    ChatMessage asked = message(11, 0, Role::User, QString("a").repeated(2'000'000) + " aaaa0");
    asked.parts.front().text.prepend("aaaa0 ");
    QElapsedTimer timer;
    timer.start();
    addLore(asked, ConversationModel(), who(book), 0);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(asked.parts.size() > 1);
}

QTEST_GUILESS_MAIN(LoreMatchTest)
#include "tst_lore_match.moc"
