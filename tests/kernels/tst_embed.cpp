// Embedding rows out of planes are the file's values, bit for bit.

#include "kernels/embed.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

#include <cstring>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

class EmbedTest : public QObject {
    Q_OBJECT

private slots:
    void isTheFilesRow_data();
    void isTheFilesRow();
    void readsRowZeroForATokenOutside();
    void refusesWhatItCannotDo();
};

void EmbedTest::isTheFilesRow_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("cols");
    for (const WeightType type : all_weight_types()) {
        for (const int cols : {64, 256, 768, 3136, 37}) {
            if (cols % traits(type).file_block == 0)
                QTest::addRow("%s %d", to_string(type), cols) << static_cast<int>(type) << cols;
        }
    }
}

void EmbedTest::isTheFilesRow() {
    QFETCH(int, type);
    QFETCH(int, cols);
    Generator generator(10);
    const RandomWeights w = random_weights(generator, static_cast<WeightType>(type), 21, cols);
    const GlobalBuffer<std::byte> planes("planes", w.planes);
    const GlobalBuffer<std::int32_t> tokens("tokens", std::vector<std::int32_t>{20, 0, 7, 8, 7});
    const GlobalBuffer<float> x("x", tokens.size() * static_cast<std::size_t>(cols));
    const EmbedParams params{planes_view(w.type, 21, cols, planes.data(), w.tensor_scale),
                             tokens.data(), x.data()};
    const std::string error = run_both_ways(embed_launch(w.type, params, 5));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::vector<float> want = w.row(tokens[i]);
        QVERIFY(std::memcmp(x.data() + i * want.size(), want.data(), want.size() * sizeof(float)) ==
                0);
    }
}

void EmbedTest::readsRowZeroForATokenOutside() {
    Generator generator(11);
    const RandomWeights w = random_weights(generator, WeightType::Q5_0, 9, 64);
    const GlobalBuffer<std::byte> planes("planes", w.planes);
    const GlobalBuffer<std::int32_t> tokens("tokens", std::vector<std::int32_t>{-1, 9});
    const GlobalBuffer<float> x("x", 128);
    const EmbedParams params{planes_view(w.type, 9, 64, planes.data()), tokens.data(), x.data()};
    const std::string error = run_both_ways(embed_launch(w.type, params, 2));
    QVERIFY2(error.empty(), error.c_str());
    const std::vector<float> want = w.row(0);
    for (std::size_t i = 0; i < 128; ++i) QCOMPARE(x[i], want[i % 64]);
}

void EmbedTest::refusesWhatItCannotDo() {
    EmbedParams params;
    params.w.rows = 8;
    params.w.cols = 33;
    QVERIFY(!embed_launch(WeightType::Q8_0, params, 1).kernel);
    QVERIFY(embed_launch(WeightType::F16, params, 1).kernel);
    QVERIFY(!embed_launch(WeightType::F16, params, 0).kernel);
}

QTEST_APPLESS_MAIN(EmbedTest)
#include "tst_embed.moc"
