// The driver is found at run time, and each way in which it is not there has a sentence of its own.

#include "engine/backend/cuda/driver_api.h"
#include "engine/base/shared_library.h"
#include "tests/engine/backend/cuda/fake_driver.h"

#include <QTest>

using namespace lares;
using namespace lares::cuda;
using lares::test::FakeDriver;

namespace {

bool says(const Error& error, const std::string& words) {
    if (error.message.find(words) != std::string::npos) return true;
    qWarning("%s", error.message.c_str());
    return false;
}

}  // namespace

class DriverApiTest : public QObject {
    Q_OBJECT

private slots:
    void fillsTheWholeTable();
    void namesEachMissingFunction();
    void tooOldSaysWhatIsThereAndWhatIsNeeded_data();
    void tooOldSaysWhatIsThereAndWhatIsNeeded();
    void tooOldComesBeforeMissingFunctions();
    void refusesALibraryThatSaysNoVersion();
    void saysThatItDoesNotStart();
    void saysThatThereIsNoCard();
    void saysThatThereIsNoDriver();
    void describesAStatusTheDriverDoesNotName();
};

void DriverApiTest::fillsTheWholeTable() {
    FakeDriver fake;
    fake.set_version(12040);
    const auto api = load_driver(fake.lookup());
    QVERIFY(api);
    QCOMPARE(api->version, 12040);
    int n_function = 0;
    for_each_function(*api, [&](const char* symbol, const auto& function) {
        QVERIFY2(function, symbol);
        ++n_function;
    });
    QCOMPARE(static_cast<std::size_t>(n_function),
             (sizeof(DriverApi) - offsetof(DriverApi, Init)) / sizeof(void*));
    QCOMPARE(fake.n_call("cuInit"), 1);
}

void DriverApiTest::namesEachMissingFunction() {
    std::vector<std::string> symbols;
    const DriverApi empty;
    for_each_function(empty, [&](const char* symbol, auto) { symbols.emplace_back(symbol); });
    QVERIFY(symbols.size() > 30);
    for (const std::string& symbol : symbols) {
        FakeDriver fake;
        fake.hide(symbol);
        const auto api = load_driver(fake.lookup());
        QVERIFY2(!api, symbol.c_str());
        QCOMPARE(api.error().code, ErrorCode::Unsupported);
        QVERIFY(says(api.error(), "no function " + symbol + ";"));
        QCOMPARE(fake.n_call("cuInit"), 0);
    }
}

void DriverApiTest::tooOldSaysWhatIsThereAndWhatIsNeeded_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("text");
    QTest::newRow("10.2") << 10020 << "CUDA 10.2";
    QTest::newRow("11.8, the last before") << 11080 << "CUDA 11.8";
    QTest::newRow("12.0, the oldest") << 12000 << "";
    QTest::newRow("13.1") << 13010 << "";
}

void DriverApiTest::tooOldSaysWhatIsThereAndWhatIsNeeded() {
    QFETCH(int, version);
    QFETCH(QString, text);
    FakeDriver fake;
    fake.set_version(version);
    const auto api = load_driver(fake.lookup());
    QCOMPARE(api.has_value(), text.isEmpty());
    if (api) return;
    QCOMPARE(api.error().code, ErrorCode::Unsupported);
    QVERIFY(says(api.error(), text.toStdString() + ","));
    QVERIFY(says(api.error(), "CUDA 12.0 is needed"));
    QVERIFY(says(api.error(), "install driver 52"));
}

void DriverApiTest::tooOldComesBeforeMissingFunctions() {
    FakeDriver fake;
    fake.set_version(9020);
    fake.hide("cuStreamBeginCapture_v2");
    const auto api = load_driver(fake.lookup());
    QVERIFY(!api);
    QVERIFY(says(api.error(), "too old"));
}

void DriverApiTest::refusesALibraryThatSaysNoVersion() {
    FakeDriver fake;
    fake.set_version(0);
    const auto silent = load_driver(fake.lookup());
    QVERIFY(!silent);
    QVERIFY(says(silent.error(), "does not say its version"));
    const auto foreign = load_driver([](const char*) -> void* { return nullptr; });
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().code, ErrorCode::Unsupported);
}

void DriverApiTest::saysThatItDoesNotStart() {
    FakeDriver fake;
    fake.fail("cuInit", driver::kSystemDriverMismatch);
    const auto api = load_driver(fake.lookup());
    QVERIFY(!api);
    QCOMPARE(api.error().code, ErrorCode::DeviceFailed);
    QVERIFY(says(api.error(), "does not start: parts of the driver are of different versions"));
    QVERIFY(says(api.error(), "803"));
    QVERIFY(says(api.error(), "restart the computer"));
}

void DriverApiTest::saysThatThereIsNoCard() {
    FakeDriver none(std::vector<test::FakeCard>{});
    const auto refused = load_driver(none.lookup());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(says(refused.error(), "finds no graphics card"));

    FakeDriver hidden;
    hidden.fail("cuDeviceGetCount", driver::kUnknown);
    const auto uncounted = load_driver(hidden.lookup());
    QVERIFY(!uncounted);
    QVERIFY(says(uncounted.error(), "finds no graphics card"));
}

void DriverApiTest::saysThatThereIsNoDriver() {
#if defined(_WIN32)
    const char* const library = "nvcuda.dll";
#else
    const char* const library = "libcuda.so.1";
#endif
    if (SharedLibrary::open_or_null(library)) QSKIP("this machine has a driver");
    const auto api = load_driver();
    QVERIFY(!api);
    QCOMPARE(api.error().code, ErrorCode::NotFound);
    QVERIFY(says(api.error(), "no NVIDIA driver"));
    QVERIFY(says(api.error(), library));
}

void DriverApiTest::describesAStatusTheDriverDoesNotName() {
    FakeDriver fake;
    const DriverApi api = fake.api();
    QCOMPARE(describe(api, 700),
             "a kernel followed a pointer that leads nowhere (CUDA_ERROR_ILLEGAL_ADDRESS, 700)");
    QCOMPARE(describe(api, 4242), "CUDA error 4242");
    QCOMPARE(version_text(12080), "12.8");
}

QTEST_APPLESS_MAIN(DriverApiTest)
#include "tst_driver_api.moc"
