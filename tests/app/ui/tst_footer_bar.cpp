#include "app/ui/appearance.h"
#include "app/ui/footer_bar.h"

#include <QTest>

using namespace lares;
using namespace lares::app;

class FooterBarTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void saysWhyItIsTheProcessor();
    void saysWhatACardHolds();
    void saysWhatMultipliesLongPrompts();
    void saysThatItIsOffline();

private:
    Appearance m_appearance;
    std::unique_ptr<FooterBar> m_footer;
};

namespace {

DeviceInfo card() {
    DeviceInfo device;
    device.name = "NVIDIA GeForce RTX 4060";
    device.memory = MemoryPlan{
        .weights = 2'800'000'000, .state = 9'000'000, .kv = 70'000'000, .work = 21'000'000};
    return device;
}

}  // namespace

void FooterBarTest::init() {
    QLocale::setDefault(QLocale::c());
    m_footer = std::make_unique<FooterBar>(&m_appearance);
    m_footer->setModel("Nemotron 3 Nano 4B");
}

void FooterBarTest::saysWhyItIsTheProcessor() {
    DeviceInfo device;
    device.whyCpu = "No NVIDIA driver was found.";
    m_footer->setDevice(device);
    QVERIFY(m_footer->accessibleName().contains("processor"));
    QVERIFY(m_footer->toolTip().startsWith("No NVIDIA driver was found.\n"));
}

void FooterBarTest::saysWhatACardHolds() {
    m_footer->setDevice(card());
    QVERIFY(m_footer->accessibleName().contains("NVIDIA GeForce RTX 4060, 2.9 GB"));
    QVERIFY(
        m_footer->toolTip().startsWith("On the graphics card: weights 2.8 GB, state 9.0 MB, keys "
                                       "and values 70.0 MB, work 21.0 MB.\n"));
    QVERIFY(!m_footer->toolTip().contains("Long prompts"));
}

void FooterBarTest::saysWhatMultipliesLongPrompts() {
    DeviceInfo device = card();
    for (const QString library :
         {"cuBLAS 13.1.0",
          "cuBLAS was not found: libcublasLt.so.13 is in no folder of libraries"}) {
        device.library = library;
        m_footer->setDevice(device);
        QVERIFY(m_footer->toolTip().contains("\nLong prompts: " + library + "\n"));
    }
    m_footer->setDevice({});
    QVERIFY(!m_footer->toolTip().contains("Long prompts"));
}

void FooterBarTest::saysThatItIsOffline() {
    QVERIFY(m_footer->accessibleName().endsWith("offline"));
    QVERIFY(m_footer->toolTip().contains("no network connection"));
}

QTEST_MAIN(FooterBarTest)
#include "tst_footer_bar.moc"
