// Decoding attention against f64: both cache types, every head width, contexts around the borders
// of blocks and splits, a shuffled block table.

#include "kernels/attention_decode.h"
#include "kernels/numeric.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

struct Shape {
    int n_head, n_kv_head, head_dim, n_split;
};

/// A cache with random contents for all positions but the newest, which the kernel stores.
struct Attention {
    Attention(const Shape& s,
              KvType kv_type,
              int newest_position,
              Generator& generator,
              std::size_t n_token = 1)
        : shape(s)
        , type(kv_type)
        , newest(newest_position)
        , n_block(static_cast<std::size_t>(newest / kKvBlock + 2))
        , q("q", random_floats(generator, n_token * heads() * dim(), 1.5F))
        , k("k", random_floats(generator, n_token * kv_heads() * dim(), 1.0F))
        , v("v", random_floats(generator, n_token * kv_heads() * dim(), 1.0F))
        , k_cache("k_cache", n_block * kv_heads() * kKvBlock * dim() * value_bytes())
        , v_cache("v_cache", k_cache.size())
        , table("table", n_block)
        , position("position", std::vector<std::int32_t>{newest})
        , partial("partial", n_token * heads() * splits() * dim())
        , partial_ml("partial_ml", n_token * heads() * splits() * 2)
        , arrived("arrived", std::vector<std::uint32_t>(n_token * heads(), 0))
        , out("out", n_token * heads() * dim())
        , q8("q8", n_token * heads() * dim())
        , meta("meta", n_token * heads() * dim() / 32) {
        std::iota(table.data(), table.data() + n_block, 0);
        std::shuffle(table.data(), table.data() + n_block, generator);
        for (int t = 0; t < newest; ++t)
            for (std::size_t head = 0; head < kv_heads(); ++head) {
                const auto keys = random_floats(generator, dim(), 1.0F);
                const auto values = random_floats(generator, dim(), 1.0F);
                for (std::size_t i = 0; i < dim(); ++i) {
                    store(k_cache, at(t, head, i), keys[i] / kKScale);
                    store(v_cache, at(t, head, i), values[i] / kVScale);
                }
            }
    }

    static constexpr float kKScale = 0.25F;
    static constexpr float kVScale = 0.5F;

    [[nodiscard]] std::size_t heads() const { return static_cast<std::size_t>(shape.n_head); }
    [[nodiscard]] std::size_t kv_heads() const { return static_cast<std::size_t>(shape.n_kv_head); }
    [[nodiscard]] std::size_t dim() const { return static_cast<std::size_t>(shape.head_dim); }
    [[nodiscard]] std::size_t splits() const { return static_cast<std::size_t>(shape.n_split); }
    [[nodiscard]] std::size_t value_bytes() const { return type == KvType::F16 ? 2 : 1; }
    [[nodiscard]] std::size_t at(int t, std::size_t head, std::size_t i) const {
        const auto block = static_cast<std::size_t>(table[static_cast<std::size_t>(t / kKvBlock)]);
        return ((block * kv_heads() + head) * kKvBlock + static_cast<std::size_t>(t % kKvBlock)) *
                   dim() +
               i;
    }
    void store(const GlobalBuffer<std::uint8_t>& cache, std::size_t i, float value) const {
        if (type == KvType::F16)
            reinterpret_cast<std::uint16_t*>(cache.data())[i] = float_to_half(value);
        else
            cache[i] = float_to_fp8(value);
    }
    [[nodiscard]] double load(const GlobalBuffer<std::uint8_t>& cache, std::size_t i) const {
        if (type == KvType::F16)
            return half_to_float(reinterpret_cast<std::uint16_t*>(cache.data())[i]);
        return fp8_to_float(cache[i]);
    }
    [[nodiscard]] AttentionDecodeParams params() const {
        return {.q = q.data(),
                .k = k.data(),
                .v = v.data(),
                .k_cache = k_cache.data(),
                .v_cache = v_cache.data(),
                .block_table = table.data(),
                .position = position.data(),
                .partial = partial.data(),
                .partial_ml = partial_ml.data(),
                .arrived = arrived.data(),
                .out = out.data(),
                .q_out = {q8.data(), meta.data()},
                .n_head = shape.n_head,
                .n_kv_head = shape.n_kv_head,
                .head_dim = shape.head_dim,
                .n_split = shape.n_split,
                .k_scale = kKScale,
                .v_scale = kVScale};
    }
    /// Of what the cache holds after the kernel.
    [[nodiscard]] std::vector<double> want() const {
        std::vector<double> result;
        for (std::size_t head = 0; head < heads(); ++head) {
            const std::size_t kv = head / (heads() / kv_heads());
            std::vector<double> score;
            for (int t = 0; t <= newest; ++t) {
                double dot = 0;
                for (std::size_t i = 0; i < dim(); ++i)
                    dot += q[head * dim() + i] * load(k_cache, at(t, kv, i)) * kKScale;
                score.push_back(dot / std::sqrt(static_cast<double>(shape.head_dim)));
            }
            const double largest = *std::max_element(score.begin(), score.end());
            double total = 0;
            for (double& s : score) total += s = std::exp(s - largest);
            for (std::size_t i = 0; i < dim(); ++i) {
                double sum = 0;
                for (int t = 0; t <= newest; ++t)
                    sum +=
                        score[static_cast<std::size_t>(t)] * load(v_cache, at(t, kv, i)) * kVScale;
                result.push_back(sum / total);
            }
        }
        return result;
    }

    Shape shape;
    KvType type;
    int newest;
    std::size_t n_block;
    GlobalBuffer<float> q, k, v;
    GlobalBuffer<std::uint8_t> k_cache, v_cache;
    GlobalBuffer<std::int32_t> table, position;
    GlobalBuffer<float> partial, partial_ml;
    GlobalBuffer<std::uint32_t> arrived;
    GlobalBuffer<float> out;
    GlobalBuffer<std::int8_t> q8;
    GlobalBuffer<Q8Meta> meta;
};

}  // namespace

class AttentionDecodeTest : public QObject {
    Q_OBJECT

private slots:
    void isTheReference_data();
    void isTheReference();
    void storesTheNewKeyAndValue();
    void survivesScoresFarApart();
    void fewTokensAreToTheBitEachAlone_data();
    void fewTokensAreToTheBitEachAlone();
    void refusesWhatItCannotDo();
};

void AttentionDecodeTest::isTheReference_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("n_kv_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("n_split");
    QTest::addColumn<int>("newest");
    QTest::addColumn<bool>("fp8");
    for (const bool fp8 : {false, true}) {
        const char* name = fp8 ? "fp8" : "f16";
        QTest::addRow("4B and 9B, %s", name) << 40 << 8 << 128 << 8 << 299 << fp8;
        for (const int newest : {0, 1, 62, 63, 64, 127, 128, 129, 511, 700})
            QTest::addRow("position %d, %s", newest, name) << 5 << 1 << 128 << 4 << newest << fp8;
        QTest::addRow("golden files, %s", name) << 8 << 2 << 32 << 3 << 130 << fp8;
        QTest::addRow("width 64, %s", name) << 4 << 4 << 64 << 2 << 200 << fp8;
        QTest::addRow("width 128, four heads, %s", name) << 8 << 2 << 128 << 5 << 200 << fp8;
        QTest::addRow("one split, %s", name) << 5 << 1 << 128 << 1 << 333 << fp8;
    }
}

void AttentionDecodeTest::isTheReference() {
    QFETCH(int, n_head);
    QFETCH(int, n_kv_head);
    QFETCH(int, head_dim);
    QFETCH(int, n_split);
    QFETCH(int, newest);
    QFETCH(bool, fp8);
    Generator generator(30);
    const KvType type = fp8 ? KvType::FP8 : KvType::F16;
    const Attention attention({n_head, n_kv_head, head_dim, n_split}, type, newest, generator);
    const std::string error = run_both_ways(attention_decode_launch(type, attention.params()));
    QVERIFY2(error.empty(), error.c_str());
    const std::vector<double> want = attention.want();
    const double distance = relative_distance(attention.out.span(), want);
    qInfo("%.1e", distance);
    QVERIFY(distance < 1e-6);
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double step = attention.meta[i / 32].scale;
        QVERIFY(std::abs(step * attention.q8[i] - want[i]) <= 0.501 * step);
    }
    for (const std::uint32_t n : attention.arrived.span()) QCOMPARE(n, 0U);
}

void AttentionDecodeTest::storesTheNewKeyAndValue() {
    for (const KvType type : {KvType::F16, KvType::FP8}) {
        Generator generator(31);
        const Attention attention({10, 2, 128, 3}, type, 190, generator);
        const std::string error = run_once(attention_decode_launch(type, attention.params()));
        QVERIFY2(error.empty(), error.c_str());
        const double relative = type == KvType::F16 ? 0x1p-11 : 0x1p-4;
        for (std::size_t head = 0; head < 2; ++head)
            for (std::size_t i = 0; i < 128; ++i) {
                const double k = attention.k[head * 128 + i];
                const double v = attention.v[head * 128 + i];
                const std::size_t at = attention.at(190, head, i);
                QVERIFY(std::abs(attention.load(attention.k_cache, at) * Attention::kKScale - k) <=
                        relative * std::abs(k) + 0x1p-10);
                QVERIFY(std::abs(attention.load(attention.v_cache, at) * Attention::kVScale - v) <=
                        relative * std::abs(v) + 0x1p-10);
            }
    }
}

/// One score a thousand above the others, in whichever split: its value is the result.
void AttentionDecodeTest::survivesScoresFarApart() {
    for (const int loud : {0, 100, 255, 300}) {
        Generator generator(32);
        const Attention attention({5, 1, 128, 4}, KvType::F16, 300, generator);
        for (float& q : attention.q.span()) q = 10.0F;
        for (float& k : attention.k.span()) k = loud == 300 ? 10.0F : -10.0F;
        for (int t = 0; t < 300; ++t)
            for (std::size_t i = 0; i < 128; ++i)
                attention.store(attention.k_cache, attention.at(t, 0, i),
                                t == loud ? 40.0F : -40.0F);
        const std::string error =
            run_both_ways(attention_decode_launch(KvType::F16, attention.params()));
        QVERIFY2(error.empty(), error.c_str());
        for (std::size_t i = 0; i < 5 * 128; ++i)
            QCOMPARE(attention.out[i],
                     static_cast<float>(
                         attention.load(attention.v_cache, attention.at(loud, 0, i % 128)) *
                         Attention::kVScale));
    }
}

void AttentionDecodeTest::fewTokensAreToTheBitEachAlone_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("n_kv_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("n_split");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("n_token");
    QTest::addColumn<bool>("fp8");
    for (const bool fp8 : {false, true}) {
        const char* name = fp8 ? "fp8" : "f16";
        QTest::addRow("4B and 9B, %s", name) << 40 << 8 << 128 << 8 << 130 << 4 << fp8;
        // Into the next block, and to where positions are divided among blocks in another way.
        for (const int first : {0, 62, 126, 253, 509})
            QTest::addRow("position %d, %s", first, name)
                << 5 << 1 << 128 << 4 << first << 4 << fp8;
        QTest::addRow("golden files, %s", name) << 8 << 2 << 32 << 3 << 127 << 3 << fp8;
        QTest::addRow("width 64, %s", name) << 4 << 4 << 64 << 2 << 200 << 2 << fp8;
        QTest::addRow("one split, %s", name) << 8 << 2 << 128 << 1 << 63 << 4 << fp8;
    }
}

/// Results and what is stored.
void AttentionDecodeTest::fewTokensAreToTheBitEachAlone() {
    QFETCH(int, n_head);
    QFETCH(int, n_kv_head);
    QFETCH(int, head_dim);
    QFETCH(int, n_split);
    QFETCH(int, first);
    QFETCH(int, n_token);
    QFETCH(bool, fp8);
    Generator generator(33);
    const KvType type = fp8 ? KvType::FP8 : KvType::F16;
    const auto n = static_cast<std::size_t>(n_token);
    Attention attention({n_head, n_kv_head, head_dim, n_split}, type, first, generator, n);
    const std::size_t row = attention.heads() * attention.dim();
    const std::size_t kv_row = attention.kv_heads() * attention.dim();
    const auto copy = [](const auto& buffer) {
        return std::vector(buffer.span().begin(), buffer.span().end());
    };
    const auto keys = copy(attention.k_cache);
    const auto values = copy(attention.v_cache);
    for (std::size_t i = 0; i < n; ++i) {
        AttentionDecodeParams one = attention.params();
        one.q += i * row;
        one.k += i * kv_row;
        one.v += i * kv_row;
        one.out += i * row;
        one.q_out.q += i * row;
        one.q_out.meta += i * row / 32;
        attention.position[0] = first + static_cast<int>(i);
        const std::string error = run_once(attention_decode_launch(type, one));
        QVERIFY2(error.empty(), error.c_str());
    }
    const auto want = copy(attention.out);
    const auto want_q8 = copy(attention.q8);
    const auto want_meta = copy(attention.meta);
    const auto want_keys = copy(attention.k_cache);
    const auto want_values = copy(attention.v_cache);

    std::ranges::copy(keys, attention.k_cache.data());
    std::ranges::copy(values, attention.v_cache.data());
    attention.position[0] = first;
    AttentionDecodeParams all = attention.params();
    all.n_token = n_token;
    all.q_stride = n_head * head_dim;
    all.k_stride = all.v_stride = n_kv_head * head_dim;
    const std::string error = run_both_ways(attention_decode_launch(type, all));
    QVERIFY2(error.empty(), error.c_str());
    QVERIFY(std::memcmp(want.data(), attention.out.data(), want.size() * sizeof(float)) == 0);
    QVERIFY(want_q8 == copy(attention.q8));
    QVERIFY(std::memcmp(want_meta.data(), attention.meta.data(),
                        want_meta.size() * sizeof(Q8Meta)) == 0);
    QVERIFY(want_keys == copy(attention.k_cache));
    QVERIFY(want_values == copy(attention.v_cache));
    for (const std::uint32_t arrived : attention.arrived.span()) QCOMPARE(arrived, 0U);
}

void AttentionDecodeTest::refusesWhatItCannotDo() {
    AttentionDecodeParams params;
    params.n_head = 8;
    params.n_kv_head = 2;
    params.head_dim = 96;
    params.n_split = 1;
    QVERIFY(!attention_decode_launch(KvType::F16, params).kernel);
    params.head_dim = 64;
    QVERIFY(attention_decode_launch(KvType::F16, params).kernel);
    params.n_kv_head = 3;
    QVERIFY(!attention_decode_launch(KvType::F16, params).kernel);
}

QTEST_APPLESS_MAIN(AttentionDecodeTest)
#include "tst_attention_decode.moc"
