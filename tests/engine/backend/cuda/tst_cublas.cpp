// Prompts with cuBLAS, which is a fake one here, are as close to f64 as without it, and whatever
// goes wrong with it costs nothing but itself.

#include "engine/backend/cuda/cuda_backend.h"
#include "engine/backend/cuda/vram_plan.h"
#include "engine/model/model.h"
#include "engine/session/device_provider.h"
#include "engine/session/hybrid_model.h"
#include "engine/session/session.h"
#include "tests/engine/backend/cuda/fake_cublas.h"
#include "tests/engine/backend/cuda/opened_device.h"
#include "tests/reference/reference_model.h"
#include "tests/support/golden_logits.h"
#include "tests/support/simt_device.h"
#include "tests/support/test_data.h"
#include "tests/support/watched_device.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace lares;
using namespace lares::cuda;
using namespace lares::test;
using lares::reference::relative_l2;

namespace {

/// As in tst_cuda_backend.cpp.
constexpr double kMostOfCpu = 1.3;
constexpr double kExactTolerance = 1e-5;

template <class T>
T must(Result<T> result) {
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(result).value();
}

std::shared_ptr<const Model> model_of(const std::string& file) {
    static std::map<std::string, std::shared_ptr<const Model>> kModels;
    auto& model = kModels[file];
    if (!model) model = must(Model::load(data_file("golden/" + file)));
    return model;
}

std::vector<TokenId> tokens_of(int n) {
    for (const GoldenLogits& golden : golden_logits())
        if (golden.tokens.size() == 300) return {golden.tokens.begin(), golden.tokens.begin() + n};
    return {};
}

/// A sequence of a tiny model on a device.
struct OnDevice {
    OnDevice(const std::string& file,
             std::shared_ptr<Device> on,
             CudaOptions options = {.n_ctx = 512})
        : model(model_of(file)), device(std::move(on)) {
        weights = must(CudaWeights::allocate(model->weights(), device));
        if (const auto filled = weights->fill(1, {}, {}); !filled)
            qFatal("%s", filled.error().message.c_str());
        backend = must(CudaBackend::make(model->hparams(), weights, options));
    }
    /// Logits after the last token; steps of 256.
    std::vector<float> read(std::span<const TokenId> tokens) const {
        std::vector<float> logits(static_cast<std::size_t>(model->hparams().n_vocab));
        for (std::size_t at = 0; at < tokens.size(); at += 256) {
            const auto step = tokens.subspan(at, std::min<std::size_t>(256, tokens.size() - at));
            const auto done = forward(*backend, model->hparams(), step, {}, [&](Backend& b) {
                return b.logits(static_cast<int>(step.size()) - 1, logits);
            });
            if (!done) qFatal("%s", done.error().message.c_str());
        }
        return logits;
    }

    std::shared_ptr<const Model> model;
    std::shared_ptr<Device> device;
    std::shared_ptr<CudaWeights> weights;
    std::unique_ptr<CudaBackend> backend;
};

/// The model in f64.
std::vector<double> exact_logits(const std::string& file, std::span<const TokenId> tokens) {
    static std::map<std::string, reference::ReferenceModel> kModels;
    if (!kModels.contains(file))
        kModels.emplace(file, must(reference::ReferenceModel::load(data_file("golden/" + file))));
    return kModels.at(file).logits(tokens);
}

/// How far the CPU is from these numbers.
double cpu_distance(const std::string& file,
                    std::span<const TokenId> tokens,
                    const std::vector<double>& want) {
    Session session = must(Session::create(model_of(file), {.n_threads = 1, .n_ctx = 512}));
    return relative_l2(must(session.append(tokens)), want);
}

std::shared_ptr<Device> device_with(const FakeDriver& /*alive*/,
                                    const DriverApi& api,
                                    CublasLoader loader) {
    return must(DriverDevice::open(api, 0, kImage, std::move(loader)));
}

/// Gives sessions the card of a fake driver, with a fake cuBLAS.
class FakeDevices final : public DeviceProvider {
public:
    FakeDevices(DriverApi api, CublasLoader loader)
        : m_api(std::move(api)), m_loader(std::move(loader)) {}
    Result<DeviceChoice> choose(const DeviceRequest& /*request*/,
                                std::size_t /*needed*/) const override {
        return DeviceChoice{must(DriverDevice::open(m_api, 0, kImage, m_loader)), {}};
    }

private:
    DriverApi m_api;
    CublasLoader m_loader;
};

FakeCard card() {
    FakeCard made;
    made.n_multiprocessor = 8;  // as SimtDevice has: the work is divided by it
    return made;
}

double distance(const std::vector<float>& got, const std::vector<double>& want) {
    return relative_l2(std::span<const float>(got), want);
}

bool contains(const std::string& text, const std::string& words) {
    if (text.find(words) != std::string::npos) return true;
    qWarning("%s", text.c_str());
    return false;
}

}  // namespace

class CublasTest : public QObject {
    Q_OBJECT

private slots:
    void promptsAreAsCloseAsOnTheCpu_data();
    void promptsAreAsCloseAsOnTheCpu();
    void partsOfAMatrixAreTheWhole();
    void withoutItEveryBitIsAsBefore_data();
    void withoutItEveryBitIsAsBefore();
    void aModelWithoutUseForItNeverLooks();
    void aCardThatIsTooOldForItNeverLooks();
    void aProductThatFailsInTheMiddleIsDoneByTheKernels_data();
    void aProductThatFailsInTheMiddleIsDoneByTheKernels();
    void aSessionGoesOnOnTheCardAndSaysWhy();
    void withoutRoomForItTheModelStaysOnTheCard();
    void thePlanCountsWhatItTakes();
    void onlyLongStepsUseIt();
};

void CublasTest::promptsAreAsCloseAsOnTheCpu_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("n_tokens");
    for (const char* file : {"t-BF16.gguf", "t-F16.gguf", "t-fp8"})
        for (const int n : {1, 127, 128, 129, 300})
            QTest::addRow("%s, %d tokens", file, n) << file << n;
}

void CublasTest::promptsAreAsCloseAsOnTheCpu() {
    QFETCH(QString, file);
    QFETCH(int, n_tokens);
    const std::string name = file.toStdString();
    const std::vector<TokenId> tokens = tokens_of(n_tokens);
    const std::vector<double> want = exact_logits(name, tokens);
    const double cpu = cpu_distance(name, tokens, want);

    FakeDriver driver({card()});
    FakeCublas cublas;
    {
        const OnDevice on(name, device_with(driver, driver.api(), cublas.loader()));
        const double got = distance(on.read(tokens), want);
        qInfo("%.1e from f64, the CPU %.1e", got, cpu);
        QVERIFY(got <= std::max(kExactTolerance, kMostOfCpu * cpu));
        QCOMPARE(on.backend->library_text(), std::string("cuBLAS 13.1.0 (the fake)"));
        const bool is_long = n_tokens >= library_tokens(name == "t-fp8" ? kernels::WeightType::FP8
                                                                        : kernels::WeightType::F16);
        QCOMPARE(cublas.n_call("cublasLtMatmul") > 0,
                 is_long || (name == "t-fp8" && n_tokens == 127));
    }
    QCOMPARE(driver.kernel_error(), std::string());
    QCOMPARE(driver.leaks(), std::string());
    QCOMPARE(cublas.leaks(), std::string());
}

/// An FP8 matrix that is large is written as f16 and multiplied in parts.
void CublasTest::partsOfAMatrixAreTheWhole() {
    constexpr int kRows = 150;
    constexpr int kCols = 200;    // 208 in planes
    constexpr int kTokens = 130;  // 160 as they are multiplied
    FakeDriver driver({card()});
    FakeCublas cublas;
    auto device = device_with(driver, driver.api(), cublas.loader());
    const auto layout = kernels::plane_layout(kernels::WeightType::FP8, kRows, kCols);
    const auto planes = must(DeviceMemory::make(device, layout.total_bytes));
    std::vector<std::uint8_t> codes(layout.total_bytes);
    for (std::size_t i = 0; i < codes.size(); ++i)  // row r has 1 in column r % 8, else 0
        codes[i] = i % 208 == i / 208 % 8 ? 0x38 : 0;
    device->upload(planes.data(), codes.data(), codes.size());
    const DeviceMatrix matrix{
        kernels::WeightType::FP8,
        kernels::planes_view(kernels::WeightType::FP8, kRows, kCols, planes.data(), 0.5F)};
    std::vector<float> x(std::size_t{kTokens} * kCols);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % kCols + i / kCols);
    const auto x_memory = must(DeviceMemory::make(device, x.size() * sizeof(float)));
    device->upload(x_memory.data(), x.data(), x_memory.bytes());
    std::vector<float> y(std::size_t{kTokens} * kRows);
    const auto y_memory = must(DeviceMemory::make(device, y.size() * sizeof(float)));
    LibraryNeeds needs(std::int64_t{70} * 208 * 2);
    needs.add(matrix.type, kRows, kCols);
    QCOMPARE(needs.bytes(127), std::size_t{0});
    const auto products = LibraryProducts::make(device, needs, kTokens);
    QCOMPARE(products.size_bytes(), needs.bytes(kTokens));
    QVERIFY(products.multiply(matrix, x_memory.as<float>(), y_memory.as<float>(), kTokens,
                              kernels::Epilogue::Store));
    QCOMPARE(cublas.n_call("cublasLtMatmul"), 3);
    QVERIFY(device->download(y.data(), y_memory.data(), y_memory.bytes()));
    for (std::size_t i = 0; i < y.size(); ++i)
        QCOMPARE(y[i], 0.5F * static_cast<float>(i % kRows % 8 + i / kRows));
}

void CublasTest::withoutItEveryBitIsAsBefore_data() {
    QTest::addColumn<QString>("broken");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("not there") << "library"
                               << "cuBLAS is not used: it was not found";
    QTest::newRow("a function is missing")
        << "hide"
        << "cuBLAS is not used: the fake has no function cublasLtMatmul";
    QTest::newRow("does not start")
        << "cublasLtCreate"
        << "cuBLAS is not used: cuBLAS error, 1 at cublasLtCreate of cuBLAS 13.1.0 (the fake)";
    QTest::newRow("no algorithm") << "algorithm"
                                  << "cuBLAS is not used: CUBLAS_STATUS_NOT_SUPPORTED, 15 at "
                                     "cublasLtMatmulAlgoGetHeuristic";
    for (const char* call : {"cublasLtMatmulDescCreate", "cublasLtMatmulDescSetAttribute",
                             "cublasLtMatrixLayoutCreate", "cublasLtMatmulPreferenceCreate",
                             "cublasLtMatmulPreferenceSetAttribute", "cublasLtMatmul"})
        QTest::newRow(call) << call << QString("cuBLAS is not used: cuBLAS error, 1 at ") + call;
}

void CublasTest::withoutItEveryBitIsAsBefore() {
    QFETCH(QString, broken);
    QFETCH(QString, sentence);
    // The shortest steps that would use it.
    for (const auto& [file, n] : {std::pair("t-BF16.gguf", 64), std::pair("t-fp8", 128)}) {
        if (n == 128 && broken != "library" && broken != "cublasLtMatmul") continue;
        const std::vector<TokenId> tokens = tokens_of(n);
        static std::map<std::string, std::vector<float>> kWant;
        if (!kWant.contains(file)) {
            const OnDevice without(file, std::make_shared<SimtDevice>());
            kWant[file] = without.read(tokens);
            QCOMPARE(without.backend->library_text(), std::string());
        }
        const std::vector<float>& want = kWant[file];

        FakeDriver driver({card()});
        FakeCublas cublas;
        CublasLoader loader = cublas.loader();
        if (broken == "library")
            loader = [](int) -> Result<CublasApi> {
                return Error{ErrorCode::NotFound, "cuBLAS is not used: it was not found"};
            };
        else if (broken == "hide")
            cublas.hide("cublasLtMatmul");
        else if (broken == "algorithm")
            cublas.know_no_algorithm();
        else
            cublas.fail(broken.toStdString(), 1);
        {
            const OnDevice on(file, device_with(driver, driver.api(), std::move(loader)));
            QCOMPARE(on.read(tokens), want);
            QVERIFY(contains(on.backend->library_text(), sentence.toStdString()));
            // Once is enough: nobody asks again.
            const int n_call = cublas.n_call("cublasLtMatmul") + cublas.n_call("cublasLtCreate");
            if (n == 64) static_cast<void>(on.read(tokens));
            QCOMPARE(cublas.n_call("cublasLtMatmul") + cublas.n_call("cublasLtCreate"), n_call);
        }
        QCOMPARE(driver.leaks(), std::string());
        QCOMPARE(cublas.leaks(), std::string());
    }
}

void CublasTest::aModelWithoutUseForItNeverLooks() {
    FakeDriver driver({card()});
    bool was_asked = false;
    const OnDevice on("t-Q5_0.gguf", device_with(driver, driver.api(), [&](int) {
                          was_asked = true;
                          return Result<CublasApi>(Error{ErrorCode::NotFound, "asked"});
                      }));
    QVERIFY(!was_asked);
    QCOMPARE(on.backend->library_text(), std::string());
    QVERIFY(!objection_to_library(on.device->info()));
    const OnDevice short_steps("t-BF16.gguf", on.device, {.n_ctx = 512, .max_batch = 32});
    QVERIFY(!was_asked);
}

void CublasTest::aCardThatIsTooOldForItNeverLooks() {
    FakeCard old = card();
    old.name = "Fake 2060";
    old.compute_major = 7;
    old.compute_minor = 5;
    FakeDriver driver({old});
    FakeCublas cublas;
    const OnDevice on("t-BF16.gguf", device_with(driver, driver.api(), cublas.loader()));
    QCOMPARE(on.backend->library_text(),
             std::string("cuBLAS is not used: Fake 2060 has no tensor-core products of bf16"));
    static_cast<void>(on.read(tokens_of(64)));
    QCOMPARE(cublas.n_call("cublasLtGetVersion"), 0);
    QCOMPARE(cublas.n_call("cublasLtMatmul"), 0);
}

void CublasTest::aProductThatFailsInTheMiddleIsDoneByTheKernels_data() {
    QTest::addColumn<int>("nth");
    for (const int nth : {1, 2, 9}) QTest::addRow("product %d", nth) << nth;
}

void CublasTest::aProductThatFailsInTheMiddleIsDoneByTheKernels() {
    QFETCH(int, nth);
    const std::vector<TokenId> tokens = tokens_of(128);
    for (const char* file : {"t-BF16.gguf", "t-fp8"}) {
        const std::vector<double> want = exact_logits(file, tokens);
        const double cpu = cpu_distance(file, tokens, want);
        FakeDriver driver({card()});
        FakeCublas cublas;
        {
            const OnDevice on(file, device_with(driver, driver.api(), cublas.loader()));
            cublas.fail("cublasLtMatmul", cublas::kExecutionFailed, nth);
            const double got = distance(on.read(tokens), want);
            QVERIFY2(got <= kMostOfCpu * cpu, qPrintable(QString::number(got)));
            QCOMPARE(cublas.n_call("cublasLtMatmul"), nth);
            QVERIFY(contains(on.backend->library_text(), "13 at cublasLtMatmul"));
        }
        QCOMPARE(driver.leaks(), std::string());
        QCOMPARE(cublas.leaks(), std::string());
    }
}

void CublasTest::aSessionGoesOnOnTheCardAndSaysWhy() {
    FakeDriver driver({card()});
    FakeCublas cublas;
    const auto model = must(Model::load(data_file("golden/t-BF16.gguf")));
    SessionOptions options{.n_threads = 1, .n_ctx = 256, .device = "cuda"};
    options.device_provider = std::make_shared<FakeDevices>(driver.api(), cublas.loader());
    Session session = must(Session::create(model, options));
    QCOMPARE(session.device_library(), std::string("cuBLAS 13.1.0 (the fake)"));
    cublas.fail("cublasLtMatmul", cublas::kExecutionFailed, 4);
    const std::vector<TokenId> tokens = tokens_of(66);
    const auto want = exact_logits("t-BF16.gguf", tokens);
    QVERIFY(session.append(std::span(tokens).first(64)));
    QVERIFY(session.append(std::span(tokens).subspan(64, 1)));
    const double got = relative_l2(must(session.append(std::span(tokens).subspan(65))), want);
    QVERIFY(got <= kMostOfCpu * cpu_distance("t-BF16.gguf", tokens, want));
    QCOMPARE(session.device(), std::string("Fake 4060"));
    QCOMPARE(session.device_notice(), std::string());
    QVERIFY(contains(session.device_library(), "cuBLAS is not used: cuBLAS error, 13"));
    QCOMPARE(cublas.n_call("cublasLtMatmul"), 4);
}

void CublasTest::withoutRoomForItTheModelStaysOnTheCard() {
    FakeCard small = card();
    small.total_bytes = 390'000'000;  // the context leaves 90 MB
    FakeDriver driver({small});
    FakeCublas cublas;
    const OnDevice on("t-BF16.gguf", device_with(driver, driver.api(), cublas.loader()));
    QVERIFY(contains(on.backend->library_text(), "does not fit beside the model"));
    const OnDevice without("t-BF16.gguf", std::make_shared<SimtDevice>());
    const std::vector<TokenId> tokens = tokens_of(128);
    QCOMPARE(on.read(tokens), without.read(tokens));
}

void CublasTest::thePlanCountsWhatItTakes() {
    for (const char* file : {"t-BF16.gguf", "t-fp8", "t-MIX.gguf", "t-Q5_0.gguf"}) {
        FakeDriver driver({card()});
        FakeCublas cublas;
        const auto device = std::make_shared<WatchedDevice>(
            must(DriverDevice::open(driver.api(), 0, kImage, cublas.loader())));
        const OnDevice on(file, device);
        VramOptions options{.n_ctx = 512, .n_multiprocessor = 8, .has_library = true};
        const VramPlan plan = vram_plan(on.model->hparams(), on.model->weights(), options);
        QCOMPARE(plan.total() - plan.reserve, device->allocated_bytes());
        QCOMPARE(plan.work + plan.library, on.backend->memory_plan().work);
        options.has_library = false;
        const VramPlan without = vram_plan(on.model->hparams(), on.model->weights(), options);
        QCOMPARE(without.library, std::size_t{0});
        QCOMPARE(without.work, plan.work);
        QCOMPARE(plan.library > 0, !on.backend->library_text().empty());
    }
}

void CublasTest::onlyLongStepsUseIt() {
    FakeDriver driver({card()});
    FakeCublas cublas;
    const OnDevice on("t-BF16.gguf", device_with(driver, driver.api(), cublas.loader()));
    static_cast<void>(on.read(tokens_of(63)));
    QCOMPARE(cublas.n_call("cublasLtMatmul"), 0);
    static_cast<void>(on.read(tokens_of(64)));
    const int n = cublas.n_call("cublasLtMatmul");
    QVERIFY(n > 0);
    // The same shapes again ask for no algorithm again, and neither do a few tokens more.
    const int n_choice = cublas.n_call("cublasLtMatmulAlgoGetHeuristic");
    static_cast<void>(on.read(tokens_of(64)));
    QCOMPARE(cublas.n_call("cublasLtMatmulAlgoGetHeuristic"), n_choice);
    QCOMPARE(cublas.n_call("cublasLtMatmul"), 2 * n);
    static_cast<void>(on.read(tokens_of(65)));
    static_cast<void>(on.read(tokens_of(96)));
    QCOMPARE(cublas.n_call("cublasLtMatmulAlgoGetHeuristic"), 2 * n_choice);
}

QTEST_APPLESS_MAIN(CublasTest)
#include "tst_cublas.moc"
