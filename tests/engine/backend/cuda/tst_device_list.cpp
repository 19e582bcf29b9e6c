// Which device it is, or the one sentence why it is the CPU.

#include "engine/backend/cuda/device_list.h"
#include "tests/engine/backend/cuda/fake_driver.h"

#include <QTest>

#include <array>

using namespace lares;
using namespace lares::cuda;
using namespace lares::test;

namespace {

using Kind = DeviceRequest::Kind;

constexpr std::array<std::byte, 16> kImage{};
constexpr DeviceRequest kAuto{Kind::Auto, {}};
constexpr DeviceRequest kAnyCard{Kind::Cuda, {}};

FakeCard named(const char* name, std::size_t used_bytes = 0) {
    FakeCard card;
    card.name = name;
    card.used_bytes = used_bytes;
    return card;
}

FakeCard old_card() {
    FakeCard card = named("Fake 1080");
    card.compute_major = 6;
    card.compute_minor = 1;
    return card;
}

DeviceNeeds needs(FakeDriver& fake, std::size_t needed_bytes = 3'000'000'000) {
    return {kImage, needed_bytes, [&] { return load_driver(fake.lookup()); }};
}

}  // namespace

class DeviceListTest : public QObject {
    Q_OBJECT

private slots:
    void readsRequests_data();
    void readsRequests();
    void listsEveryCard();
    void listingLeavesTheCurrentContext();
    void listsACardThatIsInUse();
    void knowsTheOldestCard_data();
    void knowsTheOldestCard();
    void takesTheCardWithTheMostRoom();
    void takesTheNextCardWhereTheFirstFails();
    void takesTheCardThatWasAskedFor();
    void theCpuAsksNoDriver();
    void saysWhyItIsTheCpu_data();
    void saysWhyItIsTheCpu();
    void aCardThatIsNotThere();
    void justEnoughIsEnough();
};

void DeviceListTest::readsRequests_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");  // -1: refused
    QTest::addColumn<int>("ordinal");
    const auto row = [](const char* text, int kind, int ordinal = -1) {
        QTest::addRow("'%s'", text) << text << kind << ordinal;
    };
    row("auto", static_cast<int>(Kind::Auto));
    row("cpu", static_cast<int>(Kind::Cpu));
    row("cuda", static_cast<int>(Kind::Cuda));
    row("cuda:0", static_cast<int>(Kind::Cuda), 0);
    row("cuda:12", static_cast<int>(Kind::Cuda), 12);
    for (const char* wrong : {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:1x", "cuda: 1", "cuda0",
                              "cuda:99999999999", "cpu:0"})
        row(wrong, -1);
}

void DeviceListTest::readsRequests() {
    QFETCH(QString, text);
    QFETCH(int, kind);
    QFETCH(int, ordinal);
    const auto request = parse_device_request(text.toStdString());
    QCOMPARE(request.has_value(), kind >= 0);
    if (!request) {
        QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
        QVERIFY(request.error().message.find("'" + text.toStdString() + "'") != std::string::npos);
        return;
    }
    QCOMPARE(static_cast<int>(request->kind), kind);
    QCOMPARE(request->ordinal.value_or(-1), ordinal);
}

void DeviceListTest::listsEveryCard() {
    FakeDriver fake({named("first", 1'000'000'000), old_card()});
    const DriverApi api = fake.api();
    const auto cards = list_cards(api);
    QVERIFY(cards);
    QCOMPARE(cards->size(), std::size_t{2});
    const ListedCard& first = cards->at(0);
    QCOMPARE(first.card.ordinal, 0);
    QCOMPARE(first.card.info.name, "first");
    QCOMPARE(first.card.info.compute_major, 8);
    QCOMPARE(first.card.info.compute_minor, 9);
    QCOMPARE(first.card.info.total_bytes, std::size_t{8'000'000'000});
    // With the context made: that is what a model can have.
    QCOMPARE(*first.free_bytes, std::size_t{6'700'000'000});
    QCOMPARE(cards->at(1).card.ordinal, 1);
    QCOMPARE(cards->at(1).card.info.compute_major, 6);
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::listingLeavesTheCurrentContext() {
    FakeDriver fake({named("first"), named("second")});
    const DriverApi api = fake.api();
    driver::Context context = nullptr;
    QCOMPARE(api.DevicePrimaryCtxRetain(&context, 0), driver::kSuccess);
    QCOMPARE(api.CtxSetCurrent(context), driver::kSuccess);
    QVERIFY(list_cards(api));
    driver::Context current = nullptr;
    QCOMPARE(api.CtxGetCurrent(&current), driver::kSuccess);
    QCOMPARE(current, context);
    QCOMPARE(api.DevicePrimaryCtxRelease(0), driver::kSuccess);
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::listsACardThatIsInUse() {
    FakeDriver fake({named("first"), named("second")});
    const DriverApi api = fake.api();
    fake.fail("cuDevicePrimaryCtxRetain", driver::kDeviceUnavailable);
    const auto cards = list_cards(api);
    QVERIFY(cards);
    QVERIFY(!cards->at(0).free_bytes);
    QVERIFY(cards->at(0).free_bytes.error().message.find("first cannot be used") !=
            std::string::npos);
    QVERIFY(cards->at(1).free_bytes);
    fake.fail("cuMemGetInfo_v2", driver::kUnknown);
    QVERIFY(!list_cards(api)->at(0).free_bytes);
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::knowsTheOldestCard_data() {
    QTest::addColumn<int>("major");
    QTest::addColumn<int>("minor");
    QTest::addColumn<bool>("isEnough");
    const auto row = [](int major, int minor, bool isEnough) {
        QTest::addRow("%d.%d", major, minor) << major << minor << isEnough;
    };
    row(6, 1, false);
    row(7, 0, false);
    row(7, 2, false);
    row(7, 5, true);
    row(8, 0, true);
    row(8, 9, true);
    row(12, 0, true);
}

void DeviceListTest::knowsTheOldestCard() {
    QFETCH(int, major);
    QFETCH(int, minor);
    QFETCH(bool, isEnough);
    const auto why = objection_to({"Card", major, minor, 1, 0});
    QCOMPARE(!why.has_value(), isEnough);
    if (why)
        QVERIFY(why->find("compute capability " + std::to_string(major) + "." +
                          std::to_string(minor) + ", 7.5 is needed") != std::string::npos);
}

void DeviceListTest::takesTheCardWithTheMostRoom() {
    FakeDriver fake({named("full", 6'000'000'000), named("roomy"), named("as roomy"), old_card()});
    const auto choice = choose_device(kAuto, needs(fake));
    QVERIFY(choice && choice->device);
    QCOMPARE(choice->device->info().name, "roomy");
    QCOMPARE(choice->why_cpu, "");
    const auto card = choose_device(kAnyCard, needs(fake));
    QVERIFY(card && card->device);
    QCOMPARE(card->device->info().name, "roomy");
}

void DeviceListTest::takesTheNextCardWhereTheFirstFails() {
    FakeDriver fake({named("broken"), named("sound")});
    fake.fail("cuModuleLoadData", driver::kNoBinaryForGpu);
    auto choice = choose_device(kAuto, needs(fake));
    QVERIFY(choice && choice->device);
    QCOMPARE(choice->device->info().name, "sound");
    choice->device.reset();
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::takesTheCardThatWasAskedFor() {
    FakeDriver fake({named("roomy"), named("fuller", 3'000'000'000)});
    auto choice = choose_device({Kind::Cuda, 1}, needs(fake));
    QVERIFY(choice && choice->device);
    QCOMPARE(choice->device->info().name, "fuller");
    choice->device.reset();
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::theCpuAsksNoDriver() {
    DeviceNeeds none{kImage, 1, [] {
                         qFatal("asked for the driver");
                         return load_driver();
                     }};
    const auto choice = choose_device({Kind::Cpu, {}}, none);
    QVERIFY(choice && !choice->device);
    QCOMPARE(choice->why_cpu, "");
    // Neither does a program that could not use it.
    none.fat_binary = {};
    const auto kernelless = choose_device(kAuto, none);
    QVERIFY(kernelless && !kernelless->device);
    QCOMPARE(kernelless->why_cpu, "this program was built without kernels for graphics cards");
    const auto refused = choose_device(kAnyCard, none);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
}

void DeviceListTest::saysWhyItIsTheCpu_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QList<int>>("cards");  // 0: old, 1: full, 2: unavailable
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("driver too old")
        << 11040 << QList<int>{1} << ErrorCode::Unsupported << "too old: it has CUDA 11.4";
    QTest::newRow("no card") << 13000 << QList<int>{} << ErrorCode::NotFound
                             << "finds no graphics card";
    QTest::newRow("card too old") << 13000 << QList<int>{0} << ErrorCode::Unsupported
                                  << "Fake 1080 is too old";
    QTest::newRow("card full") << 13000 << QList<int>{1} << ErrorCode::OutOfMemory
                               << "needs 3000 MB on full, of which 700 MB are free";
    QTest::newRow("the sentence is of the card that could")
        << 13000 << QList<int>{0, 1} << ErrorCode::OutOfMemory << "700 MB are free";
    QTest::newRow("no room for a context")
        << 13000 << QList<int>{2} << ErrorCode::OutOfMemory << "the memory of packed is full";
}

void DeviceListTest::saysWhyItIsTheCpu() {
    QFETCH(int, version);
    QFETCH(QList<int>, cards);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    std::vector<FakeCard> made;
    for (const int kind : cards)
        made.push_back(kind == 0   ? old_card()
                       : kind == 1 ? named("full", 7'000'000'000)
                                   : named("packed", 7'900'000'000));
    FakeDriver fake(made);
    fake.set_version(version);
    const auto choice = choose_device(kAuto, needs(fake));
    QVERIFY(choice && !choice->device);
    QVERIFY2(choice->why_cpu.find(words.toStdString()) != std::string::npos,
             choice->why_cpu.c_str());
    const auto refused = choose_device(kAnyCard, needs(fake));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);
    QCOMPARE(refused.error().message, choice->why_cpu);
    QCOMPARE(fake.leaks(), "");
}

void DeviceListTest::aCardThatIsNotThere() {
    FakeDriver fake;
    const auto refused = choose_device({Kind::Cuda, 2}, needs(fake));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(refused.error().message, "there is no card 2; this machine has 1, numbered from 0");
}

void DeviceListTest::justEnoughIsEnough() {
    FakeDriver fake;
    QVERIFY(choose_device(kAuto, needs(fake, 7'700'000'000))->device);
    const auto choice = choose_device(kAuto, needs(fake, 7'700'000'001));
    QVERIFY(!choice->device);
    // The figures never look as if it fitted.
    QVERIFY2(choice->why_cpu.find("needs 7701 MB") != std::string::npos, choice->why_cpu.c_str());
    QVERIFY(choice->why_cpu.find("7700 MB are free") != std::string::npos);
}

QTEST_APPLESS_MAIN(DeviceListTest)
#include "tst_device_list.moc"
