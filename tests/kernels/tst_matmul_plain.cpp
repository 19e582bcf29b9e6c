// Products of plain weights with many tokens on (emulated) tensor cores against f64, at sizes that
// no tile divides, and with activations of every size.

#include "kernels/matmul_plain.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

constexpr WeightType kPlainTypes[] = {WeightType::F32, WeightType::F16, WeightType::BF16,
                                      WeightType::FP8};

struct Product {
    Product(Generator& generator, WeightType type, int rows, int cols, int n_token)
        : w(random_weights(generator, type, rows, cols))
        , n(static_cast<std::size_t>(n_token))
        , planes("planes", w.planes)
        , x("x", random_floats(generator, n * static_cast<std::size_t>(cols), 1.0F))
        , y("y", random_floats(generator, n * static_cast<std::size_t>(rows), 1.0F)) {
        params = {planes_view(type, rows, cols, planes.data(), w.tensor_scale), x.data(), y.data(),
                  n_token, Epilogue::Store};
    }
    /// [n, rows]
    [[nodiscard]] std::vector<double> want() const {
        std::vector<double> result(n * static_cast<std::size_t>(w.rows));
        for (std::int64_t r = 0; r < w.rows; ++r) {
            const std::vector<float> row = w.row(r);
            for (std::size_t i = 0; i < n; ++i) {
                double sum = 0;
                for (std::size_t c = 0; c < row.size(); ++c)
                    sum += static_cast<double>(row[c]) * x[i * row.size() + c];
                result[i * static_cast<std::size_t>(w.rows) + static_cast<std::size_t>(r)] = sum;
            }
        }
        return result;
    }
    [[nodiscard]] std::string run() const {
        return run_both_ways(matmul_plain_launch(w.type, params));
    }

    RandomWeights w;
    std::size_t n;
    GlobalBuffer<std::byte> planes;
    GlobalBuffer<float> x;
    GlobalBuffer<float> y;
    MatmulPlainParams params;
};

// f32 sums over a few thousand products; what is lost of activations and weights is less.
constexpr double kTolerance = 1e-6;

}  // namespace

class MatmulPlainTest : public QObject {
    Q_OBJECT

private slots:
    void isTheProduct_data();
    void isTheProduct();
    void hasTheEpiloguesOfMatvec();
    void keepsTokensOfEverySize();
    void keepsEveryFp8Code();
    void keepsBfloat16OfEverySize();
    void refusesWhatItCannotDo();
};

void MatmulPlainTest::isTheProduct_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<int>("n");
    for (const WeightType type : kPlainTypes) {
        const auto row = [&](int rows, int cols, int n) {
            QTest::addRow("%s %dx%d, %d tokens", to_string(type), rows, cols, n)
                << static_cast<int>(type) << rows << cols << n;
        };
        row(1, 1, 1);
        row(37, 50, 9);
        row(37, 50, 64);
        row(130, 64, 65);
        row(128, 192, 8);
        row(5, 67, 3);
        row(9, 3136, 2);
        row(256, 130, 1);
    }
}

void MatmulPlainTest::isTheProduct() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(int, n);
    Generator generator(73);
    const Product product(generator, static_cast<WeightType>(type), rows, cols, n);
    const std::string error = product.run();
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(product.y.span(), product.want());
    qInfo("%.1e", distance);
    QVERIFY(distance < kTolerance);
}

void MatmulPlainTest::hasTheEpiloguesOfMatvec() {
    for (const WeightType type : kPlainTypes)
        for (const Epilogue epilogue : {Epilogue::Residual, Epilogue::Relu2}) {
            Generator generator(74);
            Product product(generator, type, 40, 100, 3);
            std::vector<double> want = product.want();
            for (std::size_t i = 0; i < want.size(); ++i)
                want[i] = epilogue == Epilogue::Residual
                              ? want[i] + static_cast<double>(product.y[i])
                              : std::pow(std::max(want[i], 0.0), 2);
            product.params.epilogue = epilogue;
            const std::string error = product.run();
            QVERIFY2(error.empty(), error.c_str());
            QVERIFY(relative_distance(product.y.span(), want) < 2 * kTolerance);
        }
}

/// Each token is as good as if it were alone: far above what f16 holds, far below, zero; and an
/// infinite one spoils itself only.
void MatmulPlainTest::keepsTokensOfEverySize() {
    for (const WeightType type : kPlainTypes) {
        Generator generator(75);
        const Product product(generator, type, 24, 100, 6);
        const float sizes[] = {1e20F, 3e5F, 1.0F, 1e-6F, 1e-30F, 0.0F};
        for (std::size_t i = 0; i < product.x.size(); ++i) product.x[i] *= sizes[i / 100];
        const std::vector<double> want = product.want();
        const std::string error = product.run();
        QVERIFY2(error.empty(), error.c_str());
        for (std::size_t token = 0; token < 5; ++token) {
            const auto got = product.y.span().subspan(24 * token, 24);
            const auto from = want.begin() + static_cast<std::ptrdiff_t>(24 * token);
            const double distance = relative_distance(got, {from, from + 24});
            QVERIFY2(distance < kTolerance, to_string(type));
        }
        for (std::size_t row = 0; row < 24; ++row) QCOMPARE(product.y[5 * 24 + row], 0.0F);

        product.x[2 * 100 + 7] = std::numeric_limits<float>::infinity();
        const std::string again = product.run();
        QVERIFY2(again.empty(), again.c_str());
        for (std::size_t row = 0; row < 24; ++row) {
            QVERIFY(!std::isfinite(product.y[2 * 24 + row]));
            QVERIFY(std::isfinite(product.y[3 * 24 + row]));
        }
    }
}

/// A column a code, one token a column: the weights themselves come back.
void MatmulPlainTest::keepsEveryFp8Code() {
    RandomWeights w{WeightType::FP8, 1, 256, 0.5F, {}, {}};
    for (int code = 0; code < 256; ++code) w.file.push_back(static_cast<std::byte>(code));
    w.planes.resize(plane_layout(w.type, 1, 256).total_bytes, std::byte{0xFF});
    repack_rows(w.type, 1, 256, 0, w.file, w.planes);
    const std::vector<float> want = w.row(0);
    for (const std::size_t nan : {std::size_t{0x7F}, std::size_t{0xFF}}) {
        w.file[nan] = std::byte{0};
    }
    const GlobalBuffer<std::byte> planes("planes", w.planes);
    const GlobalBuffer<float> x("x", 256 * 256);
    const GlobalBuffer<float> y("y", 256);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 257 == 0 ? 1.0F : 0.0F;
    MatmulPlainParams params{planes_view(w.type, 1, 256, planes.data(), w.tensor_scale), x.data(),
                             y.data(), 256, Epilogue::Store};
    std::string error = run_once(matmul_plain_launch(w.type, params));
    QVERIFY2(error.empty(), error.c_str());
    for (const float v : y.span()) QVERIFY(std::isnan(v));  // the row has a NaN

    repack_rows(w.type, 1, 256, 0, w.file, w.planes);
    std::copy(w.planes.begin(), w.planes.end(), planes.data());
    error = run_once(matmul_plain_launch(w.type, params));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t code = 0; code < 256; ++code)
        QCOMPARE(y[code], code % 128 == 127 ? 0.0F : want[code]);
}

/// One column a power of two, from the smallest normal to the largest, mixed and alone: what a
/// row's largest drowns in f32 may go, nothing else.
void MatmulPlainTest::keepsBfloat16OfEverySize() {
    RandomWeights w{WeightType::BF16, 2, 254, 1.0F, {}, {}};
    for (int row = 0; row < 2; ++row)
        for (int i = 0; i < 254; ++i) {
            // Row 0 spreads neighbours widely, row 1 keeps them near.
            const int exponent = row == 0 ? i * 89 % 254 + 1 : i + 1;
            const unsigned bits = static_cast<unsigned>(exponent) << 7 | 0x5BU;
            w.file.push_back(static_cast<std::byte>(bits & 255U));
            w.file.push_back(static_cast<std::byte>(bits >> 8));
        }
    w.planes.resize(plane_layout(w.type, 2, 254).total_bytes, std::byte{0xFF});
    repack_rows(w.type, 2, 254, 0, w.file, w.planes);
    const GlobalBuffer<std::byte> planes("planes", w.planes);
    const GlobalBuffer<float> x("x", 254 * 254);
    const GlobalBuffer<float> y("y", 254 * 2);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 255 == 0 ? 1.0F : 0.0F;
    const MatmulPlainParams params{planes_view(w.type, 2, 254, planes.data()), x.data(), y.data(),
                                   254, Epilogue::Store};
    const std::string error = run_once(matmul_plain_launch(w.type, params));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t row = 0; row < 2; ++row) {
        const std::vector<float> want = w.row(static_cast<std::int64_t>(row));
        for (std::size_t i = 0; i < 254; ++i) {
            float largest = 0;
            for (std::size_t k = i / 64 * 64; k < std::min<std::size_t>(i / 64 * 64 + 64, 254); ++k)
                largest = std::max(largest, want[k]);
            QVERIFY(std::abs(static_cast<double>(y[2 * i + row]) - want[i]) <=
                    std::ldexp(static_cast<double>(largest), -39));
            if (want[i] >= std::ldexp(largest, -31)) QVERIFY(y[2 * i + row] == want[i]);
        }
    }
}

void MatmulPlainTest::refusesWhatItCannotDo() {
    Generator generator(76);
    const Product product(generator, WeightType::BF16, 8, 64, 1);
    const auto is_refused = [](WeightType type, const MatmulPlainParams& params) {
        return matmul_plain_launch(type, params).kernel == nullptr;
    };
    MatmulPlainParams params = product.params;
    QVERIFY(!is_refused(WeightType::BF16, params));
    QVERIFY(is_refused(WeightType::Q8_0, params));
    params.n = 0;
    QVERIFY(is_refused(WeightType::BF16, params));
    params = product.params;
    params.x = nullptr;
    QVERIFY(is_refused(WeightType::BF16, params));
    params = product.params;
    params.y = nullptr;
    QVERIFY(is_refused(WeightType::F32, params));
    params = product.params;
    params.w.rows = 0;
    QVERIFY(is_refused(WeightType::FP8, params));
}

QTEST_APPLESS_MAIN(MatmulPlainTest)
#include "tst_matmul_plain.moc"
