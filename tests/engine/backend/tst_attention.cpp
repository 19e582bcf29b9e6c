// Attention on the CPU against the same sums in double precision, over the values that the cache
// really holds: every instruction set, every type of keys and values, prompts and single tokens.

#include "engine/backend/cpu/attention.h"
#include "engine/tensor/dequantize.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using namespace lares;
using cpu::Isa;

namespace {

HParams shape(int n_head, int n_kv_head, int head_dim) {
    HParams hp;
    hp.layers = {LayerKind::Attention, LayerKind::Attention};
    hp.n_head = n_head;
    hp.n_kv_head = n_kv_head;
    hp.head_dim = head_dim;
    return hp;
}

/// Random queries, keys and values as the projections leave them, q, k, v side by side.
struct Inputs {
    Inputs(const HParams& hp, int n, float size = 1.0F)
        : ld(hp.d_q() + 2 * hp.d_kv()), rows(static_cast<std::size_t>(n * ld)) {
        std::mt19937 generator(7);
        std::normal_distribution<float> normal(0.0F, size);
        for (float& v : rows) v = normal(generator);
    }
    [[nodiscard]] const float* q(int token) const { return rows.data() + token * ld; }
    [[nodiscard]] const float* k(const HParams& hp, int token) const { return q(token) + hp.d_q(); }
    [[nodiscard]] const float* v(const HParams& hp, int token) const {
        return k(hp, token) + hp.d_kv();
    }

    std::int64_t ld;
    std::vector<float> rows;
};

double element(KvType type, const std::byte* array, std::int64_t index, const float* scale) {
    std::uint16_t half = 0;
    float single = 0.0F;
    switch (type) {
        case KvType::F16:
            std::memcpy(&half, array + 2 * index, sizeof(half));
            return half_to_float(half);
        case KvType::F32:
            std::memcpy(&single, array + 4 * index, sizeof(single));
            return single;
        case KvType::Int8:
            return static_cast<double>(static_cast<std::int8_t>(array[index])) * *scale;
        case KvType::Fp8:
            break;  // a card's only
    }
    return 0.0;
}

/// One head's key (or value) of a position, as the cache has it.
std::vector<double> cached(const KvCache& kv, int head_dim, int head, int position, bool is_key) {
    const KvBlock block = kv.block(1, head, position / kKvBlock);
    const int slot = position % kKvBlock;
    std::vector<double> row(static_cast<std::size_t>(head_dim));
    for (int d = 0; d < head_dim; ++d)
        row[static_cast<std::size_t>(d)] =
            is_key ? element(block.type, block.keys, d * kKvBlock + slot, block.key_scale + slot)
                   : element(block.type, block.values, slot * kv_value_width(head_dim) + d,
                             block.value_scale + slot);
    return row;
}

/// softmax(q kᵀ / sqrt(head_dim)) v of one token over positions [0, position].
std::vector<double> reference(const HParams& hp, const KvCache& kv, const float* q, int position) {
    std::vector<double> out;
    const auto n = static_cast<std::size_t>(position) + 1;
    const auto dim = static_cast<std::size_t>(hp.head_dim);
    for (int kv_head = 0; kv_head < hp.n_kv_head; ++kv_head) {
        std::vector<std::vector<double>> keys, values;
        for (int i = 0; i <= position; ++i) {
            keys.push_back(cached(kv, hp.head_dim, kv_head, i, true));
            values.push_back(cached(kv, hp.head_dim, kv_head, i, false));
        }
        const int n_shared = hp.n_head / hp.n_kv_head;
        for (int h = 0; h < n_shared; ++h) {
            const float* query = q + (kv_head * n_shared + h) * hp.head_dim;
            std::vector<double> p(n);
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t d = 0; d < dim; ++d) p[i] += query[d] * keys[i][d];
                p[i] /= std::sqrt(static_cast<double>(hp.head_dim));
            }
            const double largest = *std::max_element(p.begin(), p.end());
            double sum = 0.0;
            for (double& v : p) sum += v = std::exp(v - largest);
            std::vector<double> row(dim);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t d = 0; d < dim; ++d) row[d] += p[i] / sum * values[i][d];
            out.insert(out.end(), row.begin(), row.end());
        }
    }
    return out;
}

double relative(const float* got, const std::vector<double>& want) {
    double error = 0.0, size = 0.0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        error += (got[i] - want[i]) * (got[i] - want[i]);
        size += want[i] * want[i];
    }
    return std::sqrt(error / size);
}

/// Attention of `n` tokens read `batch` at a time, in the second of two layers.
struct Run {
    Run(const cpu::Kernels& kernels,
        const HParams& shape_of,
        KvType type,
        const Inputs& in,
        int n,
        int batch,
        int n_threads = 3)
        : hp(shape_of)
        , kv(hp, type)
        , pool(n_threads)
        , attention(kernels, pool, hp)
        , out(static_cast<std::size_t>(n * hp.d_q())) {
        for (int first = 0; first < n; first += batch) {
            const cpu::Attention::Step step{1, first, std::min(batch, n - first)};
            kv.reserve(first, first + step.n);
            attention.store(step, kv, in.k(hp, first), in.v(hp, first), in.ld);
            attention.run(step, kv, in.q(first), in.ld, out.data() + first * hp.d_q());
        }
    }

    HParams hp;
    KvCache kv;
    ThreadPool pool;
    cpu::Attention attention;
    std::vector<float> out;
};

}  // namespace

class TestAttention : public QObject {
    Q_OBJECT

private slots:
    void equalsDouble_data();
    void equalsDouble();
    void longContextOfOneTokenEqualsDouble_data() { types(); }
    void longContextOfOneTokenEqualsDouble();
    void threadsDoNotChangeABit_data() { types(); }
    void threadsDoNotChangeABit();
    void storesWithinTheStepOfItsType_data() { types(); }
    void storesWithinTheStepOfItsType();
    void survivesHugeScores_data() { types(); }
    void survivesHugeScores();
    void memoryIsAsPlanned();

private:
    static void types() {
        QTest::addColumn<int>("isa");
        QTest::addColumn<int>("type");
        for (Isa isa : cpu::kIsas)
            for (KvType type : {KvType::F16, KvType::F32, KvType::Int8})
                QTest::addRow("%s %s", to_string(isa).data(), to_string(type).data())
                    << static_cast<int>(isa) << static_cast<int>(type);
    }
};

#define FETCH_KERNELS()                                                        \
    QFETCH(int, isa);                                                          \
    QFETCH(int, type);                                                         \
    const auto kv_type = static_cast<KvType>(type);                            \
    const cpu::Kernels* kernels = cpu::kernels_or_null(static_cast<Isa>(isa)); \
    if (!kernels) QSKIP("this processor does not have it")

void TestAttention::equalsDouble_data() {
    QTest::addColumn<int>("isa");
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("n");
    for (Isa isa : cpu::kIsas)
        for (KvType type : {KvType::F16, KvType::F32, KvType::Int8})
            for (int dim : {16, 80, 128, 13})
                for (int n : {1, 127, 128, 129, 300})
                    QTest::addRow("%s %s, head of %d, %d tokens", to_string(isa).data(),
                                  to_string(type).data(), dim, n)
                        << static_cast<int>(isa) << static_cast<int>(type) << dim << n;
}

void TestAttention::equalsDouble() {
    FETCH_KERNELS();
    QFETCH(int, head_dim);
    QFETCH(int, n);
    const int n_shared = head_dim == 128 ? 5 : head_dim == 80 ? 3 : 2;
    const HParams hp = shape(2 * n_shared, 2, head_dim);
    const Inputs in(hp, n);
    const Run whole(*kernels, hp, kv_type, in, n, n);
    const Run pieces(*kernels, hp, kv_type, in, n, 49);
    const Run single(*kernels, hp, kv_type, in, n, 1);
    // Around every border of blocks, tiles and pieces, and the ends.
    for (int token :
         {0, 1, 15, 16, 48, 49, 63, 64, 65, 97, 98, 126, 127, 128, 255, 256, 298, 299}) {
        if (token >= n) continue;
        const auto want = reference(hp, whole.kv, in.q(token), token);
        for (const Run* run : {&whole, &pieces, &single}) {
            const double error = relative(run->out.data() + token * hp.d_q(), want);
            QVERIFY2(error < 2e-6, qPrintable(QString("token %1: %2").arg(token).arg(error)));
        }
    }
}

void TestAttention::longContextOfOneTokenEqualsDouble() {
    FETCH_KERNELS();
    const HParams hp = shape(2, 1, 16);
    // As many parts as there may be, the last of them short.
    constexpr int kTokens = 2 * cpu::Attention::kMaxSplits * cpu::Attention::kSplitPositions + 70;
    const Inputs in(hp, kTokens);
    Run run(*kernels, hp, kv_type, in, kTokens, 1024);
    std::vector<float> out(static_cast<std::size_t>(hp.d_q()));
    for (int position : {255, 256, 600, 4095, kTokens - 1}) {
        run.attention.run({1, position, 1}, run.kv, in.q(position), in.ld, out.data());
        const auto want = reference(hp, run.kv, in.q(position), position);
        QVERIFY2(relative(out.data(), want) < 4e-6,
                 qPrintable(QString("position %1").arg(position)));
    }
}

void TestAttention::threadsDoNotChangeABit() {
    FETCH_KERNELS();
    const HParams hp = shape(6, 2, 16);
    const Inputs in(hp, 700);
    for (int batch : {1, 128}) {
        const Run alone(*kernels, hp, kv_type, in, 700, batch, 1);
        for (int n_threads : {2, 5})
            QCOMPARE(Run(*kernels, hp, kv_type, in, 700, batch, n_threads).out, alone.out);
    }
}

void TestAttention::storesWithinTheStepOfItsType() {
    FETCH_KERNELS();
    const HParams hp = shape(2, 2, 80);
    Inputs in(hp, 3);
    std::fill_n(in.rows.begin() + hp.d_q(), 80, 0.0F);  // a key of zeros has no NaN for a scale
    in.rows[static_cast<std::size_t>(in.ld + hp.d_q())] = 1e6F;
    const Run run(*kernels, hp, kv_type, in, 3, 3);
    for (int token = 0; token < 3; ++token)
        for (int head = 0; head < 2; ++head)
            for (bool is_key : {true, false}) {
                const float* want =
                    (is_key ? in.k(hp, token) : in.v(hp, token)) + head * hp.head_dim;
                const auto got = cached(run.kv, hp.head_dim, head, token, is_key);
                const double largest = std::abs(*std::max_element(
                    want, want + 80, [](float a, float b) { return std::abs(a) < std::abs(b); }));
                for (std::size_t d = 0; d < got.size(); ++d) {
                    const double x = want[d];
                    double step = 0.0;
                    if (kv_type == KvType::F16) step = std::abs(x) * 0x1p-10 + 0x1p-24;
                    if (kv_type == KvType::Int8) step = largest / 127.0 * 1.001;
                    if (kv_type == KvType::F16 && x > 65504.0)
                        QCOMPARE(got[d], 65504.0);  // not infinity
                    else
                        QVERIFY(std::abs(got[d] - x) <= 0.5 * step);
                }
            }
}

/// Scores of thousands: without the running maximum the exponentials would overflow.
void TestAttention::survivesHugeScores() {
    FETCH_KERNELS();
    const HParams hp = shape(2, 1, 128);
    const Inputs in(hp, 200, 30.0F);
    const Run run(*kernels, hp, kv_type, in, 200, 200);
    const auto want = reference(hp, run.kv, in.q(199), 199);
    QVERIFY(relative(run.out.data() + 199 * hp.d_q(), want) < 1e-3);
}

void TestAttention::memoryIsAsPlanned() {
    const HParams hp = shape(10, 2, 80);
    for (int n_threads : {1, 3}) {
        ThreadPool pool(n_threads);
        const cpu::Attention attention(cpu::kernels(), pool, hp);
        QCOMPARE(attention.memory_bytes(), cpu::Attention::memory_bytes(hp, n_threads));
    }
    KvCache kv(hp, KvType::Int8);
    kv.reserve(0, 65);
    QCOMPARE(kv.memory_bytes(), KvCache::memory_bytes(hp, KvType::Int8, 65));
}

QTEST_APPLESS_MAIN(TestAttention)
#include "tst_attention.moc"
