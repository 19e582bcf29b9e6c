// Attention of many new tokens against f64 on the cache as it is stored: both cache types, every
// head width, tiles that nothing fills, contexts around the borders of blocks, a shuffled table.

#include "kernels/attention_prefill.h"
#include "kernels/numeric.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

struct Shape {
    int n_head, n_kv_head, head_dim;
};

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// n tokens from `position` on, and a cache with random contents before them; q, k and v lie in one
/// row a token, as the products before leave them.
struct Attention {
    Attention(const Shape& s, KvType kv_type, int first, int n_token, Generator& generator)
        : shape(s)
        , type(kv_type)
        , position(first)
        , n(n_token)
        , stride(size((s.n_head + 2 * s.n_kv_head) * s.head_dim + 4))
        , n_block(size((first + n_token + kKvBlock - 1) / kKvBlock + 1))
        , qkv("qkv", random_floats(generator, size(n_token) * stride, 1.3F))
        , k_cache("k_cache", n_block * size(s.n_kv_head * kKvBlock * s.head_dim) * value_bytes())
        , v_cache("v_cache", k_cache.size())
        , table("table", n_block)
        , at_position("position", std::vector<std::int32_t>{first})
        , out("out", size(n_token * s.n_head * s.head_dim)) {
        std::iota(table.data(), table.data() + n_block, 0);
        std::shuffle(table.data(), table.data() + n_block, generator);
        for (int t = 0; t < first; ++t)
            for (int head = 0; head < s.n_kv_head; ++head) {
                const auto keys = random_floats(generator, size(s.head_dim), 1.0F);
                const auto values = random_floats(generator, size(s.head_dim), 1.0F);
                for (std::size_t i = 0; i < keys.size(); ++i) {
                    store(k_cache, at(t, head, i), keys[i] / kKScale);
                    store(v_cache, at(t, head, i), values[i] / kVScale);
                }
            }
    }

    static constexpr float kKScale = 0.25F;
    static constexpr float kVScale = 0.5F;

    [[nodiscard]] std::size_t value_bytes() const { return type == KvType::F16 ? 2 : 1; }
    [[nodiscard]] std::size_t at(int t, int head, std::size_t i) const {
        const std::size_t block = size(table[size(t / kKvBlock)]);
        return ((block * size(shape.n_kv_head) + size(head)) * kKvBlock + size(t % kKvBlock)) *
                   size(shape.head_dim) +
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
    [[nodiscard]] float* q(int token, int head) const {
        return qkv.data() + size(token) * stride + size(head * shape.head_dim);
    }
    [[nodiscard]] float* k(int token, int head) const { return q(token, shape.n_head + head); }
    [[nodiscard]] float* v(int token, int head) const { return k(token, shape.n_kv_head + head); }
    [[nodiscard]] AttentionPrefillParams params() const {
        const auto step = static_cast<std::int32_t>(stride);
        return {q(0, 0),
                k(0, 0),
                v(0, 0),
                k_cache.data(),
                v_cache.data(),
                table.data(),
                at_position.data(),
                out.data(),
                n,
                step,
                step,
                step,
                shape.n_head,
                shape.n_kv_head,
                shape.head_dim,
                kKScale,
                kVScale};
    }
    [[nodiscard]] std::string run() const {
        const std::string error = run_both_ways(attention_store_launch(type, params()));
        return error.empty() ? run_both_ways(attention_prefill_launch(type, params())) : error;
    }
    /// [n, n_head, head_dim], of what the cache holds after the kernels.
    [[nodiscard]] std::vector<double> want() const {
        std::vector<double> result;
        for (int token = 0; token < n; ++token)
            for (int head = 0; head < shape.n_head; ++head) {
                const int kv = head / (shape.n_head / shape.n_kv_head);
                std::vector<double> score;
                for (int t = 0; t <= position + token; ++t) {
                    double dot = 0;
                    for (std::size_t i = 0; i < size(shape.head_dim); ++i)
                        dot += static_cast<double>(q(token, head)[i]) *
                               load(k_cache, at(t, kv, i)) * kKScale;
                    score.push_back(dot / std::sqrt(static_cast<double>(shape.head_dim)));
                }
                const double largest = *std::max_element(score.begin(), score.end());
                double total = 0;
                for (double& s : score) total += s = std::exp(s - largest);
                for (std::size_t i = 0; i < size(shape.head_dim); ++i) {
                    double sum = 0;
                    for (int t = 0; t <= position + token; ++t)
                        sum += score[size(t)] * load(v_cache, at(t, kv, i)) * kVScale;
                    result.push_back(sum / total);
                }
            }
        return result;
    }

    Shape shape;
    KvType type;
    int position;
    int n;
    std::size_t stride;
    std::size_t n_block;
    GlobalBuffer<float> qkv;
    GlobalBuffer<std::uint8_t> k_cache, v_cache;
    GlobalBuffer<std::int32_t> table, at_position;
    GlobalBuffer<float> out;
};

}  // namespace

class AttentionPrefillTest : public QObject {
    Q_OBJECT

private slots:
    void isTheReference_data();
    void isTheReference();
    void storesKeysAndValues();
    void survivesScoresFarApart();
    void keepsQueriesOfEverySize();
    void weighsManyFarOffPositions();
    void refusesWhatItCannotDo();
};

void AttentionPrefillTest::isTheReference_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("n_kv_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("n");
    QTest::addColumn<bool>("fp8");
    for (const bool fp8 : {false, true}) {
        const char* name = fp8 ? "fp8" : "f16";
        const auto row = [&](int n_head, int n_kv_head, int head_dim, int position, int n) {
            QTest::addRow("%d heads on %d of %d, %d at %d, %s", n_head, n_kv_head, head_dim, n,
                          position, name)
                << n_head << n_kv_head << head_dim << position << n << fp8;
        };
        row(10, 2, 128, 0, 30);
        row(10, 2, 128, 190, 20);
        for (const int n : {1, 2, 12, 13, 14}) row(5, 1, 128, 63, n);
        for (const int position : {0, 1, 62, 63, 64, 65, 127}) row(1, 1, 32, position, 2);
        row(1, 1, 128, 0, 200);
        row(8, 2, 32, 70, 40);
        row(4, 4, 64, 100, 33);
        row(3, 1, 64, 0, 65);
    }
}

void AttentionPrefillTest::isTheReference() {
    QFETCH(int, n_head);
    QFETCH(int, n_kv_head);
    QFETCH(int, head_dim);
    QFETCH(int, position);
    QFETCH(int, n);
    QFETCH(bool, fp8);
    Generator generator(80);
    const KvType type = fp8 ? KvType::FP8 : KvType::F16;
    const Attention attention({n_head, n_kv_head, head_dim}, type, position, n, generator);
    const std::string error = attention.run();
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(attention.out.span(), attention.want());
    qInfo("%.1e", distance);
    QVERIFY(distance < 4e-4);  // f16 rounds weights by up to 2.4e-4
}

void AttentionPrefillTest::storesKeysAndValues() {
    for (const KvType type : {KvType::F16, KvType::FP8}) {
        Generator generator(81);
        const Attention attention({4, 2, 32}, type, 60, 10, generator);
        const std::vector<std::uint8_t> before(attention.k_cache.span().begin(),
                                               attention.k_cache.span().end());
        const std::string error = run_both_ways(attention_store_launch(type, attention.params()));
        QVERIFY2(error.empty(), error.c_str());
        std::size_t n_changed = 0;
        for (std::size_t i = 0; i < before.size(); ++i)
            n_changed += before[i] != attention.k_cache[i] ? 1 : 0;
        QVERIFY(n_changed <= 10 * 2 * 32 * attention.value_bytes());
        const double relative = type == KvType::F16 ? 0x1p-11 : 0x1p-4;
        for (int token = 0; token < 10; ++token)
            for (int head = 0; head < 2; ++head)
                for (std::size_t i = 0; i < 32; ++i) {
                    const double k = attention.k(token, head)[i];
                    const double v = attention.v(token, head)[i];
                    const std::size_t at = attention.at(60 + token, head, i);
                    QVERIFY(std::abs(attention.load(attention.k_cache, at) * Attention::kKScale -
                                     k) <= relative * std::abs(k) + 0x1p-10);
                    QVERIFY(std::abs(attention.load(attention.v_cache, at) * Attention::kVScale -
                                     v) <= relative * std::abs(v) + 0x1p-10);
                }
    }
}

/// One score thousands above the others: its value is the result, for every token that sees it.
void AttentionPrefillTest::survivesScoresFarApart() {
    for (const int loud : {0, 70, 128, 135}) {
        Generator generator(82);
        const Attention attention({2, 1, 64}, KvType::F16, 130, 6, generator);
        for (int token = 0; token < 6; ++token)
            for (std::size_t i = 0; i < 64; ++i) {
                attention.q(token, 0)[i] = 10.0F;
                attention.q(token, 1)[i] = 10.0F;
                attention.k(token, 0)[i] = 130 + token == loud ? 10.0F : -10.0F;
            }
        for (int t = 0; t < 130; ++t)
            for (std::size_t i = 0; i < 64; ++i)
                attention.store(attention.k_cache, attention.at(t, 0, i),
                                t == loud ? 40.0F : -40.0F);
        const std::string error = attention.run();
        QVERIFY2(error.empty(), error.c_str());
        for (int token = std::max(0, loud - 130); token < 6; ++token)
            for (std::size_t i = 0; i < 128; ++i)
                QCOMPARE(attention.out[size(token) * 128 + i],
                         static_cast<float>(
                             attention.load(attention.v_cache, attention.at(loud, 0, i % 64)) *
                             Attention::kVScale));
    }
}

/// Queries far beyond f16 and far below, with keys that bring the scores back; a zero one is the
/// mean.
void AttentionPrefillTest::keepsQueriesOfEverySize() {
    Generator generator(83);
    const Attention attention({3, 1, 32}, KvType::F16, 64, 5, generator);
    const float sizes[] = {1e8F, 1e-8F, 0.0F};
    for (int token = 0; token < 5; ++token)
        for (int head = 0; head < 3; ++head)
            for (std::size_t i = 0; i < 32; ++i) attention.q(token, head)[i] *= sizes[head];
    const std::string error = attention.run();
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(attention.out.span(), attention.want());
    qInfo("%.1e", distance);
    QVERIFY(distance < 4e-4);
}

/// 199 positions that weigh 2^-22 of the first one each: f16 alone would round them to half of that
/// or nothing. The first value is zero, so that only they remain.
void AttentionPrefillTest::weighsManyFarOffPositions() {
    Generator generator(84);
    const Attention attention({1, 1, 32}, KvType::F16, 199, 1, generator);
    constexpr double kFar = 22 * 0.6931471805599453;  // of a score
    for (std::size_t i = 0; i < 32; ++i) {
        attention.q(0, 0)[i] = 1.0F;
        attention.k(0, 0)[i] = 0.0F;
        for (int t = 0; t < 199; ++t) {
            const double key = t == 0 ? 0.0 : -kFar / std::sqrt(32.0);
            attention.store(attention.k_cache, attention.at(t, 0, i),
                            static_cast<float>(key) / Attention::kKScale);
            attention.store(attention.v_cache, attention.at(t, 0, i), t == 0 ? 0.0F : 1.5F);
        }
        attention.v(0, 0)[i] = 0.0F;
    }
    const std::string error = attention.run();
    QVERIFY2(error.empty(), error.c_str());
    const double distance = relative_distance(attention.out.span(), attention.want());
    qInfo("%.1e", distance);
    QVERIFY(distance < 4e-4);
}

void AttentionPrefillTest::refusesWhatItCannotDo() {
    AttentionPrefillParams params;
    params.n = 3;
    params.n_head = 8;
    params.n_kv_head = 2;
    params.head_dim = 64;
    params.q_stride = 512;
    params.k_stride = 128;
    params.v_stride = 128;
    const auto is_refused = [](const AttentionPrefillParams& p) {
        const bool store = attention_store_launch(KvType::F16, p).kernel == nullptr;
        const bool prefill = attention_prefill_launch(KvType::FP8, p).kernel == nullptr;
        return store && prefill;
    };
    QVERIFY(!is_refused(params));
    AttentionPrefillParams wrong = params;
    wrong.head_dim = 96;
    QVERIFY(is_refused(wrong));
    wrong = params;
    wrong.n_kv_head = 3;
    QVERIFY(is_refused(wrong));
    wrong = params;
    wrong.n = 0;
    QVERIFY(is_refused(wrong));
    wrong = params;
    wrong.q_stride = 508;  // too short
    QVERIFY(is_refused(wrong));
    wrong = params;
    wrong.v_stride = 130;  // not aligned
    QVERIFY(is_refused(wrong));
}

QTEST_APPLESS_MAIN(AttentionPrefillTest)
#include "tst_attention_prefill.moc"
