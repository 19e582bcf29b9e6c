#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/byte_pair_merge.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <memory>
#include <random>

using namespace lares;

namespace {

struct RealVocabulary {
    Vocabulary entries;
    MergeTable merges;

    static RealVocabulary load() {
        const auto file = GgufFile::open(test::data_file("tokenizer/vocab.gguf"));
        if (!file) qFatal("%s", file.error().message.c_str());
        auto entries = Vocabulary::read(*file);
        if (!entries) qFatal("%s", entries.error().message.c_str());
        auto merges = MergeTable::read(*file->get_strings("tokenizer.ggml.merges"), *entries);
        if (!merges) qFatal("%s", merges.error().message.c_str());
        return {std::move(entries).value(), std::move(merges).value()};
    }
};

const RealVocabulary& real() {
    static const RealVocabulary vocabulary = RealVocabulary::load();
    return vocabulary;
}

std::vector<TokenId> byte_tokens(std::string_view text) {
    std::vector<TokenId> symbols;
    for (const char c : text)
        symbols.push_back(real().entries.byte_token(static_cast<std::uint8_t>(c)));
    return symbols;
}

/// The definition: the best pair of all, joined, until there is none.
void merge_naively(std::vector<TokenId>& symbols) {
    for (;;) {
        std::uint32_t best = MergeTable::kNoMerge;
        std::size_t at = 0;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
            const std::uint32_t rank = real().merges.rank(symbols[i], symbols[i + 1]);
            if (rank < best) {
                best = rank;
                at = i;
            }
        }
        if (best == MergeTable::kNoMerge) return;
        symbols[at] = real().merges.result(best);
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
}

std::string random_letters(std::size_t size, unsigned n_letter, unsigned seed) {
    std::mt19937 random(seed);
    std::string text(size, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % n_letter);
    return text;
}

}  // namespace

class TestBytePairMerge : public QObject {
    Q_OBJECT

private slots:
    void agreesWithTheDefinition_data();
    void agreesWithTheDefinition();
    void leavesNothingAndSingleBytesAlone();
    void workGrowsWithTheLength_data();
    void workGrowsWithTheLength();
};

void TestBytePairMerge::agreesWithTheDefinition_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("n_letter");
    // Up to 64 bytes are scanned, longer ones queued.
    for (const int size : {2, 3, 7, 20, 63, 64, 65, 66, 100, 300})
        for (const int n_letter : {1, 2, 4, 26})
            QTest::addRow("%d of %d letters", size, n_letter) << size << n_letter;
}

void TestBytePairMerge::agreesWithTheDefinition() {
    QFETCH(int, size);
    QFETCH(int, n_letter);
    for (unsigned seed = 0; seed < 20; ++seed) {
        const std::string text =
            random_letters(static_cast<std::size_t>(size), static_cast<unsigned>(n_letter), seed);
        auto got = byte_tokens(text);
        auto want = got;
        (void)merge_byte_pairs(real().merges, got);
        merge_naively(want);
        QCOMPARE(got, want);
    }
}

void TestBytePairMerge::leavesNothingAndSingleBytesAlone() {
    std::vector<TokenId> none;
    (void)merge_byte_pairs(real().merges, none);
    QVERIFY(none.empty());
    std::vector<TokenId> one = {1065};
    (void)merge_byte_pairs(real().merges, one);
    QCOMPARE(one, std::vector<TokenId>{1065});
}

void TestBytePairMerge::workGrowsWithTheLength_data() {
    QTest::addColumn<int>("n_letter");
    QTest::newRow("one letter") << 1;
    QTest::newRow("two letters") << 2;
    QTest::newRow("random letters") << 26;
}

void TestBytePairMerge::workGrowsWithTheLength() {
    QFETCH(int, n_letter);
    // Counted, not timed: 16 times the bytes may take 16 times the steps, and 5 % for luck.
    const auto work = [&](std::size_t size) {
        auto symbols = byte_tokens(random_letters(size, static_cast<unsigned>(n_letter), 9));
        return static_cast<double>(merge_byte_pairs(real().merges, symbols));
    };
    const double small = work(64 << 10);
    const double large = work(1 << 20);
    QVERIFY2(large <= 16 * 1.05 * small, qPrintable(QString::number(large / small)));
    QVERIFY(large <= 4.0 * (1 << 20));
}

QTEST_APPLESS_MAIN(TestBytePairMerge)
#include "tst_byte_pair_merge.moc"
