#include "tools/library/word_hits.h"

#include <QTest>

using namespace lares;

class WordHitsTest : public QObject {
    Q_OBJECT

private slots:
    void countsTextHeadingAndName() {
        const std::string text = "# Rent\nThe rent of the house.\n";
        const FileWords words =
            words_of_file("home/house.md", placed_passages(text, TextForm::Markdown));
        QCOMPARE(words.n_word, std::uint64_t{8});  // the rent of the house, rent, house md
        HitReader hits(words.hits.at("rent"));
        const auto hit = hits.next();
        QVERIFY(hit);
        QCOMPARE(hit->passage, std::uint64_t{0});
        QCOMPARE(hit->n_hit, std::uint64_t{2});
        QCOMPARE(hit->n_word, std::uint64_t{8});
        QVERIFY(!hits.next());
        QVERIFY(hits.is_at_end());
        QVERIFY(!words.hits.contains("home"));  // a folder's name is none of the file's
    }
    void keepsLargeNumbers() {
        std::string text;
        for (int i = 0; i < 1000; ++i) text += "zebra " + std::string(990, 'x') + "\n";
        text += "rare\n";
        const auto passages = placed_passages(text, TextForm::Plain);
        const FileWords words = words_of_file("a", passages);
        HitReader rare(words.hits.at("rare"));
        QCOMPARE(rare.next()->passage, std::uint64_t{passages.size() - 1});
        HitReader zebra(words.hits.at("zebra"));
        std::size_t n = 0;
        while (const auto hit = zebra.next()) n += hit->n_hit;
        QCOMPARE(n, std::size_t{1000});
    }
    void saysThatBytesAreDamaged_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("cut off") << QByteArray("\x01\x02", 2);
        QTest::newRow("a number without its end") << QByteArray("\x01\xFF\xFF", 3);
        QTest::newRow("a number that is too long") << QByteArray(12, '\xFF');
    }
    void saysThatBytesAreDamaged() {
        QFETCH(QByteArray, bytes);
        const std::string some = bytes.toStdString();
        HitReader reader(some);
        QVERIFY(!reader.next());
        QVERIFY(!reader.is_at_end());
    }
};

QTEST_APPLESS_MAIN(WordHitsTest)
#include "tst_word_hits.moc"
