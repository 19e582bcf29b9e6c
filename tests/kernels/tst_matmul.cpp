// Products with many tokens on (emulated) tensor cores against f64, for every quantised type, at
// sizes that no tile divides; and quantisation of rows.

#include "kernels/matmul.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

struct Product {
    Product(Generator& generator, WeightType type, int rows, int cols, int n_token)
        : w(random_weights(generator, type, rows, cols))
        , n(static_cast<std::size_t>(n_token))
        , planes("planes", w.planes)
        , x("x", random_floats(generator, n * static_cast<std::size_t>(cols), 1.0F))
        , q("q", x.size())
        , meta("meta", x.size() / 32)
        , y("y", random_floats(generator, n * static_cast<std::size_t>(rows), 1.0F)) {
        params = {planes_view(type, rows, cols, planes.data()),
                  {q.data(), meta.data()},
                  y.data(),
                  n_token,
                  Epilogue::Store};
    }
    [[nodiscard]] std::string quantize() const {
        return run_both_ways(
            quantize_launch(x.data(), params.x, static_cast<int>(n), static_cast<int>(w.cols)));
    }
    /// [n, rows], of the 8 bits that the kernel gets.
    [[nodiscard]] std::vector<double> want() const {
        std::vector<double> result(n * static_cast<std::size_t>(w.rows));
        for (std::int64_t r = 0; r < w.rows; ++r) {
            const std::vector<float> row = w.row(r);
            for (std::size_t i = 0; i < n; ++i) {
                double sum = 0;
                for (std::size_t c = 0; c < row.size(); ++c) {
                    const std::size_t at = i * row.size() + c;
                    sum += static_cast<double>(row[c]) * meta[at / 32].scale * q[at];
                }
                result[i * static_cast<std::size_t>(w.rows) + static_cast<std::size_t>(r)] = sum;
            }
        }
        return result;
    }

    RandomWeights w;
    std::size_t n;
    GlobalBuffer<std::byte> planes;
    GlobalBuffer<float> x;
    GlobalBuffer<std::int8_t> q;
    GlobalBuffer<Q8Meta> meta;
    GlobalBuffer<float> y;
    MatmulParams params;
};

}  // namespace

class MatmulTest : public QObject {
    Q_OBJECT

private slots:
    void isTheProduct_data();
    void isTheProduct();
    void hasTheEpiloguesOfMatvec();
    void quantizesToTheNearest();
    void refusesWhatItCannotDo();
};

void MatmulTest::isTheProduct_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<int>("n");
    for (const WeightType type : all_weight_types()) {
        if (is_plain(type)) continue;
        const auto row = [&](int rows, int cols, int n) {
            if (cols % traits(type).file_block == 0)
                QTest::addRow("%s %dx%d, %d tokens", to_string(type), rows, cols, n)
                    << static_cast<int>(type) << rows << cols << n;
        };
        row(77, 256, 70);
        row(9, 768, 1);
        row(16, 3136, 5);
        row(21, 160, 65);
    }
}

void MatmulTest::isTheProduct() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(int, n);
    Generator generator(70);
    const Product product(generator, static_cast<WeightType>(type), rows, cols, n);
    QCOMPARE(product.quantize(), std::string());
    const std::string error = run_both_ways(matmul_launch(product.w.type, product.params));
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(product.y.span(), product.want());
    qInfo("%.1e", distance);
    QVERIFY(distance < 2e-6);
}

void MatmulTest::hasTheEpiloguesOfMatvec() {
    for (const Epilogue epilogue : {Epilogue::Residual, Epilogue::Relu2}) {
        Generator generator(71);
        Product product(generator, WeightType::Q4_K, 40, 512, 3);
        QCOMPARE(product.quantize(), std::string());
        std::vector<double> want = product.want();
        for (std::size_t i = 0; i < want.size(); ++i)
            want[i] = epilogue == Epilogue::Residual ? want[i] + static_cast<double>(product.y[i])
                                                     : std::pow(std::max(want[i], 0.0), 2);
        product.params.epilogue = epilogue;
        const std::string error = run_both_ways(matmul_launch(product.w.type, product.params));
        QVERIFY2(error.empty(), error.c_str());
        QVERIFY(relative_distance(product.y.span(), want) < 4e-6);
    }
}

void MatmulTest::quantizesToTheNearest() {
    Generator generator(72);
    const Product product(generator, WeightType::Q8_0, 8, 96, 7);
    QCOMPARE(product.quantize(), std::string());
    for (std::size_t i = 0; i < product.x.size(); ++i) {
        const double step = product.meta[i / 32].scale;
        QVERIFY(std::abs(step * product.q[i] - static_cast<double>(product.x[i])) <= 0.5001 * step);
    }
}

void MatmulTest::refusesWhatItCannotDo() {
    MatmulParams params;
    params.w.rows = 8;
    params.w.cols = 64;
    params.n = 1;
    QVERIFY(matmul_launch(WeightType::Q8_0, params).kernel);
    QVERIFY(!matmul_launch(WeightType::BF16, params).kernel);
    QVERIFY(!matmul_launch(WeightType::Q4_K, params).kernel);
    params.n = 0;
    QVERIFY(!matmul_launch(WeightType::Q8_0, params).kernel);
    QVERIFY(!quantize_launch(nullptr, {}, 1, 48).kernel);
}

QTEST_APPLESS_MAIN(MatmulTest)
#include "tst_matmul.moc"
