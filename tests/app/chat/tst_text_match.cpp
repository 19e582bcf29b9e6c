#include "app/chat/text_match.h"

#include <QElapsedTimer>
#include <QTest>

using namespace lares::app;

/// How searched text is compared, in the conversation, in all of them and in the palette.
class TextMatchTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatDiffersInCaseOrAccents_data();
    void findsWhatDiffersInCaseOrAccents();
    void wordsTogetherDoNotOverlap();
    void allWordsMustBeThere();
    void aSearchHasAtMostSixteenWords();
    void aMegabyteTakesMilliseconds();
};

void TextMatchTest::findsWhatDiffersInCaseOrAccents_data() {
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("found");  // "from+length"
    const auto row = [](const char* name, const QString& wanted, const QString& text,
                        const QStringList& found) {
        QTest::newRow(name) << wanted << text << found;
    };
    row("every place", "an", "An anagram", {"0+2", "3+2"});
    row("places do not overlap", "aa", "aaaaa", {"0+2", "2+2"});
    row("accents in the text", "glaser", "Gläser", {"0+6"});
    row("accents in what is wanted", "ÉTÉ", "ete", {"0+3"});
    row("two accents on a letter", "viet", u"Việt"_qs, {"0+4"});
    row("an accent that stands behind its letter", "cafe", u"a cafe\u0301 here"_qs, {"2+5"});
    row("behind one that does", "here", u"a cafe\u0301 here"_qs, {"8+4"});
    row("wanted with one that does", u"cafe\u0301"_qs, u"café"_qs, {"0+4"});
    row("sharp s is its own letter", "strasse", u"Straße"_qs, {});
    row("capital sharp s", u"STRAẞE"_qs, u"Straße"_qs, {"0+6"});
    row("Greek final sigma", u"ΟΔΟΣ"_qs, u"οδός"_qs, {"0+4"});
    row("Cyrillic", u"елка"_qs, u"Ёлка"_qs, {"0+4"});
    row("voicing marks of kana count", u"か"_qs, u"が"_qs, {});
    row("vowel signs of Devanagari count", u"क"_qs, u"कि"_qs, {"0+1"});
    row("full width", u"ａ"_qs, u"Ａ"_qs, {"0+1"});
    row("beyond the first plane", u"\U0001E922"_qs, u"x\U0001E900"_qs, {"1+2"});
    row("half of a pair", QString(QChar(0xd83d)), u"\U0001F600"_qs, {"0+1"});
    row("a line's end is a space", "one two", "one\ntwo", {"0+7"});
    row("so is a hard break, and a space that does not break", "a b c", u"a\u2028b\u00a0c"_qs,
        {"0+5"});
    row("curly quotes", "it's \"so\"", u"it’s “so”"_qs, {"0+9"});
    row("an accent alone", u"\u0301"_qs, u"e\u0301"_qs, {});
    row("nothing", "", "text", {});
}

void TextMatchTest::findsWhatDiffersInCaseOrAccents() {
    QFETCH(QString, wanted);
    QFETCH(QString, text);
    QFETCH(QStringList, found);
    QStringList places;
    for (const TextMatch& match : TextMatcher({wanted}).allIn(text))
        places << QString("%1+%2").arg(match.from).arg(match.length);
    QCOMPARE(places, found);
}

void TextMatchTest::wordsTogetherDoNotOverlap() {
    const std::vector<TextMatch> found =
        TextMatcher({"sea", "seashell", "shell"}).allIn(u"Seashell, shell, sea");
    const std::vector<TextMatch> wanted = {{0, 8}, {10, 5}, {17, 3}};
    QVERIFY(found == wanted);
}

void TextMatchTest::allWordsMustBeThere() {
    QVERIFY(TextMatcher({"black", "danube"}).areAllIn(u"The Danube, the BLACK sea"));
    QVERIFY(!TextMatcher({"black", "rhine"}).areAllIn(u"The Danube, the BLACK sea"));
}

void TextMatchTest::aSearchHasAtMostSixteenWords() {
    QCOMPARE(searchWords("  two\n words "), QStringList({"two", "words"}));
    QCOMPARE(searchWords(QString("word ").repeated(40)).size(), 16);
}

void TextMatchTest::aMegabyteTakesMilliseconds() {
    const QString text = QString(u"Wörter über Wörter, in langen Zeilen. "_qs).repeated(30'000);
    const TextMatcher matcher({"not there"});
    (void)matcher.allIn(text);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(matcher.allIn(text).empty());
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TextMatchTest)
#include "tst_text_match.moc"
