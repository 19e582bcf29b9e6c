// What only shows on a card: that its memory is as it was when everything is given back, that a
// recorded step computes what its launches do, and what it can do at most. On the device of
// LARES_TEST_DEVICE, or on the fake driver's.

#include "engine/backend/cuda/card_limits.h"
#include "engine/backend/cuda/cuda_backend.h"
#include "engine/model/model.h"
#include "engine/session/hybrid_model.h"
#include "tests/support/test_data.h"
#include "tests/support/test_device.h"

#include <QTest>

#include <memory>
#include <span>
#include <vector>

using namespace lares;
using namespace lares::cuda;
using namespace lares::test;

namespace {

template <class T>
T must(Result<T> result) {
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(result).value();
}
void must(const Result<void>& result) {
    if (!result) qFatal("%s", result.error().message.c_str());
}

const std::vector<TokenId> kTokens = {5, 17, 3, 40, 8, 99, 12, 7, 61, 30, 2, 11};

/// Loads a model, reads a prompt, generates, branches, and gives everything back.
void use(const std::shared_ptr<Device>& device) {
    const auto model = must(Model::load(data_file("golden/t-MIX.gguf")));
    const auto weights = must(CudaWeights::allocate(model->weights(), device));
    must(weights->fill(1, {}, {}));
    const auto backend = must(CudaBackend::make(model->hparams(), weights, {.n_ctx = 128}));
    std::vector<float> logits(static_cast<std::size_t>(model->hparams().n_vocab));
    const auto read = [&](std::span<const TokenId> tokens) {
        must(forward(*backend, model->hparams(), tokens, {}, [&](Backend& on) {
            return on.logits(static_cast<int>(tokens.size()) - 1, logits);
        }));
    };
    const std::span<const TokenId> tokens = kTokens;
    read(tokens.first(9));
    const auto snapshot = must(backend->snapshot());
    read(tokens.subspan(9, 1));
    must(backend->restore(*snapshot));
    read(tokens.subspan(10, 1));
}

}  // namespace

class CardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void hasAsMuchFreeAsBefore();
    void doesNotLoseMemoryToStepsThatFail();
    void isMeasured();
};

void CardTest::initTestCase() {
    if (test_device() == TestDevice::Simt) qputenv("LARES_TEST_DEVICE", "fake");
}

/// The driver keeps what it needed once: kernels it loaded, the recorded graph's pool. So the first
/// use does not count, and after it the card's free memory stays what it is.
void CardTest::hasAsMuchFreeAsBefore() {
    const std::shared_ptr<Device> device = open_test_device();
    use(device);
    const std::size_t before = must(device->free_bytes());
    for (int i = 0; i < 8; ++i) use(device);
    QCOMPARE(must(device->free_bytes()), before);
    // A device of its own each time: stream, module and staging memory.
    for (int i = 0; i < 3; ++i) use(open_test_device());
    QCOMPARE(must(device->free_bytes()), before);
}

void CardTest::doesNotLoseMemoryToStepsThatFail() {
    const std::shared_ptr<WatchedDevice> watched = open_watched_device();
    const std::shared_ptr<Device> device = open_test_device();
    use(device);
    const std::size_t before = must(device->free_bytes());
    const auto model = must(Model::load(data_file("golden/t-MIX.gguf")));
    {
        const auto weights = must(CudaWeights::allocate(model->weights(), watched));
        must(weights->fill(1, {}, {}));
        const auto backend = must(CudaBackend::make(model->hparams(), weights, {.n_ctx = 128}));
        watched->fail_at_launch(10);
        std::vector<float> logits(static_cast<std::size_t>(model->hparams().n_vocab));
        QVERIFY(!forward(*backend, model->hparams(), std::span(kTokens).first(9), {},
                         [&](Backend& on) { return on.logits(8, logits); }));
    }
    QCOMPARE(watched->allocated_bytes(), std::size_t{0});
    QCOMPARE(must(device->free_bytes()), before);
}

void CardTest::isMeasured() {
    const std::shared_ptr<Device> device = open_test_device();
    const bool is_real = test_device() == TestDevice::Cuda;
    const auto small = ProbeSize{.buffer_bytes = 4096, .n_copy = 2, .n_round = 1};
    const std::size_t before = must(device->free_bytes());
    const CardLimits limits = must(measure_limits(device, is_real ? ProbeSize{} : small));
    qInfo("%.0f GB/s, %.1f int8 Top/s, %.1f f16 Tflop/s", limits.bandwidth_gb_s, limits.int8_tops,
          limits.f16_tflops);
    QVERIFY(limits.bandwidth_gb_s > 0);
    QVERIFY(limits.int8_tops > 0);
    QVERIFY(limits.f16_tflops > 0);
    if (!is_real) QCOMPARE(must(device->free_bytes()), before);

    const auto full = open_watched_device();
    full->limit_memory(100);
    const auto refused = measure_limits(full, small);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
}

QTEST_APPLESS_MAIN(CardTest)
#include "tst_card.moc"
