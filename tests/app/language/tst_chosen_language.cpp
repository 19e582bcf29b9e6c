#include "app/language/languages.h"
#include "app/ui/settings_page.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/test_data.h"

#include <QAbstractButton>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

/// What a program of the build says to both its outputs.
QString saidBy(const char* program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QString::fromStdString(lares::test::program(program).string()), arguments);
    process.closeWriteChannel();
    return process.waitForFinished() ? QString::fromUtf8(process.readAll()) : QString();
}

bool hasGerman() {
    return languageFor("de") == u"de";
}

}  // namespace

/// From Settings to the next start, and the command line before both.
class ChosenLanguageTest : public QObject {
    Q_OBJECT

private slots:
    void settingsOfferTheLanguagesThereAre();
    void theChoiceIsThereAtTheNextOpening();
    void aDamagedChoiceIsShownAsEnglish();
    void theCommandLineComesFirst();
    void theDownloadersSentencesAreInItToo();
};

void ChosenLanguageTest::settingsOfferTheLanguagesThereAre() {
    WindowFixture desk;
    desk.window().showSettings();
    for (const Language& one : languages()) QVERIFY2(desk.button(one.name), qPrintable(one.code));
    auto* system = desk.button("System (" + nameOfLanguage(languageFor(kSystemLanguage)) + ")");
    QVERIFY(system);
    QVERIFY(system->isChecked());
    desk.button("English")->click();
    QVERIFY(desk.button("English")->isChecked());
    QVERIFY(!system->isChecked());
    QCOMPARE(desk.controller().setting(kLanguageSetting).toString(), "en");
    system->click();
    QVERIFY(system->isChecked());
}

void ChosenLanguageTest::theChoiceIsThereAtTheNextOpening() {
    const QTemporaryDir folder;
    const std::filesystem::path data = folder.path().toStdString();
    for (const QJsonValue& choice : {QJsonValue("de"), QJsonValue("system"), QJsonValue(7)}) {
        auto store = ConversationStore::open(data);
        QVERIFY(store);
        (*store)->setSetting(kLanguageSetting, choice);
        store->reset();
        store = ConversationStore::open(data);
        QVERIFY(store);
        QCOMPARE((*store)->languageAtOpening(), choice);
    }
    const auto empty = ConversationStore::open(data / "another");
    QVERIFY(empty);
    QVERIFY((*empty)->languageAtOpening().isUndefined());
}

void ChosenLanguageTest::aDamagedChoiceIsShownAsEnglish() {
    WindowFixture desk;
    for (const QJsonValue& choice :
         {QJsonValue("tlh"), QJsonValue(7), QJsonValue(QJsonValue::Null)}) {
        desk.controller().setSetting(kLanguageSetting, choice);
        desk.window().showSettings();
        QVERIFY(desk.button("English")->isChecked() == !choice.isNull());
    }
}

void ChosenLanguageTest::theCommandLineComesFirst() {
    if (!hasGerman()) QSKIP("built without lrelease");
    const QString german = saidBy("lares", {"--language", "de", "--help"});
    QVERIFY2(german.contains("ein privater Assistent"), qPrintable(german));
    const QString english = saidBy("lares", {"--language=tlh", "--help"});
    QVERIFY2(english.contains("a private assistant"), qPrintable(english));
}

void ChosenLanguageTest::theDownloadersSentencesAreInItToo() {
    if (!hasGerman()) QSKIP("built without lrelease");
    const QTemporaryDir folder;
    const QStringList wishes = {"--model", "none", "--folder", folder.path()};
    const QString german = saidBy("lares-download", wishes + QStringList{"--language", "de"});
    if (german.isEmpty()) QSKIP("no lares-download here");
    QVERIFY2(german.contains("kein Modell none"), qPrintable(german));
    const QString english = saidBy("lares-download", wishes + QStringList{"--language", "en"});
    QVERIFY2(english.contains("no model none"), qPrintable(english));
}

QTEST_MAIN(ChosenLanguageTest)
#include "tst_chosen_language.moc"
