#include "engine/session/device_provider.h"
#include "engine/session/engine.h"
#include "tests/support/test_data.h"
#include "tests/support/test_device.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace lares;

namespace {

template <class T>
T must(Result<T> result) {
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(result).value();
}

std::shared_ptr<const Model> load(const char* file = "t-F32.gguf") {
    return must(Model::load(test::data_file(std::string("golden/") + file)));
}

/// Gives the card that a test made, once, or says why not.
class TestDevices final : public DeviceProvider {
public:
    using Prepare = std::function<void(test::WatchedDevice&, std::size_t needed)>;

    explicit TestDevices(Prepare prepare = {}) : m_prepare(std::move(prepare)) {}
    /// A machine without one.
    explicit TestDevices(std::string why_cpu) : m_why_cpu(std::move(why_cpu)) {}

    Result<cuda::DeviceChoice> choose(const cuda::DeviceRequest& request,
                                      std::size_t needed) const override {
        ++n_asked;
        if (!m_why_cpu.empty()) {
            if (request.kind == cuda::DeviceRequest::Kind::Cuda)
                return Error{ErrorCode::NotFound, m_why_cpu};
            return cuda::DeviceChoice{nullptr, m_why_cpu};
        }
        auto device = std::make_unique<test::WatchedDevice>(test::open_test_device());
        last = device.get();
        if (m_prepare) m_prepare(*device, needed);
        return cuda::DeviceChoice{std::move(device), {}};
    }

    mutable test::WatchedDevice* last = nullptr;
    mutable int n_asked = 0;

private:
    Prepare m_prepare;
    std::string m_why_cpu;
};

SessionOptions options_with(std::shared_ptr<const DeviceProvider> devices,
                            std::string device = "auto") {
    SessionOptions options;
    options.n_threads = 1;
    options.n_ctx = 256;
    options.device = std::move(device);
    options.device_provider = std::move(devices);
    return options;
}

const std::vector<TokenId> kTokens{5, 17, 100, 42, 9, 300, 77, 8};

GenerationRequest request_of(std::string text, int max_tokens) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "user", .content = std::move(text), .reasoning = {}, .tool_calls = {}}};
    request.sampling.temperature = 0;
    request.max_tokens = max_tokens;
    return request;
}

}  // namespace

/// Where a session computes, with simulated cards, or the one of LARES_TEST_DEVICE.
class TestDevice : public QObject {
    Q_OBJECT

private slots:
    void aCardIsUsedWhereThereIsOne();
    void withoutACardTheProcessorAnswersAndSaysWhy();
    void aCardAskedForByNameIsNotReplaced();
    void whatACardCannotKeepStaysOnTheProcessor();
    void aCardThatIsFullInTheEndLeavesTheProcessor();
    void everySessionOfAModelSharesItsWeights();
    void aWrongDeviceIsRefused();
    void aCardThatFailsInMidAnswerLeavesTheProcessor();
    void withoutMemoryForTheProcessorTheEngineStaysUsable();
    void aModelIsOnOneCard();
    void snapshotsMakeRoomForTheConversation();
};

void TestDevice::aCardIsUsedWhereThereIsOne() {
    const auto model = load();
    Session on_cpu = must(Session::create(model, options_with(nullptr, "cpu")));
    const auto want = must(on_cpu.append(kTokens));
    QCOMPARE(on_cpu.device(), std::string("cpu"));
    QVERIFY(!on_cpu.device_memory());
    QCOMPARE(on_cpu.device_library(), std::string());
    QCOMPARE(on_cpu.probe_card().error().code, ErrorCode::Unsupported);

    const auto devices = std::make_shared<TestDevices>();
    const auto other = load();
    Session session = must(Session::create(other, options_with(devices)));
    QCOMPARE(session.device(), devices->last->info().name);
    QCOMPARE(session.device_notice(), std::string());
    QCOMPARE(session.device_library(), std::string());  // f32 is for tests, and always our own
    const auto got = must(session.append(kTokens));
    double difference = 0;
    double length = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        difference += std::pow(got[i] - want[i], 2);
        length += std::pow(want[i], 2);
    }
    // Two roundings of the same keys and values to f16, else only other orders of sums.
    QVERIFY2(difference < 1e-6 * length, qPrintable(QString::number(difference / length)));
    QVERIFY(session.device_memory());
    // The owners' sum is what was really taken.
    QCOMPARE(session.device_memory()->total(), devices->last->allocated_bytes());
    const CardProbe probe =
        must(session.probe_card({.buffer_bytes = 4096, .n_copy = 1, .n_round = 1}));
    QCOMPARE(probe.total_bytes - probe.free_bytes, devices->last->allocated_bytes());
    QVERIFY(probe.limits.bandwidth_gb_s > 0);
}

void TestDevice::withoutACardTheProcessorAnswersAndSaysWhy() {
    const auto devices = std::make_shared<TestDevices>("there is no driver");
    Session session = must(Session::create(load(), options_with(devices)));
    QCOMPARE(session.device(), std::string("cpu"));
    QCOMPARE(session.device_notice(), std::string("there is no driver"));
    QVERIFY(session.append(kTokens));
}

void TestDevice::aCardAskedForByNameIsNotReplaced() {
    const auto devices = std::make_shared<TestDevices>("there is no driver");
    const auto session = Session::create(load(), options_with(devices, "cuda:0"));
    QVERIFY(!session);
    QCOMPARE(session.error().code, ErrorCode::NotFound);
    QCOMPARE(session.error().message, std::string("there is no driver"));
}

void TestDevice::whatACardCannotKeepStaysOnTheProcessor() {
    const auto devices = std::make_shared<TestDevices>();
    SessionOptions options = options_with(devices);
    options.kv_type = KvType::Int8;
    Session session = must(Session::create(load(), options));
    QCOMPARE(session.device(), std::string("cpu"));
    QVERIFY(session.device_notice().find("int8") != std::string::npos);
    options.device = "cuda";
    QCOMPARE(Session::create(load(), options).error().code, ErrorCode::InvalidArgument);
    // Heads of 80 have no kernel.
    const auto other = must(Model::load(test::data_file("golden/shapes/head-80-Q8_0.gguf")));
    Session unknown = must(Session::create(other, options_with(devices)));
    QCOMPARE(unknown.device(), std::string("cpu"));
    QVERIFY(unknown.device_notice().find("80") != std::string::npos);
    QCOMPARE(devices->n_asked, 0);

    options.device = "cpu";
    options.kv_type = KvType::Fp8;
    QCOMPARE(Session::create(load(), options).error().code, ErrorCode::InvalidArgument);
}

/// Another program took memory between the choice and the allocation.
void TestDevice::aCardThatIsFullInTheEndLeavesTheProcessor() {
    // Too little for the weights, and for the session beside them.
    const std::size_t weights = load()->file().file_size_bytes();
    for (const std::size_t limit : {weights / 2, weights + 300'000}) {
        const auto devices = std::make_shared<TestDevices>(
            [&](test::WatchedDevice& device, std::size_t) { device.limit_memory(limit); });
        const auto model = load();
        QVERIFY(Session::prepare(*model, options_with(devices)));
        Session session = must(Session::create(model, options_with(devices)));
        QCOMPARE(session.device(), std::string("cpu"));
        QVERIFY(session.device_notice().find("full") != std::string::npos);
        QVERIFY(session.append(kTokens));
        // And so the sessions after it, without asking again.
        const int n_asked = devices->n_asked;
        QCOMPARE(must(Session::create(model, options_with(devices))).device(), std::string("cpu"));
        QCOMPARE(devices->n_asked, n_asked);
    }
}

void TestDevice::everySessionOfAModelSharesItsWeights() {
    const auto devices = std::make_shared<TestDevices>();
    const auto model = load();
    QVERIFY(Session::prepare(*model, options_with(devices)));
    const std::size_t weights = devices->last->allocated_bytes();
    Session first = must(Session::create(model, options_with(devices)));
    const std::size_t each = devices->last->allocated_bytes() - weights;
    Session second = must(Session::create(model, options_with(devices)));
    QCOMPARE(devices->n_asked, 1);
    QCOMPARE(devices->last->allocated_bytes(), weights + 2 * each);
    // A snapshot is of one session's memory.
    QVERIFY(first.append(kTokens));
    const auto snapshot = must(first.snapshot());
    QCOMPARE(second.restore(snapshot).error().code, ErrorCode::InvalidArgument);
    QVERIFY(first.restore(snapshot));
}

void TestDevice::aWrongDeviceIsRefused() {
    for (const char* name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1"}) {
        const auto session = Session::create(load(), options_with(nullptr, name));
        QVERIFY(!session);
        QCOMPARE(session.error().code, ErrorCode::InvalidArgument);
        QVERIFY(session.error().message.find("cuda:N") != std::string::npos);
    }
}

void TestDevice::aCardThatFailsInMidAnswerLeavesTheProcessor() {
    const auto devices = std::make_shared<TestDevices>();
    Engine engine = must(Engine::create(load(), {.session = options_with(devices)}));
    Engine on_cpu = must(Engine::create(load(), {.session = options_with(nullptr, "cpu")}));
    const auto want = must(on_cpu.generate(request_of("hello", 12)));
    QCOMPARE(want.stats.generated_tokens, 12);

    int n_event = 0;
    std::vector<std::string> notices;
    const auto answer =
        must(engine.generate(request_of("hello", 12), {}, [&](const EngineEvent& e) {
            if (const auto* notice = std::get_if<DeviceNotice>(&e)) notices.push_back(notice->text);
            if (std::get_if<TextDelta>(&e) || std::get_if<ThinkingDelta>(&e))
                if (++n_event == 2) devices->last->fail_at_launch(5);
        }));
    QVERIFY(n_event >= 2);
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].find("lost") != std::string::npos);
    QCOMPARE(engine.session().device(), std::string("cpu"));
    QVERIFY(engine.session().device_notice().find("lost") != std::string::npos);
    QCOMPARE(answer.stats.generated_tokens, 12);
    QCOMPARE(answer.text, want.text);
    QCOMPARE(answer.thinking, want.thinking);
    // The next answer has nothing to say about it.
    notices.clear();
    QVERIFY(engine.generate(request_of("hello again", 3), {}, [&](const EngineEvent& e) {
        if (const auto* notice = std::get_if<DeviceNotice>(&e)) notices.push_back(notice->text);
    }));
    QVERIFY(notices.empty());
}

/// The card is lost and the CPU has no room: an error each time, and nothing worse.
void TestDevice::withoutMemoryForTheProcessorTheEngineStaysUsable() {
    const auto devices = std::make_shared<TestDevices>();
    SessionOptions options = options_with(devices);
    options.memory_limit_bytes = 1;
    Engine engine = must(Engine::create(load(), {.session = options}));
    QVERIFY(engine.generate(request_of("hello", 2)));
    devices->last->fail_at_launch(1);
    for (int i = 0; i < 2; ++i) {
        const auto answer = engine.generate(request_of("and now?", 2));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::OutOfMemory);
    }
}

void TestDevice::aModelIsOnOneCard() {
    const auto devices = std::make_shared<TestDevices>();
    const auto model = load();
    QCOMPARE(must(Session::create(model, options_with(devices, "cuda:0"))).device(),
             must(Session::create(model, options_with(devices))).device());
    const auto other = Session::create(model, options_with(devices, "cuda:1"));
    QVERIFY(!other);
    QCOMPARE(other.error().code, ErrorCode::InvalidArgument);
}

/// Many branches: their keys and values fill the card, and the oldest snapshots go.
void TestDevice::snapshotsMakeRoomForTheConversation() {
    const auto devices = std::make_shared<TestDevices>();
    SessionOptions options = options_with(devices);
    options.n_ctx = 128;  // two blocks, and two more for branches
    Engine engine = must(Engine::create(load("t-MIX.gguf"), {.session = options}));
    for (int i = 0; i < 6; ++i) {
        const std::string text = std::string(30, static_cast<char>('a' + i));
        const auto answer = engine.generate(request_of(text, 2));
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(engine.session().device(), devices->last->info().name);
    }
}

QTEST_APPLESS_MAIN(TestDevice)
#include "tst_device.moc"
