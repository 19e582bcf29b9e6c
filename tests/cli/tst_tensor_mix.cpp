#include "app/cli/synth/tensor_mix.h"

#include <QTest>

#include <map>

using namespace lares;
using namespace lares::cli;

namespace {

struct Totals {
    std::map<std::string, int> counts;
    std::uint64_t bytes = 0;
    std::uint64_t parameters = 0;
    std::uint64_t fp8Parameters = 0;
};

Totals totalsOf(const SyntheticModel& model, const std::vector<DType>& types) {
    Totals totals;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const Shape& shape = model.tensors[i].ggufShape;
        ++totals.counts[std::string(to_string(types[i]))];
        totals.bytes +=
            static_cast<std::uint64_t>(shape.rows()) * row_bytes(types[i], shape.cols());
        const auto n = static_cast<std::uint64_t>(shape.n_elements());
        totals.parameters += n;
        if (types[i] == DType::F8_E4M3) totals.fp8Parameters += n;
    }
    return totals;
}

using Counts = std::map<std::string, int>;

}  // namespace

/// The types of full-size files against the published ones (spec: nemotron-h.md §5, §7).
class TensorMixTest : public QObject {
    Q_OBJECT

private slots:
    void q4kmOf4bIsTheOfficialFile();
    void q4kmOf9bFollowsTheSameRules();
    void fp8KeepsAttentionAndItsNeighboursInBf16();
};

void TensorMixTest::q4kmOf4bIsTheOfficialFile() {
    const SyntheticModel model = *syntheticModel("4b", std::nullopt);
    const Totals totals = totalsOf(model, ggufTypes(model, *tensorMix("q4_k_m")));
    QCOMPARE(totals.parameters, std::uint64_t{3'973'556'832});
    QCOMPARE(totals.bytes, std::uint64_t{2'829'187'200});
    QVERIFY((totals.counts ==
             Counts{{"Q5_0", 49}, {"Q8_0", 3}, {"Q4_K", 33}, {"Q6_K", 9}, {"F32", 169}}));
}

void TensorMixTest::q4kmOf9bFollowsTheSameRules() {
    const SyntheticModel model = *syntheticModel("9b", std::nullopt);
    const Totals totals = totalsOf(model, ggufTypes(model, *tensorMix("q4_k_m")));
    QCOMPARE(totals.parameters, std::uint64_t{8'888'227'328});
    QCOMPARE(totals.bytes, std::uint64_t{6'517'742'592});
    QVERIFY((totals.counts == Counts{{"Q5_0", 75}, {"Q8_0", 16}, {"Q4_K", 31}, {"F32", 219}}));
}

void TensorMixTest::fp8KeepsAttentionAndItsNeighboursInBf16() {
    const SyntheticModel model = *syntheticModel("4b", std::nullopt);
    const Totals totals = totalsOf(model, safetensorsTypes(model, *tensorMix("fp8")));
    QCOMPARE(totals.fp8Parameters, std::uint64_t{2'680'100'864});
    QCOMPARE(totals.bytes, std::uint64_t{5'267'012'800});
    QVERIFY((totals.counts == Counts{{"F8_E4M3", 68}, {"BF16", 195}}));
}

QTEST_APPLESS_MAIN(TensorMixTest)
#include "tst_tensor_mix.moc"
