// A whole model through the driver: the same bits as without it, and what happens when the card is
// lost in the middle of a word.

#include "engine/backend/cuda/cuda_backend.h"
#include "engine/model/model.h"
#include "engine/session/hybrid_model.h"
#include "tests/engine/backend/cuda/opened_device.h"
#include "tests/support/simt_device.h"
#include "tests/support/test_data.h"

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

/// A sequence of the tiny model on some device.
struct OnDevice {
    explicit OnDevice(std::shared_ptr<Device> device) {
        auto weights = must(CudaWeights::allocate(model->weights(), device));
        const auto filled = weights->fill(1, {}, {});
        if (!filled) qFatal("%s", filled.error().message.c_str());
        backend = must(CudaBackend::make(model->hparams(), weights, {.n_ctx = 128}));
    }
    Result<std::vector<float>> read(std::span<const TokenId> tokens) {
        std::vector<float> logits(static_cast<std::size_t>(model->hparams().n_vocab));
        RETURN_IF_ERROR(forward(*backend, model->hparams(), tokens, {}, [&](Backend& on) {
            return on.logits(static_cast<int>(tokens.size()) - 1, logits);
        }));
        return logits;
    }

    std::shared_ptr<const Model> model = must(Model::load(data_file("golden/t-MIX.gguf")));
    std::unique_ptr<CudaBackend> backend;
};

const std::vector<TokenId> kTokens = {5, 17, 3, 40, 8, 99, 12, 7, 61, 30, 2, 11};

FakeCard card() {
    FakeCard made;
    made.n_multiprocessor = 8;  // as SimtDevice has: the work is divided by it
    return made;
}

}  // namespace

class DriverModelTest : public QObject {
    Q_OBJECT

private slots:
    void computesWhatItDoesWithoutADriver();
    void aLostCardEndsTheStepAndNothingLeaks();
};

void DriverModelTest::computesWhatItDoesWithoutADriver() {
    const std::span<const TokenId> tokens = kTokens;
    FakeDriver fake({card()});
    {
        OnDevice through(std::shared_ptr<Device>(open_device(fake.api())));
        OnDevice without(std::make_shared<SimtDevice>());
        QCOMPARE(must(through.read(tokens.first(9))), must(without.read(tokens.first(9))));
        const auto snapshot = must(through.backend->snapshot());
        std::vector<std::vector<float>> got;
        for (std::size_t i = 9; i < tokens.size(); ++i) {
            got.push_back(must(through.read(tokens.subspan(i, 1))));
            QCOMPARE(got.back(), must(without.read(tokens.subspan(i, 1))));
        }
        QVERIFY(through.backend->restore(*snapshot));
        QCOMPARE(must(through.read(tokens.subspan(9, 1))), got.front());
        // A step of one token is one call of the driver.
        const int n_launch = fake.n_call("cuLaunchKernelEx");
        const int n_graph = fake.n_call("cuGraphLaunch");
        QVERIFY(through.read(tokens.first(1)));
        QCOMPARE(fake.n_call("cuLaunchKernelEx"), n_launch);
        QCOMPARE(fake.n_call("cuGraphLaunch"), n_graph + 1);
    }
    QCOMPARE(fake.leaks(), "");
}

void DriverModelTest::aLostCardEndsTheStepAndNothingLeaks() {
    const std::span<const TokenId> tokens = kTokens;
    for (const std::size_t n : {std::size_t{1}, std::size_t{9}}) {
        FakeDriver fake({card()});
        {
            OnDevice on(std::shared_ptr<Device>(open_device(fake.api())));
            fake.break_kernel(driver::kLaunchFailed, 12);
            const auto lost = on.read(tokens.first(n));
            QVERIFY(!lost);
            QCOMPARE(lost.error().code, ErrorCode::DeviceFailed);
            QVERIFY(says(lost.error(), "Fake 4060 failed: a kernel was stopped by the card"));
            QCOMPARE(on.read(tokens.first(n)).error().message, lost.error().message);
        }
        QCOMPARE(fake.leaks(), "");
    }
}

QTEST_APPLESS_MAIN(DriverModelTest)
#include "tst_driver_model.moc"
