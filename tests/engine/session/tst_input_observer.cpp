// What an InputObserver is shown: each matrix's own input, and nothing is computed differently.

#include "engine/backend/input_observer.h"
#include "engine/model/model.h"
#include "engine/session/session.h"
#include "engine/tensor/dequantize.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

using namespace lares;

namespace {

class Recorder final : public InputObserver {
public:
    void on_input(const TensorView& matrix, std::span<const float> x) override {
        auto& seen = inputs[matrix.data];
        seen.first = matrix;
        seen.second.emplace_back(x.begin(), x.end());
    }
    /// By where a matrix lies: what it was multiplied with, step by step.
    std::map<const std::byte*, std::pair<TensorView, std::vector<std::vector<float>>>> inputs;
};

std::shared_ptr<const Model> golden(std::string_view name) {
    auto model = Model::load(test::data_file(name));
    return model ? *model : nullptr;
}

SessionOptions options_with(InputObserver* observer) {
    SessionOptions options;
    options.n_threads = 2;
    options.n_ctx = 64;
    options.prefill_batch = 8;
    options.precision = Precision::Exact;
    options.input_observer = observer;
    return options;
}

const std::vector<TokenId> kTokens = {1, 7, 300, 42, 5, 6, 7, 8, 9, 10, 11, 12};  // 8 and 4

}  // namespace

class InputObserverTest : public QObject {
    Q_OBJECT

private slots:
    void eachMatrixIsShownOnceAStep() {
        const auto model = golden("golden/t-bf16");
        QVERIFY(model);
        Recorder recorder;
        auto session = Session::create(model, options_with(&recorder));
        QVERIFY(session);
        QVERIFY(session->append(kTokens));
        std::size_t n_matrix = 1;  // the output
        for (const LayerWeights& layer : model->weights().layers)
            n_matrix += std::holds_alternative<AttentionWeights>(layer.mixer) ? 4 : 2;
        QCOMPARE(recorder.inputs.size(), n_matrix);
        for (const auto& [data, seen] : recorder.inputs) {
            const auto cols = static_cast<std::size_t>(seen.first.cols());
            QCOMPARE(seen.second.size(), std::size_t{2});
            QCOMPARE(seen.second[0].size(), 8 * cols);
            QCOMPARE(seen.second[1].size(), 4 * cols);
        }
    }
    void theShownInputGivesTheProduct() {
        const auto model = golden("golden/t-bf16");
        Recorder recorder;
        auto session = Session::create(model, options_with(&recorder));
        QVERIFY(session);
        const auto logits = session->append(kTokens);
        QVERIFY(logits);
        const TensorView& output = model->weights().output;
        const auto cols = static_cast<std::size_t>(output.cols());
        const std::vector<float>& last = recorder.inputs.at(output.data).second.back();
        std::vector<float> row(cols);
        for (const std::int64_t id : {0, 5, 300}) {
            dequantize_row(output, id, row.data());
            double sum = 0;
            for (std::size_t j = 0; j < cols; ++j)
                sum += static_cast<double>(row[j]) * last[last.size() - cols + j];
            const double logit = (*logits)[static_cast<std::size_t>(id)];
            QVERIFY(std::abs(sum - logit) <= 1e-4 + 1e-4 * std::abs(logit));
        }
    }
    void nothingIsComputedDifferently() {
        const auto model = golden("golden/t-bf16");
        Recorder recorder;
        auto watched = Session::create(model, options_with(&recorder));
        auto alone = Session::create(model, options_with(nullptr));
        QVERIFY(watched && alone);
        const auto a = watched->append(kTokens);
        const auto b = alone->append(kTokens);
        QVERIFY(a && b);
        QVERIFY(std::ranges::equal(*a, *b));
    }
    void isTheProcessors() {
        const auto model = golden("golden/t-bf16");
        Recorder recorder;
        SessionOptions options = options_with(&recorder);
        options.precision = Precision::Fast;
        options.device = "cuda:0";
        const auto session = Session::create(model, options);
        QVERIFY(!session);
        QVERIFY2(QByteArray(session.error().message.c_str()).contains("on the processor"),
                 session.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(InputObserverTest)
#include "tst_input_observer.moc"
