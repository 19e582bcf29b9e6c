// Planes as dense matrices: each value is the file's, rounded once.

#include "kernels/dequantize.h"
#include "kernels/numeric.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

class DequantizePlanesTest : public QObject {
    Q_OBJECT

private slots:
    void isTheFilesValues_data();
    void isTheFilesValues();
    void refusesRowsOutside();
};

void DequantizePlanesTest::isTheFilesValues_data() {
    QTest::addColumn<int>("type");
    for (const WeightType type : all_weight_types())
        QTest::newRow(to_string(type)) << static_cast<int>(type);
}

void DequantizePlanesTest::isTheFilesValues() {
    QFETCH(int, type);
    Generator generator(60);
    const RandomWeights w = random_weights(generator, static_cast<WeightType>(type), 19, 512);
    const GlobalBuffer<std::byte> planes("planes", w.planes);
    const GlobalBuffer<std::uint16_t> out("out", 12 * 512);
    DequantizeParams params{planes_view(w.type, 19, 512, planes.data(), w.tensor_scale), out.data(),
                            7, 12, DenseType::BF16};
    for (const DenseType dense : {DenseType::BF16, DenseType::F16}) {
        params.type = dense;
        const std::string error = run_both_ways(dequantize_launch(w.type, params));
        QVERIFY2(error.empty(), error.c_str());
        for (std::size_t r = 0; r < 12; ++r) {
            const std::vector<float> row = w.row(static_cast<std::int64_t>(r) + 7);
            for (std::size_t c = 0; c < 512; ++c)
                QCOMPARE(out[r * 512 + c], dense == DenseType::F16 ? float_to_half(row[c])
                                                                   : float_to_bfloat16(row[c]));
        }
    }
}

void DequantizePlanesTest::refusesRowsOutside() {
    DequantizeParams params;
    params.w.rows = 10;
    params.w.cols = 64;
    params.first_row = 8;
    params.n_row = 2;
    QVERIFY(dequantize_launch(WeightType::Q8_0, params).kernel);
    params.n_row = 3;
    QVERIFY(!dequantize_launch(WeightType::Q8_0, params).kernel);
    params.n_row = 2;
    params.w.cols = 65;
    QVERIFY(!dequantize_launch(WeightType::Q8_0, params).kernel);
}

QTEST_APPLESS_MAIN(DequantizePlanesTest)
#include "tst_dequantize_planes.moc"
