// Matrix times vector on planes against f64, for every type: the 4B's and the 9B's row lengths, odd
// ones, every way of dividing rows among threads, every epilogue.

#include "kernels/matvec.h"
#include "kernels/rms_norm.h"
#include "tests/kernels/random_weights.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

/// x as a kernel gets it, and what the 8 bits stand for.
struct Activations {
    explicit Activations(const std::vector<float>& values)
        : x("x", values)
        , q("x.q", (values.size() + 31) / 32 * 32)
        , meta("x.meta", (values.size() + 31) / 32) {
        q.fill(0);
        for (std::size_t b = 0; b < meta.size(); ++b) {
            float largest = 0;
            const std::size_t end = std::min(values.size(), 32 * (b + 1));
            for (std::size_t i = 32 * b; i < end; ++i)
                largest = std::max(largest, std::abs(values[i]));
            Q8Meta m{largest / 127.0F, 0, 0};
            for (std::size_t i = 32 * b; i < end; ++i) {
                q[i] = static_cast<std::int8_t>(std::nearbyint(values[i] / m.scale));
                std::int16_t& sum = i % 32 < 16 ? m.sum_low : m.sum_high;
                sum = static_cast<std::int16_t>(sum + q[i]);
            }
            meta[b] = m;
        }
    }
    [[nodiscard]] double quantized(std::size_t i) const {
        return static_cast<double>(meta[i / 32].scale) * q[i];
    }

    GlobalBuffer<float> x;
    GlobalBuffer<std::int8_t> q;
    GlobalBuffer<Q8Meta> meta;
};

struct Product {
    Product(Generator& generator, WeightType type, int rows, int cols)
        : w(random_weights(generator, type, rows, cols))
        , planes("planes", w.planes)
        , x(random_floats(generator, static_cast<std::size_t>(cols), 1.0F))
        , y("y", static_cast<std::size_t>(rows)) {
        params.w = planes_view(type, rows, cols, planes.data(), w.tensor_scale);
        params.x = x.x.data();
        params.x_q8 = {x.q.data(), x.meta.data()};
        params.y = y.data();
    }
    /// W x in f64, of the values that the kernel gets.
    [[nodiscard]] std::vector<double> want() const {
        std::vector<double> sums;
        for (std::int64_t r = 0; r < w.rows; ++r) {
            const std::vector<float> row = w.row(r);
            double sum = 0;
            for (std::size_t c = 0; c < row.size(); ++c)
                sum += static_cast<double>(row[c]) *
                       (is_plain(w.type) ? static_cast<double>(x.x[c]) : x.quantized(c));
            sums.push_back(sum);
        }
        return sums;
    }

    RandomWeights w;
    GlobalBuffer<std::byte> planes;
    Activations x;
    GlobalBuffer<float> y;
    MatvecParams params;
};

// f32 sums over a few thousand products, in both kinds of arithmetic.
constexpr double kTolerance = 2e-6;

}  // namespace

class MatvecTest : public QObject {
    Q_OBJECT

private slots:
    void isTheProduct_data();
    void isTheProduct();
    void fillsTheDeviceAndGoesTwice_data();
    void fillsTheDeviceAndGoesTwice();
    void dividesRowsInEveryWay_data();
    void dividesRowsInEveryWay();
    void finishesAPendingNorm_data();
    void finishesAPendingNorm();
    void addsToTheResidual();
    void squaresWhatIsPositive();
    void quantizesItsResult();
    void fewVectorsAreToTheBitEachAlone_data();
    void fewVectorsAreToTheBitEachAlone();
    void refusesWhatItCannotDo();
};

void MatvecTest::isTheProduct_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    for (const WeightType type : all_weight_types()) {
        const auto row = [&](int rows, int cols) {
            if (cols % traits(type).file_block == 0)
                QTest::addRow("%s %dx%d", to_string(type), rows, cols)
                    << static_cast<int>(type) << rows << cols;
        };
        row(16, 3136);
        row(8, 4480);
        row(9, 7680);
        row(8, 12544);
        row(8, 15680);
        row(37, 256);
        row(5, 160);
        row(3, 37);
        row(2, 1);
    }
}

void MatvecTest::isTheProduct() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    Generator generator(4);
    const Product product(generator, static_cast<WeightType>(type), rows, cols);
    const Launch launch = matvec_launch(product.w.type, product.params, 2);
    QVERIFY(launch.kernel);
    const std::string error = run_both_ways(launch);
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(product.y.span(), product.want());
    qInfo("%s %dx%d: %.1e", to_string(product.w.type), rows, cols, distance);
    QVERIFY(distance < kTolerance);
}

void MatvecTest::fillsTheDeviceAndGoesTwice_data() {
    QTest::addColumn<WeightType>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<bool>("quantises");
    QTest::addColumn<int>("n_multiprocessor");
    QTest::addColumn<int>("lanes");
    const auto row = [](const char* name, WeightType type, int rows, int cols, bool quantises,
                        int n_multiprocessor, int lanes) {
        QTest::newRow(name) << type << rows << cols << quantises << n_multiprocessor << lanes;
    };
    // The 4B. 98 columns of Q5_0 are two for each of 64 threads, 196 of FP8 for 128, 392 of BF16
    // for 256; 3,136 rows are too few blocks for a large card, and enough for a small one.
    row("in_proj Q5_0", WeightType::Q5_0, 17504, 3136, false, 132, 64);
    row("in_proj FP8", WeightType::FP8, 17504, 3136, false, 132, 128);
    row("in_proj BF16", WeightType::BF16, 17504, 3136, false, 132, 256);
    row("up Q5_0", WeightType::Q5_0, 12544, 3136, true, 132, 64);
    row("up BF16", WeightType::BF16, 12544, 3136, false, 132, 256);
    row("down Q4_K", WeightType::Q4_K, 3136, 12544, false, 132, 256);
    row("out_proj Q4_K", WeightType::Q4_K, 3136, 7680, false, 132, 256);
    row("out_proj Q4_K, small card", WeightType::Q4_K, 3136, 7680, false, 46, 128);
    row("no more threads than columns", WeightType::Q5_0, 64, 1024, false, 132, 32);
}

void MatvecTest::fillsTheDeviceAndGoesTwice() {
    QFETCH(WeightType, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(bool, quantises);
    QFETCH(int, n_multiprocessor);
    QFETCH(int, lanes);
    // Nothing follows these pointers.
    alignas(16) static std::array<std::byte, 16> memory;
    MatvecParams params;
    params.w.rows = rows;
    params.w.cols = cols;
    params.x = reinterpret_cast<const float*>(memory.data());
    params.x_q8.q = reinterpret_cast<std::int8_t*>(memory.data());
    params.y = reinterpret_cast<float*>(memory.data());
    if (quantises) params.q_out = params.x_q8;
    const Launch launch = matvec_launch(type, params, n_multiprocessor);
    QVERIFY(launch.kernel);
    MatvecParams used;
    std::memcpy(&used, launch.params, sizeof used);
    QCOMPARE(used.lanes_per_group, lanes);
    const int n_group = rows / kGroupRows;
    QCOMPARE(launch.grid.x, ceil_div(n_group, kMatvecThreads / lanes));
}

void MatvecTest::dividesRowsInEveryWay_data() {
    QTest::addColumn<int>("lanes");
    QTest::newRow("a warp for 8 rows") << 32;
    QTest::newRow("two warps") << 64;
    QTest::newRow("four warps") << 128;
    QTest::newRow("the whole block") << 256;
}

void MatvecTest::dividesRowsInEveryWay() {
    QFETCH(int, lanes);
    for (const WeightType type : {WeightType::Q5_0, WeightType::Q4_K, WeightType::BF16}) {
        Generator generator(5);
        const Product product(generator, type, 267, 6400);
        Launch launch = matvec_launch(type, product.params, 132);
        MatvecParams used;
        std::memcpy(&used, launch.params, sizeof used);
        used.lanes_per_group = lanes;
        std::memcpy(launch.params, &used, sizeof used);
        launch.grid.x = ceil_div((267 + kGroupRows - 1) / kGroupRows, kMatvecThreads / lanes);
        const std::string error = run_once(launch);
        QVERIFY2(error.empty(), error.c_str());
        QVERIFY(relative_distance(product.y.span(), product.want()) < kTolerance);
    }
}

void MatvecTest::finishesAPendingNorm_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<int>("n_group");
    for (const WeightType type : all_weight_types()) {
        const auto row = [&](int rows, int cols, int n_group) {
            QTest::addRow("%s %dx%d, %d groups", to_string(type), rows, cols, n_group)
                << static_cast<int>(type) << rows << cols << n_group;
        };
        row(16, 7680, 8);
        row(9, 768, 1);
        row(5, 1024, 32);
    }
}

void MatvecTest::finishesAPendingNorm() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(int, n_group);
    constexpr float kEps = 1e-5F;
    Generator generator(9);
    Product product(generator, static_cast<WeightType>(type), rows, cols);
    std::vector<float> sums = random_floats(generator, static_cast<std::size_t>(cols / 32), 1.0F);
    for (float& v : sums) v = 40.0F * v * v;
    sums[0] = 1e-9F;  // a group whose values are small, where eps counts
    const GlobalBuffer<float> squares("squares", sums);
    product.params.x_norm = pending_norm(squares.data(), n_group, cols / n_group, kEps);
    const std::string error =
        run_both_ways(matvec_launch(static_cast<WeightType>(type), product.params, 46));
    QVERIFY2(error.empty(), error.c_str());

    // The scales of x, and x itself, are of the values before: divide them.
    const auto n_part = static_cast<std::size_t>(cols / n_group / 32);
    std::vector<double> inverse;
    for (std::size_t g = 0; g < static_cast<std::size_t>(n_group); ++g) {
        double sum = 0;
        for (std::size_t i = 0; i < n_part; ++i) sum += squares[g * n_part + i];
        inverse.push_back(1.0 / std::sqrt(sum * n_group / cols + static_cast<double>(kEps)));
    }
    std::vector<double> want;
    const auto group_size = static_cast<std::size_t>(cols / n_group);
    for (std::int64_t r = 0; r < rows; ++r) {
        const std::vector<float> row = product.w.row(r);
        double sum = 0;
        for (std::size_t c = 0; c < row.size(); ++c)
            sum += static_cast<double>(row[c]) * inverse[c / group_size] *
                   (is_plain(product.w.type) ? static_cast<double>(product.x.x[c])
                                             : product.x.quantized(c));
        want.push_back(sum);
    }
    const double distance = relative_distance(product.y.span(), want);
    qInfo("%.1e", distance);
    QVERIFY(distance < kTolerance);
}

void MatvecTest::addsToTheResidual() {
    Generator generator(6);
    Product product(generator, WeightType::Q4_K, 40, 512);
    std::vector<double> want = product.want();
    for (std::size_t i = 0; i < want.size(); ++i) {
        product.y[i] = static_cast<float>(i) - 20.0F;
        want[i] += product.y[i];
    }
    product.params.epilogue = Epilogue::Residual;
    const std::string error = run_both_ways(matvec_launch(product.w.type, product.params, 1));
    QVERIFY2(error.empty(), error.c_str());
    QVERIFY(relative_distance(product.y.span(), want) < kTolerance);
}

void MatvecTest::squaresWhatIsPositive() {
    Generator generator(7);
    Product product(generator, WeightType::Q5_0, 40, 512);
    product.params.epilogue = Epilogue::Relu2;
    const std::string error = run_both_ways(matvec_launch(product.w.type, product.params, 1));
    QVERIFY2(error.empty(), error.c_str());
    std::vector<double> want = product.want();
    for (double& v : want) v = v > 0 ? v * v : 0.0;
    QVERIFY(relative_distance(product.y.span(), want) < 4 * kTolerance);
}

/// As the next product wants it: 8 bits, scale and sums; without and with the f32 result.
void MatvecTest::quantizesItsResult() {
    for (const int n_multiprocessor : {1, 100}) {
        Generator generator(8);
        Product product(generator, WeightType::Q6_K, 96, 512);
        const GlobalBuffer<std::int8_t> q("q", 96);
        const GlobalBuffer<Q8Meta> meta("meta", 3);
        product.params.epilogue = Epilogue::Relu2;
        product.params.q_out = {q.data(), meta.data()};
        product.params.y = nullptr;
        const std::string error =
            run_both_ways(matvec_launch(product.w.type, product.params, n_multiprocessor));
        QVERIFY2(error.empty(), error.c_str());
        const std::vector<double> want = product.want();
        for (std::size_t i = 0; i < want.size(); ++i) {
            const double v = want[i] > 0 ? want[i] * want[i] : 0.0;
            const double step = meta[i / 32].scale;
            QVERIFY(std::abs(step * q[i] - v) <= 0.501 * step);
        }
        for (std::size_t b = 0; b < 3; ++b) {
            int low = 0;
            int high = 0;
            for (std::size_t i = 0; i < 16; ++i) {
                low += q[32 * b + i];
                high += q[32 * b + 16 + i];
            }
            QCOMPARE(static_cast<int>(meta[b].sum_low), low);
            QCOMPARE(static_cast<int>(meta[b].sum_high), high);
        }
    }
}

void MatvecTest::fewVectorsAreToTheBitEachAlone_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<int>("n_vector");
    QTest::addColumn<int>("n_group");  // of a pending norm; 0: none
    for (const WeightType type : all_weight_types()) {
        const auto row = [&](int rows, int cols, int n_vector, int n_group) {
            if (cols % traits(type).file_block == 0)
                QTest::addRow("%s %dx%d, %d vectors, %d groups", to_string(type), rows, cols,
                              n_vector, n_group)
                    << static_cast<int>(type) << rows << cols << n_vector << n_group;
        };
        row(32, 3136, 4, 0);
        row(8, 4480, 3, 0);
        row(16, 7680, 4, 8);
        row(64, 1024, 2, 32);
        row(37, 256, 3, 0);
        row(5, 160, 2, 5);
        row(3, 37, 4, 0);
        row(2, 1, 2, 0);
    }
}

/// Every epilogue, and the result in 8 bits where rows allow it.
void MatvecTest::fewVectorsAreToTheBitEachAlone() {
    QFETCH(int, type);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(int, n_vector);
    QFETCH(int, n_group);
    const auto weight_type = static_cast<WeightType>(type);
    const auto n = static_cast<std::size_t>(n_vector);
    const auto n_row = static_cast<std::size_t>(rows);
    const auto n_col = static_cast<std::size_t>(cols);
    Generator generator(11);
    Product product(generator, weight_type, rows, cols);
    const Activations x(random_floats(generator, n * n_col, 1.0F));
    std::vector<float> sums = random_floats(generator, n * n_col / 32 + 1, 1.0F);
    for (float& v : sums) v = 40.0F * v * v;
    const GlobalBuffer<float> squares("squares", sums);
    const GlobalBuffer<float> y("y", n * n_row);
    GlobalBuffer<std::int8_t> q("q", n * n_row);
    const GlobalBuffer<Q8Meta> meta("meta", n * n_row / 32 + 1);
    const std::vector<float> before = random_floats(generator, n * n_row, 1.0F);

    for (const Epilogue epilogue : {Epilogue::Store, Epilogue::Residual, Epilogue::Relu2}) {
        MatvecParams params = product.params;
        params.epilogue = epilogue;
        params.x = x.x.data();
        params.x_q8 = {x.q.data(), x.meta.data()};
        params.y = y.data();
        params.n_vector = n_vector;
        const bool quantises = rows % 32 == 0 && epilogue == Epilogue::Relu2;
        if (quantises) params.q_out = {q.data(), meta.data()};
        if (n_group > 0)
            params.x_norm = pending_norm(squares.data(), n_group, cols / n_group, 1e-5F);
        std::ranges::copy(before, y.data());
        const Launch together = matvec_launch(weight_type, params, 46);
        QVERIFY(together.kernel);
        // Where the residual is added a second run would add once more.
        const std::string error =
            epilogue == Epilogue::Residual ? run_once(together) : run_both_ways(together);
        QVERIFY2(error.empty(), error.c_str());
        const std::vector<float> got(y.span().begin(), y.span().end());
        const std::vector<std::int8_t> got_q(q.span().begin(), q.span().end());
        const std::vector<Q8Meta> got_meta(meta.span().begin(), meta.span().end());

        std::ranges::copy(before, y.data());
        q.fill(0);
        for (std::size_t v = 0; v < n; ++v) {
            MatvecParams one = params;
            one.n_vector = 1;
            one.x += v * n_col;
            one.x_q8 = {x.q.data() + v * n_col, x.meta.data() + v * n_col / 32};
            // Alone, a vector has to be aligned.
            const GlobalBuffer<float> own("x", std::vector<float>(one.x, one.x + n_col));
            one.x = own.data();
            one.y += v * n_row;
            if (quantises) one.q_out = {q.data() + v * n_row, meta.data() + v * n_row / 32};
            if (n_group > 0) one.x_norm.squares += v * n_col / 32;
            const std::string alone = run_once(matvec_launch(weight_type, one, 46));
            QVERIFY2(alone.empty(), alone.c_str());
        }
        QCOMPARE(std::memcmp(got.data(), y.data(), got.size() * sizeof(float)), 0);
        if (!quantises) continue;
        QCOMPARE(std::memcmp(got_q.data(), q.data(), got_q.size()), 0);
        QCOMPARE(std::memcmp(got_meta.data(), meta.data(), n * n_row / 32 * sizeof(Q8Meta)), 0);
    }
}

void MatvecTest::refusesWhatItCannotDo() {
    Generator generator(9);
    const Product product(generator, WeightType::Q5_0, 40, 512);
    const auto is_refused = [](WeightType type, const MatvecParams& params) {
        return matvec_launch(type, params, 1).kernel == nullptr;
    };
    MatvecParams params = product.params;
    QVERIFY(!is_refused(WeightType::Q5_0, params));
    params.w.cols = 500;  // no whole blocks
    QVERIFY(is_refused(WeightType::Q5_0, params));
    params = product.params;
    params.n_vector = kMaxVectors + 1;
    QVERIFY(is_refused(WeightType::Q5_0, params));
    params = product.params;
    params.x_q8 = {};
    QVERIFY(is_refused(WeightType::Q5_0, params));
    params = product.params;
    params.y = nullptr;
    QVERIFY(is_refused(WeightType::Q5_0, params));
    params = product.params;
    params.q_out = params.x_q8;  // 40 rows are no blocks of 32
    QVERIFY(is_refused(WeightType::Q5_0, params));
    params = product.params;
    params.x = nullptr;
    QVERIFY(is_refused(WeightType::F16, params));
}

QTEST_APPLESS_MAIN(MatvecTest)
#include "tst_matvec.moc"
