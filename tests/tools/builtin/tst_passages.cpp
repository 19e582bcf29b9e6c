#include "tools/builtin/search_documents/passages.h"
#include "tools/builtin/search_documents/search_words.h"
#include "tools/builtin/tool_text.h"

#include <QTest>

using namespace lares;

namespace {

QString words(std::string_view text) {
    QStringList all;
    for (const std::string& word : search_words(text)) all.append(QString::fromStdString(word));
    return all.join(' ');
}

std::string sentence(int n) {
    return "Sentence " + std::to_string(n) + " says a few plain words about nothing.";
}

}  // namespace

class PassagesTest : public QObject {
    Q_OBJECT

private slots:
    void comparesWords_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("case and signs") << QByteArray("The RENT, (2024)!") << "the rent 2024";
        QTest::newRow("accents") << QByteArray("Über naïve ŁÓDŹ straße")
                                 << "uber naive lodz strasse";
        QTest::newRow("combining") << QByteArray("cafe\xCC\x81") << "cafe";
        QTest::newRow("plurals") << QByteArray("policies rents glass bus")
                                 << "policy rent glass bus";
        QTest::newRow("other letters") << QByteArray("ПРИВЕТ мир") << QString("привет мир");
        QTest::newRow("no spaces") << QByteArray("猫が") << QString("猫 が");
        QTest::newRow("a query's syntax")
            << QByteArray("\"a\" AND (b* NEAR/2 c) -d ' ;") << "a and b near 2 c d";
        QTest::newRow("nothing") << QByteArray(" \t—…! ") << "";
    }
    void comparesWords() {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(words(text.toStdString()), expected);
    }
    void keepsShortParagraphsTogether() {
        const auto passages = passages_of("One.\n\nTwo.\nThree.\n\n\n  Four.  \n", TextForm::Plain);
        QCOMPARE(passages.size(), std::size_t{1});
        QCOMPARE(passages[0].text, std::string_view("One.\n\nTwo.\nThree.\n\n\n  Four."));
        QVERIFY(passages_of("", TextForm::Plain).empty());
        QVERIFY(passages_of(" \n\n\t\n", TextForm::Plain).empty());
    }
    void cutsAtAnEmptyLineOnceThereIsEnough() {
        std::string text;
        for (int i = 0; i < 10; ++i) text += sentence(i) + "\n";
        text += "\nNext.\n";
        const auto passages = passages_of(text, TextForm::Plain);
        QCOMPARE(passages.size(), std::size_t{2});
        QCOMPARE(passages[1].text, std::string_view("Next."));
        QCOMPARE(passages[1].line, std::size_t{12});
        QCOMPARE(text.substr(passages[1].begin, 5), std::string("Next."));
    }
    void cutsALongLineBetweenSentences() {
        std::string text;
        for (int i = 0; i < 100; ++i) text += sentence(i) + " ";
        const auto passages = passages_of(text, TextForm::Plain);
        QVERIFY(passages.size() > 4);
        for (const Passage& passage : passages) {
            QVERIFY(passage.text.size() <= kMaxPassageBytes);
            QVERIFY(passage.text.starts_with("Sentence "));
            QVERIFY(passage.text.ends_with("nothing."));
            QCOMPARE(passage.line, std::size_t{1});
        }
    }
    void neverCutsAWordWhereThereAreSpaces() {
        std::string text;
        for (int i = 0; i < 900; ++i) text += "wörter" + std::to_string(i % 7) + " ";
        std::size_t n_word = 0;
        for (const Passage& passage : passages_of(text, TextForm::Plain))
            n_word += search_words(passage.text).size();
        QCOMPARE(n_word, std::size_t{900});
    }
    void neverCutsACharacter() {
        for (std::size_t shift = 0; shift < 4; ++shift) {
            std::string text(shift, 'a');
            for (int i = 0; i < 2000; ++i) text += "\xF0\x9F\x90\x88";  // a cat
            std::string together;
            for (const Passage& passage : passages_of(text, TextForm::Plain)) {
                QVERIFY(begins_character(passage.text.front()));
                QVERIFY(passage.text.size() <= kMaxPassageBytes);
                together += passage.text;
            }
            QCOMPARE(together, text);
        }
    }
    void keepsHeadingsWithTheirText() {
        const auto passages = passages_of(
            "Before.\n# Lease\n## Rent\nIt is 900.\n## Keys\n# Empty\n# End\n```\n# no\n```\n",
            TextForm::Markdown);
        QCOMPARE(passages.size(), std::size_t{5});
        QCOMPARE(passages[0].heading, std::string());
        QCOMPARE(passages[1].heading, std::string("Lease > Rent"));
        QCOMPARE(passages[1].text, std::string_view("It is 900."));
        QCOMPARE(passages[1].line, std::size_t{4});
        QCOMPARE(passages[2].heading, std::string("Lease"));  // without text of its own
        QCOMPARE(passages[2].text, std::string_view("Keys"));
        QCOMPARE(passages[3].text, std::string_view("Empty"));
        QCOMPARE(passages[4].heading, std::string("End"));
        QCOMPARE(passages[4].text, std::string_view("```\n# no\n```"));
        QCOMPARE(passages_of("# a comment\ncode", TextForm::Plain)[0].heading, std::string());
    }
    void namesPages() {
        const std::string text = "Title\n— page 1 —\nOne\n— page 2 —\n\n— page 3 —\nThree\n";
        const auto passages = passages_of(text, TextForm::Document);
        QCOMPARE(passages.size(), std::size_t{3});
        QCOMPARE(passages[0].page, std::string_view());
        QCOMPARE(passages[1].page, std::string_view("page 1"));
        QCOMPARE(passages[2].page, std::string_view("page 3"));
        QCOMPARE(passages[2].text, std::string_view("Three"));
    }
};

QTEST_APPLESS_MAIN(PassagesTest)
#include "tst_passages.moc"
