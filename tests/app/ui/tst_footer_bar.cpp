#include "app/ui/appearance.h"
#include "app/ui/footer_bar.h"
#include "app/ui/footer_button.h"

#include <QMenu>
#include <QSignalSpy>
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
    void itsMenuFreesTheMemory();
    void saysThatTheModelIsAwayAndLoadsIt();
    void showsHowFarTheLoadIs();
    void staysInsideANarrowWindow();

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

QMenu* openMenu(FooterBar& footer) {
    footer.findChild<FooterButton*>()->click();
    return footer.findChild<QMenu*>();
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

void FooterBarTest::itsMenuFreesTheMemory() {
    QSignalSpy freed(m_footer.get(), &FooterBar::freeRequested);
    m_footer->setDevice(card());
    m_footer->setCanFree(true);
    m_footer->resize(800, 30);
    m_footer->show();
    QMenu* menu = openMenu(*m_footer);
    QVERIFY(menu != nullptr);
    QStringList texts;
    for (const QAction* action : menu->actions()) texts << action->text();
    QVERIFY(texts.contains("Weights: 2.8 GB"));
    QVERIFY(texts.contains("Keys and values: 70.0 MB"));
    QCOMPARE(texts.back(), "Free the model's memory");
    menu->actions().back()->trigger();
    QCOMPARE(freed.size(), 1);
    delete menu;
    // While somebody waits for an answer it says why not.
    m_footer->setCanFree(false);
    menu = openMenu(*m_footer);
    QVERIFY(!menu->actions().back()->isEnabled());
    QVERIFY(menu->actions().back()->text().contains("after the answer"));
    delete menu;
    // On the processor there are no owners.
    m_footer->setDevice({});
    m_footer->setCanFree(true);
    menu = openMenu(*m_footer);
    QCOMPARE(menu->actions().size(), 1);
}

void FooterBarTest::saysThatTheModelIsAwayAndLoadsIt() {
    QSignalSpy load(m_footer.get(), &FooterBar::loadRequested);
    m_footer->setDevice(card());
    m_footer->setStats(40, 80, 100, 4096);
    m_footer->setModel({});
    m_footer->setPutAway("Model not in memory");
    QCOMPARE(m_footer->accessibleName(),
             "Model not in memory, loads when you write, Load now, offline");
    auto* button = m_footer->findChild<FooterButton*>();
    QCOMPARE(button->accessibleName(), "Load the model now");
    QVERIFY(button->focusPolicy() & Qt::TabFocus);
    QTest::keyClick(button, Qt::Key_Return);
    QCOMPARE(load.size(), 1);
    m_footer->setPutAway({});
    m_footer->setModel("Nemotron 3 Nano 4B");
    QVERIFY(m_footer->accessibleName().contains("40 tokens/s"));
    QVERIFY(m_footer->accessibleName().contains("NVIDIA GeForce RTX 4060, 2.9 GB"));
}

void FooterBarTest::showsHowFarTheLoadIs() {
    QSignalSpy cancelled(m_footer.get(), &FooterBar::cancelRequested);
    m_footer->setModel({});
    m_footer->setComingBack(0.4);
    QCOMPARE(m_footer->accessibleName(),
             QString::fromUtf8("Loading the model… 40 %, Cancel, offline"));
    m_footer->findChild<FooterButton*>()->click();
    QCOMPARE(cancelled.size(), 1);
    m_footer->setComingBack(-1);
    QCOMPARE(m_footer->accessibleName(), "offline");
    QVERIFY(!m_footer->findChild<FooterButton*>()->isVisibleTo(m_footer.get()));
}

void FooterBarTest::staysInsideANarrowWindow() {
    m_footer->setDevice(card());
    m_footer->setStats(40, 80, 100, 4096);
    m_footer->show();
    const auto* button = m_footer->findChild<FooterButton*>();
    for (const int width : {200, 460, 900}) {
        for (const char* away :
             {"", "Another program needs the card's memory: the model was put away"}) {
            m_footer->setPutAway(away);
            m_footer->resize(width, 30);
            QVERIFY(button->geometry().left() >= 0 && button->width() > 20);
            QVERIFY(button->geometry().right() < width);
        }
    }
}

QTEST_MAIN(FooterBarTest)
#include "tst_footer_bar.moc"
