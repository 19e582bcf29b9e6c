// Activations as terms of 16 bits, and what becomes of the terms' products, against f64.

#include "kernels/dense_terms.h"
#include "kernels/numeric.h"
#include "tests/kernels/random_weights.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

constexpr std::uint16_t kUntouched = 0x1234;

double value_of(DenseType type, std::uint16_t bits) {
    return static_cast<double>(type == DenseType::F16 ? half_to_float(bits)
                                                      : bfloat16_to_float(bits));
}

/// Tokens of `cols` numbers, split.
struct Split {
    Split(DenseType term_type, const std::vector<float>& values, int n_token, int n_col)
        : type(term_type)
        , n(static_cast<std::size_t>(n_token))
        , cols(static_cast<std::size_t>(n_col))
        , padded((cols + 7) / 8 * 8)
        , term_rows(n + 3)
        , x("x", values)
        , terms("terms", static_cast<std::size_t>(kDenseTerms) * term_rows * padded)
        , scale("scale", n) {
        std::fill_n(terms.data(), terms.size(), kUntouched);
        params = {x.data(),
                  terms.data(),
                  scale.data(),
                  n_token,
                  n_col,
                  static_cast<int>(padded),
                  static_cast<int>(term_rows)};
    }
    [[nodiscard]] std::string run() const { return run_both_ways(split_rows_launch(type, params)); }
    [[nodiscard]] double sum(std::size_t token, std::size_t col) const {
        double sum = 0;
        for (int i = 0; i < kDenseTerms; ++i)
            sum += value_of(
                type, terms[(static_cast<std::size_t>(i) * term_rows + token) * padded + col]);
        return type == DenseType::F16 ? sum * static_cast<double>(scale[token]) : sum;
    }

    DenseType type;
    std::size_t n;
    std::size_t cols;
    std::size_t padded;
    std::size_t term_rows;
    GlobalBuffer<float> x;
    GlobalBuffer<std::uint16_t> terms;
    GlobalBuffer<float> scale;
    SplitRowsParams params;
};

}  // namespace

class DenseTermsTest : public QObject {
    Q_OBJECT

private slots:
    void termsAreTheNumber_data();
    void termsAreTheNumber();
    void tokensOfEverySizeKeepTheirBits();
    void aTokenThatIsNotFiniteSpoilsItselfOnly();
    void productsOfTermsAreTheProduct_data();
    void productsOfTermsAreTheProduct();
    void widensEveryFp8Code();
    void joinsWithTheEpiloguesOfMatvec();
    void refusesWhatItCannotDo();
};

void DenseTermsTest::termsAreTheNumber_data() {
    QTest::addColumn<bool>("isF16");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("cols");
    for (const bool is_f16 : {true, false})
        for (const auto& [n, cols] : {std::pair(1, 1), std::pair(3, 7), std::pair(2, 64),
                                      std::pair(5, 1030), std::pair(2, 3136)})
            QTest::addRow("%s, %d of %d", is_f16 ? "f16" : "bf16", n, cols) << is_f16 << n << cols;
}

void DenseTermsTest::termsAreTheNumber() {
    QFETCH(bool, isF16);
    QFETCH(int, n);
    QFETCH(int, cols);
    Generator generator(91);
    const std::vector<float> values =
        random_floats(generator, static_cast<std::size_t>(n * cols), 1.0F);
    const Split split(isF16 ? DenseType::F16 : DenseType::BF16, values, n, cols);
    const std::string error = split.run();
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t token = 0; token < split.n; ++token) {
        const auto row = split.x.span().subspan(token * split.cols, split.cols);
        double largest = 0;
        for (const float v : row) largest = std::max(largest, std::abs(static_cast<double>(v)));
        for (std::size_t c = 0; c < split.padded; ++c) {
            const double want = c < split.cols ? static_cast<double>(row[c]) : 0.0;
            const double allowed = isF16
                                       ? std::ldexp(std::abs(want), -22) + std::ldexp(largest, -39)
                                       : std::ldexp(std::abs(want), -17);
            QVERIFY(std::abs(split.sum(token, c) - want) <= allowed);
        }
    }
    // Rows that no token has are nobody's.
    for (int i = 0; i < kDenseTerms; ++i) {
        const std::size_t from =
            (static_cast<std::size_t>(i) * split.term_rows + split.n) * split.padded;
        for (std::size_t k = 0; k < 3 * split.padded; ++k)
            QCOMPARE(split.terms[from + k], kUntouched);
    }
}

void DenseTermsTest::tokensOfEverySizeKeepTheirBits() {
    for (const DenseType type : {DenseType::F16, DenseType::BF16}) {
        Generator generator(92);
        std::vector<float> values = random_floats(generator, 6 * 100, 1.0F);
        const float sizes[] = {1e30F, 3e5F, 1.0F, 1e-6F, 1e-30F, 0.0F};
        for (std::size_t i = 0; i < values.size(); ++i) values[i] *= sizes[i / 100];
        const Split split(type, values, 6, 100);
        const std::string error = split.run();
        QVERIFY2(error.empty(), error.c_str());
        for (std::size_t token = 0; token < 6; ++token) {
            double far = 0;
            double length = 0;
            for (std::size_t c = 0; c < 100; ++c) {
                const auto want = static_cast<double>(values[token * 100 + c]);
                far += std::pow(split.sum(token, c) - want, 2);
                length += want * want;
            }
            QVERIFY(far <= std::pow(type == DenseType::F16 ? 1e-7 : 4e-6, 2) * length);
        }
    }
}

void DenseTermsTest::aTokenThatIsNotFiniteSpoilsItselfOnly() {
    for (const DenseType type : {DenseType::F16, DenseType::BF16})
        for (const float bad :
             {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
            std::vector<float> values(3 * 40, 1.5F);
            values[40 + 7] = bad;
            const Split split(type, values, 3, 40);
            const std::string error = split.run();
            QVERIFY2(error.empty(), error.c_str());
            QVERIFY(!std::isfinite(split.sum(1, 7)));
            for (std::size_t c = 0; c < 40; ++c) {
                QCOMPARE(split.sum(0, c), 1.5);
                QCOMPARE(split.sum(2, c), 1.5);
            }
        }
}

void DenseTermsTest::productsOfTermsAreTheProduct_data() {
    QTest::addColumn<int>("type");
    for (const WeightType type : {WeightType::F16, WeightType::BF16, WeightType::FP8})
        QTest::newRow(to_string(type)) << static_cast<int>(type);
}

/// Split, multiplied as a library does (f32 results of one 16-bit matrix by another), and joined.
void DenseTermsTest::productsOfTermsAreTheProduct() {
    QFETCH(int, type);
    constexpr std::size_t kRows = 37;
    constexpr std::size_t kCols = 300;
    constexpr std::size_t kTokens = 9;
    Generator generator(93);
    const RandomWeights w = random_weights(generator, static_cast<WeightType>(type), kRows, kCols);
    const DenseType dense = w.type == WeightType::BF16 ? DenseType::BF16 : DenseType::F16;
    const Split split(dense, random_floats(generator, kTokens * kCols, 1.0F), kTokens, kCols);
    std::string error = split.run();
    QVERIFY2(error.empty(), error.c_str());

    const float factor = w.type == WeightType::FP8 ? 256.0F * w.tensor_scale : 1.0F;
    constexpr std::size_t kTerms = kDenseTerms;
    const GlobalBuffer<float> parts("parts", kTerms * split.term_rows * kRows);
    std::vector<double> want(kTokens * kRows);
    for (std::size_t r = 0; r < kRows; ++r) {
        const std::vector<float> row = w.row(static_cast<std::int64_t>(r));
        for (std::size_t t = 0; t < kTerms * split.term_rows; ++t) {
            float sum = 0;  // f32, as in an accumulator
            for (std::size_t c = 0; c < kCols; ++c)
                sum += static_cast<float>(value_of(dense, split.terms[t * split.padded + c])) *
                       (row[c] / factor);
            parts[t * kRows + r] = sum;
        }
        for (std::size_t t = 0; t < kTokens; ++t)
            for (std::size_t c = 0; c < kCols; ++c)
                want[t * kRows + r] +=
                    static_cast<double>(row[c]) * static_cast<double>(split.x[t * kCols + c]);
    }
    const GlobalBuffer<float> y("y", kTokens * kRows);
    error = run_both_ways(
        join_terms_launch({parts.data(), dense == DenseType::F16 ? split.scale.data() : nullptr,
                           y.data(), kTokens, kRows, static_cast<int>(split.term_rows), factor}));
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(y.span(), want);
    qInfo("%.1e", distance);
    QVERIFY(distance < (dense == DenseType::F16 ? 1e-6 : 3e-6));
}

void DenseTermsTest::widensEveryFp8Code() {
    const GlobalBuffer<std::uint8_t> from("from", 256 + 16);
    const GlobalBuffer<std::uint16_t> to("to", 256 + 16);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint8_t>(i);
    const std::string error = run_both_ways(widen_fp8_launch({from.data(), to.data(), 17}));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < to.size(); ++i) {
        const float want = fp8_to_float(from[i]);
        if (std::isnan(want))
            QVERIFY(std::isnan(half_to_float(to[i])));
        else
            QCOMPARE(256.0F * half_to_float(to[i]), want);
    }
}

void DenseTermsTest::joinsWithTheEpiloguesOfMatvec() {
    constexpr std::size_t kRows = 300;
    for (const Epilogue epilogue : {Epilogue::Store, Epilogue::Residual, Epilogue::Relu2}) {
        Generator generator(94);
        const GlobalBuffer<float> parts("parts", random_floats(generator, 2 * 8 * kRows, 1));
        const GlobalBuffer<float> scale("scale", {0.5F, 4.0F, 1.0F, 2.0F, 8.0F});
        const GlobalBuffer<float> y("y", random_floats(generator, 5 * kRows, 1));
        std::vector<double> want(5 * kRows);
        for (std::size_t i = 0; i < want.size(); ++i) {
            const double v =
                3.0 * static_cast<double>(scale[i / kRows]) *
                (static_cast<double>(parts[i]) + static_cast<double>(parts[8 * kRows + i]));
            want[i] = epilogue == Epilogue::Store      ? v
                      : epilogue == Epilogue::Residual ? v + static_cast<double>(y[i])
                                                       : std::pow(std::max(v, 0.0), 2);
        }
        // A residual adds to what is there: the runs put it back.
        const std::string error = run_both_ways(
            join_terms_launch({parts.data(), scale.data(), y.data(), 5, kRows, 8, 3.0F, epilogue}));
        QVERIFY2(error.empty(), error.c_str());
        QVERIFY(relative_distance(y.span(), want) < 1e-6);
    }
}

void DenseTermsTest::refusesWhatItCannotDo() {
    float x = 0;
    std::uint16_t terms = 0;
    std::uint8_t codes = 0;
    const SplitRowsParams split{&x, &terms, &x, 4, 10, 16, 4};
    const auto splits = [](DenseType type, const SplitRowsParams& p) {
        return split_rows_launch(type, p).kernel != nullptr;
    };
    QVERIFY(splits(DenseType::F16, split));
    SplitRowsParams other = split;
    other.scale = nullptr;
    QVERIFY(!splits(DenseType::F16, other));
    QVERIFY(splits(DenseType::BF16, other));
    other = split;
    other.padded = 12;
    QVERIFY(!splits(DenseType::F16, other));
    other.padded = 8;
    QVERIFY(!splits(DenseType::BF16, other));
    other = split;
    other.term_rows = 3;
    QVERIFY(!splits(DenseType::BF16, other));
    QVERIFY(widen_fp8_launch({&codes, &terms, 1}).kernel);
    QVERIFY(!widen_fp8_launch({&codes, &terms, 0}).kernel);
    QVERIFY(!widen_fp8_launch({nullptr, &terms, 1}).kernel);
    QVERIFY(join_terms_launch({&x, nullptr, &x, 4, 8, 4}).kernel);
    QVERIFY(!join_terms_launch({&x, nullptr, &x, 5, 8, 4}).kernel);
    QVERIFY(!join_terms_launch({nullptr, nullptr, &x, 4, 8, 4}).kernel);
}

QTEST_APPLESS_MAIN(DenseTermsTest)
#include "tst_dense_terms.moc"
